/*
 * NAME     look_up - asks the system's resolver without holding up anybody: neither a loop, nor rendering, nor one another
 * SHARE    look-ups have threads of their own, LOOK_UP_THREADS, and one party's (a tenant's) names are asked for on
 *          LOOK_UP_SHARE of them at most: behind a name server that never answers only the party waits that named it
 * RULE     a look-up that is called off before a thread takes it up is never made; later it runs on, and nobody is told
 * THREADS  each call on the loop of the look-up; look_ups_stop() and look_ups_free() where no loop runs any more
 */
#ifndef RELAY_NET_LOOK_UP_H
#define RELAY_NET_LOOK_UP_H

#include "relay/net/loop.h"
#include "relay/net/resolve.h"

enum { LOOK_UP_THREADS = 16, LOOK_UP_SHARE = 4 };

struct look_ups;
struct look_up;

/* As resolve_look_up(). */
typedef void look_up_resolve_fn(const char *name, uint16_t port, struct address_list *out_list);
/* Not vetted; none when there are none. The look-up is gone by then: forget the pointer. */
typedef void look_up_fn(void *owner, const struct address_list *list);

struct look_up_params {
	struct loop *loop;
	const char *name;   /* as resolve_name() gave it; copied */
	struct slice party; /* whose share it counts for; empty is one, too */
	uint16_t port;
};

MUST_USE enum fault look_ups_new(look_up_resolve_fn *resolve, struct look_ups **out_look_ups);
void look_ups_stop(
	struct look_ups
		*l); /* waits for those that threads are at; while their loops are still there */
void look_ups_free(struct look_ups **l); /* every look-up was called off or told */

/* `fn` is never called from inside. */
MUST_USE enum fault look_up_start(struct look_ups *l, const struct look_up_params *params,
				  look_up_fn *fn, void *owner, struct look_up **out_look_up);
void look_up_cancel(struct look_up **look_up); /* the function is not called any more */

#endif
