/*
 * NAME     keepers - a few connections to the keeper, shared by the worker threads
 * DOWN     while the keeper does not answer one thread at a time waits for it: the others have more to do
 * THREADS  safe from any thread; a client that was borrowed serves one thread until it is returned
 */
#ifndef RELAY_GATEWAY_KEEPERS_H
#define RELAY_GATEWAY_KEEPERS_H

#include "config/keeper/client.h"

struct keepers;

MUST_USE enum fault keepers_new(struct slice socket_path, unsigned count, uint64_t timeout_ms,
				struct keepers **out_keepers);
void keepers_free(struct keepers **k);

/* Waits while all are lent. KEEPER_DOWN: so it was a moment ago, and somebody is asking already. */
MUST_USE enum fault keepers_borrow(struct keepers *k, struct keeper_client **out_client);
/* `outcome` is what the last question came to. */
void keepers_return(struct keepers *k, struct keeper_client *client, enum fault outcome);

#endif
