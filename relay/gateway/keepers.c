#include "relay/gateway/keepers.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct keepers {
	pthread_mutex_t lock;
	pthread_cond_t returned;
	unsigned count;
	unsigned free_count;
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

struct keeper_client *keepers_borrow(struct keepers *k)
{
	pthread_mutex_lock(&k->lock);
	while (k->free_count == 0) {
		pthread_cond_wait(&k->returned, &k->lock);
	}
	struct keeper_client *client = k->free[--k->free_count];
	pthread_mutex_unlock(&k->lock);
	return client;
}

void keepers_return(struct keepers *k, struct keeper_client *client)
{
	pthread_mutex_lock(&k->lock);
	k->free[k->free_count++] = client;
	pthread_cond_signal(&k->returned);
	pthread_mutex_unlock(&k->lock);
}
