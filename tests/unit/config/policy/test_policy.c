#include "config/policy/policy.h"

#include "tests/support/check_main.h"
#include "tests/support/policies.h"

static const char *const domains[] = {"example.com", ".example.org"};

/* The operator's rules alone: neither tenant nor space has a record. */
static const struct {
	const char *name;
	/* 0 of `recipients`, `attachments`, `attachment_bytes`: as good as no limit */
	struct policy_params params;
	struct policies_job job;
	const char *refusal; /* NULL: allowed */
} operators[] = {
	{.name = "plain", .job = {.to = {"a@b.example"}}},
	{.name = "nothing at all"},
	{.name = "as many recipients as allowed",
	 .params = {.recipients = 3},
	 .job = {.to = {"a@b.example"}, .cc = {"c@b.example"}, .bcc = {"d@b.example"}}},
	{.name = "one too many, counted over all fields",
	 .params = {.recipients = 2},
	 .job = {.to = {"a@b.example"}, .cc = {"c@b.example"}, .bcc = {"d@b.example"}},
	 .refusal = MANY("3", "recipients", "2") OPERATOR("limits.recipients")},
	{.name = "domain allowed, in any case",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .job = {.to = {"a@EXAMPLE.com", "b@mail.Example.Org"}}},
	{.name = "domain not listed",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .job = {.to = {"a@example.com"}, .cc = {"a@example.com", "b@example.net"}},
	 .refusal = OUTSIDE("2", "cc") OPERATOR("policy.recipient_domains")},
	{.name = "below a domain that is listed without a dot",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .job = {.to = {"a@mail.example.com"}},
	 .refusal = OUTSIDE("1", "to") OPERATOR("policy.recipient_domains")},
	{.name = "the domain itself of one that is listed with a dot",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .job = {.bcc = {"a@example.org"}},
	 .refusal = OUTSIDE("1", "bcc") OPERATOR("policy.recipient_domains")},
	{.name = "ends like a listed one",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .job = {.to = {"a@notexample.org"}},
	 .refusal = OUTSIDE("1", "to") OPERATOR("policy.recipient_domains")},
	{.name = "the listed domain is in the local part only",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .job = {.to = {"example.com@evil.example"}},
	 .refusal = OUTSIDE("1", "to") OPERATOR("policy.recipient_domains")},
	{.name = "any from, unsaid", .job = {.sender = "me@a.example", .from = "you@b.example"}},
	{.name = "any from",
	 .params = {.from = POLICY_FROM_ANY},
	 .job = {.sender = "me@a.example", .from = "you@b.example"}},
	{.name = "own from",
	 .params = {.from = POLICY_FROM_OWN},
	 .job = {.sender = "me@a.example", .from = "me@A.EXAMPLE"}},
	{.name = "own from, not given",
	 .params = {.from = POLICY_FROM_OWN},
	 .job = {.sender = "me@a.example"}},
	{.name = "another's from",
	 .params = {.from = POLICY_FROM_OWN},
	 .job = {.sender = "me@a.example", .from = "you@a.example"},
	 .refusal = NOT_OWN OPERATOR("policy.from")},
	{.name = "local parts know case",
	 .params = {.from = POLICY_FROM_OWN},
	 .job = {.sender = "me@a.example", .from = "ME@a.example"},
	 .refusal = NOT_OWN OPERATOR("policy.from")},
	{.name = "own from, no sender",
	 .params = {.from = POLICY_FROM_OWN},
	 .job = {.from = "you@a.example"},
	 .refusal = NOT_OWN OPERATOR("policy.from")},
	{.name = "server's from, not given",
	 .params = {.from = POLICY_FROM_SERVER},
	 .job = {.sender = "me@a.example"}},
	{.name = "server's from, but given",
	 .params = {.from = POLICY_FROM_SERVER},
	 .job = {.sender = "me@a.example", .from = "me@a.example"},
	 .refusal = NOT_LEFT_OUT OPERATOR("policy.from")},
	{.name = "a list that the operator cannot have",
	 .params = {.from = POLICY_FROM_LIST},
	 .job = {.from = "me@a.example"},
	 .refusal = NOT_LISTED OPERATOR("policy.from")},
	{.name = "account allowed", .params = {.job_accounts = true}, .job = {.host = "h.example"}},
	{.name = "account not allowed",
	 .job = {.host = "h.example"},
	 .refusal = NO_ACCOUNT OPERATOR("policy.job_accounts")},
	{.name = "attachments allowed",
	 .params = {.attachments = 2, .attachment_bytes = 10},
	 .job = {.attachment_bytes = {10, 10}}},
	{.name = "too many attachments",
	 .params = {.attachments = 1},
	 .job = {.attachment_bytes = {1, 1}},
	 .refusal = MANY("2", "attachments", "1") OPERATOR("limits.attachments")},
	{.name = "too large an attachment",
	 .params = {.attachment_bytes = 10},
	 .job = {.attachment_bytes = {1, 11}},
	 .refusal = LARGE("2", "11", "10") OPERATOR("limits.attachment")},
	{.name = "the first rule that says no",
	 .params = {.recipients = 1, .recipient_domains = domains, .recipient_domain_count = 2},
	 .job = {.to = {"a@b.example", "c@d.example"}, .host = "h.example"},
	 .refusal = NO_ACCOUNT OPERATOR("policy.job_accounts")},
};

