#include "render/confluence/export_view.h"

#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const struct page_row rows[] = {
	{"main content alone",
	 "<div id=\"header\">a</div><ul><li>x<div "
	 "id=\"main-content\"><p>b</p><div>c</div></div><p>d</p>",
	 "p{'b'}p{'c'}"},
	{"main content among broken tags", "<b><i><div id=main-content><p>b</div></i>d", "p{'b'}"},
	{"main content twice", "<div id=\"main-content\">a<div id=\"main-content\">b</div>c</div>d",
	 "p{'a'}p{'b'}p{'c'}"},
	{"hidden",
	 "<p hidden>a</p><p class=\"x hidden\">b</p><p style=\"color:red; DISPLAY : None\">c</p><p "
	 "style=\"display:block\">d</p>",
	 "p{'d'}"},
	{"controls",
	 "<form><p>a</p></form><p><button>b</button><select><option>c</select><textarea><b>d</"
	 "textarea>e<input value=f></p>",
	 "p{'e'}"},
	{"not shown",
	 "<p>a<script>b</script><style>c</style><noscript><p>d</noscript><svg><text>e<div>f</"
	 "svg><template>g</template>h</p>",
	 "p{'a'}p{'fh'}"},
	{"conditional comments",
	 "<![if !mso]><p>a</p><![endif]><!--[if mso]><p>b</p><![endif]--><p>c<!-->d<!--->e</p>",
	 "p{'a'}p{'cde'}"},
	{"comment without an end", "<p>a<!--b</p><!--c", "p{'ab'}p{'c'}"},
	{"meta changes nothing", "<meta charset=\"iso-8859-1\"><p>é</p>", "p{'é'}"},
	{"bad bytes", "<p>a</p>", "p{'a'}"},
	{"entities", "<p title=\"&lt;\">&nbsp;a&amp;b&copyc &#233; &euro;</p>",
	 "p{' a&b&copyc é €'}"},
	{"white space", "<p> a \n	 b <b> c </b> d</p>", "p{'a b 'b:'c ''d'}"},
	{"headings and links to them",
	 "<p><a href=\"#id-MyPage-A.B\">1</a> <a href=\"#x\">2</a> <a href=\"#gone\">3</a></p><h1 "
	 "id=\"id-MyPage-A.B\">A.B</h1><h2 id=\"x\">C</h2>",
	 "p{link(#A-B){'1'}' 'link(#C){'2'}' "
	 "'link(https://x.example/wiki/pages/"
	 "viewpage.action?pageId=42#gone){'3'}}heading(1;id=A-B;){'A.B'}heading(2;id=C;){'C'}"},
	{"links to other places",
	 "<p><a href=\"#f1\">a</a></p><ul><li id=\"f1\">b</li><li id=\"f2\">c</li></ul>",
	 "p{link(#f1){'a'}}bullets{item{t{anchor(f1)'b'}}item{t{'c'}}}"},
	{"anchor macro",
	 "<p><span class=\"confluence-anchor-link conf-macro\" id=\"MyPage-x\" "
	 "data-macro-name=\"anchor\"></span>a <a href=\"#MyPage-x\">b</a></p>",
	 "p{anchor(MyPage-x)'a 'link(#MyPage-x){'b'}}"},
	{"heading not closed by its own tag", "<h2>a</h3><p>b</p>", "heading(2;id=a;){'a'}p{'b'}"},
	{"relative links",
	 "<p><a href=\"/wiki/display/DOC/A\">a</a><a href=\"javascript:b\">b</a></p>",
	 "p{link(https://x.example/wiki/display/DOC/A){'a'}'b'}"},
	{"class on parts of a table",
	 "<table class=\"panel\"><tr class=\"error\"><th class=\"title\">a</th><td class=\"cell "
	 "summary code panel\">b</td></tr><tr class=\"hidden\"><td>c</td></tr></table>",
	 "table(columns=2;){row{cell(head;){t{'a'}}cell{t{'b'}}}}"},
	{"table",
	 "<div class=\"table-wrap\"><table class=\"wrapped confluenceTable\" style=\"width: "
	 "340px;\"><colgroup><col style=\"width: 100px\"/><col style=\"width: "
	 "240px\"/></colgroup><tbody><tr><th class=\"confluenceTh\">a</th><th class=\"confluenceTh "
	 "numberingColumn\">b</th></tr><tr><td class=\"highlight-green confluenceTd\" "
	 "data-highlight-colour=\"green\">c</td><td colspan=\"2\" "
	 "class=\"confluenceTd\"><ul><li>d</li></ul></td></tr></tbody></table></div>",
	 "table(columns=2;width=340;widths=100,240){row{cell(head;){t{'a'}}cell(center;head;count;"
	 "ground=#f4f5f7;){t{'b'}}}row{cell(ground=#e3fcef;){t{'c'}}cell{bullets{item{t{'d'}}}}}}"},
	{"definition list", "<dl><dt>a</dt><dd>b</dd></dl>", "t{b:'a'}group(indent=1;){p{'b'}}"},
	{"colours of text",
	 "<p><span style=\"color: rgb(255,0,0);\">a</span><span "
	 "style=\"color:expression(1)\">b</span></p>",
	 "p{ink=#ff0000;'a''b'}"},
	{"empty", "", ""},
	{"text alone", "a < b", "p{'a < b'}"},
};

