#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

#define TOC(params)	   "<ac:structured-macro ac:name='toc'>" params "</ac:structured-macro>"
#define PARAM(name, value) "<ac:parameter ac:name='" name "'>" value "</ac:parameter>"

static const struct page_row rows[] = {
	{"levels",
	 TOC(PARAM("minLevel", "2") PARAM("maxLevel", "3")) "<h1>a</h1><h2>b</h2><h4>c</h4>",
	 "group{bullets{item{t{link(#b){'b'}}}}}heading(1;id=a;){'a'}heading(2;id=b;){'b'}"
	 "heading(4;id=c;){'c'}"},
	{"levels that are none", TOC(PARAM("minLevel", "0") PARAM("maxLevel", "x")) "<h1>a</h1>",
	 "group{bullets{item{t{link(#a){'a'}}}}}heading(1;id=a;){'a'}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_contents");
	TCase *t = tcase_create("macro_contents");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
