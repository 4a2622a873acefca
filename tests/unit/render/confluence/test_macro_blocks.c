#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const struct page_row rows[] = {
	{"panels",
	 "<ac:structured-macro ac:name='info'>"
	 "<ac:parameter ac:name='title'> T </ac:parameter><ac:rich-text-body>"
	 "<p>a</p></ac:rich-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='note'>"
	 "<ac:rich-text-body>b</ac:rich-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='tip'>"
	 "<ac:rich-text-body>c</ac:rich-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='warning'>"
	 "<ac:rich-text-body>d</ac:rich-text-body></ac:structured-macro>",
	 "panel(info;title=T;){p{'a'}}panel(warning;){p{'b'}}panel(success;)"
	 "{p{'c'}}panel(error;){p{'d'}}"},
	{"panel with a plain body",
	 "<ac:structured-macro ac:name='info'><ac:plain-text-body><![CDATA[a]]>"
	 "</ac:plain-text-body></ac:structured-macro>",
	 "panel(info;){p{'a'}}"},
	{"empty panels",
	 "<ac:structured-macro ac:name='info'></ac:structured-macro>"
	 "<ac:structured-macro ac:name='info'>"
	 "<ac:parameter ac:name='title'>T</ac:parameter></ac:structured-macro>",
	 "panel(info;title=T;){}"},
	{"coloured panel",
	 "<ac:structured-macro ac:name='panel'>"
	 "<ac:parameter ac:name='title'>T</ac:parameter>"
	 "<ac:parameter ac:name='bgColor'>#fff</ac:parameter>"
	 "<ac:parameter ac:name='borderColor'>red</ac:parameter>"
	 "<ac:parameter ac:name='titleBGColor'>#010203</ac:parameter>"
	 "<ac:parameter ac:name='titleColor'>x</ac:parameter><ac:rich-text-body>"
	 "<p>a</p></ac:rich-text-body></ac:structured-macro>",
	 "panel(plain;title=T;ground=#ffffff;border=#ff0000;titleground=#010203;)"
	 "{p{'a'}}"},
	{"panel with an icon",
	 "<ac:structured-macro ac:name='panel'>"
	 "<ac:parameter ac:name='panelIconText'>!</ac:parameter>"
	 "<ac:parameter ac:name='bgColor'>#E6FCFF</ac:parameter>"
	 "<ac:rich-text-body><p>a</p></ac:rich-text-body></ac:structured-macro>",
	 "panel(custom;icon=!;ground=#e6fcff;){p{'a'}}"},
	{"code",
	 "<ac:structured-macro ac:name='code'>"
	 "<ac:parameter ac:name='language'>c</ac:parameter>"
	 "<ac:parameter ac:name='title'>T</ac:parameter>"
	 "<ac:parameter ac:name='linenumbers'>true</ac:parameter>"
	 "<ac:parameter ac:name='firstline'>7</ac:parameter><ac:plain-text-body>"
	 "<![CDATA[a\n\tb  c\n]]></ac:plain-text-body></ac:structured-macro>",
	 "code(language=c;title=T;from=7;'a\n\tb  c')"},
	{"code by wiki markup",
	 "<ac:structured-macro ac:name='code'>"
	 "<ac:parameter ac:name=''>sql</ac:parameter><ac:plain-text-body>"
	 "<![CDATA[x]]></ac:plain-text-body></ac:structured-macro>",
	 "code(language=sql;'x')"},
	{"code in two pieces",
	 "<ac:structured-macro ac:name='code'><ac:plain-text-body>"
	 "<![CDATA[a ]]]]><![CDATA[> b]]></ac:plain-text-body>"
	 "</ac:structured-macro>",
	 "code('a ]]> b')"},
	{"noformat",
	 "<ac:structured-macro ac:name='noformat'>"
	 "<ac:parameter ac:name='nopanel'>true</ac:parameter>"
	 "<ac:plain-text-body><![CDATA[<b>]]></ac:plain-text-body>"
	 "</ac:structured-macro>",
	 "code(bare;'<b>')"},
	{"code without a body", "<ac:structured-macro ac:name='code'></ac:structured-macro>", ""},
	{"code in a paragraph",
	 "<p>a<ac:structured-macro ac:name='code'><ac:plain-text-body>"
	 "<![CDATA[x]]></ac:plain-text-body></ac:structured-macro>b</p>",
	 "p{'a'}code('x')p{'b'}"},
	{"expand",
	 "<ac:structured-macro ac:name='expand'>"
	 "<ac:parameter ac:name='title'>T</ac:parameter><ac:rich-text-body>"
	 "<p>a</p><ac:structured-macro ac:name='expand'>"
	 "<ac:rich-text-body>b</ac:rich-text-body></ac:structured-macro>"
	 "</ac:rich-text-body></ac:structured-macro>",
	 "expand(T){p{'a'}expand(nested;){p{'b'}}}"},
	{"status",
	 "<p><ac:structured-macro ac:name='status'>"
	 "<ac:parameter ac:name='title'>On Track</ac:parameter>"
	 "<ac:parameter ac:name='colour'>Green</ac:parameter>"
	 "</ac:structured-macro><ac:structured-macro ac:name='status'>"
	 "<ac:parameter ac:name='colour'>Red</ac:parameter>"
	 "</ac:structured-macro><ac:structured-macro ac:name='status'>"
	 "</ac:structured-macro><ac:structured-macro ac:name='status'>"
	 "<ac:parameter ac:name='title'>x</ac:parameter>"
	 "<ac:parameter ac:name='colour'>Pink</ac:parameter>"
	 "</ac:structured-macro></p>",
	 "p{status(green;On Track)status(red;Red)status(neutral;x)}"},
	{"anchor",
	 "<ac:structured-macro ac:name='anchor'>"
	 "<ac:parameter ac:name=''>a b</ac:parameter></ac:structured-macro>"
	 "<p>x</p><p><ac:structured-macro ac:name='anchor'>"
	 "<ac:parameter ac:name=''>c</ac:parameter></ac:structured-macro></p>",
	 "p{anchor(a-b)'x'}p{anchor(c)}"},
	{"hidden",
	 "<ac:structured-macro ac:name='excerpt'>"
	 "<ac:parameter ac:name='hidden'>true</ac:parameter><ac:rich-text-body>"
	 "<p>a</p></ac:rich-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='details'>"
	 "<ac:parameter ac:name='hidden'>false</ac:parameter><ac:rich-text-body>"
	 "<p>b</p></ac:rich-text-body></ac:structured-macro>",
	 "p{'b'}"},
	{"excerpt in the line",
	 "<p>a <ac:structured-macro ac:name='excerpt'>"
	 "<ac:parameter ac:name='atlassian-macro-output-type'>INLINE</ac:parameter>"
	 "<ac:rich-text-body>b</ac:rich-text-body></ac:structured-macro> c</p>",
	 "p{'a b c'}"},
	{"columns",
	 "<ac:structured-macro ac:name='section'>"
	 "<ac:parameter ac:name='border'>true</ac:parameter><ac:rich-text-body>"
	 "<ac:structured-macro ac:name='column'>"
	 "<ac:parameter ac:name='width'>30%</ac:parameter>"
	 "<ac:rich-text-body>a</ac:rich-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='column'>"
	 "<ac:rich-text-body>b</ac:rich-text-body></ac:structured-macro>"
	 "</ac:rich-text-body></ac:structured-macro>",
	 "layout{column(30){t{'a'}}column(70){t{'b'}}}"},
	{"column alone",
	 "<ac:structured-macro ac:name='column'>"
	 "<ac:rich-text-body>a</ac:rich-text-body></ac:structured-macro>",
	 "group{group{t{'a'}}}"},
	{"tabs",
	 "<ac:structured-macro ac:name='deck'><ac:rich-text-body>"
	 "<ac:structured-macro ac:name='card'>"
	 "<ac:parameter ac:name='label'>L</ac:parameter><ac:rich-text-body>"
	 "<p>a</p></ac:rich-text-body></ac:structured-macro></ac:rich-text-body>"
	 "</ac:structured-macro>",
	 "tab(L){p{'a'}}"},
	{"chart",
	 "<ac:structured-macro ac:name='chart'>"
	 "<ac:parameter ac:name='title'>T</ac:parameter><ac:rich-text-body>"
	 "<table><tr><td>1</td></tr></table></ac:rich-text-body>"
	 "</ac:structured-macro>",
	 "tab(T){table(columns=1;){row{cell{t{'1'}}}}}"},
	{"chart without figures",
	 "<ac:structured-macro ac:name='chart'>"
	 "<ac:parameter ac:name='title'>T</ac:parameter></ac:structured-macro>",
	 "card(label=Chart;macro=chart;href=https://x.example/wiki/pages/viewpage.acti"
	 "on?pageId=42;)"},
	{"tooltip and footnote",
	 "<p><ac:structured-macro ac:name='tooltip'>"
	 "<ac:parameter ac:name='text'>tip</ac:parameter>"
	 "<ac:rich-text-body>a</ac:rich-text-body>"
	 "</ac:structured-macro>b<ac:structured-macro ac:name='footnote'>"
	 "<ac:plain-text-body><![CDATA[note]]></ac:plain-text-body>"
	 "</ac:structured-macro></p>",
	 "p{'a (tip)b (note)'}"},
	{"controls",
	 "<ac:structured-macro ac:name='livesearch'></ac:structured-macro>"
	 "<ac:structured-macro ac:name='style'><ac:plain-text-body>"
	 "<![CDATA[p{}]]></ac:plain-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='javascript'>"
	 "<ac:rich-text-body>x</ac:rich-text-body></ac:structured-macro>",
	 ""},
	{"html",
	 "<ac:structured-macro ac:name='html'><ac:plain-text-body>"
	 "<![CDATA[<p>a <b>b<script>x</script></p>"
	 "<a href=\"javascript:x\">c</a>]]></ac:plain-text-body>"
	 "</ac:structured-macro>",
	 "p{'a 'b:'b'}p{'c'}"},
	{"html in html",
	 "<ac:structured-macro ac:name='html'><ac:plain-text-body>"
	 "<![CDATA[<p>a</p><ac:structured-macro ac:name=\"html\">"
	 "<ac:plain-text-body>x</ac:plain-text-body></ac:structured-macro>]]>"
	 "</ac:plain-text-body></ac:structured-macro>",
	 "p{'a'}code('x')"},
	{"markdown and mathematics",
	 "<ac:structured-macro ac:name='markdown'><ac:plain-text-body>"
	 "<![CDATA[# a]]></ac:plain-text-body></ac:structured-macro><p>"
	 "<ac:structured-macro ac:name='mathinline'>"
	 "<ac:parameter ac:name='body'>x^2</ac:parameter></ac:structured-macro>"
	 "</p>",
	 "code(language=markdown;'# a')p{code:'x^2'}"},
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
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_blocks");
	TCase *t = tcase_create("macro_blocks");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
