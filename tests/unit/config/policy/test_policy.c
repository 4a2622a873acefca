#include "config/policy/policy.h"

#include "tests/support/check_main.h"

static const char *const domains[] = {"example.com", ".example.org"};

/* A job as these rows describe it: addresses stand in text, "" ends a list. */
struct row {
	const char *name;
	/* 0 of `recipients`, `attachments`, `attachment_bytes`: no limit */
	struct policy_params params;
	const char *to[3];
	const char *cc[3];
	const char *bcc[3];
	const char *sender;
	const char *from;
	size_t attachment_bytes[3];
	bool account;
	const char *refusal; /* NULL: allowed */
};

static const struct row rows[] = {
	{.name = "plain", .to = {"a@b.example"}},
	{.name = "nothing at all"},
	{.name = "as many recipients as allowed",
	 .params = {.recipients = 3},
	 .to = {"a@b.example"},
	 .cc = {"c@b.example"},
	 .bcc = {"d@b.example"}},
	{.name = "one too many, counted over all fields",
	 .params = {.recipients = 2},
	 .to = {"a@b.example"},
	 .cc = {"c@b.example"},
	 .bcc = {"d@b.example"},
	 .refusal = "The job has 3 recipients, and at most 2 are allowed. The operator of this "
		    "Pagepost can change "
		    "it (limits.recipients)."},
	{.name = "domain allowed, in any case",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .to = {"a@EXAMPLE.com", "b@mail.Example.Org"}},
	{.name = "domain not listed",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .to = {"a@example.com"},
	 .cc = {"a@example.com", "b@example.net"},
	 .refusal = "Recipient 2 of 'cc' lies outside the domains that may be written to. The "
		    "operator of this "
		    "Pagepost can change it (policy.recipient_domains)."},
	{.name = "below a domain that is listed without a dot",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .to = {"a@mail.example.com"},
	 .refusal = "Recipient 1 of 'to' lies outside the domains that may be written to. The "
		    "operator of this "
		    "Pagepost can change it (policy.recipient_domains)."},
	{.name = "the domain itself of one that is listed with a dot",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .bcc = {"a@example.org"},
	 .refusal = "Recipient 1 of 'bcc' lies outside the domains that may be written to. The "
		    "operator of this "
		    "Pagepost can change it (policy.recipient_domains)."},
	{.name = "ends like a listed one",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .to = {"a@notexample.org"},
	 .refusal = "Recipient 1 of 'to' lies outside the domains that may be written to. The "
		    "operator of this "
		    "Pagepost can change it (policy.recipient_domains)."},
	{.name = "the listed domain is in the local part only",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .to = {"example.com@evil.example"},
	 .refusal = "Recipient 1 of 'to' lies outside the domains that may be written to. The "
		    "operator of this "
		    "Pagepost can change it (policy.recipient_domains)."},
	{.name = "any from", .sender = "me@a.example", .from = "you@b.example"},
	{.name = "own from",
	 .params = {.from = POLICY_FROM_OWN},
	 .sender = "me@a.example",
	 .from = "me@A.EXAMPLE"},
	{.name = "own from, not given",
	 .params = {.from = POLICY_FROM_OWN},
	 .sender = "me@a.example"},
	{.name = "another's from",
	 .params = {.from = POLICY_FROM_OWN},
	 .sender = "me@a.example",
	 .from = "you@a.example",
	 .refusal = "The field 'from' must be the sender's own address. The operator of this "
		    "Pagepost can change it "
		    "(policy.from)."},
	{.name = "local parts know case",
	 .params = {.from = POLICY_FROM_OWN},
	 .sender = "me@a.example",
	 .from = "ME@a.example",
	 .refusal = "The field 'from' must be the sender's own address. The operator of this "
		    "Pagepost can change it "
		    "(policy.from)."},
	{.name = "own from, no sender",
	 .params = {.from = POLICY_FROM_OWN},
	 .from = "you@a.example",
	 .refusal = "The field 'from' must be the sender's own address. The operator of this "
		    "Pagepost can change it "
		    "(policy.from)."},
	{.name = "server's from, not given",
	 .params = {.from = POLICY_FROM_SERVER},
	 .sender = "me@a.example"},
	{.name = "server's from, but given",
	 .params = {.from = POLICY_FROM_SERVER},
	 .sender = "me@a.example",
	 .from = "me@a.example",
	 .refusal = "The field 'from' must be left out: the mail server's own address is used. The "
		    "operator of this "
		    "Pagepost can change it (policy.from)."},
	{.name = "account allowed", .params = {.job_accounts = true}, .account = true},
	{.name = "account not allowed",
	 .account = true,
	 .refusal = "A job may not carry an SMTP account of its own; name a mail server that an "
		    "admin has set up, or "
		    "none. The operator of this Pagepost can change it (policy.job_accounts)."},
	{.name = "attachments allowed",
	 .params = {.attachments = 2, .attachment_bytes = 10},
	 .attachment_bytes = {10, 10}},
	{.name = "too many attachments",
	 .params = {.attachments = 1},
	 .attachment_bytes = {1, 1},
	 .refusal = "The job has 2 attachments, and at most 1 are allowed. The operator of this "
		    "Pagepost can change "
		    "it (limits.attachments)."},
	{.name = "too large an attachment",
	 .params = {.attachment_bytes = 10},
	 .attachment_bytes = {1, 11},
	 .refusal = "Attachment 2 has 11 bytes, and at most 10 are allowed. The operator of this "
		    "Pagepost can change "
		    "it (limits.attachment)."},
};

