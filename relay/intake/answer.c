#include "relay/intake/answer.h"

#include "spool-free/base/json.h"

static const struct slice state_names[] = {
	[JOB_STATE_QUEUED] = SLICE_INIT("queued"),
	[JOB_STATE_RENDERING] = SLICE_INIT("rendering"),
	[JOB_STATE_SENDING] = SLICE_INIT("sending"),
	[JOB_STATE_WAITING] = SLICE_INIT("waiting"),
	[JOB_STATE_DONE] = SLICE_INIT("done"),
	[JOB_STATE_FAULT] = SLICE_INIT("fault"),
};

static const struct slice fate_names[] = {
	[MACRO_RENDERED] = SLICE_INIT("rendered"),
	[MACRO_SNAPSHOT] = SLICE_INIT("snapshot"),
	[MACRO_CARD] = SLICE_INIT("card"),
};

static void put_id(struct json_writer *w, const char *key, const struct uuid *id)
{
	char text[UUID_TEXT];
	uuid_text(id, text);
	json_member_text(w, key, slice_of(text, sizeof(text)));
}

/* A URI of our own, so that nobody looks it up (RFC 9457 3.1.1). */
static void put_type(struct json_writer *w, enum fault f)
{
	static const struct slice prefix = SLICE_INIT("urn:pagepost:problem:");
	char uri[64];
	struct slice slug = slice_first(fault_slug(f), sizeof(uri) - prefix.len);
	for (size_t i = 0; i < prefix.len + slug.len; i++) {
		uri[i] = i < prefix.len ? prefix.ptr[i] : slug.ptr[i - prefix.len];
	}
	json_member_text(w, "type", slice_of(uri, prefix.len + slug.len));
}

static void put_problem(struct json_writer *w, const struct problem *p)
{
	put_type(w, p->fault);
	json_member_text(w, "title", fault_title(p->fault));
	json_member_u64(w, "status", (uint64_t)fault_status(p->fault));
	json_member_text(w, "detail", problem_text(p));
	json_member_text(w, "owner", problem_owner_name(p));
	cause_put(w, p->cause, p->is_operators);
}

static void put_problem_object(struct json_writer *w, const char *key, const struct problem *p)
{
	json_put_key(w, key);
	json_put_object(w);
	put_problem(w, p);
	json_put_object_end(w);
}

static void put_recipient(struct json_writer *w, const struct answer_job *a, size_t i)
{
	const struct mailbox *m = &a->recipients[i];
	const struct recipient_outcome *o = &a->results[i];
	json_put_object(w);
	json_member_text(w, "address", m->address);
	json_member_text(w, "outcome", outcome_name(o->outcome));
	if (o->code != 0) {
		json_member_u64(w, "code", (uint64_t)o->code);
	}
	if (o->enhanced[0] != '\0') {
		json_member_text(w, "enhanced", slice_of_text(o->enhanced));
	}
	if (o->text.len > 0) {
		json_member_text(w, "text", o->text);
	}
	if (o->phase != PHASE_NONE) {
		json_member_text(w, "phase", phase_name(o->phase));
	}
	if (o->attempt > 1) {
		json_member_u64(w, "attempt", o->attempt);
	}
	cause_put(w, o->cause, a->is_operators);
	if (o->outcome == OUTCOME_UNTRIED && a->rest != NULL) {
		put_problem_object(w, "problem", a->rest);
	}
	json_put_object_end(w);
}

static void put_recipients(struct json_writer *w, const struct answer_job *a)
{
	json_member_text(w, "outcome",
			 outcome_name(outcome_of_all(a->results, a->recipient_count)));
	json_put_key(w, "recipients");
	json_put_array(w);
	for (size_t i = 0; i < a->recipient_count; i++) {
		put_recipient(w, a, i);
	}
	json_put_array_end(w);
}

static void put_signatures(struct json_writer *w, const struct answer_job *a)
{
	json_put_key(w, "dkim");
	json_put_array(w);
	for (size_t i = 0; i < a->signature_count; i++) {
		json_put_object(w);
		json_member_text(w, "domain", a->signatures[i].domain);
		json_member_text(w, "selector", a->signatures[i].selector);
		json_put_object_end(w);
	}
	json_put_array_end(w);
}

