#include "spool-free/base/stack.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "spool-free/base/macros.h"
#include "tests/support/check_main.h"
#include "tests/support/child.h"
#include "tests/support/remains.h"

enum { LEN = 400, SEED = 7 };

/* Leaves the text on the stack, below `depth` bytes. */
static __attribute__((noinline)) void leave(size_t depth)
{
	char text[LEN];
	char room[8192];
	if (depth > sizeof(room)) {
		memset(room, 1, sizeof(room));
		__asm__ volatile("" ::"r"(room) : "memory");
		leave(depth - sizeof(room));
		__asm__ volatile("" ::"r"(room) : "memory");
		return;
	}
	remains_write(text, sizeof(text), SEED);
	__asm__ volatile("" ::"r"(text) : "memory");
}

static const size_t depths[] = {0,	    10 * 1000,	30 * 1000, 100 * 1000,
				125 * 1000, 140 * 1000, 700 * 1000};

/* 1: found before, and gone after */
static void *leave_and_wipe(void *depth)
{
	leave(*(const size_t *)depth);
	bool before = remains_are_there(LEN, SEED);
	errno = 7;
	stack_wipe();
	bool kept = errno == 7;
	return before && kept && !remains_are_there(LEN, SEED) ? depth : NULL;
}

START_TEST(what_calls_left_is_gone)
{
	size_t depth = depths[_i];
	ck_assert_ptr_nonnull(leave_and_wipe(&depth));
}
END_TEST

START_TEST(on_a_thread_as_well)
{
	size_t depth = depths[_i];
	pthread_t thread;
	void *result = NULL;
	ck_assert_int_eq(pthread_create(&thread, NULL, leave_and_wipe, &depth), 0);
	ck_assert_int_eq(pthread_join(thread, &result), 0);
	ck_assert_ptr_nonnull(result);
}
END_TEST

START_TEST(what_is_in_use_stays)
{
	char own[LEN];
	char same[LEN];
	remains_write(own, sizeof(own), 3);
	remains_write(same, sizeof(same), 3);
	stack_wipe();
	ck_assert_int_eq(memcmp(own, same, sizeof(own)), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("stack");
	TCase *t = tcase_create("stack");
	tcase_add_loop_test(t, what_calls_left_is_gone, 0, COUNT_OF(depths));
	tcase_add_loop_test(t, on_a_thread_as_well, 0, COUNT_OF(depths));
	tcase_add_test(t, what_is_in_use_stays);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	if (child_is_watched()) {
		puts("skip: stack: sanitizers and valgrind keep frames elsewhere, and the wiping "
		     "is not for them");
		puts("0 passed, 0 failed, 1 skipped");
		return 0;
	}
	return check_main(suite());
}
