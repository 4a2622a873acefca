/*
 * NAME     child - runs this program's other subcommands, for commands that need several processes
 * OWNS     its pid and one pipe from the child's standard output; child_stop() ends both
 * RULE     a child dies with its parent
 */
#ifndef RELAY_COMMAND_CHILD_H
#define RELAY_COMMAND_CHILD_H

#include <sys/types.h>

#include "spool-free/base/buf.h"

struct child {
	pid_t pid;  /* 0: none, or it ended */
	int out_fd; /* -1: none */
	struct buf read;
};

/* Without them both outputs go where ours go. */
enum child_output {
	CHILD_TELLS = 0,
	CHILD_KEEPS = 1, /* standard output goes to the pipe */
	CHILD_HUSHED =
		2, /* to the pipe, and nobody hears standard error: events of what the parent tells in its own words */
};

/* argv[0] is a subcommand; the list ends with NULL. `input` goes to its standard input. */
MUST_USE enum fault child_start(const char *const *argv, struct slice input,
				enum child_output output, struct child *out_child);
/* One line of its output without the line end, within `timeout_ms`; NOT_FOUND when it ends first, DEADLINE. */
MUST_USE enum fault child_read_line(struct child *c, uint64_t timeout_ms, struct buf *out_line);
MUST_USE enum fault child_read_bytes(struct child *c, size_t count, uint64_t timeout_ms,
				     struct buf *out_bytes);
int child_wait(struct child *c);  /* its exit status; 128 and more for a signal */
void child_stop(struct child *c); /* SIGTERM, and waits; may be called twice */

#endif
