/*
 * NAME     backoff - how long to wait before the next attempt
 * RULE     pure: how many attempts failed and what chance says are arguments
 * SEE      relay.md B3: a budget of attempts, growing pauses, and no two of a crowd at the same moment
 */
#ifndef RELAY_SMTP_BACKOFF_H
#define RELAY_SMTP_BACKOFF_H

#include <stdint.h>

struct smtp_backoff {
	uint64_t base_ms; /* behind the first failure; each one more doubles it */
	uint64_t most_ms;
};

/* Behind `failed` attempts in a row: from half of the pause to all of it. `chance` is any number, each as likely. */
uint64_t smtp_backoff_ms(const struct smtp_backoff *b, unsigned failed, uint64_t chance);

#endif
