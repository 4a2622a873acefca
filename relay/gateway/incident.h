/*
 * NAME     incident - what the operator does to a running gateway in an incident, as requests of the desk: pause, resume, look
 * ROUTES   GET /pauses: what is on. PUT /pauses: {"what": "all|tenant|upstream", "name": "…", "seconds": N, "reason": "…"}; of
 *          "all" no name; without seconds, until it is lifted. POST /pauses/lift: {"what": …, "name": …}; 404 when it is not on
 * TENANT   one that the keeper does not know is not paused: 404 (tenant_look.h)
 * RULE     a pause counts from its answer on: what waits anywhere is told, what has said MAIL goes on to its end
 * FAULTS   of a request: BAD_JSON, BAD_FIELD, UNKNOWN_FIELD, BUSY, NOT_FOUND, with a sentence
 * THREADS  the first lane's loop
 */
#ifndef RELAY_GATEWAY_INCIDENT_H
#define RELAY_GATEWAY_INCIDENT_H

#include "relay/intake/recordspec.h"
#include "relay/desk/desk.h"
#include "relay/gateway/gateway.h"

/* Handlers; `ctx` is the gateway. */
desk_handler_fn incident_tell_pauses, incident_pause, incident_resume;

/* One flat object; the record lies in the arena. */
MUST_USE enum fault incident_read_body(const struct desk_call *call, struct arena *arena,
				       struct recordspec *out_record, struct problem *problem);

/* Everything is paused from the start, as the settings have it. */
MUST_USE enum fault incident_begin_paused(struct gateway *g, struct problem *problem);

#endif
