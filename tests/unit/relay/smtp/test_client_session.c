#include "tests/support/check_main.h"
#include "tests/support/dialogue.h"

/* AUTH PLAIN of "me" and "secret" */
#define PLAIN_LINE ">AUTH PLAIN AG1lAHNlY3JldA==\n"
#define OPEN_TLS                                                                                   \
	"<220 hi\n>EHLO client.test\n<250-srv\n<250-PIPELINING\n<250 STARTTLS\n>STARTTLS\n<220 "   \
	"go\nT\n"

static const struct dialogue rows[] = {
	/* what leads to READY */
	{"implicit TLS, no login", TLS_IMPLICIT, NULL, 0,
	 "<220 hi\n>EHLO client.test\n<250 srv\n.\n", " | none ready"},
	{"implicit TLS, PLAIN", TLS_IMPLICIT, "me", 0, DIALOGUE_SEQUENTIAL ".\n", " | none ready"},
	{"greeting of several lines", TLS_IMPLICIT, NULL, 0,
	 "<220-one\n<220 two\n>EHLO client.test\n<250 srv\n.\n", " | none ready"},
	{"STARTTLS, no login", TLS_STARTTLS, NULL, 0, OPEN_TLS ">EHLO client.test\n<250 srv\n.\n",
	 " | none ready"},
	{"STARTTLS, PLAIN after TLS", TLS_STARTTLS, "me", 0,
	 OPEN_TLS ">EHLO client.test\n<250-srv\n<250 AUTH LOGIN PLAIN\n" PLAIN_LINE "<235 in\n.\n",
	 " | none ready"},
	{"LOGIN", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH=LOGIN\n>AUTH LOGIN\n<334 "
	 "VXNlcm5hbWU6\n>bWU=\n<334 UGFzc3dvcmQ6\n"
	 ">c2VjcmV0\n<235 in\n.\n",
	 " | none ready"},
	{"PLAIN is unknown after all, LOGIN works", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN LOGIN\n" PLAIN_LINE
	 "<504 5.5.4 no\n>AUTH LOGIN\n<334 a\n>bWU=\n<334 b\n>c2VjcmV0\n<235 in\n.\n",
	 " | none ready"},
	{"told to quit when idle", TLS_IMPLICIT, "me", 0,
	 DIALOGUE_SEQUENTIAL "Q\n>QUIT\n<221 bye\n", " | none over"},
	{"hang-up after QUIT is fine", TLS_IMPLICIT, "me", 0, DIALOGUE_SEQUENTIAL "Q\n>QUIT\nX\n",
	 " | none over"},

	/* refusals, each followed by QUIT */
	{"greeting 554", TLS_IMPLICIT, "me", 0, "<554 5.7.1 no\n>QUIT\n<221 bye\n",
	 " | upstream-refused at greeting over"},
	{"greeting 421", TLS_IMPLICIT, "me", 0, "<421 busy\n",
	 " | upstream-refused at greeting over"},
	{"EHLO refused", TLS_IMPLICIT, "me", 0, "<220 hi\n>EHLO client.test\n<502 what\n>QUIT\n",
	 " | upstream-refused at ehlo closing"},
	{"421 to EHLO", TLS_IMPLICIT, "me", 0, "<220 hi\n>EHLO client.test\n<421 bye\n",
	 " | upstream-refused at ehlo over"},
	{"no STARTTLS on offer", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n>QUIT\n",
	 " | upstream-no-tls at starttls closing"},
	{"STARTTLS refused for now", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 STARTTLS\n>STARTTLS\n<454 4.7.0 "
	 "later\n>QUIT\n",
	 " | upstream-tls at starttls closing"},
	{"STARTTLS refused for good", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 STARTTLS\n>STARTTLS\n<502 no\n>QUIT\n",
	 " | upstream-no-tls at starttls closing"},
	{"EHLO after TLS refused", TLS_STARTTLS, "me", 0,
	 OPEN_TLS ">EHLO client.test\n<550 no\n>QUIT\n", " | upstream-refused at ehlo closing"},
	{"no AUTH on offer", TLS_IMPLICIT, "me", 0, "<220 hi\n>EHLO client.test\n<250 srv\n>QUIT\n",
	 " | upstream-no-auth at auth closing"},
	{"AUTH was on offer before TLS only", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250-AUTH PLAIN\n<250 STARTTLS\n>STARTTLS\n<220 "
	 "go\nT\n>EHLO client.test\n"
	 "<250 srv\n>QUIT\n",
	 " | upstream-no-auth at auth closing"},
	{"no AUTH that we know", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH GSSAPI\n>QUIT\n",
	 " | upstream-no-auth at auth closing"},
	{"wrong password", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN LOGIN\n" PLAIN_LINE
	 "<535 5.7.8 no\n>QUIT\n<221 bye\n",
	 " | upstream-auth at auth over"},
	{"wrong password, server hangs up", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE
	 "<535 5.7.8 no\nX\n.\n",
	 " | upstream-auth at auth over"},
	{"wrong password with LOGIN", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH LOGIN\n>AUTH LOGIN\n<334 a\n>bWU=\n<334 "
	 "b\n>c2VjcmV0\n<535 no\n>QUIT\n",
	 " | upstream-auth at auth closing"},
	{"login fails for now", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE
	 "<454 4.7.0 later\n>QUIT\n",
	 " | upstream-refused at auth closing"},
	{"421 to AUTH", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE "<421 bye\n",
	 " | upstream-refused at auth over"},
	{"every mechanism is unknown", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE "<504 no\n>QUIT\n",
	 " | upstream-auth at auth closing"},

	/* what is no SMTP */
	{"another protocol", TLS_IMPLICIT, "me", 0, "!SSH-2.0-x$&\n.\n",
	 " | upstream-protocol at greeting over"},
	{"greeting 354", TLS_IMPLICIT, "me", 0, "<354 go\n.\n",
	 " | upstream-protocol at greeting over"},
	{"reply before EHLO went out", TLS_IMPLICIT, "me", 0, "<220 hi\n<250 srv\n.\n",
	 " | upstream-protocol at ehlo over"},
	{"334 to EHLO", TLS_IMPLICIT, "me", 0, "<220 hi\n>EHLO client.test\n<334 a\n.\n",
	 " | upstream-protocol at ehlo over"},
	{"words injected behind STARTTLS", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 STARTTLS\n>STARTTLS\n<220 go\n<250 AUTH "
	 "PLAIN\n.\n",
	 " | upstream-protocol at tls over"},
	{"half a word injected behind STARTTLS", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 STARTTLS\n>STARTTLS\n!220 go$&2\n.\n",
	 " | upstream-protocol at tls over"},
	{"STARTTLS answered before it was said", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 STARTTLS\n<220 go\n.\n",
	 " | upstream-protocol at starttls over"},
	{"login confirmed before it was asked", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n<235 in\n.\n",
	 " | upstream-protocol at auth over"},
	{"PLAIN asked once more", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE "<334 more\n.\n",
	 " | upstream-protocol at auth over"},
	{"LOGIN asked a third time", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH LOGIN\n>AUTH LOGIN\n<334 a\n>bWU=\n<334 "
	 "b\n>c2VjcmV0\n<334 c\n.\n",
	 " | upstream-protocol at auth over"},
	{"354 to AUTH", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE "<550-a\n<551 b\n.\n",
	 " | upstream-protocol at auth over"},
	{"farewell while idle", TLS_IMPLICIT, "me", 0, DIALOGUE_SEQUENTIAL "<421 bye\n.\n",
	 " | none over"},
	{"any word while idle", TLS_IMPLICIT, "me", 0, DIALOGUE_SEQUENTIAL "!2\n.\n",
	 " | none over"},

	/* losses */
	{"lost before the greeting", TLS_IMPLICIT, "me", 0, "X\n.\n",
	 " | upstream-lost at greeting over"},
	{"late before the greeting", TLS_IMPLICIT, "me", 0, "Z\n.\n",
	 " | deadline at greeting over"},
	{"lost in mid-greeting", TLS_IMPLICIT, "me", 0, "!220 h\nX\n.\n",
	 " | upstream-lost at greeting over"},
	{"lost at EHLO", TLS_IMPLICIT, "me", 0, "<220 hi\n>EHLO client.test\nX\n.\n",
	 " | upstream-lost at ehlo over"},
	{"lost in mid-EHLO", TLS_IMPLICIT, "me", 0, "<220 hi\n>EHLO client.test\n<250-srv\nX\n.\n",
	 " | upstream-lost at ehlo over"},
	{"late at STARTTLS", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 STARTTLS\n>STARTTLS\nZ\n.\n",
	 " | deadline at starttls over"},
	{"lost in the handshake", TLS_STARTTLS, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 STARTTLS\n>STARTTLS\n<220 go\nX\n.\n",
	 " | upstream-lost at tls over"},
	{"lost at AUTH", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE "X\n.\n",
	 " | upstream-lost at auth over"},
	{"lost before AUTH is out", TLS_IMPLICIT, "me", 0,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n%5\nX\n.\n",
	 " | upstream-lost at auth over"},
	{"lost while idle", TLS_IMPLICIT, "me", 0, DIALOGUE_SEQUENTIAL "X\n.\n", " | none over"},

	/* with a message waiting: it is not touched by what the session runs into */
	{"wrong password", TLS_IMPLICIT, "me", 2,
	 "M\n<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n" PLAIN_LINE
	 "<535 5.7.8 no\n>QUIT\n",
	 "untried, untried | upstream-auth at auth closing"},
	{"greeting 554, then hang-up", TLS_IMPLICIT, "me", 1, "M\n<554 5.7.1 no\n>QUIT\nX\n",
	 "untried | upstream-refused at greeting over"},
	{"421 to EHLO", TLS_IMPLICIT, "me", 1, "M\n<220 hi\n>EHLO client.test\n<421 4.3.2 bye\n",
	 "untried | upstream-refused at ehlo over"},
	{"late at EHLO", TLS_IMPLICIT, "me", 1, "M\n<220 hi\n>EHLO client.test\nZ\n",
	 "untried | deadline at ehlo over"},
};

START_TEST(plays)
{
	dialogue_check(&rows[_i]);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp client, session");
	TCase *t = tcase_create("session");
	tcase_set_timeout(t, 60); /* the machine may be busy; nothing is judged by time */
	tcase_add_loop_test(t, plays, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
