#include "relay/command/receipt_report.h"

#include "spool-free/base/digest.h"
#include "spool-free/base/hex.h"
#include "spool-free/base/json.h"
#include "spool-free/base/text.h"

enum { COLUMN = 12, OUTCOMES_MAX = 8 };

struct count {
	struct slice outcome, number;
};

/* What a claim says, as it stands there. */
struct claim {
	struct slice job, page_id, page_version, sha256, size, html, text, outcome, taken, ended,
		software;
	struct count counts[OUTCOMES_MAX];
	size_t count_count;
};

/* A text or number of an object, where the row says, or an object with rows of its own. */
struct row {
	struct slice key;
	struct slice *into;
	const struct row *inner;
	size_t inner_count;
};

static enum fault refuse(struct problem *p)
{
	return problem_set(p, FAULT_BAD_FIELD,
			   "The receipt's claim is not one that this version understands.");
}

/* --- reading ---------------------------------------------------------------------------------------- */

static enum fault take_object(struct json *j, const struct row *rows, size_t count);

static enum fault take_value(struct json *j, const struct row *row)
{
	struct json_token t = json_next(j);
	if (t.kind == JSON_OBJECT && row->inner_count > 0) {
		return take_object(j, row->inner, row->inner_count);
	}
	if (row->into != NULL && (t.kind == JSON_STRING || t.kind == JSON_NUMBER)) {
		*row->into = t.text;
		return FAULT_NONE;
	}
	return json_skip(j, t);
}

/* Behind its brace; what no row names is passed over. Objects of a claim lie two deep, whatever else it says. */
static enum fault take_object(struct json *j, const struct row *rows, size_t count)
{
	struct json_token t = json_next(j);
	enum fault f = FAULT_NONE;
	for (; f == FAULT_NONE && t.kind == JSON_KEY; t = json_next(j)) {
		size_t i = 0;
		while (i < count && !slice_eq(t.text, rows[i].key)) {
			i++;
		}
		f = i < count ? take_value(j, &rows[i]) : json_skip(j, t);
	}
	return f == FAULT_NONE && t.kind != JSON_OBJECT_END ? FAULT_BAD_JSON : f;
}

/* How many recipients came to what: the keys are outcomes. */
static enum fault take_counts(struct json *j, struct claim *c)
{
	struct json_token t = json_next(j);
	if (t.kind != JSON_OBJECT) {
		return FAULT_BAD_JSON;
	}
	for (t = json_next(j); t.kind == JSON_KEY; t = json_next(j)) {
		struct json_token number = json_next(j);
		if (number.kind != JSON_NUMBER || c->count_count == OUTCOMES_MAX) {
			return FAULT_BAD_JSON;
		}
		c->counts[c->count_count++] = (struct count){t.text, number.text};
	}
	return t.kind == JSON_OBJECT_END ? FAULT_NONE : FAULT_BAD_JSON;
}

static enum fault take_claim(struct json *j, struct claim *c)
{
	const struct row page[] = {{SLICE_INIT("id"), &c->page_id, NULL, 0},
				   {SLICE_INIT("version"), &c->page_version, NULL, 0}};
	const struct row message[] = {{SLICE_INIT("sha256"), &c->sha256, NULL, 0},
				      {SLICE_INIT("size"), &c->size, NULL, 0},
				      {SLICE_INIT("html_bytes"), &c->html, NULL, 0},
				      {SLICE_INIT("text_bytes"), &c->text, NULL, 0}};
	const struct row rows[] = {{SLICE_INIT("job"), &c->job, NULL, 0},
				   {SLICE_INIT("page"), NULL, page, COUNT_OF(page)},
				   {SLICE_INIT("message"), NULL, message, COUNT_OF(message)},
				   {SLICE_INIT("outcome"), &c->outcome, NULL, 0},
				   {SLICE_INIT("taken"), &c->taken, NULL, 0},
				   {SLICE_INIT("ended"), &c->ended, NULL, 0},
				   {SLICE_INIT("software"), &c->software, NULL, 0}};
	struct json_token t = json_next(j);
	enum fault f = t.kind == JSON_OBJECT ? FAULT_NONE : FAULT_BAD_JSON;
	for (t = json_next(j); f == FAULT_NONE && t.kind == JSON_KEY; t = json_next(j)) {
		size_t i = 0;
		while (i < COUNT_OF(rows) && !slice_eq(t.text, rows[i].key)) {
			i++;
		}
		if (slice_eq(t.text, SLICE_LIT("recipients"))) {
			f = take_counts(j, c);
		} else {
			f = i < COUNT_OF(rows) ? take_value(j, &rows[i]) : json_skip(j, t);
		}
	}
	return f == FAULT_NONE && t.kind != JSON_OBJECT_END ? FAULT_BAD_JSON : f;
}

/* --- writing ---------------------------------------------------------------------------------------- */

/* A page's id is whatever the app called it: no escape sequence reaches a terminal. */
static enum fault add_words(struct buf *out, struct slice words)
{
	enum fault f = FAULT_NONE;
	char bytes[TEXT_UTF8_MAX];
	while (words.len > 0 && f == FAULT_NONE) {
		uint32_t code = text_next(&words);
		bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
		f = buf_add(out, slice_of(bytes, text_encode(control ? '?' : code, bytes)));
	}
	return f;
}

