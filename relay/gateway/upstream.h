/*
 * NAME     upstream - the account that a flight's job goes through: the job's own, or a record's of the vault, with the
 *          token that was got for it
 * OWNS     nothing; it dies with the flight's job and record
 * THREADS  whoever has the flight; what concerns tokens on the upstream's lane
 */
#ifndef RELAY_GATEWAY_UPSTREAM_H
#define RELAY_GATEWAY_UPSTREAM_H

#include "relay/gateway/flight.h"

/* The account of the operator's default server: every tenant's jobs meet there. */
bool upstream_is_operators(const struct flight *f);
struct smtp_upstream upstream_of_flight(const struct flight *f);
/* Of a job, before anything is done for it: PAUSED, with a sentence, and when to ask again in f->delivery. */
MUST_USE enum fault upstream_check_pauses(struct flight *f);

/* True when f->want has what is needed, or its fault; else `done` gets the flight, from the loop. */
MUST_USE bool upstream_get_token(struct flight *f, tokens_fn *done);
/*
 * The mail server refused a token that was kept: once, another one is to be tried. Nothing of the message has gone out
 * then.
 */
MUST_USE bool upstream_tries_another_token(struct flight *f, const struct smtp_delivery *d);

/* f->delivery, for f->results. The job's state tells when it waits for its turn. */
void upstream_fill_delivery(struct flight *f, smtp_done_fn *done);

#endif
