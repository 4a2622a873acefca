/*
 * NAME     pool - who waits for which upstream, and which connections to it are idle
 * OWNS     its routes; never the connections and deliveries, which it knows by the nodes embedded in them
 * KEY      tenant (none for a shared account), host, port, TLS mode, user, password, private CA and pins (relay.md B9):
 *          SHA-256 over all of them and a salt of the process, so that an idle connection keeps neither password nor user
 * THREADS  its relay's
 */
#ifndef RELAY_SMTP_POOL_H
#define RELAY_SMTP_POOL_H

#include "spool-free/base/digest.h"
#include "spool-free/base/fault.h"

struct smtp_upstream;

/* A place in a ring. `owner` is whom it is embedded in; a ring's head has none. */
struct smtp_node {
	struct smtp_node *prev, *next;
	void *owner;
};

void smtp_node_init(struct smtp_node *n, void *owner);
void smtp_node_put_first(struct smtp_node *head,
			 struct smtp_node *n); /* `n` leaves the ring it is in */
void smtp_node_put_last(struct smtp_node *head, struct smtp_node *n);
void smtp_node_leave(struct smtp_node *n);	     /* may be called twice */
void *smtp_node_first(const struct smtp_node *head); /* its owner; NULL when the ring is empty */

/* One upstream as one tenant uses it. */
struct smtp_route {
	struct smtp_route *next;
	unsigned char key[DIGEST_LEN];
	unsigned links; /* connections that are open or being opened */
	/* Those without a message, the one used last first: it is the warmest */
	struct smtp_node idle;
	struct smtp_node waiting; /* deliveries, first come, first served */
};

enum { SMTP_POOL_BUCKETS = 256, SMTP_POOL_SALT = 32 };

struct smtp_pool {
	unsigned char salt[SMTP_POOL_SALT];
	size_t routes;
	struct smtp_route *buckets[SMTP_POOL_BUCKETS];
};

/* An all-zero pool with its salt set is a valid empty one. Finds the upstream's route, or makes it; NO_MEMORY. */
MUST_USE enum fault smtp_pool_find(struct smtp_pool *p, const struct smtp_upstream *u,
				   struct smtp_route **out_route);
/* Frees the route if nothing is left in it. */
void smtp_pool_prune(struct smtp_pool *p, struct smtp_route *route);

#endif
