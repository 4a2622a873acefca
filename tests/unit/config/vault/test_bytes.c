#include "config/vault/bytes.h"

#include <string.h>

#include "tests/support/check_main.h"

static const struct {
	uint64_t number;
	size_t width;
	struct slice bytes;
} rows[] = {
	{0, 1, SLICE_INIT("\0")},
	{0xFF, 1, SLICE_INIT("\xff")},
	{0x0102, 2, SLICE_INIT("\1\2")},
	{1, 4, SLICE_INIT("\0\0\0\1")},
	{0x80000000, 4, SLICE_INIT("\x80\0\0\0")},
	{UINT64_MAX, 8, SLICE_INIT("\xff\xff\xff\xff\xff\xff\xff\xff")},
	{UINT64_C(0x0123456789ABCDEF), 8, SLICE_INIT("\x01\x23\x45\x67\x89\xab\xcd\xef")},
};

START_TEST(numbers_stand_with_their_first_byte_first)
{
	char room[9] = "........";
	struct slice rest = rows[_i].bytes;
	bytes_put_number(room, rows[_i].number, rows[_i].width);
	ck_assert(slice_eq(slice_of(room, rows[_i].width), rows[_i].bytes));
	ck_assert(rows[_i].width == 8 || room[rows[_i].width] == '.');
	ck_assert_uint_eq(bytes_take_number(&rest, rows[_i].width), rows[_i].number);
	ck_assert_uint_eq(rest.len, 0);
}
END_TEST

START_TEST(what_is_taken_is_gone_from_the_front)
{
	unsigned char taken[3];
	struct slice rest = SLICE_INIT("abc\1\2rest");
	bytes_take(&rest, taken, sizeof(taken));
	ck_assert_int_eq(memcmp(taken, "abc", 3), 0);
	ck_assert_uint_eq(bytes_take_number(&rest, 2), 0x0102);
	ck_assert(slice_eq(rest, SLICE_LIT("rest")));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/bytes");
	TCase *t = tcase_create("bytes");
	tcase_add_loop_test(t, numbers_stand_with_their_first_byte_first, 0, COUNT_OF(rows));
	tcase_add_test(t, what_is_taken_is_gone_from_the_front);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
