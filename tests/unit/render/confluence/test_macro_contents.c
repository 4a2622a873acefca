#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

#define TOC(params)	   "<ac:structured-macro ac:name='toc'>" params "</ac:structured-macro>"
#define PARAM(name, value) "<ac:parameter ac:name='" name "'>" value "</ac:parameter>"

#define ZONE(params, body)                                                                         \
	"<ac:structured-macro ac:name='toc-zone'>" params "<ac:rich-text-body>" body               \
	"</ac:rich-text-body></ac:structured-macro>"

static const struct page_row rows[] = {
	{"levels",
	 TOC(PARAM("minLevel", "2") PARAM("maxLevel", "3")) "<h1>a</h1><h2>b</h2><h4>c</h4>",
	 "group{bullets{item{t{link(#b){'b'}}}}}heading(1;id=a;){'a'}heading(2;id=b;){'b'}"
	 "heading(4;id=c;){'c'}"},
	{"levels that are none", TOC(PARAM("minLevel", "0") PARAM("maxLevel", "x")) "<h1>a</h1>",
	 "group{bullets{item{t{link(#a){'a'}}}}}heading(1;id=a;){'a'}"},
	{"chosen by their text",
	 TOC(PARAM("include", "A.*|B.*") PARAM("exclude", ".*x")) "<h1>Aa</h1><h1>Ax</h1><h1>C</h1>"
								  "<h1>B</h1>",
	 "group{bullets{item{t{link(#Aa){'Aa'}}}item{t{link(#B){'B'}}}}}heading(1;id=Aa;){'Aa'}"
	 "heading(1;id=Ax;){'Ax'}heading(1;id=C;){'C'}heading(1;id=B;){'B'}"},
	{"an expression that is not taken chooses nothing",
	 TOC(PARAM("exclude", "(?!a).*")) "<h1>a</h1>",
	 "group{bullets{item{t{link(#a){'a'}}}}}heading(1;id=a;){'a'}"},
	{"numbers", TOC(PARAM("outline", "true")) "<h1>a</h1><h2>b</h2><h2>c</h2>",
	 "group{bullets{item{t{'1 'link(#a){'a'}}bullets{item{t{'1.1 'link(#b){'b'}}}"
	 "item{t{'1.2 'link(#c){'c'}}}}}}}heading(1;id=a;){'a'}heading(2;id=b;){'b'}"
	 "heading(2;id=c;){'c'}"},
	{"in one line", TOC(PARAM("type", "flat")) "<h1>a</h1><h1>b</h1>",
	 "group{p{'[ 'link(#a){'a'}' ] [ 'link(#b){'b'}' ]'}}heading(1;id=a;){'a'}"
	 "heading(1;id=b;){'b'}"},
	{"in one line, parted by a sign",
	 TOC(PARAM("type", "flat") PARAM("separator", "pipe")) "<h1>a</h1><h1>b</h1>",
	 "group{p{link(#a){'a'}' | 'link(#b){'b'}}}heading(1;id=a;){'a'}heading(1;id=b;){'b'}"},
	{"in one line, parted by words",
	 TOC(PARAM("type", "flat") PARAM("separator", "and")) "<h1>a</h1><h1>b</h1>",
	 "group{p{link(#a){'a'}' and 'link(#b){'b'}}}heading(1;id=a;){'a'}heading(1;id=b;){'b'}"},
	{"zone", "<h1>x</h1>" ZONE("", "<h1>a</h1><p>t</p>") "<h1>y</h1>",
	 "heading(1;id=x;){'x'}group{bullets{item{t{link(#a){'a'}}}}}heading(1;id=a;){'a'}p{'t'}"
	 "heading(1;id=y;){'y'}"},
	{"zone with its list below", ZONE(PARAM("location", "bottom"), "<h1>a</h1>") "<h1>y</h1>",
	 "heading(1;id=a;){'a'}group{bullets{item{t{link(#a){'a'}}}}}heading(1;id=y;){'y'}"},
	{"zone with lists on both sides", ZONE(PARAM("location", "both"), "<h1>a</h1>"),
	 "group{bullets{item{t{link(#a){'a'}}}}}heading(1;id=a;){'a'}"
	 "group{bullets{item{t{link(#a){'a'}}}}}"},
	{"zone without headings", "<h1>x</h1>" ZONE("", "<p>t</p>") "<h1>y</h1>",
	 "heading(1;id=x;){'x'}group{}p{'t'}heading(1;id=y;){'y'}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macro_contents");
	TCase *t = tcase_create("macro_contents");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
