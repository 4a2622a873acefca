#include "relay/intake/spec.h"

#include "spool-free/base/base64.h"
#include "spool-free/base/text.h"

enum { MEDIA_TYPE_MAX = 255 };

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool jobspec_is_file_name(struct slice name)
{
	return name.len > 0 && name.len <= JOB_NAME_MAX && text_is_header_safe(name) &&
	       slice_find_byte(name, '/') == name.len && slice_find_byte(name, '\\') == name.len &&
	       !slice_eq(name, SLICE_LIT(".")) && !slice_eq(name, SLICE_LIT(".."));
}

bool jobspec_is_media_type(struct slice type)
{
	struct slice subtype = slice_first(type, slice_find_byte(type, ';'));
	struct slice kind;
	for (size_t i = 0; i < type.len; i++) {
		if (type.ptr[i] < ' ' || type.ptr[i] > '~') {
			return false;
		}
	}
	subtype = slice_trim(subtype);
	if (type.len > MEDIA_TYPE_MAX || !slice_cut_to(&subtype, '/', &kind)) {
		return false;
	}
	for (size_t i = 0; i < kind.len + subtype.len; i++) {
		char c = i < kind.len ? kind.ptr[i] : subtype.ptr[i - kind.len];
		if (!is_alnum(c) && slice_find_byte(SLICE_LIT("!#$&-^_.+"), c) == 9) {
			return false;
		}
	}
	return kind.len > 0 && subtype.len > 0;
}

enum fault spec_take_file_name(struct fields *r, const struct field *f, struct json_token value,
			       void *into)
{
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	if (!jobspec_is_file_name(value.text)) {
		return fields_wrong(r, FAULT_BAD_FIELD,
				    "must be a file name of 1 to 255 bytes, without a path, line "
				    "breaks or other control characters.");
	}
	*(struct slice *)(void *)((char *)into + f->where) = value.text;
	return FAULT_NONE;
}

static enum fault take_file_type(struct fields *r, const struct field *f, struct json_token value,
				 void *into)
{
	struct attachment *a = into;
	(void)f;
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	if (!jobspec_is_media_type(value.text)) {
		return fields_wrong(r, FAULT_BAD_FIELD, "must be a media type, such as image/png.");
	}
	a->type = value.text;
	return FAULT_NONE;
}

static enum fault take_file_content(struct fields *r, const struct field *f,
				    struct json_token value, void *into)
{
	struct attachment *a = into;
	size_t len;
	(void)f;
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	/* Over its own text: the bytes are never copied. */
	if (base64_decode(value.text, (char *)(uintptr_t)value.text.ptr, &len) != FAULT_NONE) {
		return fields_wrong(r, FAULT_BAD_FIELD,
				    "must be base64 with its padding, without blanks.");
	}
	a->bytes = slice_of(value.text.ptr, len);
	return FAULT_NONE;
}

static enum fault take_file(struct fields *r, struct json_token value, struct attachment *a)
{
	static const struct field rows[] = {
		{SLICE_INIT("name"), spec_take_file_name, offsetof(struct attachment, name), 0},
		{SLICE_INIT("content_type"), take_file_type, 0, 0},
		{SLICE_INIT("content"), take_file_content, 0, 0},
		{SLICE_INIT("file_id"), fields_take_text, offsetof(struct attachment, file_id),
		 JOB_NAME_MAX},
	};
	*a = (struct attachment){.type = SLICE_LIT("application/octet-stream")};
	enum fault f = fields_object(r, value, rows, COUNT_OF(rows), a);
	if (f == FAULT_NONE && (a->name.ptr == NULL || a->bytes.ptr == NULL)) {
		return fields_wrong(r, FAULT_BAD_FIELD, "must have a name and a content.");
	}
	return f;
}

enum fault spec_room(struct fields *r, struct job *job, struct json_token value, size_t max,
		     size_t size, void *out_list)
{
	size_t count = json_count(&r->json, value);
	void *list = arena_array(&job->arena, count < max ? count : max, size);
	if (list == NULL) {
		return problem_set(r->problem, FAULT_NO_MEMORY, "");
	}
	memcpy(out_list, &list, sizeof(list));
	return FAULT_NONE;
}

enum fault spec_too_many(struct fields *r, size_t max)
{
	(void)fields_wrong(r, FAULT_TOO_LARGE, "is one too many: at most ");
	problem_add_number(r->problem, max);
	problem_add(r->problem, " are allowed.");
	return FAULT_TOO_LARGE;
}

/* Behind the files that the job has. */
static enum fault make_room_for_files(struct fields *r, struct job *job, struct json_token value,
				      size_t max)
{
	const struct attachment *before = job->attachments;
	size_t more = json_count(&r->json, value);
	size_t left = max > job->attachment_count ? max - job->attachment_count : 0;
	size_t room = job->attachment_count + (more < left ? more : left);
	job->attachments = arena_array(&job->arena, room, sizeof(*job->attachments));
	if (job->attachments == NULL) {
		return problem_set(r->problem, FAULT_NO_MEMORY, "");
	}
	for (size_t i = 0; i < job->attachment_count; i++) {
		job->attachments[i] = before[i];
	}
	return FAULT_NONE;
}

