#include "render/mime/message.h"

#include <string.h>

#include "spool-free/base/digest.h"
#include "spool-free/base/hex.h"
#include "spool-free/base/text.h"
#include "render/mime/header.h"
#include "render/mime/param.h"
#include "render/mime/quoted.h"

enum {
	HEAD_MAX = 1024 * 1024, /* a thousand long addresses with names fit */
	BOUNDARY_HASH = 16,
	BOUNDARY_LEN = 2 +
		       2 * BOUNDARY_HASH, /* "=_" stands in no quoted-printable and in no base64 */
	MESSAGE_ID_MAX = 512,		  /* with < > */
	ANGLE_MAX = MESSAGE_URI_MAX + 2,
};

enum level { LEVEL_MIXED, LEVEL_ALTERNATIVE, LEVEL_RELATED, LEVELS };

static const struct slice level_types[LEVELS] = {
	[LEVEL_MIXED] = SLICE_INIT("multipart/mixed"),
	[LEVEL_ALTERNATIVE] = SLICE_INIT("multipart/alternative"),
	[LEVEL_RELATED] = SLICE_INIT("multipart/related"),
};

/* A text part as it goes out. */
struct encoded {
	bool quoted;
	struct slice bytes; /* quoted: as they go out; else: still to be made base64 */
};

struct composer {
	const struct message_parts *parts;
	struct arena *arena;
	struct rope *rope;
	struct buf head; /* of the part under way */
	struct encoded text;
	struct encoded html;
	char boundary[LEVELS][BOUNDARY_LEN];
	enum fault fault; /* the first one sticks */
};

static void add(struct composer *c, struct slice bytes)
{
	if (c->fault == FAULT_NONE) {
		c->fault = buf_add(&c->head, bytes);
	}
}

/* The head so far becomes a piece of the rope. */
static void flush(struct composer *c)
{
	struct slice copy;
	if (c->fault == FAULT_NONE) {
		c->fault = arena_copy(c->arena, buf_view(&c->head), &copy);
	}
	if (c->fault == FAULT_NONE) {
		buf_clear(&c->head);
		c->fault = rope_add(c->rope, copy);
	}
}

static struct slice boundary_of(const struct composer *c, enum level l)
{
	return slice_of(c->boundary[l], BOUNDARY_LEN);
}

static void add_boundary(struct composer *c, enum level l, bool last)
{
	add(c, SLICE_LIT("--"));
	add(c, boundary_of(c, l));
	add(c, last ? SLICE_LIT("--\r\n") : SLICE_LIT("\r\n"));
}

static void add_multipart(struct composer *c, enum level l)
{
	add(c, SLICE_LIT("Content-Type: "));
	add(c, level_types[l]);
	add(c, l == LEVEL_RELATED ? SLICE_LIT("; type=\"text/html\"") : SLICE_LIT(""));
	add(c, SLICE_LIT(";\r\n boundary=\""));
	add(c, boundary_of(c, l));
	add(c, SLICE_LIT("\"\r\n\r\n"));
}

/* RFC 2049 4(b): the canonical form of text, before base64, has CRLF. */
static enum fault with_crlf(struct arena *a, struct slice text, struct slice *out_text)
{
	size_t lines = 0;
	for (size_t i = 0; i < text.len; i++) {
		lines += text.ptr[i] == '\n';
	}
	char *made = arena_bytes(a, text.len + lines);
	if (made == NULL) {
		return FAULT_NO_MEMORY;
	}
	size_t n = 0;
	struct slice line;
	while (slice_cut_to(&text, '\n', &line)) {
		memcpy(made + n, line.ptr, line.len);
		memcpy(made + n + line.len, "\r\n", 2);
		n += line.len + 2;
	}
	memcpy(made + n, text.ptr, text.len);
	*out_text = slice_of(made, n + text.len);
	return FAULT_NONE;
}

/* Under a third of the bytes as =XX is shorter, and readable on the wire; else base64 without a
 * copy. */
static enum fault encode_text(struct arena *a, struct slice text, struct encoded *out_encoded)
{
	struct quoted_count count = quoted_count(text);
	bool quoted = count.octets < text.len / 3 + 1;
	*out_encoded = (struct encoded){.quoted = quoted, .bytes = text};
	return quoted ? quoted_encode(a, text, count, &out_encoded->bytes)
		      : with_crlf(a, text, &out_encoded->bytes);
}

static void add_text(struct composer *c, struct slice type, const struct encoded *e)
{
	add(c, SLICE_LIT("Content-Type: "));
	add(c, type);
	add(c, SLICE_LIT("; charset=UTF-8\r\nContent-Transfer-Encoding: "));
	add(c, e->quoted ? SLICE_LIT("quoted-printable\r\n\r\n") : SLICE_LIT("base64\r\n\r\n"));
	flush(c);
	if (c->fault == FAULT_NONE) {
		c->fault = e->quoted ? rope_add(c->rope, e->bytes)
				     : rope_add_base64(c->rope, e->bytes);
	}
}

