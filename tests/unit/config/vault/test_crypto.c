#include "config/vault/crypto.h"

#include <string.h>

#include "spool-free/base/hex.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { ROOM = 256 };

static struct secret *secret_of(struct slice bytes)
{
	struct secret *s;
	ck_assert_uint_eq(secret_new(bytes, &s), FAULT_NONE);
	return s;
}

static struct slice unhex(const char *digits, char room[ROOM])
{
	struct slice in = slice_of_text(digits);
	ck_assert_uint_eq(hex_decode(in, room), FAULT_NONE);
	return slice_of(room, in.len / 2);
}

#define ck_hex(bytes, digits)                                                                      \
	do {                                                                                       \
		char room_[ROOM];                                                                  \
		ck_assert(slice_eq((bytes), unhex((digits), room_)));                              \
	} while (0)

/* RFC 7914 section 12; the first half, since keys here have 32 bytes. */
START_TEST(scrypt_gives_the_rfcs_bytes)
{
	struct secret *phrase = secret_of(SLICE_LIT("password"));
	struct secret *key;
	struct vault_kdf kdf = {.log_n = 10, .r = 8, .p = 16};
	ck_assert_uint_eq(vault_crypto_scrypt(phrase, SLICE_LIT("NaCl"), kdf, &key), FAULT_NONE);
	ck_hex(secret_view(key),
	       "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162");
	secret_free(&key);
	secret_free(&phrase);
}
END_TEST

