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
	{"lozenge",
	 "<p><ac:structured-macro ac:name='lozenge'>"
	 "<ac:parameter ac:name='type'>moved</ac:parameter><ac:parameter ac:name='text'>a"
	 "</ac:parameter></ac:structured-macro></p>",
	 "p{status(purple;a)}"},
	{"tooltip",
	 "<p>a <ac:structured-macro ac:name='tooltip'><ac:parameter ac:name='text'>tip"
	 "</ac:parameter><ac:rich-text-body>b</ac:rich-text-body></ac:structured-macro>c</p>",
	 "p{'a b (tip)c'}"},
	{"tooltip whose body is the tip",
	 "<p><ac:structured-macro ac:name='cfm-tooltip'><ac:parameter ac:name='linkText'>a"
	 "</ac:parameter><ac:rich-text-body>tip</ac:rich-text-body></ac:structured-macro></p>",
	 "p{'a (tip)'}"},
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
