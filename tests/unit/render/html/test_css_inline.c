#include "render/html/css_inline.h"

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

/* HTML as the writer writes it, rules, and what comes out. */
static const struct {
	const char *name, *css, *html, *expected;
} rows[] = {
	{"tag", "p{color:red}", "<p>a</p>", "<p style=\"color:#ff0000;\">a</p>"},
	{"another tag", "a{color:red}", "<p>a &amp; b</p>", "<p>a &amp; b</p>"},
	{"upper case", "P{color:red}", "<p>a</p>", "<p style=\"color:#ff0000;\">a</p>"},
	{"behind what stands there", "p{color:red}", "<p dir=\"rtl\" style=\"margin:0\">a</p>",
	 "<p dir=\"rtl\" style=\"margin:0;color:#ff0000;\">a</p>"},
	{"in place of the same", "p{margin:1px}", "<p style=\"margin:0;color:#172b4d\">a</p>",
	 "<p style=\"color:#172b4d;margin:1px;\">a</p>"},
	{"the later one wins", "p{color:red}p{color:blue}", "<p>a</p>",
	 "<p style=\"color:#0000ff;\">a</p>"},
	{"the stronger one wins", ".x{color:blue}p{color:red}", "<?x?><p>a</p>",
	 "<p style=\"color:#0000ff;\">a</p>"},
	{"the important one wins", "p{color:red!important}.x{color:blue}", "<?x?><p>a</p>",
	 "<p style=\"color:#ff0000;\">a</p>"},
	{"of two important ones the stronger", "p{color:red!important}.x{color:blue!important}",
	 "<?x?><p>a</p>", "<p style=\"color:#0000ff;\">a</p>"},
	{"short and long stay in order", "p{border:0}p{border-top:1px solid}", "<p>a</p>",
	 "<p style=\"border:0;border-top:1px solid;\">a</p>"},
	{"names do not go out", "a{color:red}", "<?x y?><p>a</p>", "<p>a</p>"},
	{"names are for one tag", ".x{color:red}", "<?x?><p>a<b>b</b></p>",
	 "<p style=\"color:#ff0000;\">a<b>b</b></p>"},
	{"two classes", ".x.y{color:red}", "<?x?><p>a</p><?x y?><p>b</p>",
	 "<p>a</p><p style=\"color:#ff0000;\">b</p>"},
	{"the frame's own classes are not public", ".g{color:red}", "<p class=\"g\">a</p>",
	 "<p class=\"g\">a</p>"},
	{"id", "#i{color:red}", "<p id=\"i\">a</p><p id=\"j\">b</p>",
	 "<p id=\"i\" style=\"color:#ff0000;\">a</p><p id=\"j\">b</p>"},
	{"inside", ".x p{color:red}", "<p>a</p><?x?><div><b><p>b</p></b></div><p>c</p>",
	 "<p>a</p><div><b><p style=\"color:#ff0000;\">b</p></b></div><p>c</p>"},
	{"inside of inside", "div div p{color:red}", "<div><p>a</p><div><p>b</p></div></div>",
	 "<div><p>a</p><div><p style=\"color:#ff0000;\">b</p></div></div>"},
	{"not inside of itself", "p p{color:red}", "<p>a</p>", "<p>a</p>"},
	{"void elements hold nothing", "br p{color:red}", "<br><p>a</p><img alt=\"x\"><p>b</p>",
	 "<br><p>a</p><img alt=\"x\"><p>b</p>"},
	{"padding is for cells", "p,td{padding:1px}", "<table><tr><td><p>a</p></td></tr></table>",
	 "<table><tr><td style=\"padding:1px;\"><p>a</p></td></tr></table>"},
	{"width is for tables", "p,table{width:50%}", "<table></table><p>a</p>",
	 "<table style=\"width:50%;\"></table><p>a</p>"},
	{"the frame's tables have no tag", "table,tr,td{color:red}",
	 "<table role=\"presentation\"><tr><td>a</td></tr></table>",
	 "<table role=\"presentation\"><tr><td>a</td></tr></table>"},
	{"a page's table in one has", "td{color:red}",
	 "<table "
	 "role=\"presentation\"><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table>",
	 "<table role=\"presentation\"><tr><td>a<table><tr><td "
	 "style=\"color:#ff0000;\">b</td></tr></table></td></tr></table>"},
	{"a tag of another name", "blockquote{color:red}", "<?=blockquote q?><td>a</td>",
	 "<td style=\"color:#ff0000;\">a</td>"},
	{"body: the text of every cell", "body{font-size:1px;margin:1px;color:red}",
	 "<body><td class=\"t\">a</td><td class=\"p\">b</td><td>c</td></body>",
	 "<body style=\"font-size:1px;margin:1px;color:#ff0000;\"><td class=\"t\" "
	 "style=\"font-size:1px;color:#ff0000;\">a</td><td class=\"p\" "
	 "style=\"font-size:1px;\">b</td><td>c</td></body>"},
	{"what is inherited", ".x{color:red;border:0}", "<?~x?><a>a</a>",
	 "<a style=\"color:#ff0000;\">a</a>"},
	{"a ground is told three times", "td{background:#ffffff;color:red}",
	 "<td bgcolor=\"#000000\" class=\"f w t\" style=\"background-color:#000000\">a</td>",
	 "<td class=\"f p\" bgcolor=\"#ffffff\" "
	 "style=\"background-color:#ffffff;color:#ff0000;\">a</td>"},
	{"a dark one gets light text", "td{background:#000000}",
	 "<td class=\"t\" style=\"color:#172b4d\">a</td>",
	 "<td class=\"d\" bgcolor=\"#000000\" "
	 "style=\"background-color:#000000;color:#fefefe;\">a</td>"},
	{"and what stands in it too", ".x{background:#ffff00}",
	 "<?~x?><a style=\"color:#ffffff\">a</a>", "<a style=\"color:#172b4d;\">a</a>"},
	{"a link on a ground of the tenant's", ".x{background:#000000}",
	 "<?x?><td class=\"t\">a <a style=\"color:#0052cc\">b</a></td><td><a "
	 "style=\"color:#0052cc\">c</a></td>",
	 "<td class=\"d\" bgcolor=\"#000000\" style=\"background-color:#000000;color:#fefefe;\">a "
	 "<a "
	 "style=\"color:#fefefe;\">b</a></td><td><a style=\"color:#0052cc\">c</a></td>"},
	{"not so on another ground there", ".x{background:#000000}",
	 "<?x?><td class=\"t\"><span style=\"background-color:#ffffff;color:#000000\"><a "
	 "style=\"color:#0052cc\">b</a></span></td>",
	 "<td class=\"d\" bgcolor=\"#000000\" "
	 "style=\"background-color:#000000;color:#fefefe;\"><span "
	 "style=\"background-color:#ffffff;color:#000000\"><a "
	 "style=\"color:#0052cc\">b</a></span></td>"},
	{"Outlook's line height", "p{line-height:20px}", "<p>a</p>",
	 "<p style=\"line-height:20px;mso-line-height-rule:exactly;\">a</p>"},
	{"Outlook's comments are left alone", "td{color:red}",
	 "<!DOCTYPE html>\n<!--[if mso]><table><tr><td><![endif]--><p>a</p>",
	 "<!DOCTYPE html>\n<!--[if mso]><table><tr><td><![endif]--><p>a</p>"},
	{"the head is left alone", "title,style,meta,html{color:red}",
	 "<html lang=\"en\"><meta charset=\"UTF-8\"><title>a</title><style>p{}</style></html>",
	 "<html lang=\"en\"><meta charset=\"UTF-8\"><title>a</title><style>p{}</style></html>"},
	{"a > in an attribute", "p{color:red}", "<a title=\"a>b\">x</a><p>y</p>",
	 "<a title=\"a>b\">x</a><p style=\"color:#ff0000;\">y</p>"},
};

