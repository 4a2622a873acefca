/*
 * NAME     status_read - what a gateway says at GET /status, from JSON
 * OWNS     nothing: texts point into the bytes that were read
 * LIMIT    STATUS_UPSTREAMS, STATUS_PAUSES and STATUS_FAULTS rows; further ones are counted. What is not known is passed over: a gateway may
 *          be newer than this program
 * FAULTS   MALFORMED with a sentence
 */
#ifndef RELAY_COMMAND_STATUS_READ_H
#define RELAY_COMMAND_STATUS_READ_H

#include "spool-free/base/instant.h"
#include "spool-free/base/problem.h"

enum { STATUS_UPSTREAMS = 512, STATUS_FAULTS = 32, STATUS_PAUSES = 64 };

struct status_upstream {
	struct slice name, tenant, breaker, class;
	uint64_t busy, idle, allowed, waiting, pause_ms, retry_ms;
	bool throttled;
};

struct status_pause {
	struct slice what, name, since, until, reason;
	uint64_t port;
};

struct status_fault {
	struct slice fault, title, tenant, upstream;
	uint64_t age_s, times;
};

struct status {
	struct slice version, now, started;
	bool stopping, keeper_up;
	uint64_t pid, loops, requests, clients, log_dropped;
	uint64_t turned_away; /* requests that no job came of */
	uint64_t jobs, jobs_limit, memory, memory_limit, received, sent;
	uint64_t delivered, partly, deferred, refused, uncertain, untried, fault, repeated;
	uint64_t cpu_ms, resident, descriptors, descriptors_limit;
	uint64_t upstreams_untold; /* by the gateway */
	uint64_t upstreams_left;   /* here */
	struct status_upstream upstreams[STATUS_UPSTREAMS];
	size_t upstream_count;
	struct status_pause pauses[STATUS_PAUSES];
	size_t pause_count;
	struct status_fault faults[STATUS_FAULTS];
	size_t fault_count;
};

/* `bytes` are changed: texts are unescaped in place. */
MUST_USE enum fault status_read(char *bytes, size_t len, struct status *out_status,
				struct problem *problem);

#endif
