/*
 * NAME     log_filter - which events are wanted
 * RULE     of one key any of its values is enough; of several keys each must fit. An event's name takes all events below it:
 *          job takes job.done. What a line does not say is not wanted by who asks for a value of it
 * OWNS     nothing; values lie in the command line
 * LIMIT    LOG_WANTED_MAX values
 * PURE     no clock
 */
#ifndef RELAY_COMMAND_LOG_FILTER_H
#define RELAY_COMMAND_LOG_FILTER_H

#include "spool-free/base/problem.h"
#include "relay/command/log_line.h"

enum { LOG_WANTED_MAX = 64 };

struct log_wanted {
	struct slice key;
	struct slice value;
};

struct log_filter {
	struct log_wanted wanted[LOG_WANTED_MAX];
	size_t count;
	enum event_level least;
	bool has_since, has_until;
	struct civil since, until; /* the second is not within */
};

/* BAD_FIELD with a sentence for what no event can say: a name, an outcome, a fault, a level that there is none of. */
MUST_USE enum fault log_filter_add(struct log_filter *f, struct slice key, struct slice value,
				   struct problem *p);
bool log_filter_fits(const struct log_filter *f, const struct log_line *l);

#endif
