#include "render/html/out.h"

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

#define X20 "xxxxxxxxxxxxxxxxxxxx"
#define X60 X20 X20 X20

static const struct {
	struct slice text;
	const char *as_text, *as_attribute;
} rows[] = {
	{SLICE_INIT(""), "", ""},
	{SLICE_INIT("plain"), "plain", "plain"},
	{SLICE_INIT("<>&\"'"), "&lt;&gt;&amp;&quot;'", "&lt;&gt;&amp;&quot;'"},
	{SLICE_INIT("&lt;"), "&amp;lt;", "&amp;lt;"},
	{SLICE_INIT("a<b>c"), "a&lt;b&gt;c", "a&lt;b&gt;c"},
	{SLICE_INIT("<"), "&lt;", "&lt;"},
	{SLICE_INIT("]]>"), "]]&gt;", "]]&gt;"},
	{SLICE_INIT("<!--"), "&lt;!--", "&lt;!--"},
	{SLICE_INIT("\" onload=x"), "&quot; onload=x", "&quot; onload=x"},
	{SLICE_INIT(X60), X60, X60},
	{SLICE_INIT(X60 "y"), X60 "<wbr>y", X60 "y"},
	{SLICE_INIT(X60 X20 X20 "y"), X60 "<wbr>" X20 X20 "<wbr>y", X60 X20 X20 "y"},
	{SLICE_INIT(X60 " y"), X60 " y", X60 " y"},
	{SLICE_INIT(X20 "-" X60), X20 "-" X60, X20 "-" X60},
	{SLICE_INIT(X60 "ü"), X60 "<wbr>ü", X60 "ü"},
	{SLICE_INIT("ü" X60), "ü" X20 X20 "xxxxxxxxxxxxxxxxxxx<wbr>x", "ü" X60},
};

START_TEST(out_row)
{
	struct buf made;
	buf_init(&made, 4096);
	struct out o = {.into = &made};
	out_text(&o, rows[_i].text);
	ck_assert_msg(slice_eq(buf_view(&made), slice_of_text(rows[_i].as_text)), "%.*s",
		      (int)made.len, made.ptr);
	made.len = 0;
	out_attr(&o, rows[_i].text);
	ck_assert_msg(slice_eq(buf_view(&made), slice_of_text(rows[_i].as_attribute)), "%.*s",
		      (int)made.len, made.ptr);
	ck_assert_int_eq(o.fault, FAULT_NONE);
	buf_deinit(&made);
}
END_TEST

/* Whatever the pieces, the words and their break points are the same. */
START_TEST(in_pieces)
{
	struct buf made;
	buf_init(&made, 4096);
	for (size_t size = 1; size <= 64; size++) {
		struct out o = {.into = &made};
		made.len = 0;
		for (struct slice rest = SLICE_LIT(X60 X60 " <" X60 "y"); rest.len > 0;
		     rest = slice_skip(rest, size)) {
			out_text(&o, slice_first(rest, size));
		}
		ck_assert(slice_eq(buf_view(&made),
				   SLICE_LIT(X60 "<wbr>" X20 X20 "<wbr>" X20 " &lt;" X20 X20
						 "xxxxxxxxxxxxxxxxxxx<wbr>xy")));
	}
	buf_deinit(&made);
}
END_TEST

/* Any text is the same in one piece with much room as byte by byte with hardly any. */
START_TEST(pieces_of_a_line)
{
	struct buf made;
	char word[1801];
	buf_init(&made, 8192);
	memset(word, 'x', sizeof(word));
	struct out o = {.into = &made};
	out_text(&o, slice_of(word, sizeof(word)));
	size_t first = slice_find(buf_view(&made), SLICE_LIT("<br>"));
	struct slice rest = slice_skip(buf_view(&made), first + 4);
	size_t second = slice_find(rest, SLICE_LIT("<br>"));
	ck_assert_uint_eq(first, 900 + 21 * 5);
	ck_assert_uint_eq(second, first);
	ck_assert(slice_eq(slice_skip(rest, second), SLICE_LIT("<br>x")));

	made.len = 0;
	o = (struct out){.into = &made, .whole = true};
	out_text(&o, slice_of(word, sizeof(word)));
	ck_assert_uint_eq(slice_find(buf_view(&made), SLICE_LIT("<br>")), made.len);
	ck_assert_uint_eq(out_text_len(slice_of(word, sizeof(word))), made.len);
	buf_deinit(&made);
}
END_TEST

