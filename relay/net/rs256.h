/*
 * NAME     rs256 - a signature by a private RSA key: RSASSA-PKCS1-v1_5 with SHA-256, as RS256 of RFC 7518 wants it
 * FAULTS   BAD_RECORD (the PEM text is no such key), NO_MEMORY
 * COST     milliseconds for a large key
 * BOXES    OpenSSL
 * THREADS  safe from any thread
 */
#ifndef RELAY_NET_RS256_H
#define RELAY_NET_RS256_H

#include "spool-free/base/secret.h"

enum { RS256_MAX = 1024 }; /* bytes of a signature: keys up to 8,192 bits */

MUST_USE enum fault rs256_sign(const struct secret *pem, struct slice text, char out[RS256_MAX],
			       size_t *out_len);

#endif
