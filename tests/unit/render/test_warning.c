#include "render/warning.h"

#include "tests/support/check_main.h"

/* Programs look for codes: small letters and hyphens, each once. */
START_TEST(codes_are_words)
{
	struct slice code = warning_code((enum warning)_i);
	ck_assert_uint_gt(code.len, 0);
	for (size_t i = 0; i < code.len; i++) {
		char c = code.ptr[i];
		ck_assert_msg((c >= 'a' && c <= 'z') || c == '-', "%.*s", (int)code.len, code.ptr);
	}
	for (int other = 0; other < _i; other++) {
		ck_assert(!slice_eq(code, warning_code((enum warning)other)));
	}
}
END_TEST

START_TEST(meanings_are_sentences)
{
	struct slice meaning = warning_meaning((enum warning)_i);
	ck_assert(meaning.len > 20 && slice_ends(meaning, SLICE_LIT(".")));
	ck_assert(meaning.ptr[0] >= 'A' && meaning.ptr[0] <= 'Z');
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("warning");
	TCase *t = tcase_create("table");
	tcase_add_loop_test(t, codes_are_words, 0, WARNING_COUNT);
	tcase_add_loop_test(t, meanings_are_sentences, 0, WARNING_COUNT);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
