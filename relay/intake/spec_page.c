#include "relay/intake/spec.h"

enum { SITE_HOST_MAX = 253 };

/* The names that Confluence's own interface has for them. */
static enum fault take_format(struct fields *r, const struct field *f, struct json_token value,
			      void *into)
{
	static const struct slice names[] = {
		[PAGE_STORAGE] = SLICE_INIT("storage"),
		[PAGE_ATLAS_DOC_FORMAT] = SLICE_INIT("atlas_doc_format"),
		[PAGE_VIEW] = SLICE_INIT("view"),
		[PAGE_EXPORT_VIEW] = SLICE_INIT("export_view"),
	};
	struct page *page = into;
	(void)f;
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (slice_eq(value.text, names[i])) {
			page->format = (enum page_format)i;
			return FAULT_NONE;
		}
	}
	return fields_wrong(r, FAULT_BAD_FIELD,
			    "must be \"storage\", \"atlas_doc_format\", \"view\" or "
			    "\"export_view\".");
}

static enum fault take_page_body(struct fields *r, const struct field *f, struct json_token value,
				 void *into)
{
	struct page *page = into;
	(void)f;
	return fields_long_text(r, value, ((const struct spec *)r->ctx)->limits->page_body,
				FAULT_TOO_LARGE, &page->body);
}

static enum fault take_moment(struct fields *r, const struct field *f, struct json_token value,
			      void *into)
{
	if (value.kind != JSON_STRING ||
	    !civil_parse(value.text, (struct civil *)(void *)((char *)into + f->where))) {
		return fields_wrong_type(
			r, value,
			"must be a date and time of RFC 3339, such as 2026-11-22T08:30:00Z.");
	}
	return FAULT_NONE;
}

static enum fault take_contributors(struct fields *r, const struct field *f,
				    struct json_token value, void *into)
{
	((struct page *)into)->facts.has_contributors = true;
	return fields_take_number(r, f, value, into);
}

static enum fault take_attachments(struct fields *r, const struct field *f, struct json_token value,
				   void *into)
{
	((struct page *)into)->facts.has_attachments = true;
	return fields_take_number(r, f, value, into);
}

enum fault spec_take_page(struct fields *r, const struct field *f, struct json_token value,
			  void *into)
{
	static const struct field rows[] = {
		{SLICE_INIT("id"), fields_take_id, offsetof(struct page, id), JOB_NAME_MAX},
		{SLICE_INIT("version"), fields_take_number, offsetof(struct page, version),
		 INT64_MAX},
		{SLICE_INIT("title"), fields_take_text, offsetof(struct page, title),
		 JOB_SUBJECT_MAX},
		{SLICE_INIT("space_key"), fields_take_text, offsetof(struct page, space_key),
		 JOB_NAME_MAX},
		{SLICE_INIT("format"), take_format, 0, 0},
		{SLICE_INIT("body"), take_page_body, 0, 0},
		{SLICE_INIT("space_name"), fields_take_text,
		 offsetof(struct page, facts.space_name), JOB_NAME_MAX},
		{SLICE_INIT("created_at"), take_moment, offsetof(struct page, facts.created), 0},
		{SLICE_INIT("updated_at"), take_moment, offsetof(struct page, facts.updated), 0},
		{SLICE_INIT("created_by"), fields_take_text, offsetof(struct page, facts.author),
		 JOB_NAME_MAX},
		{SLICE_INIT("updated_by"), fields_take_text, offsetof(struct page, facts.editor),
		 JOB_NAME_MAX},
		{SLICE_INIT("contributors"), take_contributors,
		 offsetof(struct page, facts.contributors), INT64_MAX},
		{SLICE_INIT("attachments"), take_attachments,
		 offsetof(struct page, facts.attachments), INT64_MAX},
	};
	struct job *job = into;
	(void)f;
	return fields_object(r, value, rows, COUNT_OF(rows), &job->page);
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 3986: https, a host name, perhaps a port, perhaps a path; no user, query or fragment. */
static bool is_site_url(struct slice url)
{
	uint64_t number;
	struct slice rest = slice_skip(url, 8);
	if (!slice_starts_nocase(url, SLICE_LIT("https://"))) {
		return false;
	}
	struct slice path = slice_skip(rest, slice_find_byte(rest, '/'));
	struct slice port = slice_first(rest, rest.len - path.len);
	struct slice host = port;
	if (slice_cut_to(&port, ':', &host) && !slice_to_u64(port, UINT16_MAX, &number)) {
		return false;
	}
	for (size_t i = 0; i < host.len; i++) {
		if (!is_alnum(host.ptr[i]) && host.ptr[i] != '-' && host.ptr[i] != '.') {
			return false;
		}
	}
	for (size_t i = 0; i < path.len; i++) {
		if (!is_alnum(path.ptr[i]) &&
		    slice_find_byte(SLICE_LIT("/-._~%!$&'()*+,;=:@"), path.ptr[i]) == 19) {
			return false;
		}
	}
	return host.len > 0 && host.len <= SITE_HOST_MAX;
}

enum fault spec_take_site_url(struct fields *r, const struct field *f, struct json_token value,
			      void *into)
{
	struct job *job = into;
	(void)f;
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	struct slice url = value.text;
	if (url.len > JOB_URL_MAX || !is_site_url(url)) {
		return fields_wrong(
			r, FAULT_BAD_FIELD,
			"must be the address of the site, such as "
			"https://example.atlassian.net/wiki, without query or fragment.");
	}
	while (slice_ends(url, SLICE_LIT("/"))) {
		url.len--;
	}
	job->page.site_url = url;
	return FAULT_NONE;
}
