#include "render/confluence/quick.h"

#include <string.h>

#include "spool-free/base/sixteen.h"
#include "spool-free/base/text.h"
#include "render/confluence/entities.h"

/* Where we are in the page; the elements open there, by name. */
struct quick {
	struct reader *reader;
	const char *at;
	const char *end;
	unsigned depth;
	struct slice open[QUICK_DEPTH];
};

enum byte_class { OTHER = 0, NAME_START = 1, NAME = 2, SPACE = 4 };

/* Names of ASCII alone: no element and attribute of Confluence's has others. A CR is left to the parser, too. */
static const unsigned char classes[256] = {
	['a' ... 'z'] = NAME_START | NAME,
	['A' ... 'Z'] = NAME_START | NAME,
	['0' ... '9'] = NAME,
	[':'] = NAME_START | NAME,
	['_'] = NAME_START | NAME,
	['-'] = NAME,
	['.'] = NAME,
	[' '] = SPACE,
	['\t'] = SPACE,
	['\n'] = SPACE,
};

static bool is(enum byte_class class, char c)
{
	return (classes[(unsigned char)c] & class) != 0;
}

static size_t left(const struct quick *q)
{
	return (size_t)(q->end - q->at);
}

static bool starts(const struct quick *q, struct slice what)
{
	return left(q) >= what.len && memcmp(q->at, what.ptr, what.len) == 0;
}

/* The first of three bytes from `at` on, or the end. */
static const char *find(const char *at, const char *end, char a, char b, char c)
{
	for (; end - at >= SIXTEEN; at += SIXTEEN) {
		sixteen_lanes v = sixteen_load(at);
		unsigned bits = sixteen_bits(sixteen_equal(v, a) | sixteen_equal(v, b) |
					     sixteen_equal(v, c));
		if (bits != 0) {
			return at + sixteen_first(bits);
		}
	}
	while (at < end && *at != a && *at != b && *at != c) {
		at++;
	}
	return at;
}

/* --- the page as a whole: all its bytes are characters that XML takes (2.2), none is a CR --- */

static bool is_noncharacter(const char *at, const char *end)
{
	return end - at >= 3 && (unsigned char)at[0] == 0xEF && (unsigned char)at[1] == 0xBF &&
	       (unsigned char)at[2] >= 0xBE;
}

static bool holds_characters(struct slice s)
{
	const char *at = s.ptr;
	const char *end = s.ptr + s.len;
	while (end - at >= SIXTEEN) {
		sixteen_lanes v = sixteen_load(at);
		sixteen_lanes control = sixteen_less(v, ' ') & ~sixteen_less(v, 0) &
					~sixteen_equal(v, '\n') & ~sixteen_equal(v, '\t');
		unsigned bits = sixteen_bits(control | sixteen_equal(v, (char)0xEF));
		unsigned at_bit = bits != 0 ? sixteen_first(bits) : SIXTEEN;
		if (at_bit < SIXTEEN) {
			if ((unsigned char)at[at_bit] != 0xEF ||
			    is_noncharacter(at + at_bit, end)) {
				return false;
			}
			at_bit++;
		}
		at += at_bit;
	}
	for (; at < end; at++) {
		if (((unsigned char)*at < ' ' && !is(SPACE, *at)) || is_noncharacter(at, end)) {
			return false;
		}
	}
	return text_utf8_valid(s) == s.len;
}

/* --- entities (4.1) --- */

static bool is_character(uint32_t code)
{
	return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code < 0xD800) ||
	       (code >= 0xE000 && code < 0xFFFE) || (code >= 0x10000 && code <= 0x10FFFF);
}

/* The one at `&`, strictly: ends with a semicolon, has a small x before hexadecimal digits. */
static bool take_entity(const char **at, const char *end, uint32_t *out_code)
{
	struct slice rest = slice_of(*at, (size_t)(end - *at));
	if (rest.len < 4 || memcmp(rest.ptr, "&#X", 3) == 0 || !entities_next(&rest, out_code) ||
	    rest.ptr[-1] != ';' || !is_character(*out_code)) {
		return false;
	}
	*at = rest.ptr;
	return true;
}

static bool read_entity(struct quick *q)
{
	char bytes[TEXT_UTF8_MAX];
	uint32_t code;
	if (!take_entity(&q->at, q->end, &code)) {
		return false;
	}
	reader_text(q->reader, slice_of(bytes, text_encode(code, bytes)));
	return true;
}

/* --- tags (3.1) --- */

/* Takes a name; empty when there is none. */
static struct slice take_name(struct quick *q)
{
	const char *start = q->at;
	if (q->at == q->end || !is(NAME_START, *q->at)) {
		return slice_of(start, 0);
	}
	do {
		q->at++;
	} while (q->at < q->end && is(NAME, *q->at));
	return slice_of(start, (size_t)(q->at - start));
}

static bool take_spaces(struct quick *q)
{
	const char *start = q->at;
	while (q->at < q->end && is(SPACE, *q->at)) {
		q->at++;
	}
	return q->at > start;
}

static bool take_byte(struct quick *q, char c)
{
	bool there = q->at < q->end && *q->at == c;
	q->at += there;
	return there;
}

