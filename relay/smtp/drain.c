#include "relay/smtp/turns.h"

enum { LEFT_LEAST_MS = 2000 }; /* an attempt that cannot have more time is not worth a wait */

void smtp_relay_close_idle(struct smtp_relay *r)
{
	r->is_draining = true;
	struct smtp_node *n = r->links.next;
	while (n != &r->links) {
		struct smtp_link *k = n->owner;
		n = n->next;
		if (k->delivery == NULL && smtp_client_want(&k->client) == SMTP_WANT_MESSAGE) {
			smtp_relay_retire(r, k);
		}
	}
}

/* Their next attempt comes too late, or never. */
static void tell_pausing(struct smtp_relay *r, struct instant last)
{
	struct smtp_node *n = r->pausing.next;
	while (n != &r->pausing) {
		struct smtp_delivery *d = n->owner;
		n = n->next;
		if (r->gave_up || d->errand.due.ms > last.ms) {
			smtp_node_leave(&d->errand.pause);
			loop_timer_free(&d->errand.timer);
			smtp_relay_tell_later(d, FAULT_STOPPING);
		}
	}
}

void smtp_relay_drain(struct smtp_relay *r, struct instant until)
{
	smtp_relay_close_idle(r);
	r->until = until;
	tell_pausing(r,
		     (struct instant){.ms = until.ms -
					    (until.ms < LEFT_LEAST_MS ? until.ms : LEFT_LEAST_MS)});
	for (size_t i = 0; i < SMTP_POOL_BUCKETS; i++) {
		for (struct smtp_route *route = r->pool.buckets[i]; route != NULL;
		     route = route->next) {
			smtp_turns_judge(r, route);
		}
	}
}

void smtp_relay_give_up(struct smtp_relay *r)
{
	r->is_draining = true;
	r->gave_up = true;
	tell_pausing(r, (struct instant){0});
	for (size_t i = 0; i < SMTP_POOL_BUCKETS; i++) {
		for (struct smtp_route *route = r->pool.buckets[i]; route != NULL;
		     route = route->next) {
			smtp_turns_give_up(route);
		}
	}
	/* From the front each time: one that ends may take others with it. */
	struct smtp_node *n = r->links.next;
	while (n != &r->links) {
		struct smtp_link *k = n->owner;
		if (k->delivery != NULL) {
			smtp_link_give_up(k);
			n = r->links.next;
		} else {
			n = n->next;
		}
	}
}