#define OURS .params = {.recipient_domains = domains, .recipient_domain_count = 2}

static const struct row checkups[] = {
	{.name = "nobody named", OURS},
	{.name = "no domains set", .to = {"a@b.example"}, .from = "a@b.example"},
	{.name = "a recipient within", OURS, .to = {"a@example.com"}},
	{.name = "a sender within, who is the recipient", OURS, .from = "a@x.example.org"},
	{.name = "a sender outside is no recipient where one is named",
	 OURS,
	 .to = {"a@example.com"},
	 .from = "a@b.example"},
	{.name = "a recipient outside",
	 OURS,
	 .to = {"a@b.example"},
	 .refusal = "Recipient 1 of 'to' lies outside the domains that may be written to. The "
		    "operator of this Pagepost can change it (policy.recipient_domains)."},
	{.name = "a recipient outside, and a sender within",
	 OURS,
	 .to = {"a@example.org"},
	 .from = "a@example.com",
	 .refusal = "Recipient 1 of 'to' lies outside the domains that may be written to. The "
		    "operator of this Pagepost can change it (policy.recipient_domains)."},
	{.name = "a sender outside, who is the recipient",
	 OURS,
	 .from = "a@b.example",
	 .refusal = "The address of 'from', which is the recipient where 'to' names none, lies "
		    "outside the domains that may be written to. The operator of this Pagepost "
		    "can change it (policy.recipient_domains)."},
	{.name = "whose address it is from is nobody's business: nothing is sent",
	 .params = {.from = POLICY_FROM_SERVER},
	 .from = "a@b.example"},
};

static struct party parties[3][3];
static struct attachment attachments[3];

static size_t fill(struct party *list, const char *const *texts)
{
	size_t n = 0;
	while (n < 3 && texts[n] != NULL) {
		ck_assert_int_eq(mailbox_parse(slice_of_text(texts[n]), &list[n].mailbox),
				 FAULT_NONE);
		n++;
	}
	return n;
}

static struct job job_of(const struct row *r)
{
	struct job j = {.has_account = r->account, .has_from = r->from != NULL};
	j.to = parties[0];
	j.cc = parties[1];
	j.bcc = parties[2];
	j.to_count = fill(j.to, r->to);
	j.cc_count = fill(j.cc, r->cc);
	j.bcc_count = fill(j.bcc, r->bcc);
	if (r->sender != NULL) {
		fill(&j.sender, (const char *const[]){r->sender, NULL});
	}
	if (r->from != NULL) {
		fill(&j.from, (const char *const[]){r->from, NULL});
	}
	j.attachments = attachments;
	while (j.attachment_count < 3 && r->attachment_bytes[j.attachment_count] > 0) {
		/* Only the length is looked at. */
		attachments[j.attachment_count].bytes.len = r->attachment_bytes[j.attachment_count];
		j.attachment_count++;
	}
	return j;
}

typedef enum fault check_fn(const struct policy_params *p, const struct job *j,
			    struct problem *problem);

static void check_row(const struct row *r, check_fn *check)
{
	struct job j = job_of(r);
	struct policy_params p = r->params;
	struct problem problem = {0};
	p.recipients = p.recipients > 0 ? p.recipients : 100;
	p.attachments = p.attachments > 0 ? p.attachments : 100;
	p.attachment_bytes = p.attachment_bytes > 0 ? p.attachment_bytes : 1000;
	enum fault f = check(&p, &j, &problem);
	ck_assert_int_eq(check(&p, &j, NULL), f);
	if (r->refusal == NULL) {
		ck_assert_int_eq(f, FAULT_NONE);
		ck_assert_uint_eq(problem.len, 0);
		return;
	}
	ck_assert_int_eq(f, FAULT_FORBIDDEN);
	ck_assert_int_eq(problem.fault, FAULT_FORBIDDEN);
	ck_assert_msg(slice_eq(problem_text(&problem), slice_of_text(r->refusal)), "%s: %.*s",
		      r->name, (int)problem.len, problem.text);
}

START_TEST(test_rules)
{
	check_row(&rows[_i], policy_check_job);
}
END_TEST

START_TEST(test_rules_of_checkups)
{
	check_row(&checkups[_i], policy_check_checkup);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("policy");
	TCase *t = tcase_create("policy");
	tcase_add_loop_test(t, test_rules, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, test_rules_of_checkups, 0, COUNT_OF(checkups));
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return check_main(suite());
}
