#include "relay/smtp/retry.h"

#include "relay/smtp/decode.h"
#include "tests/support/check_main.h"

#define THROTTLED(code_, phase_)                                                                   \
	{                                                                                          \
		.outcome = OUTCOME_DEFERRED, .code = (code_), .phase = (phase_),                   \
		.cause = &throttle                                                                 \
	}

static const struct smtp_cause throttle = {
	.kind = CAUSE_THROTTLE, .owner = CAUSE_OWNER_PROVIDER, .retry_s = 30};
static const struct smtp_cause theirs = {
	.kind = CAUSE_THROTTLE, .owner = CAUSE_OWNER_POSTMASTER, .retry_s = 30};
static const struct smtp_cause quota = {.kind = CAUSE_QUOTA, .retry_s = 3600};

static const struct {
	const char *name;
	enum fault fault;
	enum smtp_phase phase;
	int code;
	const struct smtp_cause *cause;
	struct recipient_outcome first, second;
	bool envelope_only;
	enum smtp_retry retry;
	unsigned wait_s;
} rows[] = {
	{.name = "not reached",
	 .fault = FAULT_UPSTREAM_DOWN,
	 .phase = PHASE_CONNECT,
	 .retry = SMTP_RETRY_FAILURE},
	{.name = "lost",
	 .fault = FAULT_UPSTREAM_LOST,
	 .phase = PHASE_MAIL,
	 .retry = SMTP_RETRY_FAILURE},
	{.name = "lost in the content",
	 .fault = FAULT_UPSTREAM_LOST,
	 .phase = PHASE_CONTENT,
	 .retry = SMTP_RETRY_FAILURE},
	{.name = "no name", .fault = FAULT_UPSTREAM_NAME, .phase = PHASE_RESOLVE},
	{.name = "not allowed",
	 .fault = FAULT_UPSTREAM_BLOCKED,
	 .phase = PHASE_CONNECT,
	 .retry = SMTP_RETRY_FAILURE},
	{.name = "no TLS", .fault = FAULT_UPSTREAM_NO_TLS, .phase = PHASE_STARTTLS, .code = 502},
	{.name = "TLS broke", .fault = FAULT_UPSTREAM_TLS, .phase = PHASE_TLS},
	{.name = "TLS not now",
	 .fault = FAULT_UPSTREAM_TLS,
	 .phase = PHASE_STARTTLS,
	 .code = 454,
	 .retry = SMTP_RETRY_FAILURE},
	{.name = "certificate", .fault = FAULT_UPSTREAM_CERT, .phase = PHASE_TLS},
	{.name = "login", .fault = FAULT_UPSTREAM_AUTH, .phase = PHASE_AUTH, .code = 535},
	{.name = "no login that we know", .fault = FAULT_UPSTREAM_NO_AUTH, .phase = PHASE_AUTH},
	{.name = "no login now",
	 .fault = FAULT_UPSTREAM_REFUSED,
	 .phase = PHASE_AUTH,
	 .code = 454,
	 .retry = SMTP_RETRY_FAILURE},
	{.name = "login throttled",
	 .fault = FAULT_UPSTREAM_REFUSED,
	 .phase = PHASE_AUTH,
	 .code = 454,
	 .cause = &throttle,
	 .retry = SMTP_RETRY_PATIENCE,
	 .wait_s = 30},
	{.name = "busy",
	 .fault = FAULT_UPSTREAM_REFUSED,
	 .phase = PHASE_GREETING,
	 .code = 421,
	 .retry = SMTP_RETRY_PATIENCE},
	{.name = "too many connections",
	 .fault = FAULT_UPSTREAM_REFUSED,
	 .phase = PHASE_AUTH,
	 .code = 432,
	 .retry = SMTP_RETRY_PATIENCE},
	{.name = "not for us",
	 .fault = FAULT_UPSTREAM_REFUSED,
	 .phase = PHASE_GREETING,
	 .code = 554},
	{.name = "a quota is no throttle",
	 .fault = FAULT_UPSTREAM_REFUSED,
	 .phase = PHASE_AUTH,
	 .code = 554,
	 .cause = &quota},
	{.name = "no SMTP", .fault = FAULT_UPSTREAM_PROTOCOL, .phase = PHASE_GREETING},
	{.name = "too large", .fault = FAULT_UPSTREAM_SIZE, .phase = PHASE_MAIL},
	{.name = "late", .fault = FAULT_DEADLINE, .phase = PHASE_CONNECT},
	{.name = "no memory", .fault = FAULT_NO_MEMORY},
	{.name = "all done"},

	{.name = "greylisted",
	 .first = {.outcome = OUTCOME_DEFERRED, .code = 450, .phase = PHASE_RCPT}},
	{.name = "throttled at MAIL",
	 .first = THROTTLED(451, PHASE_MAIL),
	 .retry = SMTP_RETRY_PATIENCE,
	 .wait_s = 30},
	{.name = "throttled at RCPT",
	 .first = THROTTLED(450, PHASE_RCPT),
	 .retry = SMTP_RETRY_PATIENCE,
	 .wait_s = 30},
	{.name = "only the second",
	 .first = {.outcome = OUTCOME_DELIVERED, .code = 250},
	 .second = THROTTLED(450, PHASE_RCPT),
	 .retry = SMTP_RETRY_PATIENCE,
	 .wait_s = 30},
	{.name = "throttled behind the content, by its own word",
	 .first = THROTTLED(454, PHASE_FINAL),
	 .retry = SMTP_RETRY_PATIENCE,
	 .wait_s = 30},
	{.name = "left behind the content", .first = THROTTLED(421, PHASE_FINAL)},
	{.name = "left at RCPT",
	 .first = THROTTLED(421, PHASE_RCPT),
	 .retry = SMTP_RETRY_PATIENCE,
	 .wait_s = 30},
	{.name = "left at MAIL, without a cause",
	 .first = {.outcome = OUTCOME_DEFERRED, .code = 421, .phase = PHASE_MAIL},
	 .retry = SMTP_RETRY_PATIENCE},
	{.name = "left behind the content, without a cause",
	 .first = {.outcome = OUTCOME_DEFERRED, .code = 421, .phase = PHASE_FINAL}},
	{.name = "432 without a cause",
	 .first = {.outcome = OUTCOME_DEFERRED, .code = 432, .phase = PHASE_MAIL},
	 .retry = SMTP_RETRY_PATIENCE},
	{.name = "a recipient's own throttle",
	 .first = {.outcome = OUTCOME_DEFERRED, .code = 450, .cause = &theirs}},
	{.name = "a quota", .first = {.outcome = OUTCOME_DEFERRED, .code = 452, .cause = &quota}},
	{.name = "refused, whatever the cause",
	 .first = {.outcome = OUTCOME_REFUSED, .code = 550, .cause = &throttle}},
	{.name = "uncertain is never tried again",
	 .first = {.outcome = OUTCOME_UNCERTAIN, .cause = &throttle, .phase = PHASE_FINAL}},
	{.name = "somebody looks",
	 .fault = FAULT_UPSTREAM_DOWN,
	 .phase = PHASE_CONNECT,
	 .envelope_only = true},
};

