/*
 * NAME     pool - who waits for which upstream, and which connections to it are idle
 * OWNS     its routes; never the connections and deliveries, which it knows by the nodes embedded in them
 * LIMIT    SMTP_POOL_RESTING routes that nobody uses; the one longest unused makes room
 * KEY      tenant (none for a shared account), host, port, TLS mode, user, password or OAuth client, private CA and pins
 *          (relay.md B9): SHA-256 over all of them and a salt of the process, so that an idle connection keeps neither password nor user
 * THREADS  its relay's
 */
#ifndef RELAY_SMTP_POOL_H
#define RELAY_SMTP_POOL_H

#include "spool-free/base/digest.h"
#include "relay/smtp/account.h"
#include "relay/smtp/fair.h"
#include "relay/smtp/overview.h"

struct loop_timer;
struct smtp_relay;
struct smtp_upstream;

/* One upstream as one tenant uses it, or as all of them do. */
struct smtp_route {
	struct smtp_route *next;
	unsigned char key[DIGEST_LEN];
	struct smtp_relay *relay; /* whose it is; the pool leaves it alone */
	unsigned links;		  /* connections that are open or being opened */
	unsigned busy;		  /* of them, those with a message */
	unsigned holds;		  /* who is at work on it: it stays until all of them are done */
	/* Those without a message, the one used last first: it is the warmest */
	struct smtp_node idle;
	struct smtp_fair waiting; /* deliveries */
	struct loop_timer *wake;  /* when the first of them may go; freed with the route */
	struct smtp_account account;
	unsigned recipients_per_mail; /* 0: as many as there are */
	bool counts_recipients, is_shared;
	/* For who looks at it: whose it is (empty: everybody's), and what it is called there */
	char tenant[SMTP_POOL_TENANT], label[SMTP_POOL_LABEL];
	size_t tenant_len, label_len;
	uint64_t turn_ms; /* how long a message holds a connection, about */
	struct smtp_node resting;
};

enum {
	SMTP_POOL_BUCKETS = 256,
	SMTP_POOL_SALT = 32,
	SMTP_POOL_RESTING = 1024, /* routes that nobody uses, kept for what was learned */
};

struct smtp_pool {
	unsigned char salt[SMTP_POOL_SALT];
	size_t routes, resting_count;
	struct smtp_node
		resting; /* the one longest unused first; not yet a ring in an all-zero pool */
	struct smtp_route *buckets[SMTP_POOL_BUCKETS];
};

/* An all-zero pool with its salt set is a valid empty one. Finds the upstream's route, or makes it; NO_MEMORY. */
MUST_USE enum fault smtp_pool_find(struct smtp_pool *p, const struct smtp_upstream *u,
				   struct smtp_route **out_route);
/* When nothing is left in the route: it is kept if its account taught something, else it is freed. */
void smtp_pool_prune(struct smtp_pool *p, struct smtp_route *route, struct instant now);
void smtp_pool_deinit(struct smtp_pool *p); /* nothing may be left in any of them */

#endif
