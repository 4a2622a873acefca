#include "config/policy/policy.h"

#include "spool-free/base/domain.h"

static enum fault forbid(struct problem *problem, const char *sentence)
{
	return problem_set(problem, FAULT_FORBIDDEN, sentence);
}

static enum fault check_recipients(const struct policy_params *p, const struct job *j,
				   struct problem *problem)
{
	size_t count = job_recipient_count(j);
	if (count <= p->recipients) {
		return FAULT_NONE;
	}
	forbid(problem, "The job has ");
	problem_add_number(problem, count);
	problem_add(problem, " recipients, and at most ");
	problem_add_number(problem, p->recipients);
	problem_add(problem, " are allowed");
	return FAULT_FORBIDDEN;
}

static bool is_within(struct slice domain, struct slice allowed)
{
	if (slice_starts(allowed, SLICE_LIT("."))) { /* what lies below, and not itself */
		return domain.len > allowed.len && domain_holds(slice_skip(allowed, 1), domain);
	}
	return slice_eq_nocase(domain, allowed);
}

static bool is_allowed_domain(const struct policy_params *p, struct slice domain)
{
	for (size_t i = 0; i < p->recipient_domain_count; i++) {
		if (is_within(domain, slice_of_text(p->recipient_domains[i]))) {
			return true;
		}
	}
	return p->recipient_domain_count == 0;
}

static enum fault check_domains(const struct policy_params *p, const struct job *j,
				struct problem *problem)
{
	const struct {
		const char *field;
		const struct party *parties;
		size_t count;
	} lists[] = {
		{"'to'", j->to, j->to_count},
		{"'cc'", j->cc, j->cc_count},
		{"'bcc'", j->bcc, j->bcc_count},
	};
	for (size_t l = 0; l < COUNT_OF(lists); l++) {
		for (size_t i = 0; i < lists[l].count; i++) {
			if (is_allowed_domain(p, lists[l].parties[i].mailbox.domain)) {
				continue;
			}
			forbid(problem, "Recipient ");
			problem_add_number(problem, i + 1);
			problem_add(problem, " of ");
			problem_add(problem, lists[l].field);
			problem_add(problem, " lies outside the domains that may be written to");
			return FAULT_FORBIDDEN;
		}
	}
	return FAULT_NONE;
}

/* Where a look at a mail server names no recipient, it names the sender as one (relay/smtp/checkup.h). */
static enum fault check_sender_as_recipient(const struct policy_params *p, const struct job *j,
					    struct problem *problem)
{
	if (!j->has_from || j->to_count > 0 || is_allowed_domain(p, j->from.mailbox.domain)) {
		return FAULT_NONE;
	}
	return forbid(problem,
		      "The address of 'from', which is the recipient where 'to' names none, "
		      "lies outside the domains that may be written to");
}

/* RFC 5321 2.4: the local part may know case, the domain does not. */
static bool is_same_mailbox(const struct mailbox *a, const struct mailbox *b)
{
	return slice_eq(a->local, b->local) && slice_eq_nocase(a->domain, b->domain);
}

static enum fault check_from(const struct policy_params *p, const struct job *j,
			     struct problem *problem)
{
	if (!j->has_from) {
		return FAULT_NONE;
	}
	switch (p->from) {
	case POLICY_FROM_ANY:
		return FAULT_NONE;
	case POLICY_FROM_OWN:
		if (is_same_mailbox(&j->from.mailbox, &j->sender.mailbox)) {
			return FAULT_NONE;
		}
		return forbid(problem, "The field 'from' must be the sender's own address");
	case POLICY_FROM_SERVER:
		break;
	}
	return forbid(problem,
		      "The field 'from' must be left out: the mail server's own address is used");
}

static enum fault check_account(const struct policy_params *p, const struct job *j,
				struct problem *problem)
{
	if (!j->has_account || p->job_accounts) {
		return FAULT_NONE;
	}
	return forbid(
		problem,
		"A job may not carry an SMTP account of its own; name a mail server that an admin "
		"has set up, or none");
}

static enum fault check_attachments(const struct policy_params *p, const struct job *j,
				    struct problem *problem)
{
	if (j->attachment_count > p->attachments) {
		forbid(problem, "The job has ");
		problem_add_number(problem, j->attachment_count);
		problem_add(problem, " attachments, and at most ");
		problem_add_number(problem, p->attachments);
		problem_add(problem, " are allowed");
		return FAULT_FORBIDDEN;
	}
	return FAULT_NONE;
}

static enum fault check_attachment_bytes(const struct policy_params *p, const struct job *j,
					 struct problem *problem)
{
	for (size_t i = 0; i < j->attachment_count; i++) {
		if (j->attachments[i].bytes.len <= p->attachment_bytes) {
			continue;
		}
		forbid(problem, "Attachment ");
		problem_add_number(problem, i + 1);
		problem_add(problem, " has ");
		problem_add_number(problem, j->attachments[i].bytes.len);
		problem_add(problem, " bytes, and at most ");
		problem_add_number(problem, p->attachment_bytes);
		problem_add(problem, " are allowed");
		return FAULT_FORBIDDEN;
	}
	return FAULT_NONE;
}

struct rule {
	const char *key; /* in pagepost.conf */
	enum fault (*check)(const struct policy_params *p, const struct job *j,
			    struct problem *problem);
};

static const struct rule of_jobs[] = {
	{"policy.job_accounts", check_account},	   {"policy.from", check_from},
	{"limits.recipients", check_recipients},   {"policy.recipient_domains", check_domains},
	{"limits.attachments", check_attachments}, {"limits.attachment", check_attachment_bytes},
};

static const struct rule of_checkups[] = {
	{"policy.recipient_domains", check_domains},
	{"policy.recipient_domains", check_sender_as_recipient},
};

static enum fault check_all(const struct rule *rules, size_t count, const struct policy_params *p,
			    const struct job *j, struct problem *problem)
{
	struct problem sentence;
	for (size_t i = 0; i < count; i++) {
		enum fault f = rules[i].check(p, j, &sentence);
		if (f == FAULT_NONE) {
			continue;
		}
		problem_add(&sentence, ". The operator of this Pagepost can change it (");
		problem_add(&sentence, rules[i].key);
		problem_add(&sentence, ").");
		if (problem != NULL) {
			*problem = sentence;
		}
		return f;
	}
	return FAULT_NONE;
}

enum fault policy_check_job(const struct policy_params *p, const struct job *j,
			    struct problem *problem)
{
	return check_all(of_jobs, COUNT_OF(of_jobs), p, j, problem);
}

enum fault policy_check_checkup(const struct policy_params *p, const struct job *j,
				struct problem *problem)
{
	return check_all(of_checkups, COUNT_OF(of_checkups), p, j, problem);
}
