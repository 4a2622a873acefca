/*
 * NAME     pauses - which pauses are on (pause.h); in memory alone: they outlast a reload, not a restart
 * OWNS     its table; pauses_free() frees it
 * LIMIT    PAUSES_MAX at a time
 * LOGS     pause.set and pause.lifted: what, the tenant's id, the operator's reason, by whom. Of a mail server only that it
 *          is one: its name may be a user's
 * FAULTS   BUSY when the table is full, with a sentence; PAUSED; NO_MEMORY
 * THREADS  safe from any thread; while nothing is paused, asking takes no lock
 */
#ifndef RELAY_GATEWAY_PAUSES_H
#define RELAY_GATEWAY_PAUSES_H

#include "relay/gateway/pause.h"

struct smtp_upstream;

enum { PAUSES_MAX = 64 };

struct pauses;

MUST_USE enum fault pauses_new(struct pauses **out_pauses);
void pauses_free(struct pauses **p);

/* One of the same target is replaced, but for its beginning. */
MUST_USE enum fault pauses_set(struct pauses *p, const struct pause *pause, struct instant now,
			       struct problem *problem);
/* False when there is none. */
bool pauses_lift(struct pauses *p, const struct pause_target *target, struct instant now);

/* Whether a mail of this tenant through this server may go; before the server is known, the host is empty. */
struct pauses_question {
	struct slice tenant, host;
	uint16_t port;
	bool some_sent; /* of a mail that others of its recipients have */
	struct instant now;
};
MUST_USE enum fault pauses_ask(struct pauses *p, const struct pauses_question *q,
			       struct problem *problem, uint64_t *out_retry_ms);
/* The same as smtp_hold_fn; `pauses` is the table. */
enum fault pauses_hold(void *pauses, const struct smtp_upstream *u, bool some_sent,
		       struct problem *problem, uint64_t *out_retry_ms);

/* In the order in which they were set. */
size_t pauses_list(struct pauses *p, struct instant now, struct pause out_pauses[PAUSES_MAX]);
/* Those whose time is up leave, and the log says so. */
void pauses_expire(struct pauses *p, struct instant now);

#endif
