#include "relay/net/stream.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "relay/net/stream_private.h"

/* False: the owner freed the stream. */
static bool tell(struct stream *s, enum stream_event event)
{
	bool gone = false;
	s->gone = &gone;
	s->telling = true;
	s->fn(s->owner, event);
	if (gone) {
		return false;
	}
	s->gone = NULL;
	s->telling = false;
	return true;
}

/* Sets the watch and the timer `soon` to what the state asks for. */
static void settle(struct stream *s)
{
	if (s->telling) {
		return;
	}
	if (s->state == STREAM_OPEN) {
		bool read = (s->want_read && !s->read_blocked) || s->write_blocked;
		bool write = (s->want_write && !s->write_blocked && !s->write_lost) ||
			     (s->want_read && s->read_blocked);
		loop_watch_set(s->watch, read, write);
	} else if (s->state == STREAM_OVER_TOLD) {
		loop_watch_set(s->watch, false, false);
	}
	if (s->ready_due || s->last_due ||
	    (s->state == STREAM_OPEN && s->want_read && s->tls_holds)) {
		loop_timer_set(s->soon, 0);
	}
}

void stream_end(struct stream *s, enum stream_event last, enum fault f)
{
	if (s->state == STREAM_OVER_TOLD) {
		return;
	}
	s->state = STREAM_OVER_TOLD;
	s->last = last;
	s->last_due = true;
	s->fault = f;
	loop_timer_cancel(s->deadline);
	settle(s);
}

void stream_lose_write(struct stream *s)
{
	s->write_lost = true;
	s->fault = FAULT_UPSTREAM_LOST;
	/* What the peer said before it went decides (relay.md B11): who reads is told of the end there. */
	if (!s->want_read) {
		stream_end(s, STREAM_FAILED, FAULT_UPSTREAM_LOST);
	}
}

static void on_step(struct stream *s, enum stream_step step)
{
	switch (step) {
	case STREAM_STEP_DONE:
		s->state = STREAM_OPEN;
		s->ready_due = true;
		s->tls_holds = SSL_has_pending(s->ssl) == 1;
		break;
	case STREAM_STEP_READ:
		loop_watch_set(s->watch, true, false);
		break;
	case STREAM_STEP_WRITE:
		loop_watch_set(s->watch, false, true);
		break;
	case STREAM_STEP_FAILED:
		stream_end(s, STREAM_FAILED, s->fault);
		break;
	}
	settle(s);
}

enum fault stream_begin_tls(struct stream *s, const struct tls_context *tls, struct slice host)
{
	assert(s->state == STREAM_OPEN && s->ssl == NULL);
	enum fault f = stream_tls_attach(s, tls, host);
	if (f != FAULT_NONE) {
		return f;
	}
	s->state = STREAM_HANDSHAKING;
	on_step(s, stream_tls_handshake(s));
	return FAULT_NONE;
}

enum fault stream_start_tls(struct stream *s, const struct tls_context *tls, struct slice host)
{
	char byte;
	if (host.len > 0 && recv(s->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0) {
		return FAULT_UPSTREAM_PROTOCOL;
	}
	return stream_begin_tls(s, tls, host);
}

static void finish_connect(struct stream *s)
{
	int error = 0;
	socklen_t len = sizeof(error);
	/* A reset came behind the connection: what the peer said before it can still be read. */
	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0 ||
	    (error != 0 && error != ECONNRESET)) {
		stream_end(s, STREAM_FAILED, FAULT_UPSTREAM_DOWN);
		return;
	}
	s->state = STREAM_OPEN;
	if (s->implicit == NULL) {
		s->ready_due = true;
		settle(s);
		return;
	}
	enum fault f = stream_begin_tls(s, s->implicit, slice_of(s->host, s->host_len));
	if (f != FAULT_NONE) {
		stream_end(s, STREAM_FAILED, f);
	}
}

/* READY and the last event, as soon as they are due; false when the stream is gone or over. */
static bool tell_due(struct stream *s)
{
	if (s->ready_due) {
		s->ready_due = false;
		if (!tell(s, STREAM_READY)) {
			return false;
		}
		settle(s);
	}
	if (s->last_due) {
		s->last_due = false;
		loop_timer_cancel(s->soon);
		tell(s, s->last);
		return false;
	}
	return s->state == STREAM_OPEN;
}

