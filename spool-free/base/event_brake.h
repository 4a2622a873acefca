/*
 * NAME     event_brake - keeps lines that anybody who can connect may bring about from filling the log
 * LIMIT    EVENT_BRAKE_LINES in each EVENT_BRAKE_MS that begin with such a line; what is more is counted
 * OWNS     nothing; all zeros is a brake at rest
 * THREADS  any; two that come at once at a minute's end may let a few lines more through
 */
#ifndef SPOOL_FREE_BASE_EVENT_BRAKE_H
#define SPOOL_FREE_BASE_EVENT_BRAKE_H

#include "spool-free/base/event_catalogue.h"
#include "spool-free/base/instant.h"

enum { EVENT_BRAKE_LINES = 600, EVENT_BRAKE_MS = 60000 };

struct event_brake {
	_Atomic uint64_t until_ms; /* of the monotonic clock */
	_Atomic uint64_t lines;
	_Atomic uint64_t spared; /* and not yet told */
};

/* Whether such a line may be written now. When lines before it were spared, log.spared tells how many of `name`. */
bool event_brake_lets(struct event_brake *b, enum event_name name, struct instant now);

#endif
