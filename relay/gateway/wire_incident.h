/*
 * NAME     wire_incident - what incident controls need: their tables, and what the settings say of the start
 * OWNS     g->pauses, g->debugs
 */
#ifndef RELAY_GATEWAY_WIRE_INCIDENT_H
#define RELAY_GATEWAY_WIRE_INCIDENT_H

#include "config/settings/settings.h"
#include "relay/gateway/gateway.h"

/* Before the lanes' relays are opened. */
MUST_USE enum fault wire_incident(const struct settings *s, struct gateway *g,
				  struct problem *problem);
/* What is over by now ends, and the log says so. */
void wire_incident_expire(struct gateway *g, struct instant now);
void wire_incident_close(struct gateway *g);

#endif
