#include "render/confluence/toc.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const struct page_row rows[] = {
	{"all levels",
	 "<ac:structured-macro ac:name='toc'></ac:structured-macro><h1>A</h1>"
	 "<h2>B</h2><h2>C <b>d</b></h2><h1>E</h1>",
	 "group{bullets{item{t{link(#A){'A'}}bullets{item{t{link(#B){'B'}}}"
	 "item{t{link(#C-d){'C d'}}}}}item{t{link(#E){'E'}}}}}heading(1;id=A;)"
	 "{'A'}heading(2;id=B;){'B'}heading(2;id=C-d;){'C 'b:'d'}"
	 "heading(1;id=E;){'E'}"},
	{"range of levels",
	 "<ac:structured-macro ac:name='toc'>"
	 "<ac:parameter ac:name='minLevel'>2</ac:parameter>"
	 "<ac:parameter ac:name='maxLevel'>2</ac:parameter>"
	 "</ac:structured-macro><h1>A</h1><h2>B</h2><h3>C</h3>",
	 "group{bullets{item{t{link(#B){'B'}}}}}heading(1;id=A;){'A'}"
	 "heading(2;id=B;){'B'}heading(3;id=C;){'C'}"},
	{"numbered",
	 "<ac:structured-macro ac:name='toc'>"
	 "<ac:parameter ac:name='outline'>true</ac:parameter>"
	 "</ac:structured-macro><h1>A</h1><h2>B</h2><h2>C</h2><h1>D</h1>"
	 "<h2>E</h2>",
	 "group{bullets{item{t{'1 'link(#A){'A'}}"
	 "bullets{item{t{'1.1 'link(#B){'B'}}}item{t{'1.2 'link(#C){'C'}}}}}"
	 "item{t{'2 'link(#D){'D'}}bullets{item{t{'2.1 'link(#E){'E'}}}}}}}"
	 "heading(1;id=A;){'A'}heading(2;id=B;){'B'}heading(2;id=C;){'C'}"
	 "heading(1;id=D;){'D'}heading(2;id=E;){'E'}"},
	{"skipped levels",
	 "<ac:structured-macro ac:name='toc'></ac:structured-macro><h3>A</h3>"
	 "<h1>B</h1><h4>C</h4><h3>D</h3>",
	 "group{bullets{item{t{link(#A){'A'}}}}bullets{item{t{link(#B){'B'}}"
	 "bullets{item{t{link(#C){'C'}}}item{t{link(#D){'D'}}}}}}}"
	 "heading(3;id=A;){'A'}heading(1;id=B;){'B'}heading(4;id=C;){'C'}"
	 "heading(3;id=D;){'D'}"},
	{"nothing to list", "<ac:structured-macro ac:name='toc'></ac:structured-macro><p>a</p>",
	 "group{}p{'a'}"},
	{"in a paragraph",
	 "<p><ac:structured-macro ac:name='toc'></ac:structured-macro></p>"
	 "<h1>A</h1>",
	 "group{bullets{item{t{link(#A){'A'}}}}}heading(1;id=A;){'A'}"},
	{"broken levels",
	 "<ac:structured-macro ac:name='toc'>"
	 "<ac:parameter ac:name='minLevel'>9</ac:parameter>"
	 "<ac:parameter ac:name='maxLevel'>x</ac:parameter>"
	 "</ac:structured-macro><h1>A</h1>",
	 "group{bullets{item{t{link(#A){'A'}}}}}heading(1;id=A;){'A'}"},
	{"picture in a heading",
	 "<ac:structured-macro ac:name='toc'></ac:structured-macro><h1>"
	 "<ac:emoticon ac:name='tick'/> A<br/>B</h1>",
	 "group{bullets{item{t{link(#✅-A-B){emoji(✅)' A B'}}}}}"
	 "heading(1;id=✅-A-B;){emoji(✅)' A'break'B'}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

/* Over sixty lines: the first two levels only. */
START_TEST(long_one_is_cut_to_two_levels)
{
	struct buf body;
	struct page_reading p;
	buf_init(&body, 1 << 16);
	ck_assert(buf_add_text(&body, "<ac:structured-macro ac:name='toc'/>") == FAULT_NONE);
	for (int i = 0; i < 40; i++) {
		ck_assert(buf_add_text(&body, "<h1>A</h1><h3>B</h3><h4>C</h4>") == FAULT_NONE);
	}
	ck_assert(page_read(&p, buf_view(&body)) == FAULT_NONE);
	struct slice toc = slice_first(buf_view(&p.dump),
				       slice_find(buf_view(&p.dump), SLICE_LIT("heading(")));
	ck_assert(slice_find(toc, SLICE_LIT("#A.39")) < toc.len);
	ck_assert(slice_find(toc, SLICE_LIT("#B.39")) < toc.len);
	ck_assert(slice_find(toc, SLICE_LIT("'C'")) == toc.len);
	page_reading_drop(&p);
	buf_deinit(&body);
}
END_TEST

START_TEST(endless_one_ends)
{
	struct buf body;
	struct page_reading p;
	buf_init(&body, 1 << 20);
	for (int i = 0; i < 10; i++) {
		ck_assert(buf_add_text(&body, "<ac:structured-macro ac:name='toc'/>") ==
			  FAULT_NONE);
	}
	for (int i = 0; i < 5000; i++) {
		ck_assert(buf_add_text(&body, "<h1>A</h1>") == FAULT_NONE);
	}
	ck_assert(page_read(&p, buf_view(&body)) == FAULT_NONE);
	ck_assert_uint_lt(p.document.node_count,
			  2 * 5000 + OUTLINE_TOCS * (4 * OUTLINE_TOC_MAX + 16));
	ck_assert(slice_find(buf_view(&p.dump), SLICE_LIT("…")) < p.dump.len);
	page_reading_drop(&p);
	buf_deinit(&body);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("toc");
	TCase *t = tcase_create("toc");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	tcase_add_test(t, long_one_is_cut_to_two_levels);
	tcase_add_test(t, endless_one_ends);
	suite_add_tcase(s, t);
	return check_main(s);
}
