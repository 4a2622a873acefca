#include "spool-free/base/ed25519.h"

#include <string.h>

#include "spool-free/base/hex.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

/* RFC 8032 section 7.1, tests 1 to 3. */
static const struct {
	const char *seed;
	const char *public_key;
	struct slice message;
	const char *signature;
} rows[] = {
	{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	 "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", SLICE_INIT(""),
	 "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701"
	 "cf9"
	 "b46bd25bf5f0595bbe24655141438e7a100b"},
	{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	 "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", SLICE_INIT("\x72"),
	 "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d"
	 "0f1"
	 "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
	{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	 "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", SLICE_INIT("\xaf\x82"),
	 "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7609"
	 "84d"
	 "c6594a7c15e9716ed28dc027beceea1ec40a"},
};

static void unhex(const char *digits, void *out)
{
	ck_assert_uint_eq(hex_decode(slice_of_text(digits), out), FAULT_NONE);
}

static struct secret *seed_of(const char *digits)
{
	char *room;
	struct secret *seed;
	ck_assert_uint_eq(secret_new_room(strlen(digits) / 2, &seed, &room), FAULT_NONE);
	unhex(digits, room);
	return seed;
}

START_TEST(signs_as_the_rfc_has_it)
{
	unsigned char want[ED25519_SIGNATURE];
	unsigned char key[ED25519_PUBLIC];
	unsigned char got[ED25519_SIGNATURE];
	struct secret *seed = seed_of(rows[_i].seed);
	unhex(rows[_i].public_key, want);
	ck_assert_uint_eq(ed25519_public(seed, key), FAULT_NONE);
	ck_assert_mem_eq(key, want, sizeof(key));
	unhex(rows[_i].signature, want);
	ck_assert_uint_eq(ed25519_sign(seed, rows[_i].message, got), FAULT_NONE);
	ck_assert_mem_eq(got, want, sizeof(got));
	ck_assert(ed25519_verify(key, rows[_i].message, got));
	secret_free(&seed);
}
END_TEST

/* A bit of the key, of the signature, of the text. */
START_TEST(a_changed_bit_does_not_fit)
{
	unsigned char key[ED25519_PUBLIC];
	unsigned char signature[ED25519_SIGNATURE];
	char text[] = "what was signed";
	struct slice bytes = slice_of(text, sizeof(text));
	struct secret *seed = seed_of(rows[0].seed);
	ck_assert_uint_eq(ed25519_public(seed, key), FAULT_NONE);
	ck_assert_uint_eq(ed25519_sign(seed, bytes, signature), FAULT_NONE);
	for (size_t i = 0; i < sizeof(signature); i++) {
		signature[i] ^= 1;
		ck_assert(!ed25519_verify(key, bytes, signature));
		signature[i] ^= 1;
	}
	for (size_t i = 0; i < sizeof(key); i++) {
		key[i] ^= 1;
		ck_assert(!ed25519_verify(key, bytes, signature));
		key[i] ^= 1;
	}
	for (size_t i = 0; i < sizeof(text); i++) {
		text[i] ^= 1;
		ck_assert(!ed25519_verify(key, bytes, signature));
		text[i] ^= 1;
	}
	ck_assert(!ed25519_verify(key, slice_first(bytes, sizeof(text) - 1), signature));
	ck_assert(ed25519_verify(key, bytes, signature));
	secret_free(&seed);
}
END_TEST

START_TEST(a_seed_has_one_length)
{
	unsigned char out[ED25519_SIGNATURE];
	struct secret *seed = seed_of("0123");
	ck_assert_uint_eq(ed25519_public(seed, out), FAULT_MALFORMED);
	ck_assert_uint_eq(ed25519_sign(seed, SLICE_LIT("x"), out), FAULT_MALFORMED);
	ck_assert_uint_eq(ed25519_sign(NULL, SLICE_LIT("x"), out), FAULT_MALFORMED);
	secret_free(&seed);
}
END_TEST

START_TEST(without_memory_nothing_is_proved)
{
	unsigned char key[ED25519_PUBLIC];
	unsigned char signature[ED25519_SIGNATURE];
	struct secret *seed = seed_of(rows[1].seed);
	bool failed = true;
	ck_assert_uint_eq(ed25519_public(seed, key), FAULT_NONE);
	for (unsigned n = 1; failed; n++) {
		oom_arm(n);
		enum fault f = ed25519_sign(seed, rows[1].message, signature);
		failed = oom_disarm();
		ck_assert(f == FAULT_NONE || (failed && f == FAULT_NO_MEMORY));
	}
	failed = true;
	for (unsigned n = 1; failed; n++) {
		oom_arm(n);
		bool fits = ed25519_verify(key, rows[1].message, signature);
		failed = oom_disarm();
		ck_assert(fits || failed);
	}
	secret_free(&seed);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("spool-free/base/ed25519");
	TCase *t = tcase_create("ed25519");
	tcase_add_loop_test(t, signs_as_the_rfc_has_it, 0, COUNT_OF(rows));
	tcase_add_test(t, a_changed_bit_does_not_fit);
	tcase_add_test(t, a_seed_has_one_length);
	tcase_add_test(t, without_memory_nothing_is_proved);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return secret_heap_start() == FAULT_NONE ? check_main(suite()) : 1;
}
