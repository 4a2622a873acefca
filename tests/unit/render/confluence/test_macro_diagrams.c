#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"diagram with a picture",
	 "<ac:structured-macro ac:name='drawio'>"
	 "<ac:parameter ac:name='diagramName'>net</ac:parameter>"
	 "<ac:parameter ac:name='width'>300</ac:parameter></ac:structured-macro>",
	 "picture(file=1;alt=net.png;w=300;){}"},
	{"diagram without",
	 "<ac:structured-macro ac:name='gliffy'>"
	 "<ac:parameter ac:name='name'>x</ac:parameter></ac:structured-macro>"
	 "<ac:structured-macro ac:name='plantuml'><ac:plain-text-body>"
	 "<![CDATA[A -> B]]></ac:plain-text-body></ac:structured-macro>",
	 "card(label=Diagram x;macro=gliffy;href=https://x.example/wiki/pages/viewpage"
	 ".action?pageId=42;)card(label=Diagram;macro=plantuml;href=https://x.example/"
	 "wiki/pages/viewpage.action?pageId=42;)code(title=Diagram source;'A -> B')"},
	{"chart",
	 "<ac:structured-macro ac:name='chart'>"
	 "<ac:parameter ac:name='title'>T</ac:parameter><ac:rich-text-body>"
	 "<table><tr><td>1</td></tr></table></ac:rich-text-body>"
	 "</ac:structured-macro>",
	 "tab(T){table(columns=1;){row{cell{t{'1'}}}}}"},
	{"chart without figures",
	 "<ac:structured-macro ac:name='chart'><ac:parameter "
	 "ac:name='title'>T</ac:parameter></ac:structured-macro>",
	 "card(label=Chart: "
	 "T;macro=chart;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"source in a parameter",
	 "<ac:structured-macro ac:name='plantumlcloud'><ac:parameter "
	 "ac:name='data'>A-&gt;B</ac:parameter><ac:parameter "
	 "ac:name='compressed'>false</ac:parameter></ac:structured-macro>",
	 "card(label=Diagram;macro=plantumlcloud;href=https://x.example/wiki/pages/"
	 "viewpage.action?pageId=42;)code(title=Diagram source;'A->B')"},
	{"packed source",
	 "<ac:structured-macro ac:name='plantumlcloud'><ac:parameter "
	 "ac:name='data'>xyz</ac:parameter><ac:parameter "
	 "ac:name='compressed'>true</ac:parameter></ac:structured-macro>",
	 "card(label=Diagram;macro=plantumlcloud;href=https://x.example/wiki/pages/"
	 "viewpage.action?pageId=42;)"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_diagrams");
	TCase *t = tcase_create("macro_diagrams");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
