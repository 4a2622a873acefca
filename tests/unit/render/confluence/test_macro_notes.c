#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

#define NOTE(body)                                                                                 \
	"<ac:structured-macro ac:name='footnote'><ac:rich-text-body>" body                         \
	"</ac:rich-text-body></ac:structured-macro>"
#define LIST "<ac:structured-macro ac:name='display-footnotes'/>"

static const struct page_row rows[] = {
	{"the line goes on", "<p>a " NOTE("<p>n</p>") " b</p>",
	 "p{'a 'link(#note-1){sup:'[1]'}' b'}rule{}numbers{item{t{anchor(note-1)'n'}}}"},
	{"marks and links go on", "<p><a href='https://a.example'><b>a" NOTE("n") "b</b></a></p>",
	 "p{link(https://a.example){b:'a'b:sup:'[1]'b:'b'}}"
	 "rule{}numbers{item{t{anchor(note-1)'n'}}}"},
	{"listed where the page says so", "<p>a" NOTE("n") "</p>" LIST "<p>b" NOTE("m") "</p>" LIST,
	 "p{'a'link(#note-1){sup:'[1]'}}group{numbers{item{t{anchor(note-1)'n'}}"
	 "item{t{anchor(note-2)'m'}}}}p{'b'link(#note-2){sup:'[2]'}}"},
	{"a list of none", LIST, "group{}"},
	{"plain ones",
	 "<p>a<ac:structured-macro "
	 "ac:name='cfm-footnote'><ac:plain-text-body>n</ac:plain-text-body>"
	 "</ac:structured-macro><ac:structured-macro ac:name='footnote'>"
	 "<ac:parameter ac:name=''>m</ac:parameter></ac:structured-macro></p>",
	 "p{'a'link(#note-1){sup:'[1]'}link(#note-2){sup:'[2]'}}rule{}numbers{"
	 "item{t{anchor(note-1)'n'}}item{t{anchor(note-2)'m'}}}"},
	{"blocks, and a note in a note", "<p>a" NOTE("<ul><li>x" NOTE("y") "</li></ul>") "b</p>",
	 "p{'a'link(#note-1){sup:'[1]'}'b'}rule{}numbers{item{bullets{item{t{anchor(note-1)'x'"
	 "link(#note-2){sup:'[2]'}}}}}item{t{anchor(note-2)'y'}}}"},
	{"in a cell",
	 "<table><tr><td>a" NOTE("<table><tr><td>n</td></tr></table>") "</td></tr></table>",
	 "table(columns=1;){row{cell{t{'a'link(#note-1){sup:'[1]'}}}}}rule{}numbers{item{"
	 "table(columns=1;){row{cell{t{anchor(note-1)'n'}}}}}}"},
	{"empty", "<p>a" NOTE("") "</p>",
	 "p{'a'link(#note-1){sup:'[1]'}}rule{}numbers{item{t{anchor(note-1)'–'}}}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_notes");
	TCase *t = tcase_create("macro_notes");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
