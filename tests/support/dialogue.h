/*
 * NAME     dialogue - plays a scripted server against the SMTP engine and writes down how it ended
 * SCRIPT   one step a line, by its first letter:
 *          >words  the client says exactly this line; lines in a row are one flight, nothing before or behind it
 *          <words  the server says this line; lines in a row arrive together, cut into chunks
 *          !bytes  the server says these bytes; $ is CR, & is LF, @ is NUL
 *          =       the client sends the whole content and the dot
 *          %n      the client gets only n bytes of its output out
 *          .       the client has nothing to say
 *          T       the client wants TLS and gets it        M  the message is handed over; E  its envelope alone
 *          X       the connection is lost                  Z  the deadline passes      Q  the client is told to quit
 * RESULT   "delivered 250 2.0.0 final, refused 550 rcpt | none ready, taken, again": each recipient, the fault, the state,
 *          what was learned of BDAT, whether another try is worth while
 */
#ifndef TESTS_SUPPORT_DIALOGUE_H
#define TESTS_SUPPORT_DIALOGUE_H

#include "spool-free/base/buf.h"
#include "relay/smtp/client.h"

#define DIALOGUE_CONTENT "Subject: hello\r\n\r\nA page.\r\n"

struct dialogue {
	const char *name;
	enum tls_mode tls;
	const char *username; /* NULL: no login. The password is "secret" */
	size_t recipients;    /* a@example.com, b@example.com, ... */
	const char *script;
	const char *expected;
};

/* Up to the login: implicit TLS, AUTH PLAIN as "me", PIPELINING or none. */
#define DIALOGUE_PIPELINED                                                                         \
	"<220 hi\n>EHLO client.test\n<250-srv\n<250-PIPELINING\n<250-ENHANCEDSTATUSCODES\n<250 "   \
	"AUTH PLAIN\n"                                                                             \
	">AUTH PLAIN AG1lAHNlY3JldA==\n<235 in\n"
#define DIALOGUE_SEQUENTIAL                                                                        \
	"<220 hi\n>EHLO client.test\n<250-srv\n<250 AUTH PLAIN\n>AUTH PLAIN "                      \
	"AG1lAHNlY3JldA==\n<235 in\n"

/* How the client logs in, besides its user name. The nonce is DIALOGUE_NONCE. */
struct dialogue_login {
	const char *password; /* NULL: "secret" */
	const char *token;    /* NULL: none */
	bool binds;	      /* the session has the exporter "exported" */
};

#define DIALOGUE_NONCE "fyko+d2lbbFgONRv9qkxdawL"

/* All that may be different; all-zero is the usual login, and the usual message by DATA. */
struct dialogue_with {
	struct dialogue play;
	struct dialogue_login login;
	const char *sentence; /* how the problem's sentence must end; NULL is any */
	enum smtp_rung rung;
	const char *content, *sender;
	const char *to; /* recipients, separated by commas */
	struct delivery_status status;
	const char *envelope_id;
	bool require_tls;
};

/* Plays `d` with chunks of `size`; fails the test where the client says something else. */
void dialogue_play(const struct dialogue *d, size_t size, struct buf *result);
/* Plays it in every chunking and compares. */
void dialogue_check(const struct dialogue *d);
/* The same; `sentence` is how the problem's sentence must end, NULL is any. */
void dialogue_check_login(const struct dialogue *d, const struct dialogue_login *login,
			  const char *sentence);
void dialogue_check_with(const struct dialogue_with *d);

#endif
