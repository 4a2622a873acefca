/*
 * NAME     debugging - the debug log of one flight, while it is on for its tenant: the dialogue with the mail server, redacted,
 *          and how long each stage took; and the API's requests that switch it on and off
 * LOGS     debug.smtp, debug.stage: as many in a minute as debugs.h allows
 * RULE     addresses by the tags that rcpt= has; no content, no secret (relay/smtp/transcript.h)
 * FAULTS   BAD_FIELD, BUSY with a sentence, NO_MEMORY
 * THREADS  whoever has the flight
 */
#ifndef RELAY_GATEWAY_DEBUGGING_H
#define RELAY_GATEWAY_DEBUGGING_H

#include "relay/gateway/flight.h"

/* f->delivery, when it is filled, gets a transcript; without memory for one, none. */
void debugging_begin(struct flight *f);
/* `stage` as tally.h counts them. */
void debugging_stage(const struct flight *f, unsigned stage, uint64_t us);

/* Of administer.c's table; nothing is asked of the keeper, which has vouched for the token a moment ago. */
MUST_USE enum fault debugging_get(struct flight *f, struct keeper_client *keeper);
MUST_USE enum fault debugging_put(struct flight *f, struct keeper_client *keeper);
MUST_USE enum fault debugging_remove(struct flight *f, struct keeper_client *keeper);

/* 1 to DEBUGS_MINUTES_MAX, as a pair of JSON has it. */
MUST_USE enum fault debugging_minutes(const struct keeper_pair *p, uint64_t *out_minutes,
				      struct problem *problem);

#endif
