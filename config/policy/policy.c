#include "config/policy/policy.h"

#include "config/policy/rules.h"

enum level { OPERATOR, TENANT, SPACE, LEVEL_COUNT };

/* What follows is the rule's name there. */
static const char *const who_can_change[LEVEL_COUNT] = {
	[OPERATOR] = ". The operator of this Pagepost can change it (",
	[TENANT] = ". An admin of this site can change it (policy: ",
	[SPACE] = ". An admin of the page's space can change it (policy: ",
};

/* Room for the operator's word in the form that the others have. */
struct levels {
	struct policy_rules operators;
	struct rule_level at[LEVEL_COUNT];
};

static bool speaks(const struct levels *all, enum level at, const struct rule *rule)
{
	return all->at[at].rules != NULL && rule_is_set(rule, &all->at[at]);
}

/* Who has a say about this rule: `rules` of a level that has none is NULL. */
static void find_levels(const struct policy *p, const struct rule *rule, struct levels *all)
{
	const struct policy_params *params = p->params;
	*all = (struct levels){
		.operators = {.job_accounts = params->job_accounts ? POLICY_YES : POLICY_NO,
			      .operator_server = params->operator_server ? POLICY_YES : POLICY_NO,
			      .from = params->from,
			      .recipients = {true, params->recipients},
			      .attachments = {true, params->attachments},
			      .attachment_bytes = {true, params->attachment_bytes}},
		.at = {[TENANT] = {.rules = p->tenant}, [SPACE] = {.rules = p->space}},
	};
	if (rule->key != NULL) {
		all->at[OPERATOR].rules = &all->operators;
	}
	if (rule == &rule_table[RULE_RECIPIENT_DOMAINS]) {
		all->at[OPERATOR].texts = params->recipient_domains;
		all->at[OPERATOR].text_count = params->recipient_domain_count;
	}
	if (rule->is_tenants) {
		all->at[SPACE].rules = NULL;
	}
	if (p->tenant != NULL && p->tenant->enforce == POLICY_NO && speaks(all, SPACE, rule)) {
		all->at[TENANT].rules = NULL;
	}
}

static enum fault ask(const struct policy *p, const struct rule *rule, rule_check_fn *check,
		      const struct rule_subject *subject, struct problem *problem)
{
	struct levels all;
	find_levels(p, rule, &all);
	for (enum level at = OPERATOR; at < LEVEL_COUNT; at++) {
		struct problem sentence;
		enum fault f = speaks(&all, at, rule) ? check(&all.at[at], subject, &sentence)
						      : FAULT_NONE;
		if (f == FAULT_NONE) {
			continue;
		}
		problem_add(&sentence, who_can_change[at]);
		problem_add(&sentence, at == OPERATOR ? rule->key : rule->name);
		problem_add(&sentence, ").");
		sentence.is_operators = at == OPERATOR;
		if (problem != NULL) {
			*problem = sentence;
		}
		return f;
	}
	return FAULT_NONE;
}

enum fault policy_check_job(const struct policy *p, const struct job *j, struct problem *problem)
{
	const struct rule_subject subject = {.job = j};
	enum fault f = FAULT_NONE;
	for (size_t i = 0; f == FAULT_NONE && i < RULE_COUNT; i++) {
		if (rule_table[i].job != NULL) {
			f = ask(p, &rule_table[i], rule_table[i].job, &subject, problem);
		}
	}
	return f;
}

enum fault policy_check_checkup(const struct policy *p, const struct job *j,
				struct problem *problem)
{
	const struct rule *rule = &rule_table[RULE_RECIPIENT_DOMAINS];
	const struct rule_subject subject = {.job = j};
	enum fault f = ask(p, rule, rule->job, &subject, problem);
	return f == FAULT_NONE ? ask(p, rule, rule_check_checked_sender, &subject, problem) : f;
}

bool policy_wants_record_from(const struct policy *p)
{
	struct levels all;
	find_levels(p, &rule_table[RULE_FROM], &all);
	for (enum level at = OPERATOR; at < LEVEL_COUNT; at++) {
		if (speaks(&all, at, &rule_table[RULE_FROM]) &&
		    all.at[at].rules->from == POLICY_FROM_SERVER) {
			return true;
		}
	}
	return false;
}

enum fault policy_check_host(const struct policy *p, struct slice host, struct problem *problem)
{
	const struct rule_subject subject = {.host = host};
	return ask(p, &rule_table[RULE_UPSTREAM_HOSTS], rule_check_host, &subject, problem);
}

enum fault policy_check_operators_server(const struct policy *p, struct problem *problem)
{
	const struct rule_subject subject = {0};
	return ask(p, &rule_table[RULE_OPERATOR_SERVER], rule_check_operators_server, &subject,
		   problem);
}

enum fault policy_check_from(const struct policy *p, const struct mailbox *from,
			     struct problem *problem)
{
	const struct rule_subject subject = {.from = from};
	return ask(p, &rule_table[RULE_FROM], rule_check_chosen_from, &subject, problem);
}

bool policy_external_images(const struct policy *p, bool operators)
{
	const struct rule *rule = &rule_table[RULE_EXTERNAL_IMAGES];
	struct levels all;
	find_levels(p, rule, &all);
	bool may = operators;
	for (enum level at = TENANT; at < LEVEL_COUNT; at++) {
		if (speaks(&all, at, rule)) {
			may = may && all.at[at].rules->external_images == POLICY_YES;
		}
	}
	return may;
}
