#include "tests/support/ends.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

enum { GUARD_MS = 20000, GOT_MAX = 64 * 1024 * 1024, READ_ROOM = 65536 };

static void must(bool ok)
{
	if (!ok) {
		abort();
	}
}

static void read_all(struct end *e)
{
	char *room;
	size_t n;
	enum stream_io io;
	size_t size = e->bite > 0 ? e->bite : READ_ROOM;
	do {
		must(buf_reserve(&e->got, size, &room) == FAULT_NONE);
		io = stream_read(e->stream, room, size, &n);
		if (io == STREAM_MOVED) {
			buf_grew(&e->got, n);
		}
	} while (io == STREAM_MOVED && !e->lazy);
}

static void write_all(struct end *e)
{
	size_t n;
	while (e->to_send.len > 0 && stream_write(e->stream, e->to_send, &n) == STREAM_MOVED) {
		e->to_send = slice_skip(e->to_send, n);
	}
	if (e->to_send.len == 0) {
		stream_want(e->stream, true, false);
	}
}

static void on_last(struct end *e, char letter)
{
	must(e->last == '\0');
	e->last = letter;
	e->fault = stream_fault(e->stream);
	e->trouble = stream_tls_trouble(e->stream);
	if (e->frees_at_end) {
		stream_free(&e->stream);
	}
}

static void on_ready(struct end *e)
{
	const char *version = stream_tls_version(e->stream);
	size_t len = strnlen(version, sizeof(e->version) - 1);
	memcpy(e->version, version, len);
	e->version[len] = '\0';
	e->readies++;
}

static void on_event(void *owner, enum stream_event event)
{
	struct end *e = owner;
	struct ends *p = e->pair;
	switch (event) {
	case STREAM_READY:
		on_ready(e);
		break;
	case STREAM_READABLE:
		read_all(e);
		break;
	case STREAM_WRITABLE:
		write_all(e);
		break;
	case STREAM_LATE:
		on_last(e, 'L');
		break;
	case STREAM_ENDED:
		on_last(e, 'E');
		break;
	case STREAM_FAILED:
		on_last(e, 'F');
		break;
	}
	if (p->until(p)) {
		loop_stop(p->loop);
	}
}

static void on_guard(void *owner)
{
	struct ends *p = owner;
	p->guarded = true;
	loop_stop(p->loop);
}

void ends_init(struct ends *p)
{
	*p = (struct ends){0};
	p->server.pair = p;
	p->client.pair = p;
	buf_init(&p->server.got, GOT_MAX);
	buf_init(&p->client.got, GOT_MAX);
	must(loop_new(&p->loop) == FAULT_NONE);
	must(loop_timer_new(p->loop, on_guard, p, &p->guard) == FAULT_NONE);
}

void ends_deinit(struct ends *p)
{
	stream_free(&p->server.stream);
	stream_free(&p->client.stream);
	buf_deinit(&p->server.got);
	buf_deinit(&p->client.got);
	loop_timer_free(&p->guard);
	loop_free(&p->loop);
}

int ends_listen(struct address *out_address)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(fd >= 0 && bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0 &&
	     listen(fd, 16) == 0);
	*out_address = (struct address){.len = sizeof(out_address->sockaddr)};
	must(getsockname(fd, (struct sockaddr *)&out_address->sockaddr, &out_address->len) == 0);
	return fd;
}

static void accept_end(struct ends *p, int listening, const struct tls_context *tls)
{
	int fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	must(fd >= 0);
	must(stream_accept(p->loop, fd, tls, on_event, &p->server, &p->server.stream) ==
	     FAULT_NONE);
	stream_want(p->server.stream, true, false);
}

void ends_connect(struct ends *p, const struct address *at, const struct tls_context *tls,
		  struct slice host)
{
	const struct stream_tls implicit = {.context = tls, .host = host};
	must(stream_connect(p->loop, at, tls != NULL ? &implicit : NULL, on_event, &p->client,
			    &p->client.stream) == FAULT_NONE);
	stream_want(p->client.stream, true, false);
}

void ends_open(struct ends *p, const struct tls_context *server, const struct tls_context *client,
	       struct slice host)
{
	struct address at;
	int listening = ends_listen(&at);
	ends_connect(p, &at, client, host);
	accept_end(p, listening, server);
	close(listening);
}

int ends_open_raw(struct ends *p, const struct tls_context *server)
{
	struct address at;
	int listening = ends_listen(&at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(fd >= 0 && connect(fd, (const struct sockaddr *)&at.sockaddr, at.len) == 0);
	accept_end(p, listening, server);
	close(listening);
	return fd;
}

int ends_open_raw_server(struct ends *p, const struct tls_context *client, struct slice host)
{
	struct address at;
	int listening = ends_listen(&at);
	ends_connect(p, &at, client, host);
	int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	must(fd >= 0);
	close(listening);
	return fd;
}

bool ends_run(struct ends *p, ends_until_fn *until)
{
	p->until = until;
	p->guarded = false;
	if (until(p)) {
		return true;
	}
	loop_timer_set(p->guard, GUARD_MS);
	loop_run(p->loop);
	loop_timer_cancel(p->guard);
	return !p->guarded;
}

void ends_send(struct end *e, struct slice bytes)
{
	e->to_send = bytes;
	stream_want(e->stream, true, true);
}

bool ends_both_ready(const struct ends *p)
{
	return p->server.readies > 0 && p->client.readies > 0;
}

bool ends_both_over(const struct ends *p)
{
	return p->server.last != '\0' && p->client.last != '\0';
}

bool ends_client_over(const struct ends *p)
{
	return p->client.last != '\0';
}

bool ends_server_over(const struct ends *p)
{
	return p->server.last != '\0';
}
