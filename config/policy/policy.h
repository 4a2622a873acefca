/*
 * NAME     policy - pure: may this caller send this job, or have a mail server looked at in this way
 * RULES    one row each in rules.c, asked in that order; the first that says no is told by name, with who can change it
 * LEVELS   the operator's settings, the tenant's record, the record of the page's space. Each only narrows what is above
 *          it, but that a tenant may let its spaces set rules of their own (`enforce`)
 * OWNS     nothing; settings and records are the caller's and are only read
 * FAULTS   FORBIDDEN with a sentence that names the rule and its level; no address, file, group, space or host name
 * SEE      RFC 5321 2.4: domains know no case
 */
#ifndef CONFIG_POLICY_POLICY_H
#define CONFIG_POLICY_POLICY_H

#include "spool-free/base/problem.h"
#include "spool-free/job/job.h"

/* Whose address may stand in From. */
enum policy_from {
	POLICY_FROM_UNSET,
	POLICY_FROM_ANY,
	POLICY_FROM_OWN,    /* the sender's, as the caller's app names it */
	POLICY_FROM_SERVER, /* what the mail server's record says; the job may name none */
	POLICY_FROM_LIST,   /* one of `senders` */
};

enum policy_word { POLICY_UNSET, POLICY_YES, POLICY_NO };

/* The operator's, who says something by each. */
struct policy_params {
	size_t recipients;	 /* to, cc and bcc together */
	size_t attachments;	 /* how many */
	size_t attachment_bytes; /* the largest single one */
	bool job_accounts;	 /* a job may carry an SMTP account */
	bool operator_server;	 /* tenants may use the operator's mail server */
	enum policy_from from;
	const char *const
		*recipient_domains; /* "example.com"; ".example.com" is all below; none: any */
	size_t recipient_domain_count;
};

struct policy_limit {
	bool is_set;
	size_t most;
};

/*
 * What the record of a tenant or of a space says; what is not set says nothing, and an all-zero one nothing at all. A list
 * has an entry in each line; empty lines count for nothing, and a list of them alone allows nothing.
 */
struct policy_rules {
	/* The tenant's word. NO: a rule that the space sets stands in place of the tenant's. */
	enum policy_word enforce;
	struct slice groups; /* names or ids; the sender is in one of them */
	struct slice spaces; /* keys, in any case; of a tenant's record alone */
	enum policy_word job_accounts;
	struct slice upstream_hosts; /* "smtp.example.com"; ".example.com" is all below */
	enum policy_from from;
	struct slice senders; /* addresses; without `from` they mean LIST */
	struct policy_limit recipients;
	struct slice recipient_domains;
	struct policy_limit attachments;
	struct policy_limit attachment_bytes;
	enum policy_word external_images;
	enum policy_word operator_server;
};

struct policy {
	const struct policy_params *params;
	const struct policy_rules *tenant; /* NULL: has no record */
	const struct policy_rules *space;  /* of the page; NULL: has no record */
};

/* `problem` may be NULL in all of these. */
MUST_USE enum fault policy_check_job(const struct policy *p, const struct job *j,
				     struct problem *problem);
/* A look at a mail server sends nothing, but asks it about a recipient: of the rules, the one of recipients' domains. */
MUST_USE enum fault policy_check_checkup(const struct policy *p, const struct job *j,
					 struct problem *problem);
/* Somebody lets no address stand in From but a record's. */
bool policy_wants_record_from(const struct policy *p);
/* What a job leaves open is asked about once it has been chosen. First: the host in the record of a mail server. */
MUST_USE enum fault policy_check_host(const struct policy *p, struct slice host,
				      struct problem *problem);
/* The operator's mail server was opened, since no other was named or set. */
MUST_USE enum fault policy_check_operators_server(const struct policy *p, struct problem *problem);
/* The address in From, whoever named it: a list of senders holds for that of a record, and for the sender's own. */
MUST_USE enum fault policy_check_from(const struct policy *p, const struct mailbox *from,
				      struct problem *problem);

/*
 * Whether the mail may have to do with pictures on other web servers. `operators` is what the operator lets be done with
 * them: to fetch them is a setting, to link to them is always allowed.
 */
bool policy_external_images(const struct policy *p, bool operators);

#endif
