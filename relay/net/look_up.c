#include "relay/net/look_up.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/digest.h"
#include "relay/net/worker.h"

struct look_ups {
	look_up_resolve_fn *resolve;
	struct workers *workers;
	pthread_mutex_t lock; /* guards the list, and whether each of it has begun */
	struct look_up *first, *last;
};

struct look_up {
	struct look_ups *among;
	struct look_up *prev, *next;
	bool begun; /* a thread is to take it up, or has */
	unsigned char party[DIGEST_LEN];
	look_up_fn *fn; /* NULL: called off */
	void *owner;
	atomic_bool is_called_off; /* the same for the thread */
	struct worker_task task;
	uint16_t port;
	char name[RESOLVE_NAME_MAX + 1];
	struct address_list list;
};

static void put_last(struct look_ups *l, struct look_up *u)
{
	u->prev = l->last;
	*(l->last != NULL ? &l->last->next : &l->first) = u;
	l->last = u;
}

static void take_out(struct look_ups *l, struct look_up *u)
{
	*(u->prev != NULL ? &u->prev->next : &l->first) = u->next;
	*(u->next != NULL ? &u->next->prev : &l->last) = u->prev;
}

/* The party's first that waits begins if its share is not used up. */
static void begin_one(struct look_ups *l, const unsigned char party[DIGEST_LEN])
{
	struct look_up *waiting = NULL;
	unsigned begun = 0;
	for (struct look_up *u = l->first; u != NULL; u = u->next) {
		if (memcmp(u->party, party, DIGEST_LEN) != 0) {
			continue;
		}
		begun += u->begun;
		waiting = waiting == NULL && !u->begun ? u : waiting;
	}
	if (waiting != NULL && begun < LOOK_UP_SHARE) {
		waiting->begun = true;
		workers_submit(l->workers, &waiting->task);
	}
}

static void run(void *owner)
{
	struct look_up *u = owner;
	if (!atomic_load(&u->is_called_off)) {
		u->among->resolve(u->name, u->port, &u->list);
	}
}

static void done(void *owner)
{
	struct look_up *u = owner;
	struct look_ups *l = u->among;
	pthread_mutex_lock(&l->lock);
	take_out(l, u);
	begin_one(l, u->party);
	pthread_mutex_unlock(&l->lock);
	if (u->fn != NULL) {
		u->fn(u->owner, &u->list);
	}
	free(u);
}

enum fault look_up_start(struct look_ups *l, const struct look_up_params *params, look_up_fn *fn,
			 void *owner, struct look_up **out_look_up)
{
	struct look_up *u = calloc(1, sizeof(*u));
	if (u == NULL) {
		return FAULT_NO_MEMORY;
	}
	u->among = l;
	u->fn = fn;
	u->owner = owner;
	u->port = params->port;
	memcpy(u->name, params->name, strnlen(params->name, RESOLVE_NAME_MAX));
	digest_sha256(params->party, u->party);
	u->task = (struct worker_task){.run = run, .done = done, .owner = u, .home = params->loop};
	pthread_mutex_lock(&l->lock);
	put_last(l, u);
	begin_one(l, u->party);
	pthread_mutex_unlock(&l->lock);
	*out_look_up = u;
	return FAULT_NONE;
}

void look_up_cancel(struct look_up **look_up)
{
	struct look_up *u = *look_up;
	if (u == NULL) {
		return;
	}
	*look_up = NULL;
	u->fn = NULL;
	atomic_store(&u->is_called_off, true);
	struct look_ups *l = u->among;
	pthread_mutex_lock(&l->lock);
	bool waits = !u->begun;
	if (waits) {
		take_out(l, u);
	}
	pthread_mutex_unlock(&l->lock);
	if (waits) {
		free(u);
	}
}

enum fault look_ups_new(look_up_resolve_fn *resolve, struct look_ups **out_look_ups)
{
	struct look_ups *l = calloc(1, sizeof(*l));
	if (l == NULL) {
		return FAULT_NO_MEMORY;
	}
	l->resolve = resolve;
	pthread_mutex_init(&l->lock, NULL);
	enum fault f = workers_new(LOOK_UP_THREADS, &l->workers);
	if (f != FAULT_NONE) {
		look_ups_free(&l);
		return f;
	}
	*out_look_ups = l;
	return FAULT_NONE;
}

void look_ups_stop(struct look_ups *l)
{
	workers_free(&l->workers);
}

void look_ups_free(struct look_ups **look_ups)
{
	struct look_ups *l = *look_ups;
	if (l == NULL) {
		return;
	}
	*look_ups = NULL;
	look_ups_stop(l);
	while (l->first != NULL) { /* called off, and their loop ended before it took them back */
		struct look_up *u = l->first;
		take_out(l, u);
		free(u);
	}
	pthread_mutex_destroy(&l->lock);
	free(l);
}
