#include "render/html/html.h"

#include "tests/support/check_main.h"
#include "tests/support/written.h"

/* What a page becomes, and what it must not. */
static const struct {
	const char *name, *page, *has, *lacks;
} rows[] = {
	{"marks", "<p><strong><em>a</em></strong></p>", "<strong><em>a</em></strong>", NULL},
	{"blanks stand outside", "<p>x<code> a </code>y</p>", "</code> y", NULL},
	{"lowered", "<p>H<sub>2</sub>O</p>", "H<sub>2</sub>O", NULL},
	{"a colour", "<p><span style=\"color: rgb(191,38,0);\">a</span></p>",
	 "<span class=\"c\" style=\"color:#bf2600\">a</span>", NULL},
	{"a colour nobody could read", "<p><span style=\"color: #ffff99;\">a</span></p>", ">a</p>",
	 "ffff99"},
	{"a ground brings its ink", "<p><span style=\"background-color: #000000;\">a</span></p>",
	 "background-color:#000000;color:#fefefe\">", NULL},
	{"no other style",
	 "<p><span style=\"position:fixed;color:red;behavior:url(x)\">a</span></p>", "a",
	 "position"},
	{"a link", "<p><a href=\"https://example.org/?a=1&amp;b=2\">x</a></p>",
	 "<a href=\"https://example.org/?a=1&amp;b=2\" style=\"color:#0052cc\">x</a>", NULL},
	{"a quote in an address", "<p><a href=\"https://example.org/%22&quot;onclick=x\">x</a></p>",
	 "x</a>", "\"onclick"},
	{"no script", "<p><a href=\"java&#10;script:alert(1)\">x</a></p>", ">x</p>", "href"},
	{"no data", "<p><a href=\"data:text/html,x\">x</a></p>", ">x</p>", "href"},
	{"links side by side",
	 "<p><a href=\"https://a.example/\">a</a><a href=\"https://b.example/\">b</a></p>",
	 "a</a> <a href=\"https://b", NULL},
	{"a long word may break",
	 "<p>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx</p>",
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx<wbr>xxxxxxxxxx", NULL},
	{"a break", "<p>a<br/>b</p>",
	 "a<br>\n"
	 "b",
	 NULL},
	{"status",
	 "<p><ac:structured-macro ac:name=\"status\"><ac:parameter "
	 "ac:name=\"title\">done</ac:parameter><ac:parameter "
	 "ac:name=\"colour\">Green</ac:parameter></ac:structured-macro></p>",
	 "background-color:#e3fcef;color:#006644;font-size:11px;font-weight:bold;text-transform:"
	 "uppercase\">&nbsp;done&nbsp;</span>",
	 NULL},
	{"a subtle status",
	 "<p><ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">done"
	 "</ac:parameter><ac:parameter ac:name=\"subtle\">true</ac:parameter><ac:parameter "
	 "ac:name=\"colour\">Green</ac:parameter></ac:structured-macro></p>",
	 "background-color:#fefefe;color:#006644;border:1px solid #006644;", NULL},
	{"date", "<p><time datetime=\"2026-11-22\"/></p>", ">22 Nov 2026</span>", NULL},
	{"mention", "<p><ac:link><ri:user ri:account-id=\"1\"/></ac:link></p>", "@user</span>",
	 NULL},
	{"emoji", "<p><ac:emoticon ac:name=\"tick\"/></p>", "✅", NULL},
	{"an anchor",
	 "<ac:structured-macro ac:name=\"anchor\"><ac:parameter "
	 "ac:name=\"\">here</ac:parameter></ac:structured-macro>",
	 "<a name=\"here\" id=\"here\"></a>", NULL},
	{"a macro among words",
	 "<p>a <ac:structured-macro ac:name=\"org\"></ac:structured-macro></p>", "[org]", NULL},
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
	Suite *s = suite_create("inlines");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, html_row, 0, (int)COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
