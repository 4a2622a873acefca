#include "relay/smtp/turns.h"

#include "relay/smtp/hold.h"
#include "relay/smtp/profile.h"

enum {
	TURN_GUESS_MS = 500, /* for a message, while nothing is known */
	TURN_LEAST_MS = 20,  /* with less time left none begins */
};

bool smtp_turns_choose(const struct smtp_route *route, struct smtp_delivery *d)
{
	unsigned learned = route->account.recipients;
	unsigned most = route->recipients_per_mail;
	most = most == 0 || (learned > 0 && learned < most) ? learned : most;
	most = d->envelope_only ? 0 : most;
	size_t i = 0;
	while (i < d->recipient_count && d->results[i].outcome != OUTCOME_UNTRIED) {
		i++;
	}
	unsigned open = 0;
	d->errand.first = i;
	for (; i < d->recipient_count && (most == 0 || open < most); i++) {
		open += d->results[i].outcome == OUTCOME_UNTRIED;
	}
	d->errand.count = i - d->errand.first;
	d->errand.units = route->counts_recipients ? open : 1;
	return open > 0;
}

static void set_pace(const struct smtp_relay *r, struct smtp_route *route,
		     const struct smtp_upstream *u)
{
	struct smtp_profile p = smtp_profile_of(u);
	unsigned connections = r->params.connections_per_upstream;
	const struct smtp_pace_limits limits = {
		.connections = p.connections > 0 && p.connections < connections ? p.connections
										: connections,
		.per_minute = p.per_minute,
		.per_hour = p.per_hour,
	};
	smtp_pace_set(&route->account.pace, &limits);
	smtp_wear_forget(&route->account.wear, loop_now(r->params.loop));
	route->recipients_per_mail = p.recipients_per_mail;
	route->counts_recipients = p.counts_recipients;
	route->is_shared = u->is_shared;
}

static enum fault shut(struct smtp_delivery *d, uint64_t wait_ms)
{
	d->retry_after_ms = wait_ms;
	problem_set(&d->problem, FAULT_UPSTREAM_PAUSED, fault_title(FAULT_UPSTREAM_PAUSED).ptr);
	problem_add(&d->problem, " It is tried again in ");
	problem_add_number(&d->problem, (wait_ms + 999) / 1000);
	problem_add(&d->problem, " s.");
	return FAULT_UPSTREAM_PAUSED;
}

static enum fault too_late(const struct smtp_route *route, struct smtp_delivery *d,
			   uint64_t wait_ms, struct instant now)
{
	bool is_asked_for = instant_left_ms(route->account.pace.paused, now) > 0;
	enum fault f = route->is_shared || is_asked_for ? FAULT_UPSTREAM_BUSY : FAULT_PACED;
	d->retry_after_ms = wait_ms;
	problem_set(&d->problem, f, fault_title(f).ptr);
	problem_add(&d->problem, " This one's turn would come in ");
	problem_add_number(&d->problem, (wait_ms + 999) / 1000);
	problem_add(&d->problem, " s, and its time is up before.");
	return f;
}

static void leave(struct smtp_delivery *d)
{
	smtp_fair_leave(&d->errand.route->waiting, &d->errand.place);
	loop_timer_free(&d->errand.timer);
}

static void refuse_all(struct smtp_route *route, uint64_t wait_ms)
{
	struct smtp_delivery *d = smtp_fair_take(&route->waiting);
	while (d != NULL) {
		loop_timer_free(&d->errand.timer);
		smtp_relay_tell_later(d, shut(d, wait_ms));
		d = smtp_fair_take(&route->waiting);
	}
}

static void on_wake(void *owner)
{
	struct smtp_route *route = owner;
	struct smtp_relay *r = route->relay;
	smtp_turns_serve(r, route);
	smtp_pool_prune(&r->pool, route, loop_now(r->params.loop));
}

/* An idle connection that may take one more message; those that may not are closed. */
static struct smtp_link *find_idle(struct smtp_relay *r, struct smtp_route *route)
{
	struct smtp_link *k = smtp_node_first(&route->idle);
	while (k != NULL && smtp_link_is_worn(k)) {
		smtp_relay_retire(r, k);
		k = smtp_node_first(&route->idle);
	}
	return k;
}

/* Its turn is here: on an idle connection, or on one more. */
static enum fault go(struct smtp_relay *r, struct smtp_route *route, struct smtp_delivery *d,
		     struct instant now)
{
	struct smtp_link *idle = find_idle(r, route);
	d->errand.began = now;
	smtp_account_take(&route->account, d->errand.units, now);
	if (idle != NULL) {
		smtp_link_begin(idle, d);
		return FAULT_NONE;
	}
	enum fault f = smtp_link_open(r, route, d);
	if (f != FAULT_NONE) {
		smtp_pace_give_back(&route->account.pace, d->errand.units, now, now);
		smtp_account_learned_nothing(&route->account);
	}
	return f;
}