START_TEST(operators_rules)
{
	const struct policy_params p = policies_params(operators[_i].params);
	const struct policy_rules silent = {0};
	const struct policy policies[] = {
		{&p, NULL, NULL}, {&p, &silent, NULL}, {&p, NULL, &silent}, {&p, &silent, &silent}};
	struct job j = policies_job(&operators[_i].job);
	for (size_t i = 0; i < COUNT_OF(policies); i++) {
		struct problem problem = {0};
		enum fault f = policy_check_job(&policies[i], &j, &problem);
		policies_judge(operators[_i].name, f, &problem, operators[_i].refusal);
		ck_assert_int_eq(policy_check_job(&policies[i], &j, NULL), f);
	}
}
END_TEST

/* Two levels or more that say something; and what a tenant alone can say. */
static const struct {
	const char *name;
	struct policy_params params;
	struct policy_rules tenant, space;
	struct policies_job job;
	const char *refusal;
} combined[] = {
	{.name = "a space of the tenant's, in any case",
	 .tenant = {.spaces = LINES("DOCS\n~jo")},
	 .job = {.space = "docs"}},
	{.name = "no space said",
	 .tenant = {.spaces = LINES("DOCS")},
	 .refusal = SPACE_LACKS SITE("spaces")},
	{.name = "another space",
	 .tenant = {.spaces = LINES("DOCS\n~jo")},
	 .job = {.space = "DOCS2"},
	 .refusal = NOT_IN_SPACE SITE("spaces")},
	{.name = "a list of empty lines has no space",
	 .tenant = {.spaces = LINES("\n\n")},
	 .job = {.space = "DOCS"},
	 .refusal = NOT_IN_SPACE SITE("spaces")},
	{.name = "a space says nothing of spaces",
	 .space = {.spaces = LINES("DOCS")},
	 .job = {.space = "OTHER"}},
	{.name = "a space lets itself in nowhere",
	 .tenant = {.enforce = POLICY_NO, .spaces = LINES("DOCS")},
	 .space = {.spaces = LINES("OTHER")},
	 .job = {.space = "OTHER"},
	 .refusal = NOT_IN_SPACE SITE("spaces")},

	{.name = "groups of both",
	 .tenant = {.groups = LINES("staff\nguests")},
	 .space = {.groups = LINES("writers")},
	 .job = {.groups = {"staff", "writers"}}},
	{.name = "a group of the tenant's alone",
	 .tenant = {.groups = LINES("staff")},
	 .space = {.groups = LINES("writers")},
	 .job = {.groups = {"staff"}},
	 .refusal = NOT_IN_GROUP SPACE("groups")},
	{.name = "a group of the space's alone",
	 .tenant = {.groups = LINES("staff")},
	 .space = {.groups = LINES("writers")},
	 .job = {.groups = {"writers"}},
	 .refusal = NOT_IN_GROUP SITE("groups")},
	{.name = "the same, said to hold",
	 .tenant = {.enforce = POLICY_YES, .groups = LINES("staff")},
	 .space = {.groups = LINES("writers")},
	 .job = {.groups = {"writers"}},
	 .refusal = NOT_IN_GROUP SITE("groups")},
	{.name = "the same, where spaces may differ",
	 .tenant = {.enforce = POLICY_NO, .groups = LINES("staff")},
	 .space = {.groups = LINES("writers")},
	 .job = {.groups = {"writers"}}},
	{.name = "in place of the tenant's, not beside it",
	 .tenant = {.enforce = POLICY_NO, .groups = LINES("staff")},
	 .space = {.groups = LINES("writers")},
	 .job = {.groups = {"staff"}},
	 .refusal = NOT_IN_GROUP SPACE("groups")},
	{.name = "what the space does not set is the tenant's",
	 .tenant = {.enforce = POLICY_NO, .groups = LINES("staff")},
	 .space = {.recipients = MOST(5)},
	 .job = {.groups = {"writers"}},
	 .refusal = NOT_IN_GROUP SITE("groups")},
	{.name = "a space does not let itself differ",
	 .tenant = {.groups = LINES("staff")},
	 .space = {.enforce = POLICY_NO, .groups = LINES("writers")},
	 .job = {.groups = {"writers"}},
	 .refusal = NOT_IN_GROUP SITE("groups")},

	{.name = "accounts: the operator says no first",
	 .tenant = {.enforce = POLICY_NO, .job_accounts = POLICY_YES},
	 .space = {.job_accounts = POLICY_YES},
	 .job = {.host = "h.example"},
	 .refusal = NO_ACCOUNT OPERATOR("policy.job_accounts")},
	{.name = "accounts: the space's yes is none",
	 .params = {.job_accounts = true},
	 .tenant = {.job_accounts = POLICY_NO},
	 .space = {.job_accounts = POLICY_YES},
	 .job = {.host = "h.example"},
	 .refusal = NO_ACCOUNT SITE("job_accounts")},
	{.name = "accounts: the space's yes counts",
	 .params = {.job_accounts = true},
	 .tenant = {.enforce = POLICY_NO, .job_accounts = POLICY_NO},
	 .space = {.job_accounts = POLICY_YES},
	 .job = {.host = "h.example"}},
	{.name = "accounts: the space's no",
	 .params = {.job_accounts = true},
	 .tenant = {.enforce = POLICY_NO, .job_accounts = POLICY_YES},
	 .space = {.job_accounts = POLICY_NO},
	 .job = {.host = "h.example"},
	 .refusal = NO_ACCOUNT SPACE("job_accounts")},

	{.name = "hosts: of the space's alone",
	 .params = {.job_accounts = true},
	 .tenant = {.upstream_hosts = LINES(".example.com")},
	 .space = {.upstream_hosts = LINES("smtp.example.net")},
	 .job = {.host = "smtp.example.net"},
	 .refusal = NO_HOST SITE("upstream_hosts")},
	{.name = "hosts: narrowed by the space",
	 .params = {.job_accounts = true},
	 .tenant = {.upstream_hosts = LINES(".example.com")},
	 .space = {.upstream_hosts = LINES("smtp.example.com")},
	 .job = {.host = "mx.example.com"},
	 .refusal = NO_HOST SPACE("upstream_hosts")},
	{.name = "hosts: the space's own",
	 .params = {.job_accounts = true},
	 .tenant = {.enforce = POLICY_NO, .upstream_hosts = LINES(".example.com")},
	 .space = {.upstream_hosts = LINES("smtp.example.net")},
	 .job = {.host = "smtp.example.net"}},

	{.name = "from: own and listed",
	 .tenant = {.from = POLICY_FROM_OWN},
	 .space = {.from = POLICY_FROM_LIST, .senders = LINES("me@a.example")},
	 .job = {.sender = "me@a.example", .from = "me@a.example"}},
	{.name = "from: listed, but not own",
	 .tenant = {.from = POLICY_FROM_OWN},
	 .space = {.from = POLICY_FROM_LIST, .senders = LINES("wiki@a.example")},
	 .job = {.sender = "me@a.example", .from = "wiki@a.example"},
	 .refusal = NOT_OWN SITE("from")},
	{.name = "from: listed in place of own",
	 .tenant = {.enforce = POLICY_NO, .from = POLICY_FROM_OWN},
	 .space = {.from = POLICY_FROM_LIST, .senders = LINES("wiki@a.example")},
	 .job = {.sender = "me@a.example", .from = "wiki@a.example"}},
	{.name = "from: a list of the space's without the word replaces, too",
	 .tenant = {.enforce = POLICY_NO, .from = POLICY_FROM_SERVER},
	 .space = {.senders = LINES("wiki@a.example")},
	 .job = {.from = "me@a.example"},
	 .refusal = NOT_LISTED SPACE("from")},
	{.name = "from: the tenant's senders are not the space's",
	 .tenant = {.enforce = POLICY_NO,
		    .from = POLICY_FROM_LIST,
		    .senders = LINES("wiki@a.example")},
	 .space = {.from = POLICY_FROM_LIST, .senders = LINES("it@a.example")},
	 .job = {.from = "wiki@a.example"},
	 .refusal = NOT_LISTED SPACE("from")},
	{.name = "from: any does not widen",
	 .tenant = {.from = POLICY_FROM_SERVER},
	 .space = {.from = POLICY_FROM_ANY},
	 .job = {.from = "me@a.example"},
	 .refusal = NOT_LEFT_OUT SITE("from")},
	{.name = "from: the operator's holds for all",
	 .params = {.from = POLICY_FROM_SERVER},
	 .tenant = {.enforce = POLICY_NO, .from = POLICY_FROM_ANY},
	 .space = {.from = POLICY_FROM_ANY},
	 .job = {.from = "me@a.example"},
	 .refusal = NOT_LEFT_OUT OPERATOR("policy.from")},

	{.name = "recipients: the space may have fewer",
	 .tenant = {.recipients = MOST(3)},
	 .space = {.recipients = MOST(1)},
	 .job = {.to = {"a@b.example", "c@b.example"}},
	 .refusal = MANY("2", "recipients", "1") SPACE("recipients")},
	{.name = "recipients: the space may not have more",
	 .tenant = {.recipients = MOST(1)},
	 .space = {.recipients = MOST(3)},
	 .job = {.to = {"a@b.example", "c@b.example"}},
	 .refusal = MANY("2", "recipients", "1") SITE("recipients")},
	{.name = "recipients: the space may have more where it may differ",
	 .tenant = {.enforce = POLICY_NO, .recipients = MOST(1)},
	 .space = {.recipients = MOST(3)},
	 .job = {.to = {"a@b.example", "c@b.example"}}},
	{.name = "recipients: never more than the operator lets",
	 .params = {.recipients = 1},
	 .tenant = {.enforce = POLICY_NO, .recipients = MOST(2)},
	 .space = {.recipients = MOST(3)},
	 .job = {.to = {"a@b.example", "c@b.example"}},
	 .refusal = MANY("2", "recipients", "1") OPERATOR("limits.recipients")},

	{.name = "domains: of all three",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .tenant = {.recipient_domains = LINES("example.com\nexample.net")},
	 .space = {.recipient_domains = LINES("example.com")},
	 .job = {.to = {"a@example.com"}}},
	{.name = "domains: the operator lacks it",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .tenant = {.recipient_domains = LINES("example.com\nexample.net")},
	 .space = {.recipient_domains = LINES("example.net")},
	 .job = {.to = {"a@example.net"}},
	 .refusal = OUTSIDE("1", "to") OPERATOR("policy.recipient_domains")},
	{.name = "domains: the tenant lacks it",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .tenant = {.recipient_domains = LINES("example.com")},
	 .space = {.recipient_domains = LINES("mail.example.org")},
	 .job = {.to = {"a@example.com", "b@mail.example.org"}},
	 .refusal = OUTSIDE("2", "to") SITE("recipient_domains")},
	{.name = "domains: the space lacks it",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .tenant = {.enforce = POLICY_NO, .recipient_domains = LINES("example.com")},
	 .space = {.recipient_domains = LINES("mail.example.org")},
	 .job = {.to = {"a@example.com"}},
	 .refusal = OUTSIDE("1", "to") SPACE("recipient_domains")},
	{.name = "domains: the space's own, within the operator's",
	 .params = {.recipient_domains = domains, .recipient_domain_count = 2},
	 .tenant = {.enforce = POLICY_NO, .recipient_domains = LINES("example.com")},
	 .space = {.recipient_domains = LINES("mail.example.org")},
	 .job = {.to = {"b@mail.example.org"}}},
	{.name = "the operator's domains are no list of another rule",
	 .params = {.recipient_domains = domains,
		    .recipient_domain_count = 2,
		    .job_accounts = true},
	 .tenant = {.upstream_hosts = LINES("smtp.example.net")},
	 .job = {.host = "example.com"},
	 .refusal = NO_HOST SITE("upstream_hosts")},

	{.name = "attachments: more than the tenant's",
	 .tenant = {.attachments = MOST(1)},
	 .space = {.attachments = MOST(2)},
	 .job = {.attachment_bytes = {1, 1}},
	 .refusal = MANY("2", "attachments", "1") SITE("attachments")},
	{.name = "attachments: none from this space",
	 .tenant = {.enforce = POLICY_NO, .attachments = MOST(9)},
	 .space = {.attachments = MOST(0)},
	 .job = {.attachment_bytes = {1}},
	 .refusal = MANY("1", "attachments", "0") SPACE("attachments")},
	{.name = "bytes: the operator's are fewer",
	 .params = {.attachment_bytes = 10},
	 .tenant = {.attachment_bytes = MOST(20)},
	 .job = {.attachment_bytes = {11}},
	 .refusal = LARGE("1", "11", "10") OPERATOR("limits.attachment")},
	{.name = "bytes: the space's are fewer",
	 .tenant = {.attachment_bytes = MOST(20)},
	 .space = {.attachment_bytes = MOST(10)},
	 .job = {.attachment_bytes = {11}},
	 .refusal = LARGE("1", "11", "10") SPACE("attachment_bytes")},

	{.name = "a rule that comes first is told before a level that is higher",
	 .params = {.recipients = 1},
	 .space = {.groups = LINES("staff")},
	 .job = {.to = {"a@b.example", "c@b.example"}, .groups = {"guests"}},
	 .refusal = NOT_IN_GROUP SPACE("groups")},
	{.name = "pictures are no reason to refuse a job",
	 .tenant = {.external_images = POLICY_NO},
	 .space = {.external_images = POLICY_NO},
	 .job = {.to = {"a@b.example"}}},
};

