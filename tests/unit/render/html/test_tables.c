#include "render/html/html.h"

#include "tests/support/check_main.h"
#include "tests/support/written.h"

/* What a page becomes, and what it must not. */
static const struct {
	const char *name, *page, *has, *lacks;
} rows[] = {
	{"heads name columns",
	 "<table><tbody><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></tbody></table>",
	 "<th scope=\"col\" class=\"p\" bgcolor=\"#f4f5f7\"", NULL},
	{"a head names its row", "<table><tbody><tr><th>A</th><td>1</td></tr></tbody></table>",
	 "<th scope=\"row\"", NULL},
	{"no role: it is data", "<table><tbody><tr><td>1</td></tr></tbody></table>",
	 "<table border=\"1\" cellspacing=\"0\" cellpadding=\"6\" width=\"100%\"", "role"},
	{"in the middle",
	 "<table data-layout=\"center\" data-table-width=\"300\"><tbody><tr><td>1</td></tr></tbody>"
	 "</table>",
	 "<table align=\"center\" border=\"1\" cellspacing=\"0\" cellpadding=\"6\" width=\"300\"",
	 NULL},
	{"in the middle of no room",
	 "<table data-layout=\"center\" data-table-width=\"760\"><tbody><tr><td>1</td></tr></tbody>"
	 "</table>",
	 "width=\"100%\"", "align=\"center\" border"},
	{"at the far side",
	 "<table data-layout=\"align-end\" data-table-width=\"300\"><tbody><tr><td>1</td></tr>"
	 "</tbody></table>",
	 "<tr><td align=\"right\">\n<table border=\"1\"", "<table align"},
	{"wider than the page",
	 "<table data-layout=\"wide\" data-table-width=\"300\"><tbody><tr><td>1</td></tr></tbody>"
	 "</table>",
	 "width=\"100%\"", "width=\"300\""},
	{"a cell in another language",
	 "<table><tbody><tr><td lang=\"fr\">1</td></tr></tbody></table>", "<td lang=\"fr\" class",
	 NULL},
	{"spans",
	 "<table><tbody><tr><td colspan=\"2\" "
	 "rowspan=\"2\">a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>",
	 " colspan=\"2\" rowspan=\"2\"", NULL},
	{"spans end with the table",
	 "<table><tbody><tr><td colspan=\"999\" "
	 "rowspan=\"999\">a</td></tr><tr><td>b</td></tr></tbody></table>",
	 ">a</td>", "999"},
	{"ragged rows are filled",
	 "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>",
	 ">c</td><td", NULL},
	{"an empty cell", "<table><tbody><tr><td></td><td>a</td></tr></tbody></table>",
	 "\">&nbsp;</td>", NULL},
	{"a ground",
	 "<table><tbody><tr><td data-highlight-colour=\"#e3fcef\">a</td></tr></tbody></table>",
	 "bgcolor=\"#e3fcef\"", NULL},
	{"no ground of another kind",
	 "<table><tbody><tr><td data-highlight-colour=\"javascript:x\">a</td></tr></tbody></table>",
	 ">a</td>", "javascript"},
	{"widths are shares",
	 "<table><colgroup><col style=\"width: 100px\"/><col style=\"width: "
	 "300px\"/></colgroup><tbody><tr><td>a</td><td>b</td></tr></tbody></table>",
	 "width=\"25%\"", NULL},
	{"a width beside none, in px",
	 "<table><colgroup><col style=\"width: 190px\"/><col/></colgroup><tbody><tr><td>a</td>"
	 "<td>b</td></tr></tbody></table>",
	 "width=\"25%\"", "width=\"100%\" class"},
	{"a width beside none, in per cent",
	 "<table><colgroup><col style=\"width: 30%\"/><col/></colgroup><tbody><tr><td>a</td>"
	 "<td>b</td></tr></tbody></table>",
	 "width=\"30%\"", "width=\"100%\" class"},
	{"many columns are small",
	 "<table><tbody><tr><td>0</td><td>1</td><td>2</td><td>3</td><td>4</td><td>5</td><td>6</"
	 "td><td>7</td><td>8</td></tr></tbody></table>",
	 "cellpadding=\"3\"", NULL},
	{"numbered",
	 "<table "
	 "data-number-column=\"true\"><tbody><tr><td>x</td></tr><tr><td>y</td></tr></tbody></"
	 "table>",
	 "color:#505f79\">2</td>", NULL},
	{"words break",
	 "<table><tbody><tr><td>"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxx</td></tr></tbody></table>",
	 "<wbr>", NULL},
	{"short words in few columns do not break",
	 "<table><tbody><tr><td>Outer</td><td>Key</td></tr></tbody></table>",
	 "margin:0 0 12px;word-break:normal\">\n<tr valign=\"top\"><td class=\"t\" style", NULL},
	{"a word that a phone has no room for",
	 "<table><tbody><tr><td>Key</td><td>abcdefghijklmnopqrstuvwxyzabcdefghijklmn</td></tr></"
	 "tbody></table>",
	 "<td class=\"t n\" style=\"border:1px solid "
	 "#c1c7d0;font:14px/1.43 Arial,Helvetica,sans-serif;color:#172b4d\">abc",
	 "\"t n\" style=\"border:1px solid #c1c7d0;font:14px/1.43 "
	 "Arial,Helvetica,sans-serif;color:#172b4d\">Key"},
	{"a word over lines with marks and links in it",
	 "<table><tbody><tr><td>Key</td><td>abcdefghijklmno<b>pqrstuvwxyz</b><a "
	 "href=\"https://a.example\">abcdefghijklmn</a></td></tr></tbody></table>",
	 "<td class=\"t n\"", NULL},
	{"a word that has room nowhere",
	 "<table><tbody><tr><td>Key</td><td>"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxx</td></tr></tbody></table>",
	 "<td class=\"t\" style=\"border:1px solid #c1c7d0;word-break:break-word;",
	 "word-break:break-word;font:14px/1.43 Arial,Helvetica,sans-serif;color:#172b4d\">Key"},
	{"where a line may end, no word goes on",
	 "<table><tbody><tr><td>Key</td><td>abcdefghijklmno pqrstuvwxyz-abcdefghijklmn<br/>"
	 "abcdefghijklmno</td></tr></tbody></table>",
	 "<td class=\"t\"", "\"t n\""},
	{"words of a table inside are its own",
	 "<table><tbody><tr><td>Key</td><td><table><tbody><tr><td>"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxx</td></tr></tbody></table></td></tr></tbody></table>",
	 "<td class=\"t\" style=\"border:1px solid #c1c7d0;font:14px/1.43 "
	 "Arial,Helvetica,sans-serif;color:#172b4d\"><table",
	 NULL},
	{"two columns",
	 "<ac:layout><ac:layout-section "
	 "ac:type=\"two_left_sidebar\"><ac:layout-cell><p>a</p></"
	 "ac:layout-cell><ac:layout-cell><p>b</p></ac:layout-cell></ac:layout-section></ac:layout>",
	 "width=\"30%\"", NULL},
	{"a layout says that it is one",
	 "<ac:layout><ac:layout-section "
	 "ac:type=\"two_equal\"><ac:layout-cell><p>a</p></ac:layout-cell><ac:layout-cell><p>b</p></"
	 "ac:layout-cell></ac:layout-section></ac:layout>",
	 "role=\"presentation\"", NULL},
	{"a table in a table",
	 "<table><tbody><tr><table><tbody><tr><td>x</td></tr></tbody></table></tr></tbody></table>",
	 "</table>\n"
	 "</td>",
	 NULL},
	{"a caption", "<table><caption>Figures</caption><tbody><tr><td>a</td></tr></tbody></table>",
	 "Figures</caption>", NULL},
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
	Suite *s = suite_create("tables");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, html_row, 0, (int)COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
