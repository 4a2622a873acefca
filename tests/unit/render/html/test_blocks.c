#include "render/html/html.h"

#include "tests/support/check_main.h"
#include "tests/support/written.h"

/* What a page becomes, and what it must not. */
static const struct {
	const char *name, *page, *has, *lacks;
} rows[] = {
	{"a paragraph", "<p>a &amp; b &lt;c&gt;</p>",
	 "<p style=\"margin:0 0 12px;\">a &amp; b &lt;c&gt;</p>", NULL},
	{"at most two empty ones", "<p>a</p><p></p><p></p><p></p><p>b</p>",
	 "<p style=\"margin:0 0 12px;\">&nbsp;</p>", NULL},
	{"centred", "<p style=\"text-align: center;\">a</p>", "text-align:center;\">a", NULL},
	{"indented", "<p style=\"margin-left: 60.0px;\">a</p>", "<td width=\"60\">&nbsp;</td>",
	 "margin-left"},
	{"indented on a dark ground",
	 "<ac:structured-macro ac:name=\"panel\"><ac:parameter ac:name=\"bgColor\">#102030"
	 "</ac:parameter><ac:rich-text-body><p style=\"margin-left: 30.0px;\">a</p>"
	 "</ac:rich-text-body></ac:structured-macro>",
	 "<td width=\"30\">&nbsp;</td><td class=\"t\" style=\"font:14px/1.43 "
	 "Arial,Helvetica,sans-serif;color:#fefefe;\">",
	 NULL},
	{"a foreign language", "<p lang=\"fr\">a</p>", "<p lang=\"fr\" style=", NULL},
	{"the mail's own language", "<p lang=\"EN\">a</p>", "<p style=", "lang="},
	{"no language", "<p lang=\"x&quot;y\">a</p>", "<p style=", "lang="},
	{"a division in it", "<div lang=\"fr\"><p>a</p></div>", "<div lang=\"fr\">\n<p ", NULL},
	{"right to left", "<p>שלום a</p>", "<p dir=\"rtl\" align=\"right\"", NULL},
	{"left to right, though there is some", "<p>a שלום</p>", "<p style=", "dir="},
	{"a heading is one below the title", "<h1>A</h1>",
	 "<h2 style=\"margin:0 0 8px;font-size:24px", "<h1"},
	{"a heading below something stands off", "<p>x</p><h1>A</h1>",
	 "<h2 style=\"margin:20px 0 8px;font-size:24px", NULL},
	{"no level is left out", "<h1>A</h1><h4>B</h4>",
	 "<h3 style=\"margin:16px 0 8px;font-size:14px", "<h5"},
	{"a place to jump to", "<h1>A b</h1>", "<a name=\"A-b\" id=\"A-b\"></a>A b</h2>", NULL},
	{"a heading without words", "<h1></h1><p>x</p>", "x", "<h"},
	{"quote", "<blockquote><p>a</p></blockquote>", "<td width=\"3\" bgcolor=\"#c1c7d0\"", NULL},
	{"an info panel",
	 "<ac:structured-macro "
	 "ac:name=\"info\"><ac:rich-text-body><p>a</p></ac:rich-text-body></ac:structured-macro>",
	 "bgcolor=\"#deebff\"", NULL},
	{"its title stands bold",
	 "<ac:structured-macro ac:name=\"info\"><ac:parameter ac:name=\"title\">T "
	 "&lt;1></ac:parameter><ac:rich-text-body><p>a</p></ac:rich-text-body></"
	 "ac:structured-macro>",
	 "<b>T &lt;1&gt;</b>", NULL},
	{"a warning is red",
	 "<ac:structured-macro "
	 "ac:name=\"warning\"><ac:rich-text-body><p>a</p></ac:rich-text-body></"
	 "ac:structured-macro>",
	 "bgcolor=\"#ffebe6\"", NULL},
	{"colours of a box",
	 "<ac:structured-macro ac:name=\"panel\"><ac:parameter "
	 "ac:name=\"title\">x</ac:parameter><ac:parameter "
	 "ac:name=\"bgColor\">#102030</ac:parameter><ac:parameter "
	 "ac:name=\"titleBGColor\">red</ac:parameter><ac:rich-text-body><p>a</p></"
	 "ac:rich-text-body></ac:structured-macro>",
	 "bgcolor=\"#102030\"", NULL},
	{"its words can be read",
	 "<ac:structured-macro ac:name=\"panel\"><ac:parameter "
	 "ac:name=\"bgColor\">#102030</ac:parameter><ac:rich-text-body><p>a</p></"
	 "ac:rich-text-body></ac:structured-macro>",
	 "color:#fefefe\">", NULL},
	{"no colour out of nowhere",
	 "<ac:structured-macro ac:name=\"panel\"><ac:parameter "
	 "ac:name=\"bgColor\">url(x)</ac:parameter><ac:rich-text-body><p>a</p></"
	 "ac:rich-text-body></ac:structured-macro>",
	 "bgcolor=\"#fefefe\"", "url"},
	{"expand",
	 "<ac:structured-macro ac:name=\"expand\"><ac:parameter "
	 "ac:name=\"title\">More</ac:parameter><ac:rich-text-body><p>a</p></ac:rich-text-body></"
	 "ac:structured-macro>",
	 "&#9662; More</b>", NULL},
	{"a rule", "<hr/>", "border-top:1px solid #c1c7d0", "<hr"},
	{"an unknown macro is named",
	 "<ac:structured-macro ac:name=\"org-chart\"></ac:structured-macro>", ">org-chart</td>",
	 NULL},
	{"no word for nothing", "", "This page has no content.", NULL},
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
	Suite *s = suite_create("blocks");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, html_row, 0, (int)COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
