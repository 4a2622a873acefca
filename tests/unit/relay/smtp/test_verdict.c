#include "relay/smtp/verdict.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

static const struct smtp_scene nobody = {.provider = PROVIDER_UNKNOWN};

static struct smtp_reply reply(int code, const char *enhanced)
{
	struct smtp_reply r = {.code = code, .text_len = 2, .text = "no"};
	memcpy(r.enhanced, enhanced, strlen(enhanced) + 1);
	return r;
}

static const struct {
	int code;
	const char *enhanced;
	enum outcome outcome;
	enum fault at_greeting, at_starttls, at_auth;
	enum smtp_phase of_rcpt;
	bool too_many;
} rows[] = {
	{250, "", OUTCOME_DELIVERED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_TLS,
	 FAULT_UPSTREAM_REFUSED, PHASE_RCPT, false},
	{421, "4.3.2", OUTCOME_DEFERRED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_TLS,
	 FAULT_UPSTREAM_REFUSED, PHASE_RCPT, false},
	{450, "4.1.8", OUTCOME_DEFERRED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_TLS,
	 FAULT_UPSTREAM_REFUSED, PHASE_MAIL, false},
	{452, "", OUTCOME_DEFERRED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_TLS,
	 FAULT_UPSTREAM_REFUSED, PHASE_RCPT, true},
	{452, "4.5.3", OUTCOME_DEFERRED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_TLS,
	 FAULT_UPSTREAM_REFUSED, PHASE_RCPT, true},
	{452, "4.3.1", OUTCOME_DEFERRED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_TLS,
	 FAULT_UPSTREAM_REFUSED, PHASE_RCPT, false},
	{452, "4.5.30", OUTCOME_DEFERRED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_TLS,
	 FAULT_UPSTREAM_REFUSED, PHASE_RCPT, false},
	{454, "4.7.0", OUTCOME_DEFERRED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_TLS,
	 FAULT_UPSTREAM_REFUSED, PHASE_RCPT, false},
	{502, "", OUTCOME_REFUSED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_NO_TLS,
	 FAULT_UPSTREAM_AUTH, PHASE_RCPT, false},
	{535, "5.7.8", OUTCOME_REFUSED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_NO_TLS,
	 FAULT_UPSTREAM_AUTH, PHASE_RCPT, false},
	{550, "5.1.1", OUTCOME_REFUSED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_NO_TLS,
	 FAULT_UPSTREAM_AUTH, PHASE_RCPT, false},
	{550, "5.1.8", OUTCOME_REFUSED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_NO_TLS,
	 FAULT_UPSTREAM_AUTH, PHASE_MAIL, false},
	{552, "5.5.3", OUTCOME_REFUSED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_NO_TLS,
	 FAULT_UPSTREAM_AUTH, PHASE_RCPT, true},
	{552, "5.2.2", OUTCOME_REFUSED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_NO_TLS,
	 FAULT_UPSTREAM_AUTH, PHASE_RCPT, false},
	{553, "5.1.7", OUTCOME_REFUSED, FAULT_UPSTREAM_REFUSED, FAULT_UPSTREAM_NO_TLS,
	 FAULT_UPSTREAM_AUTH, PHASE_MAIL, false},
};

START_TEST(judges)
{
	struct smtp_reply r = reply(rows[_i].code, rows[_i].enhanced);
	ck_assert_int_eq(smtp_verdict_outcome(&r), rows[_i].outcome);
	ck_assert_int_eq(smtp_verdict_session(PHASE_GREETING, &r), rows[_i].at_greeting);
	ck_assert_int_eq(smtp_verdict_session(PHASE_STARTTLS, &r), rows[_i].at_starttls);
	ck_assert_int_eq(smtp_verdict_session(PHASE_AUTH, &r), rows[_i].at_auth);
	ck_assert_int_eq(smtp_verdict_rcpt_phase(&r), rows[_i].of_rcpt);
	ck_assert_int_eq(smtp_verdict_too_many(&r), rows[_i].too_many);
}
END_TEST

START_TEST(records)
{
	struct arena arena;
	struct recipient_outcome o;
	struct smtp_reply r = reply(550, "5.1.1");
	arena_init(&arena, 64 * 1024);
	smtp_verdict_record(&o, &nobody, PHASE_RCPT, &r, &arena);
	r.text[0] = 'x'; /* the text is a copy */
	ck_assert_int_eq(o.outcome, OUTCOME_REFUSED);
	ck_assert_int_eq(o.code, 550);
	ck_assert_str_eq(o.enhanced, "5.1.1");
	ck_assert_int_eq(o.phase, PHASE_RCPT);
	ck_assert(slice_eq(o.text, SLICE_LIT("no")));
	arena_deinit(&arena);
}
END_TEST

