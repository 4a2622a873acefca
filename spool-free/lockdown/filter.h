/*
 * NAME     filter - which system calls the process may make: an allow-list for each role
 * RULE     what is not listed fails with EPERM, so that a library which tries goes on without it; clone3 and openat2,
 *          whose arguments a filter cannot see, fail with ENOSYS, and their older kin are used
 * BOXES    libseccomp
 * SEE      seccomp(2), seccomp_rule_add(3)
 */
#ifndef SPOOL_FREE_LOCKDOWN_FILTER_H
#define SPOOL_FREE_LOCKDOWN_FILTER_H

#include "spool-free/lockdown/lockdown.h"

MUST_USE enum lockdown_result filter_confine(enum lockdown_role role);

#endif
