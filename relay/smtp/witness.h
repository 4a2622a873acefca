/*
 * NAME     witness - keeps what a server says of itself while a connection is looked at, for people to read
 * TAKES    printable ASCII; all other bytes become '?'
 * LIMIT    WITNESS_LINES_MAX bytes of capabilities each in the clear and under TLS; lines past that are left out
 * USE      every function may be called with NULL: mostly nobody looks
 */
#ifndef RELAY_SMTP_WITNESS_H
#define RELAY_SMTP_WITNESS_H

#include "relay/smtp/reply.h"

enum { WITNESS_LINES_MAX = 2048, WITNESS_GREETING_MAX = 256 };

/* Lines in a row, each with '\n'. */
struct smtp_witness_lines {
	size_t len;
	char text[WITNESS_LINES_MAX];
};

struct smtp_witness {
	size_t greeting_len;
	char greeting[WITNESS_GREETING_MAX];
	struct smtp_witness_lines clear, secure; /* answers to EHLO, without the line that greets */
	struct smtp_reply refusal;		 /* what ended the session; code 0: no reply did */
};

void smtp_witness_greeted(struct smtp_witness *w, const struct smtp_reply *r);
/* EHLO is said anew: what was said before, in the same state, counts no more. */
void smtp_witness_asks(struct smtp_witness *w, bool secure);
void smtp_witness_capable(struct smtp_witness *w, bool secure, struct slice line);
void smtp_witness_refused(struct smtp_witness *w, const struct smtp_reply *r);

#endif
