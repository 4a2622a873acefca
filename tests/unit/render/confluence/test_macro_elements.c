#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const struct page_row rows[] = {
	{"old name of the element",
	 "<ac:macro ac:name='info'>"
	 "<ac:default-parameter>x</ac:default-parameter>"
	 "<ac:rich-text-body>a</ac:rich-text-body></ac:macro>",
	 "panel(info;){p{'a'}}"},
	{"parameters show nothing", "<p>a<ac:parameter ac:name='x'>b</ac:parameter>c</p>",
	 "p{'ac'}"},
	{"body without a macro",
	 "<ac:rich-text-body><p>a</p></ac:rich-text-body>"
	 "<ac:plain-text-body>b</ac:plain-text-body>",
	 "p{'a'}p{'b'}"},
	{"two bodies",
	 "<ac:structured-macro ac:name='info'><ac:rich-text-body><p>a</p>"
	 "</ac:rich-text-body><ac:rich-text-body><p>b</p></ac:rich-text-body>"
	 "</ac:structured-macro>",
	 "panel(info;){p{'a'}}p{'b'}"},
	{"macro in a macro",
	 "<ac:structured-macro ac:name='info'><ac:rich-text-body>"
	 "<ac:structured-macro ac:name='status'>"
	 "<ac:parameter ac:name='title'>S</ac:parameter></ac:structured-macro>"
	 "<ac:structured-macro ac:name='code'><ac:plain-text-body><![CDATA[x]]>"
	 "</ac:plain-text-body></ac:structured-macro></ac:rich-text-body>"
	 "</ac:structured-macro>",
	 "panel(info;){p{status(neutral;S)}code('x')}"},
	{"unknown node with a fallback",
	 "<ac:adf-extension><ac:adf-node type='zz'><ac:adf-content><p>a</p>"
	 "</ac:adf-content></ac:adf-node><ac:adf-fallback><p>b</p>"
	 "</ac:adf-fallback></ac:adf-extension>",
	 "group{}p{'b'}"},
	{"unknown node without",
	 "<ac:adf-extension><ac:adf-node type='zz'><ac:adf-content><p>a</p>"
	 "</ac:adf-content></ac:adf-node></ac:adf-extension>",
	 "group{p{'a'}}"},
	{"empty unknown node",
	 "<ac:adf-extension><ac:adf-node type='zz'/><ac:adf-fallback><p>b</p>"
	 "</ac:adf-fallback></ac:adf-extension><p>c</p>",
	 "p{'b'}p{'c'}"},
	{"fallback inside its node",
	 "<ac:adf-extension><ac:adf-node type='zz'><ac:adf-content><p>a</p>"
	 "</ac:adf-content><ac:adf-fallback><p>b</p></ac:adf-fallback>"
	 "</ac:adf-node></ac:adf-extension><p>c</p>",
	 "group{p{'a'}p{'b'}}p{'c'}"},
	{"node after its fallback",
	 "<ac:adf-extension><ac:adf-fallback><p>b</p></ac:adf-fallback>"
	 "<ac:adf-node type='zz'><ac:adf-content><p>a</p></ac:adf-content>"
	 "</ac:adf-node></ac:adf-extension>",
	 "p{'b'}group{p{'a'}}"},
	{"contents in a node that a fallback replaces",
	 "<ac:adf-extension><ac:adf-node type='zz'>"
	 "<ac:structured-macro ac:name='toc'/><h1>A</h1><p><a href='#A'>a</a>"
	 "</p></ac:adf-node><ac:adf-fallback><h1>B</h1></ac:adf-fallback>"
	 "</ac:adf-extension>",
	 "group{}heading(1;id=B;){'B'}"},
	{"fallback alone",
	 "<ac:adf-extension><ac:adf-fallback><p>b</p></ac:adf-fallback>"
	 "</ac:adf-extension>",
	 "p{'b'}"},
	{"node alone",
	 "<ac:adf-node type='bodied-sync-block'><ac:adf-content><p>a</p>"
	 "</ac:adf-content></ac:adf-node>",
	 "frame{p{'a'}}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_elements");
	TCase *t = tcase_create("macro_elements");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
