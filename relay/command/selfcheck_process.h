/*
 * NAME     selfcheck_process - what the kernel says of a process, for `pagepost selfcheck`: limits, privileges, filter, swap, locked
 *          memory, descriptors
 * FOR      root; where the kernel does not tell it to anybody else, the row says so
 * SEE      proc(5); the kernel's cgroup-v2 text on memory.swap.max
 */
#ifndef RELAY_COMMAND_SELFCHECK_PROCESS_H
#define RELAY_COMMAND_SELFCHECK_PROCESS_H

#include <sys/types.h>

#include "relay/command/selfcheck_report.h"

struct selfcheck_process {
	const char *whose;
	pid_t pid;
	uint64_t file_limit_max; /* RLIMIT_FSIZE is at most that */
};

void selfcheck_process_look(const struct selfcheck_process *p, struct selfcheck_report *r);

/* The number behind `name` in a text of "name: number" lines, as /proc/PID/status has; false when it is not there. */
bool selfcheck_process_number(struct slice text, struct slice name, uint64_t *out_number);
/* The hard limit in a line of /proc/PID/limits; UINT64_MAX for unlimited. */
bool selfcheck_process_limit(struct slice text, struct slice name, uint64_t *out_limit);
/* Whether a mapping in /proc/PID/smaps has all of these flags: "lo dd" */
bool selfcheck_process_has_flags(struct slice smaps, const struct slice *flags, size_t count);

#endif
