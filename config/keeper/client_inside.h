/*
 * NAME     client_inside - asking the keeper, as the files of client.h share it; no other file includes this
 * ORDER    client.c the connection; client_open.c what a job needs; client_admin.c what an admin asks; client_house.c the
 *          house's own keys
 */
#ifndef CONFIG_KEEPER_CLIENT_INSIDE_H
#define CONFIG_KEEPER_CLIENT_INSIDE_H

#include "config/keeper/client.h"
#include "config/keeper/wire.h"

/* Not one to be asked twice. */
static inline bool client_is_change(unsigned operation)
{
	return operation >= WIRE_PUT_RECORD && operation <= WIRE_CHANGE_HALF;
}

/* The answer points into `w`, which is the caller's to deinit whatever comes of it. `p` may be NULL. */
MUST_USE enum fault client_ask(struct keeper_client *c, const struct wire_message *request,
			       struct wire_frame *w, struct wire_message *out_answer,
			       struct problem *p);

#endif
