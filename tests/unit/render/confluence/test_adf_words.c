#include "render/confluence/adf_words.h"

#include "tests/support/check_main.h"

START_TEST(each_is_found)
{
	enum adf_word word = (enum adf_word)_i;
	struct slice name = adf_word_name(word);
	ck_assert_uint_gt(name.len, 0);
	ck_assert_int_eq(adf_word_of(name), word);
}
END_TEST

/* The rows stand by length: a name in the wrong place would not be found. */
START_TEST(ordered)
{
	for (int word = ADF_OTHER_WORD + 1; word + 1 < ADF_WORDS; word++) {
		ck_assert_uint_le(adf_word_name((enum adf_word)word).len,
				  adf_word_name((enum adf_word)(word + 1)).len);
	}
}
END_TEST

START_TEST(others)
{
	static const struct slice names[] = {
		SLICE_INIT(""),
		SLICE_INIT("t"),
		SLICE_INIT("typ"),
		SLICE_INIT("Type"),
		SLICE_INIT("types"),
		SLICE_INIT("type\0"),
		SLICE_INIT("tyqe"),
		SLICE_INIT("conten"),
		SLICE_INIT("__proto__"),
		SLICE_INIT("a name that is longer than every one in the table"),
	};
	ck_assert_int_eq(adf_word_of(names[_i]), ADF_OTHER_WORD);
	ck_assert_uint_eq(adf_word_name(ADF_OTHER_WORD).len, 0);
	ck_assert_uint_eq(adf_word_name(ADF_NO_WORD).len, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("adf_words");
	TCase *t = tcase_create("adf_words");
	tcase_add_loop_test(t, each_is_found, ADF_OTHER_WORD + 1, ADF_WORDS);
	tcase_add_test(t, ordered);
	tcase_add_loop_test(t, others, 0, 10);
	suite_add_tcase(s, t);
	return check_main(s);
}