static void put_message(struct json_writer *w, const struct answer_job *a)
{
	json_put_key(w, "message");
	json_put_object(w);
	json_member_text(w, "message_id", a->message_id);
	json_member_u64(w, "size", a->message_size);
	if (a->status_ignored) {
		json_member_text(w, "delivery_status", SLICE_LIT("not-offered"));
	}
	if (a->report != NULL) {
		json_member_u64(w, "html_bytes", a->report->html_bytes);
		json_member_u64(w, "text_bytes", a->report->text_bytes);
	}
	if (a->signature_count > 0) {
		put_signatures(w, a);
	}
	json_put_object_end(w);
}

/* What became of the page: the fidelity report (design.md section 8). */
static void put_report(struct json_writer *w, const struct render_report *report)
{
	json_put_key(w, "report");
	json_put_object(w);
	json_put_key(w, "macros");
	json_put_array(w);
	for (const struct render_macro *m = report->macros; m != NULL; m = m->next) {
		json_put_object(w);
		json_member_text(w, "name", m->name);
		json_member_text(w, "fate", fate_names[m->fate]);
		json_member_u64(w, "count", m->count);
		json_put_object_end(w);
	}
	json_put_array_end(w);
	json_put_key(w, "warnings");
	json_put_array(w);
	for (const struct render_warning *r = report->warnings; r != NULL; r = r->next) {
		json_put_object(w);
		json_member_text(w, "code", r->code);
		json_member_text(w, "detail", r->detail);
		json_put_object_end(w);
	}
	json_put_array_end(w);
	json_put_object_end(w);
}

enum fault answer_job(const struct answer_job *a, struct buf *into)
{
	struct json_writer w;
	json_writer_init(&w, into);
	json_put_object(&w);
	put_id(&w, "id", &a->id);
	json_member_text(&w, "state", state_names[a->state]);
	if (a->eta.ms != 0) {
		json_member_time(&w, "eta", a->eta);
	}
	if (a->state == JOB_STATE_DONE) {
		put_recipients(&w, a);
	}
	if (a->message_id.len > 0) {
		put_message(&w, a);
	}
	if (a->state == JOB_STATE_SENDING) {
		json_member_u64(&w, "bytes_sent", a->bytes_sent);
	}
	if (a->report != NULL) {
		put_report(&w, a->report);
	}
	if (a->problem != NULL) {
		put_problem_object(&w, "problem", a->problem);
	}
	if (a->receipt.len > 0) {
		json_member_text(&w, "receipt", a->receipt);
	}
	if (a->receipt_problem != NULL) {
		put_problem_object(&w, "receipt_fault", a->receipt_problem);
	}
	json_put_object_end(&w);
	return json_writer_fault(&w);
}

enum fault answer_ended(const struct uuid *id, struct slice problem, struct buf *into)
{
	char text[UUID_TEXT];
	uuid_text(id, text);
	const struct slice parts[] = {
		SLICE_LIT("{\"id\":\""),
		slice_of(text, sizeof(text)),
		SLICE_LIT("\",\"state\":\"fault\",\"problem\":"),
		problem,
		SLICE_LIT("}"),
	};
	enum fault f = FAULT_NONE;
	for (size_t i = 0; f == FAULT_NONE && i < COUNT_OF(parts); i++) {
		f = buf_add(into, parts[i]);
	}
	return f;
}

enum fault answer_preview(const struct render_output *o, struct buf *into)
{
	struct json_writer w;
	json_writer_init(&w, into);
	json_put_object(&w);
	json_member_text(&w, "html", o->html);
	json_member_text(&w, "text", o->text);
	json_member_u64(&w, "size", o->message.size);
	put_report(&w, &o->report);
	json_put_object_end(&w);
	return json_writer_fault(&w);
}

enum fault answer_problem(const struct problem *p, struct slice request_id, struct slice job,
			  struct buf *into)
{
	struct json_writer w;
	json_writer_init(&w, into);
	json_put_object(&w);
	put_problem(&w, p);
	if (job.len > 0) {
		json_member_text(&w, "job", job);
	}
	if (request_id.len > 0) {
		json_member_text(&w, "request_id", request_id);
	}
	json_put_object_end(&w);
	return json_writer_fault(&w);
}
