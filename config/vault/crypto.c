#include "config/vault/crypto.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "spool-free/base/wipe.h"

enum { NONCE = 12, SCRYPT_MEMORY_SLACK = 1024 * 1024 };

static const unsigned char nonce[NONCE]; /* all zero; see NONCE in crypto.h */

static void free_cipher(EVP_CIPHER_CTX **ctx)
{
	EVP_CIPHER_CTX_free(*ctx);
}

static void free_kdf(EVP_KDF **kdf)
{
	EVP_KDF_free(*kdf);
}

static void free_kdf_ctx(EVP_KDF_CTX **ctx)
{
	EVP_KDF_CTX_free(*ctx);
}

enum fault vault_crypto_random(void *out, size_t len)
{
	return RAND_priv_bytes(out, (int)len) == 1 ? FAULT_NONE : FAULT_SYSTEM;
}

enum fault vault_crypto_sha256(struct slice in, unsigned char out[VAULT_DIGEST])
{
	int done = EVP_Digest(in.ptr, in.len, out, NULL, EVP_sha256(), NULL);
	return done == 1 ? FAULT_NONE : FAULT_NO_MEMORY;
}

bool vault_crypto_equal(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}

static enum fault derive(const char *name, const OSSL_PARAM *params, struct secret **out_key)
{
	CLEANUP(free_kdf) EVP_KDF *kdf = EVP_KDF_fetch(NULL, name, NULL);
	CLEANUP(free_kdf_ctx) EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	CLEANUP(secret_free) struct secret *key = NULL;
	char *room;
	if (ctx == NULL) {
		return FAULT_NO_MEMORY;
	}
	enum fault f = secret_new_room(VAULT_KEY, &key, &room);
	if (f != FAULT_NONE) {
		return f;
	}
	if (EVP_KDF_derive(ctx, (unsigned char *)room, VAULT_KEY, params) != 1) {
		return FAULT_SYSTEM;
	}
	*out_key = STEAL(key);
	return FAULT_NONE;
}

/* OSSL_PARAM takes what it only reads through a pointer that is not const. */
static OSSL_PARAM octets(const char *name, struct slice s)
{
	return OSSL_PARAM_construct_octet_string(name, (void *)(uintptr_t)s.ptr, s.len);
}

enum fault vault_crypto_scrypt(const struct secret *phrase, struct slice salt, struct vault_kdf kdf,
			       struct secret **out_key)
{
	uint64_t n = UINT64_C(1) << (kdf.log_n & 31U);
	uint32_t r = kdf.r;
	uint32_t p = kdf.p;
	uint64_t memory = 128 * n * r + (uint64_t)128 * r * p + SCRYPT_MEMORY_SLACK;
	const OSSL_PARAM params[] = {
		octets(OSSL_KDF_PARAM_PASSWORD, secret_view(phrase)),
		octets(OSSL_KDF_PARAM_SALT, salt),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
		OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
		OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
		OSSL_PARAM_construct_end(),
	};
	return derive("SCRYPT", params, out_key);
}

enum fault vault_crypto_hkdf(const struct secret *key, struct slice salt, struct slice info,
			     struct secret **out_key)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
		octets(OSSL_KDF_PARAM_KEY, secret_view(key)),
		octets(OSSL_KDF_PARAM_SALT, salt),
		octets(OSSL_KDF_PARAM_INFO, info),
		OSSL_PARAM_construct_end(),
	};
	return derive("HKDF", params, out_key);
}

enum fault vault_crypto_hmac(const struct secret *key, struct slice in,
			     unsigned char out[VAULT_DIGEST])
{
	struct slice k = secret_view(key);
	unsigned int len;
	const unsigned char *mac = HMAC(EVP_sha256(), k.ptr, (int)k.len,
					(const unsigned char *)in.ptr, in.len, out, &len);
	return mac != NULL ? FAULT_NONE : FAULT_NO_MEMORY;
}

enum fault vault_crypto_seal(const struct secret *key, struct slice aad, struct slice plain,
			     char *out, unsigned char out_tag[VAULT_TAG])
{
	CLEANUP(free_cipher) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	const unsigned char *k = (const unsigned char *)secret_view(key).ptr;
	unsigned char *to = (unsigned char *)out;
	int n;
	if (ctx == NULL) {
		return FAULT_NO_MEMORY;
	}
	bool done = EVP_EncryptInit_ex2(ctx, EVP_aes_256_gcm(), k, nonce, NULL) == 1 &&
		    EVP_EncryptUpdate(ctx, NULL, &n, (const unsigned char *)aad.ptr,
				      (int)aad.len) == 1 &&
		    EVP_EncryptUpdate(ctx, to, &n, (const unsigned char *)plain.ptr,
				      (int)plain.len) == 1 &&
		    EVP_EncryptFinal_ex(ctx, to + n, &n) == 1 &&
		    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, VAULT_TAG, out_tag) == 1;
	return done ? FAULT_NONE : FAULT_SYSTEM;
}

enum fault vault_crypto_open(const struct secret *key, struct slice aad, struct slice sealed,
			     const unsigned char tag[VAULT_TAG], char *out)
{
	CLEANUP(free_cipher) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	const unsigned char *k = (const unsigned char *)secret_view(key).ptr;
	unsigned char *to = (unsigned char *)out;
	int n;
	if (ctx == NULL) {
		return FAULT_NO_MEMORY;
	}
	bool ready = EVP_DecryptInit_ex2(ctx, EVP_aes_256_gcm(), k, nonce, NULL) == 1 &&
		     EVP_DecryptUpdate(ctx, NULL, &n, (const unsigned char *)aad.ptr,
				       (int)aad.len) == 1 &&
		     EVP_DecryptUpdate(ctx, to, &n, (const unsigned char *)sealed.ptr,
				       (int)sealed.len) == 1 &&
		     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, VAULT_TAG,
					 (void *)(uintptr_t)tag) == 1;
	if (!ready) {
		wipe(out, sealed.len);
		return FAULT_SYSTEM;
	}
	if (EVP_DecryptFinal_ex(ctx, to + n, &n) != 1) {
		wipe(out, sealed.len);
		return FAULT_VAULT_DAMAGED;
	}
	return FAULT_NONE;
}
