/*
 * NAME     pace - how fast and how many at once an account may be used
 * RULE     pure: time is an argument. In no minute and no hour more is taken than allowed, wherever it begins: what was
 *          taken is counted in 60 parts of it, and a part counts until it is past as a whole.
 *          Connections: half as many when the server says that it is too much, one more when as many messages as there
 *          may be connections went well (additive increase, multiplicative decrease)
 * SEE      relay.md B7, E6; product.md 4
 */
#ifndef RELAY_SMTP_PACE_H
#define RELAY_SMTP_PACE_H

#include "spool-free/base/instant.h"

enum { SMTP_PACE_PARTS = 61 };

struct smtp_window {
	uint64_t now;			 /* number of the part that counts now */
	unsigned taken[SMTP_PACE_PARTS]; /* by the part's number, modulo how many there are */
};

/* 0: no limit; but there is always one of connections. */
struct smtp_pace_limits {
	unsigned connections;
	unsigned per_minute, per_hour;
};

/* All-zero with limits set is a valid new one. */
struct smtp_pace {
	struct smtp_pace_limits limits;
	struct smtp_window minute, hour;
	unsigned lost;	       /* of the connections that the limits allow, learned */
	unsigned good;	       /* messages since that changed */
	struct instant paused; /* the server asked for patience until then */
};

void smtp_pace_set(struct smtp_pace *p, const struct smtp_pace_limits *limits);
unsigned smtp_pace_connections(const struct smtp_pace *p); /* at least 1 */

/* How long `units` have to wait that stand behind `ahead` units of others; 0: they may go. */
uint64_t smtp_pace_wait_ms(const struct smtp_pace *p, uint64_t ahead, unsigned units,
			   struct instant now);
void smtp_pace_take(struct smtp_pace *p, unsigned units, struct instant now);
/* What was taken at `then` was not used after all. */
void smtp_pace_give_back(struct smtp_pace *p, unsigned units, struct instant then,
			 struct instant now);

void smtp_pace_throttled(struct smtp_pace *p, uint64_t pause_ms, struct instant now);
void smtp_pace_went_well(struct smtp_pace *p);

#endif
