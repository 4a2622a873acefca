#include "relay/smtp/undot.h"

#include <stdlib.h>

#include "spool-free/base/buf.h"
#include "tests/support/check_main.h"
#include "tests/support/chunks.h"

static void collect(void *ctx, struct slice run)
{
	ck_assert_uint_gt(run.len, 0);
	ck_assert_int_eq(buf_add(ctx, run), FAULT_NONE);
}

static const struct {
	struct slice in, content;
	bool over, bare, longer;
	size_t left; /* bytes behind the end */
} rows[] = {
	{SLICE_INIT(".\r\n"), SLICE_INIT(""), true, false, false, 0},
	{SLICE_INIT("a\r\n.\r\n"), SLICE_INIT("a\r\n"), true, false, false, 0},
	{SLICE_INIT("a\r\n.\r\nQUIT\r\n"), SLICE_INIT("a\r\n"), true, false, false, 6},
	{SLICE_INIT(".\r\n.\r\n"), SLICE_INIT(""), true, false, false, 3},
	{SLICE_INIT("..\r\n.\r\n"), SLICE_INIT(".\r\n"), true, false, false, 0},
	{SLICE_INIT("...\r\n.\r\n"), SLICE_INIT("..\r\n"), true, false, false, 0},
	{SLICE_INIT(".a\r\n.\r\n"), SLICE_INIT("a\r\n"), true, false, false, 0},
	{SLICE_INIT("a.\r\n.b\r\nc\r\n\r\n..d\r\n.\r\n"), SLICE_INIT("a.\r\nb\r\nc\r\n\r\n.d\r\n"),
	 true, false, false, 0},
	{SLICE_INIT("\r\n.\r\n"), SLICE_INIT("\r\n"), true, false, false, 0},
	/* Not over. */
	{SLICE_INIT(""), SLICE_INIT(""), false, false, false, 0},
	{SLICE_INIT("."), SLICE_INIT(""), false, false, false, 0},
	{SLICE_INIT(".\r"), SLICE_INIT(""), false, false, false, 0},
	{SLICE_INIT("a."), SLICE_INIT("a."), false, false, false, 0},
	{SLICE_INIT("a\r\n."), SLICE_INIT("a\r\n"), false, false, false, 0},
	{SLICE_INIT("a.\r\n"), SLICE_INIT("a.\r\n"), false, false, false, 0},
	/* Ends that are none: the nine ways of smuggling. */
	{SLICE_INIT("a\n.\n"), SLICE_INIT("a\n.\n"), false, true, false, 0},
	{SLICE_INIT("a\n.\r\n"), SLICE_INIT("a\n.\r\n"), false, true, false, 0},
	{SLICE_INIT("a\r\n.\n"), SLICE_INIT("a\r\n\n"), false, true, false, 0},
	{SLICE_INIT("a\r.\r"), SLICE_INIT("a\r.\r"), false, true, false, 0},
	{SLICE_INIT("a\r.\r\n"), SLICE_INIT("a\r.\r\n"), false, true, false, 0},
	{SLICE_INIT("a\r\n.\rb"), SLICE_INIT("a\r\n\rb"), false, true, false, 0},
	{SLICE_INIT("a\n.\rb"), SLICE_INIT("a\n.\rb"), false, true, false, 0},
	{SLICE_INIT("a\r\r\n.\r\r\n"), SLICE_INIT("a\r\r\n\r\r\n"), false, true, false, 0},
	{SLICE_INIT("a\r\n.\0\r\n"), SLICE_INIT("a\r\n\0\r\n"), false, false, false, 0},
	/* Out of step lines are noted, and the end is still found. */
	{SLICE_INIT("a\nb\r\n.\r\n"), SLICE_INIT("a\nb\r\n"), true, true, false, 0},
	{SLICE_INIT("a\rb\r\n.\r\n"), SLICE_INIT("a\rb\r\n"), true, true, false, 0},
	{SLICE_INIT("a\r\r\n.\r\n"), SLICE_INIT("a\r\r\n"), true, true, false, 0},
};

static void judge(struct slice in, size_t chunk, struct slice content, const struct undot *want,
		  size_t left)
{
	struct buf got;
	struct undot u = {0};
	buf_init(&got, 1024 * 1024);
	while (in.len > 0 && !undot_is_over(&u)) {
		struct slice piece = slice_first(in, chunk);
		size_t n = undot_feed(&u, piece, collect, &got);
		ck_assert(n == piece.len || undot_is_over(&u));
		in = slice_skip(in, n);
	}
	ck_assert(undot_is_over(&u) == undot_is_over(want));
	ck_assert(u.has_bare == want->has_bare);
	ck_assert(u.has_long == want->has_long);
	ck_assert_uint_eq(in.len, left);
	ck_assert(slice_eq(buf_view(&got), content));
	buf_deinit(&got);
}

START_TEST(test_rows)
{
	const struct undot want = {.state = rows[_i].over ? UNDOT_OVER : UNDOT_LINE,
				   .has_bare = rows[_i].bare,
				   .has_long = rows[_i].longer};
	for (size_t chunk = 1; chunk <= CHUNKS_MAX; chunk++) {
		judge(rows[_i].in, chunk, rows[_i].content, &want, rows[_i].left);
	}
}
END_TEST

/* 998 bytes are a line's most; a stuffed dot is not counted. */
START_TEST(test_line_length)
{
	static const size_t lengths[] = {997, 998, 999, 5000};
	char text[5003 + 3];
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		size_t n = lengths[i];
		memset(text, _i == 0 ? 'x' : '.', n + 1);
		memcpy(text + n + _i, "\r\n.\r\n", 5);
		const struct undot want = {.state = UNDOT_OVER, .has_long = n > UNDOT_LINE_MAX};
		struct slice in = slice_of(text, n + (size_t)_i + 5);
		for (size_t chunk = 1; chunk <= CHUNKS_MAX; chunk += 7) {
			judge(in, chunk, slice_of(text + _i, n + 2), &want, 0);
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/smtp/undot");
	TCase *t = tcase_create("undot");
	tcase_add_loop_test(t, test_rows, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, test_line_length, 0, 2);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
