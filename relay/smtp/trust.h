/*
 * NAME     trust - TLS contexts for upstreams with a CA of their own: each is made once and kept
 * OWNS     up to SMTP_TRUST_MAX contexts; the one longest unused makes room
 * FAULTS   BAD_RECORD with a sentence when the PEM text is no certificate; BUSY when all of them are in use
 * THREADS  its relay's
 */
#ifndef RELAY_SMTP_TRUST_H
#define RELAY_SMTP_TRUST_H

#include "spool-free/base/digest.h"
#include "relay/net/tls.h"

enum { SMTP_TRUST_MAX = 64 };

struct smtp_trust_entry {
	unsigned char key[DIGEST_LEN];
	struct tls_context *context; /* NULL: free */
	unsigned users;
	uint64_t used; /* rises with every use */
};

/* All-zero is a valid empty one. */
struct smtp_trust {
	uint64_t clock;
	struct smtp_trust_entry entries[SMTP_TRUST_MAX];
};

/* As `base` with the authority in `ca_pem` trusted besides. In use until smtp_trust_release(). */
MUST_USE enum fault smtp_trust_take(struct smtp_trust *t, const struct tls_context *base,
				    struct slice ca_pem, struct smtp_trust_entry **out_entry,
				    struct problem *problem);
void smtp_trust_release(struct smtp_trust_entry **entry);
void smtp_trust_deinit(struct smtp_trust *t);

#endif
