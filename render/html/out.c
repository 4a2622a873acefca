#include "render/html/out.h"

#include <assert.h>

#include "spool-free/base/sixteen.h"
#include "render/html/flow.h"

enum {
	PLAIN,
	BLANK,
	AMP,
	LESS,
	MORE,
	QUOTE,
	ENTITY_MAX = 6 /* bytes of the longest */
};

static_assert((FLOW_PIECE_MAX - OUT_RUN_MAX) % OUT_RUN_STEP == 0, "a piece ends at a break point");

static const unsigned char class_of[256] = {
	[' '] = BLANK, ['\n'] = BLANK, ['\t'] = BLANK, ['-'] = BLANK,
	['&'] = AMP,   ['<'] = LESS,   ['>'] = MORE,   ['"'] = QUOTE,
};

static const struct slice entity_of[] = {
	[AMP] = SLICE_INIT("&amp;"),
	[LESS] = SLICE_INIT("&lt;"),
	[MORE] = SLICE_INIT("&gt;"),
	[QUOTE] = SLICE_INIT("&quot;"),
};

void out_put_growing(struct out *o, struct slice html)
{
	if (o->fault == FAULT_NONE) {
		o->fault = buf_add(o->into, html);
	}
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/*
 * What stands before the character that is the `run`th since a blank: a place to break, or, where the text part has to end
 * its line (flow.h), a break, so that both show the same pieces. Code, which is `whole`, has no line of its own there.
 */
static struct slice break_before(unsigned *run, bool whole)
{
	if (*run > FLOW_PIECE_MAX) {
		*run = 1;
		return whole ? SLICE_LIT("<wbr>") : SLICE_LIT("<br>");
	}
	return *run > OUT_RUN_MAX && (*run - OUT_RUN_MAX) % OUT_RUN_STEP == 1 ? SLICE_LIT("<wbr>")
									      : SLICE_LIT("");
}

/* Byte by byte, for what may need a break point or finds little room. */
static void put_slowly(struct out *o, struct slice text)
{
	size_t from = 0;
	unsigned run = o->run;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char class = class_of[(unsigned char)text.ptr[i]];
		if (class == BLANK) {
			run = 0;
			continue;
		}
		if (is_continuation(text.ptr[i])) {
			continue;
		}
		run++;
		struct slice space = break_before(&run, o->whole);
		if (space.len > 0 || class != PLAIN) {
			out_put(o, slice_of(text.ptr + from, i - from));
			out_put(o, space);
			out_put(o, entity_of[class]);
			from = class != PLAIN ? i + 1 : i;
		}
	}
	out_put(o, slice_of(text.ptr + from, text.len - from));
	o->run = run;
}

/* Up to sixteen bytes of a text; bits beyond its end are not set in any of the answers. */
struct look {
	sixteen_lanes bytes;
	unsigned len;
	unsigned specials;	/* what has an entity */
	unsigned blanks;	/* where a line may end */
	unsigned continuations; /* bytes that begin no character */
};

static inline void look(struct slice text, struct look *l)
{
	sixteen_lanes v = sixteen_load_some(text.ptr, text.len);
	l->len = text.len < SIXTEEN ? (unsigned)text.len : SIXTEEN;
	l->bytes = v;
	l->specials = sixteen_bits(sixteen_equal(v, '&') | sixteen_equal(v, '<') |
				   sixteen_equal(v, '>') | sixteen_equal(v, '"'));
	l->blanks = sixteen_bits(sixteen_equal(v, ' ') | sixteen_equal(v, '-') |
				 sixteen_equal(v, '\n') | sixteen_equal(v, '\t'));
	l->continuations = sixteen_bits(sixteen_less(v, (char)0xC0));
}

