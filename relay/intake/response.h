/*
 * NAME     response - the bytes of one HTTP answer: status line, fields, body
 * RULE     every answer has a Content-Length (but 204: RFC 9110 8.6), Date, X-Request-Id (if given), Cache-Control: no-store and
 *          (over TLS) Strict-Transport-Security; `Connection: close` where the connection will
 * SEE      RFC 9110 6.6.1 (Date), 8.6, 9.3.2 (HEAD), 10.2, 11.6.1, 15; RFC 9112 4; RFC 6797 6.1
 * PURE     time and ids are arguments
 */
#ifndef RELAY_INTAKE_RESPONSE_H
#define RELAY_INTAKE_RESPONSE_H

#include "spool-free/base/buf.h"
#include "spool-free/base/instant.h"

enum { RESPONSE_HEAD_MAX = 2048 };

struct response {
	int status;
	struct slice type;     /* Content-Type */
	struct slice location; /* these four: no field when empty or 0 */
	struct slice allow;
	uint32_t version; /* ETag */
	unsigned retry_after_s;
	bool asks_for_token; /* WWW-Authenticate: Bearer */
	bool closes;
	bool is_head;  /* the answer to HEAD: all fields, no body */
	bool in_clear; /* no Strict-Transport-Security: RFC 6797 7.2 */
	struct slice request_id;
	struct civil at;
	struct slice body;
};

MUST_USE enum fault response_write(const struct response *r, struct buf *into);
MUST_USE enum fault response_continue(struct buf *into); /* 100 Continue */

#endif