static void add_file(struct composer *c, const struct message_file *file)
{
	struct slice name;
	bool is_inline = file->content_id.len > 0;
	bool is_text = slice_starts_nocase(file->type, SLICE_LIT("text/")) &&
		       text_utf8_valid(file->bytes) == file->bytes.len;
	if (c->fault == FAULT_NONE) {
		c->fault = mime_file_name(c->arena, file->name, &name);
	}
	add(c, SLICE_LIT("Content-Type: "));
	add(c, file->type);
	add(c, is_text ? SLICE_LIT("; charset=UTF-8") : SLICE_LIT(""));
	add(c, SLICE_LIT("\r\nContent-Transfer-Encoding: base64\r\n"));
	if (is_inline) {
		add(c, SLICE_LIT("Content-ID: <"));
		add(c, file->content_id);
		add(c, SLICE_LIT(">\r\n"));
	}
	add(c, is_inline ? SLICE_LIT("Content-Disposition: inline")
			 : SLICE_LIT("Content-Disposition: attachment"));
	if (c->fault == FAULT_NONE) {
		c->fault = mime_param_file(&c->head, name);
	}
	add(c, SLICE_LIT("\r\n\r\n"));
	/* An empty part still needs the line end that the boundary takes away. */
	add(c, file->bytes.len == 0 ? SLICE_LIT("\r\n") : SLICE_LIT(""));
	flush(c);
	if (c->fault == FAULT_NONE && file->bytes.len > 0) {
		c->fault = rope_add_base64(c->rope, file->bytes);
	}
}

static void add_html(struct composer *c)
{
	const struct message_parts *p = c->parts;
	if (p->picture_count == 0) {
		add_text(c, SLICE_LIT("text/html"), &c->html);
		return;
	}
	add_multipart(c, LEVEL_RELATED);
	add_boundary(c, LEVEL_RELATED, false);
	add_text(c, SLICE_LIT("text/html"), &c->html);
	for (size_t i = 0; i < p->picture_count; i++) {
		add_boundary(c, LEVEL_RELATED, false);
		add_file(c, &p->pictures[i]);
	}
	add_boundary(c, LEVEL_RELATED, true);
}

static void add_body(struct composer *c)
{
	add_multipart(c, LEVEL_ALTERNATIVE);
	add_boundary(c, LEVEL_ALTERNATIVE, false);
	add_text(c, SLICE_LIT("text/plain"), &c->text);
	add_boundary(c, LEVEL_ALTERNATIVE, false);
	add_html(c);
	add_boundary(c, LEVEL_ALTERNATIVE, true);
}

static void add_parts(struct composer *c)
{
	const struct message_parts *p = c->parts;
	if (p->file_count == 0) {
		add_body(c);
		return;
	}
	add_multipart(c, LEVEL_MIXED);
	add_boundary(c, LEVEL_MIXED, false);
	add_body(c);
	for (size_t i = 0; i < p->file_count; i++) {
		add_boundary(c, LEVEL_MIXED, false);
		add_file(c, &p->files[i]);
	}
	add_boundary(c, LEVEL_MIXED, true);
}

static void make_boundary(struct composer *c, enum level l)
{
	const char label[2] = {(char)('0' + l), '0'};
	unsigned char hash[DIGEST_LEN];
	struct slice parts[] = {c->parts->seed, slice_of(label, sizeof(label))};
	digest_sha256_parts(parts, COUNT_OF(parts), hash);
	memcpy(c->boundary[l], "=_", 2);
	hex_encode(slice_of(hash, BOUNDARY_HASH), c->boundary[l] + 2);
}

/* Anything without blanks between < and >, at most `most` bytes with them. */
static enum fault add_angle(struct buf *head, struct slice name, struct slice id, size_t most)
{
	struct buf line;
	bool clean = slice_find_byte(id, ' ') == id.len && slice_find_byte(id, '<') == id.len &&
		     slice_find_byte(id, '>') == id.len && slice_find_byte(id, '\t') == id.len;
	if (!clean || id.len + 2 > most) {
		return FAULT_BAD_FIELD;
	}
	buf_init(&line, most);
	enum fault f = buf_add_byte(&line, '<');
	if (f == FAULT_NONE) {
		f = buf_add(&line, id);
	}
	if (f == FAULT_NONE) {
		f = buf_add_byte(&line, '>');
	}
	if (f == FAULT_NONE) {
		f = mime_header_tokens(head, name, buf_view(&line));
	}
	buf_deinit(&line);
	return f;
}

/* One row a field, in the order in which they stand. */
enum field_kind { FIELD_PARTIES, FIELD_TEXT, FIELD_ID, FIELD_ANGLE, FIELD_TOKENS };

struct field_row {
	const char *name; /* in the message, and in the problem's sentence */
	enum field_kind kind;
	bool optional;
	struct slice value;
	const struct party *parties;
	size_t count;
};

