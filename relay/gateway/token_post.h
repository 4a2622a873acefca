/*
 * NAME     token_post - what the end of a post to a token endpoint means for the mail that needs the token
 * FAULTS   OAUTH_*, each with a sentence and a cause; what is no OAuth server's doing as it came
 * THREADS  pure
 */
#ifndef RELAY_GATEWAY_TOKEN_POST_H
#define RELAY_GATEWAY_TOKEN_POST_H

#include "relay/net/post.h"
#include "relay/confluence/oauth.h"

/* The post's body is changed. Nothing is in `*out_answer` after a fault. */
MUST_USE enum fault token_post_judge(struct post *post, struct oauth_answer *out_answer,
				     struct problem *p);

#endif
