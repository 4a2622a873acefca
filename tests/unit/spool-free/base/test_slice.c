#include "spool-free/base/slice.h"

#include "tests/support/check_main.h"

static const struct slice none;

static const struct {
	struct slice a, b;
	bool equal, nocase, starts, ends;
	int order;
} pairs[] = {
	{SLICE_INIT(""), SLICE_INIT(""), true, true, true, true, 0},
	{SLICE_INIT("a"), SLICE_INIT(""), false, false, true, true, 1},
	{SLICE_INIT(""), SLICE_INIT("a"), false, false, false, false, -1},
	{SLICE_INIT("abc"), SLICE_INIT("abc"), true, true, true, true, 0},
	{SLICE_INIT("abc"), SLICE_INIT("ab"), false, false, true, false, 1},
	{SLICE_INIT("abc"), SLICE_INIT("bc"), false, false, false, true, -1},
	{SLICE_INIT("abc"), SLICE_INIT("ABC"), false, true, false, false, 1},
	{SLICE_INIT("a\0b"), SLICE_INIT("a\0c"), false, false, false, false, -1},
	{SLICE_INIT("a\0b"), SLICE_INIT("a"), false, false, true, false, 1},
	{SLICE_INIT("\xC4"), SLICE_INIT("\xE4"), false, false, false, false, -1},
	{SLICE_INIT("@["), SLICE_INIT("`{"), false, false, false, false, -1},
	{SLICE_INIT("\x7F"), SLICE_INIT("\x80"), false, false, false, false, -1},
};

START_TEST(two_slices_compare)
{
	struct slice a = pairs[_i].a;
	struct slice b = pairs[_i].b;
	ck_assert_int_eq(slice_eq(a, b), pairs[_i].equal);
	ck_assert_int_eq(slice_eq_nocase(a, b), pairs[_i].nocase);
	ck_assert_int_eq(slice_starts(a, b), pairs[_i].starts);
	ck_assert_int_eq(slice_ends(a, b), pairs[_i].ends);
	int order = slice_compare(a, b);
	ck_assert_int_eq((order > 0) - (order < 0), pairs[_i].order);
}
END_TEST

START_TEST(empty_slices_are_alike)
{
	ck_assert(slice_eq(none, SLICE_LIT("")));
	ck_assert(slice_eq_nocase(none, SLICE_LIT("")));
	ck_assert(slice_starts(none, none) && slice_ends(none, none));
	ck_assert_int_eq(slice_compare(none, SLICE_LIT("")), 0);
	ck_assert_uint_eq(slice_of_text(NULL).len, 0);
	ck_assert_uint_eq(slice_find_byte(none, 'a'), 0);
	ck_assert_uint_eq(slice_find(none, SLICE_LIT("a")), 0);
	ck_assert_uint_eq(slice_skip(none, 5).len, 0);
	ck_assert_uint_eq(slice_first(none, 5).len, 0);
	ck_assert_uint_eq(slice_trim(none).len, 0);
	ck_assert(slice_starts_nocase(SLICE_LIT("Bearer x"), SLICE_LIT("bearer ")));
	ck_assert(!slice_starts_nocase(SLICE_LIT("bear"), SLICE_LIT("bearer ")));
}
END_TEST

START_TEST(finds_the_first)
{
	struct slice s = SLICE_LIT("one, two,\0 three");
	ck_assert_uint_eq(slice_find_byte(s, ','), 3);
	ck_assert_uint_eq(slice_find_byte(s, '\0'), 9);
	ck_assert_uint_eq(slice_find_byte(s, 'x'), s.len);
	ck_assert_uint_eq(slice_find(s, SLICE_LIT(", t")), 3);
	ck_assert_uint_eq(slice_find(s, SLICE_LIT("three")), 11);
	ck_assert_uint_eq(slice_find(s, SLICE_LIT("threee")), s.len);
	ck_assert_uint_eq(slice_find(s, SLICE_LIT("")), 0);
}
END_TEST

