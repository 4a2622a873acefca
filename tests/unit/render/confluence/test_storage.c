#include "render/confluence/storage.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"
#include "tests/support/tree_dump.h"

static const struct page_row rows[] = {
	{"nothing", "", ""},
	{"white space", " \n\t ", ""},
	{"text", "a", "p{'a'}"},
	{"comment and instruction", "<p>a<!-- x --><?php y ?>b</p>", "p{'ab'}"},
	{"cdata", "<p><![CDATA[<b>&amp;]]></p>", "p{'<b>&amp;'}"},
	{"line ends", "<p>a\r\nb\rc</p>", "p{'a b c'}"},
	{"all prefixes",
	 "<p><ac:x>a</ac:x><ri:x>b</ri:x><at:x>c</at:x><fab:x>d</fab:x>"
	 "<zz:x>e</zz:x></p>",
	 "p{'abcde'}"},
	{"entities in attributes",
	 "<p><a href='https://a.example/a&amp;b' title='a&nbsp;b&auml;'>x</a>"
	 "</p>",
	 "p{link(https://a.example/a&b;title=a\302\240bä;){'x'}}"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

/* Not well-formed, every one: the reader of tag soup takes over, and the page says where it went wrong. */
static const struct {
	const char *input;
	const char *where;
} refused[] = {
	{"<p>", "line 1, column 4 "},
	{"</p>", "line 1, column 3 "},
	{"<p>a</b></p>", "line 1, column 7 "},
	{"a & b", "line 1, column 4 "},
	{"&undefined;", "line 1, column 1 "},
	{"<p a=b/>", "line 1, column 6 "},
	{"<p a='1' a='2'/>", "line 1, column 10 "},
	{"<!DOCTYPE x><p/>", "line 1, column 3 "},
	{"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><p>&a;</p>", "line 1, column 3 "},
	{"<?xml version='1.0'?><p/>", "line 1, column 1 "},
	{"<p>\x01</p>", "line 1, column 4 "},
	{"<p>\xff</p>", "line 1, column 4 "},
	{"<p><![CDATA[a</p>", "line 1, column 18 "},
	{"a</page><page>b", "line 1, column 9 "},
	{"<p>\n<p>\n</p>\n", "line 4, column 1 "},
};

START_TEST(not_well_formed)
{
	struct page_reading p;
	ck_assert(page_read(&p, slice_of_text(refused[_i].input)) == FAULT_NONE);
	struct slice detail = page_warning(&p, "not-well-formed");
	ck_assert_msg(slice_find(detail, slice_of_text(refused[_i].where)) < detail.len, "%s: %.*s",
		      refused[_i].input, (int)detail.len, detail.ptr == NULL ? "" : detail.ptr);
	page_reading_drop(&p);
}
END_TEST

START_TEST(well_formed_says_nothing)
{
	struct page_reading p;
	ck_assert(page_read(&p, SLICE_LIT("\xEF\xBB\xBF<p>a&nbsp;b</p>")) == FAULT_NONE);
	ck_assert_ptr_null(p.document.warnings);
	page_reading_drop(&p);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("storage");
	TCase *t = tcase_create("storage");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, not_well_formed, 0, COUNT_OF(refused));
	tcase_add_test(t, well_formed_says_nothing);
	suite_add_tcase(s, t);
	return check_main(s);
}
