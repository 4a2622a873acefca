#include "render/mime/quoted.h"

#include <string.h>

#include "spool-free/base/sixteen.h"

enum {
	ROOM = QUOTED_LINE - 1, /* the soft break's `=` */
	SLACK = 32,		/* up to sixteen bytes are written where fewer count */
	WINDOW = 64,
};

/*
 * What goes out; `column` counts bytes of the open line. There is room for all of it (see worst_case). It goes through
 * the functions by value: that keeps it out of memory, which the bytes written could alias.
 */
struct out {
	char *at;
	size_t column;
};

static inline struct out break_softly(struct out o)
{
	memcpy(o.at, "=\r\n", 3);
	return (struct out){.at = o.at + 3, .column = 0};
}

static inline struct out put_octet(struct out o, unsigned char c)
{
	if (o.column + 3 > ROOM) {
		o = break_softly(o);
	}
	o.at[0] = '=';
	o.at[1] = "0123456789ABCDEF"[c >> 4];
	o.at[2] = "0123456789ABCDEF"[c & 15];
	return (struct out){.at = o.at + 3, .column = o.column + 3};
}

/* A dot at the front of a line, or the word that mailboxes part mails by. */
static bool starts_badly(const char *at, const char *end)
{
	return *at == '.' || (*at == 'F' && end - at >= 5 && memcmp(at, "From ", 5) == 0);
}

/* A blank at the end of a line would be lost on the way (6.7 rule 3): it is taken back and written as an octet. */
static inline struct out put_line_end(struct out o)
{
	if (o.column > 0 && (o.at[-1] == ' ' || o.at[-1] == '\t')) {
		o = (struct out){.at = o.at - 1, .column = o.column - 1};
		o = put_octet(o, (unsigned char)*o.at);
	}
	memcpy(o.at, "\r\n", 2);
	return (struct out){.at = o.at + 2, .column = 0};
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

/* What goes out, and how far the text has gone there. */
struct step {
	struct out out;
	const char *at;
};

static inline struct step begin_line(struct step s, const char *end)
{
	if (s.at < end && starts_badly(s.at, end)) {
		s.out = put_octet(s.out, (unsigned char)*s.at++);
	}
	return s;
}

/* Takes what stands there and is no plain byte, or writes the soft break that is due. */
static inline struct step put_other(struct step s, const char *end)
{
	size_t line_end = line_end_at(s.at, end);
	if (line_end == 0 && s.out.column < ROOM) {
		s.out = put_octet(s.out, (unsigned char)*s.at++);
		return s;
	}
	s.out = line_end > 0 ? put_line_end(s.out) : break_softly(s.out);
	s.at += line_end;
	return begin_line(s, end);
}

static inline struct step copy(struct step s, size_t n)
{
	for (size_t i = 0; i < n; i += SIXTEEN) {
		sixteen_store(s.out.at + i, sixteen_load(s.at + i));
	}
	return (struct step){
		.out = {.at = s.out.at + n, .column = s.out.column + n},
		.at = s.at + n,
	};
}

/* Takes a window of the text, behind which there are sixteen more bytes, or a little more of it. */
static inline struct step put_window(struct step s, const char *end)
{
	const char *start = s.at;
	uint64_t others = 0;
	for (unsigned i = 0; i < WINDOW; i += SIXTEEN) {
		others |= (uint64_t)sixteen_bits(quoted_others(sixteen_load(start + i))) << i;
	}
	while (s.at < start + WINDOW) {
		uint64_t left = others >> (s.at - start);
		size_t n = left != 0 ? (size_t)__builtin_ctzll(left)
				     : (size_t)(start + WINDOW - s.at);
		s = copy(s, n < ROOM - s.out.column ? n : ROOM - s.out.column);
		if (s.at < start + WINDOW) {
			s = put_other(s, end);
		}
	}
	return s;
}

static struct out put_text(struct out o, const char *at, const char *end)
{
	struct step s = begin_line((struct step){.out = o, .at = at}, end);
	while (end - s.at >= WINDOW + SIXTEEN) {
		s = put_window(s, end);
	}
	while (s.at < end) {
		size_t left = (size_t)(end - s.at);
		size_t room = ROOM - s.out.column;
		size_t n = quoted_plain(s.at, left < room ? left : room);
		memcpy(s.out.at, s.at, n);
		s.out = (struct out){.at = s.out.at + n, .column = s.out.column + n};
		s.at += n;
		if (s.at < end) {
			s = put_other(s, end);
		}
	}
	return s.out.column > 0 ? put_line_end(s.out) : s.out;
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
	struct out o = put_text((struct out){.at = made}, text.ptr, text.ptr + text.len);
	*out_quoted = slice_of(made, (size_t)(o.at - made));
	return FAULT_NONE;
}
