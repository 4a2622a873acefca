/*
 * NAME     receipt - what a receipt claims: which job sent which message, and what became of it
 * HOLDS    numbers and hashes. No name, address, subject, title or file name: whoever has the message can prove by its
 *          SHA-256 that it is the one, and nobody else learns anything of it
 * SEE      receipt_jws.h for its signature
 * FAULTS   NO_MEMORY; TOO_LARGE for a claim of more than RECEIPT_CLAIM_MAX bytes
 * THREADS  pure
 */
#ifndef SPOOL_FREE_JOB_RECEIPT_H
#define SPOOL_FREE_JOB_RECEIPT_H

#include "spool-free/base/digest.h"
#include "spool-free/base/instant.h"
#include "spool-free/base/uuid.h"
#include "spool-free/job/outcome.h"
#include "spool-free/job/receipt_jws.h"
#include "spool-free/job/rope.h"

struct receipt {
	struct uuid job;
	struct slice page_id; /* empty: the job did not say it */
	uint64_t page_version;
	uint64_t message_size;	       /* bytes, of the whole message as the mail server got it */
	uint64_t html_size, text_size; /* of its bodies, decoded */
	unsigned char sha256[DIGEST_LEN];
	const struct recipient_outcome *results;
	size_t recipient_count;
	struct civil taken, ended;
	struct slice software; /* name and version */
};

/* Of the bytes as they are sent: no encoded copy is made. */
MUST_USE enum fault receipt_hash(const struct rope *message, unsigned char out[DIGEST_LEN]);

/* JSON as receipt_is_claim() wants it; times as RFC 3339, the hash as hexadecimal digits. */
MUST_USE enum fault receipt_claim(const struct receipt *r, struct buf *out);

#endif