START_TEST(pages)
{
	page_check_as(PAGE_VIEW, &rows[_i]);
}
END_TEST

/* Bytes that are no UTF-8 are shown as what they are: unknown. */
START_TEST(bad_bytes)
{
	struct page_reading p;
	ck_assert(page_read_as(&p, PAGE_EXPORT_VIEW, SLICE_LIT("<p title='\377'>a\377b")) ==
		  FAULT_NONE);
	ck_assert(slice_eq(buf_view(&p.dump), SLICE_LIT("p{'a\357\277\275b'}")));
	page_reading_drop(&p);
}
END_TEST

static const char rich[] =
	"<div id='a'>frame</div><div id='main-content'><p><a href='#x'>a</a> <a "
	"href='#z'>b</a></p><h1 id='x'>H</h1>"
	"<i id='z'>z</i><div class='panel'><div class='panelHeader'>T</div><div "
	"class='panelContent'>a</div></div>"
	"<div class='confluence-information-macro confluence-information-macro-tip'><p "
	"class='title'>T</p>a</div>"
	"<div class='code panel'><div class='codeHeader'>T</div><pre class='brush: "
	"java'>a</pre></div>"
	"<div class='expand-container'><span class='expand-control-text'>T</span>a</div>"
	"<ul class='inline-task-list'><li>a</li></ul><div class='columnLayout'><div "
	"class='cell'>a</div></div>"
	"<p><span class='aui-lozenge'>S</span><a class='user-mention'>@A</a><time "
	"datetime='2025-01-20'>d</time>"
	"<img class='emoticon emoticon-tick'><img src='data:x' alt='a'><span class='error'>e</span>"
	"<a class='confluence-embedded-file' href='/download/attachments/1/a%20b.pdf'></a>"
	"<span class='jira-issue' data-jira-key='A-1'><span class='summary'>s</span></span></p>"
	"<figure><img src='/download/attachments/42/pic.png'><figcaption>c</figcaption></figure>"
	"<div class='jira-issues'>Getting issues</div><div data-macro-name='children'></div>"
	"<div class='toc-macro' "
	"data-headerelements='H1,H2'></div><details><summary>s</summary>d</details>"
	"<span data-macro-name='tooltip'>t</span><iframe src='https://a.example/'></iframe></div>";

