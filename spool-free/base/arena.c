#include "spool-free/base/arena.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "spool-free/base/wipe.h"

enum {
	ALIGN = 16,
	USUAL_BLOCK = 16 * 1024,
	/* Larger blocks come straight from the kernel and go back to it. */
	MAPPED_FROM = 128 * 1024,
	HUGE_PAGE = 2 * 1024 * 1024,
	LARGEST_BLOCK = 8 * 1024 * 1024, /* of those that grow */
};

struct arena_block {
	struct arena_block *older;
	size_t size;	 /* with this header */
	size_t used;	 /* with this header */
	uint64_t number; /* in the order in which blocks came */
	bool mapped;
};

void arena_init(struct arena *a, size_t limit)
{
	*a = (struct arena){.limit = limit};
}

void arena_init_growing(struct arena *a, size_t limit)
{
	*a = (struct arena){.limit = limit, .grows = true};
}

/*
 * A mapping goes back to the kernel as it is, which zeroes pages before anyone gets them again:
 * wiping it here would only bring in the pages that were never touched.
 */
static void drop_block(struct arena_block *b)
{
	if (b->mapped) {
		munmap(b, b->size);
		return;
	}
	wipe(b, b->used);
	free(b);
}

void arena_deinit(struct arena *a)
{
	while (a->newest != NULL) {
		struct arena_block *b = a->newest;
		a->newest = b->older;
		drop_block(b);
	}
	a->taken = 0;
}

static size_t header_size(void)
{
	return (sizeof(struct arena_block) + ALIGN - 1) / ALIGN * ALIGN;
}

/* Whole huge pages where there are such: a fault for each 2 MiB instead of each 4 KiB. What the start needs goes back. */
static void *map_huge(size_t size)
{
	size_t more;
	if (__builtin_add_overflow(size, HUGE_PAGE, &more)) {
		return NULL;
	}
	char *at = mmap(NULL, more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED) {
		return NULL;
	}
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t before = -(uintptr_t)at % HUGE_PAGE;
	size_t used = (size + page - 1) / page * page;
	if (before > 0) {
		munmap(at, before);
	}
	if (more - before > used) {
		munmap(at + before + used, more - before - used);
	}
	(void)madvise(at + before, size, MADV_HUGEPAGE);
	return at + before;
}

static void *map(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return at != MAP_FAILED ? at : NULL;
}

static struct arena_block *get_block(size_t size)
{
	bool mapped = size >= MAPPED_FROM;
	struct arena_block *b = size >= HUGE_PAGE ? map_huge(size)
				: mapped	  ? map(size)
						  : malloc(size);
	if (b != NULL) {
		*b = (struct arena_block){.size = size, .used = header_size(), .mapped = mapped};
	}
	return b;
}

/* A quarter of what there is, in whole huge pages if it is so many; no more than there may be. */
static size_t usual_block(const struct arena *a, size_t left)
{
	size_t size = USUAL_BLOCK;
	if (a->grows && a->taken / 4 > size) {
		size = a->taken / 4 < LARGEST_BLOCK ? a->taken / 4 : LARGEST_BLOCK;
		size = size < HUGE_PAGE ? size : size / HUGE_PAGE * HUGE_PAGE;
	}
	return size < left ? size : left;
}

static bool add_block(struct arena *a, size_t wanted)
{
	size_t left = a->limit - a->taken;
	size_t size;
	if (__builtin_add_overflow(wanted, header_size(), &size) || size > left) {
		return false;
	}
	size_t usual = usual_block(a, left);
	size = size < usual ? usual : size;
	struct arena_block *b = get_block(size);
	if (b == NULL) {
		return false;
	}
	a->taken += size;
	b->number = ++a->blocks;
	/* A block for one large thing goes below the newest, so that its room is still used. */
	if (a->newest != NULL && size - header_size() == wanted) {
		b->older = a->newest->older;
		a->newest->older = b;
		b->used = size;
		return true;
	}
	b->older = a->newest;
	a->newest = b;
	return true;
}

static void *take(struct arena *a, size_t size, size_t align)
{
	struct arena_block *b = a->newest;
	if (b != NULL) {
		size_t at = (b->used + align - 1) / align * align;
		if (at <= b->size && size <= b->size - at) {
			b->used = at + size;
			return (char *)b + at;
		}
	}
	struct arena_block *before = a->newest;
	if (!add_block(a, size)) {
		return NULL;
	}
	if (a->newest == before) { /* it went below: the whole block is this one thing */
		return (char *)before->older + header_size();
	}
	b = a->newest;
	void *at = (char *)b + b->used;
	b->used += size;
	return at;
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t rounded;
	if (__builtin_add_overflow(size, ALIGN - 1, &rounded)) {
		return NULL;
	}
	void *at = take(a, rounded / ALIGN * ALIGN, ALIGN);
	if (at != NULL) {
		memset(at, 0, size);
	}
	return at;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t all;
	return __builtin_mul_overflow(count, size, &all) ? NULL : arena_alloc(a, all);
}

char *arena_bytes(struct arena *a, size_t size)
{
	return take(a, size, 1);
}

enum fault arena_copy(struct arena *a, struct slice from, struct slice *out_copy)
{
	return arena_join(a, &from, 1, out_copy);
}

enum fault arena_join(struct arena *a, const struct slice *parts, size_t count,
		      struct slice *out_joined)
{
	size_t all = 0;
	for (size_t i = 0; i < count; i++) {
		if (__builtin_add_overflow(all, parts[i].len, &all)) {
			return FAULT_NO_MEMORY;
		}
	}
	char *at = arena_bytes(a, all);
	if (at == NULL) {
		return FAULT_NO_MEMORY;
	}
	*out_joined = slice_of(at, all);
	for (size_t i = 0; i < count; i++) {
		if (parts[i].len > 0) {
			memcpy(at, parts[i].ptr, parts[i].len);
			at += parts[i].len;
		}
	}
	return FAULT_NONE;
}

struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){
		.blocks = a->blocks,
		.used = a->newest != NULL ? a->newest->used : 0,
	};
}

void arena_go_back(struct arena *a, struct arena_mark mark)
{
	struct arena_block **at = &a->newest;
	while (*at != NULL) {
		struct arena_block *b = *at;
		if (b->number <= mark.blocks) {
			at = &b->older;
			continue;
		}
		*at = b->older;
		a->taken -= b->size;
		drop_block(b);
	}
	/* Later blocks went above or right below the one that was the newest then: it is so again. */
	struct arena_block *newest = a->newest;
	if (newest != NULL && newest->used > mark.used) {
		wipe((char *)newest + mark.used, newest->used - mark.used);
		newest->used = mark.used;
	}
}

size_t arena_taken(const struct arena *a)
{
	return a->taken;
}
