#include "relay/smtp/link.h"

#include <fcntl.h>
#include <unistd.h>

#include "spool-free/base/event.h"
#include "tests/support/check_main.h"
#include "tests/support/smtp_stage.h"

enum { SOON = 150 };

#define OPEN_CHUNKING                                                                              \
	"<220 hi\n>EHLO \n<250-srv\n<250-PIPELINING\n<250-CHUNKING\n<250 AUTH PLAIN\n>AUTH "       \
	"PLAIN AG1lAHNlY3JldA==\n<235 in\n"
#define OPEN_ONE                                                                                   \
	"<220 hi\n>EHLO \n<250-srv\n<250-PIPELINING\n<250-LIMITS RCPTMAX=1 MAILMAX=1\n<250 AUTH "  \
	"PLAIN\n>AUTH PLAIN AG1lAHNlY3JldA==\n<235 in\n"
#define ENVELOPE ">MAIL FROM:<sender@example.com>\n>RCPT TO:<\n"
#define BDAT	 ">BDAT 23 LAST\n>Subject: x\n>\n>A page.\n"
#define PROBE	 ">BDAT 12\n>NOOP\n>NOOP\n>RCPT TO:<probe@invalid>\n>RSET\n"
#define APART	 ENVELOPE "<250 ok\n<250 ok\n" BDAT "<250 ok\n"
#define TOGETHER ENVELOPE BDAT "<250 ok\n<250 ok\n<250 ok\n"

