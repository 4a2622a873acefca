/*
 * NAME     policies - jobs, rules and refusals as rows of tests write them
 */
#ifndef TESTS_SUPPORT_POLICIES_H
#define TESTS_SUPPORT_POLICIES_H

#include "config/policy/policy.h"

enum { POLICIES_LIST = 3 };

#define LINES(text) SLICE_INIT(text)
#define MOST(n)                                                                                    \
	{                                                                                          \
		true, n                                                                            \
	}

/* How the sentence of a refusal ends: whose rule it is, by what name. */
#define OPERATOR(key) ". The operator of this Pagepost can change it (" key ")."
#define SITE(rule)    ". An admin of this site can change it (policy: " rule ")."
#define SPACE(rule)   ". An admin of the page's space can change it (policy: " rule ")."

#define GROUPS_LACK                                                                                \
	"Only members of certain groups may send pages: the app must send the sender's groups in " \
	"'sender.groups', and this job has none there"
#define NOT_IN_GROUP "The sender is in none of the groups that may send pages"
#define SPACE_LACKS                                                                                \
	"Only pages of certain spaces may be sent: the app must send the space's key in "          \
	"'page.space_key', and this job has none there"
#define NOT_IN_SPACE "The page is in none of the spaces whose pages may be sent"
#define NO_ACCOUNT                                                                                 \
	"A job may not carry an SMTP account of its own; name a mail server that an admin has "    \
	"set up, or none"
#define NO_HOST	     "The mail server's host is none of those that may be used"
#define NOT_OWN	     "The field 'from' must be the sender's own address"
#define NOT_LISTED   "The field 'from' is none of the addresses that may be written from"
#define NOT_LEFT_OUT "The field 'from' must be left out: the mail server's own address is used"
#define BAD_SENDER                                                                                 \
	"The mail's sender is none of the addresses that may be written from; the field 'from' "   \
	"can name one of them"
#define OUTSIDE(n, field)                                                                          \
	"Recipient " n " of '" field "' lies outside the domains that may be written to"
#define MANY(n, what, most) "The job has " n " " what ", and at most " most " are allowed"
#define LARGE(n, bytes, most)                                                                      \
	"Attachment " n " has " bytes " bytes, and at most " most " are allowed"

/* A job as these rows describe it: addresses stand in text, NULL ends a list. */
struct policies_job {
	const char *to[POLICIES_LIST];
	const char *cc[POLICIES_LIST];
	const char *bcc[POLICIES_LIST];
	const char *sender;
	const char *from;
	const char *groups[POLICIES_LIST];
	const char *space;
	const char *host; /* of an account of its own */
	size_t attachment_bytes[POLICIES_LIST];
};

/* Lies in the module's own storage, until the next one. */
struct job policies_job(const struct policies_job *said);

/* Limits of 0 are as good as none. */
struct policy_params policies_params(struct policy_params p);

/* `refusal` is the whole sentence; NULL: allowed. */
void policies_judge(const char *row, enum fault f, const struct problem *problem,
		    const char *refusal);

#endif
