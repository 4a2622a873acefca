#include "relay/intake/spec.h"

#include "spool-free/base/text.h"

/* How the mail is to look, its language, and whether a person sends it. */

static enum fault take_css(struct fields *r, const struct field *f, struct json_token value,
			   void *into)
{
	return fields_long_text(r, value, f->max, FAULT_BAD_FIELD, &((struct layout *)into)->css);
}

static enum fault take_image_side(struct fields *r, const struct field *f, struct json_token value,
				  void *into)
{
	uint64_t side;
	if (value.kind != JSON_NUMBER || !slice_to_u64(value.text, f->max, &side)) {
		return fields_wrong_type(r, value, "must be a whole number from 0 to 16384.");
	}
	((struct layout *)into)->image_side = (uint32_t)side;
	return FAULT_NONE;
}

enum fault spec_take_layout(struct fields *r, const struct field *f, struct json_token value,
			    void *into)
{
	static const struct field rows[] = {
		{SLICE_INIT("header_text"), fields_take_text, offsetof(struct layout, header_text),
		 JOB_HEADER_TEXT_MAX},
		{SLICE_INIT("button_label"), fields_take_text,
		 offsetof(struct layout, button_label), JOB_NAME_MAX},
		{SLICE_INIT("css"), take_css, 0, JOB_CSS_MAX},
		{SLICE_INIT("logo"), spec_take_file_name, offsetof(struct layout, logo), 0},
		{SLICE_INIT("image_side"), take_image_side, 0, JOB_IMAGE_SIDE_MAX},
	};
	struct job *job = into;
	(void)f;
	return fields_object(r, value, rows, COUNT_OF(rows), &job->layout);
}

/* ---- language ---- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* RFC 5646, 2.1: one to eight letters and digits. */
static bool is_subtag(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_letter(s.ptr[i]) && (s.ptr[i] < '0' || s.ptr[i] > '9')) {
			return false;
		}
	}
	return s.len >= 1 && s.len <= 8;
}

/* Only what a tag looks like: which there are is a matter of those who read it. */
bool jobspec_is_language(struct slice tag)
{
	struct slice rest = tag;
	struct slice part;
	bool first = true;
	bool single = false; /* what must be followed by another one */
	if (tag.len > JOB_LANGUAGE_MAX) {
		return false;
	}
	for (bool more = true; more; first = false) {
		more = slice_cut_to(&rest, '-', &part);
		part = more ? part : rest;
		if (!is_subtag(part) || (first && !is_letter(part.ptr[0]))) {
			return false;
		}
		for (size_t i = 0; first && i < part.len; i++) {
			if (!is_letter(part.ptr[i])) {
				return false;
			}
		}
		if (single && part.len == 1) {
			return false;
		}
		single = part.len == 1;
	}
	return !single;
}

enum fault spec_take_language(struct fields *r, const struct field *f, struct json_token value,
			      void *into)
{
	struct job *job = into;
	(void)f;
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	if (!jobspec_is_language(value.text)) {
		return fields_wrong(r, FAULT_BAD_FIELD,
				    "must be a language tag of at most 35 bytes, such as en or "
				    "de-CH.");
	}
	job->language = value.text;
	return FAULT_NONE;
}

/* ---- scheduled ---- */

/* RFC 2919, 2: words joined by dots, at least two. Without < and >. */
static bool is_list_id(struct slice id)
{
	struct slice rest = id;
	struct slice part;
	size_t dots = 0;
	for (bool more = true; more; dots += more) {
		more = slice_cut_to(&rest, '.', &part);
		part = more ? part : rest;
		for (size_t i = 0; i < part.len; i++) {
			unsigned char c = (unsigned char)part.ptr[i];
			if (c <= ' ' || c >= 0x7f || strchr("()<>[]:;@\\,\"", c) != NULL) {
				return false;
			}
		}
		if (part.len == 0) {
			return false;
		}
	}
	return dots > 0 && id.len <= JOB_NAME_MAX;
}

static enum fault take_list_id(struct fields *r, const struct field *f, struct json_token value,
			       void *into)
{
	(void)f;
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	if (!is_list_id(value.text)) {
		return fields_wrong(r, FAULT_BAD_FIELD,
				    "must be a list's id without < and >, such as "
				    "weekly.wiki.example.com.");
	}
	((struct scheduled *)into)->list_id = value.text;
	return FAULT_NONE;
}

static enum fault take_unsubscribe(struct fields *r, const struct field *f, struct json_token value,
				   void *into)
{
	(void)f;
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	if (!spec_is_address(value.text, SLICE_LIT("https://")) || !text_is_ascii(value.text)) {
		return fields_wrong(r, FAULT_BAD_FIELD,
				    "must be a whole https address of at most 2048 ASCII bytes, "
				    "without blanks.");
	}
	((struct scheduled *)into)->unsubscribe = value.text;
	return FAULT_NONE;
}

enum fault spec_take_scheduled(struct fields *r, const struct field *f, struct json_token value,
			       void *into)
{
	static const struct field rows[] = {
		{SLICE_INIT("list_id"), take_list_id, 0, 0},
		{SLICE_INIT("unsubscribe"), take_unsubscribe, 0, 0},
	};
	struct job *job = into;
	(void)f;
	if (value.kind == JSON_TRUE || value.kind == JSON_FALSE) {
		job->scheduled.is_set = value.kind == JSON_TRUE;
		return FAULT_NONE;
	}
	if (value.kind != JSON_OBJECT) {
		return fields_wrong_type(
			r, value, "must be true, false or an object {list_id, unsubscribe}.");
	}
	job->scheduled.is_set = true;
	return fields_object(r, value, rows, COUNT_OF(rows), &job->scheduled);
}
