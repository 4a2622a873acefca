#include "relay/smtp/provider.h"

#include "tests/support/check_main.h"

static const struct {
	const char *host;
	enum smtp_provider provider;
} hosts[] = {
	{"smtp.ionos.de", PROVIDER_IONOS},
	{"smtp.ionos.co.uk", PROVIDER_IONOS},
	{"SMTP.1und1.DE", PROVIDER_IONOS},
	{"mail.gmx.net", PROVIDER_IONOS},
	{"smtp.web.de", PROVIDER_IONOS},
	{"web.de", PROVIDER_IONOS},
	{"smtp.web.de.", PROVIDER_IONOS},
	{"smtp.office365.com", PROVIDER_MICROSOFT},
	{"example-com.mail.protection.outlook.com", PROVIDER_MICROSOFT},
	{"smtp-mail.outlook.com", PROVIDER_MICROSOFT},
	{"smtp.gmail.com", PROVIDER_GOOGLE},
	{"smtp-relay.gmail.com", PROVIDER_GOOGLE},
	{"aspmx.l.google.com", PROVIDER_GOOGLE},
	{"email-smtp.eu-west-1.amazonaws.com", PROVIDER_SES},
	/* The domain's end alone is none of theirs. */
	{"smtp.spider-web.de", PROVIDER_UNKNOWN},
	{"notgmail.com", PROVIDER_UNKNOWN},
	{"gmail.com.example.org", PROVIDER_UNKNOWN},
	{"smtp.example.com", PROVIDER_UNKNOWN},
	{"de", PROVIDER_UNKNOWN},
	{".", PROVIDER_UNKNOWN},
	{"", PROVIDER_UNKNOWN},
};

START_TEST(knows_hosts)
{
	ck_assert_msg(smtp_provider_of_host(slice_of_text(hosts[_i].host)) == hosts[_i].provider,
		      "%s", hosts[_i].host);
}
END_TEST

static const struct {
	const char *text;
	enum smtp_provider provider;
} greetings[] = {
	{"kundenserver.de (mreue107) Nemesis ESMTP Service ready", PROVIDER_IONOS},
	{"mail.com (mrgmxus001) Nemesis ESMTP Service ready", PROVIDER_IONOS},
	{"FR4P281CA0001.outlook.office365.com Microsoft ESMTP MAIL Service ready at Mon",
	 PROVIDER_MICROSOFT},
	{"smtp.gmail.com ESMTP 5b1f17b1804b1-43 - gsmtp", PROVIDER_GOOGLE},
	{"email-smtp.amazonaws.com ESMTP SimpleEmailService-d-AB", PROVIDER_SES},
	{"mx.example.com ESMTP Postfix (Debian/GNU)", PROVIDER_POSTFIX},
	{"mx.example.com ESMTP Exim 4.96 Mon, 1 Jan 2024", PROVIDER_EXIM},
	{"mx.example.com Dovecot ready.", PROVIDER_DOVECOT},
	{"mx.example.com ESMTP OpenSMTPD", PROVIDER_OPENSMTPD},
	{"mx.example.com ESMTP", PROVIDER_UNKNOWN},
	{"", PROVIDER_UNKNOWN},
};

START_TEST(knows_greetings)
{
	ck_assert_msg(smtp_provider_of_greeting(slice_of_text(greetings[_i].text)) ==
			      greetings[_i].provider,
		      "%s", greetings[_i].text);
}
END_TEST

static const struct {
	const char *text;
	enum smtp_provider provider;
} refusals[] = {
	{"For explanation visit https://postmaster.1und1.de/", PROVIDER_IONOS},
	{"Authentication unsuccessful [FR0P281CA0001.DEUP281.PROD.OUTLOOK.COM]",
	 PROVIDER_MICROSOFT},
	{"The user does not exist. a1si1 - gsmtp", PROVIDER_GOOGLE},
	{"not authorized to perform `ses:SendRawEmail'", PROVIDER_SES},
	/* Whose address is refused says nothing of who refuses. */
	{"<somebody@outlook.com>: Recipient address rejected", PROVIDER_UNKNOWN},
	{"<somebody@gmail.com>: User unknown", PROVIDER_UNKNOWN},
	{"<postfix@example.com>: User unknown", PROVIDER_UNKNOWN},
	{"", PROVIDER_UNKNOWN},
};

START_TEST(knows_refusals)
{
	struct smtp_words w;
	smtp_words_take(&w, slice_of_text(refusals[_i].text));
	ck_assert_msg(smtp_provider_of_refusal(&w) == refusals[_i].provider, "%s",
		      refusals[_i].text);
}
END_TEST

static const struct {
	const char *text, *words;
	bool hold;
} words[] = {
	{"Mail Send Limit", "send limit", true},
	{"Mail Send Limit", "x|limit", true},
	{"Mail Send Limit", "limit+mail", true},
	{"Mail Send Limit", "limit+none|send", true},
	{"Mail Send Limit", "", true},
	{"", "", true},
	{"Mail Send Limit", "limit+none", false},
	{"Mail Send Limit", "a lot|more", false},
	{"Mail", "mail send limit", false},
	{"", "x", false},
};

START_TEST(looks_for_words)
{
	struct smtp_words w;
	smtp_words_take(&w, slice_of_text(words[_i].text));
	ck_assert_int_eq(smtp_words_hold(&w, words[_i].words), words[_i].hold);
}
END_TEST

START_TEST(takes_so_much_of_a_text)
{
	static char long_text[2 * SMTP_WORDS_MAX];
	struct smtp_words w;
	for (size_t i = 0; i < sizeof(long_text); i++) {
		long_text[i] = i < SMTP_WORDS_MAX ? 'A' : 'B';
	}
	smtp_words_take(&w, slice_of(long_text, sizeof(long_text)));
	ck_assert_uint_eq(w.len, SMTP_WORDS_MAX);
	ck_assert(smtp_words_hold(&w, "aa") && !smtp_words_hold(&w, "b"));
}
END_TEST

START_TEST(has_names)
{
	struct slice name = smtp_provider_name((enum smtp_provider)_i);
	ck_assert_uint_gt(name.len, 0);
	for (int other = 0; other < _i; other++) {
		ck_assert(!slice_eq(name, smtp_provider_name((enum smtp_provider)other)));
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp provider");
	TCase *t = tcase_create("provider");
	tcase_add_loop_test(t, knows_hosts, 0, COUNT_OF(hosts));
	tcase_add_loop_test(t, knows_greetings, 0, COUNT_OF(greetings));
	tcase_add_loop_test(t, knows_refusals, 0, COUNT_OF(refusals));
	tcase_add_loop_test(t, looks_for_words, 0, COUNT_OF(words));
	tcase_add_test(t, takes_so_much_of_a_text);
	tcase_add_loop_test(t, has_names, 0, PROVIDER_COUNT);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
