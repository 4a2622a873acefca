#include "relay/gateway/tokens.h"

#include <stdlib.h>
#include <unistd.h>

#include "spool-free/base/event.h"
#include "relay/confluence/oauth.h"
#include "relay/gateway/kept_token.h"
#include "relay/gateway/token_post.h"

enum { SALT = 32, TOKENS_NAME_MAX = 96 };

struct tokens_place {
	unsigned char key[DIGEST_LEN];
	bool is_taken;
	struct tokens *tokens;
	struct kept_token kept;
	enum fault fault; /* of the last post */
	struct problem problem;
	struct instant used;
	char tenant[TOKENS_NAME_MAX]; /* for the log */
	char label[TOKENS_NAME_MAX];
	size_t tenant_len, label_len;
	bool is_posting;
	struct post post;
	struct secret *form;
	struct tokens_want *waiting; /* oldest first */
};

struct tokens {
	struct tokens_params params;
	struct loop_timer *sweep; /* for the kept token that ends next */
	bool gave_up;
	unsigned char salt[SALT];
	struct tokens_place places[TOKENS_PLACES];
};

/* --- what is lent --- */

static void lend(struct tokens_place *p, struct tokens_want *w)
{
	w->lent = token_lend(p->kept.token);
	w->token = w->lent->secret;
	w->fault = FAULT_NONE;
}

static void leave(struct tokens_want *w)
{
	struct tokens_place *p = w->place;
	struct tokens_want **at = p != NULL ? &p->waiting : NULL;
	while (at != NULL && *at != NULL && *at != w) {
		at = &(*at)->next;
	}
	if (at != NULL && *at != NULL) {
		*at = w->next;
	}
	w->place = NULL;
	loop_timer_free(&w->late);
}

void tokens_give_back(struct tokens_want *w)
{
	struct token *k = w->lent;
	leave(w);
	w->lent = NULL;
	w->token = NULL;
	if (k != NULL) {
		token_give_back(k);
	}
}

/* Tokens that nobody asks for any more go at their end, too; what is lent goes when it comes back. */
static void sweep(void *tokens)
{
	struct tokens *t = tokens;
	struct instant now = loop_now(t->params.loop);
	uint64_t next_ms = UINT64_MAX;
	for (size_t i = 0; i < TOKENS_PLACES; i++) {
		struct kept_token *p = &t->places[i].kept;
		if (!kept_token_is_good(p, now)) {
			kept_token_drop(p);
			continue;
		}
		uint64_t left_ms = instant_left_ms(p->token->until, now);
		next_ms = left_ms < next_ms ? left_ms : next_ms;
	}
	if (next_ms < UINT64_MAX) {
		loop_timer_set(t->sweep, next_ms);
	}
}

/* --- places --- */

static void make_key(const struct tokens *t, struct tokens_want *w)
{
	const struct oauth_client *c = w->client;
	const unsigned char flow = (unsigned char)c->flow;
	const struct slice parts[] = {
		slice_of(t->salt, SALT),
		w->tenant,
		w->server,
		w->mailbox,
		slice_of(&flow, 1),
		c->token_url,
		c->client_id,
		c->key_id,
		c->scope,
		secret_view(c->secret),
		secret_view(c->refresh),
	};
	digest_sha256_parts(parts, COUNT_OF(parts), w->credential);
}

static void empty_place(struct tokens_place *p)
{
	kept_token_deinit(&p->kept);
	post_deinit(&p->post);
	secret_free(&p->form);
	*p = (struct tokens_place){.is_taken = false};
}

static struct slice or_dash(struct slice name)
{
	return name.len > 0 ? name : SLICE_LIT("-");
}

static size_t keep_name(char room[TOKENS_NAME_MAX], struct slice name)
{
	name = slice_first(name, TOKENS_NAME_MAX);
	for (size_t i = 0; i < name.len; i++) {
		room[i] = name.ptr[i];
	}
	return name.len;
}

/* Its own, else a free one, else the one that was used longest ago and is at rest; NULL when all are at work. */
static struct tokens_place *find_place(struct tokens *t, const struct tokens_want *w)
{
	struct slice key = slice_of(w->credential, DIGEST_LEN);
	struct tokens_place *best = NULL;
	for (size_t i = 0; i < TOKENS_PLACES; i++) {
		struct tokens_place *p = &t->places[i];
		if (p->is_taken && slice_eq(slice_of(p->key, DIGEST_LEN), key)) {
			return p;
		}
		if (p->is_posting) {
			continue;
		}
		if (best == NULL ||
		    (best->is_taken && (!p->is_taken || p->used.ms < best->used.ms))) {
			best = p;
		}
	}
	if (best != NULL) {
		empty_place(best);
		*best = (struct tokens_place){.is_taken = true, .tokens = t};
		for (size_t i = 0; i < DIGEST_LEN; i++) {
			best->key[i] = w->credential[i];
		}
		best->tenant_len = keep_name(best->tenant, or_dash(w->tenant));
		best->label_len = keep_name(best->label, or_dash(w->label));
	}
	return best;
}

