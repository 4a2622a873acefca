#include "tests/support/sink_talk.h"

#include <stdlib.h>

enum { OUTPUT_MAX = 16 * 1024 * 1024, ROOM = 64 * 1024 * 1024 };

static void must(bool ok)
{
	if (!ok) {
		abort();
	}
}

static void put(struct buf *b, struct slice bytes)
{
	must(buf_add(b, bytes) == FAULT_NONE);
}

static void on_taken(void *ctx, const struct sink_message *m)
{
	struct sink_talk *t = ctx;
	t->count++;
	put(&t->taken, m->sender);
	put(&t->taken, SLICE_LIT("|"));
	put(&t->taken, m->recipients);
	put(&t->taken, SLICE_LIT("|"));
	must(buf_add_u64(&t->taken, m->size) == FAULT_NONE);
	put(&t->taken, SLICE_LIT("|"));
	put(&t->taken, m->content);
	put(&t->taken, SLICE_LIT("\n"));
}

void sink_talk_init(struct sink_talk *t)
{
	char *room;
	*t = (struct sink_talk){.room = ROOM};
	buf_init(&t->output, OUTPUT_MAX);
	buf_init(&t->taken, OUTPUT_MAX);
	/* Before allocations begin to fail. */
	must(buf_reserve(&t->output, OUTPUT_MAX / 16, &room) == FAULT_NONE);
	must(buf_reserve(&t->taken, OUTPUT_MAX / 16, &room) == FAULT_NONE);
	must(secret_new(SLICE_LIT("pass word"), &t->password) == FAULT_NONE);
	t->policy = (struct sink_policy){
		.host_name = SLICE_LIT("sink.example"),
		.offers_tls = true,
		.user = SLICE_LIT("user"),
		.password = t->password,
		.size_max = 1024 * 1024,
		.keeps_content = true,
		.room = &t->room,
		.taken = on_taken,
		.ctx = t,
	};
}

void sink_talk_deinit(struct sink_talk *t)
{
	secret_free(&t->password);
	buf_deinit(&t->output);
	buf_deinit(&t->taken);
}

static void collect(struct sink_talk *t, struct sink_session *s)
{
	struct slice said = sink_session_output(s);
	put(&t->output, said);
	sink_session_wrote(s, said.len);
}

static void feed(struct sink_talk *t, struct sink_session *s, struct slice piece, size_t chunk)
{
	while (piece.len > 0 && t->fault == FAULT_NONE) {
		t->fault = sink_session_feed(s, slice_first(piece, chunk));
		piece = slice_skip(piece, chunk);
		collect(t, s);
	}
}

enum fault sink_talk(struct sink_talk *t, bool is_tls, struct slice input, size_t chunk)
{
	static const struct slice handshake = SLICE_INIT("<TLS>");
	struct sink_session s;
	enum fault f = sink_session_init(&s, &t->policy, is_tls);
	if (f != FAULT_NONE) {
		return f;
	}
	collect(t, &s);
	while (input.len > 0) {
		size_t n = slice_find(input, handshake);
		feed(t, &s, slice_first(input, n), chunk);
		if (n < input.len && sink_session_want(&s) == SINK_WANTS_TLS) {
			sink_session_secured(&s);
		}
		input = slice_skip(input, n < input.len ? n + handshake.len : n);
	}
	t->want = sink_session_want(&s);
	sink_session_deinit(&s);
	return FAULT_NONE;
}

void sink_talk_codes(const struct sink_talk *t, char *out, size_t size)
{
	struct slice rest = buf_view(&t->output);
	struct slice line;
	size_t at = 0;
	while (slice_cut_to(&rest, '\n', &line)) {
		must(line.len >= 4 && line.ptr[line.len - 1] == '\r');
		if (line.ptr[3] == ' ' && at + 5 < size) {
			out[at++] = ' ';
			for (size_t i = 0; i < 3; i++) {
				out[at++] = line.ptr[i];
			}
		}
	}
	must(rest.len == 0);
	out[at] = '\0';
}
