#include "render/html/html.h"

#include "tests/support/check_main.h"
#include "tests/support/written.h"

/* What a page becomes, and what it must not. */
static const struct {
	const char *name, *page, *has, *lacks;
} rows[] = {
	{"lines",
	 "<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[a\n"
	 "b]]></ac:plain-text-body></ac:structured-macro>",
	 "a<br>\n"
	 "b</td>",
	 NULL},
	{"leading blanks",
	 "<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[  "
	 "a]]></ac:plain-text-body></ac:structured-macro>",
	 "&nbsp;&nbsp;a", NULL},
	{"blanks inside",
	 "<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[a  b "
	 "c]]></ac:plain-text-body></ac:structured-macro>",
	 "a &nbsp;b c", NULL},
	{"a tab goes to the next fourth",
	 "<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[ab\tc\n"
	 "\td]]></ac:plain-text-body></ac:structured-macro>",
	 "ab &nbsp;c<br>\n"
	 "&nbsp;&nbsp;&nbsp;&nbsp;d",
	 NULL},
	{"escapes",
	 "<ac:structured-macro "
	 "ac:name=\"code\"><ac:plain-text-body><![CDATA[<b>&amp;\"]]></ac:plain-text-body></"
	 "ac:structured-macro>",
	 "&lt;b&gt;&amp;amp;&quot;", "<b>"},
	{"language and title",
	 "<ac:structured-macro ac:name=\"code\"><ac:parameter "
	 "ac:name=\"title\">a.c</ac:parameter><ac:parameter "
	 "ac:name=\"language\">c</ac:parameter><ac:plain-text-body><![CDATA[x]]></"
	 "ac:plain-text-body></ac:structured-macro>",
	 "a.c &middot; c</p>", NULL},
	{"numbers",
	 "<ac:structured-macro ac:name=\"code\"><ac:parameter "
	 "ac:name=\"linenumbers\">true</ac:parameter><ac:parameter "
	 "ac:name=\"firstline\">9</ac:parameter><ac:plain-text-body><![CDATA[x\n"
	 "y]]></ac:plain-text-body></ac:structured-macro>",
	 "9<br>\n"
	 "10</td>",
	 NULL},
	{"no numbers",
	 "<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[x\n"
	 "y]]></ac:plain-text-body></ac:structured-macro>",
	 "x<br>\n"
	 "y",
	 "9"},
	{"without a box",
	 "<ac:structured-macro ac:name=\"noformat\"><ac:parameter "
	 "ac:name=\"nopanel\">true</ac:parameter><ac:plain-text-body><![CDATA[x]]></"
	 "ac:plain-text-body></ac:structured-macro>",
	 "class=\"t\" style=\"padding", "bgcolor=\"#f4f5f7\""},
};

START_TEST(html_row)
{
	struct written made;
	written_make(rows[_i].page, &made);
	ck_assert_msg(written_has(made.html, rows[_i].has), "%s:\n%.*s", rows[_i].name,
		      (int)made.html.len, made.html.ptr);
	ck_assert_msg(rows[_i].lacks == NULL || !written_has(made.html, rows[_i].lacks),
		      "%s:\n%.*s", rows[_i].name, (int)made.html.len, made.html.ptr);
	written_drop(&made);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("code");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, html_row, 0, (int)COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