START_TEST(levels_together)
{
	const struct policy_params params = policies_params(combined[_i].params);
	const struct policy p = {&params, &combined[_i].tenant, &combined[_i].space};
	const struct job j = policies_job(&combined[_i].job);
	struct problem problem = {0};
	enum fault f = policy_check_job(&p, &j, &problem);
	policies_judge(combined[_i].name, f, &problem, combined[_i].refusal);
	ck_assert_int_eq(policy_check_job(&p, &j, NULL), f);
}
END_TEST

/* What is chosen for a job after it was asked: its mail server, and the address in From. */
static const struct {
	const char *name;
	struct policy_rules tenant, space;
	const char *host;
	const char *from;
	const char *refusal;
} chosen[] = {
	{.name = "no rule", .host = "smtp.example.com"},
	{.name = "listed",
	 .tenant = {.upstream_hosts = LINES("smtp.example.com")},
	 .host = "smtp.example.com"},
	{.name = "accounts of jobs have nothing to do with it",
	 .tenant = {.job_accounts = POLICY_NO},
	 .host = "smtp.example.com"},
	{.name = "not listed by the tenant",
	 .tenant = {.upstream_hosts = LINES("smtp.example.com")},
	 .host = "smtp.example.net",
	 .refusal = NO_HOST SITE("upstream_hosts")},
	{.name = "not listed by the space",
	 .tenant = {.upstream_hosts = LINES(".example.com")},
	 .space = {.upstream_hosts = LINES("smtp.example.com")},
	 .host = "mx.example.com",
	 .refusal = NO_HOST SPACE("upstream_hosts")},
	{.name = "listed by the space alone",
	 .tenant = {.upstream_hosts = LINES("mx.example.com")},
	 .space = {.upstream_hosts = LINES("smtp.example.com")},
	 .host = "smtp.example.com",
	 .refusal = NO_HOST SITE("upstream_hosts")},
	{.name = "listed by the space, which may differ",
	 .tenant = {.enforce = POLICY_NO, .upstream_hosts = LINES("mx.example.com")},
	 .space = {.upstream_hosts = LINES("smtp.example.com")},
	 .host = "smtp.example.com"},
	{.name = "no host",
	 .tenant = {.upstream_hosts = LINES("smtp.example.com\n")},
	 .host = "",
	 .refusal = NO_HOST SITE("upstream_hosts")},
	{.name = "any sender", .from = "me@a.example"},
	{.name = "one of the list",
	 .tenant = {.from = POLICY_FROM_LIST, .senders = LINES("it@a.example\nwiki@a.example")},
	 .from = "wiki@A.example"},
	{.name = "the record's own address, which a job may not name",
	 .tenant = {.from = POLICY_FROM_SERVER},
	 .from = "wiki@a.example"},
	{.name = "the record's address in place of the sender's own",
	 .tenant = {.from = POLICY_FROM_OWN},
	 .from = "wiki@a.example"},
	{.name = "none of the list",
	 .tenant = {.from = POLICY_FROM_LIST, .senders = LINES("wiki@a.example")},
	 .from = "me@a.example",
	 .refusal = BAD_SENDER SITE("from")},
	{.name = "none of the space's list",
	 .tenant = {.from = POLICY_FROM_LIST, .senders = LINES("wiki@a.example\nit@a.example")},
	 .space = {.senders = LINES("wiki@a.example")},
	 .from = "it@a.example",
	 .refusal = BAD_SENDER SPACE("from")},
	{.name = "of the space's list alone",
	 .tenant = {.from = POLICY_FROM_LIST, .senders = LINES("wiki@a.example")},
	 .space = {.from = POLICY_FROM_LIST, .senders = LINES("it@a.example")},
	 .from = "it@a.example",
	 .refusal = BAD_SENDER SITE("from")},
	{.name = "of the space's list, which may differ",
	 .tenant = {.enforce = POLICY_NO,
		    .from = POLICY_FROM_LIST,
		    .senders = LINES("wiki@a.example")},
	 .space = {.from = POLICY_FROM_LIST, .senders = LINES("it@a.example")},
	 .from = "it@a.example"},
};

