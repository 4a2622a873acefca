#include "relay/smtp/turns.h"

#include "spool-free/base/event.h"
#include "relay/smtp/hold.h"
#include "relay/smtp/retry.h"

enum {
	LEFT_LEAST_MS = 2000, /* an attempt that cannot have more time is not worth a wait */
	PATIENCE_TIMES = 4,   /* longer than behind a failure */
	TURN_SHARE = 8,	      /* of the newest message in the mean */
};

static void note_attempt(struct smtp_delivery *d)
{
	for (size_t i = 0; i < d->recipient_count; i++) {
		if (d->results[i].outcome != OUTCOME_UNTRIED && d->results[i].attempt == 0) {
			d->results[i].attempt = d->errand.attempts;
		}
	}
}

/* What the end of an attempt asks for. */
struct advice {
	enum smtp_retry kind;
	uint64_t pause_ms; /* that is made: grows with every attempt */
	uint64_t wait_ms;  /* that is known to help; 0: nothing is known */
	bool is_in_reach;  /* a job may live so long */
};

static struct advice advise(const struct smtp_relay *r, const struct smtp_delivery *d)
{
	unsigned wait_s;
	struct smtp_backoff b = r->params.backoff;
	struct advice a = {.kind = smtp_retry_of(d, &wait_s)};
	if (a.kind == SMTP_RETRY_PATIENCE) {
		b.base_ms *= PATIENCE_TIMES;
	}
	a.wait_ms = wait_s * UINT64_C(1000);
	a.is_in_reach = a.wait_ms <= r->params.patience_max_ms;
	a.pause_ms = smtp_backoff_ms(&b, d->errand.attempts, smtp_relay_chance());
	return a;
}

static void tell_breaker(enum event_name name, const struct smtp_upstream *u, enum smtp_trouble t)
{
	if (t != SMTP_TROUBLES) {
		event_log(name, EVENT_TEXT("upstream", smtp_label(u)),
			  EVENT_TEXT("class", smtp_trouble_name(t)));
	}
}

/* It came too late to the server for any: else one tenant's hopeless jobs would shut the account for all. */
static bool is_hopeless(const struct smtp_delivery *d, struct instant now)
{
	return d->fault == FAULT_DEADLINE && instant_is_past(d->deadline, now) &&
	       instant_left_ms(d->deadline, d->errand.began) < LEFT_LEAST_MS;
}

/* All jobs that were given the same token see it refused, and one new token serves them all. */
static bool is_of_old_token(const struct smtp_delivery *d)
{
	return d->fault == FAULT_UPSTREAM_AUTH && d->upstream.token_may_be_old;
}

/* What the end of a mail says of its account. */
static void learn(struct smtp_relay *r, struct smtp_link *k, const struct smtp_delivery *d,
		  const struct advice *advice)
{
	struct smtp_account *a = &k->route->account;
	struct instant now = loop_now(r->params.loop);
	enum smtp_trouble t = is_hopeless(d, now) || is_of_old_token(d)
				      ? SMTP_TROUBLES
				      : smtp_trouble_of(d->fault, d->phase);
	bool was_up = d->fault == FAULT_NONE || d->phase >= PHASE_MAIL;
	if (!was_up) {
		smtp_pace_give_back(&a->pace, d->errand.units, d->errand.began, now);
	}
	smtp_account_learn_recipients(a, k->client.recipients_max);
	if (advice->kind == SMTP_RETRY_PATIENCE) {
		unsigned before = smtp_pace_connections(&a->pace);
		atomic_fetch_add(&r->counts.throttles, 1);
		smtp_pace_throttled(&a->pace, advice->pause_ms, now);
		smtp_account_learned_nothing(a);
		event_log(EVENT_UPSTREAM_THROTTLED,
			  EVENT_TEXT("upstream", smtp_label(&d->upstream)),
			  EVENT_NUMBER("wait_ms", advice->pause_ms),
			  EVENT_NUMBER("connections_before", before),
			  EVENT_NUMBER("connections", smtp_pace_connections(&a->pace)));
	} else if (t != SMTP_TROUBLES) {
		t = smtp_account_failed(a, t, &r->params.breakers, now, smtp_relay_chance());
		tell_breaker(EVENT_UPSTREAM_PAUSED, &d->upstream, t);
		if (t != SMTP_TROUBLES) {
			atomic_fetch_add(&r->counts.trips[t], 1);
		}
	} else if (was_up) {
		tell_breaker(EVENT_UPSTREAM_BACK, &d->upstream, smtp_account_succeeded(a));
		smtp_pace_went_well(&a->pace);
	} else {
		smtp_account_learned_nothing(a);
	}
}

/* The server split the message, and counts each of its mails; where recipients count, all of them were counted before. */
static void take_splits(struct smtp_route *route, const struct smtp_link *k, struct instant now)
{
	if (!route->counts_recipients && k->client.splits > 0) {
		smtp_pace_take(&route->account.pace, k->client.splits, now);
	}
}

static void measure(struct smtp_route *route, uint64_t ms)
{
	route->turn_ms = route->turn_ms == 0
				 ? ms + 1
				 : (route->turn_ms * (TURN_SHARE - 1) + ms) / TURN_SHARE + 1;
}

