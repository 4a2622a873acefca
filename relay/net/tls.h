/*
 * NAME     tls - contexts for both sides: TLS 1.2 or newer, verification always on for clients
 * SETTINGS SSL_MODE_RELEASE_BUFFERS, read_ahead, SSL_OP_CLEANSE_PLAINTEXT, no compression, no renegotiation,
 *          AEAD suites with forward secrecy in TLS 1.2
 * ALPN     a server answers "http/1.1", and to a client that asks for other protocols only, an alert (RFC 7301 3.2)
 * FAULTS   BAD_SETTING with a sentence that names what is wrong (file unreadable, key does not belong to the certificate)
 * THREADS  a context is read-only after it was made and may be used from any loop
 */
#ifndef RELAY_NET_TLS_H
#define RELAY_NET_TLS_H

#include "spool-free/base/problem.h"

struct tls_context;

/* PEM files: certificate with its chain, and its private key. */
MUST_USE enum fault tls_context_server_new(const char *cert_file, const char *key_file,
					   struct tls_context **out_context,
					   struct problem *problem);
/* CA file of the operator, or NULL for the system's; `extra_ca_pem` (may be empty) is trusted besides. */
MUST_USE enum fault tls_context_client_new(const char *ca_file, struct slice extra_ca_pem,
					   struct tls_context **out_context,
					   struct problem *problem);
/* As `base`, a client's, with `extra_ca_pem` trusted besides: the base's authorities are shared, not read again. */
MUST_USE enum fault tls_context_client_with(const struct tls_context *base,
					    struct slice extra_ca_pem,
					    struct tls_context **out_context,
					    struct problem *problem);
void tls_context_free(struct tls_context **c);

#endif
