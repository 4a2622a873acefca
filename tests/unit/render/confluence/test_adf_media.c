#include "render/confluence/adf_inside.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

#define FILE_NODE(attrs)       ADF_LEAF("media", "'type':'file','id':'i','collection':'c'," attrs)
#define SINGLE(attrs, content) ADF_WITH("mediaSingle", attrs, content)
#define BORDER		       "{'type':'border','attrs':{'size':2,'color':'#ff0000'}}"

static const struct page_row rows[] = {
	{"by alt", SINGLE("'layout':'center'", FILE_NODE("'alt':'pic.png','width':10,'height':10")),
	 "picture(center;file=0;alt=pic.png;){}"},
	{"by file name",
	 SINGLE("'layout':'center'", FILE_NODE("'alt':'A tree','__fileName':'pic.png'")),
	 "picture(center;file=0;alt=A tree;){}"},
	{"by id", SINGLE("", ADF_LEAF("media", "'type':'file','id':'pic.png'")),
	 "picture(center;file=0;alt=pic.png;){}"},
	{"by the file's id",
	 SINGLE("", ADF_LEAF("media", "'type':'file','id':'f-pic','alt':'net.png'")),
	 "picture(center;file=0;alt=net.png;){}"},
	{"missing",
	 SINGLE("", FILE_NODE("'alt':'A tree'")) "," SINGLE(
		 "", FILE_NODE("'alt':'tree.png'")) "," SINGLE("", FILE_NODE("")),
	 "picture(center;alt=A tree;){}picture(center;alt=tree.png;){}picture(center;){}"},
	{"a file", SINGLE("", FILE_NODE("'alt':'plan.pdf'")),
	 "file(plan.pdf;href=https://x.example/wiki/download/attachments/42/plan.pdf;)"},
	{"a file that did not come", SINGLE("", FILE_NODE("'alt':'none.pdf'")),
	 "file(none.pdf;href=https://x.example/wiki/download/attachments/42/none.pdf;)"},
	{"external",
	 SINGLE("'layout':'wide'",
		ADF_LEAF(
			"media",
			"'type':'external','url':'https://a.example/x.png','width':100,'alt':'x'")),
	 "picture(center;url=https://a.example/x.png;alt=x;w=100;){}"},
	{"external, hostile",
	 SINGLE("", ADF_LEAF("media", "'type':'external','url':'javascript:x','alt':'x'")),
	 "picture(center;alt=x;){}"},
	{"kind link", SINGLE("", ADF_LEAF("media", "'type':'link','id':'i','alt':'x'")),
	 "file(x;href=https://x.example/wiki/pages/viewpage.action?pageId=42;)"},
	{"width in per cent",
	 SINGLE("'layout':'wrap-left','width':33.3", FILE_NODE("'alt':'pic.png'")),
	 "picture(wrap-start;file=0;alt=pic.png;percent=33;){}"},
	{"width in px",
	 SINGLE("'layout':'wrap-right','width':120,'widthType':'pixel'",
		FILE_NODE("'alt':'pic.png'")),
	 "picture(wrap-end;file=0;alt=pic.png;w=120;){}"},
	{"wrong width", SINGLE("'layout':5,'width':-10", FILE_NODE("'alt':'pic.png'")),
	 "picture(center;file=0;alt=pic.png;){}"},
	{"caption",
	 SINGLE("'layout':'align-end'",
		FILE_NODE("'alt':'pic.png'") "," ADF_OF("caption", ADF_TEXT("c"))),
	 "picture(end;file=0;alt=pic.png;){caption{'c'}}"},
	{"caption of a file",
	 SINGLE("", FILE_NODE("'alt':'plan.pdf'") "," ADF_OF("caption", ADF_TEXT("c"))),
	 "file(plan.pdf;href=https://x.example/wiki/download/attachments/42/plan.pdf;)p{'c'}"},
	{"caption alone",
	 ADF_OF("caption", ADF_TEXT("c")) "," SINGLE("", ADF_OF("caption", ADF_TEXT("d"))),
	 "p{'c'}p{'d'}"},
	{"border and link",
	 SINGLE("",
		"{'type':'media','attrs':{'type':'file','id':'i','alt':'pic.png'},'marks':[" BORDER
		",{'type':'link','attrs':{'href':'https://a.example'}}]}"),
	 "picture(center;file=0;alt=pic.png;href=https://a.example;border=2;){}"},
	{"link on the frame",
	 "{'type':'mediaSingle','marks':[{'type':'link','attrs':{'href':'https://"
	 "a.example'}}],'content':[" FILE_NODE("'alt':'pic.png'") "]}",
	 "picture(center;file=0;alt=pic.png;href=https://a.example;){}"},
	{"group of pictures",
	 ADF_OF("mediaGroup", FILE_NODE("'alt':'pic.png'") "," FILE_NODE("'alt':'net.png'")),
	 "gallery{picture(thumb;file=0;alt=pic.png;){}picture(thumb;file=1;alt=net.png;){}}"},
	{"group of all kinds",
	 ADF_OF("mediaGroup",
		FILE_NODE("'alt':'pic.png'") "," FILE_NODE("'alt':'plan.pdf'") "," FILE_NODE(
			"") ",null," FILE_NODE("'alt':'net.png'")),
	 "gallery{picture(thumb;file=0;alt=pic.png;){}}file(plan.pdf;href=https://x.example/wiki/"
	 "download/attachments/42/plan.pdf;)file(File;href=https://x.example/wiki/pages/"
	 "viewpage.action?pageId=42;)gallery{picture(thumb;file=1;alt=net.png;){}}"},
	{"empty group", ADF_OF("mediaGroup", ""), ""},
	{"picture in the line",
	 ADF_P(ADF_TEXT("a ") "," ADF_LEAF(
		 "mediaInline", "'type':'image','id':'i','alt':'pic.png','width':300,'height':96")),
	 "p{'a 'image(file=0;alt=pic.png;w=150;h=48;inline;)}"},
	{"file in the line",
	 ADF_P(ADF_TEXT("a ") "," ADF_LEAF("mediaInline",
					   "'type':'file','id':'i','alt':'plan.pdf'")),
	 "p{'a "
	 "'file_inline(plan.pdf;href=https://x.example/wiki/download/attachments/42/plan.pdf;)}"},
	{"linked picture in the line",
	 ADF_P("{'type':'mediaInline','attrs':{'type':'image','id':'i','alt':'pic.png'},'marks':[{'"
	       "type':'link','attrs':{'href':'https://a.example'}}," BORDER "]}," ADF_TEXT("b")),
	 "p{link(https://a.example){image(file=0;alt=pic.png;border=2;inline;)}'b'}"},
	{"media without a frame",
	 FILE_NODE("'alt':'pic.png'") "," ADF_P(
		 ADF_TEXT("a ") "," FILE_NODE("'alt':'pic.png'") "," FILE_NODE("'alt':'plan.pdf'")),
	 "picture(file=0;alt=pic.png;){}p{'a "
	 "'image(file=0;alt=pic.png;)file_inline(plan.pdf;href=https://x.example/wiki/download/"
	 "attachments/42/plan.pdf;)}"},
	{"old image",
	 ADF_LEAF("image", "'src':'https://a.example/x.png','title':'x'") "," ADF_LEAF(
		 "image", "'src':'file:///etc','alt':'y'"),
	 "picture(url=https://a.example/x.png;alt=x;){}picture(alt=y;){}"},
};

START_TEST(pages)
{
	page_check_adf(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("adf_media");
	TCase *t = tcase_create("adf_media");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
