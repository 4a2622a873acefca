/*
 * NAME     wipe - overwrite bytes so that the compiler cannot leave it out
 * HEAP     wiped_free() and wiped_realloc() are for libraries that ask for an allocator: what they give back to the heap is
 *          wiped first, all of the block
 */
#ifndef SPOOL_FREE_BASE_WIPE_H
#define SPOOL_FREE_BASE_WIPE_H

#include <stddef.h>

void wipe(void *bytes, size_t len); /* NULL with len 0 is fine */

void wiped_free(void *block);			  /* as free() */
void *wiped_realloc(void *block, size_t new_len); /* as realloc(); the block always moves */

#endif
