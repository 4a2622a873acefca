#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "relay/smtp/turns.h"

enum { EHLO_NAME_MAX = 255 };

bool smtp_relay_some_sent(const struct smtp_delivery *d)
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
void smtp_relay_tell(struct smtp_delivery *d)
{
	loop_timer_free(&d->errand.timer);
	smtp_node_leave(&d->errand.among);
	smtp_node_leave(&d->errand.pause);
	if (d->fault == FAULT_NONE) {
		d->cause = NULL;
	} else if (d->cause == NULL) {
		d->cause = smtp_cause_of_fault(d->fault);
	}
	d->problem.cause = d->cause;
	if (smtp_relay_some_sent(d)) {
		/* A fault would invite the caller to send it to them again (design.md promise 2). */
		d->fault = FAULT_NONE;
		d->cause = NULL;
	}
	d->done(d->owner, d);
}

static void on_told(void *owner)
{
	smtp_relay_tell(owner);
}

void smtp_relay_tell_later(struct smtp_delivery *d, enum fault f)
{
	d->fault = f;
	if (d->problem.fault != f) {
		problem_set(&d->problem, f, fault_title(f).ptr);
	}
	d->errand.told = (struct loop_task){.fn = on_told, .owner = d};
	loop_post(d->errand.relay->params.loop, &d->errand.told);
}

void smtp_relay_waits(struct smtp_delivery *d, uint64_t wait_ms)
{
	bool is_news = wait_ms > 0 || d->errand.is_told_to_wait;
	d->errand.is_told_to_wait = wait_ms > 0;
	if (d->waits != NULL && is_news) {
		d->waits(d->owner, d, wait_ms);
	}
}

uint64_t smtp_relay_chance(void)
{
	uint64_t chance = 0;
	/* Without any, all wait as long as they may. */
	return getrandom(&chance, sizeof(chance), GRND_NONBLOCK) == (ssize_t)sizeof(chance) ? chance
											    : 0;
}

static enum fault serve(struct smtp_relay *r, struct smtp_delivery *d)
{
	if (d->recipient_count == 0) {
		return FAULT_BAD_ADDRESS;
	}
	if (instant_is_past(d->deadline, loop_now(r->params.loop))) {
		return FAULT_DEADLINE;
	}
	return r->gave_up ? FAULT_STOPPING : smtp_turns_enter(r, d);
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
	d->retry_after_ms = 0;
	d->code = 0;
	d->errand = (struct smtp_errand){.relay = r, .attempts = 1};
	smtp_node_init(&d->errand.pause, d);
	smtp_node_init(&d->errand.among, d);
	smtp_node_put_last(&r->deliveries, &d->errand.among);
	enum fault f = serve(r, d);
	if (f != FAULT_NONE) {
		smtp_relay_tell_later(d, f);
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

void smtp_relay_params_take(struct smtp_relay_params *into, const struct smtp_relay_params *from)
{
	into->chunking = from->chunking;
	into->connections_per_upstream = from->connections_per_upstream;
	into->messages_per_connection = from->messages_per_connection;
	into->attempts = from->attempts;
	into->throttled_attempts = from->throttled_attempts;
	into->backoff = from->backoff;
	into->patience_max_ms = from->patience_max_ms;
	into->breakers = from->breakers;
	into->idle_ms = from->idle_ms;
	into->connect_ms = from->connect_ms;
	into->greeting_ms = from->greeting_ms;
	into->command_ms = from->command_ms;
	into->content_ms = from->content_ms;
	into->final_min_ms = from->final_min_ms;
}

void smtp_relay_set(struct smtp_relay *r, const struct smtp_relay_params *params)
{
	smtp_relay_params_take(&r->params, params);
}

enum fault smtp_relay_new(const struct smtp_relay_params *params, struct smtp_relay **out_relay)
{
	CLEANUP(smtp_relay_free) struct smtp_relay *r = calloc(1, sizeof(*r));
	if (r == NULL) {
		return FAULT_NO_MEMORY;
	}
	r->params = *params;
	smtp_node_init(&r->links, NULL);
	smtp_node_init(&r->pausing, NULL);
	smtp_node_init(&r->deliveries, NULL);
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
	smtp_pool_deinit(&r->pool);
	smtp_trust_deinit(&r->trust);
	free(r);
}
