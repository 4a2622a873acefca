/*
 * NAME     signing - the rendered message is signed with the keys of the mail server's record (DKIM), where there are any
 * THREADS  on a worker: all of the message is read
 */
#ifndef RELAY_GATEWAY_SIGNING_H
#define RELAY_GATEWAY_SIGNING_H

#include "relay/gateway/flight.h"

/* FAULTS as dkim_sign(), its sentence in the flight's problem. Says in the flight by which keys it was signed. */
MUST_USE enum fault signing_apply(struct flight *f);

#endif
