#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "relay/smtp/link.h"

enum {
	LINK_AGE_MS = 10 * 60 * 1000, /* many servers end a session that gets old (relay.md B5) */
	EHLO_NAME_MAX = 255,
};

/* Some have it, or may have it: a fault would invite the caller to send it to them again (design.md promise 2). */
static bool went_out_to_some(const struct smtp_delivery *d)
{
	for (size_t i = 0; i < d->recipient_count; i++) {
		if (d->results[i].outcome == OUTCOME_DELIVERED ||
		    d->results[i].outcome == OUTCOME_UNCERTAIN) {
			return true;
		}
	}
	return false;
}

/* The delivery is the caller's again: nothing of it may be touched behind this. */
static void tell(struct smtp_delivery *d)
{
	loop_timer_free(&d->errand.late);
	d->fault = went_out_to_some(d) ? FAULT_NONE : d->fault;
	if (d->fault == FAULT_NONE) {
		d->cause = NULL;
	} else if (d->cause == NULL) {
		d->cause = smtp_cause_of_fault(d->fault);
	}
	d->done(d->owner, d);
}

static void on_told(void *owner)
{
	tell(owner);
}

/* For faults found where the caller, or another delivery's end, still stands on the stack. */
static void tell_later(struct smtp_delivery *d, enum fault f)
{
	d->fault = f;
	if (d->problem.fault != f) {
		problem_set(&d->problem, f, fault_title(f).ptr);
	}
	d->errand.told = (struct loop_task){.fn = on_told, .owner = d};
	loop_post(d->errand.relay->params.loop, &d->errand.told);
}

/* Takes the first delivery out of the queue whose time is not up; NULL when there is none. */
static struct smtp_delivery *next_waiting(struct smtp_relay *r, struct smtp_route *route)
{
	struct smtp_delivery *d = smtp_node_first(&route->waiting);
	while (d != NULL) {
		smtp_node_leave(&d->errand.place);
		loop_timer_free(&d->errand.late);
		if (!instant_is_past(d->deadline, loop_now(r->params.loop))) {
			break;
		}
		tell_later(d, FAULT_DEADLINE);
		d = smtp_node_first(&route->waiting);
	}
	return d;
}

/* The deliveries that wait get connections while the upstream's share is not used up. */
static void serve_waiting(struct smtp_relay *r, struct smtp_route *route)
{
	while (route->links < r->params.connections_per_upstream) {
		struct smtp_delivery *d = next_waiting(r, route);
		if (d == NULL) {
			return;
		}
		enum fault f = smtp_link_open(r, route, d);
		if (f != FAULT_NONE) {
			tell_later(d, f);
		}
	}
}

/* The link counts no more for its route. */
static void leave_route(struct smtp_relay *r, struct smtp_link *k)
{
	struct smtp_route *route = STEAL(k->route);
	if (route != NULL) {
		smtp_node_leave(&k->place);
		route->links--;
		serve_waiting(r, route);
		smtp_pool_prune(&r->pool, route);
	}
}

static bool is_worn(const struct smtp_relay *r, const struct smtp_link *k)
{
	struct instant end = instant_after(k->born, LINK_AGE_MS);
	return k->client.messages >= r->params.messages_per_connection ||
	       instant_is_past(end, loop_now(r->params.loop));
}

/* After its message: the next one, idleness, QUIT, or the end. `k` may be gone then. */
static void put_back(struct smtp_relay *r, struct smtp_link *k)
{
	switch (smtp_client_want(&k->client)) {
	case SMTP_WANT_MESSAGE:
		break;
	case SMTP_WANT_CLOSE:
		leave_route(r, k);
		smtp_link_free(k);
		return;
	case SMTP_WANT_IO: /* QUIT was said */
	case SMTP_WANT_TURN:
	case SMTP_WANT_TLS:
		smtp_relay_retire(r, k);
		return;
	}
	if (is_worn(r, k)) {
		smtp_relay_retire(r, k);
		return;
	}
	struct smtp_delivery *next = next_waiting(r, k->route);
	if (next != NULL) {
		smtp_link_begin(k, next);
	} else {
		smtp_node_put_first(&k->route->idle, &k->place);
		smtp_link_rest(k);
	}
}

/*
 * A connection that was used before may have died of old age just as the message came. Once, and only while the
 * content is not all out: the engine has settled every recipient otherwise (relay.md B1, B4).
 */
static bool may_retry(const struct smtp_relay *r, const struct smtp_link *k,
		      const struct smtp_delivery *d)
{
	bool was_old = d->fault == FAULT_UPSTREAM_LOST && k->client.messages > 1 &&
		       !d->errand.retried;
	/* What was learned makes the next try another one: by DATA instead of BDAT, or for fewer recipients. */
	return (was_old || d->try_again) && d->fault != FAULT_NONE &&
	       !instant_is_past(d->deadline, loop_now(r->params.loop));
}

void smtp_relay_concluded(struct smtp_relay *r, struct smtp_link *k, struct smtp_delivery *d)
{
	bool again = may_retry(r, k, d);
	if (again) {
		d->errand.retried |= !d->try_again;
		enum fault f = smtp_link_open(r, k->route, d);
		if (f != FAULT_NONE) {
			tell_later(d, f);
		}
	}
	put_back(r, k);
	if (!again) {
		tell(d);
	}
}

