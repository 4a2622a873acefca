#include "render/html/html.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/written.h"

enum { LIMIT = 102400, BYTES = 400000 };

/* Pages far too long for a mail, each in another way: a unit, repeated between a begin and an end. */
static const struct {
	const char *name, *begin, *unit, *end;
} longs[] = {
	{"paragraphs", "", "<p>some words in a paragraph</p>", ""},
	{"one paragraph", "<p>", "some words in one paragraph ", "</p>"},
	{"one paragraph of links", "<p>", "<a href=\"https://example.org/\">link</a> ", "</p>"},
	{"one word", "<p>", "wordwordwordword", "</p>"},
	{"only ampersands", "<p>", "&amp;", "</p>"},
	{"a table", "<table><tbody>", "<tr><td>a</td><td>b</td></tr>", "</tbody></table>"},
	{"one cell", "<table><tbody><tr><td>", "<p>a</p>", "</td></tr></tbody></table>"},
	{"a list", "<ul>", "<li>item</li>", "</ul>"},
	{"lists in lists", "", "<ul><li>a", ""},
	{"code", "<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[",
	 "int x = 1 &lt; 2;\n", "]]></ac:plain-text-body></ac:structured-macro>"},
	{"one line of code", "<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[",
	 "xyz<&", "]]></ac:plain-text-body></ac:structured-macro>"},
	{"one line of code, one word",
	 "<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[", "xyz",
	 "]]></ac:plain-text-body></ac:structured-macro>"},
	{"panels", "",
	 "<ac:structured-macro "
	 "ac:name=\"info\"><ac:rich-text-body><p>a</p></ac:rich-text-body></ac:structured-macro>",
	 ""},
	{"headings", "", "<h3>Heading</h3>", ""},
	{"statuses", "<p>",
	 "<ac:structured-macro ac:name=\"status\"><ac:parameter "
	 "ac:name=\"title\">x</ac:parameter></ac:structured-macro>",
	 "</p>"},
	{"colours", "<p>", "<span style=\"color: rgb(1,2,3);\">x</span> ", "</p>"},
};

static size_t count(struct slice in, const char *what)
{
	struct slice w = slice_of_text(what);
	size_t n = 0;
	for (size_t at = slice_find(in, w); at < in.len; at = slice_find(in, w)) {
		n++;
		in = slice_skip(in, at + w.len);
	}
	return n;
}

static const char *const pairs[][2] = {
	{"<table", "</table>"}, {"<tr", "</tr>"},    {"<td", "</td>"}, {"<ul", "</ul>"},
	{"<li", "</li>"},	{"<p ", "</p>"},     {"<a ", "</a>"},  {"<span", "</span>"},
	{"<h4", "</h4>"},	{"<body", "</body>"}};

/* Short enough, told at both places, and all that was begun is ended. */
START_TEST(long_page)
{
	struct written made;
	size_t unit = strlen(longs[_i].unit);
	size_t begin = strlen(longs[_i].begin);
	char *page = malloc(begin + BYTES + unit + strlen(longs[_i].end) + 1);
	size_t n = begin;
	ck_assert_ptr_nonnull(page);
	memcpy(page, longs[_i].begin, begin);
	for (; n < BYTES; n += unit) {
		memcpy(page + n, longs[_i].unit, unit);
	}
	memcpy(page + n, longs[_i].end, strlen(longs[_i].end) + 1);
	written_make(page, &made);
	free(page);
	ck_assert_msg(made.whole_html.len <= LIMIT && made.whole_html.len > LIMIT / 8, "%s: %zu",
		      longs[_i].name, made.whole_html.len);
	ck_assert(written_has(slice_first(made.html, 200), "id=\"size-notice\""));
	ck_assert(written_has(made.html, "id=\"size-notice-end\""));
	ck_assert(written_has(made.html, "&hellip;"));
	ck_assert(written_warned(&made, "html-over-limit"));
	ck_assert(made.view.cut);
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		ck_assert_msg(count(made.whole_html, pairs[i][0]) ==
				      count(made.whole_html, pairs[i][1]),
			      "%s: %s", longs[_i].name, pairs[i][0]);
	}
	ck_assert(slice_ends(made.whole_html, SLICE_LIT("</html>\n")));
	/* The text holds all of it. */
	ck_assert(written_has(made.whole_text, "formatted view ends early"));
	written_drop(&made);
}
END_TEST

