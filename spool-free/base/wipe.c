#include "spool-free/base/wipe.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void wipe(void *bytes, size_t len)
{
	if (len > 0) {
		explicit_bzero(bytes, len);
	}
}

void wiped_free(void *block)
{
	if (block != NULL) {
		wipe(block, malloc_usable_size(block));
		free(block);
	}
}

void *wiped_realloc(void *block, size_t new_len)
{
	if (block != NULL && new_len == 0) {
		wiped_free(block);
		return NULL;
	}
	void *moved = malloc(new_len);
	if (moved != NULL && block != NULL) {
		size_t old_len = malloc_usable_size(block);
		memcpy(moved, block, old_len < new_len ? old_len : new_len);
		wiped_free(block);
	}
	return moved;
}
