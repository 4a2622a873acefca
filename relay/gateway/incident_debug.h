/*
 * NAME     incident_debug - the desk's requests about debug logs
 * ROUTES   GET /debug: for which tenants one is on, and until when. PUT /debug: {"tenant": "…", "minutes": N}.
 *          POST /debug/off: {"tenant": "…"}; 404 when it is not on. What is on afterwards is the answer
 * FAULTS   of a request: BAD_JSON, BAD_FIELD, UNKNOWN_FIELD, BUSY, NOT_FOUND, with a sentence
 * THREADS  the first lane's loop
 */
#ifndef RELAY_GATEWAY_INCIDENT_DEBUG_H
#define RELAY_GATEWAY_INCIDENT_DEBUG_H

#include "relay/desk/desk.h"
#include "relay/gateway/gateway.h"

/* Handlers; `ctx` is the gateway. */
desk_handler_fn incident_debug_tell, incident_debug_on, incident_debug_off;

#endif
