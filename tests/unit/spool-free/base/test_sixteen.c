#include "spool-free/base/sixteen.h"

#include <stdlib.h>

#include "tests/support/check_main.h"

/* Each byte at each place, against each byte asked for. */
START_TEST(each_byte_at_each_place)
{
	char c = (char)_i;
	for (unsigned at = 0; at < SIXTEEN; at++) {
		char text[SIXTEEN];
		char copy[SIXTEEN];
		memset(text, c ^ 1, sizeof(text));
		text[at] = c;
		sixteen_lanes v = sixteen_load(text);
		sixteen_store(copy, v);
		ck_assert_mem_eq(text, copy, sizeof(text));
		ck_assert_uint_eq(sixteen_bits(sixteen_equal(v, c)), 1U << at);
		ck_assert_uint_eq(sixteen_bits(~sixteen_equal(v, c)), SIXTEEN_ALL ^ 1U << at);
		ck_assert_uint_eq(sixteen_first(sixteen_bits(sixteen_equal(v, c))), at);
		for (int than = -128; than < 128; than++) {
			unsigned bits = sixteen_bits(sixteen_less(v, (char)than));
			ck_assert_uint_eq(bits >> at & 1, (signed char)c < than);
			ck_assert_uint_eq(bits, sixteen_bits_anywhere(sixteen_less(v, (char)than)));
		}
	}
}
END_TEST

START_TEST(some_bytes)
{
	char text[SIXTEEN + 1];
	char *exact = malloc((size_t)_i + 1); /* so that a look behind the end is seen */
	ck_assert_ptr_nonnull(exact);
	memset(text, 0, sizeof(text));
	for (int i = 0; i < _i; i++) {
		text[i] = exact[i] = (char)(0x70 + 3 * i);
	}
	sixteen_store(text, sixteen_load_some(exact, (size_t)_i));
	for (int i = 0; i < SIXTEEN; i++) {
		ck_assert_int_eq(text[i], i < _i ? (char)(0x70 + 3 * i) : 0);
	}
	ck_assert_uint_eq(sixteen_last(1U << _i | 1), (unsigned)_i);
	free(exact);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("sixteen");
	TCase *t = tcase_create("sixteen");
	tcase_add_loop_test(t, each_byte_at_each_place, 0, 256);
	tcase_add_loop_test(t, some_bytes, 0, SIXTEEN + 1);
	suite_add_tcase(s, t);
	return check_main(s);
}
