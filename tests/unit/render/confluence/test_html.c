#include "render/confluence/elements.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const struct page_row rows[] = {
	{"paragraph", "<p>one</p><p>two</p>", "p{'one'}p{'two'}"},
	{"bare text", "one", "p{'one'}"},
	{"white space collapses", "<p> a \n\t b  <b> c </b> d </p>", "p{'a b 'b:'c ''d'}"},
	{"space before an element", "<p>a <b>b</b> <i>c</i> d</p>", "p{'a 'b:'b 'i:'c ''d'}"},
	{"alignment and indentation",
	 "<p style='text-align: center; margin-left: 60px'>x</p>"
	 "<h2 style='text-align:right'>y</h2>",
	 "p(center;indent=2;){'x'}heading(end;2;id=y;){'y'}"},
	{"absurd indentation", "<p style='margin-left:999999999999px'>x</p>", "p(indent=10;){'x'}"},
	{"two empty paragraphs at most", "<p>a</p><p/><p></p><p> </p><p>&nbsp;</p><p>b</p>",
	 "p{'a'}p{}p{}p{'b'}"},
	{"paragraph of a break", "<p><br/></p>", "p{}"},
	{"last break shows nothing", "<p>a<br/></p>", "p{'a'}"},
	{"place for the cursor", "<p class='auto-cursor-target'><br/></p>", ""},
	{"headings", "<h1>A</h1><h6>B</h6>", "heading(1;id=A;){'A'}heading(6;id=B;){'B'}"},
	{"empty heading", "<h1> </h1><h2>&nbsp;</h2>", ""},
	{"marks",
	 "<p><strong>a</strong><em>b</em><u>c</u><s>d</s><code>e</code>"
	 "<sub>f</sub><sup>g</sup><small>h</small><big>i</big></p>",
	 "p{b:'a'i:'b'u:'c's:'d'code:'e'sub:'f'sup:'g'small:'h'big:'i'}"},
	{"marks in marks", "<p><b>a<i>b</i>c</b>d</p>", "p{b:'a'b:i:'b'b:'c''d'}"},
	{"quotes", "<p><q>x</q></p>", "p{'“x”'}"},
	{"colours",
	 "<p>"
	 "<span style='color: rgb(255,0,0); background-color: #00ff00'>x</span>"
	 "<font color='blue'>y</font></p>",
	 "p{ink=#ff0000;ground=#00ff00;'x'ink=#0000ff;'y'}"},
	{"colour that is none", "<p><span style='color: url(x)'>x</span></p>", "p{'x'}"},
	{"lists",
	 "<ul><li>a</li><li><p>b</p><ul><li>c</li></ul></li></ul><ol start='3'>"
	 "<li>d</li></ol>",
	 "bullets{item{t{'a'}}item{t{'b'}bullets{item{t{'c'}}}}}"
	 "numbers(start=3;){item{t{'d'}}}"},
	{"list in a list", "<ul><li>a</li><ul><li>b</li></ul></ul>",
	 "bullets{item{t{'a'}bullets{item{t{'b'}}}}}"},
	{"item without a list", "<li>a</li><li>b</li><p>c</p>",
	 "bullets{item{t{'a'}}item{t{'b'}}}p{'c'}"},
	{"empty list", "<ul></ul><ol> </ol>", ""},
	{"definitions", "<dl><dt>t</dt><dd>d</dd></dl>", "t{b:'t'}group(indent=1;){p{'d'}}"},
	{"abbreviations say what they stand for, once",
	 "<p><abbr title='World  Wide'>WW</abbr> <abbr title='World Wide'>WW</abbr> "
	 "<acronym title='b'>B</acronym> <abbr>C</abbr> <abbr title=''>D</abbr></p>",
	 "p{'WW (World Wide) WW B (b) C D'}"},
	{"quote and rule", "<blockquote><p>a</p></blockquote><hr/>", "quote{p{'a'}}rule{}"},
	{"preformatted", "<pre>\n a\n  b<b>c</b><br/>d</pre>", "code(' a\n  bc\nd')"},
	{"division", "a<div>b</div>c<div style='margin-left:30px'><p>d</p></div>",
	 "p{'a'}p{'b'}p{'c'}group(indent=1;){p{'d'}}"},
	{"block in a paragraph", "<p>a<ul><li>b</li></ul>c</p>",
	 "p{'a'}bullets{item{t{'b'}}}p{'c'}"},
	{"paragraph in a heading", "<h1><p>a</p><p>b</p></h1>", "heading(1;id=a-b;){'a b'}"},
	{"scripts show nothing", "<p>a<script>alert(1)</script><style>p{}</style></p>", "p{'a'}"},
	{"control characters vanish", "<p>a&#133;b&#x7f;c</p>", "p{'abc'}"},
	{"entities", "<p>&nbsp;&auml;&euro;&lt;&#128512;</p>", "p{'\302\240ä€<😀'}"},
	{"dates",
	 "<p><time datetime='2024-02-29'/><time datetime='2023-02-29'>x</time>"
	 "<time datetime=''/></p>",
	 "p{date(2024-2-29)date(2023-02-29)}"},
	{"unknown element", "<p><blink>a</blink></p><custom:x>b</custom:x>", "p{'a'}p{'b'}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("html");
	TCase *t = tcase_create("html");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return check_main(s);
}
