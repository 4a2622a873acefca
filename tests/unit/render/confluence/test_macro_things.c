#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const struct page_row rows[] = {
	{"unknown with a rich body",
	 "<ac:structured-macro ac:name='zz'><ac:rich-text-body><p>a</p>"
	 "</ac:rich-text-body></ac:structured-macro>",
	 "p{'a'}"},
	{"unknown with a plain body",
	 "<ac:structured-macro ac:name='zz'><ac:plain-text-body><![CDATA[a]]>"
	 "</ac:plain-text-body></ac:structured-macro>",
	 "code('a')"},
	{"unknown without a body",
	 "<ac:structured-macro ac:name='zz'></ac:structured-macro>"
	 "<p>a <ac:structured-macro ac:name='zz'></ac:structured-macro></p>",
	 "card(label=zz;macro=zz;href=https://x.example/wiki/pages/viewpage.action?pag"
	 "eId=42;)p{'a 'card_inline(label=zz;macro=zz;href=https://x.example/wiki/page"
	 "s/viewpage.action?pageId=42;)}"},
	{"macro without a name", "<ac:structured-macro/>",
	 "card(label=Macro;href=https://x.example/wiki/pages/viewpage.action?pageId=42"
	 ";)"},
	{"live ones",
	 "<ac:structured-macro ac:name='children'></ac:structured-macro>"
	 "<ac:structured-macro ac:name='contentbylabel'>"
	 "<ac:parameter ac:name='cql'>label = x</ac:parameter>"
	 "</ac:structured-macro>",
	 "card(label=Pages under this page;macro=children;href=https://x.example/wiki/"
	 "pages/viewpage.action?pageId=42;)card(label=Pages with a label;macro=content"
	 "bylabel;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"live one alone in a paragraph",
	 "<p><ac:structured-macro ac:name='children'></ac:structured-macro></p>",
	 "card(label=Pages under this page;macro=children;href=https://x.example/wiki/"
	 "pages/viewpage.action?pageId=42;)"},
	{"file",
	 "<ac:structured-macro ac:name='view-file'><ac:parameter ac:name='name'>"
	 "<ri:attachment ri:filename='plan.pdf'/></ac:parameter>"
	 "</ac:structured-macro><ac:structured-macro ac:name='viewpdf'>"
	 "<ac:parameter ac:name='name'>none.pdf</ac:parameter>"
	 "</ac:structured-macro>",
	 "file(plan.pdf;href=https://x.example/wiki/download/attachments/42/plan.pdf;)"
	 "file(none.pdf;href=https://x.example/wiki/download/attachments/42/none.pdf;)"},
	{"file without a name", "<ac:structured-macro ac:name='view-file'></ac:structured-macro>",
	 "card(label=File;macro=view-file;href=https://x.example/wiki/pages/viewpage.a"
	 "ction?pageId=42;)"},
	{"attachments", "<ac:structured-macro ac:name='attachments'></ac:structured-macro>",
	 "file(pic.png;href=https://x.example/wiki/download/attachments/42/pic.png;)fi"
	 "le(net.png;href=https://x.example/wiki/download/attachments/42/net.png;)file"
	 "(plan.pdf;href=https://x.example/wiki/download/attachments/42/plan.pdf;)"},
	{"gallery", "<ac:structured-macro ac:name='gallery'></ac:structured-macro>",
	 "gallery{picture(thumb;file=0;alt=pic.png;){}"
	 "picture(thumb;file=1;alt=net.png;){}}"},
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
	{"included page",
	 "<ac:structured-macro ac:name='include'><ac:parameter ac:name=''>"
	 "<ac:link><ri:page ri:content-title='T'/></ac:link></ac:parameter>"
	 "</ac:structured-macro><ac:structured-macro ac:name='excerpt-include'>"
	 "<ac:parameter ac:name='name'>x</ac:parameter></ac:structured-macro>",
	 "card(label=Included page: T;macro=include;href=https://x.example/wiki/pages/"
	 "viewpage.action?spaceKey=DOC&title=T;)card(label=Excerpt of a page;macro=exc"
	 "erpt-include;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"person",
	 "<ac:structured-macro ac:name='profile'><ac:parameter ac:name='user'>"
	 "<ri:user ri:account-id='u1'/></ac:parameter></ac:structured-macro>",
	 "p{mention(Ann)}"},
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
	{"app of the new editor",
	 "<ac:adf-extension><ac:adf-node type='extension'>"
	 "<ac:adf-attribute key='extension-key'>k</ac:adf-attribute>"
	 "<ac:adf-attribute key='parameters'>"
	 "<ac:adf-parameter key='extension-title'>Pie</ac:adf-parameter>"
	 "</ac:adf-attribute></ac:adf-node></ac:adf-extension>",
	 "card(label=Pie;macro=extension;href=https://x.example/wiki/pages/viewpage.ac"
	 "tion?pageId=42;)"},
	{"macro of the new editor",
	 "<ac:adf-extension><ac:adf-node type='extension'>"
	 "<ac:adf-attribute key='extension-type'>com.atlassian.confluence.macro.core</"
	 "ac:adf-attribute>"
	 "<ac:adf-attribute key='extension-key'>children</ac:adf-attribute>"
	 "</ac:adf-node></ac:adf-extension>",
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
	Suite *s = suite_create("macro_things");
	TCase *t = tcase_create("macro_things");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
