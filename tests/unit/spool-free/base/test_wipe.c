#include "spool-free/base/wipe.h"

#include <string.h>

#include "tests/support/check_main.h"

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

static Suite *suite(void)
{
	Suite *s = suite_create("base/wipe");
	TCase *t = tcase_create("wipe");
	tcase_add_test(t, zeroes_exactly_what_it_is_given);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