/* Of several parts; ones that are NULL or empty are none. */
static enum fault add_row(struct buf *out, const char *name, const struct slice *parts,
			  size_t count)
{
	struct slice label = slice_of_text(name);
	enum fault f = buf_add(out, label);
	for (size_t i = label.len; i < COLUMN && f == FAULT_NONE; i++) {
		f = buf_add_byte(out, ' ');
	}
	for (size_t i = 0; i < count && f == FAULT_NONE; i++) {
		f = add_words(out, parts[i]);
	}
	return f == FAULT_NONE ? buf_add_byte(out, '\n') : f;
}

#define ROW(out, name, ...)                                                                        \
	add_row(out, name, (const struct slice[]){__VA_ARGS__},                                    \
		COUNT_OF(((const struct slice[]){__VA_ARGS__})))

static enum fault add_counts(const struct claim *c, struct buf *out)
{
	struct slice parts[4 * OUTCOMES_MAX];
	size_t n = 0;
	for (size_t i = 0; i < c->count_count; i++) {
		parts[n++] = i > 0 ? SLICE_LIT(", ") : (struct slice){0};
		parts[n++] = c->counts[i].number;
		parts[n++] = SLICE_LIT(" ");
		parts[n++] = c->counts[i].outcome;
	}
	return add_row(out, "recipients", parts, n);
}

static enum fault add_page(const struct claim *c, struct buf *out)
{
	if (c->page_id.len == 0) {
		return FAULT_NONE;
	}
	return c->page_version.len > 0
		       ? ROW(out, "page", c->page_id, SLICE_LIT(", version "), c->page_version)
		       : ROW(out, "page", c->page_id);
}

static enum fault add_all(const struct claim *c, struct buf *out)
{
	enum fault f = ROW(out, "job", c->job);
	f = f == FAULT_NONE ? add_page(c, out) : f;
	f = f == FAULT_NONE ? ROW(out, "message", c->size, SLICE_LIT(" bytes; of it HTML "),
				  c->html, SLICE_LIT(", text "), c->text)
			    : f;
	f = f == FAULT_NONE ? ROW(out, "SHA-256", c->sha256) : f;
	f = f == FAULT_NONE ? ROW(out, "outcome", c->outcome) : f;
	f = f == FAULT_NONE ? add_counts(c, out) : f;
	f = f == FAULT_NONE ? ROW(out, "taken", c->taken) : f;
	f = f == FAULT_NONE ? ROW(out, "ended", c->ended) : f;
	return f == FAULT_NONE ? ROW(out, "software", c->software) : f;
}

enum fault receipt_report_write(struct buf *claim, struct buf *out,
				struct receipt_message *out_message, struct problem *p)
{
	struct claim c = {0};
	struct json j;
	uint64_t size;
	json_init(&j, claim->ptr, claim->len);
	if (take_claim(&j, &c) != FAULT_NONE || json_next(&j).kind != JSON_END ||
	    !slice_to_u64(c.size, UINT64_MAX, &size) || c.sha256.len != (size_t)2 * DIGEST_LEN) {
		return refuse(p);
	}
	enum fault f = add_all(&c, out);
	if (f == FAULT_NONE) {
		*out_message = (struct receipt_message){.sha256 = c.sha256, .size = size};
	}
	return f;
}

/* --- what is compared with it ------------------------------------------------------------------------ */

enum fault receipt_report_find(struct buf *text, struct slice *out_receipt, struct problem *p)
{
	struct slice receipt = slice_trim(buf_view(text));
	struct json j;
	if (!slice_starts(receipt, SLICE_LIT("{"))) {
		*out_receipt = receipt;
		return FAULT_NONE;
	}
	const struct row rows[] = {{SLICE_INIT("receipt"), out_receipt, NULL, 0}};
	*out_receipt = (struct slice){0};
	json_init(&j, text->ptr, text->len);
	json_next(&j);
	enum fault f = take_object(&j, rows, COUNT_OF(rows));
	if (f != FAULT_NONE || out_receipt->len == 0) {
		return problem_set(p, FAULT_BAD_FIELD, "There is no receipt in this answer.");
	}
	return FAULT_NONE;
}

/* Each line end becomes CRLF. */
static enum fault to_wire(struct slice text, struct buf *out)
{
	enum fault f = FAULT_NONE;
	while (text.len > 0 && f == FAULT_NONE) {
		struct slice line = slice_first(text, slice_find_byte(text, '\n'));
		bool has_end = line.len < text.len;
		text = slice_skip(text, line.len + 1);
		line.len -= has_end && slice_ends(line, SLICE_LIT("\r"));
		f = buf_add(out, line);
		f = f == FAULT_NONE && has_end ? buf_add_text(out, "\r\n") : f;
	}
	return f;
}

enum fault receipt_report_compare(const struct receipt_message *m, struct buf *message,
				  bool *out_is_same)
{
	CLEANUP(buf_deinit) struct buf wire;
	unsigned char hash[DIGEST_LEN];
	char hex[2 * DIGEST_LEN];
	buf_init(&wire, 2 * message->len + 1);
	enum fault f = to_wire(buf_view(message), &wire);
	if (f != FAULT_NONE) {
		return f;
	}
	*out_is_same = false;
	if (wire.len >= m->size) {
		digest_sha256(slice_skip(buf_view(&wire), wire.len - m->size), hash);
		hex_encode(slice_of(hash, sizeof(hash)), hex);
		*out_is_same = slice_eq(m->sha256, slice_of(hex, sizeof(hex)));
	}
	return FAULT_NONE;
}
