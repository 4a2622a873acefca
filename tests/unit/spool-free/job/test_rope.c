#include "spool-free/job/rope.h"

#include <string.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/buf.h"
#include "tests/support/check_main.h"
#include "tests/support/chunks.h"
#include "tests/support/oom.h"

enum { MIB = 1024 * 1024 };

static char long_line[ROPE_LINE_MAX + 3];

static const struct {
	struct slice text;
	bool closed; /* may end here */
} good[] = {
	{SLICE_INIT("\r\n"), true},
	{SLICE_INIT("a\r\n"), true},
	{SLICE_INIT("a\r\n\r\nb\r\n"), true},
	{SLICE_INIT("a.b\r\n ..\r\n"), true},
	{SLICE_INIT("a"), false},
	{SLICE_INIT("a\r"), false},
	{SLICE_INIT("\r"), false},
	{SLICE_INIT("a\r\nb"), false},
	{SLICE_INIT("\xC3\xA4\x80\xFF\t\x01\r\n"), true},
};

static const struct slice wrong[] = {
	SLICE_INIT("\n"),
	SLICE_INIT("a\n"),
	SLICE_INIT("a\r\nb\nc\r\n"),
	SLICE_INIT("\ra"),
	SLICE_INIT("a\rb\r\n"),
	SLICE_INIT("\r\r\n"),
	SLICE_INIT("a\r\r\n"),
	SLICE_INIT("\n\r"),
	SLICE_INIT("\r\n\r\r"),
	SLICE_INIT("."),
	SLICE_INIT(".\r\n"),
	SLICE_INIT("..\r\n"),
	SLICE_INIT(".a\r\n"),
	SLICE_INIT("a\r\n.\r\n"),
	SLICE_INIT("a\r\n.\r\nMAIL FROM:<x@y>\r\n"),
	SLICE_INIT("a\n.\r\n"),
	SLICE_INIT("a\r\n.\n"),
	SLICE_INIT("a\r.\r\n"),
	/* what some server or other takes for the end of a message */
	SLICE_INIT("a\n.\nb\r\n"),
	SLICE_INIT("a\n.\rb\r\n"),
	SLICE_INIT("a\r.\nb\r\n"),
	SLICE_INIT("a\r.\rb\r\n"),
	SLICE_INIT("a\n.\r\nb\r\n"),
	SLICE_INIT("a\r.\r\nb\r\n"),
	SLICE_INIT("a\r\n.\r\r\nb\r\n"),
	SLICE_INIT("a\r\r\n.\r\r\nb\r\n"),
	SLICE_INIT("a\r\n\0.\r\nb\r\n"),
	SLICE_INIT("\0"),
	SLICE_INIT("a\0\r\n"),
	SLICE_INIT("a\r\n\0"),
	SLICE_INIT("a\r\0\n"),
};

struct adding {
	struct rope rope;
	enum fault fault;
};

static bool add_chunk(void *ctx, struct slice chunk)
{
	struct adding *a = ctx;
	a->fault = rope_add(&a->rope, chunk);
	return a->fault == FAULT_NONE;
}

static enum fault add_in_chunks(struct arena *arena, struct slice text, size_t size,
				struct rope *out_rope)
{
	struct adding a = {.fault = FAULT_NONE};
	rope_init(&a.rope, arena);
	chunks_each(text, size, add_chunk, &a);
	*out_rope = a.rope;
	return a.fault;
}

/* Everything that a rope gives, read with a room of `size`. */
static void read_all(const struct rope *r, size_t size, struct buf *out)
{
	struct rope_cursor c;
	char *room;
	rope_rewind(r, &c);
	buf_clear(out);
	while (!rope_at_end(&c)) {
		ck_assert_uint_eq(buf_reserve(out, size, &room), FAULT_NONE);
		size_t n = rope_read(&c, room, size);
		ck_assert_uint_gt(n, 0);
		ck_assert_uint_le(n, size);
		buf_grew(out, n);
	}
	ck_assert_uint_eq(buf_reserve(out, size, &room), FAULT_NONE);
	ck_assert_uint_eq(rope_read(&c, room, size), 0);
	ck_assert_uint_eq(out->len, r->size);
}

START_TEST(takes_lines_in_every_chunking)
{
	struct slice text = good[_i].text;
	struct buf out;
	buf_init(&out, MIB);
	for (size_t size = 1; size <= CHUNKS_MAX; size++) {
		struct arena arena;
		struct rope r;
		arena_init(&arena, MIB);
		ck_assert_uint_eq(add_in_chunks(&arena, text, size, &r), FAULT_NONE);
		ck_assert_uint_eq(rope_close(&r), good[_i].closed ? FAULT_NONE : FAULT_MALFORMED);
		read_all(&r, 256, &out);
		ck_assert(slice_eq(buf_view(&out), text));
		arena_deinit(&arena);
	}
	buf_deinit(&out);
}
END_TEST

