#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
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
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_files");
	TCase *t = tcase_create("macro_files");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
