#include "spool-free/base/fault.h"

#include "tests/support/check_main.h"

START_TEST(every_row_can_be_answered)
{
	enum fault f = (enum fault)_i;
	struct slice slug = fault_slug(f);
	struct slice title = fault_title(f);
	ck_assert_int_ge(fault_status(f), 400);
	ck_assert_int_lt(fault_status(f), 600);
	ck_assert_uint_gt(slug.len, 0);
	for (size_t i = 0; i < slug.len; i++) {
		ck_assert((slug.ptr[i] >= 'a' && slug.ptr[i] <= 'z') || slug.ptr[i] == '-');
	}
	ck_assert_uint_gt(title.len, 10);
	ck_assert(slice_ends(title, SLICE_LIT(".")));
	ck_assert_uint_gt(fault_owner_name(f).len, 0);
	/* Who is to mend it and the status say the same: 4xx for what the caller or its admin can
	 * change. */
	if (fault_owner(f) == FAULT_OWNER_CALLER) {
		ck_assert(fault_status(f) < 500 || fault_status(f) == 501 ||
			  fault_status(f) == 505);
	}
}
END_TEST

START_TEST(rows_say_what_they_should)
{
	ck_assert_int_eq(fault_status(FAULT_NONE), 200);
	ck_assert_int_eq(fault_status(FAULT_TOO_LARGE), 413);
	ck_assert_int_eq(fault_status(FAULT_BUSY), 503);
	ck_assert(slice_eq(fault_slug(FAULT_BAD_JSON), SLICE_LIT("bad-json")));
	ck_assert(slice_eq(fault_owner_name(FAULT_BAD_JSON), SLICE_LIT("caller")));
	ck_assert(slice_eq(fault_owner_name(FAULT_UPSTREAM_AUTH), SLICE_LIT("admin")));
	ck_assert(slice_eq(fault_owner_name(FAULT_VAULT_LOCKED), SLICE_LIT("operator")));
	ck_assert(slice_eq(fault_owner_name(FAULT_UPSTREAM_LOST), SLICE_LIT("upstream")));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/fault");
	TCase *t = tcase_create("fault");
	tcase_add_loop_test(t, every_row_can_be_answered, FAULT_NONE + 1, FAULT_COUNT);
	tcase_add_test(t, rows_say_what_they_should);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
