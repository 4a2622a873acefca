/*
 * NAME     crowd - how many connections each client address has; over a cap nobody more is let in
 * COUNTS   an IPv4 address (also where it comes as IPv6), or an IPv6 network of 64 bits, since one client has all of it
 * OWNS     nothing: the members lie in their connections
 * THREADS  its loop's
 */
#ifndef RELAY_INTAKE_CROWD_H
#define RELAY_INTAKE_CROWD_H

#include "relay/net/stream.h"

enum { CROWD_BUCKETS = 256 };

struct crowd_member {
	uint64_t key;
	struct crowd_member *next;
	struct crowd_member **here; /* NULL: in no crowd */
};

struct crowd {
	struct crowd_member *buckets[CROWD_BUCKETS];
};

/* False, and not let in, when `most` of this address are there already. */
bool crowd_enter(struct crowd *c, struct crowd_member *m, const struct address *who, unsigned most);
void crowd_leave(struct crowd_member *m); /* may be called twice */

#endif
