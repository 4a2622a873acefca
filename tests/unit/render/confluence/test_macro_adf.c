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
	Suite *s = suite_create("macro_adf");
	TCase *t = tcase_create("macro_adf");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
