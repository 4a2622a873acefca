/*
 * NAME     dkim - signs a message: a DKIM-Signature field for each key that fits, in front of all others
 * FORM     relaxed/relaxed, rsa-sha256 or ed25519-sha256 as the key is; the whole body, no l=
 * KEYS     those whose domain is the From address's, or above it, sign: others would not count for DMARC (RFC 7489 3.1.1).
 *          Where none fits nothing is signed
 * FIELDS   the table in dkim.c says which, and which are signed once more than they are there, so that none can be added
 * OWNS     nothing; the fields lie in the rope's arena
 * FAULTS   BAD_RECORD with a sentence for a key that cannot sign, NO_MEMORY, MALFORMED for a rope that is no message
 * SEE      RFC 6376; RFC 8463 (Ed25519); RFC 8301 (no SHA-1, no key under 1,024 bits; here 2,048)
 * THREADS  reads all of the message, encoded: on a worker
 */
#ifndef RELAY_SMTP_DKIM_H
#define RELAY_SMTP_DKIM_H

#include "spool-free/base/instant.h"
#include "spool-free/base/problem.h"
#include "spool-free/job/rope.h"
#include "spool-free/job/server.h"

struct dkim_job {
	const struct dkim_key *keys;
	size_t key_count;
	struct slice from_domain;
	struct civil now;
	bool renames; /* the server gives mails a date and an id of its own: these two stay unsigned */
};

MUST_USE enum fault dkim_sign(const struct dkim_job *job, struct rope *message,
			      struct problem *problem);
/* Whether a key signs for addresses of this domain. */
bool dkim_key_fits(const struct dkim_key *key, struct slice from_domain);

#endif
