/*
 * NAME     log_count - how many events there are of each combination of values
 * RULE     the name of the event is always one of them: a job and its recipients are not added up. A line that has none of
 *          the fields is not counted
 * OWNS     its rows
 * LIMIT    LOG_COUNT_KEYS fields, LOG_COUNT_ROWS rows; what comes then is counted in one row more, "other"
 * FAULTS   BAD_FIELD for what is no field; NO_MEMORY
 */
#ifndef RELAY_COMMAND_LOG_COUNT_H
#define RELAY_COMMAND_LOG_COUNT_H

#include <stdio.h>

#include "spool-free/base/arena.h"
#include "spool-free/base/problem.h"
#include "relay/command/log_line.h"

enum { LOG_COUNT_KEYS = 8, LOG_COUNT_ROWS = 10000 };

struct log_count_row {
	struct slice values[LOG_COUNT_KEYS];
	uint64_t hash;
	uint64_t count;
};

struct log_count {
	struct slice keys[LOG_COUNT_KEYS];
	size_t key_count;
	struct arena arena;
	struct log_count_row *rows; /* in the arena, by hash with open places */
	size_t row_count;
	uint64_t others;
};

/* `keys`: "outcome,upstream". */
MUST_USE enum fault log_count_init(struct log_count *c, struct slice keys, struct problem *p);
void log_count_deinit(struct log_count *c);
MUST_USE enum fault log_count_add(struct log_count *c, const struct log_line *l);
/* The most frequent first; as a table, or as one JSON object a line. */
MUST_USE enum fault log_count_print(struct log_count *c, FILE *to, bool as_json);

#endif
