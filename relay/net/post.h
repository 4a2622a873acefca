/*
 * NAME     post - a form sent by HTTPS to an address out of a tenant's record, without holding up the loop
 * RULE     https only, TLS 1.2 or newer, certificate and name verified by the authorities of a context that was made before;
 *          what may be connected to: vetted.h. No redirect is followed; each post has a connection of its own; nothing of
 *          the environment, no proxy, no cookie
 * LIMITS   POST_BODY_MAX bytes of an answer; one time for all of it, the look-up with it (look_up.h shares those out)
 * OWNS     a poster its posts' connections. A post is the caller's, and must live until done() or post_cancel()
 * FAULTS   BAD_FIELD (no such address), UPSTREAM_NAME, _BLOCKED, _DOWN, _CERT, _TLS, _LOST, DEADLINE, TOO_LARGE, NO_MEMORY
 * BOXES    libcurl's multi interface on our loop
 * THREADS  its loop's; libcurl_start() before the first
 */
#ifndef RELAY_NET_POST_H
#define RELAY_NET_POST_H

#include "spool-free/base/buf.h"
#include "spool-free/base/secret.h"
#include "relay/net/look_up.h"
#include "relay/net/tls.h"

enum { POST_BODY_MAX = 64 * 1024, POST_URL_MAX = 1024, POST_RANGES_MAX = 64 };

struct poster;
struct post_work;

struct poster_rules {
	struct address_range ranges[POST_RANGES_MAX]; /* not public, and allowed all the same */
	size_t range_count;
	const uint16_t *ports;
	size_t port_count;
};

struct poster_params {
	struct loop *loop;
	struct look_ups *look_ups;
	const struct tls_context *tls;
	const struct poster_rules *rules; /* outlive the poster */
};

struct post;
typedef void post_fn(void *owner, struct post *p);

struct post {
	struct slice url;	   /* copied */
	struct slice party;	   /* whose look-ups share threads: a tenant */
	const struct secret *form; /* application/x-www-form-urlencoded; until done() */
	uint64_t timeout_ms;
	post_fn *done;
	void *owner;
	enum fault fault;	/* out */
	int status;		/* out: of an answer */
	uint64_t retry_after_s; /* out: as an answer says (RFC 9110 10.2.3); 0: it does not */
	struct buf body;	/* out: post_deinit() */
	struct post_work *work; /* private */
};

MUST_USE enum fault poster_new(const struct poster_params *params, struct poster **out_poster);
/* What is under way ends without a word. */
void poster_free(struct poster **p);

void post_send(struct poster *p, struct post *post); /* done() is called once, never from inside */
void post_cancel(struct post *post); /* done() is not called any more; nothing when none is due */
void post_deinit(struct post *post); /* cancels, and frees the answer */

#endif
