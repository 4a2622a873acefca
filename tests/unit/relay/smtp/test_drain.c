#include "relay/smtp/smtp.h"

#include "tests/support/check_main.h"
#include "tests/support/smtp_stage.h"

enum { FAR_MS = 60 * 1000 };

#define TAKEN		 "<250 ok\n<250 ok\n<354 go\n=\n"
#define OPEN_AND_BUSY	 STAGE_OPEN STAGE_ENVELOPE "!\nW\n"
#define NOT_SENT	 "untried | stopping at "
#define ONE_AFTER_OTHERS .at_once = true, .connections = 1, .tls = TLS_IMPLICIT

/* "!" is where the process begins to stop, or gives up. */
static const struct smtp_play plays[] = {
	/* the end of the stop time */
	{.name = "before the greeting",
	 .tls = TLS_IMPLICIT,
	 .gives_up = true,
	 .scripts = {"!\nW\n"},
	 .expected = NOT_SENT "greeting @1"},
	{.name = "in the envelope",
	 .tls = TLS_IMPLICIT,
	 .gives_up = true,
	 .scripts = {OPEN_AND_BUSY},
	 .expected = NOT_SENT "mail @1"},
	{.name = "in the content",
	 .tls = TLS_IMPLICIT,
	 .gives_up = true,
	 .attached = 9000000,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n>Subject\n!\nW\n"},
	 .expected = NOT_SENT "content @1"},
	{.name = "behind the last byte",
	 .tls = TLS_IMPLICIT,
	 .gives_up = true,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE TAKEN "!\nW\n"},
	 .expected = "uncertain final | none @1"},
	{.name = "behind the last byte, and a recipient was refused before",
	 .tls = TLS_IMPLICIT,
	 .recipients = 2,
	 .gives_up = true,
	 .scripts = {STAGE_OPEN
		     ">MAIL\n>RCPT TO:<a\n>RCPT TO:<b\n>DATA\n<250 ok\n<250 ok\n<550 5.1.1 "
		     "no\n<354 go\n=\n!\nW\n"},
	 .expected = "uncertain final, refused 550 rcpt | none @1"},
	{.name = "some have it, the next mail has not begun",
	 .tls = TLS_IMPLICIT,
	 .recipients = 2,
	 .pacing = {.recipients_per_mail = 1},
	 .gives_up = true,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE ">MAIL\n>RCPT TO:<b\n>DATA\n!\nW\n"},
	 .expected = "delivered 250 final, untried | none, the rest stopping @1"},
	{.name = "the first mail is uncertain, and no other begins",
	 .tls = TLS_IMPLICIT,
	 .recipients = 2,
	 .pacing = {.recipients_per_mail = 1},
	 .gives_up = true,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE TAKEN "!\nW\n"},
	 .expected = "uncertain final, untried | none, the rest stopping @1"},
	{.name = "those in the queue, too",
	 ONE_AFTER_OTHERS,
	 .messages = 4,
	 .gives_up = true,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE TAKEN "!\nW\n"},
	 .expected = "uncertain final | none; 3 x " NOT_SENT "none @1"},
	{.name = "on every connection",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .at_once = true,
	 .gives_up = true,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "W\n", STAGE_OPEN STAGE_ENVELOPE "!\nW\n"},
	 .expected = "2 x " NOT_SENT "mail @2"},

	/* the beginning of it */
	{.name = "what is under way goes on, and the connection ends",
	 .tls = TLS_IMPLICIT,
	 .drain_ms = FAR_MS,
	 .until_gone = true,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "!\n" TAKEN "<250 ok\n>QUIT\n<221 bye\n"},
	 .expected = "delivered 250 final | none @1"},
	{.name = "so does the queue while there is time",
	 ONE_AFTER_OTHERS,
	 .messages = 2,
	 .drain_ms = FAR_MS / 2,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "!\n" TAKEN "<250 ok\n>QUIT\n<221 bye\n",
		     STAGE_OPEN STAGE_MESSAGE},
	 .expected = "2 x delivered 250 final | none @2"},
	{.name = "whose turn is known to come too late hears so at once",
	 ONE_AFTER_OTHERS,
	 .messages = 3,
	 .pacing = {.per_minute = 1},
	 .deadline_ms = 200 * 1000,
	 .drain_ms = FAR_MS / 2,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "!\n" TAKEN "<250 ok\n"},
	 .expected = "delivered 250 final | none; 2 x " NOT_SENT "none @1"},
	{.name = "who backs off past the end hears so at once",
	 ONE_AFTER_OTHERS,
	 .messages = 2,
	 .attempts = 3,
	 .pause_ms = FAR_MS / 4,
	 .drain_ms = FAR_MS / 12,
	 .scripts = {"X\n", STAGE_OPEN STAGE_ENVELOPE TAKEN "!\n<250 ok\n>QUIT\n<221 bye\n"},
	 .expected = NOT_SENT "greeting; delivered 250 final | none @2"},
	{.name = "nobody waits longer than the process",
	 ONE_AFTER_OTHERS,
	 .messages = 2,
	 .drain_ms = 50,
	 .deadline_ms = 1500,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "!\nW\n"},
	 .expected = "untried | deadline at mail; " NOT_SENT "none @1"},
	{.name = "a throttled message is not tried again",
	 .tls = TLS_IMPLICIT,
	 .attempts = 3,
	 .drain_ms = FAR_MS,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "!\n<421 4.7.0 busy\nX\n"},
	 .expected = "deferred 421 mail | none @1"},
};

START_TEST(plays_out)
{
	smtp_stage_check(&plays[_i]);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp drain");
	TCase *t = tcase_create("drain");
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, plays_out, 0, COUNT_OF(plays));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
