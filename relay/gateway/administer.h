/*
 * NAME     administer - a flight that changes or reads a tenant's records: settings, servers, policy, tokens, the key, all of it
 * RULE     the token proves itself to the keeper in the same question as what it asks for, so that one that was revoked
 *          administers nothing; what it cannot reach is told apart from what is not there by nothing. What changes something
 *          is asked once: an answer that is lost leaves it done or not, and the caller hears so
 * FAULTS   as config/keeper/client.h has them; BAD_FIELD, UNKNOWN_FIELD, CONFLICT, with a sentence
 */
#ifndef RELAY_GATEWAY_ADMINISTER_H
#define RELAY_GATEWAY_ADMINISTER_H

#include "relay/gateway/flight.h"

bool administer_is_route(enum intake_route route);
bool administer_has_body(enum intake_route route);

/* On the client's lane; the flight has its memory. What the request says is copied, since its client may leave. */
MUST_USE enum fault administer_prepare(struct flight *f);
/* On a worker. `out_is_lost`: the keeper was asked to change something, and did not answer. */
MUST_USE enum fault administer_apply(struct flight *f, bool *out_is_lost);
/* On the client's lane. */
void administer_answer(struct flight *f);

#endif