START_TEST(refuses_what_breaks_the_proof_in_every_chunking)
{
	for (size_t size = 1; size <= CHUNKS_MAX; size++) {
		struct arena arena;
		struct rope r;
		arena_init(&arena, MIB);
		ck_assert_uint_eq(add_in_chunks(&arena, wrong[_i], size, &r), FAULT_MALFORMED);
		arena_deinit(&arena);
	}
}
END_TEST

START_TEST(a_refused_piece_changes_nothing)
{
	struct arena arena;
	struct rope r;
	arena_init(&arena, MIB);
	rope_init(&r, &arena);
	ck_assert_uint_eq(rope_add(&r, SLICE_LIT("ab")), FAULT_NONE);
	ck_assert_uint_eq(rope_add(&r, SLICE_LIT("c\r\n.x")), FAULT_MALFORMED);
	ck_assert_uint_eq(r.size, 2);
	ck_assert_uint_eq(r.line_len, 2);
	ck_assert_uint_eq(rope_add(&r, (struct slice){0}), FAULT_NONE);
	ck_assert_uint_eq(rope_add(&r, SLICE_LIT("c\r\n")), FAULT_NONE);
	ck_assert_uint_eq(rope_close(&r), FAULT_NONE);
	arena_deinit(&arena);
}
END_TEST

START_TEST(lines_are_998_bytes_at_most)
{
	struct arena arena;
	struct rope r;
	memset(long_line, 'a', sizeof(long_line));
	memcpy(long_line + ROPE_LINE_MAX, "\r\n", 2);
	struct slice longest = slice_of(long_line, ROPE_LINE_MAX + 2);
	for (size_t size = 1; size <= 1100; size = size * 2 + 1) {
		arena_init(&arena, MIB);
		ck_assert_uint_eq(add_in_chunks(&arena, longest, size, &r), FAULT_NONE);
		ck_assert_uint_eq(rope_add(&r, longest), FAULT_NONE);
		ck_assert_uint_eq(rope_add(&r, SLICE_LIT("b")), FAULT_NONE);
		ck_assert_uint_eq(rope_add(&r, longest), FAULT_MALFORMED);
		arena_deinit(&arena);
	}
	/* Too long is too long before its end is there. */
	arena_init(&arena, MIB);
	rope_init(&r, &arena);
	ck_assert_uint_eq(rope_add(&r, slice_first(longest, ROPE_LINE_MAX)), FAULT_NONE);
	ck_assert_uint_eq(rope_add(&r, SLICE_LIT("a")), FAULT_MALFORMED);
	ck_assert_uint_eq(rope_add(&r, SLICE_LIT("\r")), FAULT_NONE);
	ck_assert_uint_eq(rope_add(&r, SLICE_LIT("\n")), FAULT_NONE);
	ck_assert_uint_eq(rope_close(&r), FAULT_NONE);
	arena_deinit(&arena);
}
END_TEST

START_TEST(base64_begins_at_a_line)
{
	static const struct slice before[] = {SLICE_INIT("a"), SLICE_INIT("a\r"),
					      SLICE_INIT("a\r\nb")};
	for (size_t i = 0; i < COUNT_OF(before); i++) {
		struct arena arena;
		struct rope r;
		arena_init(&arena, MIB);
		rope_init(&r, &arena);
		ck_assert_uint_eq(rope_add(&r, before[i]), FAULT_NONE);
		ck_assert_uint_eq(rope_add_base64(&r, SLICE_LIT("x")), FAULT_MALFORMED);
		arena_deinit(&arena);
	}
}
END_TEST

START_TEST(nothing_is_no_message)
{
	struct arena arena;
	struct rope r;
	struct rope_cursor c;
	arena_init(&arena, MIB);
	rope_init(&r, &arena);
	ck_assert_uint_eq(rope_add_base64(&r, (struct slice){0}), FAULT_NONE);
	ck_assert_uint_eq(rope_close(&r), FAULT_MALFORMED);
	rope_rewind(&r, &c);
	ck_assert(rope_at_end(&c));
	arena_deinit(&arena);
}
END_TEST

/* A message with attachments of many lengths, read with rooms of many sizes, twice each: always the
 * same bytes. */
