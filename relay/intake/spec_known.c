#include "relay/intake/spec.h"

/* What the job knows of the page's surroundings: people, things it links to, what macros would show. */

bool spec_is_address(struct slice url, struct slice scheme)
{
	struct slice rest = slice_skip(url, scheme.len);
	if (url.len > JOB_URL_MAX || !slice_starts_nocase(url, scheme) || rest.len == 0 ||
	    rest.ptr[0] == '/' || rest.ptr[0] == '?' || rest.ptr[0] == '#') {
		return false;
	}
	for (size_t i = 0; i < rest.len; i++) {
		unsigned char c = (unsigned char)rest.ptr[i];
		if (c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"') {
			return false;
		}
	}
	return true;
}

static enum fault take_url(struct fields *r, const struct field *f, struct json_token value,
			   void *into)
{
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string.");
	}
	if (!spec_is_address(value.text, SLICE_LIT("https://")) &&
	    !spec_is_address(value.text, SLICE_LIT("http://"))) {
		return fields_wrong(r, FAULT_BAD_FIELD,
				    "must be a whole http or https address of at most 2048 bytes, "
				    "without blanks.");
	}
	*(struct slice *)(void *)((char *)into + f->where) = value.text;
	return FAULT_NONE;
}

static enum fault must_have(struct fields *r, const char *key)
{
	fields_enter(r, key);
	return fields_wrong(r, FAULT_BAD_FIELD, "must be there, and not empty.");
}

static enum fault take_user(struct fields *r, struct json_token value, struct known_user *user)
{
	static const struct field rows[] = {
		{SLICE_INIT("account_id"), fields_take_text,
		 offsetof(struct known_user, account_id), JOB_NAME_MAX},
		{SLICE_INIT("name"), fields_take_text, offsetof(struct known_user, name),
		 JOB_NAME_MAX},
	};
	enum fault f = fields_object(r, value, rows, COUNT_OF(rows), user);
	if (f == FAULT_NONE && user->account_id.len == 0) {
		return must_have(r, "account_id");
	}
	return f == FAULT_NONE && user->name.len == 0 ? must_have(r, "name") : f;
}

enum fault spec_take_users(struct fields *r, const struct field *f, struct json_token value,
			   void *into)
{
	struct job *job = into;
	struct known *known = &job->known;
	enum fault fault = fields_array(r, value);
	(void)f;
	if (fault == FAULT_NONE) {
		fault = spec_room(r, job, value, JOB_USERS_MAX, sizeof(*known->users),
				  &known->users);
	}
	if (fault != FAULT_NONE) {
		return fault;
	}
	for (size_t i = 0; fields_next(r, i, &value, &fault); i++) {
		if (i == JOB_USERS_MAX) {
			return spec_too_many(r, JOB_USERS_MAX);
		}
		fault = take_user(r, value, &known->users[i]);
		known->user_count = i + 1;
	}
	return fault;
}

static enum fault take_link(struct fields *r, struct json_token value, struct known_link *link)
{
	static const struct field rows[] = {
		{SLICE_INIT("url"), take_url, offsetof(struct known_link, url), JOB_URL_MAX},
		{SLICE_INIT("title"), fields_take_text, offsetof(struct known_link, title),
		 JOB_SUBJECT_MAX},
		{SLICE_INIT("summary"), fields_take_text, offsetof(struct known_link, summary),
		 JOB_SUBJECT_MAX},
		{SLICE_INIT("status"), fields_take_text, offsetof(struct known_link, status),
		 JOB_NAME_MAX},
		{SLICE_INIT("content_id"), fields_take_id, offsetof(struct known_link, content_id),
		 JOB_NAME_MAX},
		{SLICE_INIT("space_key"), fields_take_text, offsetof(struct known_link, space_key),
		 JOB_NAME_MAX},
		{SLICE_INIT("content_title"), fields_take_text,
		 offsetof(struct known_link, content_title), JOB_SUBJECT_MAX},
		{SLICE_INIT("issue_key"), fields_take_text, offsetof(struct known_link, issue_key),
		 JOB_NAME_MAX},
	};
	enum fault f = fields_object(r, value, rows, COUNT_OF(rows), link);
	if (f == FAULT_NONE && link->url.len + link->content_id.len + link->space_key.len +
					       link->content_title.len + link->issue_key.len ==
				       0) {
		return fields_wrong(r, FAULT_BAD_FIELD,
				    "must say what it is of: a url, content_id, space_key, "
				    "content_title or issue_key.");
	}
	return f;
}

