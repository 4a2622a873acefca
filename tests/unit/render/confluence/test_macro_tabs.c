#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"tabs",
	 "<ac:structured-macro ac:name='deck'><ac:rich-text-body>"
	 "<ac:structured-macro ac:name='card'>"
	 "<ac:parameter ac:name='label'>L</ac:parameter><ac:rich-text-body>"
	 "<p>a</p></ac:rich-text-body></ac:structured-macro></ac:rich-text-body>"
	 "</ac:structured-macro>",
	 "tab(L){p{'a'}}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_tabs");
	TCase *t = tcase_create("macro_tabs");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
