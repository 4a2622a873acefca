#include "spool-free/base/problem.h"

#include <errno.h>

#include "tests/support/check_main.h"

START_TEST(says_a_sentence)
{
	struct problem p = {0};
	ck_assert_uint_eq(problem_set(&p, FAULT_BAD_FIELD, "The field "), FAULT_BAD_FIELD);
	problem_add_name(&p, SLICE_LIT("to"));
	problem_add(&p, " has ");
	problem_add_number(&p, 0);
	problem_add(&p, " of ");
	problem_add_number(&p, UINT64_MAX);
	ck_assert_uint_eq(p.fault, FAULT_BAD_FIELD);
	ck_assert(slice_eq(problem_text(&p),
			   SLICE_LIT("The field 'to' has 0 of 18446744073709551615")));
	ck_assert_uint_eq(problem_set(&p, FAULT_CONFLICT, "Anew."), FAULT_CONFLICT);
	ck_assert(slice_eq(problem_text(&p), SLICE_LIT("Anew.")));
}
END_TEST

START_TEST(says_what_the_system_says)
{
	struct problem p = {0};
	errno = EACCES;
	ck_assert_uint_eq(problem_set_errno(&p, FAULT_VAULT_IO, "It cannot be read"),
			  FAULT_VAULT_IO);
	ck_assert(slice_eq(problem_text(&p), SLICE_LIT("It cannot be read (Permission denied).")));
	errno = 12345;
	ck_assert_uint_eq(problem_set_errno(&p, FAULT_SYSTEM, "It fails"), FAULT_SYSTEM);
	ck_assert(slice_eq(problem_text(&p), SLICE_LIT("It fails (for a reason unknown).")));
	ck_assert_uint_eq(problem_set_errno(NULL, FAULT_SYSTEM, "It fails"), FAULT_SYSTEM);
}
END_TEST

START_TEST(says_what_another_process_said)
{
	struct problem p = {0};
	problem_set_text(&p, FAULT_CONFLICT, SLICE_LIT("A sentence."));
	ck_assert_uint_eq(p.fault, FAULT_CONFLICT);
	ck_assert(slice_eq(problem_text(&p), SLICE_LIT("A sentence.")));
}
END_TEST

START_TEST(without_words_the_title_speaks)
{
	struct problem p = {.fault = FAULT_NOT_FOUND};
	ck_assert(slice_eq(problem_text(&p), fault_title(FAULT_NOT_FOUND)));
	ck_assert_uint_eq(problem_set(&p, FAULT_METHOD, ""), FAULT_METHOD);
	ck_assert(slice_eq(problem_text(&p), fault_title(FAULT_METHOD)));
}
END_TEST

START_TEST(nobody_need_listen)
{
	ck_assert_uint_eq(problem_set(NULL, FAULT_BUSY, "x"), FAULT_BUSY);
	problem_add(NULL, "x");
	problem_add_number(NULL, 1);
	problem_add_name(NULL, SLICE_LIT("x"));
}
END_TEST

static const struct {
	struct slice name;
	struct slice shown;
} names[] = {
	{SLICE_INIT("a-Z_0.9"), SLICE_INIT("'a-Z_0.9'")},
	{SLICE_INIT(""), SLICE_INIT("''")},
	{SLICE_INIT("a\r\nb"), SLICE_INIT("'a??b'")},
	{SLICE_INIT("<x>'\"\0z"), SLICE_INIT("'?x????z'")},
	{SLICE_INIT("me@example.org"), SLICE_INIT("'me?example.org'")},
	{SLICE_INIT("\xC3\xA4."), SLICE_INIT("'??.'")},
	{SLICE_INIT("1234567890123456789012345678901234567890123456789012345678901234more"),
	 SLICE_INIT("'1234567890123456789012345678901234567890123456789012345678901234'")},
};

START_TEST(names_from_outside_are_tamed)
{
	struct problem p;
	problem_set(&p, FAULT_UNKNOWN_FIELD, "");
	problem_add_name(&p, names[_i].name);
	ck_assert(slice_eq(problem_text(&p), names[_i].shown));
}
END_TEST

START_TEST(a_long_one_is_cut)
{
	struct problem p;
	problem_set(&p, FAULT_BAD_FIELD, "");
	for (int i = 0; i < PROBLEM_MAX; i++) {
		problem_add(&p, "abc");
		problem_add_number(&p, 12345);
	}
	ck_assert_uint_eq(problem_text(&p).len, PROBLEM_MAX);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/problem");
	TCase *t = tcase_create("problem");
	tcase_add_test(t, says_a_sentence);
	tcase_add_test(t, says_what_the_system_says);
	tcase_add_test(t, says_what_another_process_said);
	tcase_add_test(t, without_words_the_title_speaks);
	tcase_add_test(t, nobody_need_listen);
	tcase_add_loop_test(t, names_from_outside_are_tamed, 0, COUNT_OF(names));
	tcase_add_test(t, a_long_one_is_cut);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
