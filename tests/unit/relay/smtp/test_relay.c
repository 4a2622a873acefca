#include "relay/smtp/smtp.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/smtp_stage.h"

enum { SOON = 150 };

#define MESSAGE_3 STAGE_MESSAGE STAGE_MESSAGE STAGE_MESSAGE

/* Which connection a message takes, when it may be tried again, and who waits. */
static const struct smtp_play plays[] = {
	{.name = "one connection serves one after another",
	 .tls = TLS_IMPLICIT,
	 .messages = 3,
	 .scripts = {STAGE_OPEN MESSAGE_3},
	 .expected = "3 x delivered 250 final | none @1"},
	{.name = "three at once take three connections",
	 .tls = TLS_IMPLICIT,
	 .messages = 3,
	 .at_once = true,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE, STAGE_OPEN STAGE_MESSAGE, STAGE_OPEN STAGE_MESSAGE},
	 .expected = "3 x delivered 250 final | none @3"},
	{.name = "three at once wait for the only connection",
	 .tls = TLS_IMPLICIT,
	 .messages = 3,
	 .at_once = true,
	 .connections = 1,
	 .scripts = {STAGE_OPEN MESSAGE_3},
	 .expected = "3 x delivered 250 final | none @1"},
	{.name = "first come, first served",
	 .tls = TLS_IMPLICIT,
	 .messages = 3,
	 .at_once = true,
	 .connections = 1,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE STAGE_ENVELOPE
		     "<250 ok\n<550 5.1.1 no\n<554 none\n"
		     ">RSET\n" STAGE_ENVELOPE "<250 ok\n<250 ok\n<450 later\n<554 none\n"},
	 .expected = "delivered 250 final | none; refused 550 rcpt | none; deferred 450 rcpt | "
		     "none @1"},
	{.name = "the next in the queue gets a connection of its own when the first fails",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .at_once = true,
	 .connections = 1,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "X\n", STAGE_OPEN STAGE_MESSAGE},
	 .expected = "untried | upstream-lost at mail; delivered 250 final | none @2"},
	{.name = "another user, another connection",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .other_users = true,
	 .scripts = {"<220 hi\n>EHLO \n<250-srv\n<250-PIPELINING\n<250 AUTH PLAIN\n>AUTH PLAIN "
		     "AG1lMQBzZWNyZXQ=\n<235 in\n" STAGE_MESSAGE,
		     "<220 hi\n>EHLO \n<250-srv\n<250-PIPELINING\n<250 AUTH PLAIN\n>AUTH PLAIN "
		     "AG1lMgBzZWNyZXQ=\n<235 in\n" STAGE_MESSAGE},
	 .expected = "2 x delivered 250 final | none @2"},
	{.name = "a connection is worn after two messages",
	 .tls = TLS_IMPLICIT,
	 .messages = 3,
	 .per_connection = 2,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE STAGE_MESSAGE ">QUIT\n<221 bye\n",
		     STAGE_OPEN STAGE_MESSAGE},
	 .expected = "3 x delivered 250 final | none @2"},
	{.name = "RSET rides in the next flight after a refusal",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n=\n<554 5.6.0 no\n"
					       ">RSET\n" STAGE_ENVELOPE
					       "<250 ok\n<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n"},
	 .expected = "refused 554 final | none; delivered 250 final | none @1"},
	{.name = "an idle connection is closed with QUIT",
	 .tls = TLS_IMPLICIT,
	 .idle_ms = 10,
	 .until_gone = true,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE ">QUIT\n<221 bye\n"},
	 .expected = "delivered 250 final | none @1"},
	{.name = "a drain closes idle connections",
	 .tls = TLS_IMPLICIT,
	 .close_idle = true,
	 .until_gone = true,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE ">QUIT\n<221 bye\n"},
	 .expected = "delivered 250 final | none @1"},
	{.name = "QUIT without an answer",
	 .tls = TLS_IMPLICIT,
	 .close_idle = true,
	 .until_gone = true,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE ">QUIT\nX\n"},
	 .expected = "delivered 250 final | none @1"},

	/* a used connection that died: once more on a fresh one, but never once the content is out */
	{.name = "died when idle",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE "X\n", STAGE_OPEN STAGE_MESSAGE},
	 .expected = "2 x delivered 250 final | none @2"},
	{.name = "said farewell behind the last answer",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE
		     "<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n<421 4.4.2 bye\nX\n",
		     STAGE_OPEN STAGE_MESSAGE},
	 .expected = "2 x delivered 250 final | none @2"},
	{.name = "421 to the next MAIL",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE STAGE_ENVELOPE "<421 4.7.0 too long\nX\n",
		     STAGE_OPEN STAGE_MESSAGE},
	 .expected = "2 x delivered 250 final | none @2"},
	{.name = "died at DATA",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE STAGE_ENVELOPE "<250 ok\n<250 ok\nX\n",
		     STAGE_OPEN STAGE_MESSAGE},
	 .expected = "2 x delivered 250 final | none @2"},
	{.name = "died in mid-content",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .attached = 9000000,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE STAGE_ENVELOPE
		     "<250 ok\n<250 ok\n<354 go\n>Subject\nX\n",
		     STAGE_OPEN STAGE_MESSAGE},
	 .expected = "2 x delivered 250 final | none @2"},
	{.name = "died behind the dot: uncertain, not again",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n=\nX\n"},
	 .expected = "delivered 250 final | none; uncertain final | none @1"},
	{.name = "died once more: that is all",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE STAGE_ENVELOPE "X\n",
		     STAGE_OPEN STAGE_ENVELOPE "X\n"},
	 .expected = "delivered 250 final | none; untried | upstream-lost at mail @2"},
	{.name = "those already refused are not asked again",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .recipients = 2,
	 .scripts = {STAGE_OPEN
		     ">MAIL\n>RCPT TO:<a\n>RCPT TO:<b\n>DATA\n<250 ok\n<250 ok\n<250 ok\n<354 "
		     "go\n=\n<250 ok\n"
		     ">MAIL\n>RCPT TO:<a\n>RCPT TO:<b\n>DATA\n<250 ok\n<550 5.1.1 no\n<250 ok\nX\n",
		     STAGE_OPEN
		     ">MAIL\n>RCPT TO:<b\n>DATA\n<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n"},
	 .expected = "delivered 250 final, delivered 250 final | none; refused 550 rcpt, delivered "
		     "250 final | none @2"},

	{.name = "lost when some have it already: no fault, or it would be sent again",
	 .tls = TLS_IMPLICIT,
	 .recipients = 2,
	 .scripts = {STAGE_OPEN ">MAIL\n>RCPT TO:<a\n>RCPT TO:<b\n>DATA\n<250 ok\n<250 ok\n<452 "
				"4.5.3 many\n<354 go\n=\n"
				"<250 ok\n>MAIL\n>RCPT TO:<b\n>DATA\nX\n"},
	 .expected = "delivered 250 final, untried | none @1"},

	/* time */
	{.name = "the queue has no end in time",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .at_once = true,
	 .connections = 1,
	 .deadline_ms = 8 * SOON,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "W\n"},
	 .expected = "untried | deadline at mail; untried | deadline at none @1"},

	{.name = "the second leaves the queue, the first goes on",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .at_once = true,
	 .connections = 1,
	 .deadline_ms = 4 * SOON,
	 .behind_ms = SOON,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "W\n"},
	 .expected = "untried | deadline at mail; untried | deadline at none @1"},

	/* over before it began, many times over: each is told from the loop, none from inside another */
	{.name = "too large, all of a long queue",
	 .tls = TLS_IMPLICIT,
	 .messages = 500,
	 .at_once = true,
	 .connections = 1,
	 .per_connection = 1000,
	 .scripts = {"<220 hi\n>EHLO \n<250-srv\n<250-SIZE 5\n<250 AUTH PLAIN\n>AUTH PLAIN\n<235 "
		     "in\n"},
	 .expected = "500 x untried | upstream-size at mail @1"},
	{.name = "too large, and the connection is gone before that is told",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .scripts = {"<220 hi\n>EHLO \n<250-srv\n<250-SIZE 5\n<250 AUTH PLAIN\n>AUTH PLAIN\n<235 "
		     "in\nX\n"},
	 .expected = "2 x untried | upstream-size at mail @1"},
	{.name = "unreachable, all of a long queue",
	 .tls = TLS_IMPLICIT,
	 .messages = 100,
	 .at_once = true,
	 .connections = 2,
	 .wrong_port = true,
	 .expected = "100 x untried | upstream-unreachable at connect @0"},
};

