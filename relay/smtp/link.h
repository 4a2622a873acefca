/*
 * NAME     link - the shell around one engine: a connection to an upstream, from dialling to QUIT
 * OWNS     its stream, dial, timer and engine
 * LIFE     opened for a delivery; after it begun anew with the next one, idle, or ended. Frees itself when it is over
 * THREADS  its relay's
 */
#ifndef RELAY_SMTP_LINK_H
#define RELAY_SMTP_LINK_H

#include "relay/smtp/client.h"
#include "relay/smtp/pool.h"
#include "relay/smtp/smtp.h"
#include "relay/smtp/trust.h"

enum { SMTP_READ_SIZE = 16 * 1024 };

struct smtp_relay {
	struct smtp_relay_params params;
	char ehlo_name[256];
	struct smtp_pool pool;
	struct smtp_trust trust;
	struct smtp_ladder ladder;
	struct smtp_node links;	     /* all of them */
	struct smtp_node deliveries; /* from send() to done() */
	struct smtp_node pausing;    /* those of them that back off */
	struct smtp_counts counts;
	bool is_draining;     /* nothing is tried again */
	bool gave_up;	      /* nor begun */
	struct instant until; /* while it drains: when the process ends */
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
	struct instant born;
	struct instant rested;	  /* when its last message was over */
	uint64_t rested_ms;	  /* how long it had rested when its last message began */
	uint64_t seen;		  /* the engine's progress when the deadline was set */
	enum smtp_phase dialling; /* where it failed */
	const char *trouble;	  /* with TLS, in words */
	struct smtp_client client;
};

/* A new connection for `d`, counted in `route`. Its end, good or bad, is told from the loop. */
MUST_USE enum fault smtp_link_open(struct smtp_relay *r, struct smtp_route *route,
				   struct smtp_delivery *d);
void smtp_link_begin(struct smtp_link *k, struct smtp_delivery *d); /* on an idle one */
/* Its message, unless it was begun, is held back if the relay says so now; told from the loop. */
void smtp_link_release(struct smtp_link *k);
/* Idle, watched, until its time is up. */
void smtp_link_rest(struct smtp_link *k, uint64_t idle_ms);
/* What it has been through: up to now when it is idle, else up to the message under way or just over. */
struct smtp_mileage smtp_link_mileage(const struct smtp_link *k);
bool smtp_link_is_worn(const struct smtp_link *k);
void smtp_link_quit(struct smtp_link *k); /* without a delivery; `k` may be gone then */
/* Its delivery is over, as what it is; `k` may be gone then. */
void smtp_link_give_up(struct smtp_link *k);
void smtp_link_free(struct smtp_link *k);

/* attempt.c: the message of `d` is over. The relay decides what becomes of both; `k` may be freed in it. */
void smtp_relay_concluded(struct smtp_relay *r, struct smtp_link *k, struct smtp_delivery *d);
/* turns.c: a link without a delivery ended, or has been idle for long enough; `k` may be gone then. */
void smtp_relay_lost_link(struct smtp_relay *r, struct smtp_link *k);
void smtp_relay_retire(struct smtp_relay *r, struct smtp_link *k);

#endif
