#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"embedded page",
	 "<p><ac:structured-macro ac:name='widget'><ac:parameter ac:name='url'>"
	 "<ri:url ri:value='https://video.example/v?x'/></ac:parameter>"
	 "</ac:structured-macro></p><ac:structured-macro ac:name='iframe'>"
	 "<ac:parameter ac:name='src'>javascript:x</ac:parameter>"
	 "</ac:structured-macro><ac:structured-macro ac:name='rss'>"
	 "<ac:parameter ac:name='url'>https://f.example/x</ac:parameter>"
	 "</ac:structured-macro>",
	 "p{link(https://video.example/v?x){'video.example'}}"
	 "card(label=Embedded page;macro=iframe;href=https://x.example/wiki/pages/view"
	 "page.action?pageId=42;)p{link(https://f.example/x){'f.example'}}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_links");
	TCase *t = tcase_create("macro_links");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
