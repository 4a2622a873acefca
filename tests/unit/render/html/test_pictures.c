#include "render/html/html.h"

#include "tests/support/check_main.h"
#include "tests/support/written.h"

/* What a page becomes, and what it must not. */
static const struct {
	const char *name, *page, *has, *lacks;
} rows[] = {
	{"a part of the mail",
	 "<ac:image ac:alt=\"A &quot;dot&quot;\"><ri:attachment "
	 "ri:filename=\"dot.png\"/></ac:image>",
	 "@example.org\" width=\"2\" alt=\"A &quot;dot&quot;\" "
	 "style=\"display:block;max-width:100%;height:auto;border:0;background-color:#ffffff\">",
	 NULL},
	{"never wider than the column",
	 "<ac:image ><ri:attachment ri:filename=\"wide.png\"/></ac:image>", "width=\"632\"", NULL},
	{"as wide as was wished",
	 "<ac:image ac:width=\"200\"><ri:attachment ri:filename=\"wide.png\"/></ac:image>",
	 "width=\"200\"", NULL},
	{"by its height",
	 "<ac:image ac:height=\"100\"><ri:attachment ri:filename=\"wide.png\"/></ac:image>",
	 "width=\"200\"", NULL},
	{"never larger than it is",
	 "<ac:image ac:width=\"400\"><ri:attachment ri:filename=\"dot.png\"/></ac:image>",
	 "width=\"2\"", NULL},
	{"a thumbnail",
	 "<ac:image ac:thumbnail=\"true\"><ri:attachment ri:filename=\"wide.png\"/></ac:image>",
	 "width=\"300\"", NULL},
	{"among words it is small",
	 "<p>a <ac:image ><ri:attachment ri:filename=\"wide.png\"/></ac:image> b</p>",
	 "width=\"96\"", NULL},
	{"in half a column",
	 "<ac:layout><ac:layout-section ac:type=\"two_equal\"><ac:layout-cell><ac:image "
	 "><ri:attachment "
	 "ri:filename=\"wide.png\"/></ac:image></ac:layout-cell><ac:layout-cell><p>b</p></"
	 "ac:layout-cell></ac:layout-section></ac:layout>",
	 "width=\"308\"", NULL},
	{"a caption",
	 "<ac:image ><ri:attachment "
	 "ri:filename=\"dot.png\"/><ac:caption><p>Small</p></ac:caption></ac:image>",
	 "font-size:12px;color:#505f79\">Small</p>", NULL},
	{"centred",
	 "<ac:image ac:align=\"center\"><ri:attachment ri:filename=\"dot.png\"/></ac:image>",
	 "align=\"center\"", NULL},
	{"a drawing is named", "<ac:image ><ri:attachment ri:filename=\"drawing.svg\"/></ac:image>",
	 "&#128206; drawing.svg (15 bytes)", "<img"},
	{"no picture at all", "<ac:image ><ri:attachment ri:filename=\"table.csv\"/></ac:image>",
	 "&#128206; table.csv (4 bytes)", "<img"},
	{"elsewhere: linked, not loaded",
	 "<ac:image ac:alt=\"logo\"><ri:url ri:value=\"https://example.org/x.png\"/></ac:image>",
	 "<a href=\"https://example.org/x.png\" style=\"color:#0052cc\">Image: logo</a>", "<img"},
	{"missing",
	 "<ac:image ac:alt=\"Plan\"><ri:attachment ri:filename=\"gone.png\"/></ac:image>",
	 "border:1px solid #c1c7d0;background-color:#f4f5f7;font:14px/1.43 "
	 "Arial,Helvetica,sans-serif;color:#172b4d;\">Image: Plan</td>",
	 "<img"},
	{"missing in a line",
	 "<p>See <ac:image ac:alt=\"Plan\"><ri:attachment "
	 "ri:filename=\"gone.png\"/></ac:image></p>",
	 "[Image: Plan]</span>", "<img"},
	{"what is clear stands on white",
	 "<ac:image><ri:attachment ri:filename=\"dot.png\"/></ac:image>",
	 "border:0;background-color:#ffffff\">", NULL},
	{"a file", "<p><ac:link><ri:attachment ri:filename=\"table.csv\"/></ac:link></p>",
	 "table.csv (4 bytes)", NULL},
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
	Suite *s = suite_create("pictures");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, html_row, 0, (int)COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
