/*
 * NAME     records - what a flight asks the keeper: who calls, and the tenant's records for one job
 * FAULTS   as config/keeper/client.h has them; a sentence goes to the flight where its caller can do something
 * THREADS  on a worker, since each question waits; records_recall_caller() asks nobody
 */
#ifndef RELAY_GATEWAY_RECORDS_H
#define RELAY_GATEWAY_RECORDS_H

#include "relay/gateway/flight.h"

/*
 * True for a job whose caller the keeper knew a moment ago. Its token is looked at again when its
 * records are opened, so that one that was revoked sends nothing.
 */
bool records_recall_caller(struct flight *f, struct instant now);
MUST_USE enum fault records_find_caller(
	struct flight *f); /* of /readyz: whether the keeper is there */
MUST_USE enum fault records_open(struct flight *f);

#endif