static void put_fault(struct tokens_want *w, enum fault f, const struct problem *p)
{
	w->fault = f;
	w->problem = *p;
	w->problem.fault = f;
}

/* What the last post of its place ended with. */
static void put_failure(struct tokens_want *w, const struct tokens_place *p)
{
	put_fault(w, p->fault, &p->problem);
	w->retry_after_ms = instant_left_ms(p->kept.pause_until, loop_now(p->tokens->params.loop));
}

/* --- the end of a post --- */

static struct slice tenant_of(const struct tokens_place *p)
{
	return slice_of(p->tenant, p->tenant_len);
}

static struct slice label_of(const struct tokens_place *p)
{
	return slice_of(p->label, p->label_len);
}

static enum fault keep(struct tokens_place *p, struct oauth_answer *a)
{
	bool is_rotated;
	enum fault f = kept_token_put(&p->kept, loop_now(p->tokens->params.loop), a, &is_rotated);
	if (f != FAULT_NONE) {
		return problem_set(&p->problem, f, "");
	}
	if (is_rotated) {
		event_log(EVENT_TOKEN_ROTATED, EVENT_TEXT("tenant", tenant_of(p)),
			  EVENT_TEXT("upstream", label_of(p)));
	}
	event_log(EVENT_TOKEN_UP, EVENT_TEXT("tenant", tenant_of(p)),
		  EVENT_TEXT("upstream", label_of(p)), EVENT_NUMBER("seconds", a->expires_s));
	return FAULT_NONE;
}

static void back_off(struct tokens_place *p, enum fault f, uint64_t said_s)
{
	const struct smtp_cause *cause = p->problem.cause;
	kept_token_fail(&p->kept, loop_now(p->tokens->params.loop), f, said_s);
	event_log(EVENT_TOKEN_DOWN, EVENT_TEXT("tenant", tenant_of(p)),
		  EVENT_TEXT("upstream", label_of(p)), EVENT_FAULT(f),
		  EVENT_MAYBE("cause", cause != NULL ? cause->code : (struct slice){0}));
}

/* Everybody that waits is told, and may ask again from within. */
static void wake(struct tokens_place *p)
{
	struct tokens_want *all = p->waiting;
	p->waiting = NULL;
	for (struct tokens_want *w = all; w != NULL; w = w->next) {
		w->place = NULL;
		loop_timer_free(&w->late);
		if (p->fault == FAULT_NONE && p->kept.token != NULL) {
			lend(p, w);
		} else {
			put_failure(w, p);
		}
	}
	while (all != NULL) {
		struct tokens_want *w = all;
		all = w->next;
		w->next = NULL;
		w->done(w->owner, w);
	}
}

static void answered(void *place, struct post *post)
{
	struct tokens_place *p = place;
	struct tokens *t = p->tokens;
	struct oauth_answer a = {0};
	p->is_posting = false;
	p->problem = (struct problem){0};
	secret_free(&p->form);
	enum fault f = token_post_judge(post, &a, &p->problem);
	post_deinit(post);
	if (f == FAULT_NONE) {
		f = keep(p, &a);
	}
	p->fault = f;
	if (f != FAULT_NONE) {
		back_off(p, f, post->retry_after_s);
	}
	wake(p);
	sweep(t);
}

/* --- asking --- */

static enum fault start_post(struct tokens_place *p, const struct tokens_want *w)
{
	uint64_t now_s = (uint64_t)civil_now().ms / 1000;
	enum fault f = oauth_form(w->client, w->mailbox, p->kept.refresh, now_s, &p->form);
	if (f != FAULT_NONE) {
		return f;
	}
	kept_token_sent(&p->kept, w->client->refresh);
	p->is_posting = true;
	p->post = (struct post){.url = w->client->token_url,
				.party = tenant_of(p),
				.form = p->form,
				.timeout_ms = p->tokens->params.timeout_ms,
				.done = answered,
				.owner = p};
	return FAULT_NONE;
}

