/*
 * NAME     smtp_server - a scripted SMTP server over real sockets, on the loop of the test
 * SCRIPT   one for each connection, in the order of arrival; the letters are those of dialogue.h, seen from the client:
 *          <words  the server says this line          >words  the client must say a line that begins so
 *          =       the client must send content up to its dot; it is kept
 *          T       TLS begins after STARTTLS           X  the connection is reset at once
 *          ~words  the server says this line for ever, a byte at a time, as the first line of a reply
 *          W       silence until the client goes
 *          !       the test is told that the script has come here
 *          At the script's end the server waits until the client goes
 * TROUBLE  the first thing that a client did and the script did not have; empty when there was none
 */
#ifndef TESTS_SUPPORT_SMTP_SERVER_H
#define TESTS_SUPPORT_SMTP_SERVER_H

#include "spool-free/base/buf.h"
#include "relay/net/stream.h"

enum { SMTP_SERVER_SCRIPTS = 8 };

struct smtp_server;

struct smtp_server_params {
	struct loop *loop;
	const struct tls_context *tls;
	bool implicit;
	loop_fn *on_mark; /* of ! */
	void *owner;
	const char *scripts[SMTP_SERVER_SCRIPTS];
};

struct smtp_server *smtp_server_new(const struct smtp_server_params *params);
void smtp_server_free(struct smtp_server **s);
uint16_t smtp_server_port(const struct smtp_server *s);
unsigned smtp_server_connections(const struct smtp_server *s); /* that ever came */
unsigned smtp_server_open(const struct smtp_server *s);	       /* that are still there */
struct slice smtp_server_content(
	const struct smtp_server *s); /* of the last message, with its dot */
const char *smtp_server_trouble(const struct smtp_server *s);

#endif
