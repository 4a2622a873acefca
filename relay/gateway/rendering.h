/*
 * NAME     rendering - a job's page and files become the message that is sent: composed, rendered, signed
 * THREADS  on a worker
 */
#ifndef RELAY_GATEWAY_RENDERING_H
#define RELAY_GATEWAY_RENDERING_H

#include "relay/gateway/flight.h"

/* FAULTS as compose(), render_message() and signing_apply(). Room that only rendering needed goes back to the budget. */
MUST_USE enum fault rendering_apply(struct flight *f);

#endif
