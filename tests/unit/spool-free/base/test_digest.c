#include "spool-free/base/digest.h"

#include <string.h>

#include "spool-free/base/hex.h"
#include "tests/support/check_main.h"
#include "tests/support/chunks.h"
#include "tests/support/oom.h"

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

/* RFC 2202 (MD5, SHA-1), RFC 4231 (SHA-256); an empty key and a key longer than a block. */
static const struct {
	enum digest_kind kind;
	const char *key;
	struct slice message;
	const char *mac;
} macs[] = {
	{DIGEST_MD5, "Jefe", SLICE_INIT("what do ya want for nothing?"),
	 "750c783e6ab0b503eaa86e310a5db738"},
	{DIGEST_SHA1, "Jefe", SLICE_INIT("what do ya want for nothing?"),
	 "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
	{DIGEST_SHA256, "Jefe", SLICE_INIT("what do ya want for nothing?"),
	 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
	{DIGEST_SHA256, NULL, SLICE_INIT(""),
	 "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
};

static void check_hex(const unsigned char *bytes, size_t len, const char *expected)
{
	char digits[2 * DIGEST_LEN];
	hex_encode(slice_of(bytes, len), digits);
	ck_assert(slice_eq(slice_of(digits, 2 * len), slice_of_text(expected)));
}

START_TEST(test_hmac)
{
	unsigned char out[DIGEST_LEN];
	ck_assert_int_eq(
		digest_hmac(macs[_i].kind, slice_of_text(macs[_i].key), macs[_i].message, out),
		FAULT_NONE);
	check_hex(out, digest_len(macs[_i].kind), macs[_i].mac);
}
END_TEST

START_TEST(test_kinds)
{
	unsigned char out[DIGEST_LEN];
	ck_assert_int_eq(digest_of(DIGEST_MD5, SLICE_LIT("abc"), out), FAULT_NONE);
	check_hex(out, 16, "900150983cd24fb0d6963f7d28e17f72");
	ck_assert_int_eq(digest_of(DIGEST_SHA1, SLICE_LIT("abc"), out), FAULT_NONE);
	check_hex(out, 20, "a9993e364706816aba3e25717850c26c9cd0d89d");
	ck_assert_int_eq(digest_of(DIGEST_SHA256, SLICE_LIT(""), out), FAULT_NONE);
	ck_assert_mem_eq(out, rows[0].first, 4);
}
END_TEST

/* RFC 6070: "password", "salt", 4096 rounds; the same however they are cut. */
START_TEST(test_stretch_in_steps)
{
	static const unsigned steps[] = {1, 100, 4095};
	unsigned char last[DIGEST_LEN], sum[DIGEST_LEN];
	struct slice key = SLICE_LIT("password");
	ck_assert_int_eq(digest_hmac(DIGEST_SHA1, key, SLICE_LIT("salt\0\0\0\1"), last),
			 FAULT_NONE);
	memcpy(sum, last, sizeof(sum));
	check_hex(sum, 20, "0c60c80f961f0e71f3a9b524af6012062fe037a6"); /* one round */
	for (unsigned done = 1; done < 4096;) {
		unsigned left = 4096 - done;
		unsigned rounds = steps[_i] < left ? steps[_i] : left;
		ck_assert_int_eq(digest_stretch(DIGEST_SHA1, key, rounds, last, sum), FAULT_NONE);
		done += rounds;
	}
	check_hex(sum, 20, "4b007901b765489abead49d926f721d065a429c1");
}
END_TEST

static enum fault do_all(unsigned char out[DIGEST_LEN])
{
	unsigned char last[DIGEST_LEN] = {0};
	enum fault f = digest_of(DIGEST_MD5, SLICE_LIT("abc"), out);
	if (f == FAULT_NONE) {
		f = digest_hmac(DIGEST_SHA256, SLICE_LIT("key"), SLICE_LIT("message"), out);
	}
	return f == FAULT_NONE ? digest_stretch(DIGEST_SHA1, SLICE_LIT("key"), 3, last, out) : f;
}

START_TEST(test_no_memory)
{
	unsigned char expected[DIGEST_LEN] = {0};
	ck_assert_int_eq(do_all(expected), FAULT_NONE);
	for (unsigned n = 1;; n++) {
		unsigned char out[DIGEST_LEN] = {0};
		oom_arm(n);
		enum fault f = do_all(out);
		bool failed = oom_disarm();
		ck_assert(f == FAULT_NONE || (failed && f == FAULT_NO_MEMORY));
		ck_assert(f != FAULT_NONE || memcmp(out, expected, sizeof(out)) == 0);
		if (!failed) {
			break;
		}
	}
}
END_TEST

START_TEST(test_bytes_as_they_come)
{
	const struct slice input = rows[_i].input;
	for (size_t size = 1; size <= CHUNKS_MAX; size++) {
		struct digest *d;
		unsigned char out[DIGEST_LEN];
		ck_assert_uint_eq(digest_new(&d), FAULT_NONE);
		for (size_t at = 0; at < input.len; at += size) {
			digest_add(d, slice_first(slice_skip(input, at), size));
		}
		digest_end(d, out);
		ck_assert_mem_eq(out, rows[_i].first, 4);
		digest_free(&d);
		digest_free(&d);
	}
}
END_TEST

/* OpenSSL gets by without some of what it asks for, once it has started. */
START_TEST(test_state_without_memory)
{
	unsigned char out[DIGEST_LEN];
	unsigned refused = 0;
	digest_sha256(SLICE_LIT(""), out);
	for (unsigned n = 1;; n++) {
		struct digest *d = NULL;
		oom_arm(n);
		enum fault f = digest_new(&d);
		bool failed = oom_disarm();
		ck_assert(f == FAULT_NONE ? d != NULL
					  : failed && f == FAULT_NO_MEMORY && d == NULL);
		refused += f != FAULT_NONE;
		digest_free(&d);
		if (!failed) {
			break;
		}
	}
	ck_assert_uint_ge(refused, 1); /* under an instrument ours alone is counted */
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("digest");
	TCase *c = tcase_create("sha256");
	tcase_add_loop_test(c, test_known, 0, (int)COUNT_OF(rows));
	tcase_add_test(c, test_parts_are_told_apart);
	tcase_add_loop_test(c, test_hmac, 0, (int)COUNT_OF(macs));
	tcase_add_test(c, test_kinds);
	tcase_add_loop_test(c, test_stretch_in_steps, 0, 3);
	tcase_add_test(c, test_no_memory);
	tcase_add_loop_test(c, test_bytes_as_they_come, 0, (int)COUNT_OF(rows));
	tcase_add_test(c, test_state_without_memory);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return check_main(suite());
}
