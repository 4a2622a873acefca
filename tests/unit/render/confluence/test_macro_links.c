#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

#define PAGE "https://x.example/wiki/pages/viewpage.action?pageId=42"
#define WITH(name, param, value)                                                                   \
	"<ac:structured-macro ac:name='" name "'><ac:parameter ac:name='" param "'>" value         \
	"</ac:parameter></ac:structured-macro>"

static const struct page_row rows[] = {
	{"embedded page",
	 WITH("widget", "url", "<ri:url ri:value='https://video.example/v?x'/>")
		 WITH("iframe", "src", "https://a.example/x"),
	 "p{link(https://video.example/v?x){'video.example'}}p{link("
	 "https://a.example/x){'a.example'}}"},
	{"address that may not leave", WITH("iframe", "src", "javascript:x"),
	 "card(label=Embedded page;macro=iframe;href=" PAGE ";)"},
	{"film", WITH("widget", "url", "https://www.youtube.com/watch?v=1"),
	 "card(label=Video: A film;href=https://www.youtube.com/watch?v=1;link;)"},
	{"film in a line", "<p>a " WITH("video", "", "https://vimeo.com/1") "</p>",
	 "p{'a 'card_inline(label=Video: Vimeo;href=https://vimeo.com/1;link;)}"},
	{"what the job knows of it", WITH("widget", "url", "https://x.example/wiki/pages/7"),
	 "p{link(https://x.example/wiki/pages/7){'Known page'}}"},
	{"feed", WITH("rss", "url", "https://f.example/x"),
	 "p{'News feed: 'link(https://f.example/x){'https://f.example/x'}}"},
	{"redirection to a page", WITH("redirect", "location", "<ri:page ri:content-title='T'/>"),
	 "p{'Redirection: 'link(https://x.example/wiki/pages/viewpage.action?spaceKey=DOC&title=T)"
	 "{'T'}}"},
	{"button",
	 "<p><ac:structured-macro ac:name='auibutton'><ac:parameter ac:name='title'>Press"
	 "</ac:parameter><ac:parameter ac:name='url'>https://a.example</ac:parameter>"
	 "</ac:structured-macro></p>" WITH("auibutton", "title", "Nowhere"),
	 "p{link(https://a.example){'Press'}}p{'Nowhere'}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_links");
	TCase *t = tcase_create("macro_links");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
