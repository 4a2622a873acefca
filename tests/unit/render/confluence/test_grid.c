#include "render/confluence/elements.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const struct page_row rows[] = {
	{"table",
	 "<table><tbody><tr><th>a</th><th>b</th></tr><tr><td><p>c</p></td>"
	 "<td>d<p>e</p></td></tr></tbody></table>",
	 "table(columns=2;){row{cell(head;){t{'a'}}cell(head;){t{'b'}}}"
	 "row{cell{t{'c'}}cell{t{'d'}p{'e'}}}}"},
	{"head rows",
	 "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr>"
	 "</tbody></table>",
	 "table(columns=1;){row(head;){cell(head;){t{'a'}}}row{cell{t{'b'}}}}"},
	{"widths",
	 "<table style='width: 500px'><colgroup><col style='width: 100px'/>"
	 "<col style='width:200.5px'/></colgroup><tr><td/><td/></tr></table>",
	 "table(columns=2;width=500;widths=100,200){row{cell{}cell{}}}"},
	{"widths in per cent",
	 "<table><col width='30%'/><col width='70%'/><tr><td>a</td><td>b</td>"
	 "</tr></table>",
	 "table(columns=2;widths=30,70){row{cell{t{'a'}}cell{t{'b'}}}}"},
	{"too few widths", "<table><col width='30%'/><tr><td>a</td><td>b</td></tr></table>",
	 "table(columns=2;){row{cell{t{'a'}}cell{t{'b'}}}}"},
	{"one width for many columns",
	 "<table><col span='2' width='50'/><tr><td>a</td><td>b</td></tr></table>",
	 "table(columns=2;widths=50,50){row{cell{t{'a'}}cell{t{'b'}}}}"},
	{"numbered",
	 "<table data-number-column='true' data-table-width='760'><tr><td>a</td>"
	 "</tr></table>",
	 "table(columns=1;width=760;numbered;){row{cell{t{'a'}}}}"},
	{"cells",
	 "<table><tr>"
	 "<td colspan='2' data-highlight-colour='blue' style='text-align:right;vertica"
	 "l-align:middle'>a</td></tr><tr>"
	 "<td bgcolor='#112233' valign='top'>b</td>"
	 "<td class='x numberingColumn'>1</td></tr></table>",
	 "table(columns=2;){row{cell(end;colspan=2;valign=2;ground=#deebff;)"
	 "{t{'a'}}}row{cell(valign=1;ground=#112233;){t{'b'}}cell(center;count;ground=#f4f5f7;)"
	 "{t{'1'}}}}"},
	{"highlights by class",
	 "<table><tr><td class='highlight-red confluenceTd'>a</td><td class='highlight-#123456'>b"
	 "</td><td class='highlight-blue' data-highlight-colour='#abcdef'>c</td><td "
	 "class='highlight-expression(1)'>d</td></tr></table>",
	 "table(columns=4;){row{cell(ground=#ffebe6;){t{'a'}}cell(ground=#123456;){t{'b'}}"
	 "cell(ground=#abcdef;){t{'c'}}cell{t{'d'}}}}"},
	{"caption", "<table><caption>T</caption><tr><td>a</td></tr></table>",
	 "table(columns=1;){caption{'T'}row{cell{t{'a'}}}}"},
	{"late caption is text", "<table><tr><td>a</td></tr><caption>T</caption></table>",
	 "table(columns=2;){row{cell{t{'a'}}cell{t{'T'}}}}"},
	{"row without a table", "<tr><td>a</td></tr>", "table(columns=1;){row{cell{t{'a'}}}}"},
	{"cell without a row", "<table><td>a</td><td>b</td></table>",
	 "table(columns=2;){row{cell{t{'a'}}cell{t{'b'}}}}"},
	{"text in a table", "<table>x<tr>y<td>z</td></tr></table>",
	 "table(columns=2;){row{cell{t{'x'}}cell{}}row{cell{t{'y'}}"
	 "cell{t{'z'}}}}"},
	{"table in a cell",
	 "<table><thead><tr><td><table><tr><td>a</td></tr></table></td></tr>"
	 "</thead></table>",
	 "table(columns=1;){row(head;){cell{table(columns=1;)"
	 "{row{cell{t{'a'}}}}}}}"},
	{"empty table", "<p>a</p><table><tbody/></table><table><tr/></table>", "p{'a'}"},
	{"layouts",
	 "<ac:layout><ac:layout-section ac:type='two_left_sidebar'>"
	 "<ac:layout-cell><p>a</p></ac:layout-cell>"
	 "<ac:layout-cell>b</ac:layout-cell></ac:layout-section>"
	 "<ac:layout-section ac:type='single'><ac:layout-cell><p>c</p>"
	 "</ac:layout-cell></ac:layout-section></ac:layout>",
	 "layout{column(30){t{'a'}}column(70){t{'b'}}}group{group{p{'c'}}}"},
	{"layout of four",
	 "<ac:layout-section ac:type='four'><ac:layout-cell>a</ac:layout-cell>"
	 "<ac:layout-cell>b</ac:layout-cell><ac:layout-cell>c</ac:layout-cell>"
	 "<ac:layout-cell>d</ac:layout-cell></ac:layout-section>",
	 "layout{column(25){t{'a'}}column(25){t{'b'}}column(25){t{'c'}}"
	 "column(25){t{'d'}}}"},
	{"cells than the type says",
	 "<ac:layout-section ac:type='two_left_sidebar'>"
	 "<ac:layout-cell>a</ac:layout-cell><ac:layout-cell>b</ac:layout-cell>"
	 "<ac:layout-cell>c</ac:layout-cell></ac:layout-section>",
	 "layout{column(33){t{'a'}}column(33){t{'b'}}column(33){t{'c'}}}"},
	{"tasks",
	 "<ac:task-list><ac:task><ac:task-id>1</ac:task-id>"
	 "<ac:task-status>complete</ac:task-status>"
	 "<ac:task-body>a</ac:task-body></ac:task><ac:task>"
	 "<ac:task-status>incomplete</ac:task-status><ac:task-body><p>b</p>"
	 "</ac:task-body></ac:task></ac:task-list>",
	 "tasks{task(done;){t{'a'}}task{t{'b'}}}"},
	{"tasks in tasks",
	 "<ac:task-list><ac:task><ac:task-body>a</ac:task-body></ac:task>"
	 "<ac:task-list><ac:task><ac:task-status>complete</ac:task-status>"
	 "<ac:task-body>b</ac:task-body></ac:task></ac:task-list></ac:task-list>",
	 "tasks{task{t{'a'}tasks{task(done;){t{'b'}}}}}"},
	{"status outside a task", "<ac:task-status>complete</ac:task-status><p>a</p>", "p{'a'}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("grid");
	TCase *t = tcase_create("grid");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
