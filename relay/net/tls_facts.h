/*
 * NAME     tls_facts - what a handshake showed of the peer, for people; and the keys that an admin pins
 * TEXTS    printable UTF-8, cut where the room ends: a certificate is a stranger's text
 * FAULTS   none: what cannot be read stays empty
 */
#ifndef RELAY_NET_TLS_FACTS_H
#define RELAY_NET_TLS_FACTS_H

#include "spool-free/base/digest.h"

enum {
	TLS_PINS_MAX = 2,	   /* the key in use, and the one that comes after it */
	TLS_FACTS_TEXT_MAX = 128,  /* bytes of a name */
	TLS_FACTS_NAMES_MAX = 256, /* of all alternative names together */
};

/* SHA-256 of the public keys (SubjectPublicKeyInfo, RFC 7469 2.4) of which the peer must show one; none: any. */
struct tls_pins {
	unsigned char keys[TLS_PINS_MAX][DIGEST_LEN];
	size_t count;
};

struct tls_facts {
	char protocol[16]; /* "TLSv1.3" */
	char cipher[64];
	bool has_certificate; /* what follows was read from it */
	char subject[TLS_FACTS_TEXT_MAX + 1];
	char names[TLS_FACTS_NAMES_MAX + 1]; /* "mail.example.net, 192.0.2.1" */
	char issuer[TLS_FACTS_TEXT_MAX + 1];
	int64_t begins, ends; /* seconds since 1970 */
	unsigned char key[DIGEST_LEN];
	bool trusted;	     /* its chain, its name and (where there are pins) its key */
	const char *trouble; /* why it is not; static text, never NULL */
};

#endif
