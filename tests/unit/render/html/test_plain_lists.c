#include "render/html/plain.h"

#include "tests/support/check_main.h"
#include "tests/support/written.h"

/* The text part of a page, without the lines around it. */
static const struct {
	const char *name, *page, *expected;
} rows[] = {
	{"bullets", "<ul><li>a</li><li>b</li></ul>",
	 "- a\n"
	 "- b"},
	{"nested", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul><p>e</p>",
	 "- a\n"
	 "  - b\n"
	 "    - c\n"
	 "- d\n"
	 "\n"
	 "e"},
	{"numbers", "<ol><li>a<ol><li>b<ol><li>c</li><li>d</li></ol></li></ol></li><li>e</li></ol>",
	 "1. a\n"
	 "   a. b\n"
	 "      i. c\n"
	 "      ii. d\n"
	 "2. e"},
	{"right-aligned", "<ol start=\"9\"><li>a</li><li>b</li></ol>",
	 "9. a\n"
	 "10. b"},
	{"a wrapped item",
	 "<ul><li>long words that go on and on until the line is full and has to be wrapped long "
	 "words that go on and on until the line is full and has to be wrapped</li></ul>",
	 "- long words that go on and on until the line is full and has to be wrapped\n"
	 "  long words that go on and on until the line is full and has to be wrapped"},
	{"paragraphs in items", "<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>",
	 "- a\n"
	 "\n"
	 "  b\n"
	 "\n"
	 "- c"},
	{"an empty item", "<ul><li></li><li>a</li></ul>",
	 "-\n"
	 "- a"},
	{"code in an item",
	 "<ul><li>a<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[x\n"
	 "y]]></ac:plain-text-body></ac:structured-macro></li><li>b</li></ul>",
	 "- a\n"
	 "\n"
	 "      x\n"
	 "      y\n"
	 "- b"},
	{"tasks",
	 "<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>a</"
	 "ac:task-body></ac:task><ac:task><ac:task-status>incomplete</"
	 "ac:task-status><ac:task-body>b <em>c</em></ac:task-body></ac:task></ac:task-list>",
	 "[x] a\n"
	 "[ ] b c"},
	{"bullets in a quote", "<blockquote><ul><li>a</li><li>b</li></ul></blockquote>",
	 "> - a\n"
	 "> - b"},
	{"many letters", "<ol><li>x<ol start=\"26\"><li>a</li><li>b</li></ol></li></ol>",
	 "1. x\n"
	 "   z. a\n"
	 "   27. b"},
	{"a table in an item",
	 "<ul><li><table><tbody><tr><th>k</th><td>v</td></tr></tbody></table></li></ul>", "- k: v"},
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
	Suite *s = suite_create("plain_lists");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, text_row, 0, (int)COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
