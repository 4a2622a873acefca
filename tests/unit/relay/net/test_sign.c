#include "relay/net/sign.h"

#include "spool-free/base/digest.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/signing_keys.h"

static const struct {
	enum signing_key_kind kind;
	enum fault fault;
	enum sign_kind is;
} rows[] = {
	{SIGNING_RSA_2048, FAULT_NONE, SIGN_RSA_SHA256},
	{SIGNING_ED25519, FAULT_NONE, SIGN_ED25519_SHA256},
	{SIGNING_RSA_1024, FAULT_BAD_RECORD, 0},
	{SIGNING_EC, FAULT_BAD_RECORD, 0},
	{SIGNING_ENCRYPTED, FAULT_BAD_RECORD, 0},
	{SIGNING_PUBLIC, FAULT_BAD_RECORD, 0},
};

START_TEST(test_kinds)
{
	struct signing_key made;
	struct sign_key *key = NULL;
	signing_key_make(rows[_i].kind, &made);
	ck_assert_uint_eq(sign_key_new(made.pem, &key), rows[_i].fault);
	ck_assert(key != NULL ? sign_key_kind(key) == rows[_i].is : rows[_i].fault != FAULT_NONE);
	sign_key_free(&key);
	sign_key_free(&key);
	signing_key_free(&made);
}
END_TEST

static const struct slice no_keys[] = {
	SLICE_INIT(""),
	SLICE_INIT("secret"),
	SLICE_INIT("-----BEGIN PRIVATE KEY-----\n"),
	SLICE_INIT("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
	SLICE_INIT("-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----\n"),
};

START_TEST(test_no_keys)
{
	struct secret *pem = NULL;
	struct sign_key *key = NULL;
	ck_assert_uint_eq(secret_new(no_keys[_i], &pem), FAULT_NONE);
	ck_assert_uint_eq(sign_key_new(pem, &key), FAULT_BAD_RECORD);
	ck_assert_ptr_null(key);
	secret_free(&pem);
}
END_TEST

/* RFC 8463 section 3: Ed25519 signs the hash of what RSA signs itself. */
static bool verifies(const struct signing_key *made, enum sign_kind kind, struct slice bytes,
		     struct slice signature)
{
	unsigned char hash[DIGEST_LEN];
	digest_sha256(bytes, hash);
	return signing_key_verifies(
		made, kind == SIGN_RSA_SHA256 ? bytes : slice_of(hash, sizeof(hash)), signature);
}

START_TEST(test_signature_verifies)
{
	const struct slice bytes = SLICE_LIT("from:a\r\nto:b\r\n");
	struct signing_key made;
	struct sign_key *key;
	char signature[SIGN_MAX];
	size_t len;
	signing_key_make(rows[_i].kind, &made);
	ck_assert_uint_eq(sign_key_new(made.pem, &key), FAULT_NONE);
	ck_assert_uint_eq(sign_bytes(key, bytes, signature, &len), FAULT_NONE);
	ck_assert_uint_eq(len, rows[_i].is == SIGN_RSA_SHA256 ? 256 : 64);
	ck_assert(verifies(&made, rows[_i].is, bytes, slice_of(signature, len)));
	ck_assert(!verifies(&made, rows[_i].is, SLICE_LIT("from:a\r\nto:c\r\n"),
			    slice_of(signature, len)));
	sign_key_free(&key);
	signing_key_free(&made);
}
END_TEST

/* OpenSSL takes a failing allocation for a key that it cannot read: either way nothing is signed, and nothing leaks. */
START_TEST(test_without_memory)
{
	struct signing_key made;
	char signature[SIGN_MAX];
	size_t len;
	signing_key_make(SIGNING_ED25519, &made);
	for (unsigned n = 1;; n++) {
		struct sign_key *key = NULL;
		oom_arm(n);
		enum fault f = sign_key_new(made.pem, &key);
		f = f == FAULT_NONE ? sign_bytes(key, SLICE_LIT("x"), signature, &len) : f;
		bool failed = oom_disarm();
		ck_assert(f == FAULT_NONE || failed);
		sign_key_free(&key);
		if (!failed) {
			break;
		}
	}
	signing_key_free(&made);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sign");
	TCase *c = tcase_create("keys");
	tcase_add_loop_test(c, test_kinds, 0, (int)COUNT_OF(rows));
	tcase_add_loop_test(c, test_no_keys, 0, (int)COUNT_OF(no_keys));
	tcase_add_loop_test(c, test_signature_verifies, 0, 2);
	tcase_add_test(c, test_without_memory);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return check_main(suite());
}