START_TEST(judges)
{
	struct recipient_outcome results[2] = {rows[_i].first, rows[_i].second};
	struct smtp_delivery d = {
		.fault = rows[_i].fault,
		.phase = rows[_i].phase,
		.code = rows[_i].code,
		.cause = rows[_i].cause,
		.results = results,
		.recipient_count = 2,
		.errand = {.count = 2},
		.envelope_only = rows[_i].envelope_only,
	};
	unsigned wait_s = 99;
	ck_assert_msg(smtp_retry_of(&d, &wait_s) == rows[_i].retry, "%s", rows[_i].name);
	ck_assert_msg(wait_s == rows[_i].wait_s, "%s: %u", rows[_i].name, wait_s);
}
END_TEST

/* Only those that the server asked to wait are asked again. */
START_TEST(reopens)
{
	struct recipient_outcome results[] = {
		{.outcome = OUTCOME_DELIVERED, .code = 250},
		THROTTLED(450, PHASE_RCPT),
		{.outcome = OUTCOME_REFUSED, .code = 550},
		{.outcome = OUTCOME_DEFERRED, .code = 450},
		{.outcome = OUTCOME_UNCERTAIN},
		THROTTLED(421, PHASE_FINAL),
	};
	static const enum outcome expected[] = {OUTCOME_DELIVERED, OUTCOME_UNTRIED,
						OUTCOME_REFUSED,   OUTCOME_DEFERRED,
						OUTCOME_UNCERTAIN, OUTCOME_DEFERRED};
	struct smtp_delivery d = {.results = results,
				  .recipient_count = COUNT_OF(results),
				  .errand = {.count = COUNT_OF(results)}};
	smtp_retry_reopen(&d);
	for (size_t i = 0; i < COUNT_OF(results); i++) {
		ck_assert_int_eq(results[i].outcome, expected[i]);
	}
	ck_assert_int_eq(results[1].code, 0);
}
END_TEST

/* A message may go as several mails: four recipients, of whom one waits, and the mail that was just under way. */
static const struct {
	const char *name;
	size_t waiting, first, count;
	enum smtp_retry retry;
} mails[] = {
	{"of this mail, the first", 1, 1, 2, SMTP_RETRY_PATIENCE},
	{"of this mail, the last", 2, 1, 2, SMTP_RETRY_PATIENCE},
	{"of the mail before", 0, 1, 2, SMTP_RETRY_NOT},
	{"of the mail behind", 3, 1, 2, SMTP_RETRY_NOT},
	{"no mail was under way", 0, 0, 0, SMTP_RETRY_NOT},
};

START_TEST(looks_at_the_mail_under_way)
{
	struct recipient_outcome results[4] = {{.outcome = OUTCOME_DELIVERED, .code = 250}};
	results[mails[_i].waiting] = (struct recipient_outcome)THROTTLED(450, PHASE_RCPT);
	struct smtp_delivery d = {.results = results,
				  .recipient_count = COUNT_OF(results),
				  .errand = {.first = mails[_i].first, .count = mails[_i].count}};
	unsigned wait_s;
	ck_assert_msg(smtp_retry_of(&d, &wait_s) == mails[_i].retry, "%s", mails[_i].name);
	smtp_retry_reopen(&d);
	bool is_open = results[mails[_i].waiting].outcome == OUTCOME_UNTRIED;
	ck_assert_msg(is_open == (mails[_i].retry == SMTP_RETRY_PATIENCE), "%s", mails[_i].name);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp retry");
	TCase *t = tcase_create("retry");
	tcase_add_loop_test(t, judges, 0, COUNT_OF(rows));
	tcase_add_test(t, reopens);
	tcase_add_loop_test(t, looks_at_the_mail_under_way, 0, COUNT_OF(mails));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
