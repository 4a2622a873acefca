#include "relay/command/sink_server.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "relay/net/listen.h"

enum { READ_ROOM = 64 * 1024, HEADING_MAX = 512 * 1024, OUTPUT_HIGH = 64 * 1024 };

struct server {
	const struct sink_server_params *params;
	struct loop *loop;
	struct sink_policy policy;
	struct listener *clear, *secure;
	struct loop_signal *term, *interrupt;
	struct connection *connections;
	size_t connection_count;
	size_t room;
	uint64_t taken;
	struct buf queue; /* what is to be printed; the first `printed` bytes were */
	size_t printed;
	struct loop_watch *out;
	char read_room[READ_ROOM]; /* of whichever connection is read right now */
};

struct connection {
	struct server *server;
	struct stream *stream;
	struct sink_session session;
	struct connection *next, *before;
	bool closing; /* a fault: what is to be said still goes out */
};

static void print_some(struct server *v, size_t most)
{
	struct slice rest = slice_skip(buf_view(&v->queue), v->printed);
	ssize_t n = write(v->params->out_fd, rest.ptr, rest.len < most ? rest.len : most);
	if (n < 0 && errno != EINTR) {
		n = (ssize_t)rest
			    .len; /* nobody reads any more: the messages are taken all the same */
	}
	v->printed += n > 0 ? (size_t)n : 0;
}

static bool has_to_print(const struct server *v)
{
	return v->printed < v->queue.len;
}

/* Waits for whoever reads; at the end, and when the queue is full. */
static void print_all(struct server *v)
{
	while (has_to_print(v)) {
		print_some(v, SIZE_MAX);
	}
	buf_deinit(&v->queue);
	v->printed = 0;
}

/*
 * What the reader takes without making us wait: a reader that first sends and then reads would wait for ever. A pipe that
 * polls as writable takes PIPE_BUF bytes; the descriptor is shared with others and stays blocking.
 */
static void print_ready(struct server *v)
{
	struct pollfd out = {.fd = v->params->out_fd, .events = POLLOUT};
	while (has_to_print(v) && poll(&out, 1, 0) > 0) {
		print_some(v, PIPE_BUF);
	}
	if (!has_to_print(v)) {
		print_all(v);
	}
	loop_watch_set(v->out, false, has_to_print(v));
}

static void on_printable(void *ctx, bool readable, bool writable)
{
	(void)readable;
	(void)writable;
	print_ready(ctx);
}

static enum fault queue(struct server *v, struct slice bytes)
{
	enum fault f = buf_add(&v->queue, bytes);
	if (f != FAULT_NONE) {
		print_all(v);
		f = buf_add(&v->queue, bytes);
	}
	return f;
}

static enum fault put_heading(struct buf *b, uint64_t number, const struct sink_message *m)
{
	enum fault f = buf_add_text(b, "message ");
	f = f == FAULT_NONE ? buf_add_u64(b, number) : f;
	f = f == FAULT_NONE ? buf_add_text(b, " bytes=") : f;
	f = f == FAULT_NONE ? buf_add_u64(b, m->content.len) : f;
	f = f == FAULT_NONE ? buf_add_text(b, " from=") : f;
	f = f == FAULT_NONE ? buf_add(b, m->sender) : f;
	f = f == FAULT_NONE ? buf_add_text(b, " to=") : f;
	f = f == FAULT_NONE ? buf_add(b, m->recipients) : f;
	return f == FAULT_NONE ? buf_add_byte(b, '\n') : f;
}

static void on_taken(void *ctx, const struct sink_message *m)
{
	struct server *v = ctx;
	struct buf heading;
	v->taken++;
	if (!v->params->prints) {
		return;
	}
	buf_init(&heading, HEADING_MAX);
	enum fault f = put_heading(&heading, v->taken, m);
	f = f == FAULT_NONE ? queue(v, buf_view(&heading)) : f;
	f = f == FAULT_NONE ? queue(v, m->content) : f;
	f = f == FAULT_NONE ? queue(v, SLICE_LIT("\n")) : f;
	buf_deinit(&heading);
	if (f != FAULT_NONE) {
		/* Half a message on the output would put its reader out of step. */
		loop_stop(v->loop);
		return;
	}
	print_ready(v);
}

static bool has_enough(const struct server *v)
{
	return v->params->messages > 0 && v->taken >= v->params->messages;
}

static void drop(struct connection *c)
{
	struct server *v = c->server;
	*(c->before != NULL ? &c->before->next : &v->connections) = c->next;
	if (c->next != NULL) {
		c->next->before = c->before;
	}
	v->connection_count--;
	stream_free(&c->stream);
	sink_session_deinit(&c->session);
	free(c);
	if (has_enough(v)) {
		loop_stop(v->loop);
	}
}

/* Says what there is to say; the connection may be gone afterwards. */
static void settle(struct connection *c)
{
	struct sink_session *s = &c->session;
	size_t n;
	while (sink_session_output(s).len > 0 &&
	       stream_write(c->stream, sink_session_output(s), &n) == STREAM_MOVED) {
		sink_session_wrote(s, n);
	}
	size_t left = sink_session_output(s).len;
	enum sink_want want = c->closing ? SINK_WANTS_END : sink_session_want(s);
	if (left == 0 && want == SINK_WANTS_END) {
		stream_finish(c->stream);
		drop(c);
		return;
	}
	if (left == 0 && want == SINK_WANTS_TLS) {
		stream_want(c->stream, false, false);
		if (stream_start_tls(c->stream, c->server->params->tls, (struct slice){0}) !=
		    FAULT_NONE) {
			drop(c);
		}
		return;
	}
	if (left == 0 && has_enough(c->server)) {
		/* The last answer went out; a client that keeps its connection does not keep us. */
		loop_stop(c->server->loop);
	}
	bool reads = want == SINK_WANTS_INPUT && left < OUTPUT_HIGH;
	stream_want(c->stream, reads, left > 0);
}

