#include "spool-free/base/json.h"

#include <assert.h>
#include <string.h>

#include "spool-free/base/hex.h"
#include "spool-free/base/text.h"

/* What the grammar lets come next. */
enum expect {
	EXPECT_VALUE,
	EXPECT_VALUE_OR_END, /* just behind a [ */
	EXPECT_KEY,
	EXPECT_KEY_OR_END, /* just behind a { */
	EXPECT_COMMA_OR_END,
	EXPECT_NOTHING,
};

static const char *const expected[] = {
	[EXPECT_VALUE] = "a value was expected.",
	[EXPECT_VALUE_OR_END] = "a value or ] was expected.",
	[EXPECT_KEY] = "a key in quotes was expected.",
	[EXPECT_KEY_OR_END] = "a key in quotes or } was expected.",
	[EXPECT_COMMA_OR_END] = NULL, /* depends on what is open */
	[EXPECT_NOTHING] = "nothing more was expected.",
};

void json_init(struct json *j, char *bytes, size_t len)
{
	*j = (struct json){.bytes = bytes, .len = len, .expect = EXPECT_VALUE};
}

enum fault json_fault(const struct json *j)
{
	return j->problem.fault;
}

const struct problem *json_problem(const struct json *j)
{
	return &j->problem;
}

bool json_seen_twice(uint64_t *seen, unsigned field)
{
	assert(field < 64);
	uint64_t mark = (uint64_t)1 << field;
	bool before = (*seen & mark) != 0;
	*seen |= mark;
	return before;
}

static struct json_token bad(struct json *j, size_t at, const char *what)
{
	problem_set(&j->problem, FAULT_BAD_JSON, "The JSON is wrong at byte ");
	problem_add_number(&j->problem, at);
	problem_add(&j->problem, ": ");
	problem_add(&j->problem, what);
	return (struct json_token){.kind = JSON_BAD, .at = at};
}

/* A value that is kept as it is has a reader of its own, which bears more than tables of fields do. */
static unsigned most_levels(const struct json *j)
{
	return j->keeps ? JSON_RAW_DEPTH : JSON_DEPTH;
}

static struct json_token too_deep(struct json *j)
{
	problem_set(&j->problem, FAULT_TOO_DEEP, "The JSON is nested deeper than ");
	problem_add_number(&j->problem, most_levels(j));
	problem_add(&j->problem, " levels at byte ");
	problem_add_number(&j->problem, j->at);
	problem_add(&j->problem, ".");
	return (struct json_token){.kind = JSON_BAD, .at = j->at};
}

static bool is_in_object(const struct json *j)
{
	unsigned level = j->depth - 1;
	return j->depth > 0 && (j->in_object[level / 8] >> level % 8 & 1) != 0;
}

static struct json_token unexpected(struct json *j)
{
	const char *what = expected[j->expect];
	if (what == NULL) {
		what = is_in_object(j) ? "a comma or } was expected."
				       : "a comma or ] was expected.";
	}
	return bad(j, j->at, what);
}

/* The next byte, or 0 at the end: no token begins with NUL. */
static char peek(const struct json *j)
{
	return j->at < j->len ? j->bytes[j->at] : '\0';
}

static void skip_blanks(struct json *j)
{
	while (j->at < j->len && j->bytes[j->at] != '\0' &&
	       strchr(" \t\r\n", j->bytes[j->at]) != NULL) {
		j->at++;
	}
}

static void expect_after_value(struct json *j)
{
	j->expect = j->depth > 0 ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;
}

/* ---- strings ---- */

/* Marks the top bit of each of eight bytes that a string cannot hold as it is, or that is not
 * ASCII. */
static uint64_t special_bytes(uint64_t eight)
{
	const uint64_t ones = 0x0101010101010101U;
	const uint64_t tops = 0x8080808080808080U;
	uint64_t quote = eight ^ ones * '"';
	uint64_t backslash = eight ^ ones * '\\';
	return ((quote - ones) | (backslash - ones) | (eight - ones * 0x20) | eight) & tops;
}

/* Length of the longest start without quote, backslash, control byte and non-ASCII byte; large
 * strings are fast. */
static size_t plain_run(struct slice s)
{
	size_t at = 0;
	while (s.len - at >= sizeof(uint64_t)) {
		uint64_t eight;
		memcpy(&eight, s.ptr + at, sizeof(eight));
		if (special_bytes(eight) != 0) {
			break;
		}
		at += sizeof(eight);
	}
	while (at < s.len) {
		unsigned char c = (unsigned char)s.ptr[at];
		if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') {
			break;
		}
		at++;
	}
	return at;
}

/* The four digits of a \u escape at `at`. */
static bool read_unit(const struct json *j, size_t at, uint32_t *out_unit)
{
	unsigned char two[2];
	if (j->len - at < 4 || hex_decode(slice_of(j->bytes + at, 4), (char *)two) != FAULT_NONE) {
		return false;
	}
	*out_unit = (uint32_t)two[0] << 8 | two[1];
	return true;
}

