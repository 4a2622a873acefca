/*
 * NAME     oauth - what is said to a token endpoint, and what its answer means
 * ENGINE   no socket, no clock: time is an argument
 * SEE      RFC 6749 4.4 (client credentials), 6 (refresh token), 5 (answers); RFC 7523 2.1 (a signed assertion, as a
 *          service account brings it); oauth.def (errors of Microsoft and Google)
 * RULE     a problem's sentence holds no word of the server's but the error's name and Microsoft's number
 * LIMIT    OAUTH_TOKEN_MAX, OAUTH_REFRESH_MAX
 * FAULTS   OAUTH_REFUSED, OAUTH_LATER, OAUTH_PROTOCOL, each with a cause; BAD_RECORD (a key that cannot sign), NO_MEMORY
 * THREADS  pure
 */
#ifndef RELAY_CONFLUENCE_OAUTH_H
#define RELAY_CONFLUENCE_OAUTH_H

#include "spool-free/base/buf.h"
#include "spool-free/base/problem.h"
#include "spool-free/base/secret.h"
#include "spool-free/job/cause.h"
#include "spool-free/job/server.h"

enum {
	OAUTH_TOKEN_MAX = 16 * 1024,
	OAUTH_REFRESH_MAX = 8 * 1024,
	OAUTH_ASSERTION_S = 3600, /* how long an assertion is good: the most that Google takes */
	OAUTH_EXPIRES_S = 600,	  /* of an answer that does not say it */
	OAUTH_EXPIRES_MAX_S = 24 * 60 * 60,
	OAUTH_MARGIN_S = 300, /* a token is used no longer than until so much before its end */
};

enum oauth_cause {
#define OAUTH_CAUSE(name, ...) OAUTH_##name,
#include "relay/confluence/oauth.def"
	OAUTH_CAUSES
};

const struct smtp_cause *oauth_cause(enum oauth_cause cause);

/*
 * The form to post. `mailbox` is whom a service account acts for; `refresh` is the token to use in place of the record's,
 * or NULL.
 */
MUST_USE enum fault oauth_form(const struct oauth_client *c, struct slice mailbox,
			       const struct secret *refresh, uint64_t now_s,
			       struct secret **out_form);

struct oauth_answer {
	struct secret *token;
	struct secret *refresh; /* a new one, in place of the one that was used; NULL: it stays */
	uint64_t expires_s;
};

/* `body` is changed. Nothing is in `*out_answer` after a fault. */
MUST_USE enum fault oauth_read(int status, struct buf *body, struct oauth_answer *out_answer,
			       struct problem *p);

/* How long a token is used that is good for `expires_s`: until five minutes, or a tenth, before its end. */
uint64_t oauth_use_ms(uint64_t expires_s);

#endif
