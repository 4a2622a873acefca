/*
 * NAME     breaker - leaves an upstream alone that failed several times in a row
 * STATES   closed; open, until its pause is over; due, when one message may try; trying, until that one's end is known.
 *          Success closes it, failure opens it for a longer pause
 * RULE     pure: time and chance are arguments
 * SEE      relay.md E6: one for each upstream and class of failure; a server that refuses a password may lock the
 *          account of whom it belongs to when it hears the wrong one often
 */
#ifndef RELAY_SMTP_BREAKER_H
#define RELAY_SMTP_BREAKER_H

#include "spool-free/base/instant.h"
#include "relay/smtp/backoff.h"

struct smtp_breaker_rule {
	unsigned failures; /* in a row; 0: it never opens */
	struct smtp_backoff pause;
};

enum smtp_breaker_state {
	SMTP_BREAKER_CLOSED,
	SMTP_BREAKER_OPEN,
	SMTP_BREAKER_DUE,
	SMTP_BREAKER_TRYING,
};

/* All-zero is a closed one. */
struct smtp_breaker {
	unsigned failures; /* in a row */
	unsigned opened;   /* times in a row */
	bool is_trying;
	struct instant until;
};

enum smtp_breaker_state smtp_breaker_state(const struct smtp_breaker *b, struct instant now);
void smtp_breaker_try(struct smtp_breaker *b);	/* the one message of a breaker that is due goes */
void smtp_breaker_drop(struct smtp_breaker *b); /* it ended, and nothing was learned: due again */

/* Each true when this changed what becomes of the next message: it opened, it closed. */
bool smtp_breaker_failed(struct smtp_breaker *b, const struct smtp_breaker_rule *rule,
			 struct instant now, uint64_t chance);
bool smtp_breaker_succeeded(struct smtp_breaker *b);

#endif
