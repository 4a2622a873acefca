/*
 * NAME     ending - what the client is told: the outcome, the fault, or that the job goes on
 * RULE     a job's answer goes into the table first, so that it is there for GET when the client
 *          has left
 * THREADS  the client's lane
 */
#ifndef RELAY_GATEWAY_ENDING_H
#define RELAY_GATEWAY_ENDING_H

#include "relay/gateway/flight.h"

enum {
	ENDING_MAX = 8 * 1024 *
		     1024, /* bytes of an answer: 1,000 recipients with escaped reply texts fit */
	ENDING_RETRY_AFTER_S = 5,
};

/* The client has waited as long as it wanted to: 202, and the job goes on in memory (RFC 7240 4.3).
 */
void ending_later(void *flight);

/* GET: how far the job is that the request names, or what became of it. NOT_FOUND, NO_MEMORY, TOO_LARGE. */
MUST_USE enum fault ending_tell_job(struct flight *f);

/* The flight is at its end. */
void ending_answer(struct flight *f);

#endif
