/*
 * NAME     desk - a small HTTP/1.1 server in the clear, for the operator's own programs: commands over a UNIX socket, what
 *          gathers metrics over loopback
 * FLOW     one request a connection: head, body, handler, answer, end. A handler may answer later, on the same loop
 * OWNS     its connections, and each call until desk_answer() or desk_refuse(): both also when the client has left
 * LIMIT    DESK_HEAD_MAX and DESK_BODY_MAX bytes; DESK_REQUEST_MS for a request to come whole, DESK_ANSWER_MS for its answer to
 *          be taken; so many connections at a time as given: one that had its answer makes room, or the oldest one that has
 *          not sent its request. While handlers are at work for all of them, further ones wait in the listener's queue
 * PEERS    with asks_who: processes of its own user and of root, by SO_PEERCRED; others are told so, and nothing else
 * FAULTS   of a request go to who asked, as problem+json with a sentence
 * THREADS  its loop's
 */
#ifndef RELAY_DESK_DESK_H
#define RELAY_DESK_DESK_H

#include "spool-free/base/buf.h"
#include "spool-free/base/json.h"
#include "relay/net/listen.h"
#include "relay/net/stream.h"
#include "relay/intake/http_head.h"

enum {
	DESK_HEAD_MAX = 4096,
	DESK_BODY_MAX = 16 * 1024,
	DESK_ANSWER_MAX = 16 * 1024 * 1024,
	DESK_REQUEST_MS = 5000,
	DESK_ANSWER_MS = 10000,
};

struct desk;
struct desk_call;

/* Answers now or later, once. */
typedef void desk_handler_fn(void *ctx, struct desk_call *call);

struct desk_route {
	enum http_method method; /* GET answers HEAD as well */
	struct slice path;
	desk_handler_fn *handle;
};

struct desk_params {
	struct loop *loop;
	const struct desk_route *routes; /* lives as long as the desk */
	size_t route_count;
	void *ctx; /* for the handlers */
	bool asks_who;
	unsigned connections;
	uint64_t request_ms; /* for a request to come whole; 0: DESK_REQUEST_MS */
	uint64_t answer_ms;  /* for its answer to be taken; 0: DESK_ANSWER_MS */
};

MUST_USE enum fault desk_new(const struct desk_params *params, struct desk **out_desk);
/* Give it to a listener as its function, with the desk as owner. */
void desk_accept(void *desk, int fd, const struct address *peer);
/* That listener rests while nobody can make room; NULL, or none given: who comes then is hung up on. */
void desk_listens(struct desk *d, struct listener *listener);
void desk_free(struct desk **d); /* calls that are not answered yet stay valid */

struct slice desk_call_query(const struct desk_call *c); /* behind the ?, as it came */
struct slice desk_call_body(const struct desk_call *c);
/* The value of name= in the query, as it came; false when it is not there. */
bool desk_call_parameter(const struct desk_call *c, struct slice name, struct slice *out_value);

/* `body` is copied. `type`: application/json, text/plain ... */
void desk_answer(struct desk_call *c, int status, struct slice type, struct slice body);
void desk_refuse(struct desk_call *c, const struct problem *problem, unsigned retry_after_s);
/* By `f`, in the problem's words where they are about it; it may be NULL. */
void desk_fail(struct desk_call *c, enum fault f, const struct problem *problem);
/* By `f`, in this sentence; in the fault's own words where it is empty. */
void desk_fail_saying(struct desk_call *c, enum fault f, const char *sentence);
/* What was written, as application/json; or its fault. */
void desk_answer_json(struct desk_call *c, const struct json_writer *written, struct slice body);

#endif
