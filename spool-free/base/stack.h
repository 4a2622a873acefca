/*
 * NAME     stack - what calls that are over left on this thread's stack is gone
 * USE      behind a job, from a frame that holds nothing of it: a worker between two tasks, a loop between two rounds
 * HOW      the nearest STACK_OVERWRITTEN bytes are overwritten; pages further down, which few calls reach, go back to the kernel
 * LIMIT    registers are not covered; of the first thread's stack STACK_GIVEN_BACK bytes are looked at
 * BUILDS   does nothing under a sanitizer, whose frames are elsewhere
 * SEE      madvise(2), pthread_getattr_np(3)
 */
#ifndef SPOOL_FREE_BASE_STACK_H
#define SPOOL_FREE_BASE_STACK_H

enum { STACK_OVERWRITTEN = 32 * 1024, STACK_GIVEN_BACK = 1024 * 1024 };

void stack_wipe(void);

#endif
