/*
 * NAME     census - a look at all lanes, each on its own loop, and at the keeper: what metrics and status tell
 * FLOW     census_take() -> the keeper is asked by a worker, then a task goes through every lane's loop -> done() on the first
 *          lane's loop, which reads the census and gives it to census_free()
 * OWNS     what it found. census_abandon_all() frees those whose lanes have ended before they came to answer
 * LIMIT    CENSUS_UPSTREAMS upstreams a lane, one by one; sums are over all of them
 * THREADS  begun and ended on the first lane's loop
 */
#ifndef RELAY_GATEWAY_CENSUS_H
#define RELAY_GATEWAY_CENSUS_H

#include "relay/gateway/gateway.h"

enum { CENSUS_UPSTREAMS = 256 };

/* What one account of a server does, or several of one label do together. */
struct census_upstream {
	char label[SMTP_POOL_LABEL]; /* as the log calls it */
	size_t label_len;
	char tenant[SMTP_POOL_TENANT]; /* empty: the operator's */
	size_t tenant_len;
	uint64_t busy, idle, allowed, waiting, throttled, shut;
	uint64_t pause_ms, shut_ms; /* the longest */
	enum smtp_trouble trouble;
};

struct census_lane {
	struct loop_task task, back;
	struct census *of;
	struct lane *lane;
	unsigned clients;
	size_t count;
	size_t untold; /* upstreams past the limit */
	struct census_upstream upstreams[CENSUS_UPSTREAMS];
	struct census_upstream tenants; /* the sums of all that are not the operator's */
};

typedef void census_fn(void *ctx, struct census *c);

struct census {
	struct gateway *gateway;
	census_fn *done;
	void *ctx;
	struct census *next; /* of those under way */
	struct worker_task ask;
	bool keeper_is_up;
	unsigned missing; /* lanes that have not answered yet */
	unsigned lane_count;
	struct census_lane lanes[];
};

/* NO_MEMORY; else done() comes, unless the gateway ends before. */
MUST_USE enum fault census_take(struct gateway *g, census_fn *done, void *ctx);
void census_free(struct census **c);
/* No lane runs any more. `lost` is told the context of each. */
void census_abandon_all(struct gateway *g, void (*lost)(void *ctx));

#endif
