#include "spool-free/base/base64_table.h"

#include <string.h>

#include "tests/support/check_main.h"

/* RFC 4648, section 10, and bytes that use every bit */
static const struct {
	struct slice bytes;
	struct slice letters;
} rows[] = {
	{SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("f"), SLICE_INIT("Zg==")},
	{SLICE_INIT("fo"), SLICE_INIT("Zm8=")},
	{SLICE_INIT("foo"), SLICE_INIT("Zm9v")},
	{SLICE_INIT("foob"), SLICE_INIT("Zm9vYg==")},
	{SLICE_INIT("fooba"), SLICE_INIT("Zm9vYmE=")},
	{SLICE_INIT("foobar"), SLICE_INIT("Zm9vYmFy")},
	{SLICE_INIT("\0\0\0\0"), SLICE_INIT("AAAAAA==")},
	{SLICE_INIT("\xFF\xFF\xFF\xFB\xFF"), SLICE_INIT("////+/8=")},
};

START_TEST(known_answers)
{
	char out[16];
	size_t len;
	base64_table_encode(rows[_i].bytes, out);
	ck_assert(slice_eq(slice_of(out, rows[_i].letters.len), rows[_i].letters));
	ck_assert_uint_eq(base64_table_decode(rows[_i].letters, out, &len), FAULT_NONE);
	ck_assert(slice_eq(slice_of(out, len), rows[_i].bytes));
}
END_TEST

static const struct slice wrong[] = {
	SLICE_INIT("Z"),	  SLICE_INIT("Zg"),	  SLICE_INIT("Zg="),
	SLICE_INIT("Zg==="),	  SLICE_INIT("===="),	  SLICE_INIT("A==="),
	SLICE_INIT("Zh=="), /* stray bits */
	SLICE_INIT("Zm9="), /* stray bits */
	SLICE_INIT("Zm9v===="),	  SLICE_INIT("Zg==Zg=="), SLICE_INIT("Zm=v"),
	SLICE_INIT("Zm9v\r\nYg"), SLICE_INIT("Zm9 "),	  SLICE_INIT("Zm9-"),
	SLICE_INIT("Zm9_"),	  SLICE_INIT("Zm9\0"),	  SLICE_INIT("Zm9\xC3"),
	SLICE_INIT("Zm 9vYg="),	  SLICE_INIT("Zm9vYmF*"), SLICE_INIT("=m9v"),
};

START_TEST(refuses_what_is_no_base64)
{
	char out[16];
	size_t len = 99;
	ck_assert_uint_eq(base64_table_decode(wrong[_i], out, &len), FAULT_MALFORMED);
	ck_assert_uint_eq(len, 99);
}
END_TEST

START_TEST(every_letter_and_no_other)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (int byte = 0; byte < 256; byte++) {
		const char four[] = {'A', 'A', 'A', (char)byte};
		char out[3];
		size_t len;
		const char *at = byte != 0 ? strchr(letters, byte) : NULL;
		enum fault f = base64_table_decode(slice_of(four, 4), out, &len);
		ck_assert_uint_eq(f, at != NULL || byte == '=' ? FAULT_NONE : FAULT_MALFORMED);
		if (at != NULL) {
			ck_assert_int_eq(out[2], (char)(at - letters));
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/base64_table");
	TCase *t = tcase_create("table");
	tcase_add_loop_test(t, known_answers, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, refuses_what_is_no_base64, 0, COUNT_OF(wrong));
	tcase_add_test(t, every_letter_and_no_other);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
