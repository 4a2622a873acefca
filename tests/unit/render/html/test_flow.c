#include "render/html/flow.h"

#include <string.h>

#include "spool-free/base/text.h"
#include "tests/support/check_main.h"
#include "tests/support/chunks.h"
#include "tests/support/oom.h"

#define X10 "xxxxxxxxxx"

/* Running text alone, at a width of 20. */
static const struct {
	const char *name, *text, *expected;
} rows[] = {
	{"nothing", "", ""},
	{"blanks only", "  \n ", ""},
	{"a word", "a", "a\n"},
	{"blanks are one", "  a  \t\n b  ", "a b\n"},
	{"just fits", X10 " 123456789", X10 " 123456789\n"},
	{"does not fit", X10 " 1234567890", X10 "\n1234567890\n"},
	{"a long word stands alone", "a " X10 X10 X10 " b", "a\n" X10 X10 X10 "\nb\n"},
	{"wide characters count two", "日本語日本 123456789 1", "日本語日本 123456789\n1\n"},
	{"wide marks end words", "日本語日本語、日本語日本語", "日本語日本語、\n日本語日本語\n"},
	{"combining ones count none",
	 "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301 123456789",
	 "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301 123456789\n"},
	{"a blank that does not break", X10 " 12345\u00a067890", X10 "\n12345 67890\n"},
	{"invisible ones go", "a\u200bb\u00adc\u2060d\ufeff", "abcd\n"},
};

struct run {
	struct buf into;
	struct flow flow;
};

static void begin(struct run *r, size_t width)
{
	buf_init(&r->into, 65536);
	flow_init(&r->flow, &r->into, width);
}

static void end_as(struct run *r, const char *expected)
{
	flow_line_end(&r->flow);
	ck_assert_int_eq(r->flow.fault, FAULT_NONE);
	ck_assert_msg(slice_eq(buf_view(&r->into), slice_of_text(expected)), "%.*s",
		      (int)r->into.len, r->into.ptr);
	flow_deinit(&r->flow);
	buf_deinit(&r->into);
}

static bool feed(void *ctx, struct slice chunk)
{
	struct run *r = ctx;
	flow_text(&r->flow, chunk);
	return true;
}

START_TEST(text_row)
{
	struct run r;
	begin(&r, 20);
	flow_text(&r.flow, slice_of_text(rows[_i].text));
	end_as(&r, rows[_i].expected);
	/* A character comes whole, a word in any pieces; these rows are ASCII. */
	for (size_t size = 1; size <= CHUNKS_MAX; size++) {
		const char *text = rows[_i].text;
		bool ascii = true;
		for (size_t i = 0; i < strlen(text); i++) {
			ascii = ascii && (unsigned char)text[i] < 0x80;
		}
		if (ascii) {
			begin(&r, 20);
			chunks_each(slice_of_text(text), size, feed, &r);
			end_as(&r, rows[_i].expected);
		}
	}
}
END_TEST

START_TEST(gaps)
{
	struct run r;
	begin(&r, 20);
	flow_gap(&r.flow, 2); /* not before the first line */
	flow_lit(&r.flow, "a");
	flow_gap(&r.flow, 1);
	flow_gap(&r.flow, 2);
	flow_gap(&r.flow, 1);
	flow_lit(&r.flow, "b");
	flow_gap(&r.flow, 2);
	flow_no_gap(&r.flow);
	flow_lit(&r.flow, "c");
	flow_gap(&r.flow, 2); /* nor after the last */
	end_as(&r, "a\n\n\nb\nc\n");
}
END_TEST

START_TEST(prefixes)
{
	struct run r;
	begin(&r, 20);
	flow_push(&r.flow, SLICE_LIT("> "), SLICE_LIT("> "));
	flow_push(&r.flow, SLICE_LIT("- "), SLICE_LIT("  "));
	flow_lit(&r.flow, "one two three four five");
	flow_gap(&r.flow, 1);
	flow_lit(&r.flow, "six");
	flow_pop(&r.flow, true);
	flow_push(&r.flow, SLICE_LIT("- "), SLICE_LIT("  "));
	flow_pop(&r.flow, true);
	flow_push(&r.flow, SLICE_LIT("- "), SLICE_LIT("  "));
	flow_pop(&r.flow, false);
	flow_gap(&r.flow, 1);
	flow_pop(&r.flow, false);
	flow_gap(&r.flow, 1);
	flow_lit(&r.flow, "after");
	end_as(&r, "> - one two three\n>   four five\n>\n>   six\n> -\n\nafter\n");
}
END_TEST

