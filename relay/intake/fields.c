#include "relay/intake/fields.h"

#include <assert.h>

#include "spool-free/base/text.h"
#include "spool-free/job/mailbox.h"

void fields_init(struct fields *r, char *bytes, size_t len, void *ctx, struct problem *problem)
{
	*r = (struct fields){.problem = problem, .ctx = ctx};
	json_init(&r->json, bytes, len);
}

static void enter(struct fields *r, const char *key, size_t index)
{
	assert(r->depth < FIELDS_DEPTH);
	r->path[r->depth].key = key;
	r->path[r->depth].index = index;
	r->depth++;
}

void fields_enter(struct fields *r, const char *key)
{
	enter(r, key, 0);
}

void fields_leave(struct fields *r)
{
	assert(r->depth > 0);
	r->depth--;
}

static void add_path(struct fields *r)
{
	problem_add(r->problem, "'");
	for (size_t i = 0; i < r->depth; i++) {
		if (r->path[i].key == NULL) {
			problem_add(r->problem, "[");
			problem_add_number(r->problem, r->path[i].index);
			problem_add(r->problem, "]");
		} else {
			problem_add(r->problem, i > 0 ? "." : "");
			problem_add(r->problem, r->path[i].key);
		}
	}
	problem_add(r->problem, "'");
}

enum fault fields_wrong(struct fields *r, enum fault f, const char *sentence)
{
	(void)problem_set(r->problem, f, r->depth > 0 ? "The field " : "The job ");
	if (r->depth > 0) {
		add_path(r);
		problem_add(r->problem, " ");
	}
	problem_add(r->problem, sentence);
	return f;
}

static enum fault bad_json(struct fields *r)
{
	if (r->problem != NULL) {
		*r->problem = *json_problem(&r->json);
	}
	return json_fault(&r->json);
}

enum fault fields_wrong_type(struct fields *r, struct json_token value, const char *sentence)
{
	return value.kind == JSON_BAD ? bad_json(r) : fields_wrong(r, FAULT_BAD_FIELD, sentence);
}

/* What is shown of a key that came from outside: the bytes of usual keys. */
static void show_key(struct slice key, char out[FIELDS_KEY_SHOWN + 1])
{
	size_t n = 0;
	for (; n < key.len && n < FIELDS_KEY_SHOWN; n++) {
		char c = key.ptr[n];
		bool shown = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '_';
		out[n] = shown ? c : '?';
	}
	out[n] = '\0';
}

static enum fault unknown(struct fields *r, struct slice key)
{
	show_key(key, r->unknown);
	enter(r, r->unknown, 0);
	(void)problem_set(r->problem, FAULT_UNKNOWN_FIELD, "The job has a field ");
	add_path(r);
	problem_add(r->problem, " that Pagepost does not know.");
	return FAULT_UNKNOWN_FIELD;
}

static enum fault take_pair(struct fields *r, struct slice key, const struct field *rows,
			    size_t count, uint64_t *seen, void *into)
{
	size_t i = 0;
	while (i < count && !slice_eq(rows[i].key, key)) {
		i++;
	}
	if (i == count) {
		return unknown(r, key);
	}
	fields_enter(r, rows[i].key.ptr);
	if (json_seen_twice(seen, (unsigned)i)) {
		return fields_wrong(r, FAULT_BAD_FIELD, "is there more than once.");
	}
	enum fault f = rows[i].take(r, &rows[i], json_next(&r->json), into);
	if (f == FAULT_NONE) {
		fields_leave(r);
	}
	return f;
}

enum fault fields_object(struct fields *r, struct json_token value, const struct field *rows,
			 size_t count, void *into)
{
	uint64_t seen = 0;
	if (value.kind != JSON_OBJECT) {
		return fields_wrong_type(r, value, "must be an object.");
	}
	for (;;) {
		struct json_token key = json_next(&r->json);
		if (key.kind == JSON_OBJECT_END) {
			return FAULT_NONE;
		}
		if (key.kind != JSON_KEY) {
			return bad_json(r);
		}
		enum fault f = take_pair(r, key.text, rows, count, &seen, into);
		if (f != FAULT_NONE) {
			return f;
		}
	}
}