START_TEST(plays_out)
{
	smtp_stage_check(&plays[_i]);
}
END_TEST

/* Told from the loop, with nothing under way. */
struct refusal {
	struct loop *loop;
	bool inside;
	unsigned told;
};

static void on_refusal(void *owner, struct smtp_delivery *d UNUSED)
{
	struct refusal *r = owner;
	ck_assert(!r->inside);
	r->told++;
	loop_stop(r->loop);
}

static const struct {
	const char *name;
	size_t recipients;
	bool past;
	enum fault fault;
} early[] = {
	{"no recipient", 0, false, FAULT_BAD_ADDRESS},
	{"the deadline has passed", 1, true, FAULT_DEADLINE},
};

START_TEST(refuses_early)
{
	struct refusal r = {.told = 0};
	CLEANUP(smtp_relay_free) struct smtp_relay *relay = NULL;
	struct recipient_outcome result;
	struct mailbox to = {.address = SLICE_LIT("a@example.com")};
	ck_assert_int_eq(loop_new(&r.loop), FAULT_NONE);
	struct smtp_relay_params params = {.loop = r.loop, .ehlo_name = SLICE_LIT("client.test")};
	ck_assert_int_eq(smtp_relay_new(&params, &relay), FAULT_NONE);
	struct smtp_delivery d = {
		.upstream = {.tenant = SLICE_LIT("acme"),
			     .host = SLICE_LIT("localhost"),
			     .port = 25},
		.recipients = &to,
		.recipient_count = early[_i].recipients,
		.deadline = {.ms = early[_i].past ? 0 : UINT64_MAX},
		.done = on_refusal,
		.owner = &r,
		.results = &result,
	};
	r.inside = true;
	smtp_relay_send(relay, &d);
	r.inside = false;
	loop_run(r.loop);
	ck_assert_uint_eq(r.told, 1);
	ck_assert_int_eq(d.fault, early[_i].fault);
	ck_assert_int_eq(d.problem.fault, early[_i].fault);
	smtp_relay_free(&relay);
	loop_free(&r.loop);
}
END_TEST