/* A value with entities, tabs or line ends becomes what is meant by it (3.3.3). */
static bool normalize(struct quick *q, struct slice raw, struct slice *out_value)
{
	struct builder *b = &q->reader->b;
	const char *at = raw.ptr;
	const char *end = raw.ptr + raw.len;
	char *made = b->fault == FAULT_NONE ? arena_bytes(b->arena, raw.len) : NULL;
	size_t n = 0;
	if (made == NULL) {
		b->fault = FAULT_NO_MEMORY;
		*out_value = slice_of(NULL, 0);
		return true;
	}
	while (at < end) {
		uint32_t code;
		if (*at != '&') {
			made[n++] = is(SPACE, *at) ? ' ' : *at;
			at++;
		} else if (take_entity(&at, end, &code)) { /* never shorter than its character */
			n += text_encode(code, made + n);
		} else {
			return false;
		}
	}
	*out_value = slice_of(made, n);
	return true;
}

static bool take_value(struct quick *q, struct slice *out_value)
{
	if (left(q) < 2 || (*q->at != '"' && *q->at != '\'')) {
		return false;
	}
	char quote = *q->at++;
	const char *start = q->at;
	bool plain = true;
	for (;; q->at++) {
		q->at = find(q->at, q->end, quote, '<', '&');
		if (q->at == q->end || *q->at == '<') {
			return false;
		}
		if (*q->at == quote) {
			break;
		}
		plain = false;
	}
	struct slice raw = slice_of(start, (size_t)(q->at - start));
	q->at++;
	plain = plain && memchr(raw.ptr, '\n', raw.len) == NULL &&
		memchr(raw.ptr, '\t', raw.len) == NULL;
	*out_value = raw;
	return plain || normalize(q, raw, out_value);
}

static bool take_attribute(struct quick *q, struct tag *t)
{
	struct attr a;
	a.name = take_name(q);
	take_spaces(q);
	if (a.name.len == 0 || t->attr_count == TAG_ATTRS_MAX || !take_byte(q, '=')) {
		return false;
	}
	take_spaces(q);
	for (size_t i = 0; i < t->attr_count; i++) {
		if (slice_eq(t->attrs[i].name, a.name)) {
			return false;
		}
	}
	if (!take_value(q, &a.value)) {
		return false;
	}
	t->attrs[t->attr_count++] = a;
	return true;
}

/* Behind `<`. */
static bool read_start(struct quick *q)
{
	struct tag tag;
	tag.attr_count = 0;
	tag.name = take_name(q);
	if (tag.name.len == 0) {
		return false;
	}
	while (take_spaces(q) && q->at < q->end && is(NAME_START, *q->at)) {
		if (!take_attribute(q, &tag)) {
			return false;
		}
	}
	bool closed = take_byte(q, '/');
	if (!take_byte(q, '>') || q->depth == QUICK_DEPTH) {
		return false;
	}
	reader_start(q->reader, &tag);
	if (closed) {
		reader_end(q->reader);
	} else {
		q->open[q->depth++] = tag.name;
	}
	return true;
}

/* Behind `</`. */
static bool read_end(struct quick *q)
{
	if (q->depth == 0) {
		return false;
	}
	struct slice name = q->open[--q->depth];
	if (!starts(q, name)) {
		return false;
	}
	q->at += name.len;
	take_spaces(q);
	reader_end(q->reader);
	return take_byte(q, '>');
}

/* --- the rest --- */

/* Behind `<!--`: two hyphens stand nowhere but at its end (2.5). */
static bool read_comment(struct quick *q)
{
	const char *hyphens = memmem(q->at, left(q), "--", 2);
	if (hyphens == NULL) {
		return false;
	}
	q->at = hyphens + 2;
	return take_byte(q, '>');
}

/* Behind `<![CDATA[`. */
static bool read_cdata(struct quick *q)
{
	const char *stop = memmem(q->at, left(q), "]]>", 3);
	if (stop == NULL) {
		return false;
	}
	reader_text(q->reader, slice_of(q->at, (size_t)(stop - q->at)));
	q->at = stop + 3;
	return true;
}

static bool read_markup(struct quick *q)
{
	q->at++;
	if (take_byte(q, '/')) {
		return read_end(q);
	}
	if (!take_byte(q, '!')) {
		return read_start(q);
	}
	if (starts(q, SLICE_LIT("--"))) {
		q->at += 2;
		return read_comment(q);
	}
	if (starts(q, SLICE_LIT("[CDATA["))) {
		q->at += 7;
		return read_cdata(q);
	}
	return false;
}

/* Up to the next tag or entity; `]]>` does not stand in it (2.4). */
static bool read_text(struct quick *q)
{
	const char *start = q->at;
	q->at = find(q->at, q->end, '<', '&', '>');
	while (q->at < q->end && *q->at == '>') {
		if (q->at - start >= 2 && memcmp(q->at - 2, "]]", 2) == 0) {
			return false;
		}
		q->at = find(q->at + 1, q->end, '<', '&', '>');
	}
	if (q->at > start) {
		reader_text(q->reader, slice_of(start, (size_t)(q->at - start)));
	}
	return true;
}

bool quick_read(struct slice body, struct reader *r)
{
	struct quick q;
	q.reader = r;
	q.at = body.ptr;
	q.end = body.ptr + body.len;
	q.depth = 0;
	if (body.len == 0) {
		return true;
	}
	if (!holds_characters(body)) {
		return false;
	}
	while (q.at < q.end && r->b.fault == FAULT_NONE) {
		bool known = *q.at == '<'   ? read_markup(&q)
			     : *q.at == '&' ? read_entity(&q)
					    : read_text(&q);
		if (!known) {
			return false;
		}
	}
	return q.depth == 0 || r->b.fault != FAULT_NONE;
}
