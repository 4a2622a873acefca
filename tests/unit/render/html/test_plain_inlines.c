#include "render/html/plain.h"

#include "tests/support/check_main.h"
#include "tests/support/written.h"

/* The text part of a page, without the lines around it. */
static const struct {
	const char *name, *page, *expected;
} rows[] = {
	{"marks say nothing", "<p><strong>a</strong> <em>b</em> <u>c</u> <s>d</s></p>", "a b c d"},
	{"code", "<p>say <code>make</code> twice</p>", "say `make` twice"},
	{"raised and lowered",
	 "<p>H<sub>2</sub>O, 10<sup>-3</sup>, x<sup>n</sup>, a<sub>i</sub>, 1<sup>st</sup></p>",
	 "H₂O, 10⁻³, xⁿ, a_i, 1st"},
	{"a link", "<p><a href=\"https://example.org/\">here</a></p>",
	 "here <https://example.org/>"},
	{"a link that says its address",
	 "<p><a href=\"https://example.org/\">https://example.org/</a></p>",
	 "https://example.org/"},
	{"mail", "<p><a href=\"mailto:a@example.org\">a@example.org</a></p>", "a@example.org"},
	{"an anchor on the page", "<p><a href=\"#x\">there</a></p>", "there"},
	{"a long address, once",
	 "<p><a "
	 "href=\"https://example.org/a/very/long/address/that/is/longer/than/sixty/bytes/for/"
	 "sure\">a</a></p>",
	 "a\n"
	 "<https://example.org/a/very/long/address/that/is/longer/than/sixty/bytes/for/sure>"},
	{"a long address, twice",
	 "<p><a "
	 "href=\"https://example.org/a/very/long/address/that/is/longer/than/sixty/bytes/for/"
	 "sure\">a</a> and <a "
	 "href=\"https://example.org/a/very/long/address/that/is/longer/than/sixty/bytes/for/"
	 "sure\">b</a></p>",
	 "a [1] and b [1]\n"
	 "\n"
	 "[1]\n"
	 "<https://example.org/a/very/long/address/that/is/longer/than/sixty/bytes/for/sure>"},
	{"no live scheme", "<p><a href=\"javascript:alert(1)\">a</a></p>", "a"},
	{"breaks", "<p>a<br/>b<br/><br/><br/><br/>c</p>",
	 "a\n"
	 "b\n"
	 "\n"
	 "c"},
	{"status",
	 "<p><ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"title\">in "
	 "progress</ac:parameter><ac:parameter "
	 "ac:name=\"colour\">Blue</ac:parameter></ac:structured-macro></p>",
	 "[IN PROGRESS]"},
	{"status, no letters of ASCII",
	 "<p><ac:structured-macro ac:name=\"status\"><ac:parameter "
	 "ac:name=\"title\">läuft</ac:parameter></ac:structured-macro></p>",
	 "[LÄUFT]"},
	{"date", "<p><time datetime=\"2026-11-22\"/></p>", "22 Nov 2026"},
	{"no date", "<p><time datetime=\"soon\"/></p>", "soon"},
	{"mention", "<p><ac:link><ri:user ri:account-id=\"1\"/></ac:link></p>", "@user"},
	{"emoticon", "<p><ac:emoticon ac:name=\"tick\"/> done</p>", "✅ done"},
	{"a picture in the text",
	 "<p>a <ac:image ac:alt=\"dot\"><ri:attachment ri:filename=\"dot.png\"/></ac:image> b</p>",
	 "a [image: dot] b"},
	{"a picture elsewhere",
	 "<p><ac:image ac:alt=\"logo\"><ri:url "
	 "ri:value=\"https://example.org/logo.png\"/></ac:image></p>",
	 "[image: logo] <https://example.org/logo.png>"},
	{"a picture that is missing",
	 "<p>x <ac:image><ri:attachment ri:filename=\"gone.png\"/></ac:image></p>",
	 "x [image: gone.png]"},
	{"a file", "<p><ac:link><ri:attachment ri:filename=\"table.csv\"/></ac:link></p>",
	 "[file: table.csv, 4 bytes]"},
	{"a macro in the text",
	 "<p>a <ac:structured-macro ac:name=\"org-chart\"></ac:structured-macro> b</p>",
	 "a [org-chart] b"},
	{"Japanese breaks behind marks",
	 "<p>"
	 "日本語の文章です、日本語の文章です、日本語の文章です、日本語の文章です、日本語の文章です"
	 "、日本語の文章です、日本語の文章です、日本語の文章です、日本語の文章です、日本語の文章で"
	 "す、日本語の文章です、日本語の文章です、</p>",
	 "日本語の文章です、日本語の文章です、日本語の文章です、日本語の文章です、\n"
	 "日本語の文章です、日本語の文章です、日本語の文章です、日本語の文章です、\n"
	 "日本語の文章です、日本語の文章です、日本語の文章です、日本語の文章です、"},
	{"a blank that does not break",
	 "<p>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 10&nbsp;km</p>",
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 10 km"},
	{"soft hyphens go", "<p>Donau&shy;dampf&shy;schiff</p>", "Donaudampfschiff"},
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
	Suite *s = suite_create("plain_inlines");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, text_row, 0, (int)COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