static enum fault add_field(struct buf *head, const struct field_row *row)
{
	struct slice name = slice_of_text(row->name);
	if (row->optional && row->value.len == 0 && row->count == 0) {
		return FAULT_NONE;
	}
	switch (row->kind) {
	case FIELD_PARTIES:
		return mime_header_parties(head, name, row->parties, row->count);
	case FIELD_TEXT:
		return mime_header_add(head, name, row->value);
	case FIELD_ID:
		return slice_find_byte(row->value, '@') < row->value.len
			       ? add_angle(head, name, row->value, MESSAGE_ID_MAX)
			       : FAULT_BAD_FIELD;
	case FIELD_ANGLE:
		return add_angle(head, name, row->value, ANGLE_MAX);
	case FIELD_TOKENS:
		return mime_header_tokens(head, name, row->value);
	}
	return FAULT_INTERNAL;
}

static enum fault add_head(struct composer *c, struct problem *problem)
{
	const struct message_parts *p = c->parts;
	char date[CIVIL_RFC5322_LEN];
	struct slice none = {0};
	/* The first mail of a page may carry the page's id itself. */
	struct slice thread = slice_eq(p->thread_id, p->message_id) ? none : p->thread_id;
	struct slice list = p->scheduled ? p->list_id : none;
	struct slice leave = p->scheduled ? p->unsubscribe : none;
	civil_rfc5322(p->date, date);
	const struct field_row rows[] = {
		{.name = "Date", .kind = FIELD_TOKENS, .value = slice_of(date, sizeof(date))},
		{.name = "From", .kind = FIELD_PARTIES, .parties = p->from, .count = 1},
		{.name = "Reply-To",
		 .kind = FIELD_PARTIES,
		 .optional = true,
		 .parties = p->reply_to,
		 .count = p->reply_to != NULL ? 1 : 0},
		{.name = "To",
		 .kind = FIELD_PARTIES,
		 .optional = true,
		 .parties = p->to,
		 .count = p->to_count},
		{.name = "Cc",
		 .kind = FIELD_PARTIES,
		 .optional = true,
		 .parties = p->cc,
		 .count = p->cc_count},
		{.name = "Subject", .kind = FIELD_TEXT, .value = p->subject},
		{.name = "Message-ID", .kind = FIELD_ID, .value = p->message_id},
		{.name = "In-Reply-To", .kind = FIELD_ID, .optional = true, .value = thread},
		{.name = "References", .kind = FIELD_ID, .optional = true, .value = thread},
		{.name = "X-Pagepost-Page", .kind = FIELD_TEXT, .optional = true, .value = p->page},
		{.name = "Auto-Submitted",
		 .kind = FIELD_TOKENS,
		 .optional = true,
		 .value = p->scheduled ? SLICE_LIT("auto-generated") : none},
		{.name = "X-Auto-Response-Suppress",
		 .kind = FIELD_TOKENS,
		 .optional = true,
		 .value = p->scheduled ? SLICE_LIT("All") : none},
		{.name = "List-Id", .kind = FIELD_ANGLE, .optional = true, .value = list},
		{.name = "List-Unsubscribe", .kind = FIELD_ANGLE, .optional = true, .value = leave},
		{.name = "List-Unsubscribe-Post",
		 .kind = FIELD_TOKENS,
		 .optional = true,
		 .value = leave.len > 0 ? SLICE_LIT("List-Unsubscribe=One-Click") : none},
		{.name = "MIME-Version", .kind = FIELD_TOKENS, .value = SLICE_LIT("1.0")},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		enum fault f = add_field(&c->head, &rows[i]);
		if (f == FAULT_BAD_FIELD) {
			problem_set(problem, f, "The mail's ");
			problem_add(problem, rows[i].name);
			problem_add(problem, " holds a line end, another control character or "
					     "something that is no UTF-8.");
		}
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return FAULT_NONE;
}

enum fault message_build(const struct message_parts *parts, struct arena *arena,
			 struct rope *out_rope, struct problem *problem)
{
	struct rope rope;
	struct composer c = {.parts = parts, .arena = arena, .rope = &rope};
	rope_init(&rope, arena);
	enum fault f = encode_text(arena, parts->text, &c.text);
	if (f == FAULT_NONE) {
		f = encode_text(arena, parts->html, &c.html);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	make_boundary(&c, LEVEL_ALTERNATIVE);
	if (parts->file_count > 0) {
		make_boundary(&c, LEVEL_MIXED);
	}
	if (parts->picture_count > 0) {
		make_boundary(&c, LEVEL_RELATED);
	}
	buf_init(&c.head, HEAD_MAX);
	c.fault = add_head(&c, problem);
	add_parts(&c);
	flush(&c);
	f = c.fault != FAULT_NONE ? c.fault : rope_close(&rope);
	buf_deinit(&c.head);
	if (f == FAULT_NONE) {
		*out_rope = rope;
	}
	return f;
}