START_TEST(a_page_that_fits_is_whole)
{
	struct written made;
	static char page[34100];
	size_t n = 0;
	while (n < 34000) {
		memcpy(page + n, "<p>some words</p>", 17);
		n += 17;
	}
	memcpy(page + n, "<p>end</p>", 11);
	written_make(page, &made);
	ck_assert_uint_gt(made.whole_html.len, 85000);
	ck_assert(written_has(made.html, ">end</p>") && !made.view.cut);
	ck_assert(written_has(made.text, "end"));
	written_drop(&made);
	written_make("<p>short</p>", &made);
	ck_assert(!made.view.cut && !written_warned(&made, "html-over-limit"));
	ck_assert(!written_has(made.whole_html, "size-notice"));
	written_drop(&made);
}
END_TEST

/* Custom CSS counts too: what comes out is short enough, and a style sheet that fills the mail alone is left out. */
static const struct {
	const char *name;
	size_t properties; /* of each element */
	int each;	   /* bytes of each */
	bool cut, styled;
} sheets[] = {
	{"a little", 1, 199, false, true},
	{"so that the page must be cut", 4, 199, true, true},
	{"so that almost nothing is left of it", 16, 900, false, false},
};

START_TEST(custom_css)
{
	static const char *const names[] = {
		"border-top",  "border-left",	  "border-right",   "border-bottom",
		"font",	       "font-family",	  "font-size",	    "font-style",
		"font-weight", "font-variant",	  "line-height",    "text-align",
		"text-indent", "text-decoration", "text-transform", "vertical-align"};
	static char body[20000];
	static char sheet[16000];
	size_t n = 0;
	for (; n < (size_t)17 * 300; n += 17) {
		memcpy(body + n, "<p>some words</p>", 17);
	}
	size_t len = (size_t)snprintf(sheet, sizeof(sheet), "p,td,h1{");
	for (size_t i = 0; i < sheets[_i].properties; i++) {
		len += (size_t)snprintf(sheet + len, sizeof(sheet) - len, "%s:x%*s;", names[i],
					sheets[_i].each, "x");
	}
	struct page page = {.title = SLICE_INIT("T"), .body = slice_of(body, n)};
	struct render_input in = {.page = &page,
				  .message_id = SLICE_INIT("1@x.example"),
				  .layout = {.css = slice_of(sheet, len)}};
	const struct document_params params = {.page = &page};
	struct document document;
	struct arena a;
	struct view v;
	struct slice html;
	arena_init(&a, 1 << 26);
	ck_assert_int_eq(document_read(&params, &a, &document, NULL), FAULT_NONE);
	ck_assert_int_eq(view_init(&v, &in, &document, &a), FAULT_NONE);
	ck_assert_int_eq(html_write(&v, &html), FAULT_NONE);
	ck_assert_uint_le(html.len, LIMIT);
	ck_assert(!written_has(html, "<?"));
	ck_assert_msg(v.cut == sheets[_i].cut, "%s: %zu", sheets[_i].name, html.len);
	ck_assert_int_eq(written_has(html, "border-top:x"), sheets[_i].styled);
	arena_deinit(&a);
}
END_TEST

/* What must not stand in any mail, from pages that try. */
static const char *const hostile[] = {
	"<script>alert(1)</script><p>x</p>",
	"<p onclick=\"alert(1)\">x</p>",
	"<p><img src=\"https://example.org/x.png\" onerror=\"alert(1)\"/></p>",
	"<iframe src=\"https://example.org/\"></iframe><p>x</p>",
	"<form action=\"https://example.org/\"><input name=\"a\"/></form><p>x</p>",
	"<p style=\"background:url(javascript:alert(1))\">x</p>",
	"<p><a href=\"&#106;avascript:alert(1)\">x</a></p>",
	"<p><a href=\"vbscript:x\">x</a><a href=\"//example.org\">y</a></p>",
	"<object data=\"x.swf\"></object><embed src=\"x\"/><p>x</p>",
	"<style>body{display:none}</style><p>x</p>",
	"<base href=\"https://example.org/\"/><meta http-equiv=\"refresh\" content=\"0\"/><p>x</p>",
	"<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
	"<svg onload=\"alert(1)\"></svg><p>x</p>",
	"<ac:structured-macro "
	"ac:name=\"html\"><ac:plain-text-body><![CDATA[<script>alert(1)</script>]]></"
	"ac:plain-text-body></ac:structured-macro>",
	"<h1>\"><script>alert(1)</script></h1>",
	"<p>unclosed <script>alert(1)",
};