static void on_readable(struct connection *c)
{
	struct server *v = c->server;
	size_t n;
	bool goes_on = true;
	while (goes_on && stream_read(c->stream, v->read_room, READ_ROOM, &n) == STREAM_MOVED) {
		c->closing = sink_session_feed(&c->session, slice_of(v->read_room, n)) !=
			     FAULT_NONE;
		goes_on = !c->closing && sink_session_want(&c->session) == SINK_WANTS_INPUT &&
			  sink_session_output(&c->session).len < OUTPUT_HIGH;
	}
	settle(c);
}

static void on_event(void *owner, enum stream_event event)
{
	struct connection *c = owner;
	switch (event) {
	case STREAM_READY:
		if (sink_session_want(&c->session) == SINK_WANTS_TLS) {
			sink_session_secured(&c->session);
		}
		stream_deadline(c->stream, SINK_IDLE_MS);
		settle(c);
		break;
	case STREAM_READABLE:
		stream_deadline(c->stream, SINK_IDLE_MS);
		on_readable(c);
		break;
	case STREAM_WRITABLE:
		settle(c);
		break;
	case STREAM_LATE:
	case STREAM_ENDED:
	case STREAM_FAILED:
		drop(c);
		break;
	}
}

static void accept_one(struct server *v, int fd, const struct tls_context *tls)
{
	struct connection *c = v->connection_count < SINK_CONNECTIONS_MAX ? calloc(1, sizeof(*c))
									  : NULL;
	if (c == NULL) {
		close(fd);
		return;
	}
	c->server = v;
	if (sink_session_init(&c->session, &v->policy, tls != NULL) != FAULT_NONE) {
		close(fd);
		free(c);
		return;
	}
	if (stream_accept(v->loop, fd, tls, on_event, c, &c->stream) != FAULT_NONE) {
		sink_session_deinit(&c->session);
		free(c);
		return;
	}
	stream_deadline(c->stream, SINK_IDLE_MS);
	c->next = v->connections;
	if (c->next != NULL) {
		c->next->before = c;
	}
	v->connections = c;
	v->connection_count++;
}

static void on_clear(void *owner, int fd, const struct address *peer)
{
	(void)peer;
	accept_one(owner, fd, NULL);
}

static void on_secure(void *owner, int fd, const struct address *peer)
{
	(void)peer;
	struct server *v = owner;
	accept_one(v, fd, v->params->tls);
}

static void on_signal(void *owner)
{
	loop_stop(owner);
}

static enum fault tell_ports(struct server *v)
{
	struct buf line;
	buf_init(&line, HEADING_MAX);
	enum fault f = buf_add_text(&line, "port=");
	f = f == FAULT_NONE ? buf_add_u64(&line, listener_port(v->clear)) : f;
	f = f == FAULT_NONE ? buf_add_text(&line, " tls_port=") : f;
	f = f == FAULT_NONE ? buf_add_u64(&line, listener_port(v->secure)) : f;
	f = f == FAULT_NONE ? buf_add_byte(&line, '\n') : f;
	f = f == FAULT_NONE ? queue(v, buf_view(&line)) : f;
	buf_deinit(&line);
	print_all(v);
	return f;
}

static enum fault start(struct server *v, struct problem *problem)
{
	const struct sink_server_params *p = v->params;
	struct listener_params at = {.address = p->address, .port = p->port};
	enum fault f = loop_new(&v->loop);
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	f = listener_new(v->loop, &at, on_clear, v, &v->clear, problem);
	if (f != FAULT_NONE) {
		return f;
	}
	at.port = p->tls_port;
	f = listener_new(v->loop, &at, on_secure, v, &v->secure, problem);
	if (f != FAULT_NONE) {
		return f;
	}
	f = loop_watch_new(v->loop, p->out_fd, on_printable, v, &v->out);
	f = f == FAULT_NONE ? loop_signal_new(v->loop, SIGTERM, on_signal, v->loop, &v->term) : f;
	f = f == FAULT_NONE ? loop_signal_new(v->loop, SIGINT, on_signal, v->loop, &v->interrupt)
			    : f;
	f = f == FAULT_NONE ? tell_ports(v) : f;
	return f == FAULT_NONE ? f : problem_set(problem, f, "");
}

static void stop(struct server **server)
{
	struct server *v = *server;
	if (v == NULL) {
		return;
	}
	while (v->connections != NULL) {
		drop(v->connections);
	}
	listener_free(&v->clear);
	listener_free(&v->secure);
	loop_watch_free(&v->out);
	buf_deinit(&v->queue);
	loop_signal_free(&v->term);
	loop_signal_free(&v->interrupt);
	loop_free(&v->loop);
	free(v);
	*server = NULL;
}

enum fault sink_server_run(const struct sink_server_params *params, struct problem *problem)
{
	CLEANUP(stop) struct server *v = calloc(1, sizeof(*v));
	if (v == NULL) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	v->params = params;
	v->room = SINK_KEPT_MAX;
	buf_init(&v->queue, SINK_KEPT_MAX);
	v->policy = params->policy;
	v->policy.offers_tls = true;
	v->policy.keeps_content = params->prints;
	v->policy.room = &v->room;
	v->policy.taken = on_taken;
	v->policy.ctx = v;
	enum fault f = start(v, problem);
	if (f == FAULT_NONE) {
		loop_run(v->loop);
		print_all(v);
	}
	return f;
}
