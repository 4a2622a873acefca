#include "config/settings/settings.h"

#include <stdlib.h>
#include <string.h>

#include "config/settings/key.h"
#include "tests/support/check_main.h"

static struct settings_mistakes list;

static char *printed(void (*print)(FILE *))
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);
	print(to);
	fclose(to);
	return text;
}

START_TEST(test_example_is_the_committed_one)
{
	static char committed[65536];
	char *text = printed(settings_print_example);
	FILE *from = fopen("config/settings/pagepost.conf.example", "re");
	ck_assert_ptr_nonnull(from);
	size_t n = fread(committed, 1, sizeof(committed) - 1, from);
	committed[n] = '\0';
	fclose(from);
	ck_assert_str_eq(committed, text);
	free(text);
}
END_TEST

static void assert_parses(const char *text)
{
	struct settings *s = NULL;
	settings_mistakes_init(&list);
	enum fault f = settings_parse(slice_of_text(text), "example", "/etc", &s, &list);
	settings_print_mistakes(stderr, &list);
	ck_assert_int_eq(f, FAULT_NONE);
	settings_mistakes_deinit(&list);
	settings_free(&s);
}

/* As it stands, and with every key set by taking the # away. */
START_TEST(test_example_is_right)
{
	unsigned taken_away = 0;
	char *text = printed(settings_print_example);
	assert_parses(text);
	for (char *at = text; (at = strstr(at, "\n\t#")) != NULL; at++) {
		if (at[3] != ' ') {
			at[2] = ' ';
			taken_away++;
		}
	}
	ck_assert_uint_eq(taken_away, SETTINGS_KEY_COUNT);
	assert_parses(text);
	free(text);
}
END_TEST

START_TEST(test_man_names_every_key)
{
	char *text = printed(settings_print_man);
	for (size_t i = 0; i < SETTINGS_KEY_COUNT; i++) {
		char *entry = NULL;
		size_t len;
		FILE *to = open_memstream(&entry, &len);
		fputs(".TP\n.B ", to);
		fwrite(settings_keys[i].name.ptr, 1, settings_keys[i].name.len, to);
		fputs("\n", to);
		fclose(to);
		ck_assert_ptr_nonnull(strstr(text, entry));
		free(entry);
	}
	for (size_t g = 0; g < settings_group_count; g++) {
		ck_assert_ptr_nonnull(strstr(text, settings_groups[g].about.ptr));
	}
	/* A line that roff would take for a request must be one that was meant. */
	ck_assert_ptr_null(strstr(text, "\n'"));
	free(text);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("print");
	TCase *t = tcase_create("print");
	tcase_add_test(t, test_example_is_the_committed_one);
	tcase_add_test(t, test_example_is_right);
	tcase_add_test(t, test_man_names_every_key);
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return check_main(suite());
}
