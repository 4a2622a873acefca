#include "spool-free/base/base64.h"

#include <stdlib.h>
#include <string.h>

#include "spool-free/base/base64_table.h"
#include "tests/support/check_main.h"

enum { LENGTHS = 400 };

static char bytes[LENGTHS];

static void fill(void)
{
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (char)(i * 37 + i / 7);
	}
}

/* An own block of the exact size, so that the sanitizer sees a byte read or written outside. */
static char *exactly(const char *from, size_t len)
{
	char *block = malloc(len > 0 ? len : 1);
	ck_assert_ptr_nonnull(block);
	if (len > 0) {
		memcpy(block, from, len);
	}
	return block;
}

START_TEST(every_length_there_and_back)
{
	char table[2 * LENGTHS];
	size_t len = (size_t)_i;
	char *in = exactly(bytes, len);
	char *letters = exactly(table, base64_len(len));
	base64_encode(slice_of(in, len), letters);
	base64_table_encode(slice_of(in, len), table);
	ck_assert_int_eq(memcmp(letters, table, base64_len(len)), 0);

	size_t back_len = 0;
	char *back = exactly(table, base64_len(len) / 4 * 3);
	ck_assert_uint_eq(base64_decode(slice_of(letters, base64_len(len)), back, &back_len),
			  FAULT_NONE);
	ck_assert(slice_eq(slice_of(back, back_len), slice_of(in, len)));

	ck_assert_uint_eq(base64_decode(slice_of(letters, base64_len(len)), letters, &back_len),
			  FAULT_NONE);
	ck_assert(slice_eq(slice_of(letters, back_len), slice_of(in, len)));
	free(in);
	free(letters);
	free(back);
}
END_TEST

START_TEST(lines_of_every_length)
{
	char table[128];
	size_t len = (size_t)_i;
	char *in = exactly(bytes, len);
	char *lines = malloc(base64_lines_len(len) + 1);
	ck_assert_ptr_nonnull(lines);
	lines[base64_lines_len(len)] = '?';
	base64_encode_lines(slice_of(in, len), lines);
	struct slice rest = slice_of(in, len);
	size_t at = 0;
	while (rest.len > 0) {
		struct slice line = slice_first(rest, BASE64_LINE_IN);
		base64_table_encode(line, table);
		ck_assert_int_eq(memcmp(lines + at, table, base64_len(line.len)), 0);
		at += base64_len(line.len);
		ck_assert_int_eq(memcmp(lines + at, "\r\n", 2), 0);
		at += 2;
		rest = slice_skip(rest, BASE64_LINE_IN);
	}
	ck_assert_uint_eq(at, base64_lines_len(len));
	ck_assert_int_eq(lines[at], '?');
	free(in);
	free(lines);
}
END_TEST

/* Wherever the wrong letter lies, in the fast loop or behind it. */
START_TEST(one_wrong_letter_anywhere_is_refused)
{
	static const char wrongs[] = {'=', '\n', ' ', '-', '_', '\0', (char)0xC3, '.'};
	char letters[200], out[150];
	size_t len = 7;
	memset(letters, 'k', sizeof(letters));
	for (size_t at = 0; at < sizeof(letters) - 1; at++) {
		letters[at] = wrongs[_i];
		ck_assert_uint_eq(base64_decode(slice_of(letters, sizeof(letters)), out, &len),
				  FAULT_MALFORMED);
		ck_assert_uint_eq(len, 7);
		letters[at] = 'k';
	}
	for (size_t n = 1; n < sizeof(letters); n++) {
		enum fault f = base64_decode(slice_of(letters, n), out, &len);
		ck_assert_uint_eq(f, n % 4 == 0 ? FAULT_NONE : FAULT_MALFORMED);
	}
}
END_TEST

START_TEST(lengths)
{
	ck_assert_uint_eq(base64_len(0), 0);
	ck_assert_uint_eq(base64_len(1), 4);
	ck_assert_uint_eq(base64_len(3), 4);
	ck_assert_uint_eq(base64_len(4), 8);
	ck_assert_uint_eq(base64_lines_len(0), 0);
	ck_assert_uint_eq(base64_lines_len(1), 6);
	ck_assert_uint_eq(base64_lines_len(57), 78);
	ck_assert_uint_eq(base64_lines_len(58), 84);
	ck_assert_uint_eq(base64_lines_len(114), 156);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/base64");
	TCase *t = tcase_create("base64");
	fill();
	tcase_add_loop_test(t, every_length_there_and_back, 0, LENGTHS + 1);
	tcase_add_loop_test(t, lines_of_every_length, 0, LENGTHS + 1);
	tcase_add_loop_test(t, one_wrong_letter_anywhere_is_refused, 0, 8);
	tcase_add_test(t, lengths);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
