/*
 * NAME     remote - what the commands share that ask a Pagepost over its API: the token, where to, why not
 * RULE     of what an answer says no control character reaches the terminal
 * FAULTS   NO_CALLER (there is no token), BAD_FIELD (what should be one is no token), those of a token's file, TOO_LARGE (a URL), NO_MEMORY
 */
#ifndef RELAY_COMMAND_REMOTE_H
#define RELAY_COMMAND_REMOTE_H

#include "spool-free/base/buf.h"
#include "spool-free/base/problem.h"
#include "spool-free/base/secret.h"

/* Of that file, which may be NULL, or else of PAGEPOST_TOKEN. */
MUST_USE enum fault remote_token(const char *file, struct secret **out_token, struct problem *p);

/* The URL's scheme and host, whatever path it has, then the parts; ended by a zero byte. */
MUST_USE enum fault remote_url(const char *url, const struct slice *parts, size_t count,
			       struct buf *into);

/* The sentence of a problem+json, whose bytes are changed; empty when it has none. */
struct slice remote_detail(struct buf *body);

/* "pagepost COMMAND: WHAT (HTTP STATUS). SENTENCE" to standard error. */
void remote_tell_refusal(const char *command, const char *what, int status, struct buf *body);

#endif
