/*
 * NAME     crypto - the few operations the vault is sealed with: the only file here that knows OpenSSL
 * USES     scrypt (RFC 7914), HKDF-SHA-256 (RFC 5869), AES-256-GCM (SP 800-38D), HMAC-SHA-256 (RFC 2104)
 * OWNS     nothing; keys it derives are the caller's secrets
 * NONCE    of GCM is constant: each key here seals one message and no other, so that no pair can repeat
 * FAULTS   VAULT_DAMAGED (a tag does not fit), NO_MEMORY, SYSTEM (the library refused)
 * THREADS  safe from any thread
 */
#ifndef CONFIG_VAULT_CRYPTO_H
#define CONFIG_VAULT_CRYPTO_H

#include "spool-free/base/fault.h"
#include "spool-free/base/secret.h"
#include "spool-free/base/slice.h"

enum {
	VAULT_KEY = 32,
	VAULT_SALT = 32,
	VAULT_TAG = 16,
	VAULT_DIGEST = 32, /* of SHA-256 and of HMAC-SHA-256 */
};

/* scrypt's cost: N = 2^log_n. Stored with each passphrase slot; bounded where it is read. */
struct vault_kdf {
	uint8_t log_n;
	uint8_t r;
	uint8_t p;
};

MUST_USE enum fault vault_crypto_random(void *out, size_t len);
/* As spool-free/base/digest.h, but it survives a failing allocation. */
MUST_USE enum fault vault_crypto_sha256(struct slice in, unsigned char out[VAULT_DIGEST]);
bool vault_crypto_equal(const void *a, const void *b, size_t len); /* in constant time */

MUST_USE enum fault vault_crypto_scrypt(const struct secret *phrase, struct slice salt,
					struct vault_kdf kdf, struct secret **out_key);
MUST_USE enum fault vault_crypto_hkdf(const struct secret *key, struct slice salt,
				      struct slice info, struct secret **out_key);
MUST_USE enum fault vault_crypto_hmac(const struct secret *key, struct slice in,
				      unsigned char out[VAULT_DIGEST]);

/* Writes plain.len bytes and the tag; `key` must never have sealed anything before. */
MUST_USE enum fault vault_crypto_seal(const struct secret *key, struct slice aad,
				      struct slice plain, char *out,
				      unsigned char out_tag[VAULT_TAG]);
/* Writes sealed.len bytes; they are wiped again when the tag does not fit. */
MUST_USE enum fault vault_crypto_open(const struct secret *key, struct slice aad,
				      struct slice sealed, const unsigned char tag[VAULT_TAG],
				      char *out);

#endif
