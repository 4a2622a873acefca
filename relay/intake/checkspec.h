/*
 * NAME     checkspec - the body of a server's check: whom to name in MAIL and RCPT
 * FIELDS   from, to: an address each; both may be left out, and the whole body, too
 * FAULTS   BAD_JSON, TOO_DEEP, UNKNOWN_FIELD, BAD_FIELD, BAD_ADDRESS, NO_MEMORY
 */
#ifndef RELAY_INTAKE_CHECKSPEC_H
#define RELAY_INTAKE_CHECKSPEC_H

#include "spool-free/base/problem.h"
#include "spool-free/job/job.h"

enum { CHECKSPEC_MAX = 4096 };

/* Into `from` and the first of `to`. The JSON is changed in place and must live as long as the job. */
MUST_USE enum fault checkspec_parse(char *bytes, size_t len, struct job *job,
				    struct problem *problem);

#endif
