#include "tests/support/smtp_server.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <check.h>

#include "relay/net/listen.h"

enum { MOST = 64 * 1024 * 1024, DRIP_MS = 10 };

struct guest {
	struct smtp_server *server;
	struct stream *stream;
	struct slice script;
	struct buf in, out;
	bool ready;
	struct loop_timer *drip;
	struct slice dripping; /* goes round and round */
	size_t dripped;
};

struct smtp_server {
	struct smtp_server_params params;
	struct listener *listener;
	struct guest guests[SMTP_SERVER_SCRIPTS];
	unsigned came;
	struct buf content;
	char trouble[256];
};

static void go_on(struct guest *g);

static void complain(struct guest *g, struct slice line)
{
	struct smtp_server *s = g->server;
	if (s->trouble[0] == '\0') {
		snprintf(s->trouble, sizeof(s->trouble),
			 "connection %td: \"%.*s\" before \"%.20s\"", g - s->guests + 1,
			 (int)line.len, line.ptr, g->script.ptr);
	}
}

static void leave(struct guest *g)
{
	stream_free(&g->stream);
	loop_timer_free(&g->drip);
	buf_deinit(&g->in);
	buf_deinit(&g->out);
}

static bool write_out(struct guest *g)
{
	while (g->out.len > 0) {
		size_t n;
		if (stream_write(g->stream, buf_view(&g->out), &n) != STREAM_MOVED) {
			return false;
		}
		buf_drop(&g->out, n);
	}
	return true;
}

static void on_event(void *owner, enum stream_event event)
{
	struct guest *g = owner;
	char room[4096];
	size_t n;
	switch (event) {
	case STREAM_READY:
		g->ready = true;
		break;
	case STREAM_READABLE:
		while (stream_read(g->stream, room, sizeof(room), &n) == STREAM_MOVED) {
			ck_assert_int_eq(buf_add(&g->in, slice_of(room, n)), FAULT_NONE);
		}
		break;
	case STREAM_WRITABLE:
		break;
	case STREAM_LATE:
	case STREAM_ENDED:
	case STREAM_FAILED:
		leave(g);
		return;
	}
	go_on(g);
}

/* A line that the client said, or content up to its dot; false when it is not complete yet. */
static bool take(struct guest *g, struct slice end, struct buf *into)
{
	struct slice in = buf_view(&g->in);
	size_t at = slice_find(in, end);
	if (at == in.len) {
		return false;
	}
	buf_clear(into);
	ck_assert_int_eq(buf_add(into, slice_first(in, at + end.len)), FAULT_NONE);
	buf_drop(&g->in, at + end.len);
	return true;
}

static bool take_line(struct guest *g, struct slice wanted)
{
	struct buf line;
	buf_init(&line, MOST);
	bool took = take(g, SLICE_LIT("\r\n"), &line);
	if (took && !slice_starts(buf_view(&line), wanted)) {
		complain(g, buf_view(&line));
	}
	buf_deinit(&line);
	return took;
}

static void on_drip(void *owner)
{
	struct guest *g = owner;
	size_t n;
	size_t at = g->dripped++ % (g->dripping.len + 2);
	struct slice byte = at < g->dripping.len ? slice_first(slice_skip(g->dripping, at), 1)
						 : slice_first(slice_skip(SLICE_LIT("\r\n"),
									  at - g->dripping.len),
							       1);
	if (stream_write(g->stream, byte, &n) == STREAM_MOVED) {
		loop_timer_set(g->drip, DRIP_MS);
	}
}

/* One step; false when it has to wait. */
static bool step(struct guest *g, char kind, struct slice rest)
{
	switch (kind) {
	case '<':
		ck_assert_int_eq(buf_add(&g->out, rest), FAULT_NONE);
		ck_assert_int_eq(buf_add_text(&g->out, "\r\n"), FAULT_NONE);
		return true;
	case '>':
		return write_out(g) && take_line(g, rest);
	case '=':
		return write_out(g) && take(g, SLICE_LIT("\r\n.\r\n"), &g->server->content);
	case 'T':
		if (!write_out(g)) {
			return false;
		}
		g->ready = false;
		ck_assert_int_eq(
			stream_start_tls(g->stream, g->server->params.tls, (struct slice){0}),
			FAULT_NONE);
		return true;
	case '~':
		if (write_out(g) && g->drip == NULL) {
			g->dripping = rest;
			ck_assert_int_eq(
				loop_timer_new(g->server->params.loop, on_drip, g, &g->drip),
				FAULT_NONE);
			loop_timer_set(g->drip, DRIP_MS);
		}
		return false;
	case '!':
		if (!write_out(g)) {
			return false;
		}
		g->server->params.on_mark(g->server->params.owner);
		return true;
	case 'X':
		write_out(g);
		leave(g);
		return false;
	default:
		return false;
	}
}

static void go_on(struct guest *g)
{
	while (g->stream != NULL && g->ready && g->script.len > 0) {
		struct slice rest = g->script;
		struct slice line;
		ck_assert(slice_cut_to(&rest, '\n', &line));
		if (!step(g, line.ptr[0], slice_skip(line, 1))) {
			break;
		}
		g->script = rest;
	}
	if (g->stream == NULL) {
		return;
	}
	bool done = !g->ready || write_out(g);
	if (g->script.len == 0 && g->in.len > 0) {
		complain(g, buf_view(&g->in));
	}
	stream_want(g->stream, true, !done);
}

static void on_guest(void *owner, int fd, const struct address *peer UNUSED)
{
	struct smtp_server *s = owner;
	ck_assert_uint_lt(s->came, SMTP_SERVER_SCRIPTS);
	struct guest *g = &s->guests[s->came];
	const char *script = s->params.scripts[s->came++];
	*g = (struct guest){.server = s, .script = slice_of_text(script)};
	buf_init(&g->in, MOST);
	buf_init(&g->out, MOST);
	if (script == NULL) {
		complain(g, SLICE_LIT("came without a script"));
	}
	ck_assert_int_eq(stream_accept(s->params.loop, fd,
				       s->params.implicit ? s->params.tls : NULL, on_event, g,
				       &g->stream),
			 FAULT_NONE);
	stream_want(g->stream, true, false);
}

struct smtp_server *smtp_server_new(const struct smtp_server_params *params)
{
	struct problem problem;
	struct smtp_server *s = calloc(1, sizeof(*s));
	ck_assert_ptr_nonnull(s);
	s->params = *params;
	buf_init(&s->content, MOST);
	struct listener_params at = {.address = "127.0.0.1"};
	ck_assert_int_eq(listener_new(params->loop, &at, on_guest, s, &s->listener, &problem),
			 FAULT_NONE);
	return s;
}

void smtp_server_free(struct smtp_server **server)
{
	struct smtp_server *s = *server;
	for (unsigned i = 0; i < s->came; i++) {
		if (s->guests[i].stream != NULL) {
			leave(&s->guests[i]);
		}
	}
	listener_free(&s->listener);
	buf_deinit(&s->content);
	free(s);
	*server = NULL;
}

uint16_t smtp_server_port(const struct smtp_server *s)
{
	return listener_port(s->listener);
}

unsigned smtp_server_connections(const struct smtp_server *s)
{
	return s->came;
}

unsigned smtp_server_open(const struct smtp_server *s)
{
	unsigned open = 0;
	for (unsigned i = 0; i < s->came; i++) {
		open += s->guests[i].stream != NULL;
	}
	return open;
}

struct slice smtp_server_content(const struct smtp_server *s)
{
	return buf_view(&s->content);
}

const char *smtp_server_trouble(const struct smtp_server *s)
{
	return s->trouble;
}
