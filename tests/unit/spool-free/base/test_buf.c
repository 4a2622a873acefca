#include "spool-free/base/buf.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

START_TEST(grows_to_its_ceiling_and_no_further)
{
	struct buf b;
	char *at;
	buf_init(&b, 100);
	for (int i = 0; i < 100; i++) {
		ck_assert_uint_eq(buf_add_byte(&b, (char)i), FAULT_NONE);
	}
	ck_assert_uint_eq(buf_add_byte(&b, 'x'), FAULT_TOO_LARGE);
	ck_assert_uint_eq(buf_reserve(&b, 1, &at), FAULT_TOO_LARGE);
	ck_assert_uint_eq(buf_reserve(&b, SIZE_MAX, &at), FAULT_TOO_LARGE);
	ck_assert_uint_eq(b.len, 100);
	for (int i = 0; i < 100; i++) {
		ck_assert_int_eq(b.ptr[i], i);
	}
	buf_deinit(&b);
	buf_deinit(&b);
	ck_assert_ptr_null(b.ptr);
	ck_assert_uint_eq(b.ceiling, 100);
}
END_TEST

START_TEST(all_zero_is_empty_and_full)
{
	struct buf b = {0};
	ck_assert_uint_eq(buf_view(&b).len, 0);
	ck_assert_uint_eq(buf_add(&b, (struct slice){0}), FAULT_NONE);
	ck_assert_uint_eq(buf_add_byte(&b, 'a'), FAULT_TOO_LARGE);
	buf_clear(&b);
	buf_deinit(&b);
}
END_TEST

static const struct {
	uint64_t number;
	struct slice text;
} numbers[] = {
	{0, SLICE_INIT("0")},
	{9, SLICE_INIT("9")},
	{10, SLICE_INIT("10")},
	{UINT64_MAX, SLICE_INIT("18446744073709551615")},
};

START_TEST(adds_numbers_in_decimal)
{
	struct buf b;
	buf_init(&b, 20);
	ck_assert_uint_eq(buf_add_u64(&b, numbers[_i].number), FAULT_NONE);
	ck_assert(slice_eq(buf_view(&b), numbers[_i].text));
	buf_deinit(&b);
}
END_TEST

START_TEST(reserved_room_is_filled_by_the_caller)
{
	struct buf b;
	char *at;
	buf_init(&b, 1000);
	ck_assert_uint_eq(buf_add_text(&b, "ab"), FAULT_NONE);
	ck_assert_uint_eq(buf_reserve(&b, 500, &at), FAULT_NONE);
	memset(at, 'c', 500);
	buf_grew(&b, 3);
	ck_assert(slice_eq(buf_view(&b), SLICE_LIT("abccc")));
	buf_deinit(&b);
}
END_TEST

START_TEST(drops_from_the_front_and_wipes_behind)
{
	struct buf b;
	buf_init(&b, 100);
	ck_assert_uint_eq(buf_add_text(&b, "0123456789"), FAULT_NONE);
	buf_drop(&b, 0);
	ck_assert_uint_eq(b.len, 10);
	buf_drop(&b, 4);
	ck_assert(slice_eq(buf_view(&b), SLICE_LIT("456789")));
	ck_assert(slice_eq(slice_of(b.ptr + 6, 4), SLICE_LIT("\0\0\0\0")));
	buf_drop(&b, 6);
	ck_assert_uint_eq(b.len, 0);
	ck_assert(slice_eq(slice_of(b.ptr, 6), SLICE_LIT("\0\0\0\0\0\0")));
	ck_assert_uint_eq(buf_add_text(&b, "secret"), FAULT_NONE);
	buf_clear(&b);
	ck_assert(slice_eq(slice_of(b.ptr, 6), SLICE_LIT("\0\0\0\0\0\0")));
	buf_deinit(&b);
}
END_TEST

START_TEST(a_failing_allocation_changes_nothing)
{
	for (unsigned n = 1;; n++) {
		struct buf b;
		buf_init(&b, 1000);
		oom_arm(n);
		enum fault f = buf_add_text(&b, "ab");
		size_t before = b.len;
		for (int i = 0; i < 200 && f == FAULT_NONE; i++) {
			before = b.len;
			f = buf_add_text(&b, "xyz");
		}
		bool failed = oom_disarm();
		ck_assert_uint_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		if (failed) {
			ck_assert_uint_eq(b.len, before);
			ck_assert(before == 0 || memcmp(b.ptr, "ab", 2) == 0);
		}
		buf_deinit(&b);
		if (!failed) {
			ck_assert_uint_gt(n, 3);
			break;
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/buf");
	TCase *t = tcase_create("buf");
	tcase_add_test(t, grows_to_its_ceiling_and_no_further);
	tcase_add_test(t, all_zero_is_empty_and_full);
	tcase_add_loop_test(t, adds_numbers_in_decimal, 0, COUNT_OF(numbers));
	tcase_add_test(t, reserved_room_is_filled_by_the_caller);
	tcase_add_test(t, drops_from_the_front_and_wipes_behind);
	tcase_add_test(t, a_failing_allocation_changes_nothing);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
