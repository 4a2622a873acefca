#include "render/confluence/elements.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

#define HREF	   "href=https://x.example/wiki/download/attachments/42/"
#define JSON(text) "<fab:adf><![CDATA[" text "]]></fab:adf>"

static const struct page_row rows[] = {
	{"mention by id", "<p><fab:link><fab:mention atlassian-id='u1'/></fab:link></p>",
	 "p{mention(Ann)}"},
	{"mention with its name",
	 "<p><fab:mention atlassian-id='u9'><![CDATA[@Eve Example]]></fab:mention></p>",
	 "p{mention(Eve Example)}"},
	{"link", "<p><fab:link href='https://a.example'>a</fab:link> b</p>",
	 "p{link(https://a.example){'a'}' b'}"},
	{"link that does not leave", "<p><fab:link href='javascript:x'>a</fab:link></p>", "p{'a'}"},
	{"block of ADF", "<p>a</p>" JSON("{\"type\":\"rule\"}") "<p>b</p>", "p{'a'}rule{}p{'b'}"},
	{"ADF in a line",
	 "<p>a " JSON(
		 "{\"type\":\"text\",\"text\":\"b\",\"marks\":[{\"type\":\"strong\"}]}") " c</p>",
	 "p{'a 'b:'b ''c'}"},
	{"ADF inside of marks goes back to them",
	 "<p><b>a" JSON("{\"type\":\"hardBreak\"}") "c</b>d</p>", "p{b:'a'b:breakb:'c''d'}"},
	{"document of ADF",
	 "<p>a</"
	 "p><fab:adf><![CDATA[{\"type\":\"doc\",\"content\":[{\"type\":\"paragraph\",\"content\":"
	 "[{\"type\":\"text\",\"text\":\"b < "
	 "c\",\"marks\":[{\"type\":\"strong\"}]}]}]}]]></fab:adf><p>d</p>",
	 "p{'a'}p{b:'b < c'}p{'d'}"},
	{"no ADF", "<fab:adf>x</fab:adf>",
	 "card(label=Part of the page in the new editor's format;href=https://x.example/wiki/pages/"
	 "viewpage.action?pageId=42;)"},
	{"picture by its name", "<fab:media media-type='image' file-name='pic.png'/>",
	 "picture(file=0;alt=pic.png;){}"},
	{"picture that did not come",
	 "<fab:media media-type='file' file-mime-type='image/png' file-name='x.png'/>",
	 "picture(alt=x.png;){}"},
	{"file", "<fab:media media-type='file' file-name='x.zip'/>", "file(x.zip;" HREF "x.zip;)"},
	{"file without a name", "<fab:media media-type='file' media-id='m'/>",
	 "file(file;" HREF "file;)"},
	{"picture with a layout",
	 "<fab:media-single layout='wrap-right'><fab:media "
	 "file-name='pic.png'/></fab:media-single>",
	 "picture(wrap-end;file=0;alt=pic.png;){}"},
	{"group of pictures",
	 "<p>a</p><fab:media-group><fab:media file-name='pic.png'/></fab:media-group>",
	 "p{'a'}picture(file=0;alt=pic.png;w=160;){}"},
	{"hidden",
	 "<p>a<fab:placeholder-url>x</fab:placeholder-url><fab:display-type>y</fab:display-type></"
	 "p>",
	 "p{'a'}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("fabric");
	TCase *t = tcase_create("fabric");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
