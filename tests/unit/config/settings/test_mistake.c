#include "config/settings/mistake.h"

#include <stdlib.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

static struct settings_mistakes list;

static char *printed(void)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);
	settings_print_mistakes(to, &list);
	fclose(to);
	return text;
}

static const struct {
	struct settings_spot spot;
	const char *wrong, *allowed, *line;
} rows[] = {
	{{"a.conf", 3, SLICE_INIT("x.y")},
	 "is bad",
	 "good",
	 "a.conf:3: x.y: is bad; allowed: good\n"},
	{{"a.conf", 0, SLICE_INIT("x.y")}, "is bad", "", "a.conf: x.y: is bad\n"},
	{{"a.conf", 7, {0}}, "is bad", "", "a.conf:7: is bad\n"},
	{{"a\n\x1b[31m.conf", 1, {0}}, "is\x07 bad", "", "a??[31m.conf:1: is? bad\n"},
};

START_TEST(test_print)
{
	struct problem wrong = {0};
	struct problem allowed = {0};
	problem_add(&wrong, rows[_i].wrong);
	problem_add(&allowed, rows[_i].allowed);
	settings_mistakes_init(&list);
	ck_assert_int_eq(settings_mistakes_add(&list, &rows[_i].spot, &wrong, &allowed),
			 FAULT_NONE);
	char *text = printed();
	ck_assert_str_eq(text, rows[_i].line);
	free(text);
	settings_mistakes_deinit(&list);
	settings_mistakes_deinit(&list);
}
END_TEST

START_TEST(test_bounded)
{
	struct problem wrong = {0};
	problem_add(&wrong, "w");
	settings_mistakes_init(&list);
	for (unsigned i = 0; i < SETTINGS_MISTAKES_MAX + 7; i++) {
		ck_assert_int_eq(settings_mistakes_add(&list, &rows[0].spot, &wrong, NULL),
				 FAULT_NONE);
	}
	ck_assert_uint_eq(list.count, SETTINGS_MISTAKES_MAX);
	ck_assert_uint_eq(list.untold, 7);
	char *text = printed();
	ck_assert(slice_ends(slice_of_text(text), SLICE_LIT("\nand more mistakes: 7\n")));
	free(text);
	settings_mistakes_deinit(&list);
}
END_TEST

START_TEST(test_without_memory)
{
	struct problem wrong = {0};
	settings_mistakes_init(&list);
	oom_arm(1);
	enum fault f = settings_mistakes_add(&list, &rows[0].spot, &wrong, NULL);
	bool failed = oom_disarm();
	ck_assert_int_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
	ck_assert_uint_eq(list.count, failed ? 0 : 1);
	settings_mistakes_deinit(&list);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("mistake");
	TCase *t = tcase_create("mistake");
	tcase_add_loop_test(t, test_print, 0, COUNT_OF(rows));
	tcase_add_test(t, test_bounded);
	tcase_add_test(t, test_without_memory);
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return check_main(suite());
}
