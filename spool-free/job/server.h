/*
 * NAME     server - what a mail server's record says beside its address: how a token is got, what keys sign with, limits
 * OWNS     nothing by itself: who holds one frees its secrets
 * SEE      RFC 6749 4.4 and 6, RFC 7523 (OAuth 2.0), RFC 6376 (DKIM)
 */
#ifndef SPOOL_FREE_JOB_SERVER_H
#define SPOOL_FREE_JOB_SERVER_H

#include "spool-free/base/secret.h"
#include "spool-free/base/slice.h"

enum {
	SERVER_PINS_MAX = 2,
	SERVER_PIN = 32, /* SHA-256 of a SubjectPublicKeyInfo */
	SERVER_DKIM_MAX = 4,
	SERVER_RSA_BITS_MIN = 2048, /* of a key that signs: RFC 8301, 3.2 */
	SERVER_RSA_BITS_MAX = 4096, /* what verifiers must bear: the same */
};

/* The order is that of the words in a record. */
enum oauth_flow {
	OAUTH_NONE, /* a password, or no AUTH at all */
	OAUTH_CLIENT_CREDENTIALS,
	OAUTH_SERVICE_ACCOUNT,
	OAUTH_REFRESH_TOKEN,
};

/* What it takes to get an access token. */
struct oauth_client {
	enum oauth_flow flow;
	struct slice token_url;
	struct slice client_id; /* of a service account: its address */
	struct slice key_id;	/* of a service account's key; may be empty */
	struct slice scope;
	struct secret *secret;	/* of the client; of a service account: its private key as PEM */
	struct secret *refresh; /* the refresh token */
};

/* 0: what the provider's profile says. */
struct server_limits {
	uint32_t connections;
	uint32_t per_minute;
	uint32_t per_hour;
	uint32_t recipients_per_mail;
};

/* RSA signs rsa-sha256, Ed25519 signs ed25519-sha256. */
struct dkim_key {
	struct slice domain;
	struct slice selector;
	struct secret *key; /* PEM */
};

#endif