static const struct {
	const char *name;
	struct smtp_reply reply;
	enum smtp_provider provider;
	enum smtp_phase phase;
	enum outcome outcome;
	enum smtp_phase of;
	const char *cause; /* NULL: none */
} judged[] = {
	{"taken",
	 {.code = 250},
	 PROVIDER_UNKNOWN,
	 PHASE_FINAL,
	 OUTCOME_DELIVERED,
	 PHASE_FINAL,
	 NULL},
	{"the sender at RCPT, by its number",
	 {.code = 450, .enhanced = "4.1.8"},
	 PROVIDER_UNKNOWN,
	 PHASE_RCPT,
	 OUTCOME_DEFERRED,
	 PHASE_MAIL,
	 "sender-domain-unknown"},
	{"the sender at RCPT, by its words",
	 {.code = 553, .enhanced = "5.7.1", .text_len = 17, .text = "not owned by user"},
	 PROVIDER_UNKNOWN,
	 PHASE_RCPT,
	 OUTCOME_REFUSED,
	 PHASE_MAIL,
	 "sender-not-allowed"},
	{"a throttle that looks like a refusal",
	 {.code = 550, .text_len = 24, .text = "Mail send limit exceeded"},
	 PROVIDER_IONOS,
	 PHASE_RCPT,
	 OUTCOME_DEFERRED,
	 PHASE_RCPT,
	 "ionos-send-limit"},
	{"a refusal",
	 {.code = 550, .text_len = 2, .text = "no"},
	 PROVIDER_IONOS,
	 PHASE_RCPT,
	 OUTCOME_REFUSED,
	 PHASE_RCPT,
	 "recipient-refused"},
};

START_TEST(finds_the_cause)
{
	struct arena arena;
	struct recipient_outcome o;
	const struct smtp_scene scene = {.provider = judged[_i].provider};
	arena_init(&arena, 64 * 1024);
	smtp_verdict_record(&o, &scene, judged[_i].phase, &judged[_i].reply, &arena);
	ck_assert_msg(o.outcome == judged[_i].outcome, "%s", judged[_i].name);
	ck_assert_msg(o.phase == judged[_i].of, "%s", judged[_i].name);
	ck_assert_int_eq(o.cause != NULL, judged[_i].cause != NULL);
	ck_assert(o.cause == NULL || slice_eq(o.cause->code, slice_of_text(judged[_i].cause)));
	arena_deinit(&arena);
}
END_TEST

START_TEST(records_without_memory)
{
	struct arena arena;
	struct recipient_outcome o;
	struct smtp_reply r = reply(550, "5.1.1");
	arena_init(&arena, 64 * 1024);
	oom_arm(1);
	smtp_verdict_record(&o, &nobody, PHASE_RCPT, &r, &arena);
	ck_assert(oom_disarm());
	ck_assert_int_eq(o.outcome, OUTCOME_REFUSED);
	ck_assert_int_eq(o.code, 550);
	ck_assert_uint_eq(o.text.len, 0);
	arena_deinit(&arena);
}
END_TEST

static const struct {
	enum fault fault;
	enum smtp_phase phase;
	int code; /* 0: no reply */
	const char *sentence;
} sentences[] = {
	{FAULT_UPSTREAM_AUTH, PHASE_AUTH, 535,
	 "The mail server refused the login. It answered to AUTH with 535 5.7.8."},
	{FAULT_UPSTREAM_LOST, PHASE_DATA, 0,
	 "The mail server closed the connection. The answer to DATA was due."},
	{FAULT_UPSTREAM_NO_TLS, PHASE_STARTTLS, 0, "The mail server does not offer STARTTLS."},
	{FAULT_UPSTREAM_DOWN, PHASE_CONNECT, 0, "The mail server cannot be reached."},
	{FAULT_DEADLINE, PHASE_CONNECT, 0,
	 "The job's time was up before the mail server had answered."},
};

START_TEST(explains)
{
	struct problem p;
	struct smtp_reply r = reply(sentences[_i].code, "5.7.8");
	smtp_verdict_explain(&p, sentences[_i].fault, sentences[_i].phase, r.code != 0 ? &r : NULL);
	ck_assert_int_eq(p.fault, sentences[_i].fault);
	ck_assert_msg(slice_eq(problem_text(&p), slice_of_text(sentences[_i].sentence)), "%.*s",
		      (int)p.len, p.text);
}
END_TEST

START_TEST(names_both_sizes)
{
	struct problem p;
	ck_assert_int_eq(smtp_verdict_oversize(&p, 52428801, 35882577), FAULT_UPSTREAM_SIZE);
	struct slice text = problem_text(&p);
	ck_assert_uint_lt(slice_find(text, SLICE_LIT("52428801")), text.len);
	ck_assert_uint_lt(slice_find(text, SLICE_LIT("35882577")), text.len);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp verdict");
	TCase *t = tcase_create("verdict");
	tcase_set_timeout(t, 60); /* the machine may be busy; nothing is judged by time */
	tcase_add_loop_test(t, judges, 0, COUNT_OF(rows));
	tcase_add_test(t, records);
	tcase_add_loop_test(t, finds_the_cause, 0, COUNT_OF(judged));
	tcase_add_test(t, records_without_memory);
	tcase_add_loop_test(t, explains, 0, COUNT_OF(sentences));
	tcase_add_test(t, names_both_sizes);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
