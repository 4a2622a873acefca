/*
 * NAME     link - the shell around one engine: a connection to an upstream, from dialling to QUIT
 * OWNS     its stream, dial, timer and engine
 * LIFE     opened for a delivery; after it begun anew with the next one, idle, or ended. Frees itself when it is over
 * THREADS  its relay's
 */
#ifndef RELAY_SMTP_LINK_H
#define RELAY_SMTP_LINK_H

#include "relay/smtp/client.h"
#include "relay/smtp/smtp.h"
#include "relay/smtp/trust.h"

enum { SMTP_READ_SIZE = 16 * 1024 };

struct smtp_relay {
	struct smtp_relay_params params;
	char ehlo_name[256];
	struct smtp_pool pool;
	struct smtp_trust trust;
	struct smtp_ladder ladder;
	struct smtp_node links; /* all of them */
	char room[SMTP_READ_SIZE];
};

struct smtp_link {
	struct smtp_relay *relay;
	struct smtp_node among;		/* all links */
	struct smtp_node place;		/* in its route's idle ring, or in none */
	struct smtp_route *route;	/* NULL once it counts no more */
	struct smtp_delivery *delivery; /* whose message is under way */
	struct dial *dial;
	struct stream *stream;
	struct loop_timer *
		idle; /* its time without a message; its next turn; or a message was over before it began */
	bool was_up;
	struct smtp_trust_entry *trust;
	const struct tls_context *tls;
	struct instant born, rested; /* since when it is there, and without a message */
	uint64_t seen;		     /* the engine's progress when the deadline was set */
	enum smtp_phase dialling;    /* where it failed */
	const char *trouble;	     /* with TLS, in words */
	struct smtp_client client;
};

/* A new connection for `d`, counted in `route`. Its end, good or bad, is told from the loop. */
MUST_USE enum fault smtp_link_open(struct smtp_relay *r, struct smtp_route *route,
				   struct smtp_delivery *d);
void smtp_link_begin(struct smtp_link *k, struct smtp_delivery *d); /* on an idle one */
void smtp_link_rest(struct smtp_link *k); /* idle, watched, until its time is up */
void smtp_link_quit(struct smtp_link *k); /* without a delivery; `k` may be gone then */
void smtp_link_free(struct smtp_link *k);

/* relay.c: the message of `d` is over. The relay decides what becomes of both; `k` may be freed in it. */
void smtp_relay_concluded(struct smtp_relay *r, struct smtp_link *k, struct smtp_delivery *d);
/* relay.c: a link without a delivery ended, or has been idle for long enough; `k` may be gone then. */
void smtp_relay_lost_link(struct smtp_relay *r, struct smtp_link *k);
void smtp_relay_retire(struct smtp_relay *r, struct smtp_link *k);

#endif
