#include "relay/smtp/account.h"

#include <string.h>

#include "tests/support/check_main.h"

static const struct smtp_account_rules rules = {
	.usual = {.failures = 3, .pause = {.base_ms = 1000, .most_ms = 8000}},
	.auth = {.failures = 2, .pause = {.base_ms = 60000, .most_ms = 60000}},
};

static const struct {
	enum fault fault;
	enum smtp_phase phase;
	enum smtp_trouble trouble;
} troubles[] = {
	{FAULT_UPSTREAM_NAME, PHASE_RESOLVE, SMTP_TROUBLE_CONNECT},
	{FAULT_UPSTREAM_DOWN, PHASE_CONNECT, SMTP_TROUBLE_CONNECT},
	{FAULT_UPSTREAM_LOST, PHASE_GREETING, SMTP_TROUBLE_CONNECT},
	{FAULT_UPSTREAM_LOST, PHASE_AUTH, SMTP_TROUBLE_CONNECT},
	{FAULT_UPSTREAM_LOST, PHASE_MAIL, SMTP_TROUBLE_PROTOCOL},
	{FAULT_UPSTREAM_LOST, PHASE_CONTENT, SMTP_TROUBLE_PROTOCOL},
	{FAULT_UPSTREAM_LOST, PHASE_NONE, SMTP_TROUBLES},
	{FAULT_UPSTREAM_REFUSED, PHASE_GREETING, SMTP_TROUBLE_CONNECT},
	{FAULT_UPSTREAM_REFUSED, PHASE_MAIL, SMTP_TROUBLES},
	{FAULT_UPSTREAM_TLS, PHASE_TLS, SMTP_TROUBLE_TLS},
	{FAULT_UPSTREAM_CERT, PHASE_TLS, SMTP_TROUBLE_TLS},
	{FAULT_UPSTREAM_NO_TLS, PHASE_STARTTLS, SMTP_TROUBLE_TLS},
	{FAULT_UPSTREAM_AUTH, PHASE_AUTH, SMTP_TROUBLE_AUTH},
	{FAULT_UPSTREAM_NO_AUTH, PHASE_AUTH, SMTP_TROUBLE_AUTH},
	{FAULT_UPSTREAM_PROTOCOL, PHASE_RCPT, SMTP_TROUBLE_PROTOCOL},
	{FAULT_DEADLINE, PHASE_CONNECT, SMTP_TROUBLE_CONNECT},
	{FAULT_DEADLINE, PHASE_NONE, SMTP_TROUBLES}, /* it waited for its turn */
	{FAULT_DEADLINE, PHASE_FINAL, SMTP_TROUBLES},
	{FAULT_UPSTREAM_BLOCKED, PHASE_CONNECT, SMTP_TROUBLE_CONNECT},
	{FAULT_UPSTREAM_SIZE, PHASE_MAIL, SMTP_TROUBLES},
	{FAULT_BAD_ADDRESS, PHASE_MAIL, SMTP_TROUBLES},
	{FAULT_NO_MEMORY, PHASE_NONE, SMTP_TROUBLES},
	{FAULT_NONE, PHASE_FINAL, SMTP_TROUBLES},
};

START_TEST(names_the_trouble)
{
	ck_assert_int_eq(smtp_trouble_of(troubles[_i].fault, troubles[_i].phase),
			 troubles[_i].trouble);
}
END_TEST

/*
 * Ends of messages: C T A P a trouble of that class, S success, n nothing learned; > the next one goes; a digit: so many
 * seconds pass. Then the gate, and how long it is shut.
 */
static const struct {
	const char *name, *play;
	enum smtp_gate gate;
	uint64_t wait_ms;
} rows[] = {
	{"new", "", SMTP_GATE_OPEN, 0},
	{"not often enough", ">C>C", SMTP_GATE_OPEN, 0},
	{"of different classes", ">C>T>P>C", SMTP_GATE_OPEN, 0},
	{"TLS shows that the connection was made", ">C>C>T>C", SMTP_GATE_OPEN, 0},
	{"but not the other way round", ">T>T>C>T", SMTP_GATE_SHUT, 1000},
	{"success between", ">C>C>S>C", SMTP_GATE_OPEN, 0},
	{"three in a row", ">C>C>C", SMTP_GATE_SHUT, 1000},
	{"what teaches nothing counts for nothing", ">C>Cnn>C", SMTP_GATE_SHUT, 1000},
	{"two refused logins", ">A>A", SMTP_GATE_SHUT, 60000},
	{"after a while", ">A>A9", SMTP_GATE_SHUT, 51000},
	{"due", ">C>C>C1", SMTP_GATE_OPEN, 0},
	{"one tries", ">C>C>C1>", SMTP_GATE_TRY, 0},
	{"it learned nothing", ">C>C>C1>n", SMTP_GATE_OPEN, 0},
	{"and the next one tries", ">C>C>C1>n>", SMTP_GATE_TRY, 0},
	{"it failed", ">C>C>C1>C", SMTP_GATE_SHUT, 2000},
	{"it got further and failed there", ">C>C>C1>A", SMTP_GATE_OPEN, 0},
	{"it went well", ">C>C>C1>S", SMTP_GATE_OPEN, 0},
	{"and all counts anew", ">C>C>C1>S>C>C", SMTP_GATE_OPEN, 0},
	{"failures of those that went before", ">>>>>CCCCC", SMTP_GATE_SHUT, 1000},
	{"a success of one that went before", ">>>>CCCS", SMTP_GATE_OPEN, 0},
};