/* `j->at` is behind `\u`; a pair of surrogates is one code point (RFC 8259, section 7). */
static const char *read_code(struct json *j, uint32_t *out_code)
{
	static const char *const lone = "an escaped surrogate stands alone.";
	uint32_t high, low;
	if (!read_unit(j, j->at, &high)) {
		return "four hexadecimal digits were expected.";
	}
	j->at += 4;
	*out_code = high;
	if (high < 0xD800 || high > 0xDFFF) {
		return NULL;
	}
	if (high > 0xDBFF || j->len - j->at < 2 || memcmp(j->bytes + j->at, "\\u", 2) != 0 ||
	    !read_unit(j, j->at + 2, &low) || low < 0xDC00 || low > 0xDFFF) {
		return lone;
	}
	j->at += 6;
	*out_code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
	return NULL;
}

/* `j->at` is on a backslash; what it stands for goes to `*to`, which is never past it. NULL, or
 * what is wrong. */
static const char *unescape(struct json *j, char **to)
{
	static const char names[] = "\"\\/bfnrt";
	static const char bytes[] = "\"\\/\b\f\n\r\t";
	uint32_t code;
	j->at++;
	char c = peek(j);
	if (c == 'u') {
		j->at++;
		const char *wrong = read_code(j, &code);
		if (wrong == NULL) {
			*to += text_encode(code, *to);
		}
		return wrong;
	}
	const char *name = c != '\0' ? strchr(names, c) : NULL;
	if (name == NULL) {
		return "one of \" \\ / b f n r t u was expected.";
	}
	j->at++;
	*(*to)++ = bytes[name - names];
	return NULL;
}

/* What stops a plain run: the closing quote sets `out_closed`, the rest is passed over. NULL, or
 * what is wrong. */
static const char *read_special(struct json *j, char **to, bool *out_closed)
{
	struct slice rest = slice_of(j->bytes + j->at, j->len - j->at);
	if (rest.len == 0) {
		return "the string does not end.";
	}
	unsigned char c = (unsigned char)rest.ptr[0];
	if (c == '"') {
		j->at++;
		*out_closed = true;
		return NULL;
	}
	if (c == '\\') {
		return unescape(j, to);
	}
	if (c < 0x20) {
		return "a control character must be escaped.";
	}
	uint32_t code = text_next(&rest);
	size_t len = (size_t)(rest.ptr - (j->bytes + j->at));
	if (code == TEXT_REPLACEMENT && len == 1) {
		return "this is not UTF-8.";
	}
	memmove(*to, j->bytes + j->at, len);
	*to += len;
	j->at += len;
	return NULL;
}

/* `j->at` is on the opening quote. Unescaped text moves to the front of the string's own bytes, unless they are kept. */
static bool read_string(struct json *j, struct slice *out_text)
{
	char spare[TEXT_UTF8_MAX];
	char *start = j->bytes + ++j->at;
	char *to = start;
	bool closed = false;
	while (!closed) {
		char *from = j->bytes + j->at;
		size_t n = plain_run(slice_of(from, j->len - j->at));
		if (to != from && !j->keeps) {
			memmove(to, from, n);
		}
		to = j->keeps ? spare : to + n;
		j->at += n;
		size_t at = j->at;
		const char *wrong = read_special(j, &to, &closed);
		if (wrong != NULL) {
			bad(j, at, wrong);
			return false;
		}
	}
	*out_text = j->keeps ? (struct slice){0} : slice_of(start, (size_t)(to - start));
	return true;
}

/* ---- numbers and words ---- */

static size_t skip_digits(struct json *j)
{
	size_t from = j->at;
	while (peek(j) >= '0' && peek(j) <= '9') {
		j->at++;
	}
	return j->at - from;
}

/* RFC 8259, section 6: -? int frac? exp?; no leading zero. */
static bool pass_number(struct json *j)
{
	j->at += peek(j) == '-';
	if (peek(j) == '0') {
		j->at++;
	} else if (skip_digits(j) == 0) {
		return false;
	}
	if (peek(j) == '.') {
		j->at++;
		if (skip_digits(j) == 0) {
			return false;
		}
	}
	if (peek(j) == 'e' || peek(j) == 'E') {
		j->at++;
		j->at += peek(j) == '+' || peek(j) == '-';
		return skip_digits(j) > 0;
	}
	return true;
}

static struct json_token read_number(struct json *j)
{
	size_t at = j->at;
	if (!pass_number(j)) {
		return bad(j, j->at, "a digit was expected.");
	}
	expect_after_value(j);
	return (struct json_token){
		.kind = JSON_NUMBER, .text = slice_of(j->bytes + at, j->at - at), .at = at};
}

static struct json_token read_word(struct json *j)
{
	static const struct {
		struct slice word;
		enum json_kind kind;
	} words[] = {
		{SLICE_INIT("true"), JSON_TRUE},
		{SLICE_INIT("false"), JSON_FALSE},
		{SLICE_INIT("null"), JSON_NULL},
	};
	struct slice rest = slice_of(j->bytes + j->at, j->len - j->at);
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (slice_starts(rest, words[i].word)) {
			struct json_token t = {.kind = words[i].kind, .at = j->at};
			j->at += words[i].word.len;
			expect_after_value(j);
			return t;
		}
	}
	return unexpected(j);
}