static const struct {
	const char *name;
	struct slice ehlo_name;
	bool good;
} names[] = {
	{"domain", SLICE_INIT("mail.example.com"), true},
	{"address literal", SLICE_INIT("[IPv6:2001:db8::1]"), true},
	{"empty", SLICE_INIT(""), false},
	{"blank", SLICE_INIT("mail example"), false},
	{"CRLF", SLICE_INIT("mail\r\nQUIT"), false},
	{"NUL", SLICE_INIT("mail\0"), false},
	{"underscore", SLICE_INIT("mail_1"), false},
	{"UTF-8", SLICE_INIT("m\xC3\xA4il"), false},
};

START_TEST(checks_the_name)
{
	CLEANUP(smtp_relay_free) struct smtp_relay *relay = NULL;
	struct smtp_relay_params params = {.ehlo_name = names[_i].ehlo_name};
	ck_assert_msg(smtp_relay_new(&params, &relay) ==
			      (names[_i].good ? FAULT_NONE : FAULT_BAD_SETTING),
		      "%s", names[_i].name);
}
END_TEST

START_TEST(checks_the_length_of_the_name)
{
	char name[256];
	memset(name, 'x', sizeof(name));
	CLEANUP(smtp_relay_free) struct smtp_relay *good = NULL;
	CLEANUP(smtp_relay_free) struct smtp_relay *bad = NULL;
	struct smtp_relay_params params = {.ehlo_name = slice_of(name, 255)};
	ck_assert_int_eq(smtp_relay_new(&params, &good), FAULT_NONE);
	params.ehlo_name.len = 256;
	ck_assert_int_eq(smtp_relay_new(&params, &bad), FAULT_BAD_SETTING);
}
END_TEST

START_TEST(survives_no_memory)
{
	for (unsigned n = 1;; n++) {
		CLEANUP(smtp_relay_free) struct smtp_relay *relay = NULL;
		struct smtp_relay_params params = {.ehlo_name = SLICE_LIT("client.test")};
		oom_arm(n);
		enum fault f = smtp_relay_new(&params, &relay);
		bool failed = oom_disarm();
		ck_assert_int_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		if (!failed) {
			break;
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp relay");
	TCase *t = tcase_create("relay");
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, plays_out, 0, COUNT_OF(plays));
	tcase_add_loop_test(t, refuses_early, 0, COUNT_OF(early));
	tcase_add_loop_test(t, checks_the_name, 0, COUNT_OF(names));
	tcase_add_test(t, checks_the_length_of_the_name);
	tcase_add_test(t, survives_no_memory);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
