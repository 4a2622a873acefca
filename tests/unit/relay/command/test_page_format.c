#include "relay/command/page_format.h"

#include "tests/support/check_main.h"

static const struct {
	const char *word;
	bool good;
	enum page_format format;
} words[] = {
	{"storage", true, PAGE_STORAGE},
	{"adf", true, PAGE_ATLAS_DOC_FORMAT},
	{"atlas_doc_format", true, PAGE_ATLAS_DOC_FORMAT},
	{"view", true, PAGE_VIEW},
	{"export_view", true, PAGE_EXPORT_VIEW},
	{"", false, PAGE_STORAGE},
	{"ADF", false, PAGE_STORAGE},
	{"view ", false, PAGE_STORAGE},
	{"html", false, PAGE_STORAGE},
};

START_TEST(reads_words)
{
	enum page_format format = PAGE_STORAGE;
	ck_assert_int_eq(page_format_read(slice_of_text(words[_i].word), &format), words[_i].good);
	ck_assert_int_eq(format, words[_i].format);
}
END_TEST

static const struct {
	const char *name;
	enum page_format format;
} files[] = {
	{"page.xml", PAGE_STORAGE},
	{"page.json", PAGE_ATLAS_DOC_FORMAT},
	{"page.html", PAGE_EXPORT_VIEW},
	{"page.htm", PAGE_EXPORT_VIEW},
	{"json", PAGE_STORAGE},
	{"page.json.xml", PAGE_STORAGE},
	{"-", PAGE_STORAGE},
	{"", PAGE_STORAGE},
};

START_TEST(sees_endings)
{
	ck_assert_int_eq(page_format_of_file(slice_of_text(files[_i].name)), files[_i].format);
}
END_TEST

START_TEST(names_are_read_again)
{
	enum page_format format;
	ck_assert(page_format_read(page_format_name((enum page_format)_i), &format));
	ck_assert_int_eq(format, _i);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/page_format");
	TCase *t = tcase_create("formats");
	tcase_add_loop_test(t, reads_words, 0, COUNT_OF(words));
	tcase_add_loop_test(t, sees_endings, 0, COUNT_OF(files));
	tcase_add_loop_test(t, names_are_read_again, PAGE_STORAGE, PAGE_EXPORT_VIEW + 1);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
