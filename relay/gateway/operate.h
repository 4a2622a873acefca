/*
 * NAME     operate - what the operator's programs ask of a running gateway: commands over its UNIX socket, metrics over a
 *          loopback port of their own
 * TABLE    operate.c has the routes: method, path, handler. A handler runs on the first lane's loop, gets the gateway, and
 *          answers at once or later; what other lanes hold comes through atomics or by tasks posted to their loops
 * ORDER    operate_open() before the confinement, which allows no UNIX socket to be bound; operate_stop() when the drain
 *          begins: from then on nobody is let in any more, so that the next gateway can take the socket's name
 * LIMIT    OPERATE_CONNECTIONS at a time to each of the two
 */
#ifndef RELAY_GATEWAY_OPERATE_H
#define RELAY_GATEWAY_OPERATE_H

#include "relay/gateway/gateway.h"

enum { OPERATE_CONNECTIONS = 32 };

struct operate;

struct operate_params {
	const char *socket_path;	/* made here, unless socket_fd is a listener */
	int socket_fd;			/* of the service manager; -1: none */
	struct listener_params metrics; /* port 0: none */
	unsigned tenants, upstreams;	/* that metrics tell apart */
};

/* Into g->operate. The lanes are there, and do not run yet. FAULTS SYSTEM with a sentence, NO_MEMORY. */
MUST_USE enum fault operate_open(struct gateway *g, const struct operate_params *params,
				 struct problem *problem);
void operate_stop(struct gateway *g); /* on the first lane's loop */
void operate_close(struct gateway *g);

#endif