/* One connection: TLS, the way out and in, and what time and loss do to it at each step. */
static const struct smtp_play plays[] = {
	{.name = "implicit TLS",
	 .tls = TLS_IMPLICIT,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE},
	 .expected = "delivered 250 final | none @1"},
	{.name = "STARTTLS",
	 .tls = TLS_STARTTLS,
	 .scripts = {STAGE_OPEN_STARTTLS STAGE_MESSAGE},
	 .expected = "delivered 250 final | none @1"},
	{.name = "a large message",
	 .tls = TLS_IMPLICIT,
	 .attached = 9000000,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE},
	 .expected = "delivered 250 final | none @1"},
	{.name = "refused in mid-content",
	 .tls = TLS_IMPLICIT,
	 .attached = 9000000,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n<552 5.3.4 large\nW\n"},
	 .expected = "refused 552 content | none @1"},
	{.name = "refused in mid-content and reset",
	 .tls = TLS_IMPLICIT,
	 .attached = 9000000,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n<552 5.3.4 large\nX\n"},
	 .expected = "refused 552 content | none @1"},
	/* BDAT: what one message teaches counts for the next, over whichever connection (ladder.h) */
	{.name = "apart, with the probe, together",
	 .tls = TLS_IMPLICIT,
	 .chunking = true,
	 .messages = 4,
	 .scripts = {OPEN_CHUNKING APART PROBE ENVELOPE
		     "<503 no\n<503 no\n<250 ok\n<250 ok\n<250 ok\n" BDAT
		     "<250 ok\n" TOGETHER TOGETHER},
	 .expected = "4 x delivered 250 final | none @1"},
	{.name = "switched off",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .scripts = {OPEN_CHUNKING STAGE_MESSAGE STAGE_MESSAGE},
	 .expected = "2 x delivered 250 final | none @1"},
	{.name = "the probe shows that commands are read out of content: DATA, on a new connection",
	 .tls = TLS_IMPLICIT,
	 .chunking = true,
	 .messages = 3,
	 .scripts = {OPEN_CHUNKING APART PROBE ENVELOPE "<503 no\n<250 ok\n<250 ok\n<503 no\nW\n",
		     OPEN_CHUNKING STAGE_MESSAGE STAGE_MESSAGE},
	 .expected = "3 x delivered 250 final | none @2"},
	{.name = "BDAT is not known after all: DATA, on a new connection",
	 .tls = TLS_IMPLICIT,
	 .chunking = true,
	 .messages = 2,
	 .scripts = {OPEN_CHUNKING ENVELOPE "<250 ok\n<250 ok\n" BDAT "<500 what\nW\n",
		     OPEN_CHUNKING STAGE_MESSAGE STAGE_MESSAGE},
	 .expected = "2 x delivered 250 final | none @2"},
	{.name = "no answer to the content: it is not sent again, and the next goes by DATA",
	 .tls = TLS_IMPLICIT,
	 .chunking = true,
	 .messages = 2,
	 .behind_ms = 60000,
	 .deadline_ms = 2000,
	 .step_ms = SOON,
	 .scripts = {OPEN_CHUNKING ENVELOPE "<250 ok\n<250 ok\n" BDAT "W\n",
		     OPEN_CHUNKING STAGE_MESSAGE},
	 .expected = "uncertain final | none; delivered 250 final | none @2"},
	{.name = "no answer to a chunk in a step's time: DATA, on a new connection",
	 .tls = TLS_IMPLICIT,
	 .chunking = true,
	 .attached = 9000000,
	 .step_ms = 4 * SOON,
	 .scripts = {OPEN_CHUNKING ENVELOPE "<250 ok\n<250 ok\n>BDAT 65536\nW\n",
		     OPEN_CHUNKING STAGE_MESSAGE},
	 .expected = "delivered 250 final | none @2"},
	{.name = "no answer to a chunk in the job's time: the next one tries BDAT, too",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .chunking = true,
	 .attached = 9000000,
	 .deadline_ms = 4 * SOON,
	 .behind_ms = 60000,
	 .scripts = {OPEN_CHUNKING ENVELOPE "<250 ok\n<250 ok\n>BDAT 65536\nW\n",
		     OPEN_CHUNKING ENVELOPE "<250 ok\n<250 ok\n>BDAT 65536\n<552 5.3.4 large\nX\n"},
	 .expected = "untried | deadline at content; refused 552 content | none @2"},
	{.name = "one mail a connection: the other recipients over others",
	 .tls = TLS_IMPLICIT,
	 .recipients = 3,
	 .scripts = {OPEN_ONE STAGE_MESSAGE ">QUIT\n<221 bye\n",
		     OPEN_ONE STAGE_MESSAGE ">QUIT\n<221 bye\n",
		     OPEN_ONE STAGE_MESSAGE ">QUIT\n<221 bye\n"},
	 .expected = "delivered 250 final, delivered 250 final, delivered 250 final | none @3"},
	{.name = "login refused: QUIT",
	 .tls = TLS_IMPLICIT,
	 .until_gone = true,
	 .scripts = {"<220 hi\n>EHLO \n<250-srv\n<250 AUTH PLAIN\n>AUTH PLAIN\n<535 5.7.8 "
		     "no\n>QUIT\n<221 bye\n"},
	 .expected = "untried | upstream-auth at auth @1"},
	{.name = "no STARTTLS: QUIT",
	 .tls = TLS_STARTTLS,
	 .until_gone = true,
	 .scripts = {"<220 hi\n>EHLO \n<250 srv\n>QUIT\nX\n"},
	 .expected = "untried | upstream-no-tls at starttls @1"},
	{.name = "words injected behind STARTTLS",
	 .tls = TLS_STARTTLS,
	 .scripts = {"<220 hi\n>EHLO \n<250-srv\n<250 STARTTLS\n>STARTTLS\n<220 go\n<250 AUTH "
		     "PLAIN\nW\n"},
	 .expected = "untried | upstream-protocol at tls @1"},
	{.name = "no TLS behind STARTTLS",
	 .tls = TLS_STARTTLS,
	 .scripts = {"<220 hi\n>EHLO \n<250-srv\n<250 STARTTLS\n>STARTTLS\n<220 go\nX\n"},
	 .expected = "untried | upstream-tls at tls @1"},
	{.name = "certificate for another name",
	 .tls = TLS_IMPLICIT,
	 .host = "127.0.0.1",
	 .scripts = {"W\n"},
	 .expected = "untried | upstream-certificate at tls @1"},
	{.name = "certificate for another name behind STARTTLS",
	 .tls = TLS_STARTTLS,
	 .host = "127.0.0.1",
	 .scripts = {"<220 hi\n>EHLO \n<250-srv\n<250 STARTTLS\n>STARTTLS\n<220 go\nT\n"},
	 .expected = "untried | upstream-certificate at tls @1"},
	{.name = "private CA that is none",
	 .tls = TLS_IMPLICIT,
	 .ca = "not PEM",
	 .scripts = {"W\n"},
	 .expected = "untried | bad-record at none @0"},
	{.name = "nobody listens",
	 .tls = TLS_IMPLICIT,
	 .wrong_port = true,
	 .expected = "untried | upstream-unreachable at connect @0"},
	{.name = "no such name",
	 .tls = TLS_IMPLICIT,
	 .host = "no..name",
	 .expected = "untried | upstream-name at resolve @0"},

	/* lost at each step, on a fresh connection: no second try */
	{.name = "lost before the greeting",
	 .tls = TLS_STARTTLS,
	 .scripts = {"X\n"},
	 .expected = "untried | upstream-lost at greeting @1"},
	{.name = "lost at EHLO",
	 .tls = TLS_IMPLICIT,
	 .scripts = {"<220 hi\n>EHLO \nX\n"},
	 .expected = "untried | upstream-lost at ehlo @1"},
	{.name = "lost at AUTH",
	 .tls = TLS_IMPLICIT,
	 .scripts = {"<220 hi\n>EHLO \n<250-srv\n<250 AUTH PLAIN\n>AUTH\nX\n"},
	 .expected = "untried | upstream-lost at auth @1"},
	{.name = "lost at MAIL",
	 .tls = TLS_IMPLICIT,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "X\n"},
	 .expected = "untried | upstream-lost at mail @1"},
	{.name = "lost at DATA",
	 .tls = TLS_IMPLICIT,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<250 ok\nX\n"},
	 .expected = "untried | upstream-lost at data @1"},
	{.name = "lost in mid-content",
	 .tls = TLS_IMPLICIT,
	 .attached = 9000000,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n>Subject\nX\n"},
	 .expected = "untried | upstream-lost at content @1"},
	{.name = "lost behind the dot",
	 .tls = TLS_IMPLICIT,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n=\nX\n"},
	 .expected = "uncertain final | none @1"},
	{.name = "hang-up after a refusal",
	 .tls = TLS_IMPLICIT,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<554 5.7.1 no\nX\n"},
	 .expected = "refused 554 mail | none @1"},

	/* silence at each step */
	{.name = "no greeting",
	 .tls = TLS_STARTTLS,
	 .step_ms = SOON,
	 .scripts = {"W\n"},
	 .expected = "untried | deadline at greeting @1"},
	{.name = "no handshake",
	 .tls = TLS_STARTTLS,
	 .step_ms = SOON,
	 .scripts = {"<220 hi\n>EHLO \n<250-srv\n<250 STARTTLS\n>STARTTLS\n<220 go\nW\n"},
	 .expected = "untried | deadline at tls @1"},
	{.name = "no answer to AUTH",
	 .tls = TLS_IMPLICIT,
	 .step_ms = SOON,
	 .scripts = {"<220 hi\n>EHLO \n<250-srv\n<250 AUTH PLAIN\n>AUTH\nW\n"},
	 .expected = "untried | deadline at auth @1"},
	{.name = "no answer to MAIL",
	 .tls = TLS_IMPLICIT,
	 .step_ms = SOON,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "W\n"},
	 .expected = "untried | deadline at mail @1"},
	{.name = "the job's deadline is shorter",
	 .tls = TLS_IMPLICIT,
	 .deadline_ms = SOON,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\nW\n"},
	 .expected = "untried | deadline at rcpt @1"},
	{.name = "a greeting that drips",
	 .tls = TLS_STARTTLS,
	 .step_ms = SOON,
	 .scripts = {"~220-welcome to a very slow server\n"},
	 .expected = "untried | deadline at greeting @1"},
	{.name = "a final answer that drips past the job's deadline",
	 .tls = TLS_IMPLICIT,
	 .step_ms = SOON,
	 .deadline_ms = 2 * SOON,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n=\n~250-nearly there\n"},
	 .expected = "uncertain final | none @1"},
	{.name = "no final answer, past the job's deadline",
	 .tls = TLS_IMPLICIT,
	 .step_ms = SOON,
	 .deadline_ms = 2 * SOON,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n=\nW\n"},
	 .expected = "uncertain final | none @1"},
};

