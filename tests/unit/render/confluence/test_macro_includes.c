#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"included page",
	 "<ac:structured-macro ac:name='include'><ac:parameter ac:name=''>"
	 "<ac:link><ri:page ri:content-title='T'/></ac:link></ac:parameter>"
	 "</ac:structured-macro><ac:structured-macro ac:name='excerpt-include'>"
	 "<ac:parameter ac:name='name'>x</ac:parameter></ac:structured-macro>",
	 "card(label=Included page: T;macro=include;href=https://x.example/wiki/pages/"
	 "viewpage.action?spaceKey=DOC&title=T;)card(label=Excerpt of a page;macro=exc"
	 "erpt-include;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_includes");
	TCase *t = tcase_create("macro_includes");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
