/*
 * NAME     telling - what the log says of a job's end: a line for each recipient, and one for the job
 * RULE     no address and no host of a tenant's or of a job's: both are tags of the day
 * OWNS     nothing
 * THREADS  the flight's place
 */
#ifndef RELAY_GATEWAY_TELLING_H
#define RELAY_GATEWAY_TELLING_H

#include "relay/gateway/flight.h"

/* What the log calls the flight's mail server: once its record was opened. */
void telling_name_upstream(struct flight *f);

void telling_end(const struct flight *f, struct civil now, uint64_t ms);
/* It ended before it was entered into the table of jobs. */
void telling_refusal(const struct flight *f, uint64_t ms);
void telling_repeated(const struct flight *f);

#endif
