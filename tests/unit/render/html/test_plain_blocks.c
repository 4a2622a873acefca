#include "render/html/plain.h"

#include "tests/support/check_main.h"
#include "tests/support/written.h"

/* The text part of a page, without the lines around it. */
static const struct {
	const char *name, *page, *expected;
} rows[] = {
	{"paragraphs", "<p>a</p><p>b</p>",
	 "a\n"
	 "\n"
	 "b"},
	{"empty paragraphs", "<p>a</p><p></p><p></p><p></p><p>b</p>",
	 "a\n"
	 "\n"
	 "b"},
	{"a wrapped paragraph",
	 "<p>long words that go on and on until the line is full and has to be wrapped long words "
	 "that go on and on until the line is full and has to be wrapped</p>",
	 "long words that go on and on until the line is full and has to be wrapped\n"
	 "long words that go on and on until the line is full and has to be wrapped"},
	{"headings",
	 "<h1>One</h1><p>x</p><h2>Two</h2><p>x</p><h3>Three</h3><h4>Four</h4><h5>Five</h5><h6>Six</"
	 "h6>",
	 "One\n"
	 "===\n"
	 "\n"
	 "x\n"
	 "\n"
	 "\n"
	 "Two\n"
	 "---\n"
	 "\n"
	 "x\n"
	 "\n"
	 "### Three\n"
	 "\n"
	 "#### Four\n"
	 "\n"
	 "##### Five\n"
	 "\n"
	 "###### Six"},
	{"an empty heading", "<p>a</p><h1></h1><p>b</p>",
	 "a\n"
	 "\n"
	 "b"},
	{"a heading of two lines",
	 "<h2>long words that go on and on until the line is full and has to be wrapped long words "
	 "that go on and on until the line is full and has to be wrapped</h2>",
	 "long words that go on and on until the line is full and has to be wrapped\n"
	 "long words that go on and on until the line is full and has to be wrapped\n"
	 "-------------------------------------------------------------------------"},
	{"indent",
	 "<p style=\"margin-left: 60.0px;\">long words that go on and on until the line is full "
	 "and has to be wrapped long words that go on and on until the line is full and has to be "
	 "wrapped</p>",
	 "long words that go on and on until the line is full and has to be\n"
	 "    wrapped long words that go on and on until the line is full and has to\n"
	 "    be wrapped"},
	{"quote", "<blockquote><p>a</p><p>b</p></blockquote><p>c</p>",
	 "> a\n"
	 ">\n"
	 "> b\n"
	 "\n"
	 "c"},
	{"quote in a quote", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>",
	 "> a\n"
	 ">\n"
	 "> > b"},
	{"panels",
	 "<ac:structured-macro "
	 "ac:name=\"info\"><ac:rich-text-body><p>a</p><p>b</p></ac:rich-text-body></"
	 "ac:structured-macro><ac:structured-macro ac:name=\"warning\"><ac:parameter "
	 "ac:name=\"title\">Take "
	 "care</ac:parameter><ac:rich-text-body><p>c</p></ac:rich-text-body></"
	 "ac:structured-macro><ac:structured-macro "
	 "ac:name=\"tip\"><ac:rich-text-body><ul><li>d</li></ul></ac:rich-text-body></"
	 "ac:structured-macro>",
	 "| [INFO] a\n"
	 "|\n"
	 "| b\n"
	 "\n"
	 "| [ERROR] Take care\n"
	 "| c\n"
	 "\n"
	 "| [SUCCESS]\n"
	 "| - d"},
	{"a panel without content",
	 "<ac:structured-macro "
	 "ac:name=\"note\"><ac:rich-text-body></ac:rich-text-body></ac:structured-macro>",
	 "This page has no content."},
	{"a bare panel",
	 "<ac:structured-macro ac:name=\"panel\"><ac:parameter "
	 "ac:name=\"title\">Box</ac:parameter><ac:rich-text-body><p>a</p></ac:rich-text-body></"
	 "ac:structured-macro>",
	 "| Box\n"
	 "| a"},
	{"expand",
	 "<ac:structured-macro ac:name=\"expand\"><ac:parameter "
	 "ac:name=\"title\">More</ac:parameter><ac:rich-text-body><p>a</p></ac:rich-text-body></"
	 "ac:structured-macro><ac:structured-macro "
	 "ac:name=\"expand\"><ac:rich-text-body><p>b</p></ac:rich-text-body></ac:structured-macro>",
	 "More:\n"
	 "  a\n"
	 "\n"
	 "Details:\n"
	 "  b"},
	{"rule", "<p>a</p><hr/><p>b</p>",
	 "a\n"
	 "\n"
	 "------------------------------------------------------------------------\n"
	 "\n"
	 "b"},
	{"code",
	 "<ac:structured-macro ac:name=\"code\"><ac:parameter "
	 "ac:name=\"language\">c</ac:parameter><ac:parameter "
	 "ac:name=\"title\">x.c</ac:parameter><ac:plain-text-body><![CDATA[int x;\n"
	 "\n"
	 "\tif (x) {\n"
	 "}]]></ac:plain-text-body></ac:structured-macro>",
	 "x.c (c):\n"
	 "    int x;\n"
	 "\n"
	 "        if (x) {\n"
	 "    }"},
	{"code with numbers",
	 "<ac:structured-macro ac:name=\"code\"><ac:parameter "
	 "ac:name=\"linenumbers\">true</ac:parameter><ac:parameter "
	 "ac:name=\"firstline\">9</ac:parameter><ac:plain-text-body><![CDATA[a\n"
	 "b]]></ac:plain-text-body></ac:structured-macro>",
	 "9  a\n"
	 "    10  b"},
	{"code is never wrapped",
	 "<ac:structured-macro ac:name=\"noformat\"><ac:plain-text-body><![CDATA[long words that "
	 "go on and on until the line is full and has to be wrapped long words that go on and on "
	 "until the line is full and has to be wrapped long words that go on and on until the line "
	 "is full and has to be wrapped ]]></ac:plain-text-body></ac:structured-macro>",
	 "long words that go on and on until the line is full and has to be wrapped long words "
	 "that go on and on until the line is full and has to be wrapped long words that go on and "
	 "on until the line is full and has to be wrapped"},
	{"code with trailing blanks",
	 "<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[a  \n"
	 "  b]]></ac:plain-text-body></ac:structured-macro>",
	 "a\n"
	 "      b"},
	{"layout",
	 "<ac:layout><ac:layout-section "
	 "ac:type=\"two_equal\"><ac:layout-cell><p>a</p></ac:layout-cell><ac:layout-cell><p>b</p></"
	 "ac:layout-cell></ac:layout-section></ac:layout>",
	 "a\n"
	 "\n"
	 "b"},
	{"picture and caption",
	 "<ac:image ac:alt=\"A dot\"><ri:attachment "
	 "ri:filename=\"dot.png\"/><ac:caption><p>Small</p></ac:caption></ac:image>",
	 "[image: A dot]\n"
	 "  Small"},
	{"a picture that is no picture",
	 "<ac:image><ri:attachment ri:filename=\"table.csv\"/></ac:image>",
	 "[file: table.csv, 4 bytes]"},
	{"an unknown macro", "<ac:structured-macro ac:name=\"org-chart\"></ac:structured-macro>",
	 "[org-chart]"},
	{"an unknown macro with a body",
	 "<ac:structured-macro "
	 "ac:name=\"org-chart\"><ac:rich-text-body><p>inside</p></ac:rich-text-body></"
	 "ac:structured-macro>",
	 "inside"},
	{"nothing", "", "This page has no content."},
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
	Suite *s = suite_create("plain_blocks");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, text_row, 0, (int)COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
