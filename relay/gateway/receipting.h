/*
 * NAME     receipting - a job's receipt, where one is asked for: made from what was sent and what became of it, and signed by
 *          the keeper
 * RULE     what cannot be signed is said beside the outcome, which is as true without it
 * THREADS  on a worker: all of the message is read, and the keeper waited for
 */
#ifndef RELAY_GATEWAY_RECEIPTING_H
#define RELAY_GATEWAY_RECEIPTING_H

#include "relay/gateway/flight.h"

/* Whether there is one to be made: nothing is claimed of a job that sent nothing. */
bool receipting_is_due(const struct flight *f);
/* True: the keeper may be there in a moment, try again then. Else there is a receipt, or a problem of its own. */
MUST_USE bool receipting_apply(struct flight *f);
/* On the client's lane: they are answered as they were told a moment ago; else false. */
MUST_USE bool receipting_tells_known_keys(const struct lane *client, struct intake_request *r);
/* The keys that receipts are checked by, as JSON, for anybody. FAULTS as keeper_receipt_keys(). */
MUST_USE enum fault receipting_tell_keys(struct flight *f);

#endif
