#include "relay/smtp/ehlo.h"

#include "relay/smtp/auth.h"
#include "tests/support/check_main.h"

enum { CRAM_MD5 = 16, PLAIN = 32, LOGIN = 64, XOAUTH2 = 256 };

static const struct {
	const char *name;
	const char *lines; /* behind the greeting line, separated by | */
	struct smtp_ehlo expected;
} rows[] = {
	{"nothing", "", {.past_greeting = true}},
	{"pipelining", "PIPELINING", {.past_greeting = true, .pipelining = true}},
	{"lower case",
	 "pipelining|starttls",
	 {.past_greeting = true, .pipelining = true, .starttls = true}},
	{"all the plain ones",
	 "8BITMIME|ENHANCEDSTATUSCODES|SMTPUTF8|CHUNKING|DSN",
	 {.past_greeting = true,
	  .eightbitmime = true,
	  .enhanced_codes = true,
	  .smtputf8 = true,
	  .chunking = true,
	  .dsn = true}},
	{"size", "SIZE 141557760", {.past_greeting = true, .size = true, .size_max = 141557760}},
	{"size without a number", "SIZE", {.past_greeting = true, .size = true}},
	{"size zero", "SIZE 0", {.past_greeting = true, .size = true}},
	{"size that is no number", "SIZE many", {.past_greeting = true, .size = true}},
	{"size past 64 bits", "SIZE 99999999999999999999", {.past_greeting = true, .size = true}},
	{"auth", "AUTH LOGIN PLAIN", {.past_greeting = true, .mechanisms = PLAIN | LOGIN}},
	{"auth in lower case", "auth login", {.past_greeting = true, .mechanisms = LOGIN}},
	{"old auth", "AUTH=PLAIN LOGIN", {.past_greeting = true, .mechanisms = PLAIN | LOGIN}},
	{"auth twice",
	 "AUTH PLAIN|AUTH=LOGIN",
	 {.past_greeting = true, .mechanisms = PLAIN | LOGIN}},
	{"auth with two blanks",
	 "AUTH  XOAUTH2  PLAIN",
	 {.past_greeting = true, .mechanisms = PLAIN | XOAUTH2}},
	{"auth of others", "AUTH CRAM-MD5 NTLM", {.past_greeting = true, .mechanisms = CRAM_MD5}},
	{"auth of nothing", "AUTH", {.past_greeting = true}},
	{"no keyword of ours",
	 "X-PIPELINING|PIPELINING2|XSTARTTLS|STARTTLSX|SIZES 5",
	 {.past_greeting = true}},
	{"limits",
	 "LIMITS RCPTMAX=50 MAILMAX=10 RCPTDOMAINMAX=1",
	 {.past_greeting = true, .recipients_max = 50, .mails_max = 10, .domains_max = 1}},
	{"limits in lower case, one of them unknown",
	 "limits rcptmax=5 other=7",
	 {.past_greeting = true, .recipients_max = 5}},
	{"limits that are none",
	 "LIMITS RCPTMAX=0 MAILMAX=x RCPTDOMAINMAX",
	 {.past_greeting = true}},
	{"a limit of more than six digits", "LIMITS RCPTMAX=1000000", {.past_greeting = true}},
	{"limits of nothing", "LIMITS", {.past_greeting = true}},
	{"REQUIRETLS and BINARYMIME",
	 "REQUIRETLS|BINARYMIME",
	 {.past_greeting = true, .requiretls = true, .binarymime = true}},
	{"masked by X",
	 "XXXXXXXA|SIZE 5",
	 {.past_greeting = true, .masked = true, .size = true, .size_max = 5}},
	{"masked by stars", "********", {.past_greeting = true, .masked = true}},
	{"words of X that mask nothing", "XX|X-EXPS|XXXXYYYY|XCLIENT", {.past_greeting = true}},
	{"blank lines", "||", {.past_greeting = true}},
};

static void feed(struct smtp_ehlo *e, struct slice lines)
{
	struct slice line;
	while (slice_cut_to(&lines, '|', &line)) {
		smtp_ehlo_line(e, line);
	}
	smtp_ehlo_line(e, lines);
}

START_TEST(reads)
{
	struct smtp_ehlo e;
	smtp_ehlo_init(&e);
	smtp_ehlo_line(&e, SLICE_LIT("mail.example.com PIPELINING at your service"));
	feed(&e, slice_of_text(rows[_i].lines));
	const struct smtp_ehlo *w = &rows[_i].expected;
	ck_assert_int_eq(e.pipelining, w->pipelining);
	ck_assert_int_eq(e.starttls, w->starttls);
	ck_assert_int_eq(e.eightbitmime, w->eightbitmime);
	ck_assert_int_eq(e.enhanced_codes, w->enhanced_codes);
	ck_assert_int_eq(e.smtputf8, w->smtputf8);
	ck_assert_int_eq(e.chunking, w->chunking);
	ck_assert_int_eq(e.dsn, w->dsn);
	ck_assert_int_eq(e.binarymime, w->binarymime);
	ck_assert_int_eq(e.requiretls, w->requiretls);
	ck_assert_int_eq(e.masked, w->masked);
	ck_assert_uint_eq(e.recipients_max, w->recipients_max);
	ck_assert_uint_eq(e.domains_max, w->domains_max);
	ck_assert_uint_eq(e.mails_max, w->mails_max);
	ck_assert_int_eq(e.size, w->size);
	ck_assert_uint_eq(e.size_max, w->size_max);
	ck_assert_uint_eq(e.mechanisms, w->mechanisms);
}
END_TEST

START_TEST(greeting_is_no_keyword)
{
	struct smtp_ehlo e;
	smtp_ehlo_init(&e);
	smtp_ehlo_line(&e, SLICE_LIT("STARTTLS"));
	ck_assert(!e.starttls);
}
END_TEST

START_TEST(init_forgets)
{
	struct smtp_ehlo e;
	smtp_ehlo_init(&e);
	feed(&e, SLICE_LIT("srv|STARTTLS|AUTH PLAIN|SIZE 5"));
	smtp_ehlo_init(&e);
	smtp_ehlo_line(&e, SLICE_LIT("srv"));
	ck_assert(!e.starttls && !e.size && e.mechanisms == 0 && e.size_max == 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp ehlo");
	TCase *t = tcase_create("ehlo");
	tcase_set_timeout(t, 60); /* the machine may be busy; nothing is judged by time */
	tcase_add_loop_test(t, reads, 0, COUNT_OF(rows));
	tcase_add_test(t, greeting_is_no_keyword);
	tcase_add_test(t, init_forgets);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