enum fault spec_take_files(struct fields *r, const struct field *f, struct json_token value,
			   void *into)
{
	struct job *job = into;
	const struct spec *s = r->ctx;
	size_t max = s->limits->files;
	enum fault fault = fields_array(r, value);
	(void)f;
	if (fault == FAULT_NONE && s->form == JOBSPEC_PART) {
		return fields_wrong(r, FAULT_BAD_FIELD,
				    "is for application/json: in multipart/form-data each file is "
				    "a part named 'attachment'.");
	}
	if (fault != FAULT_NONE) {
		return fault;
	}
	fault = make_room_for_files(r, job, value, max);
	for (size_t i = 0; fault == FAULT_NONE && fields_next(r, i, &value, &fault); i++) {
		fault = job->attachment_count == max
				? spec_too_many(r, max)
				: take_file(r, value, &job->attachments[job->attachment_count++]);
	}
	return fault;
}

static enum fault take_attach_names(struct fields *r, struct json_token value, struct job *job)
{
	static const struct field at_once = {SLICE_INIT(""), spec_take_file_name, 0, 0};
	const struct spec *s = r->ctx;
	size_t max = s->limits->files;
	enum fault fault = fields_array(r, value);
	job->attach = ATTACH_NAMED;
	if (fault == FAULT_NONE) {
		fault = spec_room(r, job, value, max, sizeof(*job->attach_names),
				  &job->attach_names);
	}
	if (fault != FAULT_NONE) {
		return fault;
	}
	for (size_t i = 0; fields_next(r, i, &value, &fault); i++) {
		fault = i == max ? spec_too_many(r, max)
				 : spec_take_file_name(r, &at_once, value, &job->attach_names[i]);
		job->attach_name_count = i + 1;
	}
	return fault;
}

enum fault spec_take_attachments(struct fields *r, const struct field *f, struct json_token value,
				 void *into)
{
	struct job *job = into;
	(void)f;
	if (value.kind == JSON_ARRAY) {
		return take_attach_names(r, value, job);
	}
	bool all = value.kind == JSON_STRING && slice_eq(value.text, SLICE_LIT("all"));
	bool none = value.kind == JSON_STRING && slice_eq(value.text, SLICE_LIT("none"));
	if (!all && !none) {
		return fields_wrong_type(r, value,
					 "must be \"all\", \"none\" or a list of file names.");
	}
	job->attach = all ? ATTACH_ALL : ATTACH_NONE;
	return FAULT_NONE;
}

static bool has_file_id(const struct spec *s, struct slice name)
{
	for (size_t i = 0; i < s->file_id_count; i++) {
		if (slice_eq(s->file_ids[i].name, name)) {
			return true;
		}
	}
	return false;
}

/* {"plan.png": "<id>"}, for files that are parts of their own. */
enum fault spec_take_file_ids(struct fields *r, const struct field *f, struct json_token value,
			      void *into)
{
	static const struct field id = {SLICE_INIT(""), fields_take_text,
					offsetof(struct spec_file_id, id), JOB_NAME_MAX};
	struct spec *s = r->ctx;
	size_t max = s->limits->files;
	struct slice name;
	enum fault fault = fields_pairs(r, value);
	(void)f;
	if (fault == FAULT_NONE) {
		fault = spec_room(r, into, value, max, sizeof(*s->file_ids), &s->file_ids);
	}
	if (fault != FAULT_NONE) {
		return fault;
	}
	for (size_t i = 0; fields_next_pair(r, i, &name, &value, &fault); i++) {
		if (i == max) {
			return spec_too_many(r, max);
		}
		if (has_file_id(s, name)) {
			return fields_wrong(r, FAULT_BAD_FIELD, "is there more than once.");
		}
		s->file_ids[i].name = name;
		s->file_id_count = i + 1;
		fault = fields_take_text(r, &id, value, &s->file_ids[i]);
	}
	return fault;
}

static bool is_file(const struct job *job, struct slice name)
{
	for (size_t i = 0; i < job->attachment_count; i++) {
		if (slice_eq(job->attachments[i].name, name)) {
			return true;
		}
	}
	return false;
}

static bool set_file_id(struct job *job, const struct spec_file_id *id)
{
	bool found = false;
	for (size_t i = 0; i < job->attachment_count; i++) {
		if (slice_eq(job->attachments[i].name, id->name)) {
			job->attachments[i].file_id = id->id;
			found = true;
		}
	}
	return found;
}

static enum fault no_file(struct fields *r, const char *field, const size_t *index)
{
	(void)problem_set(r->problem, FAULT_BAD_FIELD, "The field '");
	problem_add(r->problem, field);
	if (index != NULL) {
		problem_add(r->problem, "[");
		problem_add_number(r->problem, *index);
		problem_add(r->problem, "]");
	}
	problem_add(r->problem, "' must be the name of a file that comes with the job.");
	return FAULT_BAD_FIELD;
}

enum fault spec_judge_files(struct fields *r, struct job *job)
{
	const struct spec *s = r->ctx;
	for (size_t i = 0; i < job->attach_name_count; i++) {
		if (!is_file(job, job->attach_names[i])) {
			return no_file(r, "attachments", &i);
		}
	}
	for (size_t i = 0; i < s->file_id_count; i++) {
		if (!set_file_id(job, &s->file_ids[i])) {
			return problem_set(
				r->problem, FAULT_BAD_FIELD,
				"The field 'file_ids' must have names of files that come "
				"with the job.");
		}
	}
	if (job->layout.logo.len > 0 && !is_file(job, job->layout.logo)) {
		return no_file(r, "layout.logo", NULL);
	}
	return FAULT_NONE;
}
