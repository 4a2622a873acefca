/*
 * NAME     fair - a queue in which those who share something take turns: deficit round robin by bytes
 * OWNS     a flow for each tenant that waits; never what waits, which it knows by the place embedded in it
 * RULE     pure. A tenant with a thousand messages waiting holds another's single one up for a turn, not for a thousand.
 *          What is large pays with the turns that it lets pass
 * SEE      M. Shreedhar, G. Varghese, Efficient Fair Queuing using Deficit Round Robin, 1995
 */
#ifndef RELAY_SMTP_FAIR_H
#define RELAY_SMTP_FAIR_H

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"
#include "relay/smtp/node.h"

enum { SMTP_FAIR_TURN = 16 * 1024 }; /* bytes: about a message without attachments */

struct smtp_fair_flow;

/* All-zero waits nowhere. */
struct smtp_fair_place {
	struct smtp_node node;
	void *owner;
	struct smtp_fair_flow *flow;
	uint64_t bytes;
	unsigned units; /* of whatever else is short; they decide nothing here */
};

struct smtp_fair_load {
	size_t count;
	uint64_t units;
};

struct smtp_fair {
	struct smtp_node flows; /* whose turn it is stands first */
	size_t count;
	bool is_paid; /* the first flow got this turn's bytes */
};

void smtp_fair_init(struct smtp_fair *f);
void smtp_fair_deinit(struct smtp_fair *f); /* nothing may wait */

/* NO_MEMORY, and it does not wait. */
MUST_USE enum fault smtp_fair_put(struct smtp_fair *f, struct smtp_fair_place *place, void *owner,
				  struct slice tenant, uint64_t bytes, unsigned units);
/* The same for what had its turn and needs another: before all others of its tenant. */
MUST_USE enum fault smtp_fair_put_back(struct smtp_fair *f, struct smtp_fair_place *place,
				       void *owner, struct slice tenant, uint64_t bytes,
				       unsigned units);
void *smtp_fair_take(struct smtp_fair *f); /* whose turn it is; NULL when none waits */
/* The same one, and it stays: whoever comes meanwhile stands behind it. */
void *smtp_fair_next(struct smtp_fair *f);
void smtp_fair_leave(struct smtp_fair *f, struct smtp_fair_place *place); /* may be called twice */
/* About what goes before this one that stands last of its tenant's. */
struct smtp_fair_load smtp_fair_ahead(const struct smtp_fair *f,
				      const struct smtp_fair_place *place);

#endif