static enum fault check_chosen(const struct policy *p, const char *host, const char *from,
			       struct problem *problem)
{
	struct mailbox m;
	if (host != NULL) {
		return policy_check_host(p, slice_of_text(host), problem);
	}
	ck_assert_int_eq(mailbox_parse(slice_of_text(from), &m), FAULT_NONE);
	return policy_check_from(p, &m, problem);
}

START_TEST(what_is_chosen)
{
	/* The operator's word about jobs is not asked here. */
	const struct policy_params params = {.recipient_domains = domains,
					     .recipient_domain_count = 2};
	const struct policy p = {&params, &chosen[_i].tenant, &chosen[_i].space};
	const struct policy alone = {&params, NULL, NULL};
	struct problem problem = {0};
	enum fault f = check_chosen(&p, chosen[_i].host, chosen[_i].from, &problem);
	policies_judge(chosen[_i].name, f, &problem, chosen[_i].refusal);
	ck_assert_int_eq(check_chosen(&p, chosen[_i].host, chosen[_i].from, NULL), f);
	ck_assert_int_eq(check_chosen(&alone, chosen[_i].host, chosen[_i].from, NULL), FAULT_NONE);
}
END_TEST

#define NO_OPERATORS                                                                               \
	"The operator's mail server may not be used: name a mail server that an admin has set "    \
	"up, or have one set as the default"