START_TEST(marks_wait_for_their_line)
{
	struct run r;
	begin(&r, 20);
	flow_push(&r.flow, SLICE_LIT("1. "), SLICE_LIT("   "));
	flow_push(&r.flow, SLICE_LIT("- "), SLICE_LIT("  "));
	flow_lit(&r.flow, "a");
	flow_pop(&r.flow, true);
	flow_push(&r.flow, SLICE_LIT("- "), SLICE_LIT("  "));
	flow_lit(&r.flow, "b");
	flow_pop(&r.flow, true);
	flow_pop(&r.flow, true);
	end_as(&r, "1. - a\n   - b\n");
}
END_TEST

START_TEST(depth_has_an_end)
{
	struct run r;
	begin(&r, FLOW_WIDTH);
	for (int i = 0; i < 2 * FLOW_DEPTH_MAX; i++) {
		flow_push(&r.flow, SLICE_LIT("  "), SLICE_LIT("  "));
	}
	flow_lit(&r.flow, "deep");
	ck_assert_uint_ge(flow_room(&r.flow), 20);
	for (int i = 0; i < 2 * FLOW_DEPTH_MAX; i++) {
		flow_pop(&r.flow, false);
	}
	flow_lit(&r.flow, "out");
	flow_line_end(&r.flow);
	ck_assert(slice_ends(buf_view(&r.into), SLICE_LIT("  deep\nout\n")));
	ck_assert_uint_le(r.into.len, FLOW_PREFIX_MAX + 16 + 10);
	flow_deinit(&r.flow);
	buf_deinit(&r.into);
}
END_TEST

START_TEST(lines_as_they_are)
{
	struct run r;
	begin(&r, 20);
	flow_lit(&r.flow, "a");
	flow_raw_line(&r.flow, SLICE_LIT("    "), SLICE_LIT("x   y, longer than twenty  "));
	flow_raw_line(&r.flow, SLICE_LIT("    "), SLICE_LIT(""));
	flow_rule(&r.flow, '-', 5);
	flow_signature(&r.flow);
	flow_lit(&r.flow, "b");
	end_as(&r, "a\n    x   y, longer than twenty\n\n-----\n-- \nb\n");
}
END_TEST

START_TEST(the_longest_line)
{
	struct run r;
	begin(&r, 20);
	flow_lit(&r.flow, "a longer line");
	flow_line_end(&r.flow);
	flow_measure(&r.flow);
	flow_lit(&r.flow, "日本");
	flow_line_end(&r.flow);
	ck_assert_uint_eq(r.flow.longest, 4);
	end_as(&r, "a longer line\n日本\n");
}
END_TEST

START_TEST(never_wrapped)
{
	struct run r;
	begin(&r, SIZE_MAX);
	flow_lit(&r.flow, X10 " " X10 " " X10 " " X10 " " X10 " " X10 " " X10 " " X10 " " X10);
	end_as(&r, X10 " " X10 " " X10 " " X10 " " X10 " " X10 " " X10 " " X10 " " X10 "\n");
}
END_TEST

START_TEST(no_memory)
{
	bool hit = true;
	for (unsigned n = 1; hit; n++) {
		struct run r;
		begin(&r, 20);
		oom_arm(n);
		flow_push(&r.flow, SLICE_LIT("> "), SLICE_LIT("> "));
		flow_lit(&r.flow, "a");
		flow_lit(&r.flow, "ü b");
		flow_gap(&r.flow, 1);
		flow_lit(&r.flow, "c " X10 X10 X10 X10 X10 X10 X10);
		flow_line_end(&r.flow);
		hit = oom_disarm();
		ck_assert_int_eq(r.flow.fault, hit ? FAULT_NO_MEMORY : FAULT_NONE);
		flow_deinit(&r.flow);
		buf_deinit(&r.into);
	}
}
END_TEST

