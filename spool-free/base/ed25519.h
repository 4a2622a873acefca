/*
 * NAME     ed25519 - signatures of RFC 8032 (the pure ones) over short texts
 * KEYS     a private key is its 32-byte seed
 * BOXES    OpenSSL's keys; one lives as long as the call
 * FAULTS   NO_MEMORY; MALFORMED for a seed that is none
 * THREADS  safe from any thread
 */
#ifndef SPOOL_FREE_BASE_ED25519_H
#define SPOOL_FREE_BASE_ED25519_H

#include "spool-free/base/secret.h"

enum { ED25519_SEED = 32, ED25519_PUBLIC = 32, ED25519_SIGNATURE = 64 };

MUST_USE enum fault ed25519_public(const struct secret *seed, unsigned char out[ED25519_PUBLIC]);
MUST_USE enum fault ed25519_sign(const struct secret *seed, struct slice bytes,
				 unsigned char out[ED25519_SIGNATURE]);
/* False as well for a key that is none, and without memory: what was not proved is not so. */
bool ed25519_verify(const unsigned char public_key[ED25519_PUBLIC], struct slice bytes,
		    const unsigned char signature[ED25519_SIGNATURE]);

#endif
