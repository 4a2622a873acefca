#include "render/confluence/notes.h"

#include "spool-free/base/buf.h"
#include "tests/support/check_main.h"
#include "tests/support/pages.h"

/* A page of more notes than are numbered: the last ones stand in the line. */
START_TEST(notes_have_an_end)
{
	struct buf body;
	struct page_reading p;
	buf_init(&body, 1 << 20);
	for (unsigned i = 0; i < NOTES_MAX + 2; i++) {
		ck_assert(buf_add_text(&body, "<ac:structured-macro ac:name='footnote'>"
					      "<ac:rich-text-body>zz</ac:rich-text-body>"
					      "</ac:structured-macro>") == FAULT_NONE);
	}
	ck_assert(page_read(&p, buf_view(&body)) == FAULT_NONE);
	struct slice dump = buf_view(&p.dump);
	ck_assert_uint_lt(slice_find(dump, SLICE_LIT("'[1000]'")), dump.len);
	ck_assert_uint_eq(slice_find(dump, SLICE_LIT("'[1001]'")), dump.len);
	ck_assert_uint_lt(slice_find(dump, SLICE_LIT("(zz) (zz)")), dump.len);
	page_reading_drop(&p);
	buf_deinit(&body);
}
END_TEST

/* Where there is no room left in depth, nothing is led aside. */
START_TEST(deep_notes_stay_in_the_line)
{
	struct buf body;
	struct page_reading p;
	buf_init(&body, 1 << 20);
	for (unsigned i = 0; i < 200; i++) {
		ck_assert(buf_add_text(&body, "<ac:structured-macro ac:name='footnote'>"
					      "<ac:rich-text-body>a<blockquote>b") == FAULT_NONE);
	}
	for (unsigned i = 0; i < 200; i++) {
		ck_assert(buf_add_text(&body, "</blockquote></ac:rich-text-body>"
					      "</ac:structured-macro>") == FAULT_NONE);
	}
	ck_assert(page_read(&p, buf_view(&body)) == FAULT_NONE);
	struct slice dump = buf_view(&p.dump);
	ck_assert_uint_lt(slice_find(dump, SLICE_LIT(" (a")), dump.len);
	page_reading_drop(&p);
	buf_deinit(&body);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("notes");
	TCase *t = tcase_create("notes");
	tcase_add_test(t, notes_have_an_end);
	tcase_add_test(t, deep_notes_stay_in_the_line);
	suite_add_tcase(s, t);
	return check_main(s);
}
