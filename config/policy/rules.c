#include "config/policy/rules.h"

#include "spool-free/base/domain.h"

static enum fault forbid(struct problem *problem, const char *sentence)
{
	return problem_set(problem, FAULT_FORBIDDEN, sentence);
}

static enum fault too_many(struct problem *problem, size_t count, const char *what, size_t most)
{
	forbid(problem, "The job has ");
	problem_add_number(problem, count);
	problem_add(problem, what);
	problem_add_number(problem, most);
	problem_add(problem, " are allowed");
	return FAULT_FORBIDDEN;
}

/* A list that is gone through, in whichever form it is. */
struct entries {
	const char *const *texts;
	size_t text_count;
	struct slice lines;
};

static struct entries entries_of(const struct rule_level *l, struct slice lines)
{
	return (struct entries){.texts = l->texts, .text_count = l->text_count, .lines = lines};
}

static bool entries_next(struct entries *e, struct slice *out_entry)
{
	if (e->text_count > 0) {
		*out_entry = slice_of_text(*e->texts);
		e->texts++;
		e->text_count--;
		return true;
	}
	while (e->lines.len > 0) {
		if (!slice_cut_to(&e->lines, '\n', out_entry)) {
			*out_entry = e->lines;
			e->lines = (struct slice){0};
		}
		if (out_entry->len > 0) {
			return true;
		}
	}
	return false;
}

static bool is_within(struct slice domain, struct slice allowed)
{
	if (slice_starts(allowed, SLICE_LIT("."))) { /* what lies below, and not itself */
		return domain.len > allowed.len && domain_holds(slice_skip(allowed, 1), domain);
	}
	return slice_eq_nocase(domain, allowed);
}

static bool is_within_one(struct entries list, struct slice domain)
{
	struct slice allowed;
	while (entries_next(&list, &allowed)) {
		if (is_within(domain, allowed)) {
			return true;
		}
	}
	return false;
}

static enum fault check_groups(const struct rule_level *l, const struct rule_subject *s,
			       struct problem *problem)
{
	const struct job *j = s->job;
	struct entries list = entries_of(l, l->rules->groups);
	struct slice group;
	if (j->sender_group_count == 0) {
		return forbid(
			problem,
			"Only members of certain groups may send pages: the app must send the "
			"sender's groups in 'sender.groups', and this job has none there");
	}
	while (entries_next(&list, &group)) {
		for (size_t i = 0; i < j->sender_group_count; i++) {
			if (slice_eq(j->sender_groups[i], group)) {
				return FAULT_NONE;
			}
		}
	}
	return forbid(problem, "The sender is in none of the groups that may send pages");
}

static enum fault check_spaces(const struct rule_level *l, const struct rule_subject *s,
			       struct problem *problem)
{
	struct entries list = entries_of(l, l->rules->spaces);
	struct slice key;
	if (s->job->page.space_key.len == 0) {
		return forbid(problem,
			      "Only pages of certain spaces may be sent: the app must send the "
			      "space's key in 'page.space_key', and this job has none there");
	}
	while (entries_next(&list, &key)) {
		/* Confluence takes no two keys that differ in case alone. */
		if (slice_eq_nocase(s->job->page.space_key, key)) {
			return FAULT_NONE;
		}
	}
	return forbid(problem, "The page is in none of the spaces whose pages may be sent");
}

static enum fault check_account(const struct rule_level *l, const struct rule_subject *s,
				struct problem *problem)
{
	if (!s->job->has_account || l->rules->job_accounts == POLICY_YES) {
		return FAULT_NONE;
	}
	return forbid(
		problem,
		"A job may not carry an SMTP account of its own; name a mail server that an admin "
		"has set up, or none");
}

enum fault rule_check_host(const struct rule_level *l, const struct rule_subject *s,
			   struct problem *problem)
{
	if (is_within_one(entries_of(l, l->rules->upstream_hosts), s->host)) {
		return FAULT_NONE;
	}
	return forbid(problem, "The mail server's host is none of those that may be used");
}

