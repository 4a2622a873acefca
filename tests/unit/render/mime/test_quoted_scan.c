#include "render/mime/quoted_scan.h"

#include <string.h>

#include "tests/support/check_main.h"

static const struct {
	struct slice text;
	struct quoted_count count;
	size_t plain;
} rows[] = {
	{SLICE_INIT(""), {0, 0, 0}, 0},
	{SLICE_INIT("a=b\r\n\tc \xc3\xbc"), {3, 1, 1}, 1},
	{SLICE_INIT("\r\r\n\n"), {0, 2, 2}, 0},
	{SLICE_INIT("\t <>~"), {0, 0, 0}, 5},
	{SLICE_INIT("\0\x1f\x7f\x80\xff"), {5, 0, 0}, 0},
	{SLICE_INIT("sixteen letters.="), {1, 0, 0}, 16},
	{SLICE_INIT("sixteen letters.\nsixteen letters.\r"), {0, 1, 1}, 16},
};

START_TEST(row)
{
	struct quoted_count count = quoted_count(rows[_i].text);
	ck_assert_uint_eq(count.octets, rows[_i].count.octets);
	ck_assert_uint_eq(count.returns, rows[_i].count.returns);
	ck_assert_uint_eq(count.lines, rows[_i].count.lines);
	ck_assert_uint_eq(quoted_plain(rows[_i].text.ptr, rows[_i].text.len), rows[_i].plain);
}
END_TEST

/* What is counted in wide steps is what is found one by one. */
START_TEST(counts_what_it_finds)
{
	static const char letters[] = "abcdefghijklmnopqrs =\xc3\t\n\r";
	uint32_t seed = (uint32_t)_i + 1;
	for (size_t len = 0; len < 100; len++) {
		char text[100];
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525U + 1013904223U;
			text[i] = letters[(seed >> 20) % (sizeof(letters) - 1)];
		}
		struct quoted_count count = quoted_count(slice_of(text, len));
		size_t others = 0;
		for (size_t i = 0; i < len; i++) {
			others += quoted_plain(text + i, 1) == 0;
		}
		ck_assert_uint_eq(count.octets + count.returns + count.lines, others);
	}
}
END_TEST

/* More than a lane can count. */
START_TEST(counts_much)
{
	static char text[100000];
	memset(text, '=', sizeof(text));
	memset(text, '\n', sizeof(text) / 2);
	struct quoted_count count = quoted_count(slice_of(text, sizeof(text)));
	ck_assert_uint_eq(count.octets, sizeof(text) / 2);
	ck_assert_uint_eq(count.lines, sizeof(text) / 2);
	ck_assert_uint_eq(count.returns, 0);
}
END_TEST

static bool is_plain(unsigned char c)
{
	return c == '\t' || (c >= ' ' && c <= '~' && c != '=');
}

/* Each byte at each place, so that the wide steps and the rest behind them agree with the definition. */
START_TEST(each_byte_at_each_place)
{
	char text[40];
	unsigned char c = (unsigned char)_i;
	for (size_t at = 0; at < sizeof(text); at++) {
		memset(text, 'a', sizeof(text));
		text[at] = (char)c;
		struct quoted_count count = quoted_count(slice_of(text, sizeof(text)));
		ck_assert_uint_eq(count.returns, c == '\r');
		ck_assert_uint_eq(count.lines, c == '\n');
		ck_assert_uint_eq(count.octets, !is_plain(c) && c != '\r' && c != '\n');
		ck_assert_uint_eq(quoted_plain(text, sizeof(text)),
				  is_plain(c) ? sizeof(text) : at);
		ck_assert_uint_eq(quoted_plain(text, at), at);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("quoted_scan");
	TCase *t = tcase_create("quoted_scan");
	tcase_add_loop_test(t, row, 0, (int)COUNT_OF(rows));
	tcase_add_loop_test(t, each_byte_at_each_place, 0, 256);
	tcase_add_loop_test(t, counts_what_it_finds, 0, 50);
	tcase_add_test(t, counts_much);
	suite_add_tcase(s, t);
	return check_main(s);
}
