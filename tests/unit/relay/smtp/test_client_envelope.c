#include "tests/support/check_main.h"
#include "tests/support/dialogue.h"

#define OPEN(extensions) "<220 hi\n>EHLO client.test\n<250-srv\n" extensions "<250 PIPELINING\nM\n"
#define SENDER		 ">MAIL FROM:<sender@example.com>"
#define MAIL		 SENDER "\n"
#define RCPT_A		 ">RCPT TO:<a@example.com>\n"
#define RCPT_B		 ">RCPT TO:<b@example.com>\n"
#define RCPT_C		 ">RCPT TO:<c@example.com>\n"
#define DATA		 ">DATA\n"
#define OK		 "<250 ok\n"
#define GO		 "<354 go\n=\n<250 ok\n"
#define TAKEN_1		 OK OK GO
#define TAKEN_2		 OK OK OK GO
#define PLAY(n)		 TLS_IMPLICIT, NULL, n
#define EIGHT		 "Subject: h\xC3\xA4llo\r\n\r\nA page.\r\n"
#define DELIVERED	 "delivered 250 final"
#define GOOD		 DELIVERED " | none ready"
#define LACKS		 " | upstream-feature at mail ready"

static const struct dialogue_with rows[] = {
	/* LIMITS (RFC 9422) */
	{.play = {"two recipients a transaction", PLAY(3),
		  OPEN("<250-LIMITS RCPTMAX=2\n")
			  MAIL RCPT_A RCPT_B DATA TAKEN_2 MAIL RCPT_C DATA TAKEN_1,
		  DELIVERED ", " DELIVERED ", " GOOD}},
	{.play = {"the first two are refused, the third is asked all the same", PLAY(3),
		  OPEN("<250-LIMITS RCPTMAX=2\n") MAIL RCPT_A RCPT_B DATA OK
		  "<550 a\n<551 b\n<554 none\n>RSET\n" MAIL RCPT_C DATA OK TAKEN_1,
		  "refused 550 rcpt, refused 551 rcpt, " GOOD}},
	{.play = {"the first two are refused, 354 comes all the same", PLAY(3),
		  OPEN("<250-LIMITS RCPTMAX=2\n") MAIL RCPT_A RCPT_B DATA OK
		  "<550 a\n<551 b\n<354 go\n>.\n<554 none\n>RSET\n" MAIL RCPT_C DATA OK TAKEN_1,
		  "refused 550 rcpt, refused 551 rcpt, " GOOD}},
	{.play = {"the content is refused: the third is not asked", PLAY(3),
		  OPEN("<250-LIMITS RCPTMAX=2\n") MAIL RCPT_A RCPT_B DATA OK OK OK
		  "<354 go\n=\n<554 spam\n.\n",
		  "refused 554 final, refused 554 final, refused 554 final | none ready"}},
	{.play = {"MAIL is refused: the third is not asked", PLAY(3),
		  OPEN("<250-LIMITS RCPTMAX=2\n") MAIL RCPT_A RCPT_B DATA
		  "<550 no\n<503 a\n<503 b\n<503 c\n.\n",
		  "refused 550 mail, refused 550 mail, refused 550 mail | none ready"}},
	{.play = {"452 within the limit", PLAY(3),
		  OPEN("<250-LIMITS RCPTMAX=2\n") MAIL RCPT_A RCPT_B DATA OK OK
		  "<452 many\n" GO MAIL RCPT_B RCPT_C DATA TAKEN_2,
		  DELIVERED ", " DELIVERED ", " GOOD}},
	{.play = {"one domain a transaction", PLAY(3),
		  OPEN("<250-LIMITS RCPTDOMAINMAX=1\n") MAIL
		  ">RCPT TO:<a@x.example>\n>RCPT TO:<b@X.example>\n" DATA TAKEN_2 MAIL
		  ">RCPT TO:<c@y.example>\n" DATA TAKEN_1,
		  DELIVERED ", " DELIVERED ", " GOOD},
	 .to = "a@x.example,b@X.example,c@y.example"},
	{.play = {"two domains a transaction", PLAY(3),
		  OPEN("<250-LIMITS RCPTDOMAINMAX=2\n") MAIL
		  ">RCPT TO:<a@x.example>\n>RCPT TO:<b@y.example>\n" DATA TAKEN_2 MAIL
		  ">RCPT TO:<c@z.example>\n" DATA TAKEN_1,
		  DELIVERED ", " DELIVERED ", " GOOD},
	 .to = "a@x.example,b@y.example,c@z.example"},
	{.play = {"one mail a connection", PLAY(1),
		  OPEN("<250-LIMITS MAILMAX=1\n") MAIL RCPT_A DATA TAKEN_1 ">QUIT\n<221 bye\n",
		  DELIVERED " | none over"}},
	{.play = {"one mail a connection, refused", PLAY(1),
		  OPEN("<250-LIMITS MAILMAX=1\n") MAIL RCPT_A DATA
		  "<550 no\n<503 a\n<503 b\n>QUIT\n",
		  "refused 550 mail | none closing"}},
	{.play = {"two mails a connection", PLAY(1),
		  OPEN("<250-LIMITS MAILMAX=2\n") MAIL RCPT_A DATA TAKEN_1
		  "M\n" MAIL RCPT_A DATA TAKEN_1 ">QUIT\n",
		  DELIVERED " | none closing"}},
	{.play = {"one mail a connection, and one recipient: the others over another one", PLAY(2),
		  OPEN("<250-LIMITS MAILMAX=1 RCPTMAX=1\n") MAIL RCPT_A DATA TAKEN_1 ">QUIT\n",
		  DELIVERED ", untried | upstream-lost at final closing, again"}},

	/* 8BITMIME (RFC 6152) */
	{.play = {"what is 7bit does not say BODY", PLAY(1),
		  OPEN("<250-8BITMIME\n") MAIL RCPT_A DATA TAKEN_1, GOOD}},
	{.play = {"what is 8bit says it", PLAY(1),
		  OPEN("<250-8BITMIME\n") SENDER " BODY=8BITMIME\n" RCPT_A DATA TAKEN_1, GOOD},
	 .content = EIGHT},
	{.play = {"8bit, and no 8BITMIME", PLAY(1), OPEN("") ".\n", "untried" LACKS},
	 .content = EIGHT},

	/* SMTPUTF8 (RFC 6531) */
	{.play = {"ASCII needs no SMTPUTF8", PLAY(1),
		  OPEN("<250-SMTPUTF8\n") MAIL RCPT_A DATA TAKEN_1, GOOD}},
	{.play = {"a recipient needs it", PLAY(2),
		  OPEN("<250-SMTPUTF8\n") SENDER
		  " SMTPUTF8\n>RCPT TO:<\xC3\xA4@x.example>\n" RCPT_A DATA TAKEN_2,
		  DELIVERED ", " GOOD},
	 .to = "\xC3\xA4@x.example,a@example.com"},
	{.play = {"the sender needs it", PLAY(1),
		  OPEN("<250-SMTPUTF8\n") ">MAIL FROM:<\xC3\xA4@x.example> SMTPUTF8\n" RCPT_A DATA
			  TAKEN_1,
		  GOOD},
	 .sender = "\xC3\xA4@x.example"},
	{.play = {"only the transaction with it says it", PLAY(2),
		  OPEN("<250-SMTPUTF8\n<250-LIMITS RCPTMAX=1\n") MAIL RCPT_A DATA TAKEN_1 SENDER
		  " SMTPUTF8\n>RCPT TO:<\xC3\xA4@x.example>\n" DATA TAKEN_1,
		  DELIVERED ", " GOOD},
	 .to = "a@example.com,\xC3\xA4@x.example"},
	{.play = {"not offered: who needs it is refused, the others are asked", PLAY(2),
		  OPEN("") MAIL RCPT_A DATA TAKEN_1, "refused 5.6.7 rcpt, " GOOD},
	 .to = "\xC3\xA4@x.example,a@example.com"},
	{.play = {"not offered, and all need it", PLAY(1), OPEN("") ".\n", "untried" LACKS},
	 .to = "\xC3\xA4@x.example"},
	{.play = {"not offered, and the sender needs it", PLAY(1), OPEN("") ".\n", "untried" LACKS},
	 .sender = "\xC3\xA4@x.example"},

	/* REQUIRETLS (RFC 8689) */
	{.play = {"TLS all the way", PLAY(1),
		  OPEN("<250-REQUIRETLS\n") SENDER " REQUIRETLS\n" RCPT_A DATA TAKEN_1, GOOD},
	 .require_tls = true},
	{.play = {"TLS all the way is not asked for", PLAY(1),
		  OPEN("<250-REQUIRETLS\n") MAIL RCPT_A DATA TAKEN_1, GOOD}},
	{.play = {"TLS all the way is not offered", PLAY(1), OPEN("") ".\n", "untried" LACKS},
	 .require_tls = true},

	/* DSN (RFC 3461) */
	{.play = {"DSN is not asked for", PLAY(1), OPEN("<250-DSN\n") MAIL RCPT_A DATA TAKEN_1,
		  GOOD},
	 .envelope_id = "id-1"},
	{.play = {"all of it", PLAY(1),
		  OPEN("<250-DSN\n") SENDER
		  " RET=HDRS ENVID=id-1\n>RCPT TO:<a@example.com> NOTIFY=SUCCESS,FAILURE,DELAY "
		  "ORCPT=rfc822;a@example.com\n" DATA TAKEN_1,
		  GOOD},
	 .envelope_id = "id-1",
	 .status = {NOTIFY_SUCCESS | NOTIFY_FAILURE | NOTIFY_DELAY, RETURN_HEADERS}},
	{.play = {"never", PLAY(1),
		  OPEN("<250-DSN\n") MAIL
		  ">RCPT TO:<a@example.com> NOTIFY=NEVER ORCPT=rfc822;a@example.com\n" DATA TAKEN_1,
		  GOOD},
	 .status = {.notify = NOTIFY_NEVER}},
	{.play = {"the whole mail back", PLAY(1),
		  OPEN("<250-DSN\n") SENDER " RET=FULL\n" RCPT_A DATA TAKEN_1, GOOD},
	 .status = {.returns = RETURN_FULL}},
	{.play = {"xtext", PLAY(1),
		  OPEN("<250-DSN\n") SENDER
		  " ENVID=a+2Bb+3Dc\n>RCPT TO:<x+y=z@x.example> NOTIFY=DELAY "
		  "ORCPT=rfc822;x+2By+3Dz@x.example\n" DATA TAKEN_1,
		  GOOD},
	 .to = "x+y=z@x.example",
	 .envelope_id = "a+b=c",
	 .status = {.notify = NOTIFY_DELAY}},
	{.play = {"beyond ASCII there is no ORCPT", PLAY(1),
		  OPEN("<250-DSN\n<250-SMTPUTF8\n") SENDER
		  " SMTPUTF8\n>RCPT TO:<\xC3\xA4@x.example> NOTIFY=DELAY\n" DATA TAKEN_1,
		  GOOD},
	 .to = "\xC3\xA4@x.example",
	 .status = {.notify = NOTIFY_DELAY}},
	{.play = {"DSN is not offered: nothing is said of it", PLAY(1),
		  OPEN("") MAIL RCPT_A DATA TAKEN_1, GOOD},
	 .envelope_id = "id-1",
	 .status = {NOTIFY_SUCCESS, RETURN_FULL}},
	{.play = {"all at once", PLAY(1),
		  OPEN("<250-DSN\n<250-SMTPUTF8\n<250-8BITMIME\n<250-REQUIRETLS\n<250-SIZE\n")
			  SENDER " SIZE=28 BODY=8BITMIME SMTPUTF8 REQUIRETLS RET=FULL\n>RCPT "
				 "TO:<\xC3\xA4@x.example> "
				 "NOTIFY=SUCCESS\n" DATA TAKEN_1,
		  GOOD},
	 .to = "\xC3\xA4@x.example",
	 .content = EIGHT,
	 .require_tls = true,
	 .status = {NOTIFY_SUCCESS, RETURN_FULL}},
};

START_TEST(plays)
{
	dialogue_check_with(&rows[_i]);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp client, envelope");
	TCase *t = tcase_create("envelope");
	tcase_set_timeout(t, 60); /* the machine may be busy; nothing is judged by time */
	tcase_add_loop_test(t, plays, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