static uint64_t size_of(const struct smtp_delivery *d)
{
	return d->message != NULL ? d->message->size : 0;
}

/* Whether the account lets so many units go; if not, what follows from that is done. */
static bool may_go(struct smtp_route *route, unsigned units, struct instant now)
{
	uint64_t wait_ms;
	switch (smtp_account_gate(&route->account, units, now, &wait_ms)) {
	case SMTP_GATE_OPEN:
		return true;
	case SMTP_GATE_PACE:
		loop_timer_set(route->wake, wait_ms);
		break;
	case SMTP_GATE_TRY:
		break;
	case SMTP_GATE_SHUT:
		refuse_all(route, wait_ms);
		break;
	}
	return false;
}

/*
 * The first in the queue goes; false when it has to wait. Those behind it wait then, too: what is small would take the
 * room again and again that a large one waits for.
 */
static bool serve_one(struct smtp_relay *r, struct smtp_route *route)
{
	struct instant now = loop_now(r->params.loop);
	struct smtp_delivery *d = smtp_fair_next(&route->waiting);
	if (!may_go(route, d->errand.units, now)) {
		return false;
	}
	smtp_fair_take(&route->waiting);
	loop_timer_free(&d->errand.timer);
	smtp_relay_waits(d, 0);
	enum fault f = instant_left_ms(d->deadline, now) < TURN_LEAST_MS ? FAULT_DEADLINE
									 : smtp_hold_ask(r, d);
	if (f == FAULT_NONE) {
		f = go(r, route, d, now);
	}
	if (f != FAULT_NONE) {
		smtp_relay_tell_later(d, f);
	}
	return true;
}

void smtp_turns_serve(struct smtp_relay *r, struct smtp_route *route)
{
	route->holds++;
	while (route->waiting.count > 0 &&
	       route->busy < smtp_pace_connections(&route->account.pace) && serve_one(r, route)) {
	}
	route->holds--;
}

/* The link counts no more for its route. */
static void leave_route(struct smtp_relay *r, struct smtp_link *k)
{
	struct smtp_route *route = STEAL(k->route);
	if (route != NULL) {
		smtp_node_leave(&k->place);
		route->links--;
		smtp_pool_prune(&r->pool, route, loop_now(r->params.loop));
	}
}

void smtp_relay_retire(struct smtp_relay *r, struct smtp_link *k)
{
	leave_route(r, k);
	smtp_link_quit(k);
}

void smtp_relay_lost_link(struct smtp_relay *r, struct smtp_link *k)
{
	if (k->route != NULL && k->client.said_farewell) {
		const struct smtp_mileage m = smtp_link_mileage(k);
		smtp_wear_learn(&k->route->account.wear, &m, loop_now(r->params.loop));
	}
	leave_route(r, k);
	smtp_link_free(k);
}

/* The process's time is up before its own. */
static bool ends_with_process(const struct smtp_relay *r, const struct smtp_delivery *d)
{
	return r->is_draining && r->until.ms < d->deadline.ms;
}

static void on_late(void *owner)
{
	struct smtp_delivery *d = owner;
	struct smtp_relay *r = d->errand.relay;
	struct smtp_route *route = d->errand.route;
	leave(d);
	if (ends_with_process(r, d)) {
		d->fault = problem_set(&d->problem, FAULT_STOPPING, "");
	} else {
		d->fault = problem_set(&d->problem, FAULT_DEADLINE,
				       "The job's time was up while all connections to the mail "
				       "server were busy.");
	}
	smtp_turns_serve(r, route); /* those behind it may need less room than it did */
	smtp_pool_prune(&r->pool, route, loop_now(r->params.loop));
	smtp_relay_tell(d);
}

/* How long about: what the pace says, and what those before it need. */
static uint64_t guess(const struct smtp_route *route, const struct smtp_delivery *d,
		      uint64_t pace_ms)
{
	uint64_t ahead = smtp_fair_ahead(&route->waiting, &d->errand.place).count;
	uint64_t turn_ms = route->turn_ms > 0 ? route->turn_ms : TURN_GUESS_MS;
	uint64_t queue_ms = (ahead / smtp_pace_connections(&route->account.pace) + 1) * turn_ms;
	return pace_ms > queue_ms ? pace_ms : queue_ms;
}

