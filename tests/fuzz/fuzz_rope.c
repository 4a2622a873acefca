/*
 * Rope: added whole or byte by byte, the same is taken and the same refused; what is taken keeps the proof, judged
 * here byte by byte; it reads back as it was added.
 */
#include "spool-free/base/buf.h"
#include "spool-free/job/rope.h"

enum { ARENA_MAX = 64 * 1024 * 1024 };

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

static enum fault add_in_pieces(struct rope *r, struct slice text, size_t size)
{
	enum fault f = FAULT_NONE;
	while (text.len > 0 && f == FAULT_NONE) {
		f = rope_add(r, slice_first(text, size));
		text = slice_skip(text, size);
	}
	return f;
}

/* RFC 5321 2.3.8 and 4.5.3.1.6, as plainly as they can be put. */
static bool keeps_proof(struct slice text)
{
	size_t line = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		char next = i + 1 < text.len ? text.ptr[i + 1] : '\n';
		if (c == '\0' || (c == '\n' && (i == 0 || text.ptr[i - 1] != '\r')) ||
		    (c == '\r' && next != '\n') || (c == '.' && line == 0)) {
			return false;
		}
		line = c == '\n' ? 0 : line + (c != '\r');
		if (line > ROPE_LINE_MAX) {
			return false;
		}
	}
	return true;
}

static void reads_back(const struct rope *r, struct slice text, size_t size)
{
	struct rope_cursor c;
	struct buf out;
	char *room;
	buf_init(&out, SIZE_MAX);
	rope_rewind(r, &c);
	while (!rope_at_end(&c)) {
		must(buf_reserve(&out, size, &room) == FAULT_NONE);
		buf_grew(&out, rope_read(&c, room, size));
	}
	must(r->size == text.len && slice_eq(buf_view(&out), text));
	buf_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t sizes[] = {SIZE_MAX, 1, 2, 3, 7, 64};
	struct slice text = slice_of(data, size);
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct arena a;
		struct rope r;
		arena_init(&a, ARENA_MAX);
		rope_init(&r, &a);
		enum fault f = add_in_pieces(&r, text, sizes[i]);
		must((f == FAULT_NONE) == keeps_proof(text));
		if (f == FAULT_NONE) {
			bool ends = slice_ends(text, SLICE_LIT("\r\n"));
			must((rope_close(&r) == FAULT_NONE) == ends);
			reads_back(&r, text, 256 + size % 1000);
		}
		arena_deinit(&a);
	}
	return 0;
}