/* ---- structure ---- */

static struct json_token open_level(struct json *j, bool object)
{
	unsigned level = j->depth;
	if (level >= most_levels(j)) {
		return too_deep(j);
	}
	unsigned rest = j->in_object[level / 8] & ~(1U << level % 8);
	j->in_object[level / 8] = (unsigned char)(rest | (object ? 1U << level % 8 : 0));
	j->depth++;
	j->expect = object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
	return (struct json_token){.kind = object ? JSON_OBJECT : JSON_ARRAY, .at = j->at++};
}

static struct json_token close_level(struct json *j)
{
	enum json_kind kind = is_in_object(j) ? JSON_OBJECT_END : JSON_ARRAY_END;
	j->depth--;
	expect_after_value(j);
	return (struct json_token){.kind = kind, .at = j->at++};
}

static struct json_token read_key(struct json *j)
{
	struct json_token t = {.kind = JSON_KEY, .at = j->at};
	if (peek(j) != '"') {
		return unexpected(j);
	}
	if (!read_string(j, &t.text)) {
		return (struct json_token){.kind = JSON_BAD, .at = j->at};
	}
	skip_blanks(j);
	if (peek(j) != ':') {
		return bad(j, j->at, "a colon was expected.");
	}
	j->at++;
	j->expect = EXPECT_VALUE;
	return t;
}

static struct json_token read_value(struct json *j)
{
	struct json_token t = {.kind = JSON_STRING, .at = j->at};
	char c = peek(j);
	if (c == '{' || c == '[') {
		return open_level(j, c == '{');
	}
	if (c == '-' || (c >= '0' && c <= '9')) {
		return read_number(j);
	}
	if (c != '"') {
		return read_word(j);
	}
	if (!read_string(j, &t.text)) {
		return (struct json_token){.kind = JSON_BAD, .at = j->at};
	}
	expect_after_value(j);
	return t;
}

static bool may_end(const struct json *j)
{
	return j->expect == EXPECT_COMMA_OR_END || j->expect == EXPECT_KEY_OR_END ||
	       j->expect == EXPECT_VALUE_OR_END;
}

struct json_token json_next(struct json *j)
{
	if (json_fault(j) != FAULT_NONE) {
		return (struct json_token){.kind = JSON_BAD, .at = j->at};
	}
	skip_blanks(j);
	if (j->expect == EXPECT_NOTHING) {
		return j->at == j->len ? (struct json_token){.kind = JSON_END, .at = j->at}
				       : unexpected(j);
	}
	if (may_end(j) && peek(j) == (is_in_object(j) ? '}' : ']')) {
		return close_level(j);
	}
	if (j->expect == EXPECT_COMMA_OR_END) {
		if (peek(j) != ',') {
			return unexpected(j);
		}
		j->at++;
		j->expect = is_in_object(j) ? EXPECT_KEY : EXPECT_VALUE;
		skip_blanks(j);
	}
	return j->expect == EXPECT_KEY || j->expect == EXPECT_KEY_OR_END ? read_key(j)
									 : read_value(j);
}

enum fault json_skip(struct json *j, struct json_token begun)
{
	struct json_token t = begun.kind == JSON_KEY ? json_next(j) : begun;
	unsigned outside = j->depth - 1;
	if (t.kind == JSON_OBJECT || t.kind == JSON_ARRAY) {
		while (j->depth > outside && json_next(j).kind != JSON_BAD) {
			/* its parts, down to its own end */
		}
	}
	return json_fault(j);
}

enum fault json_raw(struct json *j, struct json_token begun, struct slice *out_value)
{
	assert(begun.kind == JSON_OBJECT || begun.kind == JSON_ARRAY);
	j->keeps = true;
	enum fault f = json_skip(j, begun);
	j->keeps = false;
	*out_value = slice_of(j->bytes + begun.at, j->at - begun.at);
	return f;
}

/* `at` is behind an opening quote; the place behind the closing one. */
static size_t end_of_string(const struct json *j, size_t at)
{
	while (at < j->len && j->bytes[at] != '"') {
		at += j->bytes[at] == '\\' ? 2 : 1;
	}
	return at + 1;
}

size_t json_count(const struct json *j, struct json_token begun)
{
	size_t depth = 0;
	size_t count = 0;
	bool is_empty = true;
	assert(begun.kind == JSON_OBJECT || begun.kind == JSON_ARRAY);
	for (size_t at = begun.at + 1; at < j->len;) {
		char c = j->bytes[at++];
		if (depth == 0 && (c == ']' || c == '}')) {
			break;
		}
		count += depth == 0 && c == ',';
		is_empty = is_empty && (c == ' ' || c == '\t' || c == '\r' || c == '\n');
		if (c == '"') {
			at = end_of_string(j, at);
		} else if (c == '[' || c == '{') {
			depth++;
		} else if (c == ']' || c == '}') {
			depth--;
		}
	}
	return is_empty ? 0 : count + 1;
}