static enum fault check_account_host(const struct rule_level *l, const struct rule_subject *s,
				     struct problem *problem)
{
	const struct rule_subject account = {.host = s->job->account.host};
	return s->job->has_account ? rule_check_host(l, &account, problem) : FAULT_NONE;
}

/* RFC 5321 2.4: the local part may know case, the domain does not. */
static bool is_same_mailbox(const struct mailbox *a, const struct mailbox *b)
{
	return slice_eq(a->local, b->local) && slice_eq_nocase(a->domain, b->domain);
}

static bool is_listed_sender(const struct rule_level *l, const struct mailbox *m)
{
	struct entries list = entries_of(l, l->rules->senders);
	struct mailbox sender;
	struct slice text;
	while (entries_next(&list, &text)) {
		if (mailbox_parse(text, &sender) == FAULT_NONE && is_same_mailbox(m, &sender)) {
			return true;
		}
	}
	return false;
}

/* A list without the word: who has named senders means them. */
static enum policy_from from_of(const struct policy_rules *r)
{
	return r->from == POLICY_FROM_UNSET && r->senders.len > 0 ? POLICY_FROM_LIST : r->from;
}

static enum fault check_from(const struct rule_level *l, const struct rule_subject *s,
			     struct problem *problem)
{
	const struct job *j = s->job;
	if (!j->has_from) {
		return FAULT_NONE;
	}
	switch (from_of(l->rules)) {
	case POLICY_FROM_UNSET:
	case POLICY_FROM_ANY:
		return FAULT_NONE;
	case POLICY_FROM_OWN:
		if (is_same_mailbox(&j->from.mailbox, &j->sender.mailbox)) {
			return FAULT_NONE;
		}
		return forbid(problem, "The field 'from' must be the sender's own address");
	case POLICY_FROM_LIST:
		if (is_listed_sender(l, &j->from.mailbox)) {
			return FAULT_NONE;
		}
		return forbid(problem, "The field 'from' is none of the addresses that may be "
				       "written from");
	case POLICY_FROM_SERVER:
		break;
	}
	return forbid(problem,
		      "The field 'from' must be left out: the mail server's own address is used");
}

enum fault rule_check_chosen_from(const struct rule_level *l, const struct rule_subject *s,
				  struct problem *problem)
{
	if (from_of(l->rules) != POLICY_FROM_LIST || is_listed_sender(l, s->from)) {
		return FAULT_NONE;
	}
	return forbid(problem, "The mail's sender is none of the addresses that may be written "
			       "from; the field 'from' can name one of them");
}

static enum fault check_recipients(const struct rule_level *l, const struct rule_subject *s,
				   struct problem *problem)
{
	size_t count = job_recipient_count(s->job);
	size_t most = l->rules->recipients.most;
	return count <= most ? FAULT_NONE
			     : too_many(problem, count, " recipients, and at most ", most);
}

static enum fault check_domains(const struct rule_level *l, const struct rule_subject *s,
				struct problem *problem)
{
	const struct job *j = s->job;
	const struct {
		const char *field;
		const struct party *parties;
		size_t count;
	} lists[] = {
		{"'to'", j->to, j->to_count},
		{"'cc'", j->cc, j->cc_count},
		{"'bcc'", j->bcc, j->bcc_count},
	};
	const struct entries allowed = entries_of(l, l->rules->recipient_domains);
	for (size_t n = 0; n < COUNT_OF(lists); n++) {
		for (size_t i = 0; i < lists[n].count; i++) {
			if (is_within_one(allowed, lists[n].parties[i].mailbox.domain)) {
				continue;
			}
			forbid(problem, "Recipient ");
			problem_add_number(problem, i + 1);
			problem_add(problem, " of ");
			problem_add(problem, lists[n].field);
			problem_add(problem, " lies outside the domains that may be written to");
			return FAULT_FORBIDDEN;
		}
	}
	return FAULT_NONE;
}

