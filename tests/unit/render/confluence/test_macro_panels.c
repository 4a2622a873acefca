#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

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
	{"borders",
	 "<ac:structured-macro ac:name='panel'><ac:parameter ac:name='title'>a</ac:parameter>"
	 "<ac:parameter ac:name='borderStyle'>dashed</ac:parameter>"
	 "<ac:parameter ac:name='borderWidth'>3</ac:parameter></ac:structured-macro>"
	 "<ac:structured-macro ac:name='panel'><ac:parameter ac:name='title'>b</ac:parameter>"
	 "<ac:parameter ac:name='borderWidth'>900px</ac:parameter></ac:structured-macro>"
	 "<ac:structured-macro ac:name='panel'><ac:parameter ac:name='title'>c</ac:parameter>"
	 "<ac:parameter ac:name='borderWidth'>0</ac:parameter></ac:structured-macro>",
	 "panel(plain;title=a;borderwidth=3;borderstyle=1;){}panel(plain;title=b;borderwidth=8;){}"
	 "panel(plain;title=c;borderstyle=4;){}"},
	{"messages of a kind",
	 "<ac:structured-macro ac:name='auimessage'><ac:parameter ac:name='type'>hint"
	 "</ac:parameter><ac:rich-text-body>a</ac:rich-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='alert'><ac:parameter ac:name='type'>Danger"
	 "</ac:parameter><ac:rich-text-body>b</ac:rich-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='alert'><ac:rich-text-body>c</ac:rich-text-body>"
	 "</ac:structured-macro>",
	 "panel(tip;){p{'a'}}panel(error;){p{'b'}}panel(warning;){p{'c'}}"},
	{"panel with an icon",
	 "<ac:structured-macro ac:name='panel'>"
	 "<ac:parameter ac:name='panelIconText'>!</ac:parameter>"
	 "<ac:parameter ac:name='bgColor'>#E6FCFF</ac:parameter>"
	 "<ac:rich-text-body><p>a</p></ac:rich-text-body></ac:structured-macro>",
	 "panel(custom;icon=!;ground=#e6fcff;){p{'a'}}"},
	{"expand",
	 "<ac:structured-macro ac:name='expand'>"
	 "<ac:parameter ac:name='title'>T</ac:parameter><ac:rich-text-body>"
	 "<p>a</p><ac:structured-macro ac:name='expand'>"
	 "<ac:rich-text-body>b</ac:rich-text-body></ac:structured-macro>"
	 "</ac:rich-text-body></ac:structured-macro>",
	 "expand(T){p{'a'}expand(nested;){p{'b'}}}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_panels");
	TCase *t = tcase_create("macro_panels");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
