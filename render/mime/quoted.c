#include "render/mime/quoted.h"

#include <string.h>

enum {
	ROOM = QUOTED_LINE - 1, /* the soft break's `=` */
	SLACK = 32,		/* quoted_copy() writes behind what it copies */
};

/* What goes out; `column` counts bytes of the open line. There is room for all of it (see
 * worst_case). */
struct out {
	char *at;
	size_t column;
};

static void break_softly(struct out *o)
{
	memcpy(o->at, "=\r\n", 3);
	o->at += 3;
	o->column = 0;
}

static void put_octet(struct out *o, unsigned char c)
{
	if (o->column + 3 > ROOM) {
		break_softly(o);
	}
	o->at[0] = '=';
	o->at[1] = "0123456789ABCDEF"[c >> 4];
	o->at[2] = "0123456789ABCDEF"[c & 15];
	o->at += 3;
	o->column += 3;
}

/* A dot at the front of a line, or the word that mailboxes part mails by. */
static bool starts_badly(const char *at, const char *end)
{
	return *at == '.' || (*at == 'F' && end - at >= 5 && memcmp(at, "From ", 5) == 0);
}

/* Blanks at the end of a line would be lost on the way (6.7 rule 3): one that stands there already is taken back. */
static void put_last_blank(struct out *o)
{
	bool blank = o->column > 0 && (o->at[-1] == ' ' || o->at[-1] == '\t');
	if (blank) {
		o->at--;
		o->column--;
		put_octet(o, (unsigned char)*o->at);
	}
}

static void put_line_end(struct out *o)
{
	put_last_blank(o);
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
static bool worst_case(struct slice text, struct quoted_count count, size_t *out_size)
{
	size_t n = text.len;
	/* A line: CRLF, one octet at each end. A soft break: 3, and an octet for a dot behind it.
	 */
	return !__builtin_add_overflow(n, 2 * (count.octets + count.returns), &n) &&
	       !__builtin_add_overflow(n, (n / (ROOM - 3) + 1) * 5 + SLACK, &n) &&
	       !__builtin_add_overflow(n, (count.lines + 1) * 7, out_size);
}

static void put_text(struct out *o, const char *at, const char *end)
{
	while (at < end) {
		size_t left = (size_t)(end - at);
		size_t room = ROOM - o->column;
		if (o->column == 0 && starts_badly(at, end)) {
			put_octet(o, (unsigned char)*at++);
			continue;
		}
		size_t n = quoted_copy(at, room < left ? room : left, left, o->at);
		o->at += n;
		o->column += n;
		at += n;
		size_t line_end = line_end_at(at, end);
		if (line_end > 0) {
			put_line_end(o);
			at += line_end;
		} else if (n == room) {
			if (at < end) {
				break_softly(o);
			}
		} else if (at < end) {
			put_octet(o, (unsigned char)*at++);
		}
	}
	if (o->column > 0) {
		put_line_end(o);
	}
}

enum fault quoted_encode(struct arena *a, struct slice text, struct quoted_count count,
			 struct slice *out_quoted)
{
	size_t size;
	if (!worst_case(text, count, &size)) {
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
