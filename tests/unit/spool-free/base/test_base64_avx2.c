#include "spool-free/base/base64_avx2.h"

#include <string.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/base64_table.h"
#include "tests/support/check_main.h"

enum { LENGTHS = 400, SHIFTS = 32, ROOM = 2 * LENGTHS };

static char bytes[LENGTHS + SHIFTS];

/* Fixed, and every value of a byte occurs. */
static void fill(void)
{
	uint32_t x = 12345;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		x = x * 1664525U + 1013904223U;
		bytes[i] = i < 256 ? (char)i : (char)(x >> 24);
	}
}

static bool has_avx2(void)
{
	return base64_avx2_encode(slice_of(bytes, LENGTHS), (char[ROOM]){0}) > 0;
}

START_TEST(encodes_as_the_table_does)
{
	char fast[ROOM], table[ROOM];
	for (size_t len = 0; len <= LENGTHS; len++) {
		struct slice in = slice_of(bytes + _i, len);
		memset(fast, '?', sizeof(fast));
		size_t taken = base64_avx2_encode(in, fast);
		ck_assert_uint_eq(taken % 24, 0);
		ck_assert_uint_lt(len - taken, 28);
		base64_table_encode(slice_first(in, taken), table);
		ck_assert_int_eq(memcmp(fast, table, taken / 3 * 4), 0);
		ck_assert_int_eq(fast[taken / 3 * 4], '?');
	}
}
END_TEST

START_TEST(encodes_lines_as_the_table_does)
{
	char fast[ROOM], table[ROOM];
	for (size_t len = 0; len <= LENGTHS; len++) {
		struct slice in = slice_of(bytes + _i, len);
		memset(fast, '?', sizeof(fast));
		size_t taken = base64_avx2_encode_lines(in, fast);
		ck_assert_uint_eq(taken, len / BASE64_LINE_IN * BASE64_LINE_IN);
		size_t at = 0;
		for (size_t line = 0; line < taken / BASE64_LINE_IN; line++) {
			base64_table_encode(
				slice_of(in.ptr + line * BASE64_LINE_IN, BASE64_LINE_IN), table);
			memcpy(table + 76, "\r\n", 2);
			ck_assert_int_eq(memcmp(fast + at, table, BASE64_LINE_OUT), 0);
			at += BASE64_LINE_OUT;
		}
		ck_assert_int_eq(fast[at], '?');
	}
}
END_TEST

START_TEST(decodes_what_was_encoded)
{
	char letters[ROOM], back[ROOM];
	for (size_t len = 0; len <= LENGTHS; len++) {
		struct slice in = slice_of(bytes + _i, len);
		base64_table_encode(in, letters);
		struct slice text = slice_of(letters, base64_len(len));
		memset(back, '?', sizeof(back));
		size_t taken = base64_avx2_decode(text, back);
		ck_assert_uint_eq(taken % 32, 0);
		ck_assert_uint_lt(text.len - taken, 40);
		ck_assert_int_eq(memcmp(back, in.ptr, taken / 4 * 3), 0);
		ck_assert_int_eq(back[len], '?'); /* nothing behind what is granted */
		memcpy(back, letters, text.len);
		ck_assert_uint_eq(base64_avx2_decode(slice_of(back, text.len), back), taken);
		ck_assert_int_eq(memcmp(back, in.ptr, taken / 4 * 3), 0);
	}
}
END_TEST

/* Each of the 256 bytes at each place of a step: taken if and only if the table takes it. */
START_TEST(stops_at_a_wrong_letter)
{
	char letters[64], back[64], out[3];
	size_t len;
	for (size_t at = 0; at < 32; at++) {
		memset(letters, 'k', sizeof(letters));
		letters[at] = (char)_i;
		const char four[] = {'k', letters[at], 'k', 'k'};
		bool good = base64_table_decode(slice_of(four, 4), out, &len) == FAULT_NONE;
		size_t taken = base64_avx2_decode(slice_of(letters, sizeof(letters)), back);
		ck_assert_uint_eq(taken, good ? 32 : 0);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/base64_avx2");
	TCase *t = tcase_create("avx2");
	fill();
	if (!has_avx2()) {
		puts("note: no AVX2 here; its loops are left out");
		return s;
	}
	tcase_add_loop_test(t, encodes_as_the_table_does, 0, SHIFTS);
	tcase_add_loop_test(t, encodes_lines_as_the_table_does, 0, SHIFTS);
	tcase_add_loop_test(t, decodes_what_was_encoded, 0, SHIFTS);
	tcase_add_loop_test(t, stops_at_a_wrong_letter, 0, 256);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