enum fault spec_take_links(struct fields *r, const struct field *f, struct json_token value,
			   void *into)
{
	struct job *job = into;
	struct known *known = &job->known;
	enum fault fault = fields_array(r, value);
	(void)f;
	if (fault == FAULT_NONE) {
		fault = spec_room(r, job, value, JOB_LINKS_MAX, sizeof(*known->links),
				  &known->links);
	}
	if (fault != FAULT_NONE) {
		return fault;
	}
	for (size_t i = 0; fields_next(r, i, &value, &fault); i++) {
		if (i == JOB_LINKS_MAX) {
			return spec_too_many(r, JOB_LINKS_MAX);
		}
		fault = take_link(r, value, &known->links[i]);
		known->link_count = i + 1;
	}
	return fault;
}

/* ---- macros ---- */

struct live_bodies {
	struct slice html, adf, text; /* NULL: not there */
	bool has_rows;
	struct live_row *rows;
	size_t row_count;
	struct job *job; /* in whose memory rows lie */
};

/* A body is judged where it is read; here only its size is. */
static enum fault take_body(struct fields *r, const struct field *f, struct json_token value,
			    void *into)
{
	struct slice *body = (struct slice *)(void *)((char *)into + f->where);
	return fields_long_text(r, value, ((const struct spec *)r->ctx)->limits->page_body,
				FAULT_TOO_LARGE, body);
}

/* As an object, whose bytes are kept as JSON, or as the string that Confluence's interface gives. */
static enum fault take_adf(struct fields *r, const struct field *f, struct json_token value,
			   void *into)
{
	if (value.kind != JSON_OBJECT && value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be an object or a string.");
	}
	if (value.kind == JSON_OBJECT) {
		enum fault fault = json_raw(&r->json, value, &value.text);
		if (fault != FAULT_NONE) {
			return fields_wrong_type(r, (struct json_token){.kind = JSON_BAD}, "");
		}
		value.kind = JSON_STRING;
	}
	return take_body(r, f, value, into);
}

/* A text, or `{text, url}`. */
static enum fault take_cell(struct fields *r, struct json_token value, struct live_cell *cell)
{
	static const struct field rows[] = {
		{SLICE_INIT("text"), fields_take_text, offsetof(struct live_cell, text),
		 JOB_SUBJECT_MAX},
		{SLICE_INIT("url"), take_url, offsetof(struct live_cell, url), JOB_URL_MAX},
	};
	if (value.kind == JSON_OBJECT) {
		return fields_object(r, value, rows, COUNT_OF(rows), cell);
	}
	if (value.kind != JSON_STRING) {
		return fields_wrong_type(r, value, "must be a string, or an object {text, url}.");
	}
	return fields_take_text(r, &rows[0], value, cell);
}

static enum fault take_row(struct fields *r, struct job *job, struct json_token value,
			   struct live_row *row)
{
	enum fault fault = fields_array(r, value);
	if (fault == FAULT_NONE) {
		fault = spec_room(r, job, value, JOB_CELLS_MAX, sizeof(*row->cells), &row->cells);
	}
	for (size_t i = 0; fault == FAULT_NONE && fields_next(r, i, &value, &fault); i++) {
		if (i == JOB_CELLS_MAX) {
			return spec_too_many(r, JOB_CELLS_MAX);
		}
		fault = take_cell(r, value, &row->cells[i]);
		row->cell_count = i + 1;
	}
	return fault;
}