static void on_soon(void *ctx)
{
	struct stream *s = ctx;
	if (!tell_due(s) || !s->want_read || !s->tls_holds) {
		return;
	}
	if (tell(s, STREAM_READABLE)) {
		settle(s);
	}
}

static void on_open(struct stream *s, bool readable, bool writable)
{
	bool read = (readable && !s->read_blocked) || (writable && s->read_blocked);
	bool write = (writable && !s->write_blocked) || (readable && s->write_blocked);
	s->read_blocked = s->read_blocked && !writable;
	s->write_blocked = s->write_blocked && !readable;
	if (read && s->want_read && !tell(s, STREAM_READABLE)) {
		return;
	}
	if (write && s->want_write && s->state == STREAM_OPEN && !s->write_lost &&
	    !tell(s, STREAM_WRITABLE)) {
		return;
	}
	settle(s);
}

static void on_watch(void *ctx, bool readable, bool writable)
{
	struct stream *s = ctx;
	switch (s->state) {
	case STREAM_CONNECTING:
		finish_connect(s);
		break;
	case STREAM_HANDSHAKING:
		on_step(s, stream_tls_handshake(s));
		break;
	case STREAM_OPEN:
		if (!s->ready_due) {
			on_open(s, readable, writable);
			return;
		}
		break;
	case STREAM_OVER_TOLD:
		return;
	}
	/* Said in the same round: the timer `soon` is for what happens inside the owner's calls. */
	tell_due(s);
}

static void on_deadline(void *ctx)
{
	struct stream *s = ctx;
	stream_end(s, STREAM_LATE, FAULT_DEADLINE);
	s->ready_due = false;
	tell_due(s);
}

void stream_free(struct stream **stream)
{
	struct stream *s = *stream;
	if (s == NULL) {
		return;
	}
	*stream = NULL;
	if (s->gone != NULL) {
		*s->gone = true;
	}
	loop_watch_free(&s->watch);
	loop_timer_free(&s->deadline);
	loop_timer_free(&s->soon);
	SSL_free(s->ssl);
	X509_free(s->refused);
	close(s->fd);
	free(s->host);
	free(s);
}

