/*
 * NAME     send_answer - what Pagepost answered, read and told to a person
 * SAFE     words of servers reach the terminal without control characters
 * SEE      design.md section 6
 */
#ifndef RELAY_COMMAND_SEND_ANSWER_H
#define RELAY_COMMAND_SEND_ANSWER_H

#include "spool-free/base/buf.h"

enum send_end {
	SEND_GOES_ON,	/* accepted; the outcome is still to come */
	SEND_DELIVERED, /* to every recipient */
	SEND_NOT,	/* not, or not to everyone, or nobody knows */
};

struct send_answer {
	enum send_end end;
	struct slice receipt; /* in the body; empty: there is none */
};

/*
 * `status` and `body` as they came; the body is changed by reading. What a person reads goes to `out_text`.
 * BAD_JSON when it is no answer of Pagepost's.
 */
MUST_USE enum fault send_answer_read(int status, struct buf *body, struct buf *text,
				     struct send_answer *out_answer);

#endif
