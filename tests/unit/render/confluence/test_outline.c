#include "render/confluence/outline.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const struct page_row rows[] = {
	{"ids from text", "<h1>Über uns &amp; more!</h1>",
	 "heading(1;id=Über-uns-more;){'Über uns & more!'}"},
	{"repeated", "<h1>A</h1><h2>a</h2><h3>A</h3>",
	 "heading(1;id=A;){'A'}heading(2;id=a.1;){'a'}heading(3;id=A.2;){'A'}"},
	{"nothing but signs", "<h1>!!!</h1><h1>+++</h1>",
	 "heading(1;id=section;){'!!!'}heading(1;id=section.1;){'+++'}"},
	{"suffix does not clash", "<h1>A</h1><h1>A</h1><h1>A.1</h1>",
	 "heading(1;id=A;){'A'}heading(1;id=A.1;){'A'}heading(1;id=A-1;){'A.1'}"},
	{"old address of a heading",
	 "<p><a href='#MyPage-PartOne'>x</a><a href='#Part-One'>y</a>"
	 "<a href='#nope'>z</a></p><h1>Part One</h1>",
	 "p{link(#Part-One){'x'}link(#Part-One){'y'}"
	 "link(https://x.example/wiki/pages/viewpage.action?pageId=42#nope){'z'}}"
	 "heading(1;id=Part-One;){'Part One'}"},
	{"encoded address",
	 "<p><a href='#My%20Part'>x</a><a href='#%C3%9Cber%zz'>y</a>"
	 "<ac:link ac:anchor='my part'/></p><h1>My Part</h1><h1>Über zz</h1>",
	 "p{link(#My-Part){'x'}link(#Über-zz){'y'}link(#My-Part){'my part'}}"
	 "heading(1;id=My-Part;){'My Part'}heading(1;id=Über-zz;){'Über zz'}"},
	{"long anchor of long characters",
	 "<p>"
	 "<a name='xüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü'/>a</"
	 "p>",
	 "p{anchor(xüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü)'a'}"},
	{"anchor that is not here", "<p><ac:link ac:anchor='not here'/></p>",
	 "p{link(https://x.example/wiki/pages/viewpage.action?pageId=42#not%20here){'n"
	 "ot here'}}"},
	{"anchor and heading", "<p><a name='a'/>x</p><h1>A</h1><p><a href='#a'>y</a></p>",
	 "p{anchor(a)'x'}heading(1;id=A.1;){'A'}p{link(#a){'y'}}"},
	{"anchor at the end", "<p>x</p><a name='end'/>", "p{'x'}p{anchor(end)}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("outline");
	TCase *t = tcase_create("outline");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