void smtp_relay_retire(struct smtp_relay *r, struct smtp_link *k)
{
	leave_route(r, k);
	smtp_link_quit(k);
}

void smtp_relay_lost_link(struct smtp_relay *r, struct smtp_link *k)
{
	leave_route(r, k);
	smtp_link_free(k);
}

static void on_late(void *owner)
{
	struct smtp_delivery *d = owner;
	smtp_node_leave(&d->errand.place);
	d->fault = FAULT_DEADLINE;
	problem_set(&d->problem, FAULT_DEADLINE,
		    "The job's time was up while all connections to the mail server were busy.");
	tell(d);
}

static enum fault wait_turn(struct smtp_relay *r, struct smtp_route *route, struct smtp_delivery *d)
{
	enum fault f = loop_timer_new(r->params.loop, on_late, d, &d->errand.late);
	if (f == FAULT_NONE) {
		loop_timer_set(d->errand.late,
			       instant_left_ms(d->deadline, loop_now(r->params.loop)));
		smtp_node_put_last(&route->waiting, &d->errand.place);
	}
	return f;
}

static enum fault serve(struct smtp_relay *r, struct smtp_delivery *d)
{
	struct smtp_route *route;
	if (d->recipient_count == 0) {
		return FAULT_BAD_ADDRESS;
	}
	if (instant_is_past(d->deadline, loop_now(r->params.loop))) {
		return FAULT_DEADLINE;
	}
	enum fault f = smtp_pool_find(&r->pool, &d->upstream, &route);
	if (f != FAULT_NONE) {
		return f;
	}
	struct smtp_link *idle = smtp_node_first(&route->idle);
	if (idle != NULL) {
		smtp_link_begin(idle, d);
		return FAULT_NONE;
	}
	f = route->links < r->params.connections_per_upstream ? smtp_link_open(r, route, d)
							      : wait_turn(r, route, d);
	if (f != FAULT_NONE) {
		smtp_pool_prune(&r->pool, route);
	}
	return f;
}

void smtp_relay_send(struct smtp_relay *r, struct smtp_delivery *d)
{
	for (size_t i = 0; i < d->recipient_count; i++) {
		d->results[i] = (struct recipient_outcome){.outcome = OUTCOME_UNTRIED};
	}
	d->fault = FAULT_NONE;
	d->phase = PHASE_NONE;
	d->cause = NULL;
	problem_set(&d->problem, FAULT_NONE, "");
	d->status_ignored = false;
	d->try_again = false;
	d->size_max = 0;
	d->content_sent = 0;
	d->errand = (struct smtp_errand){.relay = r};
	smtp_node_init(&d->errand.place, d);
	enum fault f = serve(r, d);
	if (f != FAULT_NONE) {
		tell_later(d, f);
	}
}

/* A domain or an address literal (RFC 5321 4.1.1.1); what else it held could begin another command. */
static bool is_ehlo_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool alphanumeric = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
				    (c >= '0' && c <= '9');
		if (!alphanumeric && slice_find_byte(SLICE_LIT("-.[]:"), c) == 5) {
			return false;
		}
	}
	return name.len > 0 && name.len <= EHLO_NAME_MAX;
}

enum fault smtp_relay_new(const struct smtp_relay_params *params, struct smtp_relay **out_relay)
{
	CLEANUP(smtp_relay_free) struct smtp_relay *r = calloc(1, sizeof(*r));
	if (r == NULL) {
		return FAULT_NO_MEMORY;
	}
	r->params = *params;
	smtp_node_init(&r->links, NULL);
	if (!is_ehlo_name(params->ehlo_name)) {
		return FAULT_BAD_SETTING;
	}
	memcpy(r->ehlo_name, params->ehlo_name.ptr, params->ehlo_name.len);
	r->params.ehlo_name.ptr = r->ehlo_name;
	if (getrandom(r->pool.salt, sizeof(r->pool.salt), 0) != (ssize_t)sizeof(r->pool.salt)) {
		return FAULT_SYSTEM;
	}
	*out_relay = STEAL(r);
	return FAULT_NONE;
}

void smtp_relay_close_idle(struct smtp_relay *r)
{
	struct smtp_node *n = r->links.next;
	while (n != &r->links) {
		struct smtp_link *k = n->owner;
		n = n->next;
		if (k->delivery == NULL && smtp_client_want(&k->client) == SMTP_WANT_MESSAGE) {
			smtp_relay_retire(r, k);
		}
	}
}

void smtp_relay_free(struct smtp_relay **relay)
{
	struct smtp_relay *r = *relay;
	if (r == NULL) {
		return;
	}
	*relay = NULL;
	for (struct smtp_link *k = smtp_node_first(&r->links); k != NULL;
	     k = smtp_node_first(&r->links)) {
		assert(k->delivery == NULL);
		smtp_relay_lost_link(r, k);
	}
	smtp_trust_deinit(&r->trust);
	free(r);
}
