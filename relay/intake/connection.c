#include "relay/intake/connection.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "spool-free/base/wipe.h"
#include "relay/intake/exchange.h"

enum {
	TLS_RECORD_HANDSHAKE = 0x16, /* RFC 8446 5.1: the first byte of every TLS client */
	ANSWER_MAX = 64 * 1024 * 1024,
	LINGER_BYTES = 64 * 1024,
	FRESH_MS = 5000, /* while all drains: for the first word of who has just come */
};

enum step {
	STEP_ON,   /* look again */
	STEP_WAIT, /* for an event or the handler */
	STEP_GONE, /* the connection was freed */
};

/* ---- life ---- */

void connection_free(struct connection **connection)
{
	struct connection *c = *connection;
	if (c == NULL) {
		return;
	}
	*connection = NULL;
	if (c->request != NULL) {
		exchange_tell_gone(c->request);
	}
	exchange_drop(c);
	if (c->here != NULL) {
		*c->here = c->next;
		if (c->next != NULL) {
			c->next->here = c->here;
		}
		c->intake->count--;
	}
	crowd_leave(&c->member);
	stream_free(&c->stream);
	loop_timer_free(&c->timer);
	buf_deinit(&c->out);
	free(c);
}

/* ---- the machine ---- */

static enum step close_now(struct connection *c)
{
	stream_finish(c->stream);
	connection_free(&c);
	return STEP_GONE;
}

static enum step take_step(struct connection *c)
{
	switch (c->state) {
	case CONNECTION_HELLO:
		stream_want(c->stream, true, false);
		return STEP_WAIT;
	case CONNECTION_HANDSHAKE:
		return STEP_WAIT;
	case CONNECTION_IDLE:
		if (c->intake->drains && c->has_served) {
			return close_now(c);
		}
		stream_want(c->stream, true, false);
		return STEP_WAIT;
	case CONNECTION_HEAD:
		return exchange_head(c) ? STEP_ON : STEP_WAIT;
	case CONNECTION_DECIDING:
		stream_want(c->stream, false, false);
		return STEP_WAIT;
	case CONNECTION_BODY:
		return exchange_body(c) ? STEP_ON : STEP_WAIT;
	case CONNECTION_WAITING: /* read, so that the client's going is seen; into what room there is */
		stream_want(c->stream, c->request->len < c->request->room, false);
		return STEP_WAIT;
	case CONNECTION_ANSWERING:
		return exchange_send(c) ? STEP_ON : STEP_WAIT;
	case CONNECTION_LINGER:
		stream_want(c->stream, c->seen < LINGER_BYTES, false);
		return STEP_WAIT;
	}
	return STEP_WAIT;
}

static void go_on(struct connection *c, enum step step)
{
	while (step == STEP_ON) {
		step = take_step(c);
	}
	if (step != STEP_GONE) {
		c->runs = false;
	}
}

/* The handler answers from inside its own call, or much later: either way one loop does the work, not a recursion. */
void connection_run(struct connection *c)
{
	if (!c->runs) {
		c->runs = true;
		go_on(c, STEP_ON);
	}
}

/* ---- events ---- */

static enum step read_bytes(struct connection *c)
{
	size_t n;
	if (c->request == NULL && !exchange_begin(c)) {
		return close_now(c);
	}
	struct intake_request *r = c->request;
	if (stream_read(c->stream, r->bytes + r->len, r->room - r->len, &n) == STREAM_MOVED) {
		r->len += n;
		if (c->state == CONNECTION_IDLE) {
			c->state = CONNECTION_HEAD;
			loop_timer_set(c->timer, c->intake->limits.head_ms);
		}
	} else if (r->len == 0) {
		exchange_drop(c); /* it was TLS' own affair */
	}
	return STEP_ON;
}

static void drop_bytes(struct connection *c)
{
	char waste[4096];
	size_t n;
	while (c->seen < LINGER_BYTES &&
	       stream_read(c->stream, waste, sizeof(waste), &n) == STREAM_MOVED) {
		c->seen += n;
		wipe(waste, n);
	}
}

/* Somebody speaks HTTP in the clear: one sentence is kinder than a dead line. */
static enum step answer_in_the_clear(struct connection *c)
{
	struct problem problem;
	(void)problem_set(&problem, FAULT_MALFORMED, "This port speaks TLS only: use https.");
	if (!exchange_begin(c)) {
		return close_now(c);
	}
	exchange_refuse_own(c, &problem, (struct slice){0});
	return STEP_ON;
}

static enum step look_at_first_byte(struct connection *c)
{
	unsigned char first = 0;
	ssize_t n = recv(c->fd, &first, 1, MSG_PEEK | MSG_DONTWAIT);
	if (n < 0) {
		return STEP_ON;
	}
	if (n == 0) {
		return close_now(c);
	}
	if (first != TLS_RECORD_HANDSHAKE) {
		return answer_in_the_clear(c);
	}
	c->state = CONNECTION_HANDSHAKE;
	stream_want(c->stream, false, false);
	enum fault f = stream_start_tls(c->stream, c->intake->tls, (struct slice){0});
	return f == FAULT_NONE ? STEP_ON : close_now(c);
}

static enum step on_ready(struct connection *c)
{
	if (c->state == CONNECTION_HANDSHAKE) {
		enum tls_version v = tls_version_of(slice_of_text(stream_tls_version(c->stream)));
		atomic_fetch_add(&c->intake->counts.handshakes[v], 1);
	}
	if (c->state == CONNECTION_HANDSHAKE || c->intake->tls == NULL) {
		c->state = CONNECTION_IDLE;
		loop_timer_set(c->timer, c->intake->drains ? FRESH_MS : c->intake->limits.idle_ms);
	}
	return STEP_ON;
}

