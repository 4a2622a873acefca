#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"issue",
	 "<p><ac:structured-macro ac:name='jira'><ac:parameter "
	 "ac:name='key'>ABC-1</ac:parameter><ac:parameter "
	 "ac:name='server'>S</ac:parameter></ac:structured-macro></p>",
	 "p{link(https://x.example/browse/ABC-1){'ABC-1'}}"},
	{"issue that the job knows",
	 "<p><ac:structured-macro ac:name='jira'><ac:parameter "
	 "ac:name='key'>ABC-9</ac:parameter></ac:structured-macro></p>",
	 "p{link(https://x.example/browse/ABC-9){'ABC-9: Pump leaks 'status(blue;In Progress)}}"},
	{"issues and a card that stand alone",
	 "<ac:structured-macro ac:name='jira'><ac:parameter "
	 "ac:name='key'>ABC-1</ac:parameter></ac:structured-macro> <ac:structured-macro "
	 "ac:name='jira'><ac:parameter ac:name='key'>ABC-2</ac:parameter></ac:structured-macro>"
	 "Bare text<ac:structured-macro ac:name='roadmap'/>",
	 "p{link(https://x.example/browse/ABC-1){'ABC-1'}}p{link(https://x.example/browse/ABC-2){"
	 "'ABC-2'}}p{'Bare "
	 "text'}card(label=Roadmap;macro=roadmap;href=https://x.example/wiki/pages/"
	 "viewpage.action?pageId=42;)"},
	{"an issue and words beside it",
	 "<ul><li><ac:structured-macro ac:name='jira'><ac:parameter "
	 "ac:name='key'>ABC-1</ac:parameter></ac:structured-macro> first</li></ul>",
	 "bullets{item{t{link(https://x.example/browse/ABC-1){'ABC-1'}' first'}}}"},
	{"issue without its summary",
	 "<p><ac:structured-macro ac:name='jira'><ac:parameter "
	 "ac:name='key'>ABC-9</ac:parameter><ac:parameter "
	 "ac:name='showSummary'>false</ac:parameter></ac:structured-macro></p>",
	 "p{link(https://x.example/browse/ABC-9){'ABC-9'}}"},
	{"query",
	 "<ac:structured-macro ac:name='jira'><ac:parameter ac:name='jqlQuery'>project = "
	 "X</ac:parameter></ac:structured-macro>",
	 "card(label=Jira issues: project = "
	 "X;macro=jira;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"number of issues",
	 "<p>a <ac:structured-macro ac:name='jira'><ac:parameter "
	 "ac:name='jqlQuery'>x</ac:parameter><ac:parameter "
	 "ac:name='count'>true</ac:parameter></ac:structured-macro></p>",
	 "p{'a 'card_inline(label=Number of Jira issues: "
	 "x;macro=jira;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)}"},
	{"live query",
	 "<ac:structured-macro ac:name='jira' ac:local-id='l-html'><ac:parameter "
	 "ac:name='jqlQuery'>x</ac:parameter></ac:structured-macro>",
	 "p{'live 'b:'html'}"},
	{"long query",
	 "<ac:structured-macro ac:name='jira'><ac:parameter "
	 "ac:name='jqlQuery'>"
	 "01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678"
	 "90123456789x</ac:parameter></ac:structured-macro>",
	 "card(label=Jira issues: "
	 "01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678"
	 "90123456789…;macro=jira;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"charts",
	 "<ac:structured-macro ac:name='jirachart'><ac:parameter ac:name='jql'>project = "
	 "X</ac:parameter></ac:structured-macro><ac:structured-macro "
	 "ac:name='roadmap'><ac:parameter ac:name='title'>R</ac:parameter></ac:structured-macro>",
	 "card(label=Jira chart: project = "
	 "X;macro=jirachart;href=https://x.example/wiki/pages/"
	 "viewpage.action?pageId=42;)card(label=Roadmap: "
	 "R;macro=roadmap;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
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
