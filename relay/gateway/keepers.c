#include "relay/gateway/keepers.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "spool-free/base/event.h"

struct keepers {
	pthread_mutex_t lock;
	pthread_cond_t returned;
	unsigned count;
	unsigned free_count;
	bool is_down;
	const struct keeper_client *asking; /* finds out whether it is up again */
	struct keeper_client *free[];
};

void keepers_free(struct keepers **k)
{
	struct keepers *gone = *k;
	if (gone == NULL) {
		return;
	}
	assert(gone->free_count == gone->count);
	for (unsigned i = 0; i < gone->count; i++) {
		keeper_client_free(&gone->free[i]);
	}
	pthread_cond_destroy(&gone->returned);
	pthread_mutex_destroy(&gone->lock);
	free(gone);
	*k = NULL;
}

enum fault keepers_new(struct slice socket_path, unsigned count, uint64_t timeout_ms,
		       struct keepers **out_keepers)
{
	CLEANUP(keepers_free)
	struct keepers *k = calloc(1, sizeof(*k) + count * sizeof(k->free[0]));
	if (k == NULL) {
		return FAULT_NO_MEMORY;
	}
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->returned, NULL);
	while (k->count < count) {
		enum fault f = keeper_client_new(socket_path, timeout_ms, &k->free[k->count]);
		if (f != FAULT_NONE) {
			return f;
		}
		k->free_count = ++k->count;
	}
	*out_keepers = STEAL(k);
	return FAULT_NONE;
}

enum fault keepers_borrow(struct keepers *k, struct keeper_client **out_client)
{
	enum fault f = FAULT_KEEPER_DOWN;
	pthread_mutex_lock(&k->lock);
	while (k->free_count == 0 && !k->is_down) {
		pthread_cond_wait(&k->returned, &k->lock);
	}
	if (k->free_count > 0 && !(k->is_down && k->asking != NULL)) {
		*out_client = k->free[--k->free_count];
		k->asking = k->is_down ? *out_client : k->asking;
		f = FAULT_NONE;
	}
	pthread_mutex_unlock(&k->lock);
	return f;
}

void keepers_return(struct keepers *k, struct keeper_client *client, enum fault outcome)
{
	pthread_mutex_lock(&k->lock);
	bool was_down = k->is_down;
	k->free[k->free_count++] = client;
	k->is_down = outcome == FAULT_KEEPER_DOWN;
	k->asking = k->asking == client ? NULL : k->asking;
	/* When it is down, none of those who wait here will get one. */
	(k->is_down ? pthread_cond_broadcast : pthread_cond_signal)(&k->returned);
	bool is_down = k->is_down;
	pthread_mutex_unlock(&k->lock);
	if (is_down && !was_down) {
		event_log(EVENT_KEEPER_DOWN, EVENT_FAULT(outcome));
	} else if (was_down && !is_down) {
		event_log(EVENT_KEEPER_UP, EVENT_MAYBE_FAULT(outcome));
	}
}