START_TEST(nothing_active_leaves)
{
	static const char *const never[] = {"<script",	 "onclick=", "onerror=", "<iframe",
					    "<form",	 "<input",   "<object",	 "<embed",
					    "<base",	 "<svg",     "url(",	 "javascript:",
					    "vbscript:", "onload=",  "refresh",	 "display:none}"};
	struct written made;
	written_make(hostile[_i], &made);
	for (size_t i = 0; i < COUNT_OF(never); i++) {
		ck_assert_msg(!written_has(made.html, never[i]), "%s: %.*s", never[i],
			      (int)made.html.len, made.html.ptr);
	}
	written_drop(&made);
}
END_TEST

START_TEST(no_memory)
{
	struct node root = {.kind = NODE_ROOT};
	struct document document = {.root = &root};
	struct page page = {.id = SLICE_INIT("1"), .site_url = SLICE_INIT("https://x.example")};
	struct render_input in = {.page = &page, .message_id = SLICE_INIT("1@x.example")};
	struct slice html;
	enum fault f = FAULT_NO_MEMORY;
	for (size_t limit = 16; f == FAULT_NO_MEMORY && limit < 1 << 20; limit += 256) {
		struct arena a;
		struct view v;
		arena_init(&a, limit);
		f = view_init(&v, &in, &document, &a);
		f = f == FAULT_NONE ? html_write(&v, &html) : f;
		arena_deinit(&a);
	}
	ck_assert_int_eq(f, FAULT_NONE);
}
END_TEST

/* With CSS, and so long that it is cut: every allocation, of buffers and of the arena's blocks. */
START_TEST(no_allocation)
{
	static char body[30000];
	size_t n = 0;
	for (; n < (size_t)17 * 300; n += 17) {
		memcpy(body + n, "<p>some words</p>", 17);
	}
	struct page page = {.id = SLICE_INIT("1"),
			    .site_url = SLICE_INIT("https://x.example"),
			    .body = slice_of(body, n)};
	struct render_input in = {
		.page = &page,
		.message_id = SLICE_INIT("1@x.example"),
		.layout = {
			.css = SLICE_INIT("p{border:1px solid red;color:url(x)}a:hover{color:red}"),
			.header_text = SLICE_INIT("H")}};
	const struct document_params params = {.page = &page};
	struct document document;
	struct arena read;
	arena_init(&read, 1 << 26);
	ck_assert_int_eq(document_read(&params, &read, &document, NULL), FAULT_NONE);
	for (unsigned nth = 1;; nth++) {
		struct arena a;
		struct view v;
		struct slice html;
		arena_init(&a, 1 << 26);
		oom_arm(nth);
		enum fault f = view_init(&v, &in, &document, &a);
		f = f == FAULT_NONE ? html_write(&v, &html) : f;
		bool failed = oom_disarm();
		ck_assert_int_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		arena_deinit(&a);
		if (!failed) {
			break;
		}
	}
	arena_deinit(&read);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("html");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, long_page, 0, (int)COUNT_OF(longs));
	tcase_add_test(t, a_page_that_fits_is_whole);
	tcase_add_loop_test(t, custom_css, 0, (int)COUNT_OF(sheets));
	tcase_add_loop_test(t, nothing_active_leaves, 0, (int)COUNT_OF(hostile));
	tcase_add_test(t, no_memory);
	tcase_add_test(t, no_allocation);
	suite_add_tcase(s, t);
	return check_main(s);
}
