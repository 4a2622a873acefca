#include "render/confluence/words.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/tree_dump.h"

static struct arena arena;
static struct builder builder;
static struct buf dump;

static void set_up(void)
{
	arena_init(&arena, 1 << 26);
	buf_init(&dump, 1 << 24);
	ck_assert(builder_init(&builder, &arena) == FAULT_NONE);
}

static void tear_down(void)
{
	buf_deinit(&dump);
	arena_deinit(&arena);
}

/* Pieces of text, one call each, in one paragraph. */
static const struct {
	const char *pieces[5];
	const char *expected;
} rows[] = {
	{{"a b"}, "p{'a b'}"},
	{{"a", "b"}, "p{'ab'}"},
	{{"a ", "b"}, "p{'a b'}"},
	{{"a", " b"}, "p{'a b'}"},
	{{"a ", " b"}, "p{'a b'}"},
	{{"a", " ", "b"}, "p{'a b'}"},
	{{"a", "\n", "\t", "b"}, "p{'a b'}"},
	{{" ", "a", " "}, "p{'a'}"},
	{{"a\r\nb\fc"}, "p{'a b c'}"},
	{{"a", "\x01", "b"}, "p{'ab'}"},
	{{"a\x7f"
	  "b\x1f"
	  "c"},
	 "p{'abc'}"},
	{{"a\xC2\x85"
	  "b",
	  "\xC2\x9F", "c"},
	 "p{'abc'}"},
	{{"a\xC2\xA0 b"}, "p{'a\xC2\xA0 b'}"},
	{{"\xC2\xA9", "x"}, "p{'\xC2\xA9x'}"},
	{{" \n\t "}, ""},
	{{"\x01\x02"}, ""},
	{{""}, ""},
};

START_TEST(collapse)
{
	for (size_t i = 0; rows[_i].pieces[i] != NULL; i++) {
		words_add(&builder, slice_of_text(rows[_i].pieces[i]));
	}
	ck_assert(builder_finish(&builder, slice_of(NULL, 0), slice_of(NULL, 0)) == FAULT_NONE);
	tree_dump(builder.root, &dump);
	ck_assert_msg(slice_eq(buf_view(&dump), slice_of_text(rows[_i].expected)), "%.*s",
		      (int)dump.len, dump.ptr == NULL ? "" : dump.ptr);
}
END_TEST

/* The same for text whose white space is kept; ~ stands for a no-break space. */
static const struct {
	const char *pieces[5];
	const char *expected;
} kept_rows[] = {
	{{"a b"}, "p{'a b'}"},
	{{"a  b"}, "p{'a ~b'}"},
	{{"a    b"}, "p{'a ~~~b'}"},
	{{"a ", "b"}, "p{'a b'}"},
	{{"a ", " b"}, "p{'a ~b'}"},
	{{"a ", " ", " b"}, "p{'a ~ b'}"},
	{{"a", "  ", "b"}, "p{'a ~b'}"},
	{{" a"}, "p{'a'}"},
	{{"  a"}, "p{'~~a'}"},
	{{"a "}, "p{'a'}"},
	{{"a\tb"}, "p{'a ~~~b'}"},
	{{"\ta"}, "p{'~~~~a'}"},
	{{"a\nb"}, "p{'a'break'b'}"},
	{{"a\r\nb\rc"}, "p{'a'break'b'break'c'}"},
	{{"a \n b"}, "p{'a'break'b'}"},
	{{"a\n\n", "b"}, "p{'a'breakbreak'b'}"},
	{{"a\n  b"}, "p{'a'break'~~b'}"},
	{{"a\n"}, "p{'a'}"},
	{{"\na"}, "p{break'a'}"},
	{{"a\x01", "\x02 \x03 b"}, "p{'a ~b'}"},
	{{"a\xC2\x85", "\xC2\x9F b"}, "p{'a b'}"},
	{{"a\xC2\xA0 b"}, "p{'a~ b'}"},
	{{" "}, ""},
	{{"   "}, ""},
	{{"\x01\x02"}, ""},
	{{""}, ""},
};

START_TEST(blanks_kept)
{
	char shown[64];
	size_t len = 0;
	for (size_t i = 0; kept_rows[_i].pieces[i] != NULL; i++) {
		words_add_kept(&builder, slice_of_text(kept_rows[_i].pieces[i]));
	}
	ck_assert(builder_finish(&builder, slice_of(NULL, 0), slice_of(NULL, 0)) == FAULT_NONE);
	ck_assert_ptr_null(tree_broken_promise(builder.root));
	tree_dump(builder.root, &dump);
	struct slice made = buf_view(&dump);
	for (size_t i = 0; i < made.len; i++) {
		bool no_break = made.ptr[i] == '\xC2';
		shown[len++] = no_break ? '~' : made.ptr[i];
		i += no_break;
	}
	ck_assert_msg(slice_eq(slice_of(shown, len), slice_of_text(kept_rows[_i].expected)),
		      "%.*s, not %s", (int)len, shown, kept_rows[_i].expected);
}
END_TEST

