#include "relay/smtp/hold.h"

enum fault smtp_hold_ask(const struct smtp_relay *r, struct smtp_delivery *d)
{
	const struct smtp_relay_params *p = &r->params;
	if (p->hold == NULL || d->envelope_only) {
		return FAULT_NONE;
	}
	enum fault f = p->hold(p->hold_owner, &d->upstream, smtp_relay_some_sent(d), &d->problem,
			       &d->retry_after_ms);
	if (f != FAULT_NONE) {
		d->phase = PHASE_NONE; /* it is no step of the server's */
	}
	return f;
}

void smtp_hold_explain(const struct smtp_relay *r, struct smtp_delivery *d)
{
	if (smtp_hold_ask(r, d) == FAULT_NONE) { /* lifted in between */
		problem_set(&d->problem, FAULT_PAUSED, fault_title(FAULT_PAUSED).ptr);
	}
}

/* It waits for its turn, or for another attempt: only then it has a timer. */
static bool waits(const struct smtp_delivery *d)
{
	return d->errand.timer != NULL;
}

static void release(struct smtp_relay *r, struct smtp_delivery *d)
{
	enum fault f = waits(d) ? smtp_hold_ask(r, d) : FAULT_NONE;
	if (f == FAULT_NONE) {
		return;
	}
	if (d->errand.place.flow != NULL) {
		smtp_fair_leave(&d->errand.route->waiting, &d->errand.place);
		/* Those behind it may go now, and an empty route is put away. */
		loop_timer_set(d->errand.route->wake, 0);
	}
	loop_timer_free(&d->errand.timer);
	smtp_node_leave(&d->errand.pause);
	smtp_relay_tell_later(d, f);
}

void smtp_relay_release(struct smtp_relay *r)
{
	/* Nobody is told from here, so that the rings stay as they are. */
	for (struct smtp_node *n = r->deliveries.next; n != &r->deliveries; n = n->next) {
		release(r, n->owner);
	}
	for (struct smtp_node *n = r->links.next; n != &r->links; n = n->next) {
		smtp_link_release(n->owner);
	}
}
