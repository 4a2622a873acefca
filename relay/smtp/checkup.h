/*
 * NAME     checkup - looks at one mail server, step by step, with the code that jobs go through; sends no mail
 * OWNS     a relay of its own, so that it connects anew and leaves nothing behind: no pooled connection, no pacing, no
 *          breaker of a job's knows of it; its findings; copies of nothing else
 * FLOW     resolve, connect, TLS, EHLO, login, MAIL, RCPT for one address, RSET, QUIT
 * THREADS  its loop's
 */
#ifndef RELAY_SMTP_CHECKUP_H
#define RELAY_SMTP_CHECKUP_H

#include "relay/smtp/smtp.h"

struct smtp_checkup;
typedef void smtp_checkup_fn(void *owner, struct smtp_checkup *c);

enum { SMTP_CHECKUP_MS = 60 * 1000 };

/* Slices and secrets must live until done(). */
struct smtp_checkup_params {
	const struct smtp_relay_params *relay; /* the loop's; connections are its own */
	struct smtp_upstream upstream;
	struct slice from, to; /* may be empty: smtp_checkup_sender() and _recipient() choose */
	struct slice
		from_wanted; /* the address that the record has for this server; may be empty */
	struct instant deadline;
	smtp_checkup_fn
		*done; /* called once, never from inside; smtp_checkup_free() may come then */
	void *owner;
};

MUST_USE enum fault smtp_checkup_start(const struct smtp_checkup_params *params,
				       struct smtp_checkup **out_checkup);
void smtp_checkup_give_up(struct smtp_checkup *c); /* ends it with STOPPING, unless it ended */
void smtp_checkup_free(struct smtp_checkup **c);

/* After done(). */
const struct smtp_findings *smtp_checkup_findings(const struct smtp_checkup *c);

/* What is said where the caller names nobody: the record's address, else the user name if it is one, else the null sender. */
struct slice smtp_checkup_sender(const struct smtp_checkup_params *p);
/* The sender itself; for the null sender the postmaster, whom every server has (RFC 5321 4.5.1). */
struct slice smtp_checkup_recipient(const struct smtp_checkup_params *p);

#endif
