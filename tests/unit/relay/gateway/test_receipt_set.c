#include "relay/gateway/receipt_set.h"

#include <string.h>

#include "spool-free/job/receipt_jws.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

static struct receipt_set *set;
static struct buf got;

static void setup(void)
{
	ck_assert_uint_eq(receipt_set_new(&set), FAULT_NONE);
	buf_init(&got, RECEIPT_SET_MAX);
}

static void teardown(void)
{
	buf_deinit(&got);
	receipt_set_free(&set);
	receipt_set_free(&set);
}

static bool find(uint64_t ms)
{
	buf_clear(&got);
	return receipt_set_find(set, (struct instant){.ms = ms}, &got);
}

START_TEST(what_was_told_is_told_for_a_while)
{
	ck_assert(!find(0));
	receipt_set_keep(set, SLICE_LIT("{\"keys\":[1]}"), (struct instant){.ms = 1000});
	ck_assert(find(1000));
	ck_assert(slice_eq(buf_view(&got), SLICE_LIT("{\"keys\":[1]}")));
	ck_assert(find(1000 + RECEIPT_SET_MS - 1));
	ck_assert(!find(1000 + RECEIPT_SET_MS));
	ck_assert_uint_eq(got.len, 0);
	receipt_set_keep(set, SLICE_LIT("{\"keys\":[2]}"), (struct instant){.ms = 90000});
	ck_assert(find(90001));
	ck_assert(slice_eq(buf_view(&got), SLICE_LIT("{\"keys\":[2]}")));
}
END_TEST

START_TEST(what_finds_no_room_is_not_kept)
{
	static char large[RECEIPT_SET_MAX + 1];
	memset(large, 'x', sizeof(large));
	receipt_set_keep(set, SLICE_LIT("x"), (struct instant){.ms = 1});
	receipt_set_keep(set, slice_of(large, sizeof(large)), (struct instant){.ms = 1});
	ck_assert(!find(2));
	receipt_set_keep(set, slice_of(large, RECEIPT_SET_MAX), (struct instant){.ms = 1});
	ck_assert(find(2));
	buf_deinit(&got);
	oom_arm(1);
	ck_assert(!find(2));
	ck_assert(oom_disarm());
	ck_assert(find(2));
}
END_TEST

START_TEST(without_memory_there_is_none)
{
	struct receipt_set *none = NULL;
	oom_arm(1);
	ck_assert_uint_eq(receipt_set_new(&none), FAULT_NO_MEMORY);
	ck_assert(oom_disarm());
	ck_assert_ptr_null(none);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/gateway/receipt_set");
	TCase *t = tcase_create("receipt_set");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, what_was_told_is_told_for_a_while);
	tcase_add_test(t, what_finds_no_room_is_not_kept);
	tcase_add_test(t, without_memory_there_is_none);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
