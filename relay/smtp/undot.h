/*
 * NAME     undot - the receiving side of DATA: content up to the lone dot, dots unstuffed, in any chunking
 * SEE      RFC 5321 4.5.2 (transparency), 2.3.8 (CR and LF only together), 4.5.3.1.6 (line length)
 * STRICT   only CRLF.CRLF ends it. A bare CR or LF and a line over 998 bytes are noted, and the content still goes on to
 *          its end, so that the dialogue stays in step
 */
#ifndef RELAY_SMTP_UNDOT_H
#define RELAY_SMTP_UNDOT_H

#include "spool-free/base/slice.h"

enum { UNDOT_LINE_MAX = 998 };

enum undot_state { UNDOT_LINE, UNDOT_DOT, UNDOT_DOT_CR, UNDOT_TEXT, UNDOT_CR, UNDOT_OVER };

struct undot {
	enum undot_state state; /* all zero: at the start of the content */
	size_t line;		/* bytes of the line so far */
	bool has_bare;		/* a CR without LF, or the other way round */
	bool has_long;		/* a line longer than UNDOT_LINE_MAX */
};

/* Content, unstuffed; as long runs as the input allows. */
typedef void undot_fn(void *ctx, struct slice run);

/* How many bytes of `in` belong to the content and its end: fewer than all only when it is over. */
size_t undot_feed(struct undot *u, struct slice in, undot_fn *fn, void *ctx);
bool undot_is_over(const struct undot *u);

#endif
