#include "relay/intake/jobspec.h"

#include "relay/intake/spec.h"

/* The sender's words: lines may end as the sender's system ends them. */
static enum fault take_note(struct fields *r, const struct field *f, struct json_token value,
			    void *into)
{
	struct job *job = into;
	char *out = (char *)(uintptr_t)value.text.ptr;
	struct slice rest = value.text;
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	if (rest.len > f->max) {
		return fields_wrong(r, FAULT_BAD_FIELD, "may have at most 16384 bytes.");
	}
	while (rest.len > 0) {
		if (slice_starts(rest, SLICE_LIT("\r\n"))) {
			rest = slice_skip(rest, 1);
		}
		unsigned char c = (unsigned char)rest.ptr[0];
		if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f) {
			return fields_wrong(r, FAULT_BAD_FIELD,
					    "must not hold control characters but line ends.");
		}
		*out++ = rest.ptr[0];
		rest = slice_skip(rest, 1);
	}
	job->note = slice_of(value.text.ptr, (size_t)(out - value.text.ptr));
	return FAULT_NONE;
}

static const struct field job_rows[] = {
	{SLICE_INIT("site_url"), spec_take_site_url, 0, 0},
	{SLICE_INIT("page"), spec_take_page, 0, 0},
	{SLICE_INIT("sender"), spec_take_sender, 0, 0},
	{SLICE_INIT("from"), spec_take_from, 0, 0},
	{SLICE_INIT("reply_to"), spec_take_reply_to, 0, 0},
	{SLICE_INIT("to"), spec_take_people, offsetof(struct job, to),
	 offsetof(struct job, to_count)},
	{SLICE_INIT("cc"), spec_take_people, offsetof(struct job, cc),
	 offsetof(struct job, cc_count)},
	{SLICE_INIT("bcc"), spec_take_people, offsetof(struct job, bcc),
	 offsetof(struct job, bcc_count)},
	{SLICE_INIT("subject"), fields_take_text, offsetof(struct job, subject), JOB_SUBJECT_MAX},
	{SLICE_INIT("subject_prefix"), fields_take_text, offsetof(struct job, subject_prefix),
	 JOB_SUBJECT_MAX},
	{SLICE_INIT("note"), take_note, 0, JOB_NOTE_MAX},
	{SLICE_INIT("attachments"), spec_take_attachments, 0, 0},
	{SLICE_INIT("files"), spec_take_files, 0, 0},
	{SLICE_INIT("file_ids"), spec_take_file_ids, 0, 0},
	{SLICE_INIT("users"), spec_take_users, 0, 0},
	{SLICE_INIT("links"), spec_take_links, 0, 0},
	{SLICE_INIT("macros"), spec_take_macros, 0, 0},
	{SLICE_INIT("layout"), spec_take_layout, 0, 0},
	{SLICE_INIT("language"), spec_take_language, 0, 0},
	{SLICE_INIT("scheduled"), spec_take_scheduled, 0, 0},
	{SLICE_INIT("delivery_status"), spec_take_delivery_status, 0, 0},
	{SLICE_INIT("require_tls"), spec_take_require_tls, 0, 0},
	{SLICE_INIT("receipt"), spec_take_receipt, 0, 0},
	{SLICE_INIT("server"), spec_take_server, offsetof(struct job, server), JOB_NAME_MAX},
};

static enum fault judge_recipients(struct fields *r)
{
	const struct spec *s = r->ctx;
	if (s->named >= 1 && s->named <= s->people_max) {
		return FAULT_NONE;
	}
	(void)fields_wrong(r, FAULT_BAD_FIELD, "has ");
	problem_add_number(r->problem, s->named);
	problem_add(r->problem, " recipients in 'to', 'cc' and 'bcc'; it must have 1 to ");
	problem_add_number(r->problem, s->people_max);
	problem_add(r->problem, ".");
	return FAULT_BAD_FIELD;
}

static enum fault judge(struct fields *r, struct job *job)
{
	/* Blanks alone are no subject to a reader. */
	job->subject = slice_trim(job->subject);
	job->page.title = slice_trim(job->page.title);
	if (((const struct spec *)r->ctx)->form == JOBSPEC_ABOUT) {
		return spec_judge_files(r, job);
	}
	if (job->page.body.ptr == NULL) {
		return problem_set(
			r->problem, FAULT_BAD_FIELD,
			"The field 'page.body' must be there: this version does not fetch "
			"pages itself.");
	}
	if (job->page.title.len == 0 && job->subject.len == 0) {
		return problem_set(r->problem, FAULT_BAD_FIELD,
				   "The field 'page.title' or 'subject' must be there, because the "
				   "mail needs a subject.");
	}
	enum fault f = judge_recipients(r);
	return f == FAULT_NONE ? spec_judge_files(r, job) : f;
}

enum fault jobspec_parse(char *bytes, size_t len, enum jobspec_form form,
			 const struct jobspec_limits *limits, struct job *job,
			 struct problem *problem)
{
	struct spec s = {.limits = limits,
			 .form = form,
			 .people_max = limits->recipients,
			 .arena = &job->arena};
	struct fields r;
	s.people_max = s.people_max < JOB_RECIPIENTS_MAX ? s.people_max : JOB_RECIPIENTS_MAX;
	s.people = arena_array(&job->arena, s.people_max, sizeof(*s.people));
	if (s.people == NULL) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	fields_init(&r, bytes, len, &s, problem);
	enum fault f = fields_object(&r, json_next(&r.json), job_rows, COUNT_OF(job_rows), job);
	if (f == FAULT_NONE && json_next(&r.json).kind != JSON_END) {
		f = json_fault(&r.json);
		if (problem != NULL) {
			*problem = *json_problem(&r.json);
		}
	}
	if (f == FAULT_NONE) {
		f = judge(&r, job);
	}
	if (f == FAULT_NONE) {
		spec_drop_repeated_people(job);
	}
	return f;
}
