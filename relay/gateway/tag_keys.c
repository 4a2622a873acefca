#include "relay/gateway/tag_keys.h"

#include <pthread.h>
#include <stdlib.h>

#include "spool-free/base/event.h"
#include "spool-free/base/secret.h"
#include "spool-free/base/wipe.h"

enum { HELD = 2 };

struct held_key {
	uint32_t day;
	struct secret *key; /* NULL: none */
};

struct tag_keys {
	pthread_mutex_t lock;	    /* of what follows */
	struct held_key keys[HELD]; /* of a day and of the next, each at its day's place */
	struct civil retry_at;	    /* after a failure */
	bool is_unkeyed;	    /* it was told */
	pthread_mutex_t asking;	    /* one thread asks; taken before `lock` */
};

enum fault tag_keys_new(struct tag_keys **out_keys)
{
	struct tag_keys *k = calloc(1, sizeof(*k));
	if (k == NULL) {
		return FAULT_NO_MEMORY;
	}
	pthread_mutex_init(&k->lock, NULL);
	pthread_mutex_init(&k->asking, NULL);
	*out_keys = k;
	return FAULT_NONE;
}

void tag_keys_free(struct tag_keys **k)
{
	struct tag_keys *gone = *k;
	if (gone == NULL) {
		return;
	}
	for (size_t i = 0; i < HELD; i++) {
		secret_free(&gone->keys[i].key);
	}
	pthread_mutex_destroy(&gone->asking);
	pthread_mutex_destroy(&gone->lock);
	free(gone);
	*k = NULL;
}

static struct held_key *place_of(struct tag_keys *k, uint32_t day)
{
	return &k->keys[day % HELD];
}

static bool holds(struct tag_keys *k, uint32_t day)
{
	const struct held_key *h = place_of(k, day);
	return h->key != NULL && h->day == day;
}

/* The day whose key is to be asked for; false when there is none. */
static bool is_wanted(struct tag_keys *k, struct civil now, uint32_t *out_day)
{
	uint32_t today = tag_day(now);
	uint32_t soon = tag_day((struct civil){.ms = now.ms + TAG_KEYS_AHEAD_MS});
	bool wanted = false;
	pthread_mutex_lock(&k->lock);
	if (now.ms >= k->retry_at.ms) {
		*out_day = holds(k, today) ? soon : today;
		wanted = !holds(k, *out_day);
	}
	pthread_mutex_unlock(&k->lock);
	return wanted;
}

static bool may_serve(struct tag_keys *k, uint32_t today)
{
	return holds(k, today) || (today > 0 && holds(k, today - 1));
}

static enum fault keep(struct tag_keys *k, uint32_t day, struct slice bytes)
{
	struct secret *key;
	enum fault f = secret_new(bytes, &key);
	if (f == FAULT_NONE) {
		struct held_key *h = place_of(k, day);
		secret_free(&h->key);
		*h = (struct held_key){.day = day, .key = key};
	}
	return f;
}

static void ask_for(struct tag_keys *k, struct civil now, uint32_t day, tag_keys_ask_fn *ask,
		    void *ctx)
{
	unsigned char bytes[TAG_KEY];
	bool is_told = false;
	enum fault f = ask(ctx, day, bytes);
	pthread_mutex_lock(&k->lock);
	if (f == FAULT_NONE) {
		f = keep(k, day, slice_of(bytes, sizeof(bytes)));
	}
	if (f != FAULT_NONE) {
		k->retry_at.ms = now.ms + TAG_KEYS_RETRY_MS;
		is_told = !k->is_unkeyed && !may_serve(k, tag_day(now));
		k->is_unkeyed |= is_told;
	} else {
		k->is_unkeyed = false;
	}
	pthread_mutex_unlock(&k->lock);
	wipe(bytes, sizeof(bytes));
	if (is_told) {
		event_log(EVENT_LOG_UNKEYED, EVENT_FAULT(f));
	}
}

/* Whoever comes while another one asks goes on with the key that is held; without one, it waits. */
static bool begin_to_ask(struct tag_keys *k, struct civil now)
{
	pthread_mutex_lock(&k->lock);
	bool can_wait = may_serve(k, tag_day(now));
	pthread_mutex_unlock(&k->lock);
	return can_wait ? pthread_mutex_trylock(&k->asking) == 0
			: pthread_mutex_lock(&k->asking) == 0;
}

void tag_keys_refresh(struct tag_keys *k, struct civil now, tag_keys_ask_fn *ask, void *ctx)
{
	uint32_t day;
	if (!is_wanted(k, now, &day) || !begin_to_ask(k, now)) {
		return;
	}
	if (is_wanted(k, now, &day)) { /* still, now that this thread is the one */
		ask_for(k, now, day, ask, ctx);
	}
	pthread_mutex_unlock(&k->asking);
}

struct slice tag_keys_tag(struct tag_keys *k, struct civil now, struct slice text,
			  char room[TAG_LEN])
{
	enum fault f = FAULT_NOT_FOUND;
	uint32_t today = tag_day(now);
	if (k == NULL) {
		return SLICE_LIT("-");
	}
	pthread_mutex_lock(&k->lock);
	if (may_serve(k, today)) {
		const struct held_key *h = place_of(k, holds(k, today) ? today : today - 1);
		f = tag_of((const unsigned char *)secret_view(h->key).ptr, text, room);
	}
	pthread_mutex_unlock(&k->lock);
	return f == FAULT_NONE ? slice_of(room, TAG_LEN) : SLICE_LIT("-");
}
