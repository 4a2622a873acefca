/*
 * NAME     recall - answers about callers and tenants that were given before, for as long as the vault stays the same
 * WHY      each job asks for both, and opening their records costs more than all the rest of the answer
 * HOLDS    what is no secret: token hashes with their tenants, tenants' settings. Never a server, never a refusal,
 *          so that nobody without a token can fill it
 * OWNS     its places; recall_deinit() wipes and frees them
 * LIMIT    RECALL_PLACES; a newer answer takes the place of an older one
 * THREADS  one owner at a time
 */
#ifndef CONFIG_KEEPER_RECALL_H
#define CONFIG_KEEPER_RECALL_H

#include "config/keeper/wire.h"

enum { RECALL_PLACES = 512, RECALL_REQUEST_MAX = 144, RECALL_FRAME_MAX = 880 };

struct recall_place;

struct recall {
	struct recall_place *places; /* NULL until something is kept */
	uint64_t generation;	     /* of the vault that the answers are from */
};

void recall_deinit(struct recall *r); /* an all-zero one is empty */

/* `request` is a whole request behind its length. False when it is not known under this generation. */
MUST_USE bool recall_find(struct recall *r, uint64_t generation, struct slice request,
			  struct secret **out_frame);
/* Keeps what may be kept; without memory it keeps nothing. */
void recall_keep(struct recall *r, uint64_t generation, struct slice request, struct slice frame);

#endif
