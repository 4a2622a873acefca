/*
 * NAME     policy - pure: may this caller send this job, or have a mail server looked at in this way
 * RULES    one row each in policy.c, asked in that order; the first that says no is told by name, with who can change it
 * OWNS     nothing; params are the caller's and are only read
 * FAULTS   FORBIDDEN with a sentence that names the rule's key in pagepost.conf; no address, no file name
 * SEE      RFC 5321 2.4: domains know no case
 */
#ifndef CONFIG_POLICY_POLICY_H
#define CONFIG_POLICY_POLICY_H

#include "spool-free/base/problem.h"
#include "spool-free/job/job.h"

/* Whose address may stand in From. */
enum policy_from {
	POLICY_FROM_ANY,
	POLICY_FROM_OWN,    /* the sender's, as the caller's app names it */
	POLICY_FROM_SERVER, /* what the mail server's record says; the job may name none */
};

struct policy_params {
	size_t recipients;	 /* to, cc and bcc together */
	size_t attachments;	 /* how many */
	size_t attachment_bytes; /* the largest single one */
	bool job_accounts;	 /* a job may carry an SMTP account */
	enum policy_from from;
	const char *const
		*recipient_domains; /* "example.com"; ".example.com" is all below; none: any */
	size_t recipient_domain_count;
};

/* `problem` may be NULL. */
MUST_USE enum fault policy_check_job(const struct policy_params *p, const struct job *j,
				     struct problem *problem);
/* A look at a mail server sends nothing, but asks it about a recipient: of the rules, the one of recipients' domains. */
MUST_USE enum fault policy_check_checkup(const struct policy_params *p, const struct job *j,
					 struct problem *problem);

#endif
