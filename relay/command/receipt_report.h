/*
 * NAME     receipt_report - a receipt as people read it; and whether a message is the one that it speaks of
 * LIMIT    as RECEIPT_CLAIM_MAX has it
 * FAULTS   BAD_FIELD, BAD_JSON with a sentence, NO_MEMORY
 * THREADS  pure
 */
#ifndef RELAY_COMMAND_RECEIPT_REPORT_H
#define RELAY_COMMAND_RECEIPT_REPORT_H

#include "spool-free/job/receipt_jws.h"

/* What a claim says of its message; slices lie in the claim's bytes. */
struct receipt_message {
	struct slice sha256;
	uint64_t size;
};

/*
 * `text`: a receipt by itself, or a job's answer that has one. The receipt lies in it; reading changes what is no receipt by
 * itself.
 */
MUST_USE enum fault receipt_report_find(struct buf *text, struct slice *out_receipt,
					struct problem *p);

/* A row for each thing; the claim is changed by reading. */
MUST_USE enum fault receipt_report_write(struct buf *claim, struct buf *out,
					 struct receipt_message *out_message, struct problem *p);

/*
 * Whether the message, or the end of it behind what servers put in front, is the one. Its lines may end as files have them:
 * they are changed to what goes over the wire, in the buf.
 */
MUST_USE enum fault receipt_report_compare(const struct receipt_message *m, struct buf *message,
					   bool *out_is_same);

#endif
