#include "render/confluence/export_view_rules.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const struct page_row rows[] = {
	{"emoticons",
	 "<p><img class=\"emoticon emoticon-tick\" data-emoji-id=\"atlassian-check_mark\" "
	 "data-emoji-fallback=\":check_mark:\" src=\"/check.png\" alt=\"(tick)\"><img "
	 "class=\"emoticon\" data-emoji-id=\"1f680\" data-emoji-fallback=\"&#x1f680;\"><img "
	 "class=\"emoticon emoticon-blue-star\" data-emoji-id=\"abc\" "
	 "data-emoji-fallback=\":custom:\" src=\"/x.png\" alt=\"(blue star)\"><img "
	 "class=\"emoticon emoticon-wink\"><img class=\"emoticon\" "
	 "src=\"/images/icons/emoticons/thumbs_up.png\"><img class=\"emoticon\" "
	 "data-emoticon-name=\"sad\"><img class=\"emoticon\" src=\"/zz.png\" alt=\"(zz)\"><img "
	 "src=\"https://x.example/wiki/images/icons/emoticons/help_16.gif\" alt=\"\"></p>",
	 "p{emoji(✅)emoji(🚀)emoji(:custom:)emoji(😉)emoji(👍)emoji(🙁)emoji((zz))emoji("
	 "❓)"
	 "}"},
	{"picture of the job",
	 "<p>a <img class=\"confluence-embedded-image confluence-thumbnail "
	 "confluence-content-image-border image-center\" alt=\"b\" width=\"300\" "
	 "src=\"/wiki/download/thumbnails/42/pic.png?version=1\" "
	 "data-image-src=\"/wiki/download/attachments/42/pic.png?version=1\" "
	 "data-linked-resource-default-alias=\"pic.png\"></p>",
	 "p{'a 'image(center;thumb;file=0;alt=b;w=300;border=1;)}"},
	{"picture by its address",
	 "<p><span class=\"confluence-embedded-file-wrapper\"><img "
	 "class=\"confluence-embedded-image image-right\" "
	 "src=\"/wiki/download/attachments/42/my+pi%63.png\"></span></p><p><img "
	 "src=\"attachments/1/net.png\"></p>",
	 "picture(end;alt=my pic.png;){}picture(file=1;alt=net.png;){}"},
	{"picture that did not come",
	 "<p><img class=\"confluence-embedded-image\" "
	 "src=\"/wiki/download/attachments/42/none.png\"></p>",
	 "picture(alt=none.png;){}"},
	{"pictures of others",
	 "<p><img class=\"confluence-embedded-image confluence-external-resource\" "
	 "src=\"https://a.example/b.png\" data-image-src=\"https://a.example/b.png\" "
	 "alt=\"c\"></p><p><img src=\"/wiki/images/x.gif\"><img class=\"icon\" "
	 "src=\"https://a.example/icon.png\"></p>",
	 "picture(url=https://a.example/b.png;alt=c;){}p{}"},
	{"picture in its address",
	 "<p><img src=\" DATA:image/png;base64,AAAA\" alt=\"a\"><img "
	 "src=\"data:image/png;base64,BBBB\"></p>",
	 "picture(alt=a;){}"},
	{"figure",
	 "<figure><a href=\"https://a.example/\"><img "
	 "src=\"https://a.example/b.png\"></a><figcaption>c <b>d</b></figcaption></figure><p>e</p>",
	 "picture(url=https://a.example/b.png;href=https://a.example/;){caption{'c 'b:'d'}}p{'e'}"},
	{"figure without a picture", "<figure><p>a</p><figcaption>b</figcaption></figure>",
	 "p{'a'}p{'b'}"},
	{"two pictures in a figure",
	 "<figure><img src=\"https://a.example/1.png\"><img "
	 "src=\"https://a.example/2.png\"></figure>",
	 "picture(url=https://a.example/1.png;){}picture(url=https://a.example/2.png;){}"},
	{"files",
	 "<p><span class=\"confluence-embedded-file-wrapper conf-macro\" "
	 "data-macro-name=\"view-file\"><a class=\"confluence-embedded-file\" "
	 "href=\"/wiki/download/attachments/42/plan.pdf?api=v2\" "
	 "data-linked-resource-default-alias=\"plan.pdf\"><img src=\"/thumb\" "
	 "alt=\"plan.pdf\"></a></span> and <a class=\"confluence-embedded-file\" "
	 "href=\"/wiki/download/attachments/7/a%20b.zip\">x</a></p>",
	 "p{file_inline(plan.pdf;href=https://x.example/wiki/download/attachments/42/"
	 "plan.pdf?api=v2;)' and 'file_inline(a "
	 "b.zip;href=https://x.example/wiki/download/attachments/7/a%20b.zip;)}"},
	{"list of files",
	 "<table class=\"attachments aui\"><thead><tr><th class=\"expand-column "
	 "attachment-summary-toggle\"></th><th class=\"filename-column\"><a "
	 "href=\"/wiki/x?sortBy=name&amp;sortOrder=ascending\">File</a></th></tr></"
	 "thead><tbody><tr><td class=\"attachment-summary-toggle\"><span class=\"icon "
	 "icon-section-closed\"></span></td><td class=\"filename-column\"><span class=\"icon "
	 "icon-file-pdf\">PDF File</span><a class=\"filename\" "
	 "href=\"/wiki/download/attachments/42/plan.pdf?api=v2\" data-filename=\"plan.pdf\"> "
	 "plan.pdf </a></td></tr><tr class=\"attachment-summary "
	 "hidden\"><td>x</td></tr></tbody></table><a class=\"download-all-link\" "
	 "href=\"/x\">Download All</a>",
	 "table(columns=1;){row(head;){cell(head;){t{'File'}}}row{cell{file(plan.pdf;href=https://"
	 "x.example/wiki/download/attachments/42/plan.pdf?api=v2;)}}}"},
	{"embedded",
	 "<p>a</p><iframe src=\"https://film.example/embed/1\" title=\"T\">no "
	 "frames</iframe><video src=\"/wiki/v.mp4\"><p>no video</p></video><p>b</p>",
	 "p{'a'}p{link(https://film.example/embed/1){'T'}}p{link(https://x.example/wiki/"
	 "v.mp4){'v.mp4'}}p{'b'}"},
};

START_TEST(pages)
{
	page_check_as(PAGE_VIEW, &rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("export_view_pictures");
	TCase *t = tcase_create("export_view_pictures");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
