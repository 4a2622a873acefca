#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
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
	 "heading(1;id=a;){'a'}p{code:'x^2'}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_code");
	TCase *t = tcase_create("macro_code");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
