#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"issue",
	 "<p><ac:structured-macro ac:name='jira'>"
	 "<ac:parameter ac:name='key'>ABC-1</ac:parameter>"
	 "<ac:parameter ac:name='server'>S</ac:parameter></ac:structured-macro>"
	 "</p><ac:structured-macro ac:name='jira'>"
	 "<ac:parameter ac:name='jqlQuery'>project = X</ac:parameter>"
	 "</ac:structured-macro>",
	 "p{link(https://x.example/wiki/pages/viewpage.action?pageId=42){'ABC-1'}}"
	 "card(label=Jira issues;macro=jira;href=https://x.example/wiki/pages/viewpage"
	 ".action?pageId=42;)"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_jira");
	TCase *t = tcase_create("macro_jira");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
