/*
 * NAME     smtp_stage - a relay, a scripted server and some messages between them, on one loop
 * USE      smtp_stage_check(&(struct smtp_play){.name = ..., .scripts = {...}, .messages = 2, .expected = ...})
 * HOLD     "paused at none (7000)": the fault, its phase, and when to ask again, as the stage's own hold says
 * RESULT   "delivered 250 final | none; untried | upstream-lost at mail @2": the messages in the order in which they were
 *          handed over, each with its recipients and fault, and how many connections the server saw. "final #2" was decided
 *          in the second attempt
 * FAILS    also when the server's script was left, when done() came from inside smtp_relay_send() or twice, and when the
 *          loop stands still
 */
#ifndef TESTS_SUPPORT_SMTP_STAGE_H
#define TESTS_SUPPORT_SMTP_STAGE_H

#include "relay/smtp/smtp.h"
#include "tests/support/smtp_server.h"

enum { SMTP_STAGE_MESSAGES = 600 };

enum smtp_stage_hold {
	STAGE_HOLD_NEVER,
	STAGE_HOLD_FIRST, /* before any message */
	STAGE_HOLD_WAITING, /* when the last of them waits: for its turn or, for a long time, for another attempt */
	STAGE_HOLD_MARKED, /* at the mark of a script */
};

struct smtp_play {
	const char *name;
	enum tls_mode tls;
	const char *scripts[SMTP_SERVER_SCRIPTS];
	unsigned messages;		      /* one after another; 0 is one */
	bool at_once;			      /* all handed over together */
	unsigned recipients;		      /* 0 is one */
	unsigned connections, per_connection; /* 0: 4 and 100 */
	uint64_t deadline_ms;		      /* 0: far away */
	uint64_t behind_ms;		      /* the same for all messages but the first */
	uint64_t step_ms; /* greeting, command, content and final_min; 0: long */
	uint64_t idle_ms; /* 0: long */
	const char *host; /* NULL: localhost, the certificate's name */
	const char *ca;	  /* NULL: the right one */
	bool chunking;
	bool wrong_port;
	bool other_users; /* each message has a user of its own */
	bool old_tokens;  /* what opens may be renewed */
	const char *
		tenants; /* a letter for each message's tenant, of one account that all share; NULL: "acme" */
	unsigned attempts; /* with pauses of a few ms; 0: one, also when it is throttled */
	uint64_t pause_ms; /* or of this length */
	unsigned breaker;  /* failures that open one, for a time that no test waits for; 0: never */
	uint64_t breaker_ms; /* or for this time */
	struct smtp_pacing pacing;
	/* Whose mail is held back (hold.h): a tenant's letter, or NULL, which is everybody's */
	const char *held;
	enum smtp_stage_hold hold; /* from when on; it is told to the relay */
	bool close_idle;	   /* smtp_relay_close_idle() when all is done */
	bool gives_up; /* smtp_relay_give_up() at a script's mark; otherwise smtp_relay_drain() with... */
	uint64_t drain_ms;
	bool until_gone; /* the loop runs on until the server has no connection any more */
	size_t attached; /* bytes of an attachment */
	const char *expected;
};

/* Up to the login of "me" with "secret", over implicit TLS and over STARTTLS; then one message. */
#define STAGE_OPEN                                                                                 \
	"<220 hi\n>EHLO \n<250-srv\n<250-PIPELINING\n<250 AUTH PLAIN\n>AUTH PLAIN "                \
	"AG1lAHNlY3JldA==\n<235 in\n"
#define STAGE_OPEN_STARTTLS                                                                        \
	"<220 hi\n>EHLO \n<250-srv\n<250 STARTTLS\n>STARTTLS\n<220 go\nT\n>EHLO "                  \
	"\n<250-srv\n<250-PIPELINING\n"                                                            \
	"<250 AUTH PLAIN\n>AUTH PLAIN AG1lAHNlY3JldA==\n<235 in\n"
#define STAGE_ENVELOPE ">MAIL FROM:<sender@example.com>\n>RCPT TO:<\n>DATA\n"
#define STAGE_MESSAGE  STAGE_ENVELOPE "<250 ok\n<250 ok\n<354 go\n=\n<250 ok\n"

void smtp_stage_check(const struct smtp_play *play);

#endif
