#include "tests/support/signing_keys.h"

#include <check.h>
#include <openssl/pem.h>

static EVP_PKEY *make(enum signing_key_kind kind)
{
	switch (kind) {
	case SIGNING_RSA_1024:
		return EVP_RSA_gen(1024U);
	case SIGNING_ED25519:
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	case SIGNING_EC:
		return EVP_EC_gen("P-256");
	case SIGNING_RSA_2048:
	case SIGNING_ENCRYPTED:
	case SIGNING_PUBLIC:
		break;
	}
	return EVP_RSA_gen(2048U);
}

void signing_key_make(enum signing_key_kind kind, struct signing_key *out_key)
{
	static char phrase[] = "open sesame";
	EVP_PKEY *key = make(kind);
	BIO *bio = BIO_new(BIO_s_mem());
	const EVP_CIPHER *cipher = kind == SIGNING_ENCRYPTED ? EVP_aes_256_cbc() : NULL;
	char *bytes;
	int done = kind == SIGNING_PUBLIC
			   ? PEM_write_bio_PUBKEY(bio, key)
			   : PEM_write_bio_PKCS8PrivateKey(bio, key, cipher, NULL, 0, NULL,
							   cipher != NULL ? phrase : NULL);
	ck_assert_int_eq(done, 1);
	long len = BIO_get_mem_data(bio, &bytes);
	ck_assert_uint_eq(secret_new(slice_of(bytes, (size_t)len), &out_key->pem), FAULT_NONE);
	BIO_free(bio);
	out_key->key = key;
}

void signing_key_free(struct signing_key *k)
{
	EVP_PKEY_free(k->key);
	k->key = NULL;
	secret_free(&k->pem);
}

bool signing_key_verifies(const struct signing_key *k, struct slice bytes, struct slice signature)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	const EVP_MD *hash = EVP_PKEY_is_a(k->key, "RSA") ? EVP_sha256() : NULL;
	ck_assert_int_eq(EVP_DigestVerifyInit(context, NULL, hash, NULL, k->key), 1);
	int good = EVP_DigestVerify(context, (const unsigned char *)signature.ptr, signature.len,
				    (const unsigned char *)bytes.ptr, bytes.len);
	EVP_MD_CTX_free(context);
	return good == 1;
}
