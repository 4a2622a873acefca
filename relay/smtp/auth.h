/*
 * NAME     auth - what a client says to log in: one table of mechanisms, strongest first
 * RULE     only under TLS (the engine sees to it); every line is a secret and is wiped when it went
 * out FAULTS   UPSTREAM_PROTOCOL when the server asks for more than the mechanism has, BAD_FIELD
 * for a user name or password with NUL (PLAIN separates by NUL), NO_MEMORY SEE      RFC 4954; RFC
 * 4616 PLAIN; draft-murchison-sasl-login LOGIN
 */
#ifndef RELAY_SMTP_AUTH_H
#define RELAY_SMTP_AUTH_H

#include "spool-free/base/secret.h"

/* The bit of a mechanism's name in any case; 0 for one that is not in the table. */
unsigned smtp_auth_bit(struct slice name);
struct slice smtp_auth_name(unsigned bit); /* "PLAIN" */
/* The strongest among `offered`; 0 when there is none. */
unsigned smtp_auth_strongest(unsigned offered);

struct smtp_login {
	struct slice username;
	const struct secret *password;
	const struct secret *token; /* OAuth access token, or NULL; with one, no password is said */
	struct slice host;	    /* of the server, as OAUTHBEARER tells it */
	uint16_t port;
};

/*
 * The client's next line, CRLF included: step 0 is the AUTH command, step n answers the nth 334.
 * `challenge` is that reply's text.
 */
MUST_USE enum fault smtp_auth_line(unsigned mechanism, const struct smtp_login *login,
				   unsigned step, struct slice challenge, struct secret **out_line);

#endif
