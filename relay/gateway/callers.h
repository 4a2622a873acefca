/*
 * NAME     callers - who was found by a token a moment ago, so that a client that sends job after job is let in
 *          without asking the keeper each time
 * RULE     it lets jobs in, no more: a job's records are opened by its token (keeper_open_job), and one with an account of its
 *          own has its token looked at again, so that a token that was revoked sends nothing from that moment on; its client
 *          may be heard for CALLERS_MS yet. What administers asks the keeper each time
 * HOLDS    hashes of tokens with their tenants; no secret
 * OWNS     its places; callers_free() wipes and frees them
 * LIMIT    CALLERS_PLACES; a newer caller takes the place of an older one
 * THREADS  safe from any thread
 */
#ifndef RELAY_GATEWAY_CALLERS_H
#define RELAY_GATEWAY_CALLERS_H

#include "spool-free/base/instant.h"
#include "config/keeper/client.h"

enum { CALLERS_PLACES = 256, CALLERS_MS = 1000 };

struct callers;

MUST_USE enum fault callers_new(struct callers **out_callers);
void callers_free(struct callers **c);

void callers_keep(struct callers *c, const unsigned char token_hash[KEEPER_TOKEN_HASH],
		  const struct keeper_caller *caller, struct instant now);
MUST_USE bool callers_find(struct callers *c, const unsigned char token_hash[KEEPER_TOKEN_HASH],
			   struct instant now, struct keeper_caller *out_caller);

#endif
