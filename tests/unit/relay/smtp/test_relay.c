#include "relay/smtp/smtp.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/smtp_stage.h"

enum { SOON = 150 };

#define MESSAGE_3 STAGE_MESSAGE STAGE_MESSAGE STAGE_MESSAGE

/* A recipient a mail, and a mail a connection. */
#define OPEN_LIMITS(limits)                                                                        \
	"<220 hi\n>EHLO \n<250-srv\n<250-PIPELINING\n<250-LIMITS " limits                          \
	"\n<250 AUTH PLAIN\n>AUTH PLAIN AG1lAHNlY3JldA==\n<235 in\n"
#define OPEN_RCPTMAX OPEN_LIMITS("RCPTMAX=1")
#define OPEN_MAILMAX OPEN_LIMITS("RCPTMAX=1 MAILMAX=1")

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
	 .expected = "delivered 250 final, untried | none, the rest upstream-lost @1"},

	/* once more after a pause: what may pass, and only that */
	{.name = "not let in at first",
	 .tls = TLS_IMPLICIT,
	 .attempts = 3,
	 .scripts = {"X\n", "<421 4.3.2 busy\n", STAGE_OPEN STAGE_MESSAGE},
	 .expected = "delivered 250 final #3 | none @3"},
	{.name = "not let in at all",
	 .tls = TLS_IMPLICIT,
	 .attempts = 2,
	 .scripts = {"X\n", "X\n"},
	 .expected = "untried | upstream-lost at greeting @2"},
	{.name = "turned away for good",
	 .tls = TLS_IMPLICIT,
	 .attempts = 3,
	 .scripts = {"<554 5.7.1 no\n>QUIT\n<221 bye\n"},
	 .expected = "untried | upstream-refused at greeting @1"},
	{.name = "a wrong password is not tried twice",
	 .tls = TLS_IMPLICIT,
	 .attempts = 3,
	 .scripts = {"<220 hi\n>EHLO \n<250-srv\n<250 AUTH PLAIN\n>AUTH PLAIN\n<535 5.7.8 no\n"
		     ">QUIT\n<221 bye\n"},
	 .expected = "untried | upstream-auth at auth @1"},
	{.name = "lost in the envelope",
	 .tls = TLS_IMPLICIT,
	 .attempts = 2,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\nX\n", STAGE_OPEN STAGE_MESSAGE},
	 .expected = "delivered 250 final #2 | none @2"},
	{.name = "lost in the content",
	 .tls = TLS_IMPLICIT,
	 .attempts = 2,
	 .attached = 9000000,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n>Subject\nX\n",
		     STAGE_OPEN STAGE_MESSAGE},
	 .expected = "delivered 250 final #2 | none @2"},
	{.name = "lost behind the dot: never",
	 .tls = TLS_IMPLICIT,
	 .attempts = 3,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n=\nX\n"},
	 .expected = "uncertain final | none @1"},
	{.name = "greylisted: that takes longer than a job lives",
	 .tls = TLS_IMPLICIT,
	 .attempts = 3,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<250 ok\n<450 4.7.1 Greylisted\n<554 none\n"},
	 .expected = "deferred 450 rcpt | none @1"},
	{.name = "asked for patience in the envelope",
	 .tls = TLS_IMPLICIT,
	 .attempts = 2,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE "<432 4.3.2 sender thread limit\n<503 no\n<503 no\n"
					       ">RSET\n" STAGE_ENVELOPE
					       "<250 ok\n<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n"},
	 .expected = "delivered 250 final #2 | none @1"},
	{.name = "only who was asked to wait is asked again",
	 .tls = TLS_IMPLICIT,
	 .attempts = 2,
	 .recipients = 3,
	 .scripts = {STAGE_OPEN ">MAIL\n>RCPT TO:<a\n>RCPT TO:<b\n>RCPT TO:<c\n>DATA\n<250 ok\n"
				"<250 ok\n<432 4.3.2 slow\n<550 5.1.1 no\n<354 go\n=\n<250 ok\n"
				">MAIL\n>RCPT TO:<b\n>DATA\n<250 ok\n<250 ok\n<354 go\n=\n<250 "
				"ok\n"},
	 .expected = "delivered 250 final, delivered 250 final #2, refused 550 rcpt | none @1"},
	{.name = "no time for another attempt",
	 .tls = TLS_IMPLICIT,
	 .attempts = 3,
	 .deadline_ms = 1500,
	 .scripts = {"X\n"},
	 .expected = "untried | upstream-lost at greeting @1"},

	/* a server that fails again and again is left alone */
	{.name = "two failures, and the third message hears so at once",
	 .tls = TLS_IMPLICIT,
	 .messages = 3,
	 .breaker = 2,
	 .scripts = {"X\n", "X\n"},
	 .expected =
		 "2 x untried | upstream-lost at greeting; untried | upstream-paused at none @2"},
	{.name = "those that wait hear so, too",
	 .tls = TLS_IMPLICIT,
	 .messages = 50,
	 .at_once = true,
	 .connections = 1,
	 .breaker = 2,
	 .scripts = {"X\n", "X\n"},
	 .expected =
		 "2 x untried | upstream-lost at greeting; 48 x untried | upstream-paused at none "
		 "@2"},
	{.name = "its attempts count, and end there",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .attempts = 9,
	 .breaker = 3,
	 .scripts = {"X\n", "X\n", "X\n"},
	 .expected = "untried | upstream-lost at greeting; untried | upstream-paused at none @3"},
	{.name = "wrong passwords",
	 .tls = TLS_IMPLICIT,
	 .messages = 3,
	 .breaker = 1,
	 .scripts = {"<220 hi\n>EHLO \n<250-srv\n<250 AUTH PLAIN\n>AUTH PLAIN\n<535 5.7.8 no\n"
		     ">QUIT\n<221 bye\n"},
	 .expected = "untried | upstream-auth at auth; 2 x untried | upstream-paused at none @1"},
	{.name = "an old token that is refused says nothing of the account",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .old_tokens = true,
	 .breaker = 1,
	 .scripts = {"<220 hi\n>EHLO \n<250-srv\n<250 AUTH PLAIN\n>AUTH PLAIN\n<535 5.7.8 no\n"
		     ">QUIT\n<221 bye\n",
		     "<220 hi\n>EHLO \n<250-srv\n<250 AUTH PLAIN\n>AUTH PLAIN\n<535 5.7.8 no\n"
		     ">QUIT\n<221 bye\n"},
	 .expected = "2 x untried | upstream-auth at auth @2"},
	{.name = "another user's password is another matter",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .other_users = true,
	 .breaker = 1,
	 .scripts =
		 {"<220 hi\n>EHLO \n<250-srv\n<250 AUTH PLAIN\n>AUTH PLAIN\n<535 5.7.8 no\n"
		  ">QUIT\n<221 bye\n",
		  "<220 hi\n>EHLO \n<250-srv\n<250-PIPELINING\n<250 AUTH PLAIN\n>AUTH PLAIN\n<235 "
		  "in\n" STAGE_MESSAGE},
	 .expected = "untried | upstream-auth at auth; delivered 250 final | none @2"},
	{.name = "after its pause one message tries, and the server is back for all",
	 .tls = TLS_IMPLICIT,
	 .messages = 1,
	 .attempts = 3,
	 .breaker = 9,
	 .scripts = {"X\n", STAGE_OPEN STAGE_MESSAGE},
	 .expected = "delivered 250 final #2 | none @2"},
	{.name = "late, and there had been time: a failure",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .breaker = 1,
	 .deadline_ms = 2100,
	 .scripts = {"W\n"},
	 .expected = "untried | deadline at greeting; untried | upstream-paused at none @1"},
	{.name = "late by a step's time, however little the job has",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .breaker = 1,
	 .deadline_ms = 1900,
	 .step_ms = SOON,
	 .scripts = {"W\n"},
	 .expected = "untried | deadline at greeting; untried | upstream-paused at none @1"},
	{.name = "a job without the time for it says nothing of the server",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .breaker = 1,
	 .deadline_ms = 8 * SOON,
	 .behind_ms = 20000,
	 .scripts = {"W\n", STAGE_OPEN STAGE_MESSAGE},
	 .expected = "untried | deadline at greeting; delivered 250 final | none @2"},
	{.name = "what goes wrong in that time says it all the same",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .breaker = 1,
	 .deadline_ms = 8 * SOON,
	 .scripts = {"X\n"},
	 .expected = "untried | upstream-lost at greeting; untried | upstream-paused at none @1"},
	{.name = "a refused recipient is no failure of the server",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .breaker = 1,
	 .scripts = {STAGE_OPEN STAGE_ENVELOPE
		     "<250 ok\n<550 5.1.1 no\n<554 none\n>RSET\n" STAGE_ENVELOPE
		     "<250 ok\n<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n"},
	 .expected = "refused 550 rcpt | none; delivered 250 final | none @1"},

	/* as many recipients as the account may have in a mail, and no more */
	{.name = "two a mail",
	 .tls = TLS_IMPLICIT,
	 .recipients = 3,
	 .pacing = {.recipients_per_mail = 2},
	 .scripts = {STAGE_OPEN ">MAIL\n>RCPT TO:<a\n>RCPT TO:<b\n>DATA\n<250 ok\n<250 ok\n<250 "
				"ok\n<354 go\n=\n<250 ok\n"
				">MAIL\n>RCPT TO:<c\n>DATA\n<250 ok\n<250 ok\n<354 go\n=\n<250 "
				"ok\n"},
	 .expected = "delivered 250 final, delivered 250 final, delivered 250 final | none @1"},
	{.name = "all of the first mail are refused: the second one goes all the same",
	 .tls = TLS_IMPLICIT,
	 .recipients = 3,
	 .pacing = {.recipients_per_mail = 2},
	 .scripts = {STAGE_OPEN ">MAIL\n>RCPT TO:<a\n>RCPT TO:<b\n>DATA\n<250 ok\n<550 no\n<550 "
				"no\n<554 none\n>RSET\n>MAIL\n>RCPT TO:<c\n>DATA\n<250 ok\n<250 "
				"ok\n<250 ok\n<354 go\n=\n<250 ok\n"},
	 .expected = "refused 550 rcpt, refused 550 rcpt, delivered 250 final | none @1"},
	{.name = "the first mail is uncertain: the second one goes all the same",
	 .tls = TLS_IMPLICIT,
	 .recipients = 2,
	 .pacing = {.recipients_per_mail = 1},
	 .scripts = {STAGE_OPEN ">MAIL\n>RCPT TO:<a\n>DATA\n<250 ok\n<250 ok\n<354 go\n=\nX\n",
		     STAGE_OPEN ">MAIL\n>RCPT TO:<b\n>DATA\n<250 ok\n<250 ok\n<354 go\n=\n<250 "
				"ok\n"},
	 .expected = "uncertain final, delivered 250 final | none @2"},
	{.name = "learned from 452: the next message does not ask for more",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .recipients = 3,
	 .scripts = {STAGE_OPEN
		     ">MAIL\n>RCPT TO:<a\n>RCPT TO:<b\n>RCPT TO:<c\n>DATA\n<250 ok\n<250 "
		     "ok\n<250 ok\n<452 4.5.3 many\n<354 go\n=\n<250 ok\n"
		     ">MAIL\n>RCPT TO:<c\n>DATA\n<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n"
		     ">MAIL\n>RCPT TO:<a\n>RCPT TO:<b\n>DATA\n<250 ok\n<250 ok\n<250 ok\n<354 "
		     "go\n=\n<250 ok\n"
		     ">MAIL\n>RCPT TO:<c\n>DATA\n<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n"},
	 .expected = "2 x delivered 250 final, delivered 250 final, delivered 250 final | none @1"},

	/* connections learn when they are worn */
	{.name = "421 behind the first message, twice: one a connection from then on",
	 .tls = TLS_IMPLICIT,
	 .messages = 4,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE "<421 4.7.0 enough\nX\n",
		     STAGE_OPEN STAGE_MESSAGE "<421 4.7.0 enough\nX\n",
		     STAGE_OPEN STAGE_MESSAGE ">QUIT\n<221 bye\n",
		     STAGE_OPEN STAGE_MESSAGE ">QUIT\n<221 bye\n"},
	 .expected = "4 x delivered 250 final | none @4"},
	{.name = "421 to the second MAIL, twice: one a connection from then on",
	 .tls = TLS_IMPLICIT,
	 .messages = 4,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE STAGE_ENVELOPE "<421 4.7.0 enough\nX\n",
		     STAGE_OPEN STAGE_MESSAGE STAGE_ENVELOPE "<421 4.7.0 enough\nX\n",
		     STAGE_OPEN STAGE_MESSAGE ">QUIT\n<221 bye\n",
		     STAGE_OPEN STAGE_MESSAGE ">QUIT\n<221 bye\n"},
	 .expected = "4 x delivered 250 final | none @4"},
	{.name = "421 once: that may be chance",
	 .tls = TLS_IMPLICIT,
	 .messages = 4,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE "<421 4.7.0 enough\nX\n", STAGE_OPEN MESSAGE_3},
	 .expected = "4 x delivered 250 final | none @2"},

	/* pace */
	{.name = "one connection, as the record says",
	 .tls = TLS_IMPLICIT,
	 .messages = 3,
	 .at_once = true,
	 .pacing = {.connections = 1},
	 .scripts = {STAGE_OPEN MESSAGE_3},
	 .expected = "3 x delivered 250 final | none @1"},
	{.name = "two a minute: the third one's turn would come too late",
	 .tls = TLS_IMPLICIT,
	 .messages = 3,
	 .pacing = {.per_minute = 2},
	 .deadline_ms = 20000,
	 .scripts = {STAGE_OPEN STAGE_MESSAGE STAGE_MESSAGE},
	 .expected = "2 x delivered 250 final | none; untried | paced at none @1"},
	{.name = "a message that LIMITS split took a mail for each recipient",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .recipients = 3,
	 .pacing = {.per_minute = 3},
	 .deadline_ms = 20000,
	 .scripts = {OPEN_RCPTMAX MESSAGE_3},
	 .expected = "delivered 250 final, delivered 250 final, delivered 250 final | none; "
		     "untried, untried, untried | paced at none @1"},
	{.name = "over connections of one mail each, too",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .recipients = 2,
	 .pacing = {.per_minute = 2},
	 .deadline_ms = 20000,
	 .scripts = {OPEN_MAILMAX STAGE_MESSAGE ">QUIT\n<221 bye\n",
		     OPEN_MAILMAX STAGE_MESSAGE ">QUIT\n<221 bye\n"},
	 .expected = "delivered 250 final, delivered 250 final | none; untried, untried | paced at "
		     "none @2"},
	{.name = "one that 452 split took two",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .recipients = 2,
	 .pacing = {.per_minute = 2},
	 .deadline_ms = 20000,
	 .scripts = {STAGE_OPEN
		     ">MAIL\n>RCPT TO:<a\n>RCPT TO:<b\n>DATA\n<250 ok\n<250 ok\n<452 4.5.3 "
		     "many\n<354 go\n=\n<250 ok\n>MAIL\n>RCPT TO:<b\n>DATA\n<250 ok\n<250 "
		     "ok\n<354 go\n=\n<250 ok\n"},
	 .expected = "delivered 250 final, delivered 250 final | none; untried, untried | paced at "
		     "none @1"},
	{.name = "where recipients count, a split takes nothing more",
	 .tls = TLS_IMPLICIT,
	 .messages = 2,
	 .recipients = 2,
	 .pacing = {.per_minute = 4, .profile = SLICE_INIT("ses")},
	 .deadline_ms = 20000,
	 .scripts = {OPEN_RCPTMAX STAGE_MESSAGE MESSAGE_3},
	 .expected = "2 x delivered 250 final, delivered 250 final | none @1"},
	{.name = "of an account that all share: busy",
	 .tls = TLS_IMPLICIT,
	 .messages = 3,
	 .tenants = "aab",
	 .pacing = {.per_hour = 2},
	 .scripts = {STAGE_OPEN STAGE_MESSAGE STAGE_MESSAGE},
	 .expected = "2 x delivered 250 final | none; untried | upstream-busy at none @1"},
	{.name = "what never came to its message takes nothing of the pace",
	 .tls = TLS_IMPLICIT,
	 .messages = 3,
	 .pacing = {.per_hour = 1},
	 .deadline_ms = 20000,
	 .scripts = {"X\n", "X\n", STAGE_OPEN STAGE_MESSAGE},
	 .expected = "2 x untried | upstream-lost at greeting; delivered 250 final | none @3"},

	/* tenants of a shared account: by turns */
	{.name = "the other tenant's only message is next but one",
	 .tls = TLS_IMPLICIT,
	 .messages = 7,
	 .at_once = true,
	 .connections = 1,
	 .tenants = "aaaaaab",
	 .attached = 12000, /* with its head a turn's bytes */
	 .scripts = {STAGE_OPEN MESSAGE_3 STAGE_ENVELOPE
		     "<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n" MESSAGE_3},
	 .expected = "7 x delivered 250 final | none @1"},

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
