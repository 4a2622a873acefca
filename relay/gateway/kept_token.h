/*
 * NAME     kept_token - the token of one key, and what is known of how it is got: the refresh token that stands in place
 *          of the record's, and how long the server is left alone
 * ENGINE   no loop, no clock: time is an argument
 * RULE     the pauses between posts that fail are tokens.h's
 * OWNS     the token, until it is dropped and nobody has it lent; the refresh token
 * FAULTS   NO_MEMORY
 */
#ifndef RELAY_GATEWAY_KEPT_TOKEN_H
#define RELAY_GATEWAY_KEPT_TOKEN_H

#include "spool-free/base/digest.h"
#include "spool-free/base/fault.h"
#include "spool-free/base/instant.h"
#include "spool-free/base/secret.h"
#include "relay/confluence/oauth.h"

/* In its place or on its way out of it. */
struct token {
	struct secret *secret;
	unsigned lent;
	bool is_kept; /* it stands in its place */
	struct instant got;
	struct instant until;
};

struct kept_token {
	struct token *token;		/* NULL: none */
	struct secret *refresh;		/* in place of the record's; NULL: that one */
	unsigned char sent[DIGEST_LEN]; /* of the refresh token that is with the post under way */
	unsigned failures;
	struct instant pause_until;
};

struct token *token_lend(struct token *k);
void token_give_back(struct token *k); /* it goes when it was dropped, and nobody else has it */

bool kept_token_is_good(const struct kept_token *p, struct instant now);
/* The server is left alone. */
bool kept_token_is_paused(const struct kept_token *p, struct instant now);
/* A post goes with its refresh token, or the record's (NULL: none). */
void kept_token_sent(struct kept_token *p, const struct secret *of_record);
/* What came back; nothing is left in `a`. Whether there is a new refresh token is told. */
MUST_USE enum fault kept_token_put(struct kept_token *p, struct instant now, struct oauth_answer *a,
				   bool *out_is_rotated);
/* Nothing did. `said_s`: how long the server wants to be left alone; 0: it does not say. */
void kept_token_fail(struct kept_token *p, struct instant now, enum fault f, uint64_t said_s);
void kept_token_drop(struct kept_token *p); /* the token alone */
void kept_token_deinit(struct kept_token *p);

#endif
