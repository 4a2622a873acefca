/*
 * NAME     auth - logging in, without I/O: one table of mechanisms, strongest first, and one exchange at a time
 * OWNS     what a mechanism keeps between its lines; smtp_auth_end() wipes it
 * RULE     only under TLS (the engine sees to it); every line is a secret and is wiped when it went out. With a token
 *          the mechanisms that carry tokens, without one those of passwords: neither stands in for the other. A
 *          mechanism is left for a weaker one only where the server does not know its name; never after a refusal
 * UTF-8    SCRAM and CRAM-MD5 are for user names and passwords that SASLprep keeps (saslprep.h); for others they count
 *          as not offered, and PLAIN and LOGIN say them as they are
 * LIMIT    a line of 12288 bytes (RFC 4954 4); an initial response only in a command of 512 bytes
 * FAULTS   UPSTREAM_PROTOCOL when the server asks for more than the mechanism has, BAD_FIELD for a user name, password
 *          or token with bytes that the mechanism has no place for, NO_MEMORY
 * SEE      RFC 4954; RFC 4616 PLAIN; draft-murchison-sasl-login LOGIN; RFC 2195 CRAM-MD5; RFC 5802, 7677 SCRAM; RFC 7628
 *          OAUTHBEARER; XOAUTH2 as Google and Microsoft describe it
 */
#ifndef RELAY_SMTP_AUTH_H
#define RELAY_SMTP_AUTH_H

#include "relay/smtp/auth_token.h"
#include "relay/smtp/scram.h"

struct smtp_login {
	struct slice username;
	const struct secret *password;
	const struct secret *token; /* OAuth access token, or NULL; with one, no password is said */
	struct slice host;	    /* of the server, as OAUTHBEARER tells it */
	uint16_t port;
};

struct smtp_auth {
	unsigned left;	    /* mechanisms not tried yet */
	unsigned mechanism; /* the one at work */
	unsigned step;	    /* the message that answers the next 334 */
	bool may_repeat;    /* the initial response, should the server ask for it */
	bool asked;	    /* the server answered the command by 334 */
	bool works;	    /* turns are to be taken */
	bool unprepared;    /* user name or password: see UTF-8 */
	struct scram_binding binding;
	unsigned char chance[SCRAM_CHANCE_LEN];
	struct scram scram;
	struct auth_refusal refusal;
};

/* The bit of a mechanism's name in any case; 0 for one that is not in the table. */
unsigned smtp_auth_bit(struct slice name);
struct slice smtp_auth_name(unsigned bit); /* "PLAIN" */

/*
 * `offered` are the server's mechanisms; `binding` may have an empty type, `chance` are bytes drawn for this
 * connection. The login is handed in with each call and must be the same.
 */
void smtp_auth_init(struct smtp_auth *a, const struct smtp_login *login, unsigned offered,
		    const struct scram_binding *binding,
		    const unsigned char chance[SCRAM_CHANCE_LEN]);
void smtp_auth_end(struct smtp_auth *a);

/* Lines come with CRLF. The AUTH command of the strongest mechanism left: UPSTREAM_NO_AUTH when there is none. */
MUST_USE enum fault smtp_auth_begin(struct smtp_auth *a, const struct smtp_login *login,
				    struct secret **out_line);
/* The answer to a 334 with this text. Without a line, though no fault: it works, and turns are to be taken. */
MUST_USE enum fault smtp_auth_answer(struct smtp_auth *a, const struct smtp_login *login,
				     struct slice challenge, struct secret **out_line);
/* One turn of some milliseconds; the line comes with the last. */
MUST_USE enum fault smtp_auth_turn(struct smtp_auth *a, const struct smtp_login *login,
				   struct secret **out_line);

/* Whether a mechanism that the server does not know after all may be left for the next. */
bool smtp_auth_can_go_on(const struct smtp_auth *a);
/* At a 235: UPSTREAM_PROTOCOL when the server owes a proof yet. */
MUST_USE enum fault smtp_auth_confirm(struct smtp_auth *a);
/* Makes the sentence of a fault more exact where the exchange knows more than the reply's code. */
void smtp_auth_explain(const struct smtp_auth *a, struct problem *p);

#endif
