/*
 * NAME     signing_keys - private keys for tests, and what a verifier makes of their signatures
 * OWNS     the key until signing_key_free()
 * FAILS    each call ends the test when it cannot be done
 */
#ifndef TESTS_SUPPORT_SIGNING_KEYS_H
#define TESTS_SUPPORT_SIGNING_KEYS_H

#include <openssl/evp.h>

#include "spool-free/base/secret.h"

enum signing_key_kind {
	SIGNING_RSA_1024,
	SIGNING_RSA_2048,
	SIGNING_ED25519,
	SIGNING_EC,
	SIGNING_ENCRYPTED,
	SIGNING_PUBLIC
};

struct signing_key {
	EVP_PKEY *key;
	struct secret *pem;
};

void signing_key_make(enum signing_key_kind kind, struct signing_key *out_key);
void signing_key_free(struct signing_key *k);
/* RSA: PKCS #1 v1.5 over SHA-256; Ed25519: over the bytes given. */
bool signing_key_verifies(const struct signing_key *k, struct slice bytes, struct slice signature);

#endif
