/*
 * NAME     turns - who goes next: the deliveries that wait, the connections that are free, the account's pace
 * RULE     every delivery passes through its route's queue, so that nobody overtakes: neither the small one that would
 *          still fit into the account's pace where the first one does not. Whose turn cannot come before its
 *          deadline hears so at once. While a breaker is open all hear so at once, too: a caller that waits for a
 *          server that is known to be down learns nothing by it. While one tries whether the server is back, the
 *          others wait for its end
 * THREADS  its relay's
 */
#ifndef RELAY_SMTP_TURNS_H
#define RELAY_SMTP_TURNS_H

#include "relay/smtp/link.h"

/* Into its route's queue, and out of it when its turn has come. After a fault it is in none. */
MUST_USE enum fault smtp_turns_enter(struct smtp_relay *r, struct smtp_delivery *d);
/* Before all others of its tenant: it goes on with what it began. */
MUST_USE enum fault smtp_turns_enter_again(struct smtp_relay *r, struct smtp_route *route,
					   struct smtp_delivery *d);
/* Those that wait get what is free; after anything that may have changed that. */
void smtp_turns_serve(struct smtp_relay *r, struct smtp_route *route);

/* While the relay drains: everybody in the route's queue is asked anew whether there is time for a turn. */
void smtp_turns_judge(struct smtp_relay *r, struct smtp_route *route);
/* All of the queue hear that the process ends. */
void smtp_turns_give_up(struct smtp_route *route);

/* The recipients of its next mail; false when each has an outcome. */
bool smtp_turns_choose(const struct smtp_route *route, struct smtp_delivery *d);

/* relay.c: for faults found where the caller, or another delivery's end, still stands on the stack. */
void smtp_relay_tell_later(struct smtp_delivery *d, enum fault f);
void smtp_relay_tell(struct smtp_delivery *d);
/* Some recipients have it, or may have it. */
bool smtp_relay_some_sent(const struct smtp_delivery *d);
/* turns.c, relay.c: it waits for so long, or goes on. */
void smtp_relay_waits(struct smtp_delivery *d, uint64_t wait_ms);
uint64_t smtp_relay_chance(void);

#endif
