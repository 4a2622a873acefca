/*
 * NAME     scram - the client's side of one SCRAM exchange, without I/O: the four messages, and the work between them
 * OWNS     the server's first message and the keys at work, as secrets
 * LIMIT    SCRAM_ROUNDS_MIN to _MAX rounds: fewer protect nothing (RFC 7677 4), more only keep us busy. They are worked
 *          off in turns of a few milliseconds, so that a large count holds up nobody else
 * FAULTS   UPSTREAM_PROTOCOL for a message that breaks the rules, and for a server that does not prove that it knows the
 *          password too: `why` has the sentence. NO_MEMORY
 * RULE     user name and password are such that SASLprep keeps them (saslprep.h)
 * SEE      RFC 5802; RFC 7677 (SHA-256); RFC 5056, 5929, 9266 (channel binding)
 */
#ifndef RELAY_SMTP_SCRAM_H
#define RELAY_SMTP_SCRAM_H

#include "spool-free/base/digest.h"
#include "spool-free/base/secret.h"

enum {
	SCRAM_CHANCE_LEN = 18,
	SCRAM_ROUNDS_MIN = 4096,
	SCRAM_ROUNDS_MAX = 600000,
	SCRAM_ROUNDS_A_TURN = 16384, /* 4 ms */
	SCRAM_BINDING_MAX = 64,
	SCRAM_MESSAGE_MAX = 1536, /* what a reply line can hold, out of its base64 */
};

/* What names the TLS session to both its ends. */
struct scram_binding {
	struct slice type; /* "tls-exporter"; static text. Empty: this session has none */
	size_t len;
	unsigned char bytes[SCRAM_BINDING_MAX];
};

enum scram_bound {
	SCRAM_CANNOT_BIND,
	SCRAM_COULD_BIND, /* but the server did not offer it; should it have, it finds out by this */
	SCRAM_BINDS,
};

enum scram_state { SCRAM_BEGUN, SCRAM_WORKS, SCRAM_WORKED, SCRAM_PROVES, SCRAM_SURE, SCRAM_DENIED };

struct scram_keys;

struct scram {
	enum digest_kind digest;
	enum scram_bound bound;
	enum scram_state state;
	struct scram_binding binding;
	size_t chance_len;
	unsigned char chance[SCRAM_CHANCE_LEN];
	struct secret *first; /* the server's first message */
	struct secret *room;  /* of the keys */
	struct scram_keys *keys;
	size_t nonce_len; /* in `first`, at its beginning behind "r=" */
	unsigned rounds_left;
	const char *why; /* a sentence, or NULL */
};

/* `chance`: at most SCRAM_CHANCE_LEN bytes that were drawn for this connection. */
void scram_init(struct scram *s, enum digest_kind digest, enum scram_bound bound,
		const struct scram_binding *binding, struct slice chance);
void scram_deinit(struct scram *s); /* wipes */

MUST_USE enum fault scram_say_first(const struct scram *s, struct slice username,
				    struct secret **out_message);
/* Behind it the state is WORKS: turns are taken until it is WORKED. */
MUST_USE enum fault scram_take_first(struct scram *s, struct slice message,
				     const struct secret *password);
MUST_USE enum fault scram_turn(struct scram *s, const struct secret *password);
MUST_USE enum fault scram_say_final(struct scram *s, struct slice username,
				    struct secret **out_message);
/* SURE: the server knows the password too. DENIED: it says e=, and will refuse. */
MUST_USE enum fault scram_take_final(struct scram *s, struct slice message);

#endif