/* Takes the descriptor in any case. */
static enum fault new_stream(struct loop *l, int fd, stream_fn *fn, void *owner,
			     struct stream **out_stream)
{
	const int on = 1;
	struct stream *made = calloc(1, sizeof(*made));
	if (made == NULL) {
		close(fd);
		return FAULT_NO_MEMORY;
	}
	*made = (struct stream){.loop = l, .fd = fd, .fn = fn, .owner = owner, .trouble = ""};
	CLEANUP(stream_free) struct stream *s = made;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	enum fault f = loop_watch_new(l, fd, on_watch, s, &s->watch);
	if (f == FAULT_NONE) {
		f = loop_timer_new(l, on_deadline, s, &s->deadline);
	}
	if (f == FAULT_NONE) {
		f = loop_timer_new(l, on_soon, s, &s->soon);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	*out_stream = STEAL(s);
	return FAULT_NONE;
}

enum fault stream_accept(struct loop *l, int fd, const struct tls_context *tls, stream_fn *fn,
			 void *owner, struct stream **out_stream)
{
	CLEANUP(stream_free) struct stream *s = NULL;
	enum fault f = new_stream(l, fd, fn, owner, &s);
	if (f != FAULT_NONE) {
		return f;
	}
	s->peer.len = sizeof(s->peer.sockaddr);
	if (getpeername(fd, (struct sockaddr *)&s->peer.sockaddr, &s->peer.len) != 0) {
		s->peer = (struct address){0};
	}
	s->state = STREAM_OPEN;
	if (tls == NULL) {
		s->ready_due = true;
		settle(s);
	} else {
		f = stream_begin_tls(s, tls, (struct slice){0});
	}
	if (f != FAULT_NONE) {
		return f;
	}
	*out_stream = STEAL(s);
	return FAULT_NONE;
}

static void start_connect(struct stream *s, const struct address *to)
{
	s->peer = *to;
	s->state = STREAM_CONNECTING;
	if (connect(s->fd, (const struct sockaddr *)&to->sockaddr, to->len) == 0 ||
	    errno == EINPROGRESS) {
		loop_watch_set(s->watch, false, true);
	} else {
		stream_end(s, STREAM_FAILED, FAULT_UPSTREAM_DOWN);
	}
}

enum fault stream_connect(struct loop *l, const struct address *to, const struct stream_tls *tls,
			  stream_fn *fn, void *owner, struct stream **out_stream)
{
	int fd = socket(to->sockaddr.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		return FAULT_SYSTEM;
	}
	CLEANUP(stream_free) struct stream *s = NULL;
	enum fault f = new_stream(l, fd, fn, owner, &s);
	if (f != FAULT_NONE) {
		return f;
	}
	if (tls != NULL) {
		s->implicit = tls->context;
		s->host = malloc(tls->host.len + 1);
		if (s->host == NULL) {
			return FAULT_NO_MEMORY;
		}
		if (tls->host.len > 0) {
			memcpy(s->host, tls->host.ptr, tls->host.len);
		}
		s->host_len = tls->host.len;
	}
	start_connect(s, to);
	*out_stream = STEAL(s);
	return FAULT_NONE;
}

void stream_rebind(struct stream *s, stream_fn *fn, void *owner)
{
	s->fn = fn;
	s->owner = owner;
}

void stream_expect_pins(struct stream *s, const struct tls_pins *pins)
{
	assert(s->ssl == NULL);
	s->pins = *pins;
}

void stream_want(struct stream *s, bool read, bool write)
{
	s->want_read = read;
	s->want_write = write;
	if (s->write_lost && !read) {
		stream_end(s, STREAM_FAILED, FAULT_UPSTREAM_LOST);
	}
	settle(s);
}

void stream_deadline(struct stream *s, uint64_t after_ms)
{
	if (after_ms == 0 || s->state == STREAM_OVER_TOLD) {
		loop_timer_cancel(s->deadline);
	} else {
		loop_timer_set(s->deadline, after_ms);
	}
}

static enum stream_io plain_read(struct stream *s, char *room, size_t size, size_t *out_n)
{
	ssize_t n = recv(s->fd, room, size, 0);
	if (n > 0) {
		*out_n = (size_t)n;
		return STREAM_MOVED;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		return STREAM_AGAIN;
	}
	bool orderly = n == 0 && !s->write_lost;
	stream_end(s, orderly ? STREAM_ENDED : STREAM_FAILED, FAULT_UPSTREAM_LOST);
	return STREAM_OVER;
}

static enum stream_io plain_write(struct stream *s, struct slice bytes, size_t *out_n)
{
	ssize_t n = send(s->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
	if (n >= 0) {
		*out_n = (size_t)n;
		return STREAM_MOVED;
	}
	if (errno == EAGAIN || errno == EINTR) {
		return STREAM_AGAIN;
	}
	stream_lose_write(s);
	return STREAM_OVER;
}

enum stream_io stream_read(struct stream *s, char *room, size_t size, size_t *out_n)
{
	assert(size > 0);
	if (s->state != STREAM_OPEN) {
		return s->state == STREAM_OVER_TOLD ? STREAM_OVER : STREAM_AGAIN;
	}
	return s->ssl != NULL ? stream_tls_read(s, room, size, out_n)
			      : plain_read(s, room, size, out_n);
}

enum stream_io stream_write(struct stream *s, struct slice bytes, size_t *out_n)
{
	assert(bytes.len > 0);
	if (s->state != STREAM_OPEN || s->write_lost) {
		return s->state == STREAM_OVER_TOLD || s->write_lost ? STREAM_OVER : STREAM_AGAIN;
	}
	return s->ssl != NULL ? stream_tls_write(s, bytes, out_n) : plain_write(s, bytes, out_n);
}

void stream_quick_ack(struct stream *s)
{
	const int on = 1;
	setsockopt(s->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

enum fault stream_fault(const struct stream *s)
{
	return s->fault;
}

const char *stream_tls_trouble(const struct stream *s)
{
	return s->trouble;
}

const struct address *stream_peer(const struct stream *s)
{
	return &s->peer;
}
