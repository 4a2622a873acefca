#include "relay/net/rs256.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "tests/support/check_main.h"

static struct secret *pem_of(EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct secret *s;
	char *bytes;
	ck_assert_int_eq(PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL), 1);
	long len = BIO_get_mem_data(bio, &bytes);
	ck_assert_uint_eq(secret_new(slice_of(bytes, (size_t)len), &s), FAULT_NONE);
	BIO_free(bio);
	return s;
}

static bool is_signed(EVP_PKEY *key, struct slice text, const char *signature, size_t len)
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	ck_assert_int_eq(EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL, key), 1);
	int good = EVP_DigestVerify(digest, (const unsigned char *)signature, len,
				    (const unsigned char *)text.ptr, text.len);
	EVP_MD_CTX_free(digest);
	return good == 1;
}

START_TEST(a_signature_is_verified)
{
	char signature[RS256_MAX];
	size_t len = 0;
	EVP_PKEY *key = EVP_RSA_gen(2048U);
	struct secret *pem = pem_of(key);
	struct slice text = SLICE_LIT("head.claims");
	ck_assert_uint_eq(rs256_sign(pem, text, signature, &len), FAULT_NONE);
	ck_assert_uint_eq(len, 256);
	ck_assert(is_signed(key, text, signature, len));
	ck_assert(!is_signed(key, SLICE_LIT("head.claimz"), signature, len));
	secret_free(&pem);
	EVP_PKEY_free(key);
}
END_TEST

START_TEST(what_is_no_rsa_key_does_not_sign)
{
	static const char *const texts[] = {"", "text", "-----BEGIN PRIVATE KEY-----\nAAAA\n"};
	char signature[RS256_MAX];
	size_t len;
	EVP_PKEY *other = EVP_EC_gen("P-256");
	struct secret *pem = pem_of(other);
	ck_assert_uint_eq(rs256_sign(pem, SLICE_LIT("x"), signature, &len), FAULT_BAD_RECORD);
	secret_free(&pem);
	EVP_PKEY_free(other);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		ck_assert_uint_eq(secret_new(slice_of_text(texts[i]), &pem), FAULT_NONE);
		ck_assert_uint_eq(rs256_sign(pem, SLICE_LIT("x"), signature, &len),
				  FAULT_BAD_RECORD);
		secret_free(&pem);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/net/rs256");
	TCase *t = tcase_create("rs256");
	tcase_add_test(t, a_signature_is_verified);
	tcase_add_test(t, what_is_no_rsa_key_does_not_sign);
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
