#include "relay/gateway/pauses.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "spool-free/base/event.h"
#include "relay/smtp/smtp.h"

struct pauses {
	pthread_mutex_t lock;
	_Atomic size_t count; /* changes under the lock */
	struct pause places[PAUSES_MAX];
};

enum fault pauses_new(struct pauses **out_pauses)
{
	struct pauses *p = calloc(1, sizeof(*p));
	if (p == NULL) {
		return FAULT_NO_MEMORY;
	}
	pthread_mutex_init(&p->lock, NULL);
	*out_pauses = p;
	return FAULT_NONE;
}

void pauses_free(struct pauses **p)
{
	if (*p != NULL) {
		pthread_mutex_destroy(&(*p)->lock);
		free(*p);
		*p = NULL;
	}
}

/* Empty, where it is none. */
static struct slice tenant_of(const struct pause_target *t)
{
	return t->what == PAUSE_TENANT ? pause_name(t) : (struct slice){0};
}

static void tell_set(const struct pause *p, struct instant now)
{
	event_log(EVENT_PAUSE_SET, EVENT_TEXT("what", pause_what_name(p->target.what)),
		  EVENT_MAYBE("tenant", tenant_of(&p->target)),
		  EVENT_MAYBE("reason", pause_reason(p)),
		  EVENT_MAYBE_NUMBER("seconds", (instant_left_ms(p->ends, now) + 999) / 1000));
}

static void tell_lifted(const struct pause *p, struct slice by)
{
	event_log(EVENT_PAUSE_LIFTED, EVENT_TEXT("what", pause_what_name(p->target.what)),
		  EVENT_TEXT("by", by), EVENT_MAYBE("tenant", tenant_of(&p->target)),
		  EVENT_MAYBE("reason", pause_reason(p)));
}

static void remove_at(struct pauses *p, size_t at)
{
	size_t left = atomic_load(&p->count) - 1;
	for (size_t i = at; i < left; i++) {
		p->places[i] = p->places[i + 1];
	}
	atomic_store(&p->count, left);
}

/* Under the lock. */
static void expire(struct pauses *p, struct instant now)
{
	size_t i = 0;
	while (i < atomic_load(&p->count)) {
		if (p->places[i].until.ms != 0 && instant_is_past(p->places[i].ends, now)) {
			tell_lifted(&p->places[i], SLICE_LIT("time"));
			remove_at(p, i);
		} else {
			i++;
		}
	}
}

/* The place of this target, or the count. */
static size_t find(const struct pauses *p, const struct pause_target *target)
{
	size_t count = atomic_load(&p->count);
	size_t i = 0;
	while (i < count && !pause_is_same(&p->places[i].target, target)) {
		i++;
	}
	return i;
}

static enum fault put(struct pauses *p, const struct pause *pause, struct problem *problem)
{
	size_t count = atomic_load(&p->count);
	size_t i = find(p, &pause->target);
	if (i == PAUSES_MAX) {
		return problem_set(problem, FAULT_BUSY,
				   "64 pauses are on, and no more are taken; lift one of them.");
	}
	struct civil since = i < count ? p->places[i].since : pause->since;
	p->places[i] = *pause;
	p->places[i].since = since;
	atomic_store(&p->count, i < count ? count : count + 1);
	return FAULT_NONE;
}

enum fault pauses_set(struct pauses *p, const struct pause *pause, struct instant now,
		      struct problem *problem)
{
	pthread_mutex_lock(&p->lock);
	expire(p, now);
	enum fault f = put(p, pause, problem);
	pthread_mutex_unlock(&p->lock);
	if (f == FAULT_NONE) {
		tell_set(pause, now);
	}
	return f;
}

bool pauses_lift(struct pauses *p, const struct pause_target *target, struct instant now)
{
	pthread_mutex_lock(&p->lock);
	expire(p, now);
	size_t i = find(p, target);
	bool found = i < atomic_load(&p->count);
	if (found) {
		tell_lifted(&p->places[i], SLICE_LIT("operator"));
		remove_at(p, i);
	}
	pthread_mutex_unlock(&p->lock);
	return found;
}

enum fault pauses_ask(struct pauses *p, const struct pauses_question *q, struct problem *problem,
		      uint64_t *out_retry_ms)
{
	enum fault f = FAULT_NONE;
	if (atomic_load(&p->count) == 0) {
		return f;
	}
	pthread_mutex_lock(&p->lock);
	expire(p, q->now);
	size_t count = atomic_load(&p->count);
	for (size_t i = 0; i < count && f == FAULT_NONE; i++) {
		if (pause_meets(&p->places[i].target, q->tenant, q->host, q->port)) {
			f = pause_explain(&p->places[i], q->now, q->some_sent, problem,
					  out_retry_ms);
		}
	}
	pthread_mutex_unlock(&p->lock);
	return f;
}

enum fault pauses_hold(void *pauses, const struct smtp_upstream *u, bool some_sent,
		       struct problem *problem, uint64_t *out_retry_ms)
{
	const struct pauses_question q = {.tenant = u->tenant,
					  .host = u->host,
					  .port = u->port,
					  .some_sent = some_sent,
					  .now = instant_now()};
	return pauses_ask(pauses, &q, problem, out_retry_ms);
}

size_t pauses_list(struct pauses *p, struct instant now, struct pause out_pauses[PAUSES_MAX])
{
	pthread_mutex_lock(&p->lock);
	expire(p, now);
	size_t count = atomic_load(&p->count);
	for (size_t i = 0; i < count; i++) {
		out_pauses[i] = p->places[i];
	}
	pthread_mutex_unlock(&p->lock);
	return count;
}

void pauses_expire(struct pauses *p, struct instant now)
{
	if (atomic_load(&p->count) > 0) {
		pthread_mutex_lock(&p->lock);
		expire(p, now);
		pthread_mutex_unlock(&p->lock);
	}
}