START_TEST(any_text)
{
	static const char *const letters[] = {"a",
					      "b",
					      "c",
					      " ",
					      "-",
					      "\n",
					      "<",
					      "&",
					      "\"",
					      ">",
					      "\xc3\xbc",
					      "\xe2\x82\xac",
					      "\xf0\x9f\x98\x80"};
	uint32_t seed = (uint32_t)_i * 77U + 5;
	for (int round = 0; round < 60; round++) {
		char text[400];
		size_t len = 0;
		while (len < 5U * (unsigned)round) {
			seed = seed * 1664525U + 1013904223U;
			uint32_t pick = seed >> 18;
			/* Long runs without a blank, now and then one, all kinds of letters in some. */
			const char *l = letters[pick % 16 != 0 ? pick % (unsigned)(1 + _i % 3)
							       : (pick >> 4) % COUNT_OF(letters)];
			memcpy(text + len, l, strlen(l));
			len += strlen(l);
		}
		struct buf whole;
		struct buf pieces;
		char *at;
		buf_init(&whole, 65536);
		buf_init(&pieces, 65536);
		ck_assert(buf_reserve(&whole, 8192, &at) == FAULT_NONE);
		struct out a = {.into = &whole, .run = seed >> 30};
		struct out b = {.into = &pieces, .run = seed >> 30};
		out_text(&a, slice_of(text, len));
		out_attr(&a, slice_of(text, len));
		for (size_t i = 0; i < len; i++) {
			out_text(&b, slice_of(text + i, 1));
		}
		for (size_t i = 0; i < len; i++) {
			out_attr(&b, slice_of(text + i, 1));
		}
		ck_assert_uint_eq(a.run, b.run);
		ck_assert_msg(slice_eq(buf_view(&whole), buf_view(&pieces)), "%.*s\nbut\n%.*s",
			      (int)whole.len, whole.ptr, (int)pieces.len, pieces.ptr);
		buf_deinit(&whole);
		buf_deinit(&pieces);
	}
}
END_TEST

static const struct {
	struct slice text;
	size_t room;
	const char *fits;
} cuts[] = {
	{SLICE_INIT("abc"), 3, "abc"}, {SLICE_INIT("abc"), 2, "ab"}, {SLICE_INIT("abc"), 0, ""},
	{SLICE_INIT("a<b"), 6, "a<b"}, {SLICE_INIT("a<b"), 5, "a<"}, {SLICE_INIT("a<b"), 4, "a"},
	{SLICE_INIT("aüb"), 3, "aü"},  {SLICE_INIT("aüb"), 2, "a"},  {SLICE_INIT("👍"), 3, ""},
	{SLICE_INIT(""), 0, ""},
};

START_TEST(cut)
{
	ck_assert(slice_eq(out_cut(cuts[_i].text, cuts[_i].room), slice_of_text(cuts[_i].fits)));
}
END_TEST

START_TEST(length)
{
	ck_assert_uint_eq(out_text_len(SLICE_LIT("a<>&\"ü")), 1 + 4 + 4 + 5 + 6 + 2);
	ck_assert_uint_eq(out_text_len(SLICE_LIT(X60 X60 "ü")), 120 + 2 + 2 * 5);
	ck_assert_uint_eq(out_cut(SLICE_LIT(X60 X60), 99).len, 94);
}
END_TEST

START_TEST(numbers_and_colours)
{
	struct buf made;
	buf_init(&made, 4096);
	struct out o = {.into = &made};
	out_number(&o, 0);
	out_number(&o, UINT64_MAX);
	out_colour(&o, 0x0052cc);
	out_lit(&o, "<b>");
	ck_assert(slice_eq(buf_view(&made), SLICE_LIT("018446744073709551615#0052cc<b>")));
	buf_deinit(&made);
}
END_TEST

START_TEST(the_first_fault_sticks)
{
	struct buf made;
	buf_init(&made, 8);
	struct out o = {.into = &made};
	out_lit(&o, "123456789");
	out_lit(&o, "1");
	out_text(&o, SLICE_LIT("<"));
	out_number(&o, 1);
	ck_assert_int_eq(o.fault, FAULT_TOO_LARGE);
	ck_assert_uint_eq(made.len, 0);
	buf_deinit(&made);
	buf_init(&made, 100);
	o = (struct out){.into = &made};
	oom_arm(1);
	out_text(&o, SLICE_LIT("a<"));
	ck_assert(oom_disarm());
	ck_assert_int_eq(o.fault, FAULT_NO_MEMORY);
	buf_deinit(&made);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("out");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, out_row, 0, (int)COUNT_OF(rows));
	tcase_add_test(t, in_pieces);
	tcase_add_test(t, pieces_of_a_line);
	tcase_add_loop_test(t, any_text, 0, 60);
	tcase_add_loop_test(t, cut, 0, (int)COUNT_OF(cuts));
	tcase_add_test(t, length);
	tcase_add_test(t, numbers_and_colours);
	tcase_add_test(t, the_first_fault_sticks);
	suite_add_tcase(s, t);
	return check_main(s);
}