static enum step on_readable(struct connection *c)
{
	switch (c->state) {
	case CONNECTION_HELLO:
		return look_at_first_byte(c);
	case CONNECTION_IDLE:
	case CONNECTION_HEAD:
	case CONNECTION_WAITING:
		return read_bytes(c);
	case CONNECTION_BODY:
		exchange_read_body(c);
		return STEP_ON;
	case CONNECTION_LINGER:
		drop_bytes(c);
		return STEP_ON;
	case CONNECTION_HANDSHAKE:
	case CONNECTION_DECIDING:
	case CONNECTION_ANSWERING:
		break;
	}
	return STEP_WAIT;
}

static void on_stream(void *owner, enum stream_event event)
{
	struct connection *c = owner;
	c->runs = true;
	if (event != STREAM_READY && c->state == CONNECTION_HANDSHAKE) {
		atomic_fetch_add(&c->intake->counts.handshakes_failed, 1);
	}
	switch (event) {
	case STREAM_READY:
		go_on(c, on_ready(c));
		break;
	case STREAM_READABLE:
		go_on(c, on_readable(c));
		break;
	case STREAM_WRITABLE:
		go_on(c, STEP_ON);
		break;
	case STREAM_LATE:
	case STREAM_ENDED:
	case STREAM_FAILED:
		connection_free(&c);
		break;
	}
}

static enum step too_slow(struct connection *c, const char *sentence)
{
	struct problem problem;
	(void)problem_set(&problem, FAULT_SLOW_CLIENT, sentence);
	exchange_refuse_own(c, &problem, (struct slice){0});
	return STEP_ON;
}

static enum step judge_rate(struct connection *c)
{
	const struct intake_limits *l = &c->intake->limits;
	const struct intake_request *r = c->request;
	if (r->got - c->seen < l->body_bytes_per_s * l->head_ms / 1000) {
		return too_slow(c, "The body came more slowly than is allowed.");
	}
	c->seen = r->got;
	loop_timer_set(c->timer, l->head_ms);
	return STEP_WAIT;
}

static enum step on_late(struct connection *c)
{
	switch (c->state) {
	case CONNECTION_HEAD:
		return too_slow(c, "The head of the request did not arrive in the time allowed.");
	case CONNECTION_BODY:
		return judge_rate(c);
	case CONNECTION_HELLO:
	case CONNECTION_HANDSHAKE:
	case CONNECTION_IDLE:
	case CONNECTION_DECIDING:
	case CONNECTION_WAITING:
	case CONNECTION_ANSWERING:
	case CONNECTION_LINGER:
		break;
	}
	return close_now(c);
}

static void on_timer(void *owner)
{
	struct connection *c = owner;
	c->runs = true;
	if (c->state == CONNECTION_HANDSHAKE) {
		atomic_fetch_add(&c->intake->counts.handshakes_failed, 1);
	}
	go_on(c, on_late(c));
}

void connection_drain(struct connection *c)
{
	switch (c->state) {
	case CONNECTION_IDLE:
		if (c->has_served) {
			close_now(c);
			return;
		}
		loop_timer_set(c->timer, FRESH_MS);
		return;
	case CONNECTION_HELLO:
	case CONNECTION_HANDSHAKE:
		loop_timer_set(c->timer, FRESH_MS);
		return;
	case CONNECTION_HEAD:
	case CONNECTION_DECIDING:
	case CONNECTION_BODY:
	case CONNECTION_WAITING:
	case CONNECTION_ANSWERING:
	case CONNECTION_LINGER:
		break;
	}
}

void connection_give_up(struct connection *c)
{
	switch (c->state) {
	case CONNECTION_HELLO:
	case CONNECTION_HANDSHAKE:
	case CONNECTION_IDLE:
	case CONNECTION_LINGER:
		close_now(c);
		return;
	case CONNECTION_HEAD:
	case CONNECTION_BODY:
		exchange_give_up(c);
		return;
	case CONNECTION_DECIDING:
	case CONNECTION_WAITING:
	case CONNECTION_ANSWERING:
		break;
	}
}

enum fault connection_new(struct intake *i, int fd, const struct address *peer)
{
	struct connection *made = calloc(1, sizeof(*made));
	if (made == NULL) {
		close(fd);
		return FAULT_NO_MEMORY;
	}
	CLEANUP(connection_free) struct connection *c = made;
	c->intake = i;
	c->fd = fd;
	buf_init(&c->out, ANSWER_MAX);
	if (!crowd_enter(&i->crowd, &c->member, peer, i->limits.connections_per_address)) {
		close(fd);
		return FAULT_BUSY;
	}
	/* In the clear at first, so that the first byte can be looked at. */
	enum fault f = stream_accept(i->loop, fd, NULL, on_stream, c, &c->stream);
	if (f == FAULT_NONE) {
		f = loop_timer_new(i->loop, on_timer, c, &c->timer);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	loop_timer_set(c->timer, i->limits.handshake_ms);
	c->next = i->first;
	c->here = &i->first;
	if (i->first != NULL) {
		i->first->here = &c->next;
	}
	i->first = c;
	i->count++;
	(void)STEAL(c);
	return FAULT_NONE;
}
