#include "config/policy/rules.h"

#include <stdio.h>

#include "tests/support/check_main.h"
#include "tests/support/policies.h"

/*
 * One rule, as a tenant or a space has it: the sentence is the same but for who can change it. Each is asked as the
 * tenant's and as the space's, beside another level that is silent.
 */
static const struct {
	const char *rule;
	const char *name;
	struct policy_rules rules;
	struct policies_job job;
	const char *refusal; /* up to who can change it; NULL: allowed */
} recorded[] = {
	{"groups", "in one of them", .rules = {.groups = LINES("staff\nwriters")},
	 .job = {.groups = {"all", "writers"}}},
	{"groups", "by its id", .rules = {.groups = LINES("5f0d6c1e-1111-4222-8333-944455556666")},
	 .job = {.groups = {"5f0d6c1e-1111-4222-8333-944455556666"}}},
	{"groups", "with empty lines", .rules = {.groups = LINES("\n\nstaff\n")},
	 .job = {.groups = {"staff"}}},
	{"groups", "not said", .rules = {.groups = LINES("staff")}, .refusal = GROUPS_LACK},
	{"groups", "in none of them", .rules = {.groups = LINES("staff\nwriters")},
	 .job = {.groups = {"guests", "readers"}}, .refusal = NOT_IN_GROUP},
	{"groups", "begins like one", .rules = {.groups = LINES("staff-berlin")},
	 .job = {.groups = {"staff"}}, .refusal = NOT_IN_GROUP},
	{"groups", "begins with one", .rules = {.groups = LINES("staff")},
	 .job = {.groups = {"staff-berlin"}}, .refusal = NOT_IN_GROUP},
	{"groups", "in another case", .rules = {.groups = LINES("staff")},
	 .job = {.groups = {"Staff"}}, .refusal = NOT_IN_GROUP},
	{"groups", "two lines in a name", .rules = {.groups = LINES("staff\nwriters")},
	 .job = {.groups = {"staff\nwriters"}}, .refusal = NOT_IN_GROUP},
	{"groups", "a name without letters is in no list", .rules = {.groups = LINES("staff\n\n")},
	 .job = {.groups = {""}}, .refusal = NOT_IN_GROUP},
	{"groups", "a list of empty lines allows nobody", .rules = {.groups = LINES("\n")},
	 .job = {.groups = {"staff"}}, .refusal = NOT_IN_GROUP},

	{"job_accounts", "allowed", .rules = {.job_accounts = POLICY_YES},
	 .job = {.host = "h.example"}},
	{"job_accounts", "none in the job", .rules = {.job_accounts = POLICY_NO}},
	{"job_accounts", "not allowed", .rules = {.job_accounts = POLICY_NO},
	 .job = {.host = "h.example"}, .refusal = NO_ACCOUNT},

	{"upstream_hosts", "listed, in any case",
	 .rules = {.upstream_hosts = LINES("mx.example\nsmtp.example.com")},
	 .job = {.host = "SMTP.example.com"}},
	{"upstream_hosts", "below a listed one", .rules = {.upstream_hosts = LINES(".example.com")},
	 .job = {.host = "eu.smtp.example.com"}},
	{"upstream_hosts", "no account in the job",
	 .rules = {.upstream_hosts = LINES("smtp.example.com")}},
	{"upstream_hosts", "not listed", .rules = {.upstream_hosts = LINES("smtp.example.com")},
	 .job = {.host = "smtp.example.net"}, .refusal = NO_HOST},
	{"upstream_hosts", "below one that is listed without a dot",
	 .rules = {.upstream_hosts = LINES("example.com")}, .job = {.host = "smtp.example.com"},
	 .refusal = NO_HOST},
	{"upstream_hosts", "the name itself of one that is listed with a dot",
	 .rules = {.upstream_hosts = LINES(".example.com")}, .job = {.host = "example.com"},
	 .refusal = NO_HOST},
	{"upstream_hosts", "ends like a listed one",
	 .rules = {.upstream_hosts = LINES(".example.com")}, .job = {.host = "badexample.com"},
	 .refusal = NO_HOST},
	{"upstream_hosts", "begins with a listed one",
	 .rules = {.upstream_hosts = LINES("smtp.example.com\n.example.com")},
	 .job = {.host = "smtp.example.com.evil.example"}, .refusal = NO_HOST},
	{"upstream_hosts", "a host of no letters",
	 .rules = {.upstream_hosts = LINES("smtp.example.com\n\n")}, .job = {.host = ""},
	 .refusal = NO_HOST},
	{"upstream_hosts", "by its address", .rules = {.upstream_hosts = LINES("smtp.example.com")},
	 .job = {.host = "192.0.2.1"}, .refusal = NO_HOST},

	{"from", "any", .rules = {.from = POLICY_FROM_ANY},
	 .job = {.sender = "me@a.example", .from = "you@b.example"}},
	{"from", "any, for all that senders are named",
	 .rules = {.from = POLICY_FROM_ANY, .senders = LINES("wiki@a.example")},
	 .job = {.from = "you@b.example"}},
	{"from", "the sender's own", .rules = {.from = POLICY_FROM_OWN},
	 .job = {.sender = "me@a.example", .from = "me@a.example"}},
	{"from", "one of the list, its domain in any case",
	 .rules = {.from = POLICY_FROM_LIST, .senders = LINES("wiki@a.example\nit@a.example")},
	 .job = {.from = "it@A.example"}},
	{"from", "a list, and none given",
	 .rules = {.from = POLICY_FROM_LIST, .senders = LINES("wiki@a.example")},
	 .job = {.sender = "me@a.example"}},
	{"from", "not the sender's own", .rules = {.from = POLICY_FROM_OWN},
	 .job = {.sender = "me@a.example", .from = "you@a.example"}, .refusal = NOT_OWN},
	{"from", "the server's", .rules = {.from = POLICY_FROM_SERVER},
	 .job = {.sender = "me@a.example", .from = "me@a.example"}, .refusal = NOT_LEFT_OUT},
	{"from", "not of the list",
	 .rules = {.from = POLICY_FROM_LIST, .senders = LINES("wiki@a.example")},
	 .job = {.from = "wiki@b.example"}, .refusal = NOT_LISTED},
	{"from", "own is not of the list",
	 .rules = {.from = POLICY_FROM_LIST, .senders = LINES("wiki@a.example")},
	 .job = {.sender = "me@a.example", .from = "me@a.example"}, .refusal = NOT_LISTED},
	{"from", "local parts of the list know case",
	 .rules = {.from = POLICY_FROM_LIST, .senders = LINES("wiki@a.example")},
	 .job = {.from = "Wiki@a.example"}, .refusal = NOT_LISTED},
	{"from", "a domain in the list is no address",
	 .rules = {.from = POLICY_FROM_LIST, .senders = LINES("a.example\n@a.example\n")},
	 .job = {.from = "wiki@a.example"}, .refusal = NOT_LISTED},
	{"from", "a list that is not there", .rules = {.from = POLICY_FROM_LIST},
	 .job = {.from = "wiki@a.example"}, .refusal = NOT_LISTED},
	{"from", "senders without the word are a list",
	 .rules = {.senders = LINES("wiki@a.example")}, .job = {.from = "me@a.example"},
	 .refusal = NOT_LISTED},

	{"recipients", "as many as allowed", .rules = {.recipients = MOST(2)},
	 .job = {.to = {"a@b.example"}, .bcc = {"c@b.example"}}},
	{"recipients", "more than the operator allows", .rules = {.recipients = MOST(5000)},
	 .job = {.to = {"a@b.example"}}},
	{"recipients", "one too many, counted over all fields", .rules = {.recipients = MOST(2)},
	 .job = {.to = {"a@b.example"}, .cc = {"d@b.example"}, .bcc = {"c@b.example"}},
	 .refusal = MANY("3", "recipients", "2")},
	{"recipients", "none at all", .rules = {.recipients = MOST(0)},
	 .job = {.to = {"a@b.example"}}, .refusal = MANY("1", "recipients", "0")},

	{"recipient_domains", "listed, and below a listed one",
	 .rules = {.recipient_domains = LINES("example.com\n.example.org")},
	 .job = {.to = {"a@example.COM"}, .cc = {"b@mail.example.org"}}},
	{"recipient_domains", "not listed",
	 .rules = {.recipient_domains = LINES("example.com\n.example.org")},
	 .job = {.to = {"a@example.com"}, .bcc = {"b@mail.example.org", "c@example.net"}},
	 .refusal = OUTSIDE("2", "bcc")},
	{"recipient_domains", "below one that is listed without a dot",
	 .rules = {.recipient_domains = LINES("example.com")},
	 .job = {.to = {"a@mail.example.com"}}, .refusal = OUTSIDE("1", "to")},
	{"recipient_domains", "the domain itself of one with a dot",
	 .rules = {.recipient_domains = LINES(".example.com")}, .job = {.cc = {"a@example.com"}},
	 .refusal = OUTSIDE("1", "cc")},
	{"recipient_domains", "ends like a listed one",
	 .rules = {.recipient_domains = LINES("example.com\n.example.com")},
	 .job = {.to = {"a@notexample.com"}}, .refusal = OUTSIDE("1", "to")},

	{"attachments", "as many as allowed", .rules = {.attachments = MOST(2)},
	 .job = {.attachment_bytes = {1, 1}}},
	{"attachments", "none wanted, none there", .rules = {.attachments = MOST(0)}},
	{"attachments", "one too many", .rules = {.attachments = MOST(2)},
	 .job = {.attachment_bytes = {1, 1, 1}}, .refusal = MANY("3", "attachments", "2")},
	{"attachments", "none wanted", .rules = {.attachments = MOST(0)},
	 .job = {.attachment_bytes = {1}}, .refusal = MANY("1", "attachments", "0")},

	{"attachment_bytes", "as large as allowed", .rules = {.attachment_bytes = MOST(10)},
	 .job = {.attachment_bytes = {10, 10}}},
	{"attachment_bytes", "too large", .rules = {.attachment_bytes = MOST(10)},
	 .job = {.attachment_bytes = {10, 1, 11}}, .refusal = LARGE("3", "11", "10")},
};

