#include "tests/support/check_main.h"
#include "tests/support/dialogue.h"

#define P	 DIALOGUE_PIPELINED "M\n"
#define S	 DIALOGUE_SEQUENTIAL "M\n"
#define E	 DIALOGUE_PIPELINED "E\n"
#define UNDO	 ">RSET\n"
#define MAIL	 ">MAIL FROM:<sender@example.com>\n"
#define RCPT_A	 ">RCPT TO:<a@example.com>\n"
#define RCPT_B	 ">RCPT TO:<b@example.com>\n"
#define RCPT_C	 ">RCPT TO:<c@example.com>\n"
#define DATA	 ">DATA\n"
#define FLIGHT	 MAIL RCPT_A DATA
#define FLIGHT_3 MAIL RCPT_A RCPT_B RCPT_C DATA

static const struct dialogue rows[] = {
	/* what is delivered */
	{"one flight", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n<250 2.0.0 queued\n.\n",
	 "delivered 250 2.0.0 final | none ready"},
	{"step by step", TLS_IMPLICIT, "me", 1,
	 S MAIL "<250 ok\n" RCPT_A "<250 ok\n" DATA "<354 go\n=\n<250 queued\n.\n",
	 "delivered 250 final | none ready"},
	{"251, 252 and 259 are accepted", TLS_IMPLICIT, "me", 3,
	 P FLIGHT_3 "<250 ok\n<251 will forward\n<252 maybe\n<259 odd\n<354 go\n=\n<250 ok\n",
	 "delivered 250 final, delivered 250 final, delivered 250 final | none ready"},
	{"one of three refused", TLS_IMPLICIT, "me", 3,
	 P FLIGHT_3 "<250 ok\n<250 ok\n<550 5.1.1 no\n<250 ok\n<354 go\n=\n<250 2.0.0 ok\n",
	 "delivered 250 2.0.0 final, refused 550 5.1.1 rcpt, delivered 250 2.0.0 final | none "
	 "ready"},
	{"one of three deferred, step by step", TLS_IMPLICIT, "me", 3,
	 S MAIL "<250 ok\n" RCPT_A "<450 4.2.1 later\n" RCPT_B "<250 ok\n" RCPT_C "<250 ok\n" DATA
		"<354 go\n=\n<250 ok\n",
	 "deferred 450 4.2.1 rcpt, delivered 250 final, delivered 250 final | none ready"},
	{"the second message needs no RSET", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n<250 ok\nM\n" FLIGHT
		  "<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n",
	 "delivered 250 final | none ready"},
	{"any 2yz ends it well", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n<252 fine\n", "delivered 252 final | none ready"},
	{"reply of several lines", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n<250-2.0.0 ok\n<250 2.0.0 two\n",
	 "delivered 250 2.0.0 final | none ready"},
	{"message waits for the login", TLS_IMPLICIT, "me", 1,
	 "M\n" DIALOGUE_PIPELINED FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n",
	 "delivered 250 final | none ready"},

	/* SIZE */
	{"SIZE is told", TLS_IMPLICIT, NULL, 1,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 SIZE 27\nM\n>MAIL FROM:<sender@example.com> "
	 "SIZE=27\n<250 ok\n" RCPT_A "<250 ok\n" DATA "<354 go\n=\n<250 ok\n",
	 "delivered 250 final | none ready"},
	{"SIZE without a limit", TLS_IMPLICIT, NULL, 1,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 SIZE\nM\n>MAIL FROM:<sender@example.com> "
	 "SIZE=27\n<552 5.3.4 no\n.\n",
	 "refused 552 5.3.4 mail | none ready"},
	{"a byte too large", TLS_IMPLICIT, NULL, 1,
	 "<220 hi\n>EHLO client.test\n<250-srv\n<250 SIZE 26\nM\n.\n",
	 "untried | upstream-size at mail ready"},

	/* refusals that leave the connection in step; RSET rides in front of the next envelope */
	{"MAIL refused", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA "<550 5.1.8 no\n<503 a\n<503 b\n<503 c\n.\n",
	 "refused 550 5.1.8 mail, refused 550 5.1.8 mail | none ready"},
	{"MAIL deferred", TLS_IMPLICIT, "me", 1, P FLIGHT "<450 4.7.1 slow\n<503 a\n<503 b\n.\n",
	 "deferred 450 4.7.1 mail | none ready"},
	{"MAIL refused, DATA accepted all the same", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<550 no\n<250 ok\n<354 go\n>.\n<250 ok\n.\n", "refused 550 mail | none ready"},
	{"MAIL refused, step by step", TLS_IMPLICIT, "me", 2, S MAIL "<553 5.1.7 no\n.\n",
	 "refused 553 5.1.7 mail, refused 553 5.1.7 mail | none ready"},
	{"sender refused at RCPT", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<550 5.1.8 sender\n<554 5.5.1 none\n.\n",
	 "refused 550 5.1.8 mail | none ready"},
	{"all recipients refused", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA "<250 ok\n<550 5.1.1 a\n<450 4.2.2 b\n<554 5.5.1 no valid\n.\n",
	 "refused 550 5.1.1 rcpt, deferred 450 4.2.2 rcpt | none ready"},
	{"all recipients refused, step by step: no DATA", TLS_IMPLICIT, "me", 2,
	 S MAIL "<250 ok\n" RCPT_A "<550 a\n" RCPT_B "<551 b\n.\n",
	 "refused 550 rcpt, refused 551 rcpt | none ready"},
	{"354 with nobody accepted: a lone dot", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<550 5.1.1 a\n<354 go\n>.\n<554 5.5.1 none\n.\n",
	 "refused 550 5.1.1 rcpt | none ready"},
	{"a lone dot that is accepted delivers nothing", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<550 5.1.1 a\n<354 go\n>.\n<250 queued\n.\n",
	 "refused 550 5.1.1 rcpt | none ready"},
	{"DATA refused", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA "<250 ok\n<250 ok\n<550 5.1.1 b\n<451 4.3.0 later\n.\n",
	 "deferred 451 4.3.0 data, refused 550 5.1.1 rcpt | none ready"},
	{"content refused", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA
	 "<250 ok\n<250 ok\n<550 5.1.1 b\n<354 go\n=\n<554 5.6.0 spam\n.\n",
	 "refused 554 5.6.0 final, refused 550 5.1.1 rcpt | none ready"},
	{"content deferred", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n<452 4.3.1 full\n.\n",
	 "deferred 452 4.3.1 final | none ready"},
	{"RSET before the next envelope, in its flight", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n<554 no\nM\n>RSET\n" FLIGHT
		  "<250 ok\n<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n",
	 "delivered 250 final | none ready"},
	{"RSET before the next envelope, step by step", TLS_IMPLICIT, "me", 1,
	 S MAIL "<550 no\nM\n>RSET\n<250 ok\n" MAIL "<250 ok\n" RCPT_A "<250 ok\n" DATA
		"<354 go\n=\n<250 ok\n",
	 "delivered 250 final | none ready"},
	{"RSET refused", TLS_IMPLICIT, "me", 1, S MAIL "<550 no\nM\n>RSET\n<502 no\n>QUIT\n",
	 "untried | upstream-refused at mail closing"},
	{"RSET refused in a flight", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<550 no\n<503 a\n<503 b\nM\n>RSET\n" FLIGHT "<502 no\n.\n",
	 "untried | upstream-refused at mail over"},

	/* too many recipients: the next transaction brings the others */
	{"452 after one was accepted", TLS_IMPLICIT, "me", 3,
	 P FLIGHT_3
	 "<250 ok\n<250 ok\n<452 4.5.3 many\n<452 4.5.3 many\n<354 go\n=\n<250 2.0.0 one\n" MAIL
		 RCPT_B RCPT_C DATA
	 "<250 ok\n<250 ok\n<550 5.1.1 c\n<354 go\n=\n<251 2.0.1 two\n.\n",
	 "delivered 250 2.0.0 final, delivered 251 2.0.1 final, refused 550 5.1.1 rcpt | none "
	 "ready"},
	{"452 for the first is a deferral", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA "<250 ok\n<452 4.5.3 a\n<452 4.5.3 b\n<554 none\n.\n",
	 "deferred 452 4.5.3 rcpt, deferred 452 4.5.3 rcpt | none ready"},
	{"452 for want of space is a deferral", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA "<250 ok\n<250 ok\n<452 4.3.1 full\n<354 go\n=\n<250 ok\n",
	 "delivered 250 final, deferred 452 4.3.1 rcpt | none ready"},
	{"no second transaction when the content was refused", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA "<250 ok\n<250 ok\n<452 many\n<354 go\n=\n<554 5.6.0 spam\n.\n",
	 "refused 554 5.6.0 final, refused 554 5.6.0 final | none ready"},
	{"lost in the second transaction", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA
	 "<250 ok\n<250 ok\n<452 many\n<354 go\n=\n<250 ok\n" MAIL RCPT_B DATA "X\n",
	 "delivered 250 final, untried | upstream-lost at mail over"},
	{"uncertain in the second transaction", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA
	 "<250 ok\n<250 ok\n<452 many\n<354 go\n=\n<250 ok\n" MAIL RCPT_B DATA
	 "<250 ok\n<250 ok\n<354 go\n=\nX\n",
	 "delivered 250 final, uncertain final | none over"},

	/* the envelope alone */
	{"envelope alone", TLS_IMPLICIT, "me", 2,
	 E MAIL RCPT_A RCPT_B UNDO "<250 ok\n<250 2.1.5 a\n<550 5.1.1 b\n<250 ok\n.\n",
	 "untried 250 2.1.5, refused 550 5.1.1 rcpt | none ready"},
	{"envelope alone, step by step", TLS_IMPLICIT, "me", 2,
	 DIALOGUE_SEQUENTIAL "E\n" MAIL "<250 ok\n" RCPT_A "<251 a\n" RCPT_B "<450 4.2.1 b\n" UNDO
			     "<250 ok\n.\n",
	 "untried 251, deferred 450 4.2.1 rcpt | none ready"},
	{"envelope alone, MAIL refused", TLS_IMPLICIT, "me", 1,
	 E MAIL RCPT_A UNDO "<550 5.1.8 no\n<503 a\n<250 ok\n.\n",
	 "refused 550 5.1.8 mail | none ready"},
	{"envelope alone, then a message without RSET", TLS_IMPLICIT, "me", 1,
	 E MAIL RCPT_A UNDO "<250 ok\n<250 a\n<250 ok\nM\n" FLIGHT
			    "<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n",
	 "delivered 250 final | none ready"},
	{"envelope alone, RSET refused: the next transaction says it again", TLS_IMPLICIT, "me", 1,
	 E MAIL RCPT_A UNDO "<250 ok\n<250 a\n<502 no\nM\n>RSET\n" FLIGHT
			    "<250 ok\n<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n",
	 "delivered 250 final | none ready"},
	{"envelope alone, 452 is an answer, too", TLS_IMPLICIT, "me", 2,
	 E MAIL RCPT_A RCPT_B UNDO "<250 ok\n<250 a\n<452 4.5.3 many\n<250 ok\n.\n",
	 "untried 250, deferred 452 4.5.3 rcpt | none ready"},
	{"envelope alone, lost before an answer", TLS_IMPLICIT, "me", 2,
	 E MAIL RCPT_A RCPT_B UNDO "<250 ok\n<250 a\nX\n.\n",
	 "untried 250, untried | upstream-lost at rcpt over"},
	{"envelope alone, lost behind all answers", TLS_IMPLICIT, "me", 2,
	 E MAIL RCPT_A RCPT_B UNDO "<250 ok\n<250 a\n<550 b\nX\n.\n",
	 "untried 250, refused 550 rcpt | none over"},
	{"envelope alone, 421 to RSET", TLS_IMPLICIT, "me", 1,
	 E MAIL RCPT_A UNDO "<250 ok\n<250 a\n<421 bye\n.\n", "untried 250 | none over"},
	{"envelope alone, 354 to RSET", TLS_IMPLICIT, "me", 1,
	 E MAIL RCPT_A UNDO "<250 ok\n<250 a\n<354 go\n.\n", "untried 250 | none over"},

	/* 421 anywhere */
	{"421 to MAIL on a fresh connection", TLS_IMPLICIT, "me", 1, P FLIGHT "<421 4.7.0 bye\n.\n",
	 "deferred 421 4.7.0 mail | none over"},
	{"421 to MAIL on a used one says nothing of the message", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n<250 ok\nM\n" FLIGHT "<421 4.7.0 bye\n.\n",
	 "untried | upstream-lost at mail over"},
	{"421 to RSET on a used one", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n<554 no\nM\n>RSET\n" FLIGHT "<421 4.7.0 bye\nX\n",
	 "untried | upstream-lost at mail over"},
	{"421 to the second recipient", TLS_IMPLICIT, "me", 3,
	 P FLIGHT_3 "<250 ok\n<550 5.1.1 a\n<421 4.3.2 bye\n.\n",
	 "refused 550 5.1.1 rcpt, deferred 421 4.3.2 rcpt, deferred 421 4.3.2 rcpt | none over"},
	{"421 to DATA", TLS_IMPLICIT, "me", 1, P FLIGHT "<250 ok\n<250 ok\n<421 bye\n.\n",
	 "deferred 421 data | none over"},
	{"421 to the content", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n<421 4.3.2 bye\n.\n",
	 "deferred 421 4.3.2 final | none over"},
	{"421 in mid-content", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n%9\n<421 4.3.2 bye\n.\n",
	 "deferred 421 4.3.2 content | none over"},
	{"421 before MAIL is out", TLS_IMPLICIT, "me", 1, P "%4\n<421 4.4.2 idle\n.\n",
	 "deferred 421 4.4.2 mail | none over"},

	/* hang-up after a refusal: the last word counts */
	{"MAIL refused, hang-up", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA "<554 5.7.1 no\nX\n",
	 "refused 554 5.7.1 mail, refused 554 5.7.1 mail | none over"},
	{"the only recipient refused, hang-up", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<550 5.7.1 no\nX\n", "refused 550 5.7.1 rcpt | none over"},
	/* unless it was about another recipient */
	{"second recipient refused, hang-up", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA "<250 ok\n<250 ok\n<550 5.7.1 no\nX\n",
	 "untried, refused 550 5.7.1 rcpt | upstream-lost at data over"},
	{"second of three refused, hang-up", TLS_IMPLICIT, "me", 3,
	 P FLIGHT_3 "<250 ok\n<250 ok\n<550 5.7.1 no\nX\n",
	 "untried, refused 550 5.7.1 rcpt, untried | upstream-lost at rcpt over"},
	{"452 for the second, hang-up", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA "<250 ok\n<250 ok\n<452 4.5.3 many\nX\n",
	 "untried, untried | upstream-lost at data over"},
	{"DATA refused behind a recipient's refusal, hang-up", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA "<250 ok\n<250 ok\n<550 5.1.1 no\n<554 5.7.1 all\nX\n",
	 "refused 554 5.7.1 data, refused 550 5.1.1 rcpt | none over"},
	{"refusal in mid-content, hang-up", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n%9\n<552 5.3.4 large\nX\n",
	 "refused 552 5.3.4 content | none over"},
	{"deferral in mid-content ends the connection", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n%9\n<451 later\n.\n",
	 "deferred 451 content | none over"},
	{"refusal before the first content byte", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n<554 no\n.\n", "refused 554 content | none over"},
	{"a refusal does not outlive the deadline", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA "<250 ok\n<550 5.1.1 a\nZ\n",
	 "refused 550 5.1.1 rcpt, untried | deadline at rcpt over"},

	/* losses */
	{"lost at MAIL", TLS_IMPLICIT, "me", 1, P FLIGHT "X\n.\n",
	 "untried | upstream-lost at mail over"},
	{"lost before MAIL is out", TLS_IMPLICIT, "me", 1, P "%4\nX\n.\n",
	 "untried | upstream-lost at mail over"},
	{"late at MAIL", TLS_IMPLICIT, "me", 1, P FLIGHT "Z\n.\n",
	 "untried | deadline at mail over"},
	{"lost at RCPT", TLS_IMPLICIT, "me", 2,
	 S MAIL "<250 ok\n" RCPT_A "<250 ok\n" RCPT_B "X\n.\n",
	 "untried, untried | upstream-lost at rcpt over"},
	{"lost at DATA", TLS_IMPLICIT, "me", 1, P FLIGHT "<250 ok\n<250 ok\nX\n.\n",
	 "untried | upstream-lost at data over"},
	{"lost in half a reply to DATA", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n!354 g\nX\n.\n", "untried | upstream-lost at data over"},
	{"lost before the content", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\nX\n.\n", "untried | upstream-lost at content over"},
	{"lost in mid-content", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n%26\nX\n.\n",
	 "untried | upstream-lost at content over"},
	{"late in mid-content", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n%26\nZ\n.\n", "untried | deadline at content over"},
	{"lost behind the last content byte", TLS_IMPLICIT, "me", 2,
	 P MAIL RCPT_A RCPT_B DATA "<250 ok\n<550 5.1.1 a\n<250 ok\n<354 go\n%27\nX\n.\n",
	 "refused 550 5.1.1 rcpt, uncertain final | none over"},
	{"lost behind the dot", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\nX\n.\n", "uncertain final | none over"},
	{"late behind the dot", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\nZ\n.\n", "uncertain final | none over"},
	{"lost in half a final reply", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n!250 2.0.0 queued$\nX\n.\n",
	 "uncertain final | none over"},
	{"lost in a final reply of several lines", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n<250-2.0.0 ok\nX\n.\n",
	 "uncertain final | none over"},
	{"final reply that is no SMTP", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n!ok$&\n.\n", "uncertain final | none over"},
	{"lost behind a lone dot", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<550 5.1.1 a\n<354 go\n>.\nX\n.\n",
	 "refused 550 5.1.1 rcpt | none over"},

	/* out of step */
	{"a reply too many in the flight", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n<250 queued\n.\n",
	 "untried | upstream-protocol at content over"},
	{"250 in mid-content", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n%9\n<250 queued\n.\n",
	 "untried | upstream-protocol at content over"},
	{"250 before the dot is out", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n%28\n<250 queued\n.\n",
	 "uncertain final | none over"},
	{"354 to MAIL", TLS_IMPLICIT, "me", 1, P FLIGHT "<354 go\n.\n",
	 "untried | upstream-protocol at mail over"},
	{"334 to DATA", TLS_IMPLICIT, "me", 1, P FLIGHT "<250 ok\n<250 ok\n<334 go\n.\n",
	 "untried | upstream-protocol at data over"},
	{"354 to RCPT", TLS_IMPLICIT, "me", 1, P FLIGHT "<250 ok\n<354 go\n.\n",
	 "untried | upstream-protocol at rcpt over"},
	{"250 to DATA", TLS_IMPLICIT, "me", 1, P FLIGHT "<250 ok\n<250 ok\n<250 ok\n.\n",
	 "untried | upstream-protocol at data over"},
	{"354 to the content", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n<354 go\n.\n", "uncertain final | none over"},
	{"replies before the envelope is out", TLS_IMPLICIT, "me", 1,
	 P "<250 ok\n<250 ok\n<354 go\n.\n", "untried | upstream-protocol at mail over"},
	{"a reply for a command not said yet", TLS_IMPLICIT, "me", 1,
	 S MAIL "<250 ok\n<250 ok\n.\n", "untried | upstream-protocol at rcpt over"},
	{"words behind the final reply", TLS_IMPLICIT, "me", 1,
	 P FLIGHT "<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n<250 ok\n.\n",
	 "delivered 250 final | none over"},
};

START_TEST(plays)
{
	dialogue_check(&rows[_i]);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp client, message");
	TCase *t = tcase_create("message");
	tcase_set_timeout(t, 60); /* the machine may be busy; nothing is judged by time */
	tcase_add_loop_test(t, plays, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
