#include "render/html/plain.h"

#include "tests/support/check_main.h"
#include "tests/support/written.h"

/* The text part of a page, without the lines around it. */
static const struct {
	const char *name, *page, *expected;
} rows[] = {
	{"drawn",
	 "<table><tbody><tr><th>A</th><th>Bee</th></tr><tr><td>1</td><td>x</td></tr><tr><td>22</"
	 "td><td>yy</td></tr></tbody></table>",
	 "A  | Bee\n"
	 "---+----\n"
	 " 1 | x\n"
	 "22 | yy"},
	{"figures to the right",
	 "<table><tbody><tr><th>Name</th><th>Sum</th></tr><tr><td>a</td><td>1.50</td></"
	 "tr><tr><td>b</td><td>100.00</td></tr></tbody></table>",
	 "Name | Sum\n"
	 "-----+-------\n"
	 "a    |   1.50\n"
	 "b    | 100.00"},
	{"no head",
	 "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></tbody></table>",
	 "a | b\n"
	 "c | d"},
	{"keys",
	 "<table><tbody><tr><th>Key</th><td>value</td></tr><tr><th>Other</th><td>more</td></tr></"
	 "tbody></table>",
	 "Key: value\n"
	 "Other: more"},
	{"keys under heads",
	 "<table><tbody><tr><th>A</th><th>B</th></tr><tr><th>Key</th><td>value</td></tr></tbody></"
	 "table>",
	 "A   | B\n"
	 "----+------\n"
	 "Key | value"},
	{"an empty row at the end",
	 "<table><tbody><tr><td>a</td><td><p>b</p><p>c</p></td></tr><tr><td></td><td></td></tr></"
	 "tbody></table>",
	 "col 1: a\n"
	 "col 2: b\n"
	 "\n"
	 "  c"},
	{"too wide",
	 "<table><tbody><tr><th>A</th><th>B</th></tr><tr><td>long words that go on and on until "
	 "the line is full and has to be wrapped</td><td>long words that go on and on until the "
	 "line is full and has to be "
	 "wrapped</td></tr><tr><td>x</td><td>y</td></tr></tbody></table>",
	 "A: long words that go on and on until the line is full and has to be wrapped\n"
	 "B: long words that go on and on until the line is full and has to be wrapped\n"
	 "--\n"
	 "A: x\n"
	 "B: y"},
	{"too wide, no head",
	 "<table><tbody><tr><td>long words that go on and on until the line is full and has to be "
	 "wrapped</td><td>long words that go on and on until the line is full and has to be "
	 "wrapped</td></tr></tbody></table>",
	 "col 1: long words that go on and on until the line is full and has to be\n"
	 "  wrapped\n"
	 "col 2: long words that go on and on until the line is full and has to be\n"
	 "  wrapped"},
	{"too wide, keys",
	 "<table><tbody><tr><th>Key</th><td>long words that go on and on until the line is full "
	 "and has to be wrapped long words that go on and on until the line is full and has to be "
	 "wrapped</td></tr><tr><th>Other</th><td></td></tr></tbody></table>",
	 "Key: long words that go on and on until the line is full and has to be\n"
	 "  wrapped long words that go on and on until the line is full and has to be\n"
	 "  wrapped\n"
	 "Other:"},
	{"blocks in cells",
	 "<table><tbody><tr><th>A</th><th>B</th></tr><tr><td><ul><li>x</li><li>y</li></ul></"
	 "td><td><p>p</p><p>q</p></td></tr></tbody></table>",
	 "A:\n"
	 "  - x\n"
	 "  - y\n"
	 "B: p\n"
	 "\n"
	 "  q"},
	{"spans",
	 "<table><tbody><tr><th>A</th><th>B</th><th>C</th></tr><tr><td "
	 "colspan=\"2\">ab</td><td>c</td></tr><tr><td "
	 "rowspan=\"2\">a</td><td>b</td><td>c</td></tr><tr><td>b2</td><td>c2</td></tr></tbody></"
	 "table>",
	 "A, B: ab\n"
	 "C: c\n"
	 "--\n"
	 "A: a\n"
	 "B: b\n"
	 "C: c\n"
	 "--\n"
	 "B: b2\n"
	 "C: c2"},
	{"two rows of heads",
	 "<table><tbody><tr><th rowspan=\"2\">A</th><th "
	 "colspan=\"2\">Group</th></tr><tr><th>B</th><th>C</th></tr><tr><td>1</td><td>2</"
	 "td><td><ul><li>3</li></ul></td></tr></tbody></table>",
	 "A: 1\n"
	 "Group / B: 2\n"
	 "Group / C:\n"
	 "  - 3"},
	{"heads alone",
	 "<table><tbody><tr><th>long words that go on and on until the line is full and has to be "
	 "wrapped</th><th>B</th></tr></tbody></table>",
	 "long words that go on and on until the line is full and has to be wrapped\n"
	 "B"},
	{"a head too long to be said again",
	 "<table><tbody><tr><th>long words that go on and on until the line is full and has to be "
	 "wrapped and long words that go "
	 "on and on until the next one "
	 "is</th><th>B</th></tr><tr><td>1</td><td><ul><li>2</li></ul></td></tr></tbody></table>",
	 "long words that go on and on until the line is full and has to be wrapped\n"
	 "  and long words that go on and on until the next one is: B\n"
	 "--\n"
	 "col 1: 1\n"
	 "col 2:\n"
	 "  - 2"},
	{"empty cells",
	 "<table><tbody><tr><th>A</th><th>B</th></tr><tr><td></td><td>long words that go on and on "
	 "until the line is full and has to be wrapped long words that go on and on until the line "
	 "is full and has to be wrapped</td></tr><tr><td>x</td><td></td></tr></tbody></table>",
	 "A:\n"
	 "B: long words that go on and on until the line is full and has to be wrapped\n"
	 "  long words that go on and on until the line is full and has to be wrapped\n"
	 "--\n"
	 "A: x"},
	{"one column",
	 "<table><tbody><tr><td>a</td></tr><tr><td><p>b</p><p>c</p></td></tr></tbody></table>",
	 "a\n"
	 "--\n"
	 "b\n"
	 "\n"
	 "c"},
	{"a table in a table",
	 "<table><tbody><tr><th>A</th><th>B</th></tr><tr><table><tbody><tr><td>x</td><td>y</td></"
	 "tr></tbody></table><td>z</td></tr></tbody></table>",
	 "A:\n"
	 "  x | y\n"
	 "B: z"},
	{"links in cells",
	 "<table><tbody><tr><th>A</th><th>B</th></tr><tr><td><a "
	 "href=\"https://example.org/\">x</a></td><td>y</td></tr></tbody></table>",
	 "A                        | B\n"
	 "-------------------------+--\n"
	 "x <https://example.org/> | y"},
	{"numbered",
	 "<table class=\"wrapped numberingColumn\"><tbody><tr><th "
	 "class=\"numberingColumn\"></th><th>A</th></tr><tr><td "
	 "class=\"numberingColumn\">1</td><td>x</td></tr></tbody></table>",
	 "| A\n"
	 "--+--\n"
	 "1 | x"},
	{"numbered by attribute",
	 "<table "
	 "data-number-column=\"true\"><tbody><tr><th>A</th><th>B</th></tr><tr><td>x</td><td>y</"
	 "td></tr><tr><td>v</td><td>w</td></tr></tbody></table>",
	 "| A | B\n"
	 "--+---+--\n"
	 "1 | x | y\n"
	 "2 | v | w"},
	{"followed by text", "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table><p>x</p>",
	 "a | b\n"
	 "\n"
	 "x"},
};

START_TEST(text_row)
{
	struct written made;
	written_make(rows[_i].page, &made);
	ck_assert_msg(slice_eq(made.text, slice_of_text(rows[_i].expected)), "%s:\n%.*s",
		      rows[_i].name, (int)made.text.len, made.text.ptr);
	written_drop(&made);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("plain_tables");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, text_row, 0, (int)COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
