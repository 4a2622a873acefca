#include "relay/gateway/debugs.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/event.h"

struct place {
	struct debug debug;
	struct instant minute; /* when its lines begin to count anew */
	unsigned lines, left_out;
};

struct debugs {
	pthread_mutex_t lock;
	uint64_t most_ms;
	_Atomic size_t count; /* changes under the lock */
	struct place places[DEBUGS_MAX];
};

enum fault debugs_new(uint64_t most_ms, struct debugs **out_debugs)
{
	struct debugs *d = calloc(1, sizeof(*d));
	if (d == NULL) {
		return FAULT_NO_MEMORY;
	}
	d->most_ms = most_ms;
	pthread_mutex_init(&d->lock, NULL);
	*out_debugs = d;
	return FAULT_NONE;
}

void debugs_free(struct debugs **d)
{
	if (*d != NULL) {
		pthread_mutex_destroy(&(*d)->lock);
		free(*d);
		*d = NULL;
	}
}

static struct slice tenant_of(const struct place *p)
{
	return slice_of(p->debug.tenant, p->debug.tenant_len);
}

static struct slice name_of(enum debugs_by by)
{
	static const struct slice names[] = {[DEBUGS_BY_ADMIN] = SLICE_INIT("admin"),
					     [DEBUGS_BY_OPERATOR] = SLICE_INIT("operator"),
					     [DEBUGS_BY_TIME] = SLICE_INIT("time")};
	return names[by];
}

static void tell_cut(struct place *p)
{
	if (p->left_out > 0) {
		event_log(EVENT_DEBUG_CUT, EVENT_TEXT("tenant", tenant_of(p)),
			  EVENT_NUMBER("count", p->left_out));
		p->left_out = 0;
	}
}

static void end(struct debugs *d, size_t at, enum debugs_by by)
{
	size_t left = atomic_load(&d->count) - 1;
	tell_cut(&d->places[at]);
	event_log(EVENT_DEBUG_OFF, EVENT_TEXT("tenant", tenant_of(&d->places[at])),
		  EVENT_TEXT("by", name_of(by)));
	d->places[at] = d->places[left];
	atomic_store(&d->count, left);
}

/* Under the lock. */
static void expire(struct debugs *d, struct instant now)
{
	size_t i = 0;
	while (i < atomic_load(&d->count)) {
		if (instant_is_past(d->places[i].debug.ends, now)) {
			end(d, i, DEBUGS_BY_TIME);
		} else {
			i++;
		}
	}
}

/* The tenant's place, or NULL. */
static struct place *find(struct debugs *d, struct slice tenant)
{
	size_t count = atomic_load(&d->count);
	for (size_t i = 0; i < count; i++) {
		if (slice_eq(tenant_of(&d->places[i]), tenant)) {
			return &d->places[i];
		}
	}
	return NULL;
}

static struct place *add(struct debugs *d, struct slice tenant, struct instant now)
{
	size_t count = atomic_load(&d->count);
	if (count == DEBUGS_MAX) {
		return NULL;
	}
	struct place *p = &d->places[count];
	*p = (struct place){.minute = instant_after(now, DEBUGS_MINUTE_MS)};
	p->debug.tenant_len = tenant.len;
	memcpy(p->debug.tenant, tenant.ptr, tenant.len);
	atomic_store(&d->count, count + 1);
	return p;
}

enum fault debugs_on(struct debugs *d, const struct debugs_wish *w, struct debug *out_debug,
		     struct problem *problem)
{
	uint64_t ms = w->minutes * DEBUGS_MINUTE_MS;
	assert(w->tenant.len > 0 && w->tenant.len <= DEBUGS_TENANT_MAX &&
	       w->minutes <= DEBUGS_MINUTES_MAX);
	ms = ms < d->most_ms ? ms : d->most_ms;
	pthread_mutex_lock(&d->lock);
	expire(d, w->now);
	struct place *p = find(d, w->tenant);
	p = p != NULL ? p : add(d, w->tenant, w->now);
	if (p != NULL) {
		p->debug.ends = instant_after(w->now, ms);
		p->debug.until.ms = w->date.ms + (int64_t)ms;
		*out_debug = p->debug;
	}
	pthread_mutex_unlock(&d->lock);
	if (p == NULL) {
		return problem_set(
			problem, FAULT_BUSY,
			"The debug log is on for 16 tenants already; it ends for each of "
			"them by itself, so try again later.");
	}
	event_log(EVENT_DEBUG_ON, EVENT_TEXT("tenant", w->tenant), EVENT_TEXT("by", name_of(w->by)),
		  EVENT_NUMBER("seconds", (ms + 999) / 1000));
	return FAULT_NONE;
}

bool debugs_off(struct debugs *d, struct slice tenant, enum debugs_by by, struct instant now)
{
	pthread_mutex_lock(&d->lock);
	expire(d, now);
	struct place *p = find(d, tenant);
	if (p != NULL) {
		end(d, (size_t)(p - d->places), by);
	}
	pthread_mutex_unlock(&d->lock);
	return p != NULL;
}

bool debugs_find(struct debugs *d, struct slice tenant, struct instant now, struct debug *out_debug)
{
	if (atomic_load(&d->count) == 0) {
		return false;
	}
	pthread_mutex_lock(&d->lock);
	expire(d, now);
	struct place *p = find(d, tenant);
	if (p != NULL) {
		*out_debug = p->debug;
	}
	pthread_mutex_unlock(&d->lock);
	return p != NULL;
}

size_t debugs_list(struct debugs *d, struct instant now, struct debug out_debugs[DEBUGS_MAX])
{
	pthread_mutex_lock(&d->lock);
	expire(d, now);
	size_t count = atomic_load(&d->count);
	for (size_t i = 0; i < count; i++) {
		out_debugs[i] = d->places[i].debug;
	}
	pthread_mutex_unlock(&d->lock);
	return count;
}

static bool take(struct place *p, struct instant now)
{
	if (instant_is_past(p->minute, now)) {
		tell_cut(p);
		p->minute = instant_after(now, DEBUGS_MINUTE_MS);
		p->lines = 0;
	}
	bool fits = p->lines < DEBUGS_LINES;
	p->lines += fits;
	p->left_out += !fits;
	return fits;
}

bool debugs_take_line(struct debugs *d, struct slice tenant, struct instant now)
{
	if (atomic_load(&d->count) == 0) {
		return false;
	}
	pthread_mutex_lock(&d->lock);
	expire(d, now);
	struct place *p = find(d, tenant);
	bool may = p != NULL && take(p, now);
	pthread_mutex_unlock(&d->lock);
	return may;
}

void debugs_expire(struct debugs *d, struct instant now)
{
	if (atomic_load(&d->count) > 0) {
		pthread_mutex_lock(&d->lock);
		expire(d, now);
		pthread_mutex_unlock(&d->lock);
	}
}
