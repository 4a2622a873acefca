/*
 * NAME     rules - the rules themselves, each asked of one level at a time; private to policy
 * OWNS     nothing
 */
#ifndef CONFIG_POLICY_RULES_H
#define CONFIG_POLICY_RULES_H

#include "config/policy/policy.h"

/* In the order in which a job is asked: who, from where, by whose account, as whom, to whom, what. */
enum rule_id {
	RULE_GROUPS,
	RULE_SPACES,
	RULE_JOB_ACCOUNTS,
	RULE_UPSTREAM_HOSTS,
	RULE_FROM,
	RULE_RECIPIENTS,
	RULE_RECIPIENT_DOMAINS,
	RULE_ATTACHMENTS,
	RULE_ATTACHMENT_BYTES,
	RULE_EXTERNAL_IMAGES,
	RULE_OPERATOR_SERVER,
	RULE_COUNT,
};

/* Who says something about a rule. */
struct rule_level {
	const struct policy_rules *rules;
	/* The operator's form of a list; a record has it in lines. */
	const char *const *texts;
	size_t text_count;
};

/* What is asked about: a job, or one thing that was chosen for it. */
struct rule_subject {
	const struct job *job;
	struct slice host;
	const struct mailbox *from;
};

/* FORBIDDEN with the begin of a sentence, to which is added who can change it. */
typedef enum fault rule_check_fn(const struct rule_level *l, const struct rule_subject *s,
				 struct problem *problem);

enum rule_kind { RULE_LINES, RULE_LIMIT, RULE_WORD, RULE_SENDER };

struct rule {
	const char *name; /* in a record */
	const char *key;  /* in pagepost.conf; NULL: the operator has no such rule */
	enum rule_kind kind;
	size_t where;	    /* in struct policy_rules */
	bool is_tenants;    /* a space cannot have it */
	rule_check_fn *job; /* NULL: no job is refused for it */
};

extern const struct rule rule_table[RULE_COUNT];

bool rule_is_set(const struct rule *r, const struct rule_level *l);

rule_check_fn rule_check_host;
rule_check_fn rule_check_operators_server;
rule_check_fn rule_check_checked_sender;
rule_check_fn rule_check_chosen_from;

#endif
