/*
 * NAME     operate_inside - what the files of operate.h share; no other file includes this
 */
#ifndef RELAY_GATEWAY_OPERATE_INSIDE_H
#define RELAY_GATEWAY_OPERATE_INSIDE_H

#include "relay/desk/desk.h"
#include "relay/gateway/operate.h"
#include "relay/gateway/process_facts.h"

struct operate {
	struct desk *desk;    /* the UNIX socket's */
	struct desk *metrics; /* the port's */
	struct listener *desk_listener;
	struct listener *metrics_listener;
	struct process_facts_source process;
	struct civil started;
};

uint64_t operate_log_dropped(void); /* lines */

/* What the intakes of all lanes refused by themselves, before a handler came to know of it. */
struct operate_refused {
	uint64_t times[FAULT_COUNT];
	struct civil last[FAULT_COUNT];
};
struct operate_refused operate_refused(const struct gateway *g);

#endif
