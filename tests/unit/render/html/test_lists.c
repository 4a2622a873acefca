#include "render/html/html.h"

#include "tests/support/check_main.h"
#include "tests/support/written.h"

/* What a page becomes, and what it must not. */
static const struct {
	const char *name, *page, *has, *lacks;
} rows[] = {
	{"bullets", "<ul><li>a</li></ul>",
	 "<ul type=\"disc\" style=\"margin:0 0 12px 24px;padding:0\">\n"
	 "<li style=\"margin:0 0 4px\">a</li>\n"
	 "</ul>",
	 NULL},
	{"discs change", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li></ul>",
	 "<ul type=\"square\"", NULL},
	{"numbers begin", "<ol start=\"5\"><li>a</li></ol>", "<ol type=\"1\" start=\"5\"", NULL},
	{"numbers change", "<ol><li>a<ol><li>b</li></ol></li></ol>",
	 "<ol type=\"a\" style=\"margin:0 0 0 20px", NULL},
	{"numbers under bullets", "<ul><li>a<ol><li>b</li></ol></li></ul>", "<ol type=\"1\"", NULL},
	{"a list in a cell", "<table><tbody><tr><td><ul><li>a</li></ul></td></tr></tbody></table>",
	 "margin:0 0 0 20px", "0 0 12px 24px"},
	{"paragraphs in an item", "<ul><li><p>a</p><p>b</p></li></ul>",
	 "<li style=\"margin:0 0 4px\"><p", NULL},
	{"tasks",
	 "<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>a</"
	 "ac:task-body></ac:task></ac:task-list>",
	 "&#9745;</td>", NULL},
	{"open tasks",
	 "<ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>a</"
	 "ac:task-body></ac:task></ac:task-list>",
	 "&#9744;</td>", "&#9745;"},
	{"no box of a form",
	 "<ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>a</"
	 "ac:task-body></ac:task></ac:task-list>",
	 "a", "<input"},
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
	Suite *s = suite_create("lists");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, html_row, 0, (int)COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
