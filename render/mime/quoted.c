#include "render/mime/quoted.h"

#include <string.h>

enum { ROOM = QUOTED_LINE - 1 /* the soft break's `=` */ };

/* 1: stands as it is anywhere in a line (blanks at its end excepted). */
static const unsigned char plain[256] = {
	['\t'] = 1,
	[' ' ... '<'] = 1,
	['>' ... '~'] = 1,
};

size_t quoted_needed(struct slice text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		n += !plain[c] && c != '\n' && c != '\r' ? 1 : 0;
	}
	return n;
}

/* What goes out; `column` counts bytes of the open line. There is room for all of it (see
 * worst_case). */
struct out {
	char *at;
	size_t column;
};

static void put_octet(struct out *o, unsigned char c)
{
	if (o->column + 3 > ROOM) {
		memcpy(o->at, "=\r\n", 3);
		o->at += 3;
		o->column = 0;
	}
	o->at[0] = '=';
	o->at[1] = "0123456789ABCDEF"[c >> 4];
	o->at[2] = "0123456789ABCDEF"[c & 15];
	o->at += 3;
	o->column += 3;
}

static bool starts_badly(const char *at, const char *end)
{
	return at < end && (*at == '.' || (end - at >= 5 && memcmp(at, "From ", 5) == 0));
}

/* Plain bytes up to `end`, with soft breaks; a line that would begin with a dot begins with =2E. */
static void put_run(struct out *o, const char *at, const char *end)
{
	while (at < end) {
		if (o->column == ROOM) {
			memcpy(o->at, "=\r\n", 3);
			o->at += 3;
			o->column = 0;
		}
		if (o->column == 0 && starts_badly(at, end)) {
			put_octet(o, (unsigned char)*at++);
			continue;
		}
		size_t n = (size_t)(end - at);
		n = n < ROOM - o->column ? n : ROOM - o->column;
		memcpy(o->at, at, n);
		o->at += n;
		o->column += n;
		at += n;
	}
}

static void put_line(struct out *o, const char *at, const char *end)
{
	/* Blanks at the end would be lost on the way (6.7 rule 3). */
	bool last_blank = end > at && (end[-1] == ' ' || end[-1] == '\t');
	const char *stop = last_blank ? end - 1 : end;
	o->column = 0;
	while (at < stop) {
		const char *run = at;
		while (at < stop && plain[(unsigned char)*at]) {
			at++;
		}
		put_run(o, run, at);
		if (at < stop) {
			put_octet(o, (unsigned char)*at++);
		}
	}
	if (last_blank) {
		put_octet(o, (unsigned char)*stop);
	}
	memcpy(o->at, "\r\n", 2);
	o->at += 2;
}

/* Three bytes for each that is not plain, leading dots and blanks at ends by their lines, soft
 * breaks. */
static bool worst_case(struct slice text, size_t *out_size)
{
	size_t lines = 1;
	for (const char *p = text.ptr, *end = p + text.len;
	     p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++) {
		lines++;
	}
	size_t octets = 2 * quoted_needed(text);
	for (const char *p = text.ptr, *end = p + text.len;
	     p < end && (p = memchr(p, '\r', (size_t)(end - p))) != NULL; p++) {
		octets += 2;
	}
	size_t n = text.len;
	/* A line: CRLF, one octet at each end. A soft break: 3, and an octet for a dot behind it.
	 */
	return !__builtin_add_overflow(n, octets, &n) &&
	       !__builtin_add_overflow(n, (n / (ROOM - 3) + 1) * 5, &n) &&
	       !__builtin_add_overflow(n, lines * 7, out_size);
}

enum fault quoted_encode(struct arena *a, struct slice text, struct slice *out_quoted)
{
	size_t size;
	if (!worst_case(text, &size)) {
		return FAULT_NO_MEMORY;
	}
	char *made = arena_bytes(a, size);
	if (made == NULL) {
		return FAULT_NO_MEMORY;
	}
	struct out o = {.at = made};
	const char *at = text.ptr;
	const char *end = at + text.len;
	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		const char *stop = lf != NULL ? lf : end;
		const char *next = lf != NULL ? lf + 1 : end;
		put_line(&o, at, stop > at && lf != NULL && stop[-1] == '\r' ? stop - 1 : stop);
		at = next;
	}
	*out_quoted = slice_of(made, (size_t)(o.at - made));
	return FAULT_NONE;
}
