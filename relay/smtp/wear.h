/*
 * NAME     wear - when a connection is too old for the next message, as its server let know by hanging up
 * RULE     pure. A server that says 421 between two messages has a limit of idle time, of age or of messages; which of
 *          them follows from what the connection had been through
 * SEE      relay.md B5, B6; RFC 5321 3.8
 */
#ifndef RELAY_SMTP_WEAR_H
#define RELAY_SMTP_WEAR_H

#include "spool-free/base/instant.h"

/* What a connection had been through, at its end or before its next message. */
struct smtp_mileage {
	unsigned messages;
	uint64_t age_ms;
	uint64_t idle_ms; /* since the end of its last message */
};

/* `limit` is known when something like it was seen twice: once may be chance. 0: none. */
struct smtp_wear_limit {
	uint64_t last;
	uint64_t limit;
};

/* All-zero knows nothing. */
struct smtp_wear {
	struct smtp_wear_limit messages;
	struct smtp_wear_limit age_ms;
	struct smtp_wear_limit idle_ms;
	struct instant until; /* what was learned does not hold for ever */
};

/* 421 came although nothing was wrong. */
void smtp_wear_learn(struct smtp_wear *w, const struct smtp_mileage *m, struct instant now);
void smtp_wear_forget(struct smtp_wear *w, struct instant now); /* what is too old */
bool smtp_wear_is_blank(const struct smtp_wear *w);
bool smtp_wear_is_worn(const struct smtp_wear *w, const struct smtp_mileage *m);
/* How long a connection may rest: `usual_ms`, or less. */
uint64_t smtp_wear_rest_ms(const struct smtp_wear *w, uint64_t usual_ms);

#endif
