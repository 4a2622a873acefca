/*
 * NAME     stack - what calls that are over left on this thread's stack is gone
 * USE      behind a job, from a frame that holds nothing of it: a worker between two tasks, a loop between two rounds
 * HOW      the nearest STACK_OVERWRITTEN bytes are overwritten, deeper than usual calls reach: it takes a few us. Pages further
 *          down that were used go back to the kernel, which costs ten times as much
 * LIMIT    registers are not covered, nor is what is deeper than STACK_LOOKED_AT; where STACK_OVERWRITTEN ends lies one page
 *          of which the lower part goes back only together with those below it
 * BUILDS   does nothing under a sanitizer, whose frames are elsewhere
 * SEE      madvise(2), mincore(2), pthread_getattr_np(3)
 */
#ifndef SPOOL_FREE_BASE_STACK_H
#define SPOOL_FREE_BASE_STACK_H

enum { STACK_OVERWRITTEN = 128 * 1024, STACK_LOOKED_AT = 1024 * 1024 };

void stack_wipe(void);

#endif
