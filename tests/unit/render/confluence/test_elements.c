#include "render/confluence/elements.h"

#include "tests/support/check_main.h"

START_TEST(names_are_unique)
{
	for (size_t i = 0; i < element_rule_count(); i++) {
		ck_assert_ptr_nonnull(element_rules[i].start);
		for (size_t j = 0; j < i; j++) {
			ck_assert_msg(!slice_eq(element_rules[i].name, element_rules[j].name), "%s",
				      element_rules[i].name.ptr);
		}
	}
}
END_TEST

/* Their numbers stand in bytes in the reader's index, which must keep free slots to end its searches. */
START_TEST(index_has_room)
{
	ck_assert_uint_lt(element_rule_count(), UINT8_MAX);
	ck_assert_uint_lt(element_rule_count() * 2, READER_INDEX);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("elements");
	TCase *t = tcase_create("elements");
	tcase_add_test(t, names_are_unique);
	tcase_add_test(t, index_has_room);
	suite_add_tcase(s, t);
	return check_main(s);
}
