/*
 * NAME     upload - engine for the body of a job: bytes that stand in the job's memory become the
 * job OWNS     nothing; the job's slices point into the body TAKES    multipart/form-data: part
 * `job` (JSON) first, then parts `attachment` with a file name each; or application/json in UTF-8:
 * the job with its `files` (jobspec.h) LIMITS   those of struct intake_limits FAULTS   MEDIA_TYPE
 * from upload_begin(); BAD_MULTIPART, TOO_LARGE, BAD_FIELD, and jobspec's
 */
#ifndef RELAY_INTAKE_UPLOAD_H
#define RELAY_INTAKE_UPLOAD_H

#include "relay/intake/intake.h"
#include "relay/intake/multipart.h"
#include "relay/intake/recordspec.h"

/* What a body is read as. */
enum upload_kind {
	UPLOAD_JOB,
	UPLOAD_CHECK, /* JSON that says how to check a server (checkspec.h), and no job; or nothing at all */
	UPLOAD_RECORD, /* JSON that says what a record is to hold (recordspec.h); `job` is but its memory */
};

struct upload {
	enum upload_kind kind;
	bool is_multipart;
	struct multipart multipart;
	const struct intake_limits *limits;
	struct job *job;
	struct slice spec; /* the job part */
	struct recordspec record;
	bool wants_digest; /* set it to have job->body_digest filled: of the parts, whatever the boundary */
};

struct upload_plan {
	struct slice content_type; /* not kept */
	const struct intake_limits *limits;
	enum upload_kind kind;
	bool is_empty; /* no body comes; only a check may have none */
};

/* Before the body is read, so that a wrong type is refused then. */
MUST_USE enum fault upload_begin(struct upload *u, const struct upload_plan *plan,
				 struct problem *problem);
/* Where the job goes; its attachments' list is taken from its arena. */
MUST_USE enum fault upload_into(struct upload *u, struct job *job, struct problem *problem);
/* `len`: how much of the body is there by now. */
MUST_USE enum fault upload_grew(struct upload *u, char *body, size_t len, struct problem *problem);
/* All of it is there. */
MUST_USE enum fault upload_end(struct upload *u, char *body, size_t len, struct problem *problem);

#endif
