/*
 * NAME     lane - one event loop: listener, client connections, pool of upstream connections
 * OWNS     all of its parts; lane_deinit() frees them
 * THREADS  lane_init(), lane_listen() before the loop runs; then its own thread only
 */
#ifndef RELAY_GATEWAY_LANE_H
#define RELAY_GATEWAY_LANE_H

#include "relay/gateway/gateway.h"

struct lane_params {
	struct listener_params listen;
	int inherited_fd; /* a listening socket of the service manager; -1: none */
	const struct rules *rules;
};

MUST_USE enum fault lane_init(struct lane *l, struct gateway *g, const struct lane_params *params,
			      struct problem *problem);
/*
 * Once the shared parts and the rules are there: the upstream side. `relay` and `poster` bring all but the loop, and what of
 * a relay is the rules'.
 */
MUST_USE enum fault lane_open_relay(struct lane *l, const struct smtp_relay_params *relay);
MUST_USE enum fault lane_open_tokens(struct lane *l, const struct poster_params *poster,
				     uint64_t timeout_ms);
void lane_deinit(struct lane *l);

MUST_USE enum fault lane_start(struct lane *l); /* in a thread of its own */
void lane_run(struct lane *l);			/* in this one, until it has drained */
void lane_drain(struct lane *l);		/* from any thread; again: ends at once */
void lane_join(struct lane *l);
void lane_release(struct lane *l); /* from any thread: what may not go any more is told (smtp.h) */

#endif
