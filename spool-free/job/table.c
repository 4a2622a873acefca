#include "spool-free/job/table.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/wipe.h"

enum { TENANT_MAX = 64 };

struct entry {
	struct uuid id;
	size_t tenant_len;
	char tenant[TENANT_MAX];
	bool has_key;
	unsigned char key_hash[JOB_KEY_HASH];
	unsigned char body_hash[JOB_KEY_HASH];
	enum job_state state;
	struct civil eta;
	int status;
	char *answer;
	size_t answer_len;
	struct instant expires;
	struct entry *next_by_id;
	struct entry *next_by_key;
	struct entry *older, *newer; /* ended ones, in the order of their end */
};

struct job_table {
	pthread_mutex_t lock;
	struct job_table_params params;
	size_t bucket_count;
	struct entry **by_id;
	struct entry **by_key;
	struct entry *oldest_ended, *newest_ended;
	size_t count;
	size_t in_flight;
	size_t bytes; /* of all answers */
};

enum fault job_table_new(const struct job_table_params *params, struct job_table **out_table)
{
	struct job_table *t = calloc(1, sizeof(*t));
	if (t == NULL) {
		return FAULT_NO_MEMORY;
	}
	t->params = *params;
	t->bucket_count = params->entries > 0 ? params->entries : 1;
	t->by_id = calloc(t->bucket_count, sizeof(struct entry *));
	t->by_key = calloc(t->bucket_count, sizeof(struct entry *));
	if (t->by_id == NULL || t->by_key == NULL) {
		free(t->by_id);
		free(t->by_key);
		free(t);
		return FAULT_NO_MEMORY;
	}
	pthread_mutex_init(&t->lock, NULL);
	*out_table = t;
	return FAULT_NONE;
}

static size_t bucket_of(const struct job_table *t, const unsigned char *random_bytes)
{
	uint64_t number;
	memcpy(&number, random_bytes, sizeof(number));
	return number % t->bucket_count;
}

/* The last eight bytes of a UUIDv7 are chance; the first ones are the clock. */
static struct entry **id_bucket(struct job_table *t, const struct uuid *id)
{
	return &t->by_id[bucket_of(t, id->bytes + 8)];
}

static struct entry **key_bucket(struct job_table *t, const unsigned char hash[JOB_KEY_HASH])
{
	return &t->by_key[bucket_of(t, hash)];
}

static struct entry *find_id(struct job_table *t, const struct uuid *id)
{
	struct entry *e = *id_bucket(t, id);
	while (e != NULL && memcmp(e->id.bytes, id->bytes, sizeof(id->bytes)) != 0) {
		e = e->next_by_id;
	}
	return e;
}

static struct entry *find_key(struct job_table *t, const unsigned char hash[JOB_KEY_HASH])
{
	struct entry *e = *key_bucket(t, hash);
	while (e != NULL && memcmp(e->key_hash, hash, JOB_KEY_HASH) != 0) {
		e = e->next_by_key;
	}
	return e;
}

static void unlink_id(struct job_table *t, struct entry *e)
{
	struct entry **at = id_bucket(t, &e->id);
	while (*at != e) {
		at = &(*at)->next_by_id;
	}
	*at = e->next_by_id;
}

static void unlink_key(struct job_table *t, struct entry *e)
{
	struct entry **at = key_bucket(t, e->key_hash);
	while (*at != e) {
		at = &(*at)->next_by_key;
	}
	*at = e->next_by_key;
}

static bool has_ended(const struct entry *e)
{
	return e->status != 0;
}

static void unlink_ended(struct job_table *t, struct entry *e)
{
	*(e->older != NULL ? &e->older->newer : &t->oldest_ended) = e->newer;
	*(e->newer != NULL ? &e->newer->older : &t->newest_ended) = e->older;
}

static void drop(struct job_table *t, struct entry *e)
{
	unlink_id(t, e);
	if (e->has_key) {
		unlink_key(t, e);
	}
	if (has_ended(e)) {
		unlink_ended(t, e);
	} else {
		t->in_flight--;
	}
	t->bytes -= e->answer_len;
	wipe(e->answer, e->answer_len);
	free(e->answer);
	wipe(e, sizeof(*e));
	free(e);
	t->count--;
}

void job_table_free(struct job_table **t)
{
	struct job_table *gone = *t;
	if (gone == NULL) {
		return;
	}
	for (size_t i = 0; i < gone->bucket_count; i++) {
		while (gone->by_id[i] != NULL) {
			drop(gone, gone->by_id[i]);
		}
	}
	free(gone->by_id);
	free(gone->by_key);
	pthread_mutex_destroy(&gone->lock);
	free(gone);
	*t = NULL;
}

static struct job_view view_of(const struct entry *e)
{
	return (struct job_view){
		.id = e->id, .state = e->state, .eta = e->eta, .status = e->status};
}

