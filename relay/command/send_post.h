/*
 * NAME     send_post - posts the job of `pagepost send`, follows it to its end, and tells the outcome
 * RETURNS  enum exit_code: EXIT_DONE when everyone got it, EXIT_NOT_DELIVERED otherwise. Whether a receipt came is told by
 *          `out_has_receipt`, and is another thing
 */
#ifndef RELAY_COMMAND_SEND_POST_H
#define RELAY_COMMAND_SEND_POST_H

#include "spool-free/base/secret.h"
#include "relay/command/send_job.h"

struct send_post {
	const char *url; /* https://host:port */
	const char *ca_file;
	const char *idempotency_key;
	const struct secret *token;
	const struct secret *key_half; /* of a tenant that keeps one; NULL: none */
	struct slice job;	       /* JSON */
	const char *files[SEND_FILES_MAX];
	size_t file_count;
	uint64_t wait_s;
	int receipt_fd; /* takes the receipt and a line end; -1: none is wanted */
	bool raw;	/* the answer as it came, to standard output */
};

int send_post(const struct send_post *p, bool *out_has_receipt);

#endif
