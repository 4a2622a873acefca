/*
 * NAME     auth_token - what XOAUTH2 and OAUTHBEARER say, and what a server says of a token that it refuses
 * RULE     of the server's words only `status` and `scope` are kept, when they are short and no piece of the token
 * SEE      RFC 7628; XOAUTH2 as Google and Microsoft describe it
 */
#ifndef RELAY_SMTP_AUTH_TOKEN_H
#define RELAY_SMTP_AUTH_TOKEN_H

#include "spool-free/base/problem.h"
#include "spool-free/base/secret.h"

enum { AUTH_SAID_MAX = 64 };

struct smtp_login; /* auth.h */

struct auth_refusal {
	bool came;
	size_t status_len, scope_len;
	char status[AUTH_SAID_MAX];
	char scope[AUTH_SAID_MAX];
};

MUST_USE enum fault auth_token_say_xoauth2(const struct smtp_login *login,
					   struct secret **out_message);
MUST_USE enum fault auth_token_say_oauthbearer(const struct smtp_login *login,
					       struct secret **out_message);

/* `bytes`, JSON or anything else, are changed. */
void auth_token_refused(struct auth_refusal *r, struct slice token, char *bytes, size_t len);
void auth_token_explain(const struct auth_refusal *r, struct problem *p);

#endif
