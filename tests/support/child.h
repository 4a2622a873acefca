/*
 * NAME     child - runs a function in a process of its own, which may then be confined or die, and brings back bytes
 * USE      struct child_end end = child_run(fn, ctx, results, sizeof(results));
 */
#ifndef TESTS_SUPPORT_CHILD_H
#define TESTS_SUPPORT_CHILD_H

#include <stdbool.h>
#include <stddef.h>

struct child_end {
	int status; /* exit status; -1 when a signal ended it */
	int signal; /* 0 when it ended by itself */
	size_t len; /* bytes of `out` that it filled */
};

/* `fn` fills `room` and returns the exit status; the room is copied back whatever the status. */
struct child_end child_run(int (*fn)(void *ctx, unsigned char *room), void *ctx,
			   unsigned char *room, size_t size);

/* Whether system calls are made or watched by a tool, so that confinement cannot be tested. */
bool child_is_watched(void);

#endif
