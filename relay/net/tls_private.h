/*
 * NAME     tls_private - what relay/net's own files see of a TLS context
 */
#ifndef RELAY_NET_TLS_PRIVATE_H
#define RELAY_NET_TLS_PRIVATE_H

#include <openssl/ssl.h>

#include "relay/net/tls.h"
#include "relay/net/tls_facts.h"

struct tls_context {
	SSL_CTX *ctx;
	bool server;
};

/* tls_facts.c: all but `trusted` and `trouble`; `cert` may be NULL. */
void tls_facts_read(const SSL *ssl, X509 *cert, struct tls_facts *out);
/* SHA-256 of its SubjectPublicKeyInfo. */
bool tls_key_of(X509 *cert, unsigned char out_key[DIGEST_LEN]);
bool tls_key_is_pinned(const struct tls_pins *pins, X509 *cert); /* false for NULL */

#endif
