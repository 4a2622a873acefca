#include "spool-free/base/digest.h"

#include <string.h>

#include "tests/support/check_main.h"

/* FIPS 180-4 examples. */
static const struct {
	struct slice input;
	unsigned char first[4];
} rows[] = {
	{SLICE_INIT(""), {0xe3, 0xb0, 0xc4, 0x42}},
	{SLICE_INIT("abc"), {0xba, 0x78, 0x16, 0xbf}},
	{SLICE_INIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
	 {0x24, 0x8d, 0x6a, 0x61}},
};

START_TEST(test_known)
{
	unsigned char out[DIGEST_LEN];
	digest_sha256(rows[_i].input, out);
	ck_assert_mem_eq(out, rows[_i].first, 4);
}
END_TEST

START_TEST(test_parts_are_told_apart)
{
	const struct slice one[] = {SLICE_INIT("ab"), SLICE_INIT("c")};
	const struct slice other[] = {SLICE_INIT("a"), SLICE_INIT("bc")};
	unsigned char a[DIGEST_LEN], b[DIGEST_LEN], again[DIGEST_LEN];
	digest_sha256_parts(one, COUNT_OF(one), a);
	digest_sha256_parts(other, COUNT_OF(other), b);
	digest_sha256_parts(one, COUNT_OF(one), again);
	ck_assert_mem_ne(a, b, DIGEST_LEN);
	ck_assert_mem_eq(a, again, DIGEST_LEN);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("digest");
	TCase *c = tcase_create("sha256");
	tcase_add_loop_test(c, test_known, 0, (int)COUNT_OF(rows));
	tcase_add_test(c, test_parts_are_told_apart);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return check_main(suite());
}
