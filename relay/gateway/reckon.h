/*
 * NAME     reckon - what a flight adds to the tally, at three places of its way
 * OWNS     nothing
 */
#ifndef RELAY_GATEWAY_RECKON_H
#define RELAY_GATEWAY_RECKON_H

#include "relay/gateway/flight.h"

void reckon_taken(struct flight *f); /* its job was read */
void reckon_sent(struct flight *f);  /* its mail server, or the way to it, had the last word */
void reckon_ended(struct flight *f); /* before its answer */

#endif
