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
	{"content from the job",
	 "<ac:structured-macro ac:name='include' ac:local-id='l-html'><ac:parameter "
	 "ac:name=''><ac:link><ri:page "
	 "ri:content-title='T'/></ac:link></ac:parameter></ac:structured-macro>",
	 "frame(T){p{'live 'b:'html'}}"},
	{"content from the job, bare",
	 "<ac:structured-macro ac:name='include' ac:local-id='l-html'><ac:parameter "
	 "ac:name=''><ac:link><ri:page "
	 "ri:content-title='T'/></ac:link></ac:parameter><ac:parameter "
	 "ac:name='nopanel'>true</ac:parameter></ac:structured-macro>",
	 "p{'live 'b:'html'}"},
	{"never itself",
	 "<ac:structured-macro ac:name='include' ac:local-id='l-html'><ac:parameter "
	 "ac:name=''><ac:link><ri:page ri:content-title='My "
	 "Page'/></ac:link></ac:parameter></ac:structured-macro>",
	 "card(label=Included page: My "
	 "Page;macro=include;href=https://x.example/wiki/pages/"
	 "viewpage.action?spaceKey=DOC&title=My%20Page;)"},
	{"page of another space",
	 "<ac:structured-macro ac:name='include'><ac:parameter "
	 "ac:name=''>OPS:T</ac:parameter></ac:structured-macro><ac:structured-macro "
	 "ac:name='include'><ac:parameter ac:name=''>Note: x</ac:parameter></ac:structured-macro>",
	 "card(label=Included page: "
	 "T;macro=include;href=https://x.example/wiki/pages/"
	 "viewpage.action?spaceKey=OPS&title=T;)card(label=Included page: Note: "
	 "x;macro=include;href=https://x.example/wiki/pages/"
	 "viewpage.action?spaceKey=DOC&title=Note%3A%20x;)"},
	{"known page",
	 "<ac:structured-macro ac:name='include'><ac:parameter "
	 "ac:name=''>Known</ac:parameter></ac:structured-macro>",
	 "card(label=Included page: "
	 "Known;macro=include;href=https://x.example/wiki/spaces/DOC/pages/7/Known;)"},
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