START_TEST(opens_and_shuts)
{
	static const char letters[] = "CTAP";
	struct smtp_account a = {.recipients = 0};
	struct instant now = {1000000};
	uint64_t wait_ms = 0;
	smtp_pace_set(&a.pace, &(struct smtp_pace_limits){.connections = 4});
	for (const char *p = rows[_i].play; *p != '\0'; p++) {
		const char *letter = strchr(letters, *p);
		if (letter != NULL) {
			smtp_account_failed(&a, (enum smtp_trouble)(letter - letters), &rules, now,
					    0);
		} else if (*p == 'S') {
			smtp_account_succeeded(&a);
		} else if (*p == 'n') {
			smtp_account_learned_nothing(&a);
		} else if (*p == '>') {
			smtp_account_take(&a, 1, now);
		} else {
			now.ms += (uint64_t)(*p - '0') * 1000;
		}
	}
	enum smtp_gate gate = smtp_account_gate(&a, 1, now, &wait_ms);
	ck_assert_msg(gate == rows[_i].gate && wait_ms == rows[_i].wait_ms, "%s: %d %ju",
		      rows[_i].name, gate, (uintmax_t)wait_ms);
}
END_TEST

START_TEST(says_what_changed)
{
	struct smtp_account a = {.recipients = 0};
	struct instant now = {5000};
	ck_assert_int_eq(smtp_account_failed(&a, SMTP_TROUBLE_AUTH, &rules, now, 0), SMTP_TROUBLES);
	ck_assert_int_eq(smtp_account_failed(&a, SMTP_TROUBLE_AUTH, &rules, now, 0),
			 SMTP_TROUBLE_AUTH);
	ck_assert_int_eq(smtp_account_failed(&a, SMTP_TROUBLE_AUTH, &rules, now, 0), SMTP_TROUBLES);
	ck_assert_int_eq(smtp_account_succeeded(&a), SMTP_TROUBLE_AUTH);
	ck_assert_int_eq(smtp_account_succeeded(&a), SMTP_TROUBLES);
}
END_TEST

START_TEST(paces)
{
	struct smtp_account a = {.recipients = 0};
	struct instant now = {600000};
	uint64_t wait_ms;
	smtp_pace_set(&a.pace, &(struct smtp_pace_limits){.connections = 1, .per_minute = 2});
	smtp_account_take(&a, 2, now);
	ck_assert_int_eq(smtp_account_gate(&a, 1, now, &wait_ms), SMTP_GATE_PACE);
	ck_assert_uint_eq(wait_ms, 61000);
}
END_TEST

START_TEST(learns_recipients)
{
	struct smtp_account a = {.recipients = 0};
	smtp_account_learn_recipients(&a, 0);
	ck_assert_uint_eq(a.recipients, 0);
	smtp_account_learn_recipients(&a, 50);
	smtp_account_learn_recipients(&a, 80);
	smtp_account_learn_recipients(&a, 0);
	ck_assert_uint_eq(a.recipients, 50);
	smtp_account_learn_recipients(&a, 20);
	ck_assert_uint_eq(a.recipients, 20);
}
END_TEST

/* What makes an account worth to be remembered. */
static const struct {
	const char *name;
	struct smtp_account account;
	bool blank;
} blanks[] = {
	{"new", {.recipients = 0}, true},
	{"a failure", {.breakers = {[SMTP_TROUBLE_TLS] = {.failures = 1}}}, false},
	{"a limit of an hour", {.pace = {.limits = {.per_hour = 1}}}, false},
	{"a limit of a minute", {.pace = {.limits = {.per_minute = 1}}}, false},
	{"fewer connections", {.pace = {.lost = 1}}, false},
	{"a pause", {.pace = {.paused = {1001}}}, false},
	{"a pause that is over", {.pace = {.paused = {1000}}}, true},
	{"messages", {.wear = {.messages = {1, 0}}}, false},
	{"age", {.wear = {.age_ms = {1, 0}}}, false},
	{"idle time", {.wear = {.idle_ms = {1, 0}}}, false},
	{"recipients", {.recipients = 1}, false},
};

START_TEST(knows_what_is_worth_keeping)
{
	ck_assert_msg(smtp_account_is_blank(&blanks[_i].account, (struct instant){1000}) ==
			      blanks[_i].blank,
		      "%s", blanks[_i].name);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp account");
	TCase *t = tcase_create("account");
	tcase_add_loop_test(t, names_the_trouble, 0, COUNT_OF(troubles));
	tcase_add_loop_test(t, opens_and_shuts, 0, COUNT_OF(rows));
	tcase_add_test(t, says_what_changed);
	tcase_add_test(t, paces);
	tcase_add_test(t, learns_recipients);
	tcase_add_loop_test(t, knows_what_is_worth_keeping, 0, COUNT_OF(blanks));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