/* The operator's mail server. */
static const struct {
	const char *name;
	bool operators;
	enum policy_word enforce, tenant, space;
	const char *refusal;
} operators_server[] = {
	{.name = "for all", .operators = true},
	{.name = "for none", .refusal = NO_OPERATORS OPERATOR("policy.operator_server")},
	{.name = "for none, whatever the tenant says",
	 .tenant = POLICY_YES,
	 .space = POLICY_YES,
	 .refusal = NO_OPERATORS OPERATOR("policy.operator_server")},
	{.name = "the tenant's yes", .operators = true, .tenant = POLICY_YES},
	{.name = "the tenant's no",
	 .operators = true,
	 .tenant = POLICY_NO,
	 .refusal = NO_OPERATORS SITE("operator_server")},
	{.name = "the space's no",
	 .operators = true,
	 .tenant = POLICY_YES,
	 .space = POLICY_NO,
	 .refusal = NO_OPERATORS SPACE("operator_server")},
	{.name = "the space's yes does not help",
	 .operators = true,
	 .tenant = POLICY_NO,
	 .space = POLICY_YES,
	 .refusal = NO_OPERATORS SITE("operator_server")},
	{.name = "but where the tenant lets it",
	 .operators = true,
	 .enforce = POLICY_NO,
	 .tenant = POLICY_NO,
	 .space = POLICY_YES},
};