START_TEST(plays_out)
{
	smtp_stage_check(&plays[_i]);
}
END_TEST

/* What the log says of a connection that ends. */
static const struct {
	struct smtp_play play;
	const char *down; /* NULL: nothing */
} logged[] = {
	{{.name = "closed because LIMITS let it take no more: the server is not down",
	  .tls = TLS_IMPLICIT,
	  .recipients = 2,
	  .scripts = {OPEN_ONE STAGE_MESSAGE ">QUIT\n<221 bye\n",
		      OPEN_ONE STAGE_MESSAGE ">QUIT\n<221 bye\n"},
	  .expected = "delivered 250 final, delivered 250 final | none @2"},
	 NULL},
	{{.name = "and when the next one is lost it is",
	  .tls = TLS_IMPLICIT,
	  .recipients = 2,
	  .scripts = {OPEN_ONE STAGE_MESSAGE ">QUIT\n<221 bye\n", OPEN_ONE STAGE_ENVELOPE "X\n"},
	  .expected = "delivered 250 final, untried | none, the rest upstream-lost @2"},
	 "upstream.down upstream=- fault=upstream-lost phase=mail"},
	{{.name = "lost on a connection with room left",
	  .tls = TLS_IMPLICIT,
	  .scripts = {STAGE_OPEN STAGE_ENVELOPE "X\n"},
	  .expected = "untried | upstream-lost at mail @1"},
	 "upstream.down upstream=- fault=upstream-lost phase=mail"},
};

START_TEST(logs_what_is_down)
{
	int ends[2];
	char lines[16 * 1024];
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	event_start(ends[1], SLICE_LIT(""));
	smtp_stage_check(&logged[_i].play);
	event_start(-1, SLICE_LIT(""));
	ssize_t n = read(ends[0], lines, sizeof(lines));
	struct slice log = slice_of(lines, n > 0 ? (size_t)n : 0);
	struct slice down = SLICE_LIT("upstream.down");
	struct slice told = logged[_i].down != NULL ? slice_of_text(logged[_i].down) : down;
	ck_assert_uint_lt(slice_find(log, SLICE_LIT("upstream.up")), log.len);
	bool is_told = slice_find(log, told) < log.len;
	ck_assert_msg(is_told == (logged[_i].down != NULL), "%s: %.*s", logged[_i].play.name,
		      (int)log.len, lines);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp link");
	TCase *t = tcase_create("link");
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, plays_out, 0, COUNT_OF(plays));
	tcase_add_loop_test(t, logs_what_is_down, 0, COUNT_OF(logged));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