/* RFC 5869 appendix A.1; the first 32 of its 42 bytes. */
START_TEST(hkdf_gives_the_rfcs_bytes)
{
	char ikm[ROOM], salt[ROOM], info[ROOM];
	struct secret *key;
	struct secret *from = secret_of(unhex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", ikm));
	ck_assert_uint_eq(vault_crypto_hkdf(from, unhex("000102030405060708090a0b0c", salt),
					    unhex("f0f1f2f3f4f5f6f7f8f9", info), &key),
			  FAULT_NONE);
	ck_hex(secret_view(key),
	       "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
	secret_free(&key);
	secret_free(&from);
}
END_TEST

/* RFC 4231 section 4.3. */
START_TEST(hmac_gives_the_rfcs_bytes)
{
	unsigned char mac[VAULT_DIGEST];
	struct secret *key = secret_of(SLICE_LIT("Jefe"));
	ck_assert_uint_eq(vault_crypto_hmac(key, SLICE_LIT("what do ya want for nothing?"), mac),
			  FAULT_NONE);
	ck_hex(slice_of(mac, sizeof(mac)),
	       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	secret_free(&key);
}
END_TEST

START_TEST(sha256_gives_the_standards_bytes)
{
	unsigned char sum[VAULT_DIGEST];
	ck_assert_uint_eq(vault_crypto_sha256(SLICE_LIT("abc"), sum), FAULT_NONE);
	ck_hex(slice_of(sum, sizeof(sum)),
	       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

/* The GCM specification's test cases 13 and 14, whose nonce is the one used here. */
START_TEST(gcm_gives_the_standards_bytes)
{
	static const char zeros[VAULT_KEY];
	char out[ROOM];
	unsigned char tag[VAULT_TAG];
	struct secret *key = secret_of(slice_of(zeros, sizeof(zeros)));
	struct slice none = {0};
	ck_assert_uint_eq(vault_crypto_seal(key, none, none, out, tag), FAULT_NONE);
	ck_hex(slice_of(tag, sizeof(tag)), "530f8afbc74536b9a963b4f1c4cb738b");
	ck_assert_uint_eq(vault_crypto_seal(key, none, slice_of(zeros, 16), out, tag), FAULT_NONE);
	ck_hex(slice_of(out, 16), "cea7403d4d606b6e074ec5d3baf39d18");
	ck_hex(slice_of(tag, sizeof(tag)), "d0d1c8a799996bf0265b98b5d48ab919");
	secret_free(&key);
}
END_TEST

enum spoil { SPOIL_NOTHING, SPOIL_KEY, SPOIL_AAD, SPOIL_BODY, SPOIL_TAG, SPOIL_COUNT };

START_TEST(only_the_whole_of_it_opens)
{
	char key_bytes[VAULT_KEY] = "a key of thirty-two bytes, as is";
	char aad[] = "bound to this";
	char sealed[16], opened[16];
	unsigned char tag[VAULT_TAG];
	struct slice plain = SLICE_LIT("sixteen of bytes");
	struct secret *key = secret_of(slice_of(key_bytes, sizeof(key_bytes)));
	ck_assert_uint_eq(vault_crypto_seal(key, slice_of_text(aad), plain, sealed, tag),
			  FAULT_NONE);
	secret_free(&key);
	key_bytes[31] ^= _i == SPOIL_KEY;
	aad[0] ^= _i == SPOIL_AAD;
	sealed[15] ^= _i == SPOIL_BODY;
	tag[0] ^= _i == SPOIL_TAG;
	key = secret_of(slice_of(key_bytes, sizeof(key_bytes)));
	enum fault f = vault_crypto_open(key, slice_of_text(aad), slice_of(sealed, 16), tag,
					 opened);
	ck_assert_uint_eq(f, _i == SPOIL_NOTHING ? FAULT_NONE : FAULT_VAULT_DAMAGED);
	if (_i == SPOIL_NOTHING) {
		ck_assert(slice_eq(slice_of(opened, 16), plain));
	} else { /* nothing of what was deciphered before the tag was judged stays */
		static const char zeros[16];
		ck_assert_mem_eq(opened, zeros, 16);
	}
	secret_free(&key);
}
END_TEST

START_TEST(chance_differs)
{
	char a[32] = {0}, b[32] = {0};
	ck_assert_uint_eq(vault_crypto_random(a, sizeof(a)), FAULT_NONE);
	ck_assert_uint_eq(vault_crypto_random(b, sizeof(b)), FAULT_NONE);
	ck_assert(!vault_crypto_equal(a, b, sizeof(a)));
	ck_assert(vault_crypto_equal(a, a, sizeof(a)));
}
END_TEST

/* No ck_assert in here: it allocates. */
static enum fault do_one(int which, const struct secret *key)
{
	char out[16];
	unsigned char bytes[VAULT_DIGEST];
	struct secret *derived = NULL;
	struct vault_kdf kdf = {.log_n = 10, .r = 8, .p = 1};
	struct slice s = SLICE_LIT("sixteen of bytes");
	enum fault f;
	switch (which) {
	case 0:
		f = vault_crypto_scrypt(key, s, kdf, &derived);
		break;
	case 1:
		f = vault_crypto_hkdf(key, s, s, &derived);
		break;
	case 2:
		f = vault_crypto_hmac(key, s, bytes);
		break;
	case 3:
		f = vault_crypto_sha256(s, bytes);
		break;
	default:
		f = vault_crypto_seal(key, s, s, out, bytes);
		break;
	}
	bool is_right = (derived != NULL) == (f == FAULT_NONE && which < 2);
	secret_free(&derived);
	return is_right ? f : FAULT_INTERNAL;
}

START_TEST(a_failing_allocation_is_a_fault)
{
	struct secret *key = secret_of(SLICE_LIT("a key of thirty-two bytes, as is"));
	ck_assert_uint_eq(do_one(_i, key), FAULT_NONE);
	for (unsigned n = 1;; n++) {
		oom_arm(n);
		enum fault f = do_one(_i, key);
		bool failed = oom_disarm();
		ck_assert_msg(f == FAULT_NONE || f == FAULT_NO_MEMORY || f == FAULT_SYSTEM, "%d",
			      (int)f);
		if (!failed) {
			ck_assert_uint_eq(f, FAULT_NONE);
			break;
		}
	}
	secret_free(&key);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/crypto");
	TCase *t = tcase_create("crypto");
	tcase_add_test(t, scrypt_gives_the_rfcs_bytes);
	tcase_add_test(t, hkdf_gives_the_rfcs_bytes);
	tcase_add_test(t, hmac_gives_the_rfcs_bytes);
	tcase_add_test(t, sha256_gives_the_standards_bytes);
	tcase_add_test(t, gcm_gives_the_standards_bytes);
	tcase_add_loop_test(t, only_the_whole_of_it_opens, 0, SPOIL_COUNT);
	tcase_add_test(t, chance_differs);
	tcase_add_loop_test(t, a_failing_allocation_is_a_fault, 0, 5);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	if (secret_heap_start() != FAULT_NONE) {
		return 1;
	}
	return check_main(suite());
}
