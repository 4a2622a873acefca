#include "spool-free/base/wipe.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/macros.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/remains.h"

enum { LEN = 100, SEED = 5, OTHER_SEED = 6 };

START_TEST(zeroes_exactly_what_it_is_given)
{
	char bytes[66];
	for (size_t len = 0; len <= 64; len++) {
		memset(bytes, 'x', sizeof(bytes));
		wipe(bytes + 1, len);
		ck_assert_int_eq(bytes[0], 'x');
		for (size_t i = 0; i < len; i++) {
			ck_assert_int_eq(bytes[1 + i], 0);
		}
		ck_assert_int_eq(bytes[1 + len], 'x');
	}
	wipe(NULL, 0);
}
END_TEST

static char *filled(unsigned seed)
{
	char *block = malloc(LEN);
	ck_assert_ptr_nonnull(block);
	remains_write(block, LEN, seed);
	return block;
}

START_TEST(what_is_freed_is_wiped)
{
	char *block = filled(SEED);
	ck_assert(remains_are_there(LEN, SEED));
	wiped_free(block);
	wiped_free(NULL);
	ck_assert(!remains_are_there(LEN, SEED));
}
END_TEST

START_TEST(what_moves_leaves_nothing_behind)
{
	static const size_t lens[] = {1, LEN / 2, LEN, 10 * LEN, 1024 * 1024};
	for (size_t i = 0; i < COUNT_OF(lens); i++) {
		char expected[LEN];
		char *block = wiped_realloc(filled(SEED), lens[i]);
		size_t same = lens[i] < LEN ? lens[i] : LEN;
		remains_write(expected, LEN, SEED);
		ck_assert_mem_eq(block, expected, same);
		memset(block, 'x', malloc_usable_size(block));
		memset(expected, 'x', LEN);
		ck_assert(!remains_are_there(LEN, SEED));
		wiped_free(block);
	}
	char *fresh = wiped_realloc(NULL, LEN);
	ck_assert_ptr_nonnull(fresh);
	ck_assert_ptr_null(wiped_realloc(fresh, 0));
}
END_TEST

START_TEST(what_cannot_move_stays)
{
	char expected[LEN];
	char *block = filled(OTHER_SEED);
	remains_write(expected, LEN, OTHER_SEED);
	oom_arm(1);
	ck_assert_ptr_null(wiped_realloc(block, 10 * LEN));
	ck_assert(oom_disarm());
	ck_assert_mem_eq(block, expected, LEN);
	wiped_free(block);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/wipe");
	TCase *t = tcase_create("wipe");
	tcase_add_test(t, zeroes_exactly_what_it_is_given);
	tcase_add_test(t, what_is_freed_is_wiped);
	tcase_add_test(t, what_moves_leaves_nothing_behind);
	tcase_add_test(t, what_cannot_move_stays);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