START_TEST(views_are_clamped)
{
	struct slice s = SLICE_LIT("abc");
	ck_assert(slice_eq(slice_first(s, 2), SLICE_LIT("ab")));
	ck_assert(slice_eq(slice_first(s, 9), s));
	ck_assert(slice_eq(slice_skip(s, 2), SLICE_LIT("c")));
	ck_assert_uint_eq(slice_skip(s, 3).len, 0);
	ck_assert_ptr_eq(slice_skip(s, SIZE_MAX).ptr, s.ptr + 3);
	ck_assert(slice_eq(slice_trim(SLICE_LIT(" \t\r\na b\n ")), SLICE_LIT("a b")));
	ck_assert_uint_eq(slice_trim(SLICE_LIT(" \r\n")).len, 0);
	ck_assert(slice_eq(slice_trim(SLICE_LIT("\va")), SLICE_LIT("\va")));
}
END_TEST

START_TEST(cuts_at_a_byte)
{
	struct slice head = SLICE_LIT("untouched");
	struct slice rest = SLICE_LIT("a=b=c");
	ck_assert(slice_cut_to(&rest, '=', &head));
	ck_assert(slice_eq(head, SLICE_LIT("a")) && slice_eq(rest, SLICE_LIT("b=c")));
	ck_assert(slice_cut_to(&rest, '=', &head));
	ck_assert(slice_eq(head, SLICE_LIT("b")) && slice_eq(rest, SLICE_LIT("c")));
	ck_assert(!slice_cut_to(&rest, '=', &head));
	ck_assert(slice_eq(head, SLICE_LIT("b")) && slice_eq(rest, SLICE_LIT("c")));
	rest = SLICE_LIT("=");
	ck_assert(slice_cut_to(&rest, '=', &head));
	ck_assert(head.len == 0 && rest.len == 0);
}
END_TEST

static const struct {
	struct slice text;
	uint64_t max;
	bool good;
	uint64_t value;
} numbers[] = {
	{SLICE_INIT("0"), 0, true, 0},
	{SLICE_INIT("007"), 10, true, 7},
	{SLICE_INIT("65535"), 65535, true, 65535},
	{SLICE_INIT("18446744073709551615"), UINT64_MAX, true, UINT64_MAX},
	{SLICE_INIT("18446744073709551616"), UINT64_MAX, false, 0},
	{SLICE_INIT("99999999999999999999999"), UINT64_MAX, false, 0},
	{SLICE_INIT("65536"), 65535, false, 0},
	{SLICE_INIT(""), 10, false, 0},
	{SLICE_INIT("-1"), 10, false, 0},
	{SLICE_INIT("+1"), 10, false, 0},
	{SLICE_INIT(" 1"), 10, false, 0},
	{SLICE_INIT("1 "), 10, false, 0},
	{SLICE_INIT("0x1"), 10, false, 0},
	{SLICE_INIT("1\0"), 10, false, 0},
	{SLICE_INIT("/"), 10, false, 0},
	{SLICE_INIT(":"), 100, false, 0},
};

START_TEST(reads_decimal_numbers)
{
	uint64_t value = 77;
	ck_assert_int_eq(slice_to_u64(numbers[_i].text, numbers[_i].max, &value), numbers[_i].good);
	ck_assert_uint_eq(value, numbers[_i].good ? numbers[_i].value : 77);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/slice");
	TCase *t = tcase_create("slice");
	tcase_add_loop_test(t, two_slices_compare, 0, COUNT_OF(pairs));
	tcase_add_test(t, empty_slices_are_alike);
	tcase_add_test(t, finds_the_first);
	tcase_add_test(t, views_are_clamped);
	tcase_add_test(t, cuts_at_a_byte);
	tcase_add_loop_test(t, reads_decimal_numbers, 0, COUNT_OF(numbers));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
