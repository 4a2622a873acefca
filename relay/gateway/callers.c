#include "relay/gateway/callers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/wipe.h"

struct place {
	unsigned char token_hash[KEEPER_TOKEN_HASH];
	struct keeper_caller caller; /* no tenant: empty */
	struct instant until;
};

struct callers {
	pthread_mutex_t lock;
	struct place places[CALLERS_PLACES];
};

enum fault callers_new(struct callers **out_callers)
{
	struct callers *c = calloc(1, sizeof(*c));
	if (c == NULL) {
		return FAULT_NO_MEMORY;
	}
	pthread_mutex_init(&c->lock, NULL);
	*out_callers = c;
	return FAULT_NONE;
}

void callers_free(struct callers **c)
{
	if (*c != NULL) {
		pthread_mutex_destroy(&(*c)->lock);
		wipe(*c, sizeof(**c));
		free(*c);
		*c = NULL;
	}
}

/* A hash is as good at its first bytes as at all of them. */
static struct place *place_of(struct callers *c, const unsigned char *token_hash)
{
	return &c->places[(token_hash[0] | (unsigned)token_hash[1] << 8) % CALLERS_PLACES];
}

void callers_keep(struct callers *c, const unsigned char token_hash[KEEPER_TOKEN_HASH],
		  const struct keeper_caller *caller, struct instant now)
{
	struct place *p = place_of(c, token_hash);
	pthread_mutex_lock(&c->lock);
	memcpy(p->token_hash, token_hash, KEEPER_TOKEN_HASH);
	p->caller = *caller;
	p->until = instant_after(now, CALLERS_MS);
	pthread_mutex_unlock(&c->lock);
}

bool callers_find(struct callers *c, const unsigned char token_hash[KEEPER_TOKEN_HASH],
		  struct instant now, struct keeper_caller *out_caller)
{
	const struct place *p = place_of(c, token_hash);
	pthread_mutex_lock(&c->lock);
	bool found = p->caller.tenant_len > 0 && !instant_is_past(p->until, now) &&
		     memcmp(p->token_hash, token_hash, KEEPER_TOKEN_HASH) == 0;
	if (found) {
		*out_caller = p->caller;
	}
	pthread_mutex_unlock(&c->lock);
	return found;
}
