/*
 * NAME     tls_private - what relay/net's own files see of a TLS context
 */
#ifndef RELAY_NET_TLS_PRIVATE_H
#define RELAY_NET_TLS_PRIVATE_H

#include <openssl/ssl.h>

#include "relay/net/tls.h"

struct tls_context {
	SSL_CTX *ctx;
	bool server;
};

#endif
