#include "spool-free/base/hex.h"

#include <string.h>

#include "tests/support/check_main.h"

START_TEST(every_byte_there_and_back)
{
	for (int byte = 0; byte < 256; byte++) {
		char in = (char)byte;
		char digits[2];
		char want[3];
		char back;
		hex_encode(slice_of(&in, 1), digits);
		snprintf(want, sizeof(want), "%02x", (unsigned)byte);
		ck_assert_int_eq(memcmp(digits, want, 2), 0);
		ck_assert_uint_eq(hex_decode(slice_of(digits, 2), &back), FAULT_NONE);
		ck_assert_int_eq(back, in);
	}
}
END_TEST

START_TEST(reads_both_cases)
{
	char out[4];
	ck_assert_uint_eq(hex_decode(SLICE_LIT("dEaDBeEf"), out), FAULT_NONE);
	ck_assert(slice_eq(slice_of(out, 4), SLICE_LIT("\xDE\xAD\xBE\xEF")));
	ck_assert_uint_eq(hex_decode((struct slice){0}, out), FAULT_NONE);
}
END_TEST

static const struct slice wrong[] = {
	SLICE_INIT("a"),
	SLICE_INIT("abc"),
	SLICE_INIT("0g"),
	SLICE_INIT("g0"),
	SLICE_INIT("0G"),
	SLICE_INIT("0x"),
	SLICE_INIT(" 0"),
	SLICE_INIT("0/"),
	SLICE_INIT("0:"),
	SLICE_INIT("0@"),
	SLICE_INIT("0`"),
	SLICE_INIT("0\0"),
	SLICE_INIT("\xFF"
		   "0"),
};

START_TEST(refuses_what_is_no_digit)
{
	char out[2];
	ck_assert_uint_eq(hex_decode(wrong[_i], out), FAULT_MALFORMED);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/hex");
	TCase *t = tcase_create("hex");
	tcase_add_test(t, every_byte_there_and_back);
	tcase_add_test(t, reads_both_cases);
	tcase_add_loop_test(t, refuses_what_is_no_digit, 0, COUNT_OF(wrong));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