/* The arena ends at every place. */
START_TEST(arena_ends)
{
	const struct page page = {.format = PAGE_VIEW,
				  .body = slice_of_text(rich),
				  .site_url = SLICE_LIT("https://x.example")};
	const struct document_params params = {.page = &page};
	enum fault f = FAULT_NO_MEMORY;
	unsigned failed = 0;
	for (size_t limit = 0; f != FAULT_NONE && limit < 1 << 20; limit += 64) {
		struct arena arena;
		struct document document;
		arena_init(&arena, limit);
		f = document_read(&params, &arena, &document, NULL);
		ck_assert(f == FAULT_NONE || f == FAULT_NO_MEMORY);
		failed += f != FAULT_NONE;
		arena_deinit(&arena);
	}
	ck_assert_int_eq(f, FAULT_NONE);
	ck_assert_uint_gt(failed, 10);
}
END_TEST

START_TEST(memory_ends)
{
	for (unsigned n = 1;; n++) {
		struct page_reading p;
		oom_arm(n);
		enum fault f = page_read_as(&p, PAGE_VIEW, slice_of_text(rich));
		bool hit = oom_disarm();
		page_reading_drop(&p);
		if (!hit) {
			ck_assert_int_eq(f, FAULT_NONE);
			break;
		}
		ck_assert(f == FAULT_NONE || f == FAULT_NO_MEMORY);
	}
}
END_TEST

/* Each would take minutes if some work began again and again. */
static const char *const endless[] = {
	"<!--",
	"<![if x]>",
	"<!",
	"<?",
	"</",
	"</span>",
	"</div>",
	"<div>",
	"<span class='panel'>",
	"<div class='panel'>",
	"<div class='expand-container'>",
	"<div class='jira-issues'>",
	"<details>",
	"<div data-macro-name='x'>",
	"<ul class='inline-task-list'>",
	"<div class='columnLayout'>",
	"<div class='cell'>",
	"<a href='#x' id='x'>",
	"<table class='infoMacro'><tr><td>",
	"<td colspan=1000 rowspan=1000>",
	"<b class='",
	"<b a=1 ",
	"<pre>",
	"<script>",
	"<script type=syntaxhighlighter>",
	"<iframe>",
	"<noscript>",
	"<figure><img src=/a.png>",
	"<h1 id=a>",
	"<svg>",
	"</h1>",
	"<img src='data:x' alt=a>",
	"<div id='main-content'>",
	"<span class='jira-issue'>",
	"<p style='",
	"&",
	"&#x",
	"<textarea>",
	"<title>",
	"<form>",
	"<div class='toc-macro'></div>",
};

START_TEST(stays_linear)
{
	enum { TIMES = 100000 };
	struct slice one = slice_of_text(endless[_i]);
	struct buf body;
	struct page_reading p;
	buf_init(&body, (size_t)TIMES * 64);
	for (int i = 0; i < TIMES; i++) {
		ck_assert(buf_add(&body, one) == FAULT_NONE);
	}
	ck_assert(page_read_as(&p, PAGE_VIEW, buf_view(&body)) == FAULT_NONE);
	ck_assert_ptr_null(tree_broken_promise(p.document.root));
	page_reading_drop(&p);
	buf_deinit(&body);
}
END_TEST

START_TEST(table_can_be_listed)
{
	struct export_view_row row;
	size_t count = 0;
	for (; export_view_each(count, &row); count++) {
		ck_assert_uint_gt(row.found.len, 0);
		ck_assert_uint_gt(row.becomes.len, 0);
	}
	ck_assert_uint_gt(count, 50);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("export_view");
	TCase *t = tcase_create("export_view");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	tcase_add_test(t, bad_bytes);
	tcase_add_test(t, arena_ends);
	tcase_add_test(t, memory_ends);
	tcase_add_loop_test(t, stays_linear, 0, COUNT_OF(endless));
	tcase_add_test(t, table_can_be_listed);
	suite_add_tcase(s, t);
	return check_main(s);
}
