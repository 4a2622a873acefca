#include "relay/net/sign.h"

#include <limits.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "spool-free/base/digest.h"

struct sign_key {
	enum sign_kind kind;
	EVP_PKEY *key;
};

/* An encrypted key finds no passphrase, instead of a question on the terminal. */
static int no_passphrase(char *room, int size, int writing, void *ctx)
{
	(void)room;
	(void)size;
	(void)writing;
	(void)ctx;
	return 0;
}

static EVP_PKEY *read_pem(struct slice pem)
{
	BIO *bytes = pem.len > 0 && pem.len <= INT_MAX ? BIO_new_mem_buf(pem.ptr, (int)pem.len)
						       : NULL;
	EVP_PKEY *key = bytes != NULL ? PEM_read_bio_PrivateKey(bytes, NULL, no_passphrase, NULL)
				      : NULL;
	BIO_free(bytes);
	return key;
}

static bool find_kind(const EVP_PKEY *key, enum sign_kind *out_kind)
{
	int bits = EVP_PKEY_get_bits(key);
	if (EVP_PKEY_is_a(key, "RSA")) {
		*out_kind = SIGN_RSA_SHA256;
		return bits >= SERVER_RSA_BITS_MIN && bits <= SERVER_RSA_BITS_MAX;
	}
	*out_kind = SIGN_ED25519_SHA256;
	return EVP_PKEY_is_a(key, "ED25519") == 1;
}

enum fault sign_key_new(const struct secret *pem, struct sign_key **out_key)
{
	CLEANUP(sign_key_free) struct sign_key *k = calloc(1, sizeof(*k));
	if (k == NULL) {
		return FAULT_NO_MEMORY;
	}
	k->key = read_pem(secret_view(pem));
	ERR_clear_error();
	if (k->key == NULL || !find_kind(k->key, &k->kind)) {
		return FAULT_BAD_RECORD;
	}
	*out_key = STEAL(k);
	return FAULT_NONE;
}

void sign_key_free(struct sign_key **k)
{
	if (*k != NULL) {
		EVP_PKEY_free((*k)->key);
		free(*k);
		*k = NULL;
	}
}

enum sign_kind sign_key_kind(const struct sign_key *k)
{
	return k->kind;
}

static bool hash_of(struct slice bytes, unsigned char out[DIGEST_LEN])
{
	struct digest *d = NULL;
	bool done = digest_new(&d) == FAULT_NONE;
	if (done) {
		digest_add(d, bytes);
		digest_end(d, out);
	}
	digest_free(&d);
	return done;
}

/* Ed25519 hashes by itself, whatever it is given: here that is a hash already. */
static bool sign(EVP_MD_CTX *context, const struct sign_key *k, struct slice bytes, char *out,
		 size_t *out_len)
{
	bool rsa = k->kind == SIGN_RSA_SHA256;
	unsigned char hash[DIGEST_LEN];
	size_t len = SIGN_MAX;
	if (!rsa && !hash_of(bytes, hash)) {
		return false;
	}
	bytes = rsa ? bytes : slice_of(hash, sizeof(hash));
	if (EVP_DigestSignInit(context, NULL, rsa ? EVP_sha256() : NULL, NULL, k->key) != 1 ||
	    EVP_DigestSign(context, (unsigned char *)out, &len, (const unsigned char *)bytes.ptr,
			   bytes.len) != 1) {
		return false;
	}
	*out_len = len;
	return true;
}

enum fault sign_bytes(const struct sign_key *k, struct slice bytes, char out[SIGN_MAX],
		      size_t *out_len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool done = context != NULL && sign(context, k, bytes, out, out_len);
	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return done ? FAULT_NONE : FAULT_NO_MEMORY;
}
