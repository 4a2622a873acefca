#include "relay/smtp/hold.h"

#include "tests/support/check_main.h"
#include "tests/support/smtp_stage.h"

#define HELLO "<220 hi\n>EHLO \n"

/* What was begun goes on, what was not ends by PAUSED; who is not held is not held up. */
static const struct smtp_play plays[] = {
	{.name = "nothing is held",
	 .tls = TLS_IMPLICIT,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE},
	 .expected = "delivered 250 final | none @1"},
	{.name = "from the first: nobody is connected to",
	 .tls = TLS_IMPLICIT,
	 .messages = 3,
	 .hold = STAGE_HOLD_FIRST,
	 .expected = "3 x untried | paused at none (7000) @0"},
	{.name = "one tenant only",
	 .tls = TLS_IMPLICIT,
	 .messages = 3,
	 .tenants = "aba",
	 .held = "a",
	 .hold = STAGE_HOLD_FIRST,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE},
	 .expected = "untried | paused at none (7000); delivered 250 final | none; untried | "
		     "paused at none (7000) @1"},
	{.name = "those that wait for a connection",
	 .tls = TLS_IMPLICIT,
	 .messages = 4,
	 .at_once = true,
	 .connections = 1,
	 .hold = STAGE_HOLD_MARKED,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n=\n!\n<250 ok\n"},
	 .expected = "delivered 250 final | none; 3 x untried | paused at none (7000) @1"},
	{.name = "those that wait, of one tenant: the others have their turns",
	 .tls = TLS_IMPLICIT,
	 .messages = 4,
	 .at_once = true,
	 .connections = 1,
	 .tenants = "abab",
	 .held = "b",
	 .hold = STAGE_HOLD_MARKED,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE
		     "<250 ok\n<250 ok\n<354 go\n=\n!\n<250 ok\n" STAGE_MESSAGE},
	 .expected = "delivered 250 final | none; untried | paused at none (7000); delivered 250 "
		     "final | none; untried | paused at none (7000) @1"},
	{.name = "those that wait for the account's pace",
	 .tls = TLS_IMPLICIT,
	 .messages = 3,
	 .at_once = true,
	 .pacing = {.per_minute = 1},
	 .deadline_ms = 300000,
	 .tenants = "abb",
	 .held = "b",
	 .hold = STAGE_HOLD_WAITING,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE},
	 .expected = "delivered 250 final | none; 2 x untried | paused at none (7000) @1"},
	{.name = "one that waits for another attempt",
	 .tls = TLS_IMPLICIT,
	 .attempts = 3,
	 .pause_ms = 15000,
	 .hold = STAGE_HOLD_WAITING,
	 .scripts = {"X\n"},
	 .expected = "untried | paused at none (7000) @1"},
	{.name = "one that is not greeted yet",
	 .tls = TLS_IMPLICIT,
	 .hold = STAGE_HOLD_MARKED,
	 .scripts = {"!\nW\n"},
	 .expected = "untried | paused at none (7000) @1"},
	{.name = "one before its login",
	 .tls = TLS_IMPLICIT,
	 .hold = STAGE_HOLD_MARKED,
	 .scripts = {HELLO "!\n<250-srv\n<250 AUTH PLAIN\nW\n"},
	 .expected = "untried | paused at none (7000) @1"},
	{.name = "one that is not connected any more, and does not try again",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .attempts = 3,
	 .hold = STAGE_HOLD_MARKED,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE ">MAIL\n!\nX\n"},
	 .expected = "delivered 250 final | none; untried | paused at none (7000) @1"},
	{.name = "one that has said MAIL goes on",
	 .tls = TLS_IMPLICIT,
	 .hold = STAGE_HOLD_MARKED,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "!\n<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n"},
	 .expected = "delivered 250 final | none @1"},
	{.name = "and is told what became of it",
	 .tls = TLS_IMPLICIT,
	 .step_ms = 150,
	 .deadline_ms = 2000,
	 .hold = STAGE_HOLD_MARKED,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n=\n!\nW\n"},
	 .expected = "uncertain final | none @1"},
	{.name = "the next mail of a message of which some have theirs",
	 .tls = TLS_IMPLICIT,
	 .recipients = 3,
	 .pacing = {.recipients_per_mail = 1},
	 .hold = STAGE_HOLD_MARKED,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n=\n!\n<250 ok\n"},
	 .expected = "delivered 250 final, untried, untried | none, the rest paused @1"},
};

START_TEST(holds)
{
	smtp_stage_check(&plays[_i]);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp hold");
	TCase *t = tcase_create("plays");
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, holds, 0, COUNT_OF(plays));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
