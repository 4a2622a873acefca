/*
 * NAME     upstream - the account that a flight's job goes through: the job's own, or a record's of the vault
 * OWNS     nothing; it dies with the flight's job and record
 * THREADS  whoever has the flight
 */
#ifndef RELAY_GATEWAY_UPSTREAM_H
#define RELAY_GATEWAY_UPSTREAM_H

#include "relay/gateway/flight.h"

/* The account of the operator's default server: every tenant's jobs meet there. */
bool upstream_is_operators(const struct flight *f);
struct smtp_upstream upstream_of_flight(const struct flight *f);

#endif