enum fault fields_array(struct fields *r, struct json_token value)
{
	return value.kind == JSON_ARRAY ? FAULT_NONE
					: fields_wrong_type(r, value, "must be a list.");
}

bool fields_next(struct fields *r, size_t index, struct json_token *out_value,
		 enum fault *out_fault)
{
	if (index > 0) {
		if (*out_fault != FAULT_NONE) {
			return false;
		}
		fields_leave(r);
	}
	struct json_token value = json_next(&r->json);
	if (value.kind == JSON_ARRAY_END) {
		return false;
	}
	if (value.kind == JSON_BAD) {
		*out_fault = bad_json(r);
		return false;
	}
	enter(r, NULL, index);
	*out_value = value;
	return true;
}

enum fault fields_pairs(struct fields *r, struct json_token value)
{
	return value.kind == JSON_OBJECT ? FAULT_NONE
					 : fields_wrong_type(r, value, "must be an object.");
}

bool fields_next_pair(struct fields *r, size_t index, struct slice *out_key,
		      struct json_token *out_value, enum fault *out_fault)
{
	if (index > 0) {
		if (*out_fault != FAULT_NONE) {
			return false;
		}
		fields_leave(r);
	}
	struct json_token key = json_next(&r->json);
	if (key.kind == JSON_OBJECT_END) {
		return false;
	}
	if (key.kind != JSON_KEY) {
		*out_fault = bad_json(r);
		return false;
	}
	show_key(key.text, r->free_key);
	enter(r, r->free_key, 0);
	*out_key = key.text;
	*out_value = json_next(&r->json);
	return true;
}

static enum fault too_long(struct fields *r, size_t len, size_t max, enum fault f)
{
	(void)fields_wrong(r, f, "may have at most ");
	problem_add_number(r->problem, max);
	problem_add(r->problem, " bytes; it has ");
	problem_add_number(r->problem, len);
	problem_add(r->problem, ".");
	return f;
}

enum fault fields_long_text(struct fields *r, struct json_token value, size_t max, enum fault f,
			    struct slice *out_text)
{
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	if (value.text.len > max) {
		return too_long(r, value.text.len, max, f);
	}
	*out_text = value.text;
	return FAULT_NONE;
}

static struct slice *slice_at(void *into, const struct field *f)
{
	return (struct slice *)((char *)into + f->where);
}

enum fault fields_take_text(struct fields *r, const struct field *f, struct json_token value,
			    void *into)
{
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	if (value.text.len > f->max) {
		return too_long(r, value.text.len, f->max, FAULT_BAD_FIELD);
	}
	if (!text_is_header_safe(value.text)) {
		return fields_wrong(r, FAULT_BAD_FIELD,
				    "must not hold line breaks or other control characters.");
	}
	*slice_at(into, f) = value.text;
	return FAULT_NONE;
}

static bool is_whole_number(struct json_token value, uint64_t max, uint64_t *out_number)
{
	return value.kind == JSON_NUMBER && slice_to_u64(value.text, max, out_number);
}

enum fault fields_take_id(struct fields *r, const struct field *f, struct json_token value,
			  void *into)
{
	uint64_t number;
	if (is_whole_number(value, UINT64_MAX, &number)) {
		*slice_at(into, f) = value.text;
		return FAULT_NONE;
	}
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string or a whole number.");
	}
	return fields_take_text(r, f, value, into);
}

enum fault fields_take_number(struct fields *r, const struct field *f, struct json_token value,
			      void *into)
{
	uint64_t number;
	if (!is_whole_number(value, f->max, &number)) {
		return fields_wrong_type(r, value, "must be a whole number, not below 0.");
	}
	*(uint64_t *)(void *)((char *)into + f->where) = number;
	return FAULT_NONE;
}

enum fault fields_take_mailbox(struct fields *r, const struct field *f, struct json_token value,
			       void *into)
{
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	struct mailbox *mailbox = (struct mailbox *)(void *)((char *)into + f->where);
	if (mailbox_parse(value.text, mailbox) != FAULT_NONE) {
		return fields_wrong(r, FAULT_BAD_ADDRESS,
				    "must be one mail address, such as name@example.com.");
	}
	return FAULT_NONE;
}
