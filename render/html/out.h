/*
 * NAME     out - writing HTML: literals as they are, all else escaped
 * RULE     nothing from a page reaches the output but through out_text(), out_attr() and out_number()
 * OWNS     nothing; appends to a buf. The first fault sticks and is asked for once, at the end
 * SPEED    runs without special bytes are found by a table and copied whole
 */
#ifndef RENDER_HTML_OUT_H
#define RENDER_HTML_OUT_H

#include "spool-free/base/buf.h"

enum {
	OUT_RUN_MAX = 60, /* characters without a blank that a reader's column is trusted to take */
	OUT_RUN_STEP = 40, /* a longer run gets a break point after so many */
};

struct out {
	struct buf *into;
	enum fault fault;
	unsigned run; /* characters since the last blank, over calls of out_text() */
	bool whole;   /* no line is to end within a word, however long: code */
};

void out_put_growing(struct out *o, struct slice html); /* out_put() calls it */

/* Trusted: literals and what was escaped before. Most find room; what comes behind a fault is of no matter. */
static inline void out_put(struct out *o, struct slice html)
{
	struct buf *b = o->into;
	if (html.len > b->room - b->len) {
		out_put_growing(o, html);
	} else if (html.len > 0) {
		memcpy(b->ptr + b->len, html.ptr, html.len);
		b->len += html.len;
	}
}
#define out_lit(o, literal) out_put((o), SLICE_LIT(literal))

void out_text(struct out *o, struct slice text); /* between tags; long runs get <wbr> */
size_t out_text_len(struct slice text);		 /* bytes of it there, from a blank on */
struct slice out_cut(struct slice text,
		     size_t room); /* its first characters that fit into `room` bytes there */
void out_attr(struct out *o, struct slice text); /* inside double quotes */
void out_number(struct out *o, uint64_t number);
void out_colour(struct out *o, uint32_t rgb); /* #rrggbb */

#endif
