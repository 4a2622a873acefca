#include "spool-free/base/arena.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { MIB = 1024 * 1024 };

START_TEST(things_are_zeroed_aligned_and_apart)
{
	struct arena a;
	arena_init(&a, MIB);
	for (size_t size = 1; size < 300; size++) {
		char *bytes = arena_bytes(&a, size);
		ck_assert_ptr_nonnull(bytes);
		memset(bytes, 'x', size);
		char *thing = arena_alloc(&a, size);
		ck_assert_ptr_nonnull(thing);
		ck_assert_uint_eq((uintptr_t)thing % 16, 0);
		for (size_t i = 0; i < size; i++) {
			ck_assert_int_eq(thing[i], 0);
		}
		memset(thing, 'y', size);
		ck_assert_int_eq(bytes[size - 1], 'x');
	}
	arena_deinit(&a);
	arena_deinit(&a);
}
END_TEST

START_TEST(the_limit_holds)
{
	struct arena a;
	size_t got = 0;
	arena_init(&a, 100 * 1024);
	ck_assert_ptr_null(arena_bytes(&a, 100 * 1024)); /* the header needs room too */
	ck_assert_ptr_null(arena_bytes(&a, SIZE_MAX));
	ck_assert_ptr_null(arena_alloc(&a, SIZE_MAX));
	ck_assert_ptr_null(arena_array(&a, SIZE_MAX / 2, 3));
	while (arena_bytes(&a, 1000) != NULL) {
		got += 1000;
		ck_assert_uint_le(arena_taken(&a), 100 * 1024);
	}
	ck_assert_uint_gt(got, 90 * 1024);
	arena_deinit(&a);
	ck_assert_uint_eq(arena_taken(&a), 0);
	ck_assert_ptr_nonnull(arena_bytes(&a, 50 * 1024)); /* and may be used again */
	arena_deinit(&a);
}
END_TEST

START_TEST(one_large_thing_leaves_the_small_block_in_use)
{
	struct arena a;
	arena_init(&a, 10 * MIB);
	char *small = arena_bytes(&a, 10);
	size_t before = arena_taken(&a);
	char *large = arena_bytes(&a, 2 * MIB);
	ck_assert_ptr_nonnull(large);
	ck_assert_uint_lt(arena_taken(&a), before + 2 * MIB + 64);
	ck_assert_ptr_eq(arena_bytes(&a, 10), small + 10);
	memset(large, 'x', 2 * MIB);
	char *first = arena_bytes(&a, 3 * MIB);
	memset(first, 'y', 3 * MIB);
	ck_assert_int_eq(large[2 * MIB - 1], 'x');
	arena_deinit(&a);
}
END_TEST

/* A body's room is mapped whole before the body arrives; what never arrives must cost nothing. */
START_TEST(untouched_pages_cost_nothing)
{
	enum { ALL = 64 * MIB, WRITTEN = 64 * 1024, PAGES = ALL / 4096 };
	static unsigned char here[PAGES + 1];
	struct arena a;
	size_t resident = 0;
	if (sysconf(_SC_PAGESIZE) != 4096) {
		return;
	}
	arena_init(&a, 2U * ALL);
	char *body = arena_bytes(&a, ALL);
	ck_assert_ptr_nonnull(body);
	memset(body, 'x', WRITTEN);
	char *page = (char *)((uintptr_t)body & ~(uintptr_t)4095);
	ck_assert_int_eq(mincore(page, ALL, here), 0);
	for (size_t i = 0; i < PAGES; i++) {
		resident += here[i] & 1;
	}
	/* Up to one huge page may come in at once. */
	ck_assert_uint_le(resident, 2 * MIB / 4096 + WRITTEN / 4096 + 2);
	arena_deinit(&a);
	/* The mapping is gone, so nothing of it can be read again. */
	ck_assert_int_ne(mincore(page, ALL, here), 0);
}
END_TEST