START_TEST(whose_server)
{
	const struct policy_params params = {.operator_server = operators_server[_i].operators};
	const struct policy_rules tenant = {.enforce = operators_server[_i].enforce,
					    .operator_server = operators_server[_i].tenant};
	const struct policy_rules space = {.operator_server = operators_server[_i].space};
	const struct policy p = {&params, &tenant, &space};
	struct problem problem = {0};
	enum fault f = policy_check_operators_server(&p, &problem);
	policies_judge(operators_server[_i].name, f, &problem, operators_server[_i].refusal);
}
END_TEST

static const struct {
	bool operators;
	enum policy_word enforce, tenant, space;
	bool may;
} pictures[] = {
	{true, POLICY_UNSET, POLICY_UNSET, POLICY_UNSET, true},
	{true, POLICY_UNSET, POLICY_YES, POLICY_UNSET, true},
	{true, POLICY_UNSET, POLICY_YES, POLICY_YES, true},
	{true, POLICY_NO, POLICY_NO, POLICY_YES, true},
	{false, POLICY_UNSET, POLICY_UNSET, POLICY_UNSET, false},
	{false, POLICY_UNSET, POLICY_YES, POLICY_YES, false},
	{false, POLICY_NO, POLICY_YES, POLICY_YES, false},
	{true, POLICY_UNSET, POLICY_NO, POLICY_UNSET, false},
	{true, POLICY_UNSET, POLICY_NO, POLICY_YES, false},
	{true, POLICY_YES, POLICY_NO, POLICY_YES, false},
	{true, POLICY_UNSET, POLICY_YES, POLICY_NO, false},
	{true, POLICY_UNSET, POLICY_UNSET, POLICY_NO, false},
	{true, POLICY_NO, POLICY_YES, POLICY_NO, false},
	{true, POLICY_NO, POLICY_NO, POLICY_UNSET, false},
};

