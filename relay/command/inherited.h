/*
 * NAME     inherited - descriptors that a long-lived process was started with: those it knows of stay, all others are closed
 * KEPT     standard input, output and error, and what the service manager hands over (sd_listen_fds(3))
 * FAULTS   CONFINEMENT
 * THREADS  first thing in a command, while nothing else is open
 */
#ifndef RELAY_COMMAND_INHERITED_H
#define RELAY_COMMAND_INHERITED_H

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

#define INHERITED_SENTENCE                                                                         \
	"what it was started with cannot be closed: close_range(2) needs Linux 5.9 or newer."

MUST_USE enum fault inherited_close(void);

/* How many follow standard error, out of LISTEN_PID and LISTEN_FDS: none that are another process's. */
unsigned inherited_count(struct slice listen_pid, struct slice listen_fds, uint64_t own_pid);

#endif
