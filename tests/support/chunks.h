/*
 * NAME     chunks - the same input to an engine in every chunking
 * USE      for (size_t size = 1; size <= CHUNKS_MAX; size++) { chunks_each(input, size, fn, ctx); }
 */
#ifndef TESTS_SUPPORT_CHUNKS_H
#define TESTS_SUPPORT_CHUNKS_H

#include "spool-free/base/slice.h"

enum { CHUNKS_MAX = 64 };

/* Calls `fn` with consecutive pieces of `size` bytes (the last may be shorter) until it returns false. */
void chunks_each(struct slice input, size_t size, bool (*fn)(void *ctx, struct slice chunk),
		 void *ctx);

#endif