/* Any text in one piece is as it is byte by byte, at any width. */
START_TEST(in_one_piece_or_many)
{
	static const char letters[] = "abcdefg   \t\n.-\x01";
	static const size_t widths[] = {20, 33, 76, SIZE_MAX};
	uint32_t seed = (uint32_t)_i * 31U + 7;
	for (size_t len = 0; len < 300; len += 1 + len / 9) {
		char text[300];
		struct run whole;
		struct run pieces;
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525U + 1013904223U;
			text[i] = letters[(seed >> 20) % (_i % 2 == 0 ? 10 : sizeof(letters) - 1)];
		}
		begin(&whole, widths[_i % 4]);
		begin(&pieces, widths[_i % 4]);
		flow_lit(&whole.flow, "begun ");
		flow_lit(&pieces.flow, "begun ");
		flow_text(&whole.flow, slice_of(text, len));
		for (size_t i = 0; i < len; i++) {
			flow_text(&pieces.flow, slice_of(text + i, 1));
		}
		flow_line_end(&whole.flow);
		flow_line_end(&pieces.flow);
		ck_assert_uint_eq(whole.flow.lines, pieces.flow.lines);
		ck_assert_uint_eq(whole.flow.longest, pieces.flow.longest);
		ck_assert_msg(slice_eq(buf_view(&whole.into), buf_view(&pieces.into)),
			      "%.*s\nbut\n%.*s", (int)whole.into.len, whole.into.ptr,
			      (int)pieces.into.len, pieces.into.ptr);
		flow_deinit(&whole.flow);
		flow_deinit(&pieces.flow);
		buf_deinit(&whole.into);
		buf_deinit(&pieces.into);
	}
}
END_TEST

/* No line is longer than a relay passes, whatever the page has for a word. */
START_TEST(words_without_end_are_broken)
{
	static char word[5000];
	static const struct slice letters[] = {SLICE_INIT("x"), SLICE_INIT("\xc3\xa9"),
					       SLICE_INIT("\xcc\x81")};
	struct buf into;
	struct flow f;
	size_t n = 0;
	for (; n + letters[_i].len <= sizeof(word); n += letters[_i].len) {
		memcpy(word + n, letters[_i].ptr, letters[_i].len);
	}
	buf_init(&into, 100000);
	flow_init(&f, &into, FLOW_WIDTH);
	flow_push(&f, SLICE_LIT("> "), SLICE_LIT("> "));
	flow_text(&f, slice_of(word, n));
	flow_lit(&f, " end");
	flow_line_end(&f);
	struct slice rest = buf_view(&into);
	struct slice line;
	size_t kept = 0;
	while (slice_cut_to(&rest, '\n', &line)) {
		ck_assert_uint_le(line.len, FLOW_BYTES_MAX);
		ck_assert(slice_starts(line, SLICE_LIT("> ")));
		ck_assert_uint_eq(text_utf8_valid(line), line.len);
		kept += line.len - 2;
	}
	ck_assert_uint_ge(kept, n + 3);
	ck_assert_uint_le(kept, n + 4);
	flow_deinit(&f);
	buf_deinit(&into);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("flow");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, words_without_end_are_broken, 0, 3);
	tcase_add_loop_test(t, text_row, 0, (int)COUNT_OF(rows));
	tcase_add_test(t, gaps);
	tcase_add_test(t, prefixes);
	tcase_add_test(t, marks_wait_for_their_line);
	tcase_add_test(t, depth_has_an_end);
	tcase_add_test(t, lines_as_they_are);
	tcase_add_test(t, the_longest_line);
	tcase_add_test(t, never_wrapped);
	tcase_add_test(t, no_memory);
	tcase_add_loop_test(t, in_one_piece_or_many, 0, 60);
	suite_add_tcase(s, t);
	return check_main(s);
}
