/*
 * NAME     reply - SMTP replies out of a byte stream, in any chunking
 * LIMIT    line 2 KiB with its end, reply 64 KiB and 128 lines; text that is kept: REPLY_TEXT_MAX
 * bytes TAKES    CRLF or LF line ends; the same code on every line; codes 200 to 599 FAULTS
 * UPSTREAM_PROTOCOL for anything else: what follows cannot be told apart any more SEE      RFC
 * 5321 4.2; RFC 2034 and RFC 3463 (enhanced codes)
 */
#ifndef RELAY_SMTP_REPLY_H
#define RELAY_SMTP_REPLY_H

#include "spool-free/base/fault.h"
#include "spool-free/job/outcome.h"

enum { SMTP_LINE_MAX = 2048, SMTP_REPLY_MAX = 64 * 1024, SMTP_REPLY_LINES = 128 };

struct smtp_reply {
	int code;
	char enhanced[ENHANCED_MAX]; /* "5.1.1", or empty */
	size_t text_len;
	/* All lines in a row, printable UTF-8, without the enhanced code; of what is too long, beginning and last line */
	char text[REPLY_TEXT_MAX];
};

struct smtp_reply_parser {
	struct smtp_reply reply;
	bool line_over;	 /* the line that is held was told; the next byte begins another */
	bool reply_over; /* the same for the reply */
	unsigned lines;
	size_t bytes;
	size_t line_len;
	char line[SMTP_LINE_MAX];
};

enum smtp_reply_step {
	SMTP_REPLY_MORE, /* all bytes are taken, no line is complete */
	SMTP_REPLY_LINE, /* a line that is not the last one */
	SMTP_REPLY_DONE, /* the last line: smtp_reply_view() is complete */
};

void smtp_reply_init(struct smtp_reply_parser *p);
/* Takes bytes off the front of `*bytes`, up to the end of one line. After a fault the parser is of
 * no more use. */
MUST_USE enum fault smtp_reply_feed(struct smtp_reply_parser *p, struct slice *bytes,
				    enum smtp_reply_step *out_step);
/* After LINE and DONE, until the next feed: the line's text behind its code. */
struct slice smtp_reply_line(const struct smtp_reply_parser *p);
/* After DONE, until the next feed. */
const struct smtp_reply *smtp_reply_view(const struct smtp_reply_parser *p);

int smtp_reply_class(const struct smtp_reply *r); /* 2 to 5 */
struct slice smtp_reply_text(const struct smtp_reply *r);

#endif