/* Where a look at a mail server names no recipient, it names the sender as one (relay/smtp/checkup.h). */
enum fault rule_check_checked_sender(const struct rule_level *l, const struct rule_subject *s,
				     struct problem *problem)
{
	const struct job *j = s->job;
	const struct entries allowed = entries_of(l, l->rules->recipient_domains);
	if (!j->has_from || j->to_count > 0 || is_within_one(allowed, j->from.mailbox.domain)) {
		return FAULT_NONE;
	}
	return forbid(problem,
		      "The address of 'from', which is the recipient where 'to' names none, "
		      "lies outside the domains that may be written to");
}

enum fault rule_check_operators_server(const struct rule_level *l,
				       const struct rule_subject *s UNUSED, struct problem *problem)
{
	return l->rules->operator_server == POLICY_YES
		       ? FAULT_NONE
		       : forbid(problem, "The operator's mail server may not be used: name a mail "
					 "server that an admin has set up, or have one set as the "
					 "default");
}

static enum fault check_attachments(const struct rule_level *l, const struct rule_subject *s,
				    struct problem *problem)
{
	size_t count = s->job->attachment_count;
	size_t most = l->rules->attachments.most;
	return count <= most ? FAULT_NONE
			     : too_many(problem, count, " attachments, and at most ", most);
}

static enum fault check_attachment_bytes(const struct rule_level *l, const struct rule_subject *s,
					 struct problem *problem)
{
	const struct job *j = s->job;
	size_t most = l->rules->attachment_bytes.most;
	for (size_t i = 0; i < j->attachment_count; i++) {
		if (j->attachments[i].bytes.len <= most) {
			continue;
		}
		forbid(problem, "Attachment ");
		problem_add_number(problem, i + 1);
		problem_add(problem, " has ");
		problem_add_number(problem, j->attachments[i].bytes.len);
		problem_add(problem, " bytes, and at most ");
		problem_add_number(problem, most);
		problem_add(problem, " are allowed");
		return FAULT_FORBIDDEN;
	}
	return FAULT_NONE;
}

#define AT(field) offsetof(struct policy_rules, field)

const struct rule rule_table[RULE_COUNT] = {
	[RULE_GROUPS] = {"groups", NULL, RULE_LINES, AT(groups), false, check_groups},
	[RULE_SPACES] = {"spaces", NULL, RULE_LINES, AT(spaces), true, check_spaces},
	[RULE_JOB_ACCOUNTS] = {"job_accounts", "policy.job_accounts", RULE_WORD, AT(job_accounts),
			       false, check_account},
	[RULE_UPSTREAM_HOSTS] = {"upstream_hosts", NULL, RULE_LINES, AT(upstream_hosts), false,
				 check_account_host},
	[RULE_FROM] = {"from", "policy.from", RULE_SENDER, 0, false, check_from},
	[RULE_RECIPIENTS] = {"recipients", "limits.recipients", RULE_LIMIT, AT(recipients), false,
			     check_recipients},
	[RULE_RECIPIENT_DOMAINS] = {"recipient_domains", "policy.recipient_domains", RULE_LINES,
				    AT(recipient_domains), false, check_domains},
	[RULE_ATTACHMENTS] = {"attachments", "limits.attachments", RULE_LIMIT, AT(attachments),
			      false, check_attachments},
	[RULE_ATTACHMENT_BYTES] = {"attachment_bytes", "limits.attachment", RULE_LIMIT,
				   AT(attachment_bytes), false, check_attachment_bytes},
	[RULE_EXTERNAL_IMAGES] = {"external_images", NULL, RULE_WORD, AT(external_images), false,
				  NULL},
	[RULE_OPERATOR_SERVER] = {"operator_server", "policy.operator_server", RULE_WORD,
				  AT(operator_server), false, NULL},
};

bool rule_is_set(const struct rule *r, const struct rule_level *l)
{
	const void *at = (const char *)l->rules + r->where;
	switch (r->kind) {
	case RULE_LINES:
		return l->text_count > 0 || ((const struct slice *)at)->len > 0;
	case RULE_LIMIT:
		return ((const struct policy_limit *)at)->is_set;
	case RULE_WORD:
		return *(const enum policy_word *)at != POLICY_UNSET;
	case RULE_SENDER:
		break;
	}
	return from_of(l->rules) != POLICY_FROM_UNSET;
}
