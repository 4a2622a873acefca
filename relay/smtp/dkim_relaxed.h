/*
 * NAME     dkim_relaxed - a message's head and body in the form that DKIM signs
 * FORM     "relaxed" both: names small, runs of blanks one space, blanks at a line's end gone, fields unfolded, empty lines
 *          at the body's end gone
 * RULE     the bytes are a rope's: lines end by CRLF, and no CR or LF stands elsewhere (rope.h)
 * OWNS     nothing; a body's hash is the caller's
 * SEE      RFC 6376 3.4.2 (head), 3.4.4 (body)
 */
#ifndef RELAY_SMTP_DKIM_RELAXED_H
#define RELAY_SMTP_DKIM_RELAXED_H

#include "spool-free/base/buf.h"
#include "spool-free/base/digest.h"

/* A field as it stands in the head; its value is folded, without the last CRLF. */
struct dkim_field {
	struct slice name;
	struct slice value;
};

/* Takes the first field off `head`; false at its end, and for a line that is no field. */
bool dkim_field_cut(struct slice *head, struct dkim_field *out_field);
/* "name:value" without CRLF. */
MUST_USE enum fault dkim_field_relax(const struct dkim_field *f, struct buf *into);

/* A body on its way into a hash, in any chunking. All-zero but for `hash` is a valid new one. */
struct dkim_body {
	struct digest *hash;
	uint64_t line_ends; /* that are said only when something comes behind them */
	bool blank;	    /* the same for a space */
	bool any;	    /* something was said */
	size_t len;
	char said[1024]; /* and is not in the hash yet */
};

void dkim_body_feed(struct dkim_body *b, struct slice bytes);
void dkim_body_end(struct dkim_body *b, unsigned char out[DIGEST_LEN]);

#endif
