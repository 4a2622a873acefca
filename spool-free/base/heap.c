/*
 * The program's free() and realloc(), which every library that it loads calls as well: what goes back to the heap is wiped
 * first. Libraries keep copies of what they read, of records and pages, out of anybody's reach (libraries.md 6: M_PERTURB
 * leaves small blocks as they are). Only in the program: sanitizers and the tests' failing allocations bring their own.
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/wipe.h"

#define EXPORTED __attribute__((visibility("default")))

/* glibc's own, under the names by which it can be called when the usual ones are taken. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming) */
extern void __libc_free(void *block);

EXPORTED void free(void *block)
{
	if (block != NULL) {
		int was = errno; /* free(3) leaves it alone */
		wipe(block, malloc_usable_size(block));
		__libc_free(block);
		errno = was;
	}
}

/* In place where there is room; else it moves, and what it leaves is wiped. */
EXPORTED void *realloc(void *block, size_t new_len)
{
	if (block == NULL) {
		return malloc(new_len);
	}
	if (new_len == 0) {
		free(block);
		return NULL;
	}
	size_t len = malloc_usable_size(block);
	if (len >= new_len && len / 2 <= new_len) {
		return block;
	}
	void *moved = malloc(new_len);
	if (moved != NULL) {
		memcpy(moved, block, len < new_len ? len : new_len);
		free(block);
	}
	return moved;
}
