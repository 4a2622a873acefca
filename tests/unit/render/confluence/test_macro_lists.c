#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"live ones",
	 "<ac:structured-macro ac:name='children'></ac:structured-macro><ac:structured-macro "
	 "ac:name='contentbylabel'><ac:parameter "
	 "ac:name='labels'>x</ac:parameter></ac:structured-macro>",
	 "card(label=Pages under this "
	 "page;macro=children;href=https://x.example/wiki/pages/"
	 "viewpage.action?pageId=42;)card(label=Pages with a label: "
	 "x;macro=contentbylabel;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"of another page",
	 "<ac:structured-macro ac:name='children'><ac:parameter ac:name='page'><ac:link><ri:page "
	 "ri:content-title='T'/></ac:link></ac:parameter></ac:structured-macro>",
	 "card(label=Pages under this page: "
	 "T;macro=children;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"with content from the job",
	 "<ac:structured-macro ac:name='children' ac:local-id='l-html'/>", "p{'live 'b:'html'}"},
	{"live one alone in a paragraph",
	 "<p><ac:structured-macro ac:name='children'></ac:structured-macro></p>",
	 "card(label=Pages under this page;macro=children;href=https://x.example/wiki/"
	 "pages/viewpage.action?pageId=42;)"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_lists");
	TCase *t = tcase_create("macro_lists");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
