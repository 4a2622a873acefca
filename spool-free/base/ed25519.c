#include "spool-free/base/ed25519.h"

#include <openssl/err.h>
#include <openssl/evp.h>

static EVP_PKEY *open_seed(const struct secret *seed)
{
	struct slice bytes = secret_view(seed);
	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
					    (const unsigned char *)bytes.ptr, bytes.len);
}

static enum fault told(bool done)
{
	ERR_clear_error();
	return done ? FAULT_NONE : FAULT_NO_MEMORY;
}

enum fault ed25519_public(const struct secret *seed, unsigned char out[ED25519_PUBLIC])
{
	size_t len = ED25519_PUBLIC;
	if (secret_view(seed).len != ED25519_SEED) {
		return FAULT_MALFORMED;
	}
	EVP_PKEY *key = open_seed(seed);
	bool done = key != NULL && EVP_PKEY_get_raw_public_key(key, out, &len) == 1;
	EVP_PKEY_free(key);
	return told(done);
}

enum fault ed25519_sign(const struct secret *seed, struct slice bytes,
			unsigned char out[ED25519_SIGNATURE])
{
	size_t len = ED25519_SIGNATURE;
	if (secret_view(seed).len != ED25519_SEED) {
		return FAULT_MALFORMED;
	}
	EVP_PKEY *key = open_seed(seed);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool done = key != NULL && context != NULL &&
		    EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
		    EVP_DigestSign(context, out, &len, (const unsigned char *)bytes.ptr,
				   bytes.len) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	return told(done);
}

bool ed25519_verify(const unsigned char public_key[ED25519_PUBLIC], struct slice bytes,
		    const unsigned char signature[ED25519_SIGNATURE])
{
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key,
						    ED25519_PUBLIC);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool fits = key != NULL && context != NULL &&
		    EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
		    EVP_DigestVerify(context, signature, ED25519_SIGNATURE,
				     (const unsigned char *)bytes.ptr, bytes.len) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return fits;
}
