#include "render/mime/quoted.h"

#include <string.h>

#include "render/mime/quoted_scan.h"

enum { ROOM = QUOTED_LINE - 1 /* the soft break's `=` */ };

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

static void put_line_end(struct out *o)
{
	memcpy(o->at, "\r\n", 2);
	o->at += 2;
	o->column = 0;
}

/* The bytes of the line end, LF or CRLF; 0 when there is none. */
static size_t line_end_at(const char *at, const char *end)
{
	size_t cr = at < end && *at == '\r' ? 1 : 0;
	return at + cr < end && at[cr] == '\n' ? cr + 1 : 0;
}

/* Three bytes for each that is not plain, leading dots and blanks at ends by their lines, soft
 * breaks. */
static bool worst_case(struct slice text, size_t *out_size)
{
	struct quoted_count count = quoted_count(text);
	size_t n = text.len;
	/* A line: CRLF, one octet at each end. A soft break: 3, and an octet for a dot behind it.
	 */
	return !__builtin_add_overflow(n, 2 * (count.octets + count.returns), &n) &&
	       !__builtin_add_overflow(n, (n / (ROOM - 3) + 1) * 5, &n) &&
	       !__builtin_add_overflow(n, (count.lines + 1) * 7, out_size);
}

static void put_text(struct out *o, const char *at, const char *end)
{
	bool open = false; /* a line without its end */
	while (at < end) {
		const char *stop = at + quoted_plain(at, (size_t)(end - at));
		size_t line_end = line_end_at(stop, end);
		open = line_end == 0;
		/* Blanks at the end would be lost on the way (6.7 rule 3). */
		bool last_blank = stop > at && (stop == end || line_end > 0) &&
				  (stop[-1] == ' ' || stop[-1] == '\t');
		put_run(o, at, last_blank ? stop - 1 : stop);
		if (last_blank) {
			put_octet(o, (unsigned char)stop[-1]);
		}
		if (line_end > 0) {
			put_line_end(o);
		} else if (stop < end) {
			put_octet(o, (unsigned char)*stop++);
		}
		at = stop + line_end;
	}
	if (open) {
		put_line_end(o);
	}
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
	put_text(&o, text.ptr, text.ptr + text.len);
	*out_quoted = slice_of(made, (size_t)(o.at - made));
	return FAULT_NONE;
}
