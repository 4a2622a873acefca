#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"hidden",
	 "<ac:structured-macro ac:name='excerpt'>"
	 "<ac:parameter ac:name='hidden'>true</ac:parameter><ac:rich-text-body>"
	 "<p>a</p></ac:rich-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='details'>"
	 "<ac:parameter ac:name='hidden'>false</ac:parameter><ac:rich-text-body>"
	 "<p>b</p></ac:rich-text-body></ac:structured-macro>",
	 "group{p{'b'}}"},
	{"page properties",
	 "<ac:structured-macro ac:name='details'><ac:rich-text-body><table><tr><td>k</td>"
	 "<td>v</td></tr><tr><th>l</th><td>w</td></tr></table><table><tr><th>a</th><th>b</th></tr>"
	 "<tr><td>c</td><td>d</td></tr></table></ac:rich-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='details'><ac:rich-text-body></ac:rich-text-body>"
	 "</ac:structured-macro>",
	 "group{table(columns=2;){row{cell(head;){t{'k'}}cell{t{'v'}}}row{cell(head;){t{'l'}}"
	 "cell{t{'w'}}}}table(columns=2;){row{cell(head;){t{'a'}}cell(head;){t{'b'}}}"
	 "row{cell(head;){t{'c'}}cell{t{'d'}}}}}"},
	{"filler",
	 "<ac:structured-macro ac:name='loremipsum'><ac:parameter ac:name=''>1</ac:parameter>"
	 "</ac:structured-macro>",
	 "p{'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.'}"},
	{"excerpt in the line",
	 "<p>a <ac:structured-macro ac:name='excerpt'>"
	 "<ac:parameter ac:name='atlassian-macro-output-type'>INLINE</ac:parameter>"
	 "<ac:rich-text-body>b</ac:rich-text-body></ac:structured-macro> c</p>",
	 "p{'a b c'}"},
	{"columns",
	 "<ac:structured-macro ac:name='section'>"
	 "<ac:parameter ac:name='border'>true</ac:parameter><ac:rich-text-body>"
	 "<ac:structured-macro ac:name='column'>"
	 "<ac:parameter ac:name='width'>30%</ac:parameter>"
	 "<ac:rich-text-body>a</ac:rich-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='column'>"
	 "<ac:rich-text-body>b</ac:rich-text-body></ac:structured-macro>"
	 "</ac:rich-text-body></ac:structured-macro>",
	 "layout{column(30){t{'a'}}column(70){t{'b'}}}"},
	{"column alone",
	 "<ac:structured-macro ac:name='column'>"
	 "<ac:rich-text-body>a</ac:rich-text-body></ac:structured-macro>",
	 "group{group{p{'a'}}}"},
	{"controls",
	 "<ac:structured-macro ac:name='livesearch'></ac:structured-macro>"
	 "<ac:structured-macro ac:name='style'><ac:plain-text-body>"
	 "<![CDATA[p{}]]></ac:plain-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='javascript'>"
	 "<ac:rich-text-body>x</ac:rich-text-body></ac:structured-macro>",
	 ""},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_bodies");
	TCase *t = tcase_create("macro_bodies");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