/* A table: what a list of issues or pages shows. */
static enum fault take_rows(struct fields *r, const struct field *f, struct json_token value,
			    void *into)
{
	struct live_bodies *b = into;
	enum fault fault = fields_array(r, value);
	(void)f;
	if (fault == FAULT_NONE) {
		fault = spec_room(r, b->job, value, JOB_ROWS_MAX, sizeof(*b->rows), &b->rows);
	}
	b->has_rows = true;
	for (size_t i = 0; fault == FAULT_NONE && fields_next(r, i, &value, &fault); i++) {
		if (i == JOB_ROWS_MAX) {
			return spec_too_many(r, JOB_ROWS_MAX);
		}
		fault = take_row(r, b->job, value, &b->rows[i]);
		b->row_count = i + 1;
	}
	return fault;
}

static enum fault take_macro(struct fields *r, struct job *job, struct json_token value,
			     struct live_macro *macro)
{
	static const struct field rows[] = {
		{SLICE_INIT("html"), take_body, offsetof(struct live_bodies, html), 0},
		{SLICE_INIT("adf"), take_adf, offsetof(struct live_bodies, adf), 0},
		{SLICE_INIT("text"), take_body, offsetof(struct live_bodies, text), 0},
		{SLICE_INIT("rows"), take_rows, 0, 0},
	};
	struct live_bodies b = {.job = job};
	enum fault f = fields_object(r, value, rows, COUNT_OF(rows), &b);
	if (f != FAULT_NONE) {
		return f;
	}
	bool html = b.html.ptr != NULL;
	bool adf = b.adf.ptr != NULL;
	bool text = b.text.ptr != NULL;
	if (html + adf + text + b.has_rows != 1) {
		return fields_wrong(r, FAULT_BAD_FIELD,
				    "must have exactly one of html, adf, text and rows.");
	}
	macro->kind = html ? LIVE_HTML : adf ? LIVE_ADF : text ? LIVE_TEXT : LIVE_ROWS;
	macro->body = html ? b.html : adf ? b.adf : b.text;
	macro->rows = b.rows;
	macro->row_count = b.row_count;
	return FAULT_NONE;
}

static bool has_macro(const struct known *known, struct slice local_id)
{
	for (size_t i = 0; i < known->macro_count; i++) {
		if (slice_eq(known->macros[i].local_id, local_id)) {
			return true;
		}
	}
	return false;
}

static enum fault take_local_id(struct fields *r, struct known *known, struct slice id)
{
	if (id.len == 0 || id.len > JOB_NAME_MAX) {
		return fields_wrong(r, FAULT_BAD_FIELD,
				    "must have a local id of 1 to 255 bytes as its name.");
	}
	if (has_macro(known, id)) {
		return fields_wrong(r, FAULT_BAD_FIELD, "is there more than once.");
	}
	known->macros[known->macro_count++].local_id = id;
	return FAULT_NONE;
}

enum fault spec_take_macros(struct fields *r, const struct field *f, struct json_token value,
			    void *into)
{
	struct job *job = into;
	struct known *known = &job->known;
	struct slice id;
	enum fault fault = fields_pairs(r, value);
	(void)f;
	if (fault == FAULT_NONE) {
		fault = spec_room(r, job, value, JOB_MACROS_MAX, sizeof(*known->macros),
				  &known->macros);
	}
	if (fault != FAULT_NONE) {
		return fault;
	}
	for (size_t i = 0; fields_next_pair(r, i, &id, &value, &fault); i++) {
		if (i == JOB_MACROS_MAX) {
			return spec_too_many(r, JOB_MACROS_MAX);
		}
		fault = take_local_id(r, known, id);
		if (fault == FAULT_NONE) {
			fault = take_macro(r, job, value, &known->macros[i]);
		}
	}
	return fault;
}
