/* The sink's engine: the same answers, messages and end for a whole input as for single bytes. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "relay/smtp/sink_session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	struct buf said, taken;
	enum sink_want want;
	enum fault fault;
};

enum { SEEN_MAX = 64 * 1024 * 1024 };

static void on_taken(void *ctx, const struct sink_message *m)
{
	struct seen *s = ctx;
	assert(m->content.len == m->size);
	assert(m->recipient_count > 0);
	assert(buf_add(&s->taken, m->sender) == FAULT_NONE);
	assert(buf_add(&s->taken, m->recipients) == FAULT_NONE);
	assert(buf_add(&s->taken, m->content) == FAULT_NONE);
}

static void collect(struct seen *seen, struct sink_session *s)
{
	struct slice said = sink_session_output(s);
	assert(buf_add(&seen->said, said) == FAULT_NONE);
	sink_session_wrote(s, said.len);
}

static void run(struct seen *seen, struct slice input, size_t chunk, bool is_tls)
{
	static const struct slice refused[] = {SLICE_INIT("no@d.e")};
	static struct secret *password;
	size_t room = 1024;
	if (password == NULL) {
		enum fault f = secret_new(SLICE_LIT("p"), &password);
		assert(f == FAULT_NONE);
	}
	const struct sink_policy policy = {
		.host_name = SLICE_LIT("h"),
		.offers_tls = true,
		.user = is_tls ? SLICE_LIT("u") : (struct slice){0},
		.password = password,
		.size_max = 512,
		.refused = refused,
		.refused_count = 1,
		.keeps_content = true,
		.room = &room,
		.taken = on_taken,
		.ctx = seen,
	};
	struct sink_session s;
	assert(sink_session_init(&s, &policy, is_tls) == FAULT_NONE);
	collect(seen, &s);
	seen->fault = FAULT_NONE;
	while (input.len > 0 && seen->fault == FAULT_NONE) {
		seen->fault = sink_session_feed(&s, slice_first(input, chunk));
		input = slice_skip(input, chunk);
		collect(seen, &s);
	}
	seen->want = sink_session_want(&s);
	sink_session_deinit(&s);
	assert(room == 1024);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen one, all;
	struct slice input = slice_of(data, size);
	if (size == 0 || size > 100000) {
		return 0;
	}
	bool is_tls = (data[0] & 1) == 1;
	input = slice_skip(input, 1);
	buf_init(&one.said, SEEN_MAX);
	buf_init(&one.taken, SEEN_MAX);
	buf_init(&all.said, SEEN_MAX);
	buf_init(&all.taken, SEEN_MAX);
	run(&one, input, 1, is_tls);
	run(&all, input, SIZE_MAX, is_tls);
	assert(slice_eq(buf_view(&one.said), buf_view(&all.said)));
	assert(slice_eq(buf_view(&one.taken), buf_view(&all.taken)));
	assert(one.want == all.want);
	assert(one.fault == all.fault);
	buf_deinit(&one.said);
	buf_deinit(&one.taken);
	buf_deinit(&all.said);
	buf_deinit(&all.taken);
	return 0;
}
