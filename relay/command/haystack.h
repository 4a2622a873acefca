/*
 * NAME     haystack - where canaries are looked for: the memory of a process, and files that changed
 * MEMORY   what a process can have put something into: mappings without a file, and those that may be written; for root (or
 *          CAP_SYS_PTRACE) to read, through /proc/PID/mem
 * FILES    regular ones under every mount that may be written, changed since a moment; file systems that are the kernel's own view of
 *          something are passed over
 * FAULTS   FORBIDDEN, NO_MEMORY, SYSTEM
 */
#ifndef RELAY_COMMAND_HAYSTACK_H
#define RELAY_COMMAND_HAYSTACK_H

#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#include "relay/command/canary.h"

typedef void haystack_hit_fn(void *ctx, const struct canary_hit *hit, const char *where);

struct haystack {
	const struct canaries *canaries;
	haystack_hit_fn *hit;
	void *ctx;
	const struct stat *spared; /* a file that is not looked at, whatever its name; NULL: none */
	uint64_t bytes;		   /* that were looked at */
	uint64_t files;
};

MUST_USE enum fault haystack_search_memory(struct haystack *h, pid_t pid);
MUST_USE enum fault haystack_search_files(struct haystack *h, struct timespec since);
/* One file system, from that folder down. */
MUST_USE enum fault haystack_search_folder(struct haystack *h, const char *folder,
					   struct timespec since);

#endif
