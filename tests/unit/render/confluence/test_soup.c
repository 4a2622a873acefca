#include "render/confluence/soup.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const struct page_row rows[] = {
	{"nothing wrong but the root", "<p>a</p></page><p>b</p>", "p{'a'}p{'b'}"},
	{"unclosed", "<p>a<p>b<b>c<p>d", "p{'a'}p{'b'b:'c'}p{'d'}"},
	{"unclosed items", "<ul><li>a<li>b<ul><li>c</ul><li>d</ul>e",
	 "bullets{item{t{'a'}}item{t{'b'}bullets{item{t{'c'}}}}item{t{'d'}}}"
	 "p{'e'}"},
	{"unclosed cells", "<table><tr><td>a<td>b<tr><td>c</table>d",
	 "table(columns=2;){row{cell{t{'a'}}cell{t{'b'}}}row{cell{t{'c'}}"
	 "cell{}}}p{'d'}"},
	{"misnested", "<p><b>a<i>b</b>c</i>d</p>", "p{b:'a'b:i:'b''cd'}"},
	{"stray end tags", "</p></b>a</ac:link></table>b", "p{'ab'}"},
	{"stray end tag in a cell", "<table><tr><td></div></ul>a</td></tr></table><br>",
	 "table(columns=1;){row{cell{t{'a'}}}}"},
	{"void elements", "<p>a<br>b<hr>c<img src=https://a.example/x.png></p>",
	 "p{'a'break'b'}rule{}p{'c'image(url=https://a.example/x.png;)}"},
	{"upper case", "<P>a<B>b</B></P><IMG SRC='https://a.example/x' ALT='c'>",
	 "p{'a'b:'b'}picture(url=https://a.example/x;alt=c;){}"},
	{"attributes in all forms",
	 "<p><a href=https://a.example/x>a</a>"
	 "<a href = 'https://b.example'>b</a>"
	 "<a HREF=\"https://c.example\" x>c</a>",
	 "p{link(https://a.example/x){'a'}link(https://b.example){'b'}"
	 "link(https://c.example){'c'}}"},
	{"entities", "<p>&amp &copy;&notanentity; &#x41;&#66 & &; &#; &#x110000; a&b</p><br>",
	 "p{'& ©&notanentity; AB & &; &#; \357\277\275 a&b'}"},
	{"entities in attributes", "<a href='https://a.example/?a=1&amp;b=2&c=3'>x</a><br>",
	 "p{link(https://a.example/?a=1&b=2&c=3){'x'}}"},
	{"cdata", "<p><![CDATA[<a> & b]]></p><br>", "p{'<a> & b'}"},
	{"cdata without an end", "<p><![CDATA[<b>a</b>", "p{b:'a'}"},
	{"comments", "<p>a<!-- b -->c<!-- d</p>", "p{'ac<!-- d'}"},
	{"declarations", "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><p>a</p>", "p{'a'}"},
	{"not a tag", "a < b <3 <- <> </ > c<br>", "p{'a < b <3 <- <> </ > c'}"},
	{"tag without an end", "<p>a</p><b c='d", "p{'a'}p{'<b c='d'}"},
	{"scripts", "<p>a<script>if (a<b) { '</p>' }</script>b<style>x</STYLE >c", "p{'abc'}"},
	{"script without an end", "<p>a<script>b", "p{'ab'}"},
	{"macros",
	 "<ac:structured-macro ac:name=info><ac:rich-text-body>"
	 "<p>a</ac:structured-macro><p>b",
	 "panel(info;){p{'a'}}p{'b'}"},
	{"code",
	 "<ac:structured-macro ac:name='code'><ac:plain-text-body>"
	 "<![CDATA[a<b]]></ac:plain-text-body></ac:structured-macro><br>",
	 "code('a<b')"},
	{"bad bytes", "<p>a\377\303(b</p>", "p{'a\357\277\275\357\277\275(b'}"},
	{"self-closed", "<p/><p>a<b/>c</p><td/><br>", "p{}p{'ac'}table(columns=1;){row{cell{}}}"},
	{"root of its own", "<ac:confluence xmlns:ac='x'><p>a</p></ac:confluence><br>", "p{'a'}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

START_TEST(says_where)
{
	struct page_reading p;
	ck_assert(page_read(&p, SLICE_LIT("<p>a</p>\n<p>b</p>\n  <p>c</b></p>")) == FAULT_NONE);
	struct slice detail = page_warning(&p, "not-well-formed");
	ck_assert_msg(slice_find(detail, SLICE_LIT("line 3, column 9 ")) < detail.len, "%.*s",
		      (int)detail.len, detail.ptr);
	page_reading_drop(&p);
}
END_TEST

/* Each would take minutes if some search began again and again. */
static const char *const endless[] = {"<a ",	    "<a b=\"", "<!--",	  "<![CDATA[", "<!x[",
				      "<script>",   "<p>",     "<b>",	  "<ul><li>",  "&",
				      "</ac:link>", "<td>",    "<table>", "<ac:link>"};

START_TEST(stays_linear)
{
	enum { TIMES = 100000 };
	struct slice one = slice_of_text(endless[_i]);
	struct buf body;
	struct page_reading p;
	buf_init(&body, TIMES * 16);
	for (int i = 0; i < TIMES; i++) {
		ck_assert(buf_add(&body, one) == FAULT_NONE);
	}
	ck_assert(page_read(&p, buf_view(&body)) == FAULT_NONE);
	ck_assert_ptr_null(tree_broken_promise(p.document.root));
	page_reading_drop(&p);
	buf_deinit(&body);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("soup");
	TCase *t = tcase_create("soup");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	tcase_add_test(t, says_where);
	tcase_add_loop_test(t, stays_linear, 0, COUNT_OF(endless));
	suite_add_tcase(s, t);
	return check_main(s);
}
