#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The functions themselves, under other names: this suite has the heap that its instrument gives it. What they do for the program
 * tests/e2e/halves looks for in its memory.
 */
static void note_free(void *block);
void heap_free(void *block);
void *heap_realloc(void *block, size_t new_len);

#define free	    heap_free
#define realloc	    heap_realloc
#define __libc_free note_free
#include "spool-free/base/heap.c"
#undef free
#undef realloc
#undef __libc_free

#include "tests/support/check_main.h"

/* The address sanitizer's blocks have their own size to the byte, and one of PTRDIFF_MAX ends the program. */
#if defined(__SANITIZE_ADDRESS__)
static const bool is_another_heap = true;
#else
static const bool is_another_heap = false;
#endif

static void *freed;
static size_t freed_wiped;

static void note_free(void *block)
{
	const unsigned char *bytes = block;
	size_t len = malloc_usable_size(block);
	freed = block;
	freed_wiped = 0;
	while (freed_wiped < len && bytes[freed_wiped] == 0) {
		freed_wiped++;
	}
	freed_wiped = freed_wiped == len;
	errno = EIO;
	free(block);
}

static char *filled(size_t len)
{
	char *block = malloc(len);
	ck_assert_ptr_nonnull(block);
	memset(block, 's', malloc_usable_size(block));
	freed = NULL;
	return block;
}

START_TEST(what_is_freed_is_wiped)
{
	static const size_t sizes[] = {0, 1, 24, 1000, 4096, 300 * 1000};
	char *block = filled(sizes[_i]);
	errno = 7;
	heap_free(block);
	ck_assert_ptr_eq(freed, block);
	ck_assert(freed_wiped);
	ck_assert_int_eq(errno, 7);
	heap_free(NULL);
}
END_TEST

static const struct {
	size_t from, to;
	bool moves;
} sizes[] = {
	{100, 100, false},   {1000, 600, false},  {1000, 10, true}, {100, 1000, true},
	{24, 4 << 20, true}, {4 << 20, 24, true}, {0, 1, true},	    {4 << 20, 3 << 20, false},
};

START_TEST(what_moves_leaves_nothing_behind)
{
	size_t kept = sizes[_i].from < sizes[_i].to ? sizes[_i].from : sizes[_i].to;
	char *block = filled(sizes[_i].from);
	char *now = heap_realloc(block, sizes[_i].to);
	ck_assert_ptr_nonnull(now);
	ck_assert_int_eq(freed == block, sizes[_i].moves);
	ck_assert(!sizes[_i].moves || freed_wiped);
	ck_assert_uint_ge(malloc_usable_size(now), sizes[_i].to);
	size_t same = 0;
	while (same < kept && now[same] == 's') {
		same++;
	}
	ck_assert_uint_eq(same, kept);
	free(now);
}
END_TEST

START_TEST(its_edges_are_those_of_realloc)
{
	char *block = heap_realloc(NULL, 10);
	ck_assert_ptr_nonnull(block);
	ck_assert_ptr_null(heap_realloc(block, 0));
	ck_assert_ptr_eq(freed, block);
	block = filled(10);
	ck_assert_ptr_null(heap_realloc(block, PTRDIFF_MAX)); /* there is no such room: it stays */
	ck_assert_ptr_null(freed);
	ck_assert_int_eq(block[9], 's');
	free(block);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("heap");
	TCase *t = tcase_create("heap");
	tcase_add_loop_test(t, what_is_freed_is_wiped, 0, 6);
	tcase_add_loop_test(t, what_moves_leaves_nothing_behind, 0, 8);
	tcase_add_test(t, its_edges_are_those_of_realloc);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	if (is_another_heap) {
		puts("skip: heap: the address sanitizer has a heap of its own, and the program "
		     "built with it too");
		puts("0 passed, 0 failed, 1 skipped");
		return 0;
	}
	return check_main(suite());
}
