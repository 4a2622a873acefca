/*
 * NAME     listen - listening sockets
 * FAULTS   SYSTEM with a sentence (address in use, no such address)
 */
#ifndef RELAY_NET_LISTEN_H
#define RELAY_NET_LISTEN_H

#include "relay/net/stream.h"

struct listener;

typedef void listener_fn(void *owner, int fd,
			 const struct address *peer); /* the function owns fd */

struct listener_params {
	const char *address; /* "127.0.0.1", "::", "0.0.0.0" */
	uint16_t port;	     /* 0: any free one */
	bool shared;	     /* SO_REUSEPORT: one listener a loop */
};

MUST_USE enum fault listener_new(struct loop *l, const struct listener_params *params,
				 listener_fn *fn, void *owner, struct listener **out_listener,
				 struct problem *problem);
/* A socket handed in by systemd (LISTEN_FDS). */
MUST_USE enum fault listener_adopt(struct loop *l, int fd, listener_fn *fn, void *owner,
				   struct listener **out_listener);
uint16_t listener_port(const struct listener *l);
void listener_pause(struct listener *l, bool paused); /* when descriptors run out */
void listener_free(struct listener **l);

#endif
