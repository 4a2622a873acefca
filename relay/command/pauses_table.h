/*
 * NAME     pauses_table - what the gateway says is paused, for people
 * OWNS     nothing; texts lie in the JSON, which is changed
 * FAULTS   BAD_JSON for what is no such list, NO_MEMORY
 */
#ifndef RELAY_COMMAND_PAUSES_TABLE_H
#define RELAY_COMMAND_PAUSES_TABLE_H

#include "spool-free/base/arena.h"
#include "relay/command/vault_table.h"

/* A row for each, behind the head; none when nothing is paused. */
MUST_USE enum fault pauses_table_read(char *json, size_t len, struct arena *arena,
				      struct vault_table *out_table);
/* "90s", "30m", "2h", "1d" as seconds, up to a year; false for what is none. */
bool pauses_table_seconds(struct slice text, uint64_t *out_seconds);

#endif
