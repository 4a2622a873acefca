#include "spool-free/job/budget.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

/*
 * Tenants stand in a table of fixed size, found by linear probing. A lease remembers its slot, so a
 * slot never moves; one whose last job ended is `left` until nothing behind it needs the probe to
 * go on, then free.
 */
enum slot_state { SLOT_FREE, SLOT_HELD, SLOT_LEFT };

struct slot {
	enum slot_state state;
	uint64_t tenant;
	struct budget_use use;
};

struct budget {
	pthread_mutex_t lock;
	struct budget_params params;
	struct budget_use use;
	unsigned mask; /* slots - 1; there are at least twice as many slots as jobs */
	struct slot slots[];
};

/* FNV-1a. Two tenants of one hash would share a share; ids are given by us, not chosen. */
static uint64_t hash_of(struct slice tenant)
{
	uint64_t hash = 0xcbf29ce484222325U;
	for (size_t i = 0; i < tenant.len; i++) {
		hash = (hash ^ (unsigned char)tenant.ptr[i]) * 0x100000001b3U;
	}
	return hash;
}

enum fault budget_new(const struct budget_params *params, struct budget **out_budget)
{
	size_t slots = 2;
	while (slots < 2 * (size_t)params->jobs) {
		slots *= 2;
	}
	struct budget *b = calloc(1, sizeof(*b) + slots * sizeof(b->slots[0]));
	if (b == NULL) {
		return FAULT_NO_MEMORY;
	}
	b->params = *params;
	b->mask = (unsigned)(slots - 1);
	pthread_mutex_init(&b->lock, NULL);
	*out_budget = b;
	return FAULT_NONE;
}

void budget_free(struct budget **b)
{
	if (*b != NULL) {
		assert((*b)->use.jobs == 0);
		pthread_mutex_destroy(&(*b)->lock);
		free(*b);
		*b = NULL;
	}
}

/* The tenant's slot, or the one it would get: a free one may be lacking, one that is not held is not. */
static unsigned find_slot(const struct budget *b, uint64_t tenant)
{
	unsigned left = 0;
	bool has_left = false;
	unsigned at = (unsigned)(tenant ^ tenant >> 32) & b->mask;
	for (unsigned n = 0; n <= b->mask && b->slots[at].state != SLOT_FREE; n++) {
		const struct slot *s = &b->slots[at];
		if (s->state == SLOT_HELD && s->tenant == tenant) {
			return at;
		}
		if (s->state == SLOT_LEFT && !has_left) {
			has_left = true;
			left = at;
		}
		at = (at + 1) & b->mask;
	}
	return has_left ? left : at;
}

static void leave_slot(struct budget *b, unsigned at)
{
	b->slots[at].state = SLOT_LEFT;
	if (b->slots[(at + 1) & b->mask].state != SLOT_FREE) {
		return;
	}
	for (; b->slots[at].state == SLOT_LEFT; at = (at - 1) & b->mask) {
		b->slots[at] = (struct slot){.state = SLOT_FREE};
	}
}

static bool fits(size_t held, size_t more, size_t most)
{
	size_t all;
	return !__builtin_add_overflow(held, more, &all) && all <= most;
}

static bool has_room(const struct budget *b, const struct slot *s, size_t bytes, unsigned jobs)
{
	return fits(b->use.jobs, jobs, b->params.jobs) &&
	       fits(s->use.jobs, jobs, b->params.tenant_jobs) &&
	       fits(b->use.bytes, bytes, b->params.bytes) &&
	       fits(s->use.bytes, bytes, b->params.tenant_bytes);
}

static void hold(struct budget *b, struct slot *s, size_t bytes, unsigned jobs)
{
	b->use.bytes += bytes;
	b->use.jobs += jobs;
	s->use.bytes += bytes;
	s->use.jobs += jobs;
}

enum fault budget_take(struct budget *b, struct slice tenant, size_t bytes,
		       struct budget_lease *out_lease)
{
	enum fault f = FAULT_BUSY;
	uint64_t hash = hash_of(tenant);
	pthread_mutex_lock(&b->lock);
	unsigned at = find_slot(b, hash);
	struct slot *s = &b->slots[at];
	if (has_room(b, s, bytes, 1)) {
		s->state = SLOT_HELD;
		s->tenant = hash;
		hold(b, s, bytes, 1);
		*out_lease = (struct budget_lease){.from = b, .bytes = bytes, .tenant_slot = at};
		f = FAULT_NONE;
	}
	pthread_mutex_unlock(&b->lock);
	return f;
}

enum fault budget_grow(struct budget_lease *lease, size_t more)
{
	struct budget *b = lease->from;
	enum fault f = FAULT_BUSY;
	pthread_mutex_lock(&b->lock);
	struct slot *s = &b->slots[lease->tenant_slot];
	if (has_room(b, s, more, 0)) {
		hold(b, s, more, 0);
		lease->bytes += more;
		f = FAULT_NONE;
	}
	pthread_mutex_unlock(&b->lock);
	return f;
}

void budget_shrink(struct budget_lease *lease, size_t to)
{
	struct budget *b = lease->from;
	if (b == NULL || lease->bytes <= to) {
		return;
	}
	pthread_mutex_lock(&b->lock);
	b->use.bytes -= lease->bytes - to;
	b->slots[lease->tenant_slot].use.bytes -= lease->bytes - to;
	lease->bytes = to;
	pthread_mutex_unlock(&b->lock);
}

void budget_give_back(struct budget_lease *lease)
{
	struct budget *b = lease->from;
	if (b == NULL) {
		return;
	}
	pthread_mutex_lock(&b->lock);
	struct slot *s = &b->slots[lease->tenant_slot];
	assert(s->state == SLOT_HELD && s->use.jobs > 0 && s->use.bytes >= lease->bytes);
	b->use.bytes -= lease->bytes;
	b->use.jobs--;
	s->use.bytes -= lease->bytes;
	s->use.jobs--;
	if (s->use.jobs == 0) {
		leave_slot(b, lease->tenant_slot);
	}
	pthread_mutex_unlock(&b->lock);
	*lease = (struct budget_lease){0};
}

struct budget_use budget_in_use(struct budget *b)
{
	pthread_mutex_lock(&b->lock);
	struct budget_use use = b->use;
	pthread_mutex_unlock(&b->lock);
	return use;
}

struct budget_use budget_most(const struct budget *b)
{
	return (struct budget_use){.bytes = b->params.bytes, .jobs = b->params.jobs};
}
