/*
 * NAME     sign - signs bytes with a private key out of PEM text
 * KINDS    RSA of SERVER_RSA_BITS_MIN to _MAX bits: PKCS #1 v1.5 over SHA-256 (RFC 8017 8.2; JWT's RS256, DKIM's rsa-sha256).
 *          Ed25519 (RFC 8032): over the bytes' SHA-256, as DKIM has it (RFC 8463 section 3)
 * OWNS     the key as OpenSSL keeps it; sign_key_free() wipes and frees it
 * FAULTS   BAD_RECORD for what is no such key, or an encrypted one; NO_MEMORY
 * BOXES    OpenSSL's keys
 * THREADS  one owner at a time
 */
#ifndef RELAY_NET_SIGN_H
#define RELAY_NET_SIGN_H

#include "spool-free/base/fault.h"
#include "spool-free/base/secret.h"
#include "spool-free/job/server.h"

enum { SIGN_MAX = SERVER_RSA_BITS_MAX / 8 /* bytes of a signature */ };

enum sign_kind { SIGN_RSA_SHA256, SIGN_ED25519_SHA256 };

struct sign_key;

MUST_USE enum fault sign_key_new(const struct secret *pem, struct sign_key **out_key);
void sign_key_free(struct sign_key **k);
enum sign_kind sign_key_kind(const struct sign_key *k);

MUST_USE enum fault sign_bytes(const struct sign_key *k, struct slice bytes, char out[SIGN_MAX],
			       size_t *out_len);

#endif