static enum fault wait_turn(struct smtp_relay *r, struct smtp_route *route, struct smtp_delivery *d)
{
	struct instant now = loop_now(r->params.loop);
	bool is_cut = ends_with_process(r, d);
	uint64_t left = instant_left_ms(is_cut ? r->until : d->deadline, now);
	uint64_t ahead = smtp_fair_ahead(&route->waiting, &d->errand.place).units;
	uint64_t pace_ms = smtp_pace_wait_ms(&route->account.pace, ahead, d->errand.units, now);
	enum fault f = FAULT_NONE;
	if (pace_ms >= left) {
		f = is_cut ? FAULT_STOPPING : too_late(route, d, pace_ms, now);
	}
	if (f == FAULT_NONE) {
		f = loop_timer_new(r->params.loop, on_late, d, &d->errand.timer);
	}
	if (f != FAULT_NONE) {
		leave(d);
		return f;
	}
	loop_timer_set(d->errand.timer, left);
	smtp_relay_waits(d, guess(route, d, pace_ms));
	return FAULT_NONE;
}

void smtp_turns_judge(struct smtp_relay *r, struct smtp_route *route)
{
	struct smtp_node all;
	struct smtp_delivery *d;
	smtp_node_init(&all, NULL);
	route->holds++;
	while ((d = smtp_fair_take(&route->waiting)) != NULL) {
		loop_timer_free(&d->errand.timer);
		smtp_node_put_last(&all, &d->errand.pause);
	}
	while ((d = smtp_node_first(&all)) != NULL) {
		smtp_node_leave(&d->errand.pause);
		enum fault f = smtp_fair_put(&route->waiting, &d->errand.place, d,
					     d->upstream.tenant, size_of(d), d->errand.units);
		f = f == FAULT_NONE ? wait_turn(r, route, d) : f;
		if (f != FAULT_NONE) {
			smtp_relay_tell_later(d, f);
		}
	}
	route->holds--;
}

void smtp_turns_give_up(struct smtp_route *route)
{
	struct smtp_delivery *d;
	while ((d = smtp_fair_take(&route->waiting)) != NULL) {
		loop_timer_free(&d->errand.timer);
		smtp_relay_tell_later(d, FAULT_STOPPING);
	}
}

static enum fault make_wake(struct smtp_relay *r, struct smtp_route *route)
{
	route->relay = r;
	return route->wake != NULL ? FAULT_NONE
				   : loop_timer_new(r->params.loop, on_wake, route, &route->wake);
}

static enum fault enter(struct smtp_relay *r, struct smtp_route *route, struct smtp_delivery *d)
{
	uint64_t wait_ms;
	struct instant now = loop_now(r->params.loop);
	if (smtp_account_gate(&route->account, 1, now, &wait_ms) == SMTP_GATE_SHUT) {
		return shut(d, wait_ms);
	}
	enum fault f = make_wake(r, route);
	if (f == FAULT_NONE) {
		f = smtp_fair_put(&route->waiting, &d->errand.place, d, d->upstream.tenant,
				  size_of(d), d->errand.units);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	d->errand.route = route;
	smtp_turns_serve(r, route);
	return d->errand.place.flow != NULL ? wait_turn(r, route, d) : FAULT_NONE;
}

enum fault smtp_turns_enter(struct smtp_relay *r, struct smtp_delivery *d)
{
	struct smtp_route *route;
	enum fault f = smtp_hold_ask(r, d);
	if (f == FAULT_NONE) {
		f = smtp_pool_find(&r->pool, &d->upstream, &route);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	route->holds++;
	set_pace(r, route, &d->upstream);
	if (!smtp_turns_choose(route, d)) {
		f = FAULT_NONE;
	} else if (
		d->envelope_only) { /* somebody looks what is wrong: at once, whatever is known */
		f = go(r, route, d, loop_now(r->params.loop));
	} else {
		f = enter(r, route, d);
	}
	route->holds--;
	smtp_pool_prune(&r->pool, route, loop_now(r->params.loop));
	return f;
}

enum fault smtp_turns_enter_again(struct smtp_relay *r, struct smtp_route *route,
				  struct smtp_delivery *d)
{
	enum fault f = loop_timer_new(r->params.loop, on_late, d, &d->errand.timer);
	if (f == FAULT_NONE) {
		f = smtp_fair_put_back(&route->waiting, &d->errand.place, d, d->upstream.tenant,
				       size_of(d), d->errand.units);
	}
	if (f != FAULT_NONE) {
		loop_timer_free(&d->errand.timer);
		return f;
	}
	d->errand.route = route;
	loop_timer_set(d->errand.timer, instant_left_ms(d->deadline, loop_now(r->params.loop)));
	return FAULT_NONE;
}
