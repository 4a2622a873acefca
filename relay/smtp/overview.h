/*
 * NAME     overview - what a relay does right now, upstream by upstream, and what it did since it began
 * OWNS     nothing; texts of a view are valid inside the call
 * THREADS  counts may be read from any thread; the rest is its relay's
 */
#ifndef RELAY_SMTP_OVERVIEW_H
#define RELAY_SMTP_OVERVIEW_H

#include <stdatomic.h>

#include "spool-free/base/instant.h"
#include "relay/net/tls_version.h"
#include "relay/smtp/account.h"

struct smtp_relay;

enum { SMTP_POOL_TENANT = 64, SMTP_POOL_LABEL = 264 }; /* of a view's texts; longer ones are cut */

/* All-zero at first. */
struct smtp_counts {
	_Atomic uint64_t sessions[TLS_VERSIONS]; /* that came to be ready for a message */
	_Atomic uint64_t throttles;		 /* how often a server asked for patience */
	_Atomic uint64_t trips[SMTP_TROUBLES];	 /* how often a breaker opened */
};

/* One account of one server, as one tenant uses it, or as all of them do. */
struct smtp_route_view {
	struct slice label;  /* as its upstream came with it; may be empty */
	struct slice tenant; /* empty: it is the operator's, for all of them */
	unsigned busy, idle; /* connections; those that are being opened are busy */
	unsigned allowed;    /* at once: less than the limit after a server asked for patience */
	size_t waiting;	     /* messages, for their turn */
	bool is_throttled;
	uint64_t pause_ms;	   /* that its server asked for; 0: none, or it is over */
	enum smtp_trouble trouble; /* whose breaker is not closed; SMTP_TROUBLES: none */
	bool is_shut;		   /* open; else one message tries whether the server is back */
	uint64_t shut_ms;	   /* how long yet */
};

typedef void smtp_route_view_fn(void *ctx, const struct smtp_route_view *v);

const struct smtp_counts *smtp_relay_counts(const struct smtp_relay *r);
void smtp_relay_view(const struct smtp_relay *r, struct instant now, smtp_route_view_fn *fn,
		     void *ctx);

#endif
