#include "relay/gateway/receipt_set.h"

#include <pthread.h>
#include <stdlib.h>

#include "spool-free/job/receipt_jws.h"

struct receipt_set {
	pthread_mutex_t lock;
	struct buf json; /* empty: none is known */
	struct instant until;
};

enum fault receipt_set_new(struct receipt_set **out_set)
{
	struct receipt_set *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		return FAULT_NO_MEMORY;
	}
	pthread_mutex_init(&s->lock, NULL);
	buf_init(&s->json, RECEIPT_SET_MAX);
	*out_set = s;
	return FAULT_NONE;
}

void receipt_set_free(struct receipt_set **s)
{
	if (*s != NULL) {
		buf_deinit(&(*s)->json);
		pthread_mutex_destroy(&(*s)->lock);
		free(*s);
		*s = NULL;
	}
}

void receipt_set_keep(struct receipt_set *s, struct slice json, struct instant now)
{
	pthread_mutex_lock(&s->lock);
	buf_clear(&s->json);
	if (buf_add(&s->json, json) == FAULT_NONE) {
		s->until = instant_after(now, RECEIPT_SET_MS);
	}
	pthread_mutex_unlock(&s->lock);
}

bool receipt_set_find(struct receipt_set *s, struct instant now, struct buf *out_json)
{
	pthread_mutex_lock(&s->lock);
	bool found = s->json.len > 0 && !instant_is_past(s->until, now) &&
		     buf_add(out_json, buf_view(&s->json)) == FAULT_NONE;
	pthread_mutex_unlock(&s->lock);
	return found;
}
