/*
 * NAME     keepers - a few connections to the keeper, shared by the worker threads
 * THREADS  safe from any thread; a client that was borrowed serves one thread until it is returned
 */
#ifndef RELAY_GATEWAY_KEEPERS_H
#define RELAY_GATEWAY_KEEPERS_H

#include "config/keeper/client.h"

struct keepers;

MUST_USE enum fault keepers_new(struct slice socket_path, unsigned count, uint64_t timeout_ms,
				struct keepers **out_keepers);
void keepers_free(struct keepers **k);

struct keeper_client *keepers_borrow(struct keepers *k); /* waits while all are lent */
void keepers_return(struct keepers *k, struct keeper_client *client);

#endif
