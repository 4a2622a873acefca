/*
 * NAME     cause - what stands behind a mail server's refusal: whose it is to mend, and how
 * OWNS     nothing: rows are constants (relay/smtp/cause.def)
 * RULE     sentences are the same for everybody: no address, no name, no word of the server's
 */
#ifndef SPOOL_FREE_JOB_CAUSE_H
#define SPOOL_FREE_JOB_CAUSE_H

#include "spool-free/base/json.h"

/* Whose it is to mend. */
enum cause_owner {
	CAUSE_OWNER_SENDER,	/* who sends the page */
	CAUSE_OWNER_ADMIN,	/* who configures the mail server here: of the tenant */
	CAUSE_OWNER_POSTMASTER, /* the recipient's */
	CAUSE_OWNER_PROVIDER,	/* of the mail server that is relayed through */
	CAUSE_OWNER_OPERATOR,	/* of this Pagepost */
};

/* What sort it is: for who has to decide what comes next. */
enum cause_kind {
	CAUSE_THROTTLE,	  /* too much at once or in a short time: slower, and it works */
	CAUSE_QUOTA,	  /* a limit for a day, or of storage: slower is no help */
	CAUSE_TEMPORARY,  /* the server's trouble of the moment */
	CAUSE_NETWORK,	  /* it was not reached, or lost */
	CAUSE_TLS,	  /* encryption and certificates */
	CAUSE_AUTH,	  /* the login */
	CAUSE_SENDER,	  /* the address that the mail is from */
	CAUSE_ADDRESS,	  /* a recipient's address */
	CAUSE_POLICY,	  /* it is not allowed there */
	CAUSE_SIZE,	  /* bytes, or recipients of one mail */
	CAUSE_CONTENT,	  /* what the mail holds */
	CAUSE_REPUTATION, /* who sends it has a bad name, or proves it badly */
	CAUSE_PROTOCOL,	  /* the two do not understand each other */
};

struct smtp_cause {
	struct slice code; /* stable, for programs: "unknown-recipient" */
	enum cause_kind kind;
	enum cause_owner owner;
	unsigned retry_s;    /* when trying again may help; 0: nothing is known of that */
	struct slice detail; /* the cause in a sentence */
	struct slice remedy; /* what to do about it, in a sentence */
};

struct slice cause_owner_name(enum cause_owner o); /* sender, admin, postmaster, ... */
struct slice cause_kind_name(enum cause_kind k);   /* throttle, quota, ... */

/*
 * As the member "cause" of the object that is being written; nothing for NULL. What a program looks at is the code; the
 * sentences are for people. With the operator's mail server, what else is an admin's to mend is the operator's.
 */
void cause_put(struct json_writer *w, const struct smtp_cause *cause, bool is_operators);

#endif
