/*
 * NAME     pulse - tells the service manager that the gateway lives, and only while that is true
 * RULE     a beat goes through the loop of every lane, and through a worker that asks the keeper something. The next one
 *          begins when all of them have come back; so one that is stuck stops the pulse, and the manager's watchdog acts
 * KEEPER   a question that ends is an answer, whatever it says: a keeper that is down is not mended by ending the gateway
 *          (design.md section 4). It stands in the status line of systemctl
 * OWNS     its timer and beats
 * THREADS  made and freed on the first lane's loop, when no other loop runs
 */
#ifndef RELAY_GATEWAY_PULSE_H
#define RELAY_GATEWAY_PULSE_H

#include "relay/gateway/gateway.h"

struct pulse;

/* `every_ms`: how often it may be told; 0: nobody wants to know, and nothing is made. */
MUST_USE enum fault pulse_new(struct gateway *g, uint64_t every_ms, struct pulse **out_pulse);
void pulse_free(struct pulse **p); /* after the workers are gone */

#endif