static enum fault add(struct job_table *t, const struct job_ticket *ticket)
{
	if (ticket->tenant.len > TENANT_MAX) {
		return FAULT_BAD_FIELD;
	}
	if (t->count >= t->params.entries) {
		if (t->oldest_ended == NULL) {
			return FAULT_BUSY;
		}
		drop(t, t->oldest_ended);
	}
	struct entry *e = calloc(1, sizeof(*e));
	if (e == NULL) {
		return FAULT_NO_MEMORY;
	}
	e->id = ticket->id;
	e->tenant_len = ticket->tenant.len;
	memcpy(e->tenant, ticket->tenant.ptr, ticket->tenant.len);
	e->next_by_id = *id_bucket(t, &e->id);
	*id_bucket(t, &e->id) = e;
	if (ticket->has_key) {
		e->has_key = true;
		memcpy(e->key_hash, ticket->key_hash, JOB_KEY_HASH);
		memcpy(e->body_hash, ticket->body_hash, JOB_KEY_HASH);
		e->next_by_key = *key_bucket(t, e->key_hash);
		*key_bucket(t, e->key_hash) = e;
	}
	t->count++;
	t->in_flight++;
	return FAULT_NONE;
}

static void expire(struct job_table *t, struct instant now)
{
	while (t->oldest_ended != NULL && instant_is_past(t->oldest_ended->expires, now)) {
		drop(t, t->oldest_ended);
	}
}

enum fault job_table_enter(struct job_table *t, const struct job_ticket *ticket, struct instant now,
			   bool *out_repeated, struct job_view *out_first, struct buf *answer)
{
	enum fault f = FAULT_NONE;
	*out_repeated = false;
	pthread_mutex_lock(&t->lock);
	expire(t, now);
	struct entry *first = ticket->has_key ? find_key(t, ticket->key_hash) : NULL;
	if (first == NULL) {
		f = add(t, ticket);
	} else if (memcmp(first->body_hash, ticket->body_hash, JOB_KEY_HASH) != 0) {
		f = FAULT_CONFLICT;
	} else {
		f = buf_add(answer, slice_of(first->answer, first->answer_len));
		*out_first = view_of(first);
		*out_repeated = true;
	}
	pthread_mutex_unlock(&t->lock);
	return f;
}

static void set(struct job_table *t, const struct uuid *id, enum job_state state, struct civil eta)
{
	pthread_mutex_lock(&t->lock);
	struct entry *e = find_id(t, id);
	if (e != NULL) {
		e->state = state;
		e->eta = eta;
	}
	pthread_mutex_unlock(&t->lock);
}

void job_table_set_state(struct job_table *t, const struct uuid *id, enum job_state state)
{
	set(t, id, state, (struct civil){.ms = 0});
}

void job_table_set_waiting(struct job_table *t, const struct uuid *id, struct civil eta)
{
	set(t, id, JOB_STATE_WAITING, eta);
}

static void keep(struct job_table *t, struct entry *e, struct slice answer, struct instant now)
{
	while (t->oldest_ended != NULL && t->bytes + answer.len > t->params.bytes) {
		drop(t, t->oldest_ended);
	}
	e->answer = malloc(answer.len > 0 ? answer.len : 1);
	if (e->answer == NULL) {
		e->status = 0; /* dropped as one in flight */
		drop(t, e);
		return;
	}
	if (answer.len > 0) {
		memcpy(e->answer, answer.ptr, answer.len);
	}
	e->answer_len = answer.len;
	t->bytes += answer.len;
	e->expires = instant_after(now, t->params.retained_ms);
	e->older = t->newest_ended;
	*(t->newest_ended != NULL ? &t->newest_ended->newer : &t->oldest_ended) = e;
	t->newest_ended = e;
	t->in_flight--;
}

void job_table_end(struct job_table *t, const struct uuid *id, enum job_state state, int status,
		   struct slice answer, struct instant now)
{
	pthread_mutex_lock(&t->lock);
	struct entry *e = find_id(t, id);
	if (e != NULL && !has_ended(e)) {
		e->state = state;
		e->status = status;
		if (state == JOB_STATE_FAULT && e->has_key) {
			unlink_key(t, e);
			e->has_key = false;
		}
		keep(t, e, answer, now);
	}
	pthread_mutex_unlock(&t->lock);
}

enum fault job_table_find(struct job_table *t, const struct uuid *id, struct slice tenant,
			  struct job_view *out_view, struct buf *answer)
{
	enum fault f = FAULT_NOT_FOUND;
	pthread_mutex_lock(&t->lock);
	struct entry *e = find_id(t, id);
	if (e != NULL && slice_eq(slice_of(e->tenant, e->tenant_len), tenant)) {
		f = buf_add(answer, slice_of(e->answer, e->answer_len));
		*out_view = view_of(e);
	}
	pthread_mutex_unlock(&t->lock);
	return f;
}

enum fault job_table_forget(struct job_table *t, const struct uuid *id)
{
	pthread_mutex_lock(&t->lock);
	struct entry *e = find_id(t, id);
	bool is_there = e != NULL && has_ended(e);
	if (is_there) {
		drop(t, e);
	}
	pthread_mutex_unlock(&t->lock);
	return is_there ? FAULT_NONE : FAULT_NOT_FOUND;
}

void job_table_expire(struct job_table *t, struct instant now)
{
	pthread_mutex_lock(&t->lock);
	expire(t, now);
	pthread_mutex_unlock(&t->lock);
}

size_t job_table_in_flight(struct job_table *t)
{
	pthread_mutex_lock(&t->lock);
	size_t n = t->in_flight;
	pthread_mutex_unlock(&t->lock);
	return n;
}
