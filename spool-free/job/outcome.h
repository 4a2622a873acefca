/*
 * NAME     outcome - what the upstream made of a message, recipient by recipient
 * SEE      design.md promise 2; RFC 5321 4.2 (codes), RFC 3463 (enhanced codes)
 */
#ifndef SPOOL_FREE_JOB_OUTCOME_H
#define SPOOL_FREE_JOB_OUTCOME_H

#include "spool-free/base/slice.h"
#include "spool-free/job/cause.h"

enum outcome {
	OUTCOME_UNTRIED,   /* the server was never asked about this recipient */
	OUTCOME_DELIVERED, /* the server took responsibility */
	OUTCOME_DEFERRED,  /* 4yz: it may work later */
	OUTCOME_REFUSED,   /* 5yz */
	OUTCOME_UNCERTAIN, /* the last content byte went out and no answer came back */
	OUTCOME_PARTLY,	   /* of a job, never of a recipient: some delivered, some not */
};

/* Where in the dialogue it was decided. */
enum smtp_phase {
	PHASE_NONE,
	PHASE_RESOLVE,
	PHASE_CONNECT,
	PHASE_TLS,
	PHASE_GREETING,
	PHASE_EHLO,
	PHASE_STARTTLS,
	PHASE_AUTH,
	PHASE_MAIL,
	PHASE_RCPT,
	PHASE_DATA,
	PHASE_CONTENT,
	PHASE_FINAL,
};

enum { ENHANCED_MAX = 12, REPLY_TEXT_MAX = 512 };

struct recipient_outcome {
	enum outcome outcome;
	int code;		     /* 0 when the server said nothing */
	char enhanced[ENHANCED_MAX]; /* "5.1.1", NUL-terminated, empty when there was none */
	enum smtp_phase phase;
	unsigned attempt; /* in which it was decided, from 1; 0: by the engine alone */
	/* The server's words, printable UTF-8, at most REPLY_TEXT_MAX; in the job's arena. */
	struct slice text;
	const struct smtp_cause *cause; /* of a refusal; NULL: there is none */
};

struct slice outcome_name(enum outcome o);  /* delivered, deferred, ... */
struct slice phase_name(enum smtp_phase p); /* resolve, connect, ... */

/* The job's outcome out of its recipients': all alike gives that, delivered and others give PARTLY, any uncertain
 * without delivered gives UNCERTAIN, deferred and refused give DEFERRED. */
enum outcome outcome_of_all(const struct recipient_outcome *all, size_t count);

#endif
