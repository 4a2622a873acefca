#include "render/confluence/quick.h"

#include <stdlib.h>
#include <string.h>

#include "render/confluence/storage.h"
#include "tests/support/check_main.h"
#include "tests/support/tree_dump.h"

enum { DUMP_MAX = 1 << 20, ARENA_MAX = 64 << 20 };

/* One page, read one way or the other. */
struct reading {
	struct arena arena;
	struct reader *reader;
	struct buf dump;
	bool read;
};

static const struct page page = {.id = SLICE_INIT("42"),
				 .title = SLICE_INIT("T"),
				 .site_url = SLICE_INIT("https://x.example")};
static const struct document_params params = {.page = &page};

static void open_reading(struct reading *g)
{
	arena_init(&g->arena, ARENA_MAX);
	buf_init(&g->dump, DUMP_MAX);
	g->reader = malloc(sizeof(*g->reader));
	ck_assert_ptr_nonnull(g->reader);
	ck_assert(reader_init(g->reader, &params, &g->arena) == FAULT_NONE);
}

static void finish(struct reading *g)
{
	struct document document;
	ck_assert(!g->read || reader_finish(g->reader, &document) == FAULT_NONE);
	if (g->read) {
		tree_dump(document.root, &g->dump);
	}
}

static void drop(struct reading *g)
{
	free(g->reader);
	buf_deinit(&g->dump);
	arena_deinit(&g->arena);
}

static void read_quickly(struct reading *g, struct slice body)
{
	open_reading(g);
	g->read = quick_read(body, g->reader);
	finish(g);
}

static void read_by_parser(struct reading *g, struct slice body)
{
	struct storage_error error;
	open_reading(g);
	ck_assert(storage_read(body, g->reader, &error) == FAULT_NONE);
	g->read = error.line == 0;
	finish(g);
}

/* What the quick way reads the parser reads too, and alike. True if it was read quickly. */
static bool check_alike(struct slice body)
{
	struct reading quick;
	read_quickly(&quick, body);
	if (quick.read) {
		struct reading whole;
		read_by_parser(&whole, body);
		struct slice got = buf_view(&quick.dump);
		struct slice want = buf_view(&whole.dump);
		ck_assert_msg(whole.read, "refused by the parser: %.*s", (int)body.len, body.ptr);
		ck_assert_msg(slice_eq(got, want), "%.*s\n got %.*s\nwant %.*s", (int)body.len,
			      body.ptr, (int)got.len, got.ptr, (int)want.len, want.ptr);
		drop(&whole);
	}
	bool read = quick.read;
	drop(&quick);
	return read;
}

static const struct slice taken[] = {
	SLICE_INIT(""),
	SLICE_INIT("a"),
	SLICE_INIT(" \n\t"),
	SLICE_INIT("<p>a</p>"),
	SLICE_INIT("<p >a</p\n>"),
	SLICE_INIT("<br/><br /><hr\n/>"),
	SLICE_INIT("a > b ]] ] > c ]]&gt;"),
	SLICE_INIT("<p>&lt;&amp;&quot;&apos;&gt;&nbsp;&auml;&#65;&#x42;&#x1F600;&thetasym;</p>"),
	SLICE_INIT("<p>&#9;&#10;&#13;a</p>"),
	SLICE_INIT("<a href='https://a.example/?a=1&amp;b=2' title = \"x\t'y'\nz>\">b</a>"),
	SLICE_INIT("<p title='&#10;&nbsp;&#x10FFFF;'>a</p>"),
	SLICE_INIT("<p><!-- <b> & ]]> --><!---->a</p>"),
	SLICE_INIT(
		"<ac:structured-macro ac:name='code'><ac:plain-text-body><![CDATA[<b>&amp; ]]\n]]>"
		"<![CDATA[]]></ac:plain-text-body></ac:structured-macro>"),
	SLICE_INIT("<p>\xC3\xA4\xC2\xA0\xE2\x82\xAC\xF0\x9F\x98\x80\x7F\xC2\x85\xEF\xBB\xBFx</p>"),
	SLICE_INIT("<_x.1-a:b c.d='1' e-f:g='2'>t</_x.1-a:b>"),
};

START_TEST(takes)
{
	ck_assert_msg(check_alike(taken[_i]), "%s", taken[_i].ptr);
}
END_TEST

