#include "relay/command/send_job.h"

#include "spool-free/base/json.h"

static const struct {
	struct slice ending;
	const char *type;
} types[] = {
	{SLICE_INIT(".pdf"), "application/pdf"},
	{SLICE_INIT(".png"), "image/png"},
	{SLICE_INIT(".jpg"), "image/jpeg"},
	{SLICE_INIT(".jpeg"), "image/jpeg"},
	{SLICE_INIT(".gif"), "image/gif"},
	{SLICE_INIT(".webp"), "image/webp"},
	{SLICE_INIT(".svg"), "image/svg+xml"},
	{SLICE_INIT(".txt"), "text/plain"},
	{SLICE_INIT(".md"), "text/markdown"},
	{SLICE_INIT(".csv"), "text/csv"},
	{SLICE_INIT(".html"), "text/html"},
	{SLICE_INIT(".ics"), "text/calendar"},
	{SLICE_INIT(".json"), "application/json"},
	{SLICE_INIT(".xml"), "application/xml"},
	{SLICE_INIT(".zip"), "application/zip"},
	{SLICE_INIT(".eml"), "message/rfc822"},
	{SLICE_INIT(".doc"), "application/msword"},
	{SLICE_INIT(".xls"), "application/vnd.ms-excel"},
	{SLICE_INIT(".ppt"), "application/vnd.ms-powerpoint"},
	{SLICE_INIT(".docx"),
	 "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	{SLICE_INIT(".xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{SLICE_INIT(".pptx"),
	 "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
	{SLICE_INIT(".odt"), "application/vnd.oasis.opendocument.text"},
	{SLICE_INIT(".ods"), "application/vnd.oasis.opendocument.spreadsheet"},
	{SLICE_INIT(".mp4"), "video/mp4"},
	{SLICE_INIT(".mp3"), "audio/mpeg"},
};

const char *send_type_of(struct slice file_name)
{
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		struct slice ending = types[i].ending;
		if (file_name.len > ending.len &&
		    slice_eq_nocase(slice_skip(file_name, file_name.len - ending.len), ending)) {
			return types[i].type;
		}
	}
	return "application/octet-stream";
}

static void put_text(struct json_writer *w, const char *key, struct slice text)
{
	if (text.len > 0) {
		json_member_text(w, key, text);
	}
}

static void put_party(struct json_writer *w, const char *key, struct slice name, struct slice email)
{
	if (name.len == 0 && email.len == 0) {
		return;
	}
	json_put_key(w, key);
	json_put_object(w);
	put_text(w, "name", name);
	put_text(w, "email", email);
	json_put_object_end(w);
}

/* As people write it: `name@example.com`, or `A Name <name@example.com>`, the name in quotes or not. */
static void put_address(struct json_writer *w, struct slice written)
{
	struct slice email = slice_trim(written);
	struct slice name = {0};
	if (slice_ends(email, SLICE_LIT(">")) && slice_cut_to(&email, '<', &name)) {
		email.len--;
		name = slice_trim(name);
	}
	if (name.len > 1 && name.ptr[0] == '"' && slice_ends(name, SLICE_LIT("\""))) {
		name = slice_of(name.ptr + 1, name.len - 2);
	}
	json_put_object(w);
	put_text(w, "name", name);
	put_text(w, "email", email);
	json_put_object_end(w);
}

static void put_one(struct json_writer *w, const char *key, struct slice written)
{
	if (written.len > 0) {
		json_put_key(w, key);
		put_address(w, written);
	}
}

static void put_people(struct json_writer *w, const char *key, const struct send_people *p)
{
	if (p->count == 0) {
		return;
	}
	json_put_key(w, key);
	json_put_array(w);
	for (size_t i = 0; i < p->count; i++) {
		put_address(w, p->addresses[i]);
	}
	json_put_array_end(w);
}

static void put_page(struct json_writer *w, const struct send_job *j)
{
	uint64_t version;
	json_put_key(w, "page");
	json_put_object(w);
	put_text(w, "id", j->page_id);
	if (slice_to_u64(j->version, UINT64_MAX, &version)) {
		json_member_u64(w, "version", version);
	}
	put_text(w, "title", j->title);
	put_text(w, "space_key", j->space_key);
	put_text(w, "format", j->format);
	json_member_text(w, "body", j->page);
	json_put_object_end(w);
}

/* The tenant's settings have a prefix of their own; one that is given here makes a subject of its own. */
static void put_subject(struct json_writer *w, const struct send_job *j)
{
	struct buf subject;
	struct slice end = j->subject.len > 0 ? j->subject : j->title;
	if (j->prefix.len == 0) {
		put_text(w, "subject", j->subject);
		return;
	}
	buf_init(&subject, SEND_PAGE_MAX);
	enum fault f = buf_add(&subject, j->prefix);
	f = f == FAULT_NONE ? buf_add_byte(&subject, ' ') : f;
	f = f == FAULT_NONE ? buf_add(&subject, end) : f;
	if (f == FAULT_NONE) {
		put_text(w, "subject", buf_view(&subject));
	} else {
		w->fault = f;
	}
	buf_deinit(&subject);
}

static bool has_layout(const struct send_job *j)
{
	return j->header_text.len + j->button_label.len + j->css.len + j->logo.len +
		       j->image_side.len >
	       0;
}

static void put_layout(struct json_writer *w, const struct send_job *j)
{
	uint64_t side;
	json_put_key(w, "layout");
	json_put_object(w);
	put_text(w, "header_text", j->header_text);
	put_text(w, "button_label", j->button_label);
	put_text(w, "css", j->css);
	put_text(w, "logo", j->logo);
	if (slice_to_u64(j->image_side, UINT64_MAX, &side)) {
		json_member_u64(w, "image_side", side);
	}
	json_put_object_end(w);
}

enum fault send_job_json(const struct send_job *j, struct buf *into)
{
	static const char *const keys[SEND_KINDS] = {"to", "cc", "bcc"};
	struct json_writer w;
	json_writer_init(&w, into);
	json_put_object(&w);
	put_text(&w, "site_url", j->site_url);
	put_page(&w, j);
	put_party(&w, "sender", j->sender_name, j->sender_email);
	put_one(&w, "from", j->from);
	put_one(&w, "reply_to", j->reply_to);
	for (size_t i = 0; i < SEND_KINDS; i++) {
		put_people(&w, keys[i], &j->people[i]);
	}
	put_subject(&w, j);
	put_text(&w, "note", j->note);
	put_text(&w, "attachments", j->attachments);
	put_text(&w, "server", j->server);
	put_text(&w, "language", j->language);
	if (j->wants_receipt) {
		json_member_bool(&w, "receipt", true);
	}
	if (has_layout(j)) {
		put_layout(&w, j);
	}
	json_put_object_end(&w);
	return json_writer_fault(&w);
}
