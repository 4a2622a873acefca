#include "config/vault/keys.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "tests/support/check_main.h"

enum kind {
	KIND_RSA_1024,
	KIND_RSA_2048,
	KIND_RSA_4104,
	KIND_ED25519,
	KIND_EC,
	KIND_ENCRYPTED,
	KIND_PUBLIC
};

static EVP_PKEY *make(enum kind kind)
{
	switch (kind) {
	case KIND_RSA_1024:
		return EVP_RSA_gen(1024U);
	case KIND_RSA_4104:
		return EVP_RSA_gen(4104U);
	case KIND_ED25519:
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	case KIND_EC:
		return EVP_EC_gen("P-256");
	case KIND_RSA_2048:
	case KIND_ENCRYPTED:
	case KIND_PUBLIC:
		break;
	}
	return EVP_RSA_gen(2048U);
}

static struct secret *pem_of(enum kind kind)
{
	static char phrase[] = "open sesame";
	EVP_PKEY *key = make(kind);
	BIO *bio = BIO_new(BIO_s_mem());
	struct secret *s;
	char *bytes;
	int done = kind == KIND_PUBLIC ? PEM_write_bio_PUBKEY(bio, key)
		   : kind == KIND_ENCRYPTED
			   ? PEM_write_bio_PKCS8PrivateKey(bio, key, EVP_aes_256_cbc(), NULL, 0,
							   NULL, phrase)
			   : PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	ck_assert_int_eq(done, 1);
	long len = BIO_get_mem_data(bio, &bytes);
	ck_assert_uint_eq(secret_new(slice_of(bytes, (size_t)len), &s), FAULT_NONE);
	BIO_free(bio);
	EVP_PKEY_free(key);
	return s;
}

static const struct {
	enum kind kind;
	enum vault_key_use use;
	const char *part; /* of the sentence; NULL: it is good */
} rows[] = {
	{KIND_RSA_2048, VAULT_KEY_SERVICE, NULL},
	{KIND_RSA_2048, VAULT_KEY_DKIM, NULL},
	{KIND_ED25519, VAULT_KEY_DKIM, NULL},
	{KIND_ED25519, VAULT_KEY_SERVICE, "must be an RSA key"},
	{KIND_EC, VAULT_KEY_SERVICE, "must be an RSA key"},
	{KIND_EC, VAULT_KEY_DKIM, "must be an RSA or an Ed25519 key"},
	{KIND_RSA_1024, VAULT_KEY_DKIM, "2048 to 4096 bits; this one has 1024."},
	{KIND_RSA_1024, VAULT_KEY_SERVICE, "2048 to 4096 bits; this one has 1024."},
	{KIND_RSA_4104, VAULT_KEY_DKIM, "2048 to 4096 bits; this one has 4104."},
	{KIND_ENCRYPTED, VAULT_KEY_DKIM, "is encrypted"},
	{KIND_PUBLIC, VAULT_KEY_DKIM, "must hold a private key as PEM text"},
};

START_TEST(keys_are_judged)
{
	struct problem p = {0};
	struct secret *pem = pem_of(rows[_i].kind);
	enum fault f = vault_key_check(pem, rows[_i].use, &p);
	secret_free(&pem);
	if (rows[_i].part == NULL) {
		ck_assert_uint_eq(f, FAULT_NONE);
		return;
	}
	ck_assert_uint_eq(f, FAULT_BAD_FIELD);
	ck_assert_msg(slice_find(problem_text(&p), slice_of_text(rows[_i].part)) < p.len, "%.*s",
		      (int)p.len, p.text);
}
END_TEST

static const char *const nonsense[] = {
	"",
	"text",
	"-----BEGIN PRIVATE KEY-----\n",
	"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
	"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
};

START_TEST(nonsense_is_no_key)
{
	struct secret *s;
	ck_assert_uint_eq(secret_new(slice_of_text(nonsense[_i]), &s), FAULT_NONE);
	ck_assert_uint_eq(vault_key_check(s, VAULT_KEY_DKIM, NULL), FAULT_BAD_FIELD);
	secret_free(&s);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/keys");
	TCase *t = tcase_create("keys");
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, keys_are_judged, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, nonsense_is_no_key, 0, COUNT_OF(nonsense));
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
