#include "render/confluence/table.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const struct page_row rows[] = {
	{"ragged rows",
	 "<table><tr><td>a</td></tr><tr><td>b</td><td>c</td><td>d</td></tr>"
	 "</table>",
	 "table(columns=3;){row{cell{t{'a'}}cell(colspan=2;){}}row{cell{t{'b'}}"
	 "cell{t{'c'}}cell{t{'d'}}}}"},
	{"span over all",
	 "<table><tr><td colspan='5'>a</td></tr><tr><td>b</td><td>c</td></tr>"
	 "</table>",
	 "table(columns=2;){row{cell(colspan=2;){t{'a'}}}row{cell{t{'b'}}"
	 "cell{t{'c'}}}}"},
	{"span of nothing",
	 "<table><tr><td colspan='0' rowspan='0'>a</td>"
	 "<td colspan='-1' rowspan='x'>b</td></tr></table>",
	 "table(columns=2;){row{cell{t{'a'}}cell{t{'b'}}}}"},
	{"span past the last row",
	 "<table><tr><td rowspan='9'>a</td><td>b</td></tr><tr><td>c</td></tr>"
	 "</table>",
	 "table(columns=2;){row{cell(rowspan=2;){t{'a'}}cell{t{'b'}}}"
	 "row{cell{t{'c'}}}}"},
	{"row filled from above",
	 "<table><tr><td rowspan='2'>a</td><td>b</td></tr><tr><td>c</td></tr>"
	 "<tr><td>d</td></tr></table>",
	 "table(columns=2;){row{cell(rowspan=2;){t{'a'}}cell{t{'b'}}}"
	 "row{cell{t{'c'}}}row{cell{t{'d'}}cell{}}}"},
	{"both spans",
	 "<table><tr><td colspan='2' rowspan='2'>a</td><td>b</td></tr><tr>"
	 "<td>c</td></tr><tr><td>d</td><td>e</td><td>f</td></tr></table>",
	 "table(columns=3;){row{cell(colspan=2;rowspan=2;){t{'a'}}cell{t{'b'}}}"
	 "row{cell{t{'c'}}}row{cell{t{'d'}}cell{t{'e'}}cell{t{'f'}}}}"},
	{"only spans", "<table><tr><td colspan='3'>a</td><td colspan='3'>b</td></tr></table>",
	 "table(columns=4;){row{cell(colspan=3;){t{'a'}}cell{t{'b'}}}}"},
	{"enormous spans",
	 "<table><tr><td colspan='99999' rowspan='99999'>a</td></tr><tr>"
	 "<td>b</td></tr></table>",
	 "table(columns=101;){row{cell(colspan=100;rowspan=2;){t{'a'}}cell{}}"
	 "row{cell{t{'b'}}}}"},
	{"span of a hundred", "<table><tr><td colspan='65535'>a</td><td>b</td></tr></table>",
	 "table(columns=101;){row{cell(colspan=100;){t{'a'}}cell{t{'b'}}}}"},
	{"empty rows", "<table><tr/><tr><td>a</td></tr><tr> </tr></table>",
	 "table(columns=1;){row{cell{t{'a'}}}}"},
	{"too many widths",
	 "<table><col width='1'/><col width='2'/><col width='3'/><tr><td>a</td>"
	 "<td>b</td></tr></table>",
	 "table(columns=2;widths=1,2){row{cell{t{'a'}}cell{t{'b'}}}}"},
	{"rows in groups",
	 "<table><thead><tr><th>a</th></tr></thead><tfoot><tr><td>b</td></tr>"
	 "</tfoot><tbody><tr><td>c</td></tr></tbody></table>",
	 "table(columns=1;){row(head;){cell(head;){t{'a'}}}row{cell{t{'c'}}}"
	 "row(foot;){cell{t{'b'}}}}"},
	{"groups in any order",
	 "<table><tfoot><tr><td>f</td></tr></tfoot><tr><td>a</td></tr><thead><tr><td>h</td></tr>"
	 "<tr><td>i</td></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
	 "table(columns=1;){row(head;){cell{t{'h'}}}row(head;){cell{t{'i'}}}row{cell{t{'a'}}}"
	 "row{cell{t{'b'}}}row(foot;){cell{t{'f'}}}}"},
	{"feet alone", "<table><tfoot><tr><td>f</td></tr></tfoot></table>",
	 "table(columns=1;){row(foot;){cell{t{'f'}}}}"},
	{"a table in a foot",
	 "<table><tfoot><tr><td><table><tr><td>x</td></tr></table></td></tr></tfoot><tbody><tr><td>"
	 "a</td></tr></tbody></table>",
	 "table(columns=1;){row{cell{t{'a'}}}row(foot;){cell{table(columns=1;){row{cell{t{'x'}}}}}}"
	 "}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("table");
	TCase *t = tcase_create("table");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
