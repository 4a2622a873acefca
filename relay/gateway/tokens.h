/*
 * NAME     tokens - OAuth access tokens: got when they are needed, kept in memory until shortly before their end
 * KEY      tenant (none for the operator's server), record, and all that the token is got by, the secret too: SHA-256 with a
 *          salt of the process. Who changes a record in the vault changes the key
 * RULE     one post for a key at a time; whoever wants the same token waits for it. What failed is not tried again for
 *          TOKENS_PAUSE_MS, then twice as long, up to TOKENS_PAUSE_MAX_MS; where the server says how long (Retry-After), for
 *          that time, if it is longer, up to TOKENS_SAID_MAX_MS. A token that its mail server refuses is dropped,
 *          unless it is younger than TOKENS_YOUNG_MS: then the token's age is not what is wrong
 * ROTATED  a refresh token that the server replaces is kept with the token: the gateway cannot write it to the vault
 * ENDED    a token goes from memory at the end of its use, asked for or not; a timer sees to it
 * OWNS     its places; a token that is lent stays until it was given back
 * LIMIT    TOKENS_PLACES; the place used longest ago is taken for a new key, and BUSY is told when all are at work
 * FAULTS   OAUTH_*, DEADLINE, BUSY, BAD_RECORD, NO_MEMORY, SYSTEM, with a sentence and mostly with a cause
 * THREADS  one for each lane, on its loop
 */
#ifndef RELAY_GATEWAY_TOKENS_H
#define RELAY_GATEWAY_TOKENS_H

#include "spool-free/base/digest.h"
#include "spool-free/job/server.h"
#include "relay/net/post.h"

enum {
	TOKENS_PLACES = 256,
	TOKENS_PAUSE_MS = 5 * 1000,
	TOKENS_PAUSE_MAX_MS = 60 * 1000,
	TOKENS_SAID_MAX_MS = 10 * 60 * 1000,
	TOKENS_YOUNG_MS = 60 * 1000,
};

struct tokens;
struct tokens_place;
struct token;

struct tokens_params {
	struct loop *loop;
	struct poster *poster; /* outlives the tokens */
	uint64_t timeout_ms;   /* for one post */
	uint64_t young_ms;     /* TOKENS_YOUNG_MS */
};

struct tokens_want;
typedef void tokens_fn(void *owner, struct tokens_want *w);

/* Filled by the caller but for the parts marked out; lives until tokens_give_back(). */
struct tokens_want {
	struct slice tenant; /* empty: the operator's server */
	struct slice server; /* the record's name */
	struct slice label;  /* what the log calls the mail server; empty: - */
	struct slice mailbox;
	const struct oauth_client *client;
	struct instant deadline;
	tokens_fn *done;
	void *owner;

	enum fault fault;		      /* out */
	struct problem problem;		      /* out: the fault in a sentence */
	uint64_t retry_after_ms;	      /* out: nobody asks the server before; 0: not known */
	const struct secret *token;	      /* out: lent */
	unsigned char credential[DIGEST_LEN]; /* out: the key; stays the same while tokens change */

	struct tokens_place *place; /* private, while it waits */
	struct tokens_want *next;
	struct loop_timer *late;
	struct token *lent;
};

MUST_USE enum fault tokens_new(const struct tokens_params *params, struct tokens **out_tokens);
void tokens_free(struct tokens **t); /* nobody is told any more; what is lent must have come back */

/* True when the end is there at once; else done() is called, never from inside. */
MUST_USE bool tokens_get(struct tokens *t, struct tokens_want *w);
/*
 * The mail server refused the token that was lent. True when another one is worth a try: ask again then, after giving
 * this one back.
 */
MUST_USE bool tokens_refused(struct tokens *t, const struct tokens_want *w);
/* The same question before the mail server has said anything. */
bool tokens_may_be_old(const struct tokens *t, const struct tokens_want *w);
/* The process ends: whoever waits hears STOPPING, and so does whoever comes. */
void tokens_give_up(struct tokens *t);
void tokens_give_back(
	struct tokens_want *w); /* nothing when nothing was lent; may be called twice */

#endif
