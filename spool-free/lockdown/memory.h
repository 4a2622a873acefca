/*
 * NAME     memory - no page of the process reaches a swap device: all are locked, or there is no swap that they could go to
 * HOW      locked where the limit of locked memory is none, or the process may pass over it: a limit that all pages do
 *          not fit below would make later mappings fail. Pages are locked when they are touched first, so that no more is used
 * SEE      mlockall(2), sysinfo(2), proc(5) on PID/cgroup, the kernel's cgroup-v2 text on memory.swap.max
 */
#ifndef SPOOL_FREE_LOCKDOWN_MEMORY_H
#define SPOOL_FREE_LOCKDOWN_MEMORY_H

#include "spool-free/lockdown/lockdown.h"

/* Done: locked. Not needed: no swap. Lacking: neither can be had here. */
MUST_USE enum lockdown_result memory_confine(const struct lockdown_params *p);

MUST_USE bool memory_may_lock(void); /* before the filter, which does not let it ask */
MUST_USE bool memory_lock(void);     /* all there is and will be; a child process begins without */

/* The heap's free pages go back to the kernel, which gives back none that is locked. */
void memory_give_back(size_t kept, bool locked);

bool memory_machine_has_no_swap(void); /* no swap device is in use */
/* What the file says: the group may use no swap. */
bool memory_swap_limit_is_zero(struct slice swap_max);
/* The group's path out of /proc/PID/cgroup, as cgroup v2 writes it; empty when there is none. */
struct slice memory_group_path(struct slice proc_cgroup);

#endif
