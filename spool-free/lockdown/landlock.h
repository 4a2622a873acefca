/*
 * NAME     landlock - which files the process may touch; the rights are asked of the kernel, not of its headers
 * SEE      landlock(7); ABI 1 (Linux 5.13) to 7 (6.15): what a kernel does not know is left out
 */
#ifndef SPOOL_FREE_LOCKDOWN_LANDLOCK_H
#define SPOOL_FREE_LOCKDOWN_LANDLOCK_H

#include "spool-free/lockdown/lockdown.h"

int landlock_abi(void); /* 0: this kernel has none, or it is switched off */
MUST_USE enum lockdown_result landlock_confine(const struct lockdown_params *p);

#endif