START_TEST(external_images)
{
	const struct policy_params params = policies_params((struct policy_params){0});
	const struct policy_rules tenant = {.enforce = pictures[_i].enforce,
					    .external_images = pictures[_i].tenant};
	const struct policy_rules space = {.external_images = pictures[_i].space};
	const struct policy p = {&params, &tenant, &space};
	const struct policy alone = {&params, NULL, NULL};
	ck_assert(policy_external_images(&p, pictures[_i].operators) == pictures[_i].may);
	ck_assert(policy_external_images(&alone, pictures[_i].operators) == pictures[_i].operators);
}
END_TEST

/* Who wants From out of a record. */
static const struct {
	enum policy_from operators, tenant, space;
	enum policy_word enforce;
	bool wants;
} froms[] = {
	{POLICY_FROM_ANY, POLICY_FROM_UNSET, POLICY_FROM_UNSET, POLICY_UNSET, false},
	{POLICY_FROM_OWN, POLICY_FROM_ANY, POLICY_FROM_LIST, POLICY_UNSET, false},
	{POLICY_FROM_SERVER, POLICY_FROM_UNSET, POLICY_FROM_UNSET, POLICY_UNSET, true},
	{POLICY_FROM_SERVER, POLICY_FROM_ANY, POLICY_FROM_ANY, POLICY_NO, true},
	{POLICY_FROM_ANY, POLICY_FROM_SERVER, POLICY_FROM_ANY, POLICY_UNSET, true},
	{POLICY_FROM_ANY, POLICY_FROM_SERVER, POLICY_FROM_ANY, POLICY_NO, false},
	{POLICY_FROM_ANY, POLICY_FROM_SERVER, POLICY_FROM_UNSET, POLICY_NO, true},
	{POLICY_FROM_ANY, POLICY_FROM_ANY, POLICY_FROM_SERVER, POLICY_UNSET, true},
};

