/*
 * NAME     rules - what may change while the gateway runs: a snapshot that never changes itself
 * TURN     a reload makes a new one; each lane takes it by a task, and goes by it from then on. A flight goes to its end by
 *          the one that it began with. The old one is freed when all lanes have left it and its last flight is over
 * OWNS     its TLS context and what its texts and lists lie in. The rulebook owns the snapshots
 * THREADS  a snapshot may be read from any thread by who is inside: between rules_enter() and rules_leave(), or on a lane that
 *          goes by it. The rulebook is the first lane's, and rules_turn() needs its loop
 */
#ifndef RELAY_GATEWAY_RULES_H
#define RELAY_GATEWAY_RULES_H

#include <stdatomic.h>

#include "config/policy/policy.h"
#include "render/render.h"
#include "relay/net/fetch.h"
#include "relay/net/tls.h"
#include "relay/smtp/smtp.h"
#include "relay/intake/intake.h"

struct gateway;
struct lane;

struct rules {
	struct policy_params policy;
	struct render_limits render;
	bool fetches; /* pictures of other web servers, by `fetch` */
	struct fetch_rules fetch;
	size_t body;
	uint64_t deadline_ms;
	uint64_t stop_ms;
	struct intake_limits intake;	/* of one lane */
	struct smtp_relay_params relay; /* what smtp_relay_params_take() takes of it */
	struct tls_context *tls;	/* the certificate for clients */

	void *source; /* what the texts and lists lie in, or NULL */
	void (*free_source)(void *source);

	_Atomic size_t inside; /* private */
	struct rules *older;
};

void rules_free(struct rules **r);
void rules_enter(struct rules *r);
void rules_leave(struct rules *r);

typedef void rules_taken_fn(void *owner);

struct rulebook {
	struct rules *current; /* those before it are its `older` */
	_Atomic unsigned due;  /* lanes that are still to take it */
	struct loop_task told;
	rules_taken_fn *taken;
	void *owner;
};

/* Before the loops run: each lane begins with these. Takes them. */
void rules_begin(struct gateway *g, struct rules *r);
/* Takes `r`; once each lane goes by it, `taken` is called on the first lane. Not again before that. */
void rules_turn(struct gateway *g, struct rules *r, rules_taken_fn *taken, void *owner);
/* Frees those that nobody goes by any more. */
void rules_prune(struct gateway *g);
void rules_end(struct gateway *g); /* no loop runs any more, no flight is left */

#endif
