#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
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
	{"tooltip and footnote",
	 "<p><ac:structured-macro ac:name='tooltip'>"
	 "<ac:parameter ac:name='text'>tip</ac:parameter>"
	 "<ac:rich-text-body>a</ac:rich-text-body>"
	 "</ac:structured-macro>b<ac:structured-macro ac:name='footnote'>"
	 "<ac:plain-text-body><![CDATA[note]]></ac:plain-text-body>"
	 "</ac:structured-macro></p>",
	 "p{'a (tip)b (note)'}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_line");
	TCase *t = tcase_create("macro_line");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
