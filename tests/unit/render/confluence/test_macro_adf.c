#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"new editor's panel",
	 "<ac:adf-extension><ac:adf-node type='panel'>"
	 "<ac:adf-attribute key='panel-type'>custom</ac:adf-attribute>"
	 "<ac:adf-attribute key='panel-icon-text'>!</ac:adf-attribute>"
	 "<ac:adf-attribute key='panel-color'>#fff0b3</ac:adf-attribute>"
	 "<ac:adf-content><p>a</p></ac:adf-content></ac:adf-node>"
	 "<ac:adf-fallback><p>b</p></ac:adf-fallback></ac:adf-extension>",
	 "panel(custom;icon=!;ground=#fff0b3;){p{'a'}}"},
	{"decisions",
	 "<ac:adf-extension><ac:adf-node type='decision-list'>"
	 "<ac:adf-node type='decision-item'>"
	 "<ac:adf-attribute key='state'>DECIDED</ac:adf-attribute>"
	 "<ac:adf-content>a</ac:adf-content></ac:adf-node>"
	 "<ac:adf-node type='decision-item'><ac:adf-content>b</ac:adf-content>"
	 "</ac:adf-node></ac:adf-node></ac:adf-extension>",
	 "decisions{decision(done;){t{'a'}}decision{t{'b'}}}"},
	{"app of the new editor",
	 "<ac:adf-extension><ac:adf-node type='extension'>"
	 "<ac:adf-attribute key='extension-key'>k</ac:adf-attribute>"
	 "<ac:adf-attribute key='parameters'>"
	 "<ac:adf-parameter key='extension-title'>Pie</ac:adf-parameter>"
	 "</ac:adf-attribute></ac:adf-node></ac:adf-extension>",
	 "card(label=Pie;macro=Pie;href=https://x.example/wiki/pages/viewpage.ac"
	 "tion?pageId=42;)"},
	{"app with a fallback",
	 "<ac:adf-extension><ac:adf-node type='extension'>"
	 "<ac:adf-attribute key='extension-key'>k</ac:adf-attribute></ac:adf-node>"
	 "<ac:adf-fallback><p>as it was</p></ac:adf-fallback></ac:adf-extension>",
	 "p{'as it was'}"},
	{"app with a fallback that says nothing",
	 "<ac:adf-extension><ac:adf-node type='extension'>"
	 "<ac:adf-attribute key='text'>App</ac:adf-attribute></ac:adf-node>"
	 "<ac:adf-fallback> </ac:adf-fallback></ac:adf-extension>",
	 "card(label=App;macro=App;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"app with content from the job",
	 "<ac:adf-extension><ac:adf-node type='extension'>"
	 "<ac:adf-attribute key='local-id'>l-html</ac:adf-attribute></ac:adf-node>"
	 "<ac:adf-fallback><p>as it was</p></ac:adf-fallback></ac:adf-extension>",
	 "p{'live 'b:'html'}"},
	{"synced block with content from the job",
	 "<ac:adf-extension><ac:adf-node type='sync-block'>"
	 "<ac:adf-attribute key='resource-id'>l-html</ac:adf-attribute></ac:adf-node>"
	 "</ac:adf-extension>",
	 "p{'live 'b:'html'}"},
	{"parameters inside parameters",
	 "<ac:adf-extension><ac:adf-node type='extension'>"
	 "<ac:adf-attribute key='extension-type'>com.atlassian.confluence.macro.core</"
	 "ac:adf-attribute><ac:adf-attribute key='extension-key'>panel</ac:adf-attribute>"
	 "<ac:adf-attribute key='parameters'><ac:adf-parameter key='macro-params'>"
	 "<ac:adf-parameter key='title'><ac:adf-parameter key='value'>T</ac:adf-parameter>"
	 "</ac:adf-parameter><ac:adf-parameter key='bg-color'><ac:adf-parameter key='value'>"
	 "#ff0000</ac:adf-parameter></ac:adf-parameter></ac:adf-parameter></ac:adf-attribute>"
	 "</ac:adf-node></ac:adf-extension>",
	 "panel(plain;title=T;ground=#ff0000;){}"},
	{"several values",
	 "<ac:adf-extension><ac:adf-node type='extension'>"
	 "<ac:adf-attribute key='parameters'><ac:adf-parameter key='extension-title'>"
	 "<ac:adf-parameter-value>a</ac:adf-parameter-value>"
	 "<ac:adf-parameter-value>b</ac:adf-parameter-value></ac:adf-parameter>"
	 "</ac:adf-attribute></ac:adf-node></ac:adf-extension>",
	 "card(label=a, b;macro=a, b;href=https://x.example/wiki/pages/viewpage.action?pageId=42;"
	 ")"},
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
	Suite *s = suite_create("macro_adf");
	TCase *t = tcase_create("macro_adf");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
