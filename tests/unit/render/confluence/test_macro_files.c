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
	 "files{file(pic.png;href=https://x.example/wiki/download/attachments/42/"
	 "pic.png;)file(net.png;href=https://x.example/wiki/download/attachments/42/"
	 "net.png;)file(plan.pdf;href=https://x.example/wiki/download/attachments/42/plan.pdf;)}"},
	{"attachments chosen by expression",
	 "<ac:structured-macro ac:name='attachments'><ac:parameter ac:name='patterns'>.*\\.pdf, "
	 "*.gif</ac:parameter></ac:structured-macro>",
	 "files{file(plan.pdf;href=https://x.example/wiki/download/attachments/42/plan.pdf;)}"},
	{"attachments chosen by name, sorted",
	 "<ac:structured-macro ac:name='attachments'><ac:parameter "
	 "ac:name='patterns'>PIC.png,net.png</ac:parameter><ac:parameter "
	 "ac:name='sortBy'>name</ac:parameter></ac:structured-macro>",
	 "files{file(net.png;href=https://x.example/wiki/download/attachments/42/"
	 "net.png;)file(pic.png;href=https://x.example/wiki/download/attachments/42/pic.png;)}"},
	{"attachments the other way round",
	 "<ac:structured-macro ac:name='attachments'><ac:parameter "
	 "ac:name='sortBy'>name</ac:parameter><ac:parameter "
	 "ac:name='sortOrder'>descending</ac:parameter></ac:structured-macro>",
	 "files{file(plan.pdf;href=https://x.example/wiki/download/attachments/42/"
	 "plan.pdf;)file(pic.png;href=https://x.example/wiki/download/attachments/42/"
	 "pic.png;)file(net.png;href=https://x.example/wiki/download/attachments/42/net.png;)}"},
	{"no such attachments",
	 "<ac:structured-macro ac:name='attachments'><ac:parameter "
	 "ac:name='patterns'>x.*</ac:parameter></ac:structured-macro>",
	 "card(label=Files of this "
	 "page;macro=attachments;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"attachments of another page",
	 "<ac:structured-macro ac:name='attachments'><ac:parameter ac:name='page'><ri:page "
	 "ri:content-title='T'/></ac:parameter></ac:structured-macro>",
	 "card(label=Files of this "
	 "page;macro=attachments;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"file of another page",
	 "<ac:structured-macro ac:name='view-file'><ac:parameter ac:name='name'><ri:attachment "
	 "ri:filename='plan.pdf'><ri:page "
	 "ri:content-title='T'/></ri:attachment></ac:parameter></ac:structured-macro>",
	 "file(plan.pdf;href=https://x.example/wiki/pages/viewpage.action?spaceKey=DOC&title=T;)"},
	{"film elsewhere",
	 "<ac:structured-macro ac:name='multimedia'><ac:parameter "
	 "ac:name='url'>https://vimeo.com/1</ac:parameter></ac:structured-macro>",
	 "card(label=Video: Vimeo;href=https://vimeo.com/1;link;)"},
	{"files of the space",
	 "<ac:structured-macro ac:name='space-attachments'></ac:structured-macro>",
	 "card(label=Files of the "
	 "space;macro=space-attachments;href=https://x.example/wiki/pages/"
	 "viewpage.action?pageId=42;)"},
	{"gallery", "<ac:structured-macro ac:name='gallery'></ac:structured-macro>",
	 "gallery{picture(thumb;file=0;alt=pic.png;href=https://x.example/wiki/download/"
	 "attachments/42/pic.png;){}picture(thumb;file=1;alt=net.png;href=https://x.example/wiki/"
	 "download/attachments/42/net.png;){}}"},
	{"gallery as the page wants it",
	 "<ac:structured-macro ac:name='gallery'><ac:parameter "
	 "ac:name='title'>T</ac:parameter><ac:parameter "
	 "ac:name='columns'>2</ac:parameter><ac:parameter "
	 "ac:name='exclude'>net.*</ac:parameter><ac:parameter "
	 "ac:name='sort'>name</ac:parameter></ac:structured-macro>",
	 "p{b:'T'}gallery(columns=2;){picture(thumb;file=0;alt=pic.png;href=https://x.example/wiki/"
	 "download/attachments/42/pic.png;){}}"},
	{"gallery of some, the other way round",
	 "<ac:structured-macro ac:name='gallery'><ac:parameter "
	 "ac:name='include'>.*png</ac:parameter><ac:parameter "
	 "ac:name='reverse'>true</ac:parameter><ac:parameter "
	 "ac:name='columns'>9</ac:parameter></ac:structured-macro>",
	 "gallery{picture(thumb;file=1;alt=net.png;href=https://x.example/wiki/download/"
	 "attachments/42/net.png;){}picture(thumb;file=0;alt=pic.png;href=https://x.example/wiki/"
	 "download/attachments/42/pic.png;){}}"},
	{"gallery of none",
	 "<ac:structured-macro ac:name='gallery'><ac:parameter "
	 "ac:name='include'>x</ac:parameter></ac:structured-macro>",
	 "card(label=Gallery of this "
	 "page;macro=gallery;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
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
