/*
 * NAME     keys - whether a text is a private key that can sign what it is meant for
 * BOXES    OpenSSL's reading of PEM (RFC 7468)
 * RULE     looked at once, when the key is entered; RSA of SERVER_RSA_BITS_MIN to _MAX bits (spool-free/job/server.h)
 * FAULTS   BAD_FIELD with a sentence that says what would be right; NO_MEMORY
 * THREADS  safe from any thread
 */
#ifndef CONFIG_VAULT_KEYS_H
#define CONFIG_VAULT_KEYS_H

#include "spool-free/base/problem.h"
#include "spool-free/base/secret.h"

enum vault_key_use {
	VAULT_KEY_SERVICE, /* a service account's: RSA */
	VAULT_KEY_DKIM,	   /* RSA or Ed25519 */
};

MUST_USE enum fault vault_key_check(const struct secret *pem, enum vault_key_use use,
				    struct problem *p);

#endif
