#include "render/confluence/close.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const struct page_row rows[] = {
	{"paragraph that a block cuts",
	 "<p><ac:structured-macro ac:name='code'><ac:plain-text-body>"
	 "<![CDATA[x]]></ac:plain-text-body></ac:structured-macro></p>",
	 "code('x')"},
	{"empty paragraph of a cell", "<table><tr><td><p/></td><td><p>&nbsp;</p></td></tr></table>",
	 "table(columns=2;){row{cell{}cell{}}}"},
	{"lone paragraph of an item is tight",
	 "<ul><li><p>a</p></li><li><p>b</p><p>c</p></li></ul>",
	 "bullets{item{t{'a'}}item{p{'b'}p{'c'}}}"},
	{"item with a list after its paragraph", "<ul><li><p>a</p><ul><li>b</li></ul></li></ul>",
	 "bullets{item{t{'a'}bullets{item{t{'b'}}}}}"},
	{"empty containers",
	 "<blockquote/><div/><ac:structured-macro ac:name='expand'>"
	 "<ac:rich-text-body></ac:rich-text-body></ac:structured-macro><p>a</p>",
	 "p{'a'}"},
	{"title keeps an empty one",
	 "<ac:structured-macro ac:name='expand'>"
	 "<ac:parameter ac:name='title'>T</ac:parameter><ac:rich-text-body>"
	 "</ac:rich-text-body></ac:structured-macro>",
	 "expand(T){}"},
	{"link around a picture alone",
	 "<p><a href='https://a.example'><ac:image>"
	 "<ri:attachment ri:filename='pic.png'/></ac:image></a></p>",
	 "picture(file=0;alt=pic.png;href=https://a.example;){}"},
	{"link around a picture and words",
	 "<p><a href='https://a.example'><ac:image>"
	 "<ri:attachment ri:filename='pic.png'/></ac:image>a</a></p>",
	 "p{link(https://a.example){image(file=0;alt=pic.png;)'a'}}"},
	{"two pictures of a said size stay in the line",
	 "<p><ac:image ac:width='20'><ri:attachment ri:filename='pic.png'/></ac:image>"
	 "<ac:image ac:height='30'><ri:attachment ri:filename='net.png'/></ac:image></p>",
	 "p{image(file=0;alt=pic.png;w=20;)image(file=1;alt=net.png;h=30;)}"},
	{"pictures alone stand one below the other",
	 "<p><ac:image><ri:attachment ri:filename='pic.png'/></ac:image><br/> <a "
	 "href='#x'><ac:image "
	 "ac:width='30'><ri:attachment ri:filename='net.png'/></ac:image></a></p>"
	 "<ac:image><ri:attachment ri:filename='pic.png'/></ac:image> "
	 "<ac:image><ri:attachment ri:filename='net.png'/></ac:image>",
	 "group{picture(file=0;alt=pic.png;){}picture(file=1;alt=net.png;w=30;){}}"
	 "group{picture(file=0;alt=pic.png;){}picture(file=1;alt=net.png;){}}"},
	{"pictures among words stay in the line",
	 "<p>a <ac:image><ri:attachment ri:filename='pic.png'/></ac:image></p>",
	 "p{'a 'image(file=0;alt=pic.png;)}"},
	{"picture takes the paragraph's side",
	 "<p style='text-align:center'><ac:image>"
	 "<ri:attachment ri:filename='pic.png'/></ac:image></p>",
	 "picture(center;file=0;alt=pic.png;){}"},
	{"anchors wait for words", "<p><a name='x'/></p><p><a name='y'/></p><p>a</p>",
	 "p{anchor(y)anchor(x)'a'}"},
	{"columns of unknown width share the rest",
	 "<ac:structured-macro ac:name='section'><ac:rich-text-body>"
	 "<ac:structured-macro ac:name='column'>"
	 "<ac:parameter ac:name='width'>50%</ac:parameter>"
	 "<ac:rich-text-body>a</ac:rich-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='column'>"
	 "<ac:rich-text-body>b</ac:rich-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='column'>"
	 "<ac:rich-text-body>c</ac:rich-text-body></ac:structured-macro>"
	 "</ac:rich-text-body></ac:structured-macro>",
	 "layout{column(50){t{'a'}}column(25){t{'b'}}column(25){t{'c'}}}"},
	{"columns wider than all",
	 "<ac:structured-macro ac:name='section'><ac:rich-text-body>"
	 "<ac:structured-macro ac:name='column'>"
	 "<ac:parameter ac:name='width'>90%</ac:parameter>"
	 "<ac:rich-text-body>a</ac:rich-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='column'>"
	 "<ac:parameter ac:name='width'>90%</ac:parameter>"
	 "<ac:rich-text-body>b</ac:rich-text-body></ac:structured-macro>"
	 "</ac:rich-text-body></ac:structured-macro>",
	 "layout{column(50){t{'a'}}column(50){t{'b'}}}"},
	{"columns in pixels",
	 "<ac:structured-macro ac:name='section'><ac:rich-text-body>"
	 "<ac:structured-macro ac:name='column'>"
	 "<ac:parameter ac:name='width'>300px</ac:parameter>"
	 "<ac:rich-text-body>a</ac:rich-text-body></ac:structured-macro>"
	 "<ac:structured-macro ac:name='column'>"
	 "<ac:rich-text-body>b</ac:rich-text-body></ac:structured-macro>"
	 "</ac:rich-text-body></ac:structured-macro>",
	 "layout{column(50){t{'a'}}column(50){t{'b'}}}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("close");
	TCase *t = tcase_create("close");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
