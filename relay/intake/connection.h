/*
 * NAME     connection - shell over one client's stream: which state it is in, and what an event does there
 * OWNS     its stream, its timer, the answer under way and the request under way (exchange.h)
 * FLOW     HELLO (is it TLS at all?) -> HANDSHAKE -> IDLE -> HEAD -> DECIDING (handler.head) -> BODY -> WAITING
 *          (handler.job) -> ANSWERING -> IDLE, or LINGER -> closed. Requests are answered one at a time, in order
 * MEMORY   an idle one has no buffer; a request's block of head bytes lives as long as the request
 * THREADS  its loop's
 */
#ifndef RELAY_INTAKE_CONNECTION_H
#define RELAY_INTAKE_CONNECTION_H

#include "spool-free/base/event_brake.h"
#include "relay/intake/crowd.h"
#include "relay/intake/intake.h"

enum connection_state {
	CONNECTION_HELLO,
	CONNECTION_HANDSHAKE,
	CONNECTION_IDLE,
	CONNECTION_HEAD,
	CONNECTION_DECIDING,
	CONNECTION_BODY,
	CONNECTION_WAITING,
	CONNECTION_ANSWERING,
	CONNECTION_LINGER,
};

struct intake {
	struct loop *loop;
	const struct tls_context *tls;
	struct intake_limits limits;
	struct intake_handler handler;
	struct crowd crowd;
	struct connection *first;
	unsigned count;
	struct intake_counts counts;
	struct event_brake brake; /* of request.bad */
	bool drains;
};

struct connection {
	struct intake *intake;
	struct connection *next;
	struct connection **here;
	struct crowd_member member;
	int fd; /* the stream's; to look at the first byte */
	struct stream *stream;
	struct loop_timer *timer;
	enum connection_state state;
	bool runs; /* inside one of its own calls: who answers from there only sets the state */
	bool closes;
	bool has_served; /* an answer went out on it */
	struct intake_request *request;
	struct buf out;
	size_t written;
	size_t seen; /* BODY: bytes there when the timer was set; LINGER: bytes dropped */
};

/* Takes `fd` in any case. */
MUST_USE enum fault connection_new(struct intake *i, int fd, const struct address *peer);
void connection_free(struct connection **c);
/* No call of the connection's own may be under way; it may be gone afterwards. */
void connection_drain(struct connection *c);
void connection_give_up(struct connection *c);

/* Goes on by what the state is now; inside one of the connection's own calls that is left to the end of it. */
void connection_run(struct connection *c);

#endif
