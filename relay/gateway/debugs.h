/*
 * NAME     debugs - for which tenants a debug log is on, and since when it is to be off again; in memory alone: a restart ends it
 * OWNS     its table; debugs_free() frees it
 * LIMIT    DEBUGS_MAX tenants at a time, each for DEBUGS_MINUTES_MAX minutes at most, or what the settings say;
 *          DEBUGS_LINES lines in each of its minutes: what is more is counted, and told when the minute is over
 * LOGS     debug.on, debug.off, debug.cut
 * FAULTS   BUSY when the table is full, with a sentence; NO_MEMORY
 * RULE     the time is an argument
 * THREADS  safe from any thread; while none is on, asking takes no lock
 */
#ifndef RELAY_GATEWAY_DEBUGS_H
#define RELAY_GATEWAY_DEBUGS_H

#include "spool-free/base/instant.h"
#include "spool-free/base/problem.h"

enum {
	DEBUGS_MAX = 16,
	DEBUGS_MINUTES_MAX = 60,
	DEBUGS_LINES = 600,
	DEBUGS_TENANT_MAX = 64,
	DEBUGS_MINUTE_MS = 60 * 1000,
};

enum debugs_by { DEBUGS_BY_ADMIN, DEBUGS_BY_OPERATOR, DEBUGS_BY_TIME };

struct debugs;

struct debug {
	size_t tenant_len;
	char tenant[DEBUGS_TENANT_MAX];
	struct civil until;
	struct instant ends; /* the same moment */
};

/* `most_ms`: who asks for more gets that. */
MUST_USE enum fault debugs_new(uint64_t most_ms, struct debugs **out_debugs);
void debugs_free(struct debugs **d);

struct debugs_wish {
	struct slice tenant; /* 1 to DEBUGS_TENANT_MAX bytes */
	uint64_t minutes;    /* 1 to DEBUGS_MINUTES_MAX */
	enum debugs_by by;
	struct instant now;
	struct civil date;
};

/* Again for the same tenant: from now on. */
MUST_USE enum fault debugs_on(struct debugs *d, const struct debugs_wish *w,
			      struct debug *out_debug, struct problem *problem);
/* False when it was not on. */
bool debugs_off(struct debugs *d, struct slice tenant, enum debugs_by by, struct instant now);
bool debugs_find(struct debugs *d, struct slice tenant, struct instant now,
		 struct debug *out_debug);
size_t debugs_list(struct debugs *d, struct instant now, struct debug out_debugs[DEBUGS_MAX]);

/* Whether a line of this tenant's may be written now; counts it. */
bool debugs_take_line(struct debugs *d, struct slice tenant, struct instant now);
/* Those whose time is up leave, and the log says so. */
void debugs_expire(struct debugs *d, struct instant now);

#endif
