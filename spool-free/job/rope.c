#include "spool-free/job/rope.h"

#include <assert.h>
#include <string.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/sixteen.h"
#include "spool-free/base/text.h"

enum { SMALLEST_ROOM = 256 };

struct rope_piece {
	struct rope_piece *next;
	struct slice bytes; /* never empty */
	bool base64;
};

void rope_init(struct rope *r, struct arena *arena)
{
	*r = (struct rope){.arena = arena};
}

static enum fault append(struct rope *r, struct slice bytes, bool base64)
{
	struct rope_piece *p = arena_alloc(r->arena, sizeof(*p));
	if (p == NULL) {
		return FAULT_NO_MEMORY;
	}
	*p = (struct rope_piece){.bytes = bytes, .base64 = base64};
	if (r->last != NULL) {
		r->last->next = p;
	} else {
		r->first = p;
	}
	r->last = p;
	r->size += base64 ? base64_lines_len(bytes.len) : bytes.len;
	return FAULT_NONE;
}

/* The line that is open, as far as the bytes judged until now go. */
struct line {
	size_t len;
	bool after_cr;
};

/* Where the next byte is that ends a line or must not be there: CR, LF, NUL. */
static size_t find_end(const char *at, size_t len)
{
	size_t i = 0;
	for (; len - i >= SIXTEEN; i += SIXTEEN) {
		sixteen_lanes v = sixteen_load(at + i);
		unsigned ends = sixteen_bits(sixteen_equal(v, '\r') | sixteen_equal(v, '\n') |
					     sixteen_equal(v, '\0'));
		if (ends != 0) {
			return i + sixteen_first(ends);
		}
	}
	while (i < len && at[i] != '\r' && at[i] != '\n' && at[i] != '\0') {
		i++;
	}
	return i;
}

/* More bytes of one line, none of them an end: a dot does not begin it; it stays short enough. */
static bool line_grows(struct line *l, const char *at, size_t len)
{
	if (l->after_cr || len > ROPE_LINE_MAX - l->len || (l->len == 0 && *at == '.')) {
		return false;
	}
	l->len += len;
	return true;
}

static bool line_ends(struct line *l, char c)
{
	bool cr = c == '\r';
	if (c == '\0' || cr == l->after_cr) { /* CR and LF come in pairs alone */
		return false;
	}
	l->after_cr = cr;
	l->len = cr ? l->len : 0;
	return true;
}

static bool keeps_proof(struct line *l, struct slice bytes)
{
	const char *at = bytes.ptr;
	const char *end = bytes.ptr + bytes.len;
	while (at < end) {
		size_t n = find_end(at, (size_t)(end - at));
		if (n > 0 && !line_grows(l, at, n)) {
			return false;
		}
		/* The usual line is done with here. */
		at += n;
		if (end - at >= 2 && at[0] == '\r' && at[1] == '\n' && !l->after_cr) {
			l->len = 0;
			at += 2;
		} else if (at < end && !line_ends(l, *at++)) {
			return false;
		}
	}
	return true;
}

enum fault rope_add(struct rope *r, struct slice bytes)
{
	struct line l = {.len = r->line_len, .after_cr = r->after_cr};
	if (bytes.len == 0) {
		return FAULT_NONE;
	}
	if (!keeps_proof(&l, bytes)) {
		return FAULT_MALFORMED;
	}
	enum fault f = append(r, bytes, false);
	if (f == FAULT_NONE) {
		r->line_len = l.len;
		r->after_cr = l.after_cr;
		r->eight_bit |= !text_is_ascii(bytes);
	}
	return f;
}

enum fault rope_put_first(struct rope *r, struct slice lines)
{
	struct line l = {.len = 0};
	if (lines.len == 0) {
		return FAULT_NONE;
	}
	if (!keeps_proof(&l, lines) || l.len > 0 || l.after_cr) {
		return FAULT_MALFORMED;
	}
	struct rope_piece *p = arena_alloc(r->arena, sizeof(*p));
	if (p == NULL) {
		return FAULT_NO_MEMORY;
	}
	*p = (struct rope_piece){.next = r->first, .bytes = lines};
	r->first = p;
	r->last = r->last != NULL ? r->last : p;
	r->size += lines.len;
	return FAULT_NONE;
}

static bool is_at_line_start(const struct rope *r)
{
	return r->line_len == 0 && !r->after_cr;
}

enum fault rope_add_base64(struct rope *r, struct slice bytes)
{
	if (!is_at_line_start(r)) {
		return FAULT_MALFORMED;
	}
	return bytes.len > 0 ? append(r, bytes, true) : FAULT_NONE;
}

enum fault rope_close(const struct rope *r)
{
	return r->first != NULL && is_at_line_start(r) ? FAULT_NONE : FAULT_MALFORMED;
}

void rope_rewind(const struct rope *r, struct rope_cursor *c)
{
	*c = (struct rope_cursor){.piece = r->first};
}

/* Both write as much of `left` as fits and say by `out_taken` how much of it that was. */
static size_t read_literal(struct slice left, char *room, size_t size, size_t *out_taken)
{
	struct slice now = slice_first(left, size);
	memcpy(room, now.ptr, now.len);
	*out_taken = now.len;
	return now.len;
}

static size_t read_base64(struct slice left, char *room, size_t size, size_t *out_taken)
{
	struct slice now = slice_first(left, size / BASE64_LINE_OUT * BASE64_LINE_IN);
	base64_encode_lines(now, room);
	*out_taken = now.len;
	return base64_lines_len(now.len);
}

size_t rope_read(struct rope_cursor *c, char *room, size_t size)
{
	assert(size >= SMALLEST_ROOM);
	size_t filled = 0;
	while (c->piece != NULL && filled < size) {
		size_t taken;
		struct slice left = slice_skip(c->piece->bytes, c->at);
		filled += c->piece->base64
				  ? read_base64(left, room + filled, size - filled, &taken)
				  : read_literal(left, room + filled, size - filled, &taken);
		c->at += taken;
		if (taken < left.len) {
			break;
		}
		c->piece = c->piece->next;
		c->at = 0;
	}
	return filled;
}

bool rope_at_end(const struct rope_cursor *c)
{
	return c->piece == NULL;
}