/* Wrong, or no matter for the quick way. */
static const struct slice left[] = {
	SLICE_INIT("<"),
	SLICE_INIT("<p"),
	SLICE_INIT("<p>"),
	SLICE_INIT("</p>"),
	SLICE_INIT("<p></p></p>"),
	SLICE_INIT("<p></q>"),
	SLICE_INIT("<p></pp>"),
	SLICE_INIT("<pp></p>"),
	SLICE_INIT("<p></p"),
	SLICE_INIT("<p></ p>"),
	SLICE_INIT("<p><b></p></b>"),
	SLICE_INIT("< p></p>"),
	SLICE_INIT("<1p></1p>"),
	SLICE_INIT("<-p></-p>"),
	SLICE_INIT("<p/ >"),
	SLICE_INIT("<p a/>"),
	SLICE_INIT("<p a=b/>"),
	SLICE_INIT("<p a='1'b='2'/>"),
	SLICE_INIT("<p a='1' a='2'/>"),
	SLICE_INIT("<p a='1/>"),
	SLICE_INIT("<p a='<'/>"),
	SLICE_INIT("<p a='&'/>"),
	SLICE_INIT("<p a='&x;'/>"),
	SLICE_INIT("<p 1='a'/>"),
	SLICE_INIT("<p\xC3\xA4></p\xC3\xA4>"),
	SLICE_INIT("a & b"),
	SLICE_INIT("a &amp b"),
	SLICE_INIT("&undefined;"),
	SLICE_INIT("&#;"),
	SLICE_INIT("&#x;"),
	SLICE_INIT("&#X41;"),
	SLICE_INIT("&#0;"),
	SLICE_INIT("&#11;"),
	SLICE_INIT("&#xD800;"),
	SLICE_INIT("&#xFFFF;"),
	SLICE_INIT("&#x110000;"),
	SLICE_INIT("&#4294967361;"),
	SLICE_INIT("&"),
	SLICE_INIT("a]]>b"),
	SLICE_INIT("<!-- a -- b -->"),
	SLICE_INIT("<!-- a --->"),
	SLICE_INIT("<!-->"),
	SLICE_INIT("<!-- a"),
	SLICE_INIT("<![CDATA[a"),
	SLICE_INIT("<![cdata[a]]>"),
	SLICE_INIT("<!DOCTYPE x>"),
	SLICE_INIT("<?php y ?>"),
	SLICE_INIT("a\r\nb"),
	SLICE_INIT("<p>\x01</p>"),
	SLICE_INIT("a\0b"),
	SLICE_INIT("a long text before it, of many bytes\x1F"),
	SLICE_INIT("\xFF"),
	SLICE_INIT("\xC3"),
	SLICE_INIT("\xED\xA0\x80"),
	SLICE_INIT("\xEF\xBF\xBE"),
	SLICE_INIT("a text of sixteen bytes and some\xEF\xBF\xBF more of it"),
	SLICE_INIT("</page><page>"),
};

START_TEST(leaves)
{
	struct reading g;
	read_quickly(&g, left[_i]);
	ck_assert_msg(!g.read, "%s", left[_i].ptr);
	drop(&g);
}
END_TEST

static const char *const pieces[] = {
	"<p>",
	"</p>",
	"<b>",
	"</b>",
	"<p a='1'>",
	"<br/>",
	"<a href=\"https://a.example/\" title='&lt;'>",
	"</a>",
	" ",
	"\n",
	"text",
	"a longer text with some words",
	"&amp;",
	"&nbsp;",
	"&#65;",
	"]]>",
	"<![CDATA[x & <y>]]>",
	"<!-- c -->",
	"\xC3\xA4",
	"&",
	"<",
	">",
	"'",
	"=",
	"\xEF\xBF\xBD",
	"<ul><li>",
	"</li></ul>",
	"<td>",
	"</td>",
	"\t",
};

/* Pieces of pages in any order, closed where an end is due more often than not. */
START_TEST(like_the_parser)
{
	unsigned quick = 0;
	uint32_t seed = (uint32_t)_i * 7919U + 1;
	for (int round = 0; round < 400; round++) {
		char text[2048];
		char *at = text;
		const char *open[64];
		unsigned depth = 0;
		for (int n = 0; n < 24; n++) {
			seed = seed * 1664525U + 1013904223U;
			const char *piece =
				pieces[(seed >> 16) % (_i % 4 == 0 ? COUNT_OF(pieces) : 15)];
			bool ends = piece[0] == '<' && piece[1] == '/';
			bool begins = strcmp(piece, "<p>") == 0 || strcmp(piece, "<b>") == 0;
			if (ends && _i % 4 != 0) {
				piece = depth > 0 ? open[--depth] : "x";
			} else if (begins && _i % 4 != 0) {
				open[depth++] = piece[1] == 'p' ? "</p>" : "</b>";
			} else if (_i % 4 != 0 && (piece[1] == 'p' || piece[1] == 'a') &&
				   piece[0] == '<') {
				open[depth++] = piece[1] == 'p' ? "</p>" : "</a>";
			}
			at = stpcpy(at, piece);
		}
		while (depth > 0) {
			at = stpcpy(at, open[--depth]);
		}
		char *exact = malloc(
			(size_t)(at - text)); /* so that a look behind the end is seen */
		ck_assert_ptr_nonnull(exact);
		memcpy(exact, text, (size_t)(at - text));
		quick += check_alike(slice_of(exact, (size_t)(at - text)));
		free(exact);
	}
	ck_assert(_i % 4 == 0 || quick > 350);
}
END_TEST

static struct slice nested(unsigned depth, struct buf *made)
{
	for (unsigned i = 0; i < 2 * depth; i++) {
		ck_assert(buf_add_text(made, i < depth ? "<i>" : "</i>") == FAULT_NONE);
	}
	return buf_view(made);
}

START_TEST(limits)
{
	struct buf made;
	buf_init(&made, DUMP_MAX);
	ck_assert(check_alike(nested(QUICK_DEPTH, &made)));
	buf_clear(&made);
	ck_assert(!check_alike(nested(QUICK_DEPTH + 1, &made)));
	buf_deinit(&made);
}
END_TEST

START_TEST(out_of_memory)
{
	struct reading g;
	open_reading(&g);
	g.arena.limit = g.arena.taken;
	ck_assert(quick_read(SLICE_LIT("<p title='a&amp;b'>text</p>"), g.reader));
	while (g.reader->b.fault == FAULT_NONE) {
		ck_assert(quick_read(SLICE_LIT("<p title='a&amp;b'>text</p>"), g.reader));
	}
	ck_assert(g.reader->b.fault == FAULT_NO_MEMORY);
	drop(&g);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("quick");
	TCase *t = tcase_create("quick");
	tcase_add_loop_test(t, takes, 0, COUNT_OF(taken));
	tcase_add_loop_test(t, leaves, 0, COUNT_OF(left));
	tcase_add_loop_test(t, like_the_parser, 0, 40);
	tcase_add_test(t, limits);
	tcase_add_test(t, out_of_memory);
	suite_add_tcase(s, t);
	return check_main(s);
}