START_TEST(from_of_records)
{
	struct policy_params params = policies_params((struct policy_params){0});
	const struct policy_rules tenant = {.enforce = froms[_i].enforce, .from = froms[_i].tenant};
	const struct policy_rules space = {.from = froms[_i].space};
	params.from = froms[_i].operators;
	const struct policy p = {&params, &tenant, &space};
	const struct policy alone = {&params, NULL, NULL};
	ck_assert(policy_wants_record_from(&p) == froms[_i].wants);
	ck_assert(policy_wants_record_from(&alone) == (params.from == POLICY_FROM_SERVER));
}
END_TEST

#define OURS .params = {.recipient_domains = domains, .recipient_domain_count = 2}
#define SENDER_OUTSIDE                                                                             \
	"The address of 'from', which is the recipient where 'to' names none, lies outside the "   \
	"domains that may be written to"

/* A look at a mail server. */
static const struct {
	const char *name;
	struct policy_params params;
	struct policy_rules tenant;
	struct policies_job job;
	const char *refusal;
} checkups[] = {
	{.name = "nobody named", OURS},
	{.name = "no domains set", .job = {.to = {"a@b.example"}, .from = "a@b.example"}},
	{.name = "a recipient within", OURS, .job = {.to = {"a@example.com"}}},
	{.name = "a sender within, who is the recipient", OURS, .job = {.from = "a@x.example.org"}},
	{.name = "a sender outside is no recipient where one is named",
	 OURS,
	 .job = {.to = {"a@example.com"}, .from = "a@b.example"}},
	{.name = "a recipient outside",
	 OURS,
	 .job = {.to = {"a@b.example"}},
	 .refusal = OUTSIDE("1", "to") OPERATOR("policy.recipient_domains")},
	{.name = "a recipient outside, and a sender within",
	 OURS,
	 .job = {.to = {"a@example.org"}, .from = "a@example.com"},
	 .refusal = OUTSIDE("1", "to") OPERATOR("policy.recipient_domains")},
	{.name = "a sender outside, who is the recipient",
	 OURS,
	 .job = {.from = "a@b.example"},
	 .refusal = SENDER_OUTSIDE OPERATOR("policy.recipient_domains")},
	{.name = "a recipient outside the tenant's",
	 .tenant = {.recipient_domains = LINES("example.com")},
	 .job = {.to = {"a@b.example"}},
	 .refusal = OUTSIDE("1", "to") SITE("recipient_domains")},
	{.name = "a sender outside the tenant's, who is the recipient",
	 .tenant = {.recipient_domains = LINES("example.com")},
	 .job = {.from = "a@b.example"},
	 .refusal = SENDER_OUTSIDE SITE("recipient_domains")},
	{.name = "whose address it is from is nobody's business: nothing is sent",
	 .params = {.from = POLICY_FROM_SERVER},
	 .job = {.from = "a@b.example"}},
};

START_TEST(looks_at_servers)
{
	const struct policy_params params = policies_params(checkups[_i].params);
	const struct policy p = {&params, &checkups[_i].tenant, NULL};
	struct job j = policies_job(&checkups[_i].job);
	struct problem problem = {0};
	enum fault f = policy_check_checkup(&p, &j, &problem);
	policies_judge(checkups[_i].name, f, &problem, checkups[_i].refusal);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("policy");
	TCase *t = tcase_create("policy");
	tcase_add_loop_test(t, operators_rules, 0, COUNT_OF(operators));
	tcase_add_loop_test(t, levels_together, 0, COUNT_OF(combined));
	tcase_add_loop_test(t, what_is_chosen, 0, COUNT_OF(chosen));
	tcase_add_loop_test(t, looks_at_servers, 0, COUNT_OF(checkups));
	tcase_add_loop_test(t, whose_server, 0, COUNT_OF(operators_server));
	tcase_add_loop_test(t, external_images, 0, COUNT_OF(pictures));
	tcase_add_loop_test(t, from_of_records, 0, COUNT_OF(froms));
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return check_main(suite());
}