static enum fault run(const char *css_text, struct slice html, struct buf *into)
{
	struct arena a;
	struct css css;
	arena_init(&a, 1 << 22);
	enum fault f = css_parse(slice_of_text(css_text), &a, &css);
	f = f == FAULT_NONE ? css_inline(&css, html, &a, into) : f;
	arena_deinit(&a);
	return f;
}

START_TEST(row)
{
	struct buf made;
	buf_init(&made, 1 << 20);
	ck_assert_int_eq(run(rows[_i].css, slice_of_text(rows[_i].html), &made), FAULT_NONE);
	ck_assert_msg(slice_eq(buf_view(&made), slice_of_text(rows[_i].expected)), "%s: %.*s",
		      rows[_i].name, (int)made.len, made.ptr);
	buf_deinit(&made);
}
END_TEST

/* Deeper than anything that the writer nests: what is deepest gets nothing, and what follows gets its own. */
START_TEST(depth)
{
	static char html[2 * CSS_DEPTH_MAX * 11 + 64];
	struct buf made;
	size_t n = 0;
	for (int i = 0; i < 2 * CSS_DEPTH_MAX; i++, n += 5) {
		memcpy(html + n, "<div>", 5);
	}
	memcpy(html + n, "<p>a</p>", 8);
	n += 8;
	for (int i = 0; i < 2 * CSS_DEPTH_MAX; i++, n += 6) {
		memcpy(html + n, "</div>", 6);
	}
	memcpy(html + n, "<p>b</p>", 8);
	buf_init(&made, 1 << 20);
	ck_assert_int_eq(run("p{color:red}", slice_of(html, n + 8), &made), FAULT_NONE);
	struct slice out = buf_view(&made);
	ck_assert(slice_find(out, SLICE_LIT("<p>a</p>")) < out.len);
	ck_assert(slice_ends(out, SLICE_LIT("<p style=\"color:#ff0000;\">b</p>")));
	buf_deinit(&made);
}
END_TEST

START_TEST(no_memory)
{
	for (unsigned n = 1;; n++) {
		struct buf made;
		buf_init(&made, 1 << 20);
		oom_arm(n);
		enum fault f = run("p{color:red}", SLICE_LIT("<p>a</p>"), &made);
		bool failed = oom_disarm();
		buf_deinit(&made);
		ck_assert_int_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		if (!failed) {
			break;
		}
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("css_inline");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, row, 0, (int)COUNT_OF(rows));
	tcase_add_test(t, depth);
	tcase_add_test(t, no_memory);
	suite_add_tcase(s, t);
	return check_main(s);
}
