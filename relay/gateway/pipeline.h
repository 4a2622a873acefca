/*
 * NAME     pipeline - the data's way through the gateway, one stage after another (design.md
 *          section 3)
 * RULE     stages are a table: a flight moves forward, waits, or goes to its answer; never back
 *          (but once to an OAuth token, when a mail server no longer takes the one that was kept)
 */
#ifndef RELAY_GATEWAY_PIPELINE_H
#define RELAY_GATEWAY_PIPELINE_H

#include "relay/gateway/gateway.h"

/* What intake calls; `ctx` is the lane. */
void pipeline_head(void *lane, struct intake_request *r);
void pipeline_job(void *lane, struct intake_request *r, struct job *job);
void pipeline_gone(void *lane, struct intake_request *r);

#endif
