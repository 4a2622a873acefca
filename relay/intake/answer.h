/*
 * NAME     answer - what a job's end looks like in JSON; the one place for it (design.md section 6)
 */
#ifndef RELAY_INTAKE_ANSWER_H
#define RELAY_INTAKE_ANSWER_H

#include "spool-free/base/buf.h"
#include "spool-free/job/job.h"
#include "spool-free/job/table.h"
#include "render/render.h"

/* A DKIM signature that the message carries. */
struct answer_signature {
	struct slice domain;
	struct slice selector;
};

/* Everything that the answer of POST and of GET says. */
struct answer_job {
	struct uuid id;
	enum job_state state;
	struct civil eta;			 /* ms 0: not known */
	const struct mailbox *recipients;	 /* to, cc, bcc in this order */
	const struct recipient_outcome *results; /* DONE: as many as recipients */
	size_t recipient_count;
	const struct problem *rest;    /* DONE: why some are UNTRIED; NULL: not known, or none is */
	bool is_operators;	       /* the mail server is, not the tenant's own */
	const struct problem *problem; /* FAULT */
	struct slice message_id;       /* empty until rendered */
	uint64_t message_size;	       /* 0 until rendered */
	const struct answer_signature *signatures;
	size_t signature_count;
	uint64_t bytes_sent;
	const struct render_report *report;    /* NULL until rendered */
	struct slice receipt;		       /* empty: none was asked for, or: */
	const struct problem *receipt_problem; /* why it is missing; NULL: it is not */
	bool status_ignored; /* reports of delivery were asked for, and the server does not offer them */
};

MUST_USE enum fault answer_job(const struct answer_job *a, struct buf *into);
/* POST /v1/render: what would be sent. */
MUST_USE enum fault answer_preview(const struct render_output *o, struct buf *into);
/* A job that ended by a fault, asked about later; `problem` is what answer_problem() wrote then. */
MUST_USE enum fault answer_ended(const struct uuid *id, struct slice problem, struct buf *into);
/* RFC 9457; `job` and `request_id` may be empty. */
MUST_USE enum fault answer_problem(const struct problem *p, struct slice request_id,
				   struct slice job, struct buf *into);

#endif
