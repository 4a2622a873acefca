/*
 * NAME     arena - one job's memory: nothing in it is freed alone, all of it is wiped together
 * OWNS     its blocks; arena_deinit() wipes and frees them, or unmaps them, and may be called twice
 * LIMIT    bytes of all blocks together, given to arena_init(); large blocks are mapped, so that
 *          pages never touched cost nothing
 * FAULTS   NO_MEMORY past the limit or when the system has none
 * THREADS  one owner at a time; a job hands its arena from thread to thread
 */
#ifndef SPOOL_FREE_BASE_ARENA_H
#define SPOOL_FREE_BASE_ARENA_H

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *newest;
	size_t limit;
	size_t taken;
	uint64_t blocks; /* that ever came */
	bool grows;
};

void arena_init(struct arena *a, size_t limit);
/* The same for one that may come to hold much: its blocks are the larger the more there are. */
void arena_init_growing(struct arena *a, size_t limit);
void arena_deinit(struct arena *a);

/* Zeroed bytes, aligned for any type. NULL when the limit or the system says no. */
MUST_USE void *arena_alloc(struct arena *a, size_t size);
/* The same for `count` things of `size`; the product is checked. */
MUST_USE void *arena_array(struct arena *a, size_t count, size_t size);
/* As arena_alloc, not zeroed, not aligned: for bytes that are written at once. */
MUST_USE char *arena_bytes(struct arena *a, size_t size);

MUST_USE enum fault arena_copy(struct arena *a, struct slice from, struct slice *out_copy);
/* All the parts in a row; for paths, sentences and addresses. */
MUST_USE enum fault arena_join(struct arena *a, const struct slice *parts, size_t count,
			       struct slice *out_joined);

/* All that was taken since the mark is wiped, and its room is free again; for what is tried and then done anew. */
struct arena_mark {
	uint64_t blocks;
	size_t used;
};

struct arena_mark arena_mark(const struct arena *a);
void arena_go_back(struct arena *a, struct arena_mark mark);

size_t arena_taken(const struct arena *a);

#endif
