#include "render/confluence/phrases.h"

#include "render/confluence/macros.h"
#include "tests/support/check_main.h"

static const struct {
	const char *language, *english, *expected;
} rows[] = {
	{"de", "Open the list", "Liste öffnen"},
	{"de-AT", "Open the list", "Liste öffnen"},
	{"DE", "Files of this page", "Dateien dieser Seite"},
	{"", "Open the list", "Open the list"},
	{"en", "Open the list", "Open the list"},
	{"deu", "Open the list", "Open the list"},
	{"fr", "Open the list", "Open the list"},
	{"de", "The page's own", "The page's own"},
	{"de", "", ""},
};

START_TEST(by_language)
{
	struct slice said = phrases_in(slice_of_text(rows[_i].language),
				       slice_of_text(rows[_i].english));
	ck_assert_msg(slice_eq(said, slice_of_text(rows[_i].expected)), "%.*s", (int)said.len,
		      said.ptr);
}
END_TEST

static const struct slice known[] = {
#define PHRASE(english, german) SLICE_INIT(english),
#include "render/confluence/phrases.def"
#undef PHRASE
};

static bool is_known(struct slice english)
{
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (slice_eq(known[i], english)) {
			return true;
		}
	}
	return false;
}

START_TEST(each_label_of_a_macro_has_a_row)
{
	const struct macro_rule *rule;
	size_t labels = 0;
	for (size_t i = 0; (rule = macro_each(i)) != NULL; i++) {
		labels += rule->label.len > 0;
		ck_assert_msg(rule->label.len == 0 || is_known(rule->label), "%.*s",
			      (int)rule->label.len, rule->label.ptr);
	}
	ck_assert_uint_gt(labels, 50);
}
END_TEST

START_TEST(no_row_stands_twice)
{
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		for (size_t j = 0; j < i; j++) {
			ck_assert(!slice_eq(known[i], known[j]));
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("phrases");
	TCase *t = tcase_create("phrases");
	tcase_add_loop_test(t, by_language, 0, COUNT_OF(rows));
	tcase_add_test(t, no_row_stands_twice);
	tcase_add_test(t, each_label_of_a_macro_has_a_row);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