START_TEST(reads_the_same_whatever_the_room)
{
	static char bytes[3000];
	static const size_t lengths[] = {1, 2, 3, 56, 57, 58, 113, 114, 171, 500, 2999, 3000};
	struct arena arena;
	struct rope r;
	struct buf want, out;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (char)(i * 31 + i / 13);
	}
	arena_init(&arena, MIB);
	buf_init(&want, MIB);
	buf_init(&out, MIB);
	rope_init(&r, &arena);
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		struct slice head = SLICE_LIT("Content-Transfer-Encoding: base64\r\n\r\n");
		struct slice body = slice_of(bytes, lengths[i]);
		char *room;
		ck_assert_uint_eq(rope_add(&r, head), FAULT_NONE);
		ck_assert_uint_eq(rope_add_base64(&r, body), FAULT_NONE);
		ck_assert_uint_eq(buf_add(&want, head), FAULT_NONE);
		ck_assert_uint_eq(buf_reserve(&want, base64_lines_len(body.len), &room),
				  FAULT_NONE);
		base64_encode_lines(body, room);
		buf_grew(&want, base64_lines_len(body.len));
	}
	ck_assert_uint_eq(rope_close(&r), FAULT_NONE);
	ck_assert_uint_eq(r.size, want.len);
	for (size_t size = 256; size < 2 * want.len; size += 1 + size / 37) {
		read_all(&r, size, &out);
		ck_assert(slice_eq(buf_view(&out), buf_view(&want)));
	}
	buf_deinit(&want);
	buf_deinit(&out);
	arena_deinit(&arena);
}
END_TEST

START_TEST(a_failing_allocation_changes_nothing)
{
	struct arena arena;
	struct rope r;
	arena_init(&arena, MIB);
	rope_init(&r, &arena);
	oom_arm(1);
	ck_assert_uint_eq(rope_add(&r, SLICE_LIT("a")), FAULT_NO_MEMORY);
	ck_assert(oom_disarm());
	ck_assert_uint_eq(r.size, 0);
	ck_assert_uint_eq(r.line_len, 0);
	ck_assert_uint_eq(rope_add(&r, SLICE_LIT("a\r\n")), FAULT_NONE);
	ck_assert_uint_eq(rope_close(&r), FAULT_NONE);
	arena_deinit(&arena);
}
END_TEST

static const struct {
	struct slice lines;
	enum fault fault;
} firsts[] = {
	{SLICE_INIT("X: 1\r\n"), FAULT_NONE},
	{SLICE_INIT("X: 1\r\n\ty\r\n"), FAULT_NONE},
	{SLICE_INIT(""), FAULT_NONE},
	{SLICE_INIT("X: 1"), FAULT_MALFORMED},
	{SLICE_INIT("X: 1\r"), FAULT_MALFORMED},
	{SLICE_INIT("X: 1\n"), FAULT_MALFORMED},
	{SLICE_INIT("X\r\n.y\r\n"), FAULT_MALFORMED},
	{SLICE_INIT("X\0\r\n"), FAULT_MALFORMED},
};

START_TEST(lines_are_put_first)
{
	const struct slice rests[] = {SLICE_LIT("a\r\n"), SLICE_LIT("open"), SLICE_LIT("")};
	for (size_t i = 0; i < COUNT_OF(rests); i++) {
		struct arena arena;
		struct rope r;
		struct rope_cursor at;
		char room[512];
		arena_init(&arena, MIB);
		rope_init(&r, &arena);
		ck_assert_uint_eq(rope_add(&r, rests[i]), FAULT_NONE);
		ck_assert_uint_eq(rope_put_first(&r, firsts[_i].lines), firsts[_i].fault);
		ck_assert_uint_eq(rope_add(&r, SLICE_LIT("z\r\n")), FAULT_NONE);
		size_t before = firsts[_i].fault == FAULT_NONE ? firsts[_i].lines.len : 0;
		rope_rewind(&r, &at);
		ck_assert_uint_eq(rope_read(&at, room, sizeof(room)), before + rests[i].len + 3);
		ck_assert_uint_eq(r.size, before + rests[i].len + 3);
		ck_assert(slice_starts(slice_of(room, sizeof(room)),
				       slice_first(firsts[_i].lines, before)));
		ck_assert(slice_starts(slice_of(room + before, sizeof(room) - before), rests[i]));
		arena_deinit(&arena);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("job/rope");
	TCase *t = tcase_create("rope");
	tcase_add_loop_test(t, takes_lines_in_every_chunking, 0, COUNT_OF(good));
	tcase_add_loop_test(t, refuses_what_breaks_the_proof_in_every_chunking, 0, COUNT_OF(wrong));
	tcase_add_test(t, a_refused_piece_changes_nothing);
	tcase_add_test(t, lines_are_998_bytes_at_most);
	tcase_add_test(t, base64_begins_at_a_line);
	tcase_add_test(t, nothing_is_no_message);
	tcase_add_test(t, reads_the_same_whatever_the_room);
	tcase_add_test(t, a_failing_allocation_changes_nothing);
	tcase_add_loop_test(t, lines_are_put_first, 0, COUNT_OF(firsts));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