static const char *sentence(char *room, size_t size, const char *begin, const char *whose,
			    const char *rule)
{
	ck_assert_int_lt(snprintf(room, size, "%s. An admin of %s can change it (policy: %s).",
				  begin, whose, rule),
			 (int)size);
	return room;
}

START_TEST(rules_of_records)
{
	const struct policy_params p = policies_params(
		(struct policy_params){.job_accounts = true});
	const struct policy_rules *rules = &recorded[_i].rules;
	const struct policy_rules lets_spaces = {.enforce = POLICY_NO};
	const struct policy_rules holds_spaces = {.enforce = POLICY_YES};
	const struct policy policies[] = {
		{&p, rules, NULL}, {&p, rules, &holds_spaces}, {&p, rules, &lets_spaces},
		{&p, NULL, rules}, {&p, &holds_spaces, rules}, {&p, &lets_spaces, rules},
	};
	const struct job j = policies_job(&recorded[_i].job);
	for (size_t i = 0; i < COUNT_OF(policies); i++) {
		char room[PROBLEM_MAX + 1];
		struct problem problem = {0};
		const char *refusal = recorded[_i].refusal;
		if (refusal != NULL) {
			refusal = sentence(room, sizeof(room), refusal,
					   i < 3 ? "this site" : "the page's space",
					   recorded[_i].rule);
		}
		policies_judge(recorded[_i].name, policy_check_job(&policies[i], &j, &problem),
			       &problem, refusal);
	}
}
END_TEST

/* Each rule has a name of its own, and says nothing in a record that is silent. */
START_TEST(table_is_whole)
{
	for (size_t i = 0; i < RULE_COUNT; i++) {
		const struct rule *r = &rule_table[i];
		const struct policy_rules silent = {0};
		const struct rule_level level = {.rules = &silent};
		ck_assert(r->name != NULL && !rule_is_set(r, &level));
		ck_assert(r->job != NULL || i == RULE_EXTERNAL_IMAGES || i == RULE_OPERATOR_SERVER);
		for (size_t k = 0; k < i; k++) {
			ck_assert_str_ne(r->name, rule_table[k].name);
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("policy/rules");
	TCase *t = tcase_create("rules");
	tcase_add_loop_test(t, rules_of_records, 0, COUNT_OF(recorded));
	tcase_add_test(t, table_is_whole);
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return check_main(suite());
}