/* Writes what was looked at; false, and nothing, when there is not room for all it could become. */
static inline bool put_look(struct out *o, struct slice text, const struct look *l)
{
	struct buf *b = o->into;
	if (b->room - b->len < (size_t)(ENTITY_MAX + 1) * SIXTEEN) {
		return false;
	}
	char *at = b->ptr + b->len;
	unsigned from = 0;
	for (unsigned left = l->specials; left != 0; left &= left - 1) {
		unsigned i = sixteen_first(left);
		struct slice entity = entity_of[class_of[(unsigned char)text.ptr[i]]];
		memcpy(at, text.ptr + from, i - from);
		memcpy(at + (i - from), entity.ptr, entity.len);
		at += i - from + entity.len;
		from = i + 1;
	}
	if (from == 0) {
		sixteen_store(at, l->bytes);
	} else {
		memcpy(at, text.ptr + from, l->len - from);
	}
	b->len = (size_t)(at - b->ptr) + l->len - from;
	return true;
}

static unsigned count_bits(unsigned bits)
{
	unsigned n = 0;
	for (; bits != 0; bits &= bits - 1) {
		n++;
	}
	return n;
}

void out_text(struct out *o, struct slice text)
{
	while (text.len > 0) {
		struct look l;
		look(text, &l);
		/* Characters since the last blank, here or before. */
		unsigned start = l.blanks != 0 ? sixteen_last(l.blanks) + 1 : 0;
		unsigned run = (l.blanks != 0 ? 0 : o->run) + l.len - start;
		unsigned first = l.blanks != 0 ? sixteen_first(l.blanks) : l.len;
		if (l.continuations >> start != 0) {
			run -= count_bits(l.continuations >> start);
		}
		if (o->run + first > OUT_RUN_MAX || !put_look(o, text, &l)) {
			put_slowly(o, slice_first(text, l.len));
		} else {
			o->run = run;
		}
		text = slice_of(text.ptr + l.len, text.len - l.len);
	}
}

/* Bytes that the next one of a text takes, with the break point that may stand before it. */
static size_t cost_of(char c, unsigned *run)
{
	unsigned char class = class_of[(unsigned char)c];
	if (class == BLANK) {
		*run = 0;
		return 1;
	}
	if (is_continuation(c)) {
		return 1;
	}
	++*run;
	size_t space = break_before(run, true).len;
	return space + (class >= AMP ? entity_of[class].len : 1);
}

size_t out_text_len(struct slice text)
{
	size_t len = 0;
	unsigned run = 0;
	for (size_t i = 0; i < text.len; i++) {
		len += cost_of(text.ptr[i], &run);
	}
	return len;
}

struct slice out_cut(struct slice text, size_t room)
{
	size_t fits = 0;
	unsigned run = 0;
	for (size_t i = 0; i < text.len; i++) {
		size_t len = cost_of(text.ptr[i], &run);
		if (!is_continuation(text.ptr[i])) {
			fits = i;
		}
		if (len > room) {
			return slice_first(text, fits);
		}
		room -= len;
	}
	return text;
}

static void put_attr_slowly(struct out *o, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char class = class_of[(unsigned char)text.ptr[i]];
		out_put(o, class >= AMP ? entity_of[class] : slice_of(text.ptr + i, 1));
	}
}

void out_attr(struct out *o, struct slice text)
{
	while (text.len > 0) {
		struct look l;
		look(text, &l);
		if (!put_look(o, text, &l)) {
			put_attr_slowly(o, slice_first(text, l.len));
		}
		text = slice_of(text.ptr + l.len, text.len - l.len);
	}
}

void out_number(struct out *o, uint64_t number)
{
	if (o->fault == FAULT_NONE) {
		o->fault = buf_add_u64(o->into, number);
	}
}

void out_colour(struct out *o, uint32_t rgb)
{
	char text[7] = {'#'};
	for (int i = 0; i < 6; i++) {
		text[1 + i] = "0123456789abcdef"[rgb >> (20 - 4 * i) & 15];
	}
	out_put(o, slice_of(text, sizeof(text)));
}
