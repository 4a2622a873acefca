#include "relay/gateway/kept_token.h"

#include <stdlib.h>

#include "relay/gateway/tokens.h"

static void free_if_loose(struct token *k)
{
	if (!k->is_kept && k->lent == 0) {
		secret_free(&k->secret);
		free(k);
	}
}

struct token *token_lend(struct token *k)
{
	k->lent++;
	return k;
}

void token_give_back(struct token *k)
{
	k->lent--;
	free_if_loose(k);
}

void kept_token_drop(struct kept_token *p)
{
	struct token *k = p->token;
	if (k != NULL) {
		p->token = NULL;
		k->is_kept = false;
		free_if_loose(k);
	}
}

bool kept_token_is_good(const struct kept_token *p, struct instant now)
{
	return p->token != NULL && !instant_is_past(p->token->until, now);
}

bool kept_token_is_paused(const struct kept_token *p, struct instant now)
{
	return p->failures > 0 && !instant_is_past(p->pause_until, now);
}

void kept_token_sent(struct kept_token *p, const struct secret *of_record)
{
	digest_sha256(secret_view(p->refresh != NULL ? p->refresh : of_record), p->sent);
}

/* Most servers answer with the refresh token that was sent, or with none. */
static bool put_refresh(struct kept_token *p, struct secret **refresh)
{
	unsigned char got[DIGEST_LEN];
	if (*refresh == NULL) {
		return false;
	}
	digest_sha256(secret_view(*refresh), got);
	bool is_new = !slice_eq(slice_of(got, DIGEST_LEN), slice_of(p->sent, DIGEST_LEN));
	if (is_new) {
		secret_free(&p->refresh);
		p->refresh = STEAL(*refresh);
	}
	secret_free(refresh);
	return is_new;
}

enum fault kept_token_put(struct kept_token *p, struct instant now, struct oauth_answer *a,
			  bool *out_is_rotated)
{
	struct token *k = calloc(1, sizeof(*k));
	if (k == NULL) {
		secret_free(&a->token);
		secret_free(&a->refresh);
		return FAULT_NO_MEMORY;
	}
	kept_token_drop(p);
	*k = (struct token){.secret = STEAL(a->token),
			    .is_kept = true,
			    .got = now,
			    .until = instant_after(now, oauth_use_ms(a->expires_s))};
	p->token = k;
	p->failures = 0;
	*out_is_rotated = put_refresh(p, &a->refresh);
	return FAULT_NONE;
}

/* A refresh token of our own that is refused gives way to the record's, which an admin may have renewed. */
void kept_token_fail(struct kept_token *p, struct instant now, enum fault f, uint64_t said_s)
{
	uint64_t ms = TOKENS_PAUSE_MS;
	for (unsigned i = 0; i < p->failures && ms < TOKENS_PAUSE_MAX_MS; i++) {
		ms *= 2;
	}
	ms = ms < TOKENS_PAUSE_MAX_MS ? ms : TOKENS_PAUSE_MAX_MS;
	if (f == FAULT_OAUTH_LATER && said_s > ms / 1000) {
		ms = said_s < TOKENS_SAID_MAX_MS / 1000 ? said_s * 1000 : TOKENS_SAID_MAX_MS;
	}
	p->failures++;
	p->pause_until = instant_after(now, ms);
	if (f == FAULT_OAUTH_REFUSED) {
		secret_free(&p->refresh);
	}
}

void kept_token_deinit(struct kept_token *p)
{
	kept_token_drop(p);
	secret_free(&p->refresh);
}