/* After its message: idleness, QUIT, or the end. `k` may be gone then. */
static void put_back(struct smtp_relay *r, struct smtp_link *k)
{
	struct smtp_route *route = k->route;
	switch (smtp_client_want(&k->client)) {
	case SMTP_WANT_MESSAGE:
		break;
	case SMTP_WANT_CLOSE:
		smtp_relay_lost_link(r, k);
		return;
	case SMTP_WANT_IO: /* QUIT was said */
	case SMTP_WANT_TLS:
	case SMTP_WANT_TURN:
		smtp_relay_retire(r, k);
		return;
	}
	if (r->is_draining || smtp_link_is_worn(k) ||
	    route->links > smtp_pace_connections(&route->account.pace)) {
		smtp_relay_retire(r, k);
		return;
	}
	smtp_node_put_first(&route->idle, &k->place);
	smtp_link_rest(k, smtp_wear_rest_ms(&route->account.wear, r->params.idle_ms));
}

/*
 * A connection that was used before may have died of old age just as the message came. Once, and only while the
 * content is not all out: the engine has settled every recipient otherwise (relay.md B1, B4).
 */
static bool may_go_on_at_once(const struct smtp_relay *r, const struct smtp_link *k,
			      const struct smtp_delivery *d)
{
	if (r->gave_up) {
		return false;
	}
	bool was_old = d->fault == FAULT_UPSTREAM_LOST && k->client.messages > 1 &&
		       !d->errand.retried;
	/* What was learned makes the next try another one: by DATA instead of BDAT, or for fewer recipients. */
	return (was_old || d->try_again) && d->fault != FAULT_NONE &&
	       !instant_is_past(d->deadline, loop_now(r->params.loop));
}

static void on_again(void *owner)
{
	struct smtp_delivery *d = owner;
	struct smtp_relay *r = d->errand.relay;
	loop_timer_free(&d->errand.timer);
	smtp_node_leave(&d->errand.pause);
	d->fault = FAULT_NONE;
	d->problem.len = 0;
	d->problem.fault = FAULT_NONE;
	d->cause = NULL;
	d->retry_after_ms = 0;
	d->errand.attempts++;
	d->errand.retried = false;
	enum fault f = smtp_turns_enter(r, d);
	if (f != FAULT_NONE) {
		d->fault = f;
		if (d->problem.fault != f) {
			problem_set(&d->problem, f, fault_title(f).ptr);
		}
		smtp_relay_tell(d);
	}
}

/* Whether there is time and reason for one more; then its timer runs. */
static bool try_later(struct smtp_relay *r, const struct smtp_route *route, struct smtp_delivery *d,
		      const struct advice *a)
{
	struct instant now = loop_now(r->params.loop);
	uint64_t shut_ms;
	unsigned most = a->kind == SMTP_RETRY_PATIENCE ? r->params.throttled_attempts
						       : r->params.attempts;
	if (a->kind == SMTP_RETRY_NOT) {
		return false;
	}
	d->retry_after_ms = a->pause_ms > a->wait_ms ? a->pause_ms : a->wait_ms;
	if (smtp_account_gate(&route->account, 1, now, &shut_ms) == SMTP_GATE_SHUT) {
		d->retry_after_ms = shut_ms;
		return false;
	}
	if (r->is_draining || d->errand.attempts >= most || !a->is_in_reach ||
	    instant_left_ms(d->deadline, now) < a->pause_ms + LEFT_LEAST_MS ||
	    loop_timer_new(r->params.loop, on_again, d, &d->errand.timer) != FAULT_NONE) {
		return false;
	}
	smtp_retry_reopen(d);
	d->errand.due = instant_after(now, a->pause_ms);
	smtp_node_put_last(&r->pausing, &d->errand.pause);
	loop_timer_set(d->errand.timer, a->pause_ms);
	smtp_relay_waits(d, a->pause_ms);
	return true;
}

/* The next mail of the same message, for the recipients that were too many for this one. */
static bool go_on(struct smtp_relay *r, struct smtp_route *route, struct smtp_delivery *d)
{
	size_t before = d->errand.first;
	if (d->fault != FAULT_NONE || !smtp_turns_choose(route, d) || d->errand.first <= before) {
		return false;
	}
	enum fault f = r->gave_up ? FAULT_STOPPING : smtp_turns_enter_again(r, route, d);
	if (f != FAULT_NONE) {
		d->fault = problem_set(&d->problem, f, fault_title(f).ptr);
	}
	return f == FAULT_NONE;
}

void smtp_relay_concluded(struct smtp_relay *r, struct smtp_link *k, struct smtp_delivery *d)
{
	struct smtp_route *route = k->route;
	uint64_t now_ms = loop_now(r->params.loop).ms;
	bool goes_on = true;
	route->holds++;
	route->busy--;
	note_attempt(d);
	take_splits(route, k, loop_now(r->params.loop));
	if (may_go_on_at_once(r, k, d)) {
		d->errand.retried |= !d->try_again;
		d->fault = FAULT_NONE;
		enum fault f = smtp_hold_ask(r, d);
		f = f == FAULT_NONE ? smtp_link_open(r, route, d) : f;
		if (f != FAULT_NONE) {
			smtp_account_learned_nothing(&route->account);
			smtp_relay_tell_later(d, f);
		}
	} else {
		struct advice advice = advise(r, d);
		learn(r, k, d, &advice);
		measure(route, now_ms - d->errand.began.ms);
		goes_on = try_later(r, route, d, &advice) || go_on(r, route, d);
	}
	put_back(r, k);
	smtp_turns_serve(r, route);
	route->holds--;
	smtp_pool_prune(&r->pool, route, loop_now(r->params.loop));
	if (!goes_on) {
		smtp_relay_tell(d);
	}
}
