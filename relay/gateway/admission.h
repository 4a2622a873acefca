/*
 * NAME     admission - whether a request may come in, by what its head and its token say; and memory for it
 * FAULTS   PAUSED, TENANT_GONE, FORBIDDEN, BAD_FIELD (a half of the key that is none), STOPPING, TOO_LARGE, BUSY, NO_MEMORY; a
 *          sentence goes to the flight
 * THREADS  the client's lane
 */
#ifndef RELAY_GATEWAY_ADMISSION_H
#define RELAY_GATEWAY_ADMISSION_H

#include "relay/gateway/flight.h"

/* The caller is known. Takes its half of the key, too. */
MUST_USE enum fault admission_judge(struct flight *f);
/* Memory under the tenant's budget, for the body that is announced and what comes of it. */
MUST_USE enum fault admission_room(struct flight *f, struct job **out_job);

#endif