/* More than any chunk: nothing is lost, nothing moves, and no run of text is half a character. */
START_TEST(long_text)
{
	enum { TIMES = 60000 };
	for (int i = 0; i < TIMES; i++) {
		words_add(&builder, SLICE_LIT("wört "));
	}
	ck_assert(builder_finish(&builder, slice_of(NULL, 0), slice_of(NULL, 0)) == FAULT_NONE);
	ck_assert_ptr_null(tree_broken_promise(builder.root));
	size_t bytes = 0;
	struct walk w = walk_of(builder.root);
	while (walk_next(&w)) {
		bytes += w.at->kind == NODE_TEXT ? w.at->of.text.len : 0;
	}
	ck_assert_uint_eq(bytes, TIMES * 6 - 1);
}
END_TEST

/* Wherever a chunk ends, a short run that comes in pieces stays one. */
START_TEST(runs_stay_whole)
{
	for (int i = 0; i < 2000; i++) {
		unsigned depth;
		(void)builder_open(&builder, NODE_PARAGRAPH, &depth);
		for (int piece = 0; piece < 1 + i % 7; piece++) {
			words_add(&builder, SLICE_LIT("word, "));
		}
		builder_close(&builder, depth);
	}
	ck_assert(builder_finish(&builder, slice_of(NULL, 0), slice_of(NULL, 0)) == FAULT_NONE);
	size_t i = 0;
	for (const struct node *p = builder.root->first; p != NULL; p = p->next, i++) {
		ck_assert(p->first->next == NULL);
		ck_assert_uint_eq(p->first->of.text.len, 6 * (1 + i % 7) - 1);
	}
	ck_assert_uint_eq(i, 2000);
}
END_TEST

START_TEST(keep)
{
	struct slice kept = words_keep(&builder, SLICE_LIT(" a\r\n\0 b\x01 "));
	ck_assert(slice_eq(kept, SLICE_LIT("a b")));
	ck_assert_uint_eq(words_keep(&builder, slice_of(NULL, 0)).len, 0);
}
END_TEST

/* What collapsing means, a character at a time. */
static size_t collapse_slowly(struct slice s, char *out)
{
	size_t len = 0;
	bool space = false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		bool c1 = c == 0xC2 && i + 1 < s.len && (unsigned char)s.ptr[i + 1] < 0xA0;
		if (c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r') {
			space = true;
		} else if (c1) {
			i++;
		} else if (c >= 0x20 && c != 0x7F) {
			if (space && len > 0) {
				out[len++] = ' ';
			}
			space = false;
			out[len++] = (char)c;
		}
	}
	return len;
}

START_TEST(any_words)
{
	static const char *const letters[] = {"a",	  "b",	      "c",    "d",    " ",
					      "\n",	  "\xc2\xa0", "\x7f", "\x01", "\t",
					      "\xc2\x85", "ü",	      "€",    "\r"};
	uint32_t seed = (uint32_t)_i * 99U + 1;
	for (int round = 0; round < 80; round++) {
		char text[400];
		char expected[400];
		size_t len = 0;
		while (len < (size_t)round) {
			seed = seed * 1664525U + 1013904223U;
			uint32_t kinds = _i % 3 == 0 ? 5 : _i % 3 == 1 ? 7 : COUNT_OF(letters);
			const char *l = letters[(seed >> 18) % kinds];
			memcpy(text + len, l, strlen(l));
			len += strlen(l);
		}
		struct slice got = words_keep(&builder, slice_of(text, len));
		size_t n = collapse_slowly(slice_of(text, len), expected);
		ck_assert_msg(slice_eq(got, slice_of(expected, n)), "%.*s", (int)len, text);
	}
}
END_TEST

START_TEST(gather)
{
	struct gather g = {.ptr = NULL};
	size_t wanted = 0;
	for (int i = 0; i < 1000; i++) {
		gather_add(&g, &builder, SLICE_LIT("  a\tb\r\n\x01"));
		wanted += SLICE_LIT("  a\tb\n").len;
	}
	ck_assert_uint_eq(gather_view(&g).len, wanted);
	ck_assert(slice_starts(gather_view(&g), SLICE_LIT("  a\tb\n  a")));
}
END_TEST

START_TEST(no_memory)
{
	arena.limit = arena.taken;
	struct gather g = {.ptr = NULL};
	static char large[100000];
	memset(large, 'a', sizeof(large));
	words_add(&builder, slice_of(large, sizeof(large)));
	gather_add(&g, &builder, slice_of(large, sizeof(large)));
	ck_assert_uint_eq(gather_view(&g).len, 0);
	ck_assert_uint_eq(words_keep(&builder, slice_of(large, sizeof(large))).len, 0);
	ck_assert(builder_finish(&builder, slice_of(NULL, 0), slice_of(NULL, 0)) ==
		  FAULT_NO_MEMORY);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("words");
	TCase *t = tcase_create("words");
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, collapse, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, blanks_kept, 0, COUNT_OF(kept_rows));
	tcase_add_test(t, long_text);
	tcase_add_test(t, runs_stay_whole);
	tcase_add_test(t, keep);
	tcase_add_loop_test(t, any_words, 0, 30);
	tcase_add_test(t, gather);
	tcase_add_test(t, no_memory);
	suite_add_tcase(s, t);
	return check_main(s);
}