static void on_late(void *want)
{
	struct tokens_want *w = want;
	struct problem p = {0};
	problem_set(&p, FAULT_DEADLINE,
		    "The job's time was up before the OAuth server had given a token.");
	p.cause = oauth_cause(OAUTH_SILENT);
	leave(w);
	put_fault(w, FAULT_DEADLINE, &p);
	w->done(w->owner, w);
}

/* A job whose time is up before the post's gets its own clock. */
static enum fault set_clock(struct tokens *t, struct tokens_want *w)
{
	uint64_t left = instant_left_ms(w->deadline, loop_now(t->params.loop));
	if (left > t->params.timeout_ms) {
		return FAULT_NONE;
	}
	enum fault f = loop_timer_new(t->params.loop, on_late, w, &w->late);
	if (f == FAULT_NONE) {
		loop_timer_set(w->late, left);
	}
	return f;
}

static void join(struct tokens_place *p, struct tokens_want *w)
{
	struct tokens_want **at = &p->waiting;
	while (*at != NULL) {
		at = &(*at)->next;
	}
	*at = w;
	w->place = p;
	w->next = NULL;
}

static bool end_now(struct tokens_want *w, enum fault f, const char *sentence)
{
	struct problem p = {0};
	problem_set(&p, f, sentence);
	put_fault(w, f, &p);
	return true;
}

bool tokens_get(struct tokens *t, struct tokens_want *w)
{
	struct instant now = loop_now(t->params.loop);
	if (t->gave_up) {
		return end_now(w, FAULT_STOPPING, "");
	}
	make_key(t, w);
	struct tokens_place *p = find_place(t, w);
	if (p == NULL) {
		return end_now(w, FAULT_BUSY, "As many OAuth tokens as can be are being got.");
	}
	p->used = now;
	if (!p->is_posting && kept_token_is_good(&p->kept, now)) {
		lend(p, w);
		return true;
	}
	if (!p->is_posting && kept_token_is_paused(&p->kept, now)) {
		put_failure(w, p);
		return true;
	}
	enum fault f = set_clock(t, w);
	bool is_first = !p->is_posting;
	if (f == FAULT_NONE && is_first) {
		f = start_post(p, w);
	}
	if (f != FAULT_NONE) {
		loop_timer_free(&w->late);
		return end_now(w, f,
			       f == FAULT_BAD_RECORD
				       ? "The private key in the server's record cannot sign."
				       : "");
	}
	join(p, w);
	if (is_first) {
		post_send(t->params.poster, &p->post);
	}
	return false;
}

void tokens_give_up(struct tokens *t)
{
	t->gave_up = true;
	for (size_t i = 0; i < TOKENS_PLACES; i++) {
		struct tokens_want *w;
		while ((w = t->places[i].waiting) != NULL) {
			leave(w);
			(void)end_now(w, FAULT_STOPPING, "");
			w->done(w->owner, w);
		}
	}
}

bool tokens_may_be_old(const struct tokens *t, const struct tokens_want *w)
{
	const struct token *k = w->lent;
	return k != NULL &&
	       (!k->is_kept || instant_is_past(instant_after(k->got, t->params.young_ms),
					       loop_now(t->params.loop)));
}

bool tokens_refused(struct tokens *t, const struct tokens_want *w)
{
	const struct token *k = w->lent;
	if (!tokens_may_be_old(t, w)) {
		return false;
	}
	for (size_t i = 0; k->is_kept && i < TOKENS_PLACES; i++) {
		if (t->places[i].kept.token == k) {
			kept_token_drop(&t->places[i].kept);
			break;
		}
	}
	return true;
}

enum fault tokens_new(const struct tokens_params *params, struct tokens **out_tokens)
{
	CLEANUP(tokens_free) struct tokens *t = calloc(1, sizeof(*t));
	if (t == NULL) {
		return FAULT_NO_MEMORY;
	}
	t->params = *params;
	if (getentropy(t->salt, SALT) != 0) {
		return FAULT_SYSTEM;
	}
	enum fault f = loop_timer_new(params->loop, sweep, t, &t->sweep);
	if (f == FAULT_NONE) {
		*out_tokens = STEAL(t);
	}
	return f;
}

void tokens_free(struct tokens **t)
{
	if (*t != NULL) {
		for (size_t i = 0; i < TOKENS_PLACES; i++) {
			empty_place(&(*t)->places[i]);
		}
		loop_timer_free(&(*t)->sweep);
		free(*t);
		*t = NULL;
	}
}