START_TEST(copies_and_joins)
{
	const struct slice parts[] = {
		SLICE_INIT("a"), {NULL, 0}, SLICE_INIT("b\0c"), SLICE_INIT("")};
	struct arena a;
	struct slice joined;
	arena_init(&a, MIB);
	ck_assert_uint_eq(arena_join(&a, parts, COUNT_OF(parts), &joined), FAULT_NONE);
	ck_assert(slice_eq(joined, SLICE_LIT("ab\0c")));
	struct slice copy;
	ck_assert_uint_eq(arena_copy(&a, joined, &copy), FAULT_NONE);
	ck_assert(slice_eq(copy, joined) && copy.ptr != joined.ptr);
	ck_assert_uint_eq(arena_copy(&a, (struct slice){0}, &copy), FAULT_NONE);
	ck_assert_uint_eq(copy.len, 0);
	ck_assert_uint_eq(arena_join(&a, parts, 0, &copy), FAULT_NONE);
	const struct slice huge[] = {{parts[0].ptr, SIZE_MAX}, {parts[0].ptr, 2}};
	ck_assert_uint_eq(arena_join(&a, huge, 2, &copy), FAULT_NO_MEMORY);
	ck_assert_uint_eq(arena_copy(&a, huge[0], &copy), FAULT_NO_MEMORY);
	arena_deinit(&a);
}
END_TEST

START_TEST(a_failing_allocation_leaves_it_usable)
{
	struct arena a;
	struct slice copy;
	arena_init(&a, MIB);
	oom_arm(1);
	ck_assert_uint_eq(arena_copy(&a, SLICE_LIT("abc"), &copy), FAULT_NO_MEMORY);
	ck_assert(oom_disarm());
	ck_assert_uint_eq(arena_taken(&a), 0);
	ck_assert_uint_eq(arena_copy(&a, SLICE_LIT("abc"), &copy), FAULT_NONE);
	arena_deinit(&a);
}
END_TEST

/* Small and large things in any order; what stood before the mark stays, and its room is the only one taken. */
START_TEST(goes_back_to_a_mark)
{
	struct arena a;
	uint32_t seed = (uint32_t)_i + 1;
	arena_init(&a, 64 * MIB);
	for (int round = 0; round < 20; round++) {
		size_t before_len = 1 + (size_t)(seed >> 9) % 300;
		char *before = arena_bytes(&a, before_len);
		ck_assert_ptr_nonnull(before);
		memset(before, 'b', before_len);
		struct arena_mark mark = arena_mark(&a);
		size_t taken = arena_taken(&a);
		for (unsigned i = 0; i < (seed >> 7) % 10; i++) {
			seed = seed * 1664525U + 1013904223U;
			size_t len = (seed >> 8) % (i % 3 == 0 ? 400000U : 5000U);
			char *later = arena_bytes(&a, len);
			ck_assert_ptr_nonnull(later);
			memset(later, 'l', len);
		}
		arena_go_back(&a, mark);
		ck_assert_uint_eq(arena_taken(&a), taken);
		for (size_t i = 0; i < before_len; i++) {
			ck_assert_int_eq(before[i], 'b');
		}
		seed = seed * 1664525U + 1013904223U;
		if (seed >> 31 != 0) {
			ck_assert_ptr_nonnull(arena_alloc(&a, (seed >> 8) % 200000U));
		}
	}
	arena_deinit(&a);
	arena_go_back(&a, (struct arena_mark){.blocks = 0});
	ck_assert_uint_eq(arena_taken(&a), 0);
}
END_TEST

START_TEST(what_was_taken_back_is_wiped)
{
	struct arena a;
	arena_init(&a, MIB);
	char *first = arena_bytes(&a, 100);
	ck_assert_ptr_nonnull(first);
	struct arena_mark mark = arena_mark(&a);
	char *second = arena_bytes(&a, 100);
	ck_assert_ptr_nonnull(second);
	memset(second, 's', 100);
	arena_go_back(&a, mark);
	ck_assert_ptr_eq(arena_bytes(&a, 100), second);
	for (size_t i = 0; i < 100; i++) {
		ck_assert_int_eq(second[i], 0);
	}
	arena_deinit(&a);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/arena");
	TCase *t = tcase_create("arena");
	tcase_add_test(t, things_are_zeroed_aligned_and_apart);
	tcase_add_test(t, the_limit_holds);
	tcase_add_test(t, one_large_thing_leaves_the_small_block_in_use);
	tcase_add_test(t, untouched_pages_cost_nothing);
	tcase_add_test(t, copies_and_joins);
	tcase_add_test(t, a_failing_allocation_leaves_it_usable);
	tcase_add_loop_test(t, goes_back_to_a_mark, 0, 20);
	tcase_add_test(t, what_was_taken_back_is_wiped);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
