#include "relay/command/vault_options.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "relay/command/command.h"
#include "tests/support/check_main.h"

/* The table's own rules, and words that become an action. */

enum { ARGUMENTS_MAX = 12 };

static struct vault_session session;

static void setup(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(null, STDERR_FILENO);
	close(null);
	vault_session_init(&session);
}

static void teardown(void)
{
	vault_session_close(&session);
}

static const struct {
	const char *words[ARGUMENTS_MAX];
	int code;
	const char *first; /* of the action; NULL: none */
	const char *second;
	const char *name;
} rows[] = {
	{{"vault", "init"}, EXIT_DONE, "init", NULL, NULL},
	{{"vault", "tenant", "add", "x"}, EXIT_DONE, "tenant", "add", "x"},
	{{"tenant", "add", "x"}, EXIT_DONE, "tenant", "add", "x"},
	{{"tenant", "--from", "a@b.example", "add", "x"}, EXIT_DONE, "tenant", "add", "x"},
	{{"settings", "set", "--tenant", "x", "a=b", "c=d"}, EXIT_DONE, "settings", "set", "a=b"},
	{{"settings", "set", "--tenant", "x", "--", "--a=b"},
	 EXIT_DONE,
	 "settings",
	 "set",
	 "--a=b"},
	{{"vault", "passphrase", "change"}, EXIT_DONE, "passphrase", "change", NULL},
	{{"vault", "verify", "a"}, EXIT_DONE, "verify", NULL, "a"},
	{{"token", "new", "--tenant", "x"}, EXIT_USAGE, "token", "new", NULL},
	{{"token", "list", "--port", "1"}, EXIT_USAGE, "token", "list", NULL},
	{{"settings", "set", "--tenant", "x"}, EXIT_USAGE, "settings", "set", NULL},
	{{"vault", "slots", "x"}, EXIT_USAGE, "slots", NULL, "x"},
	{{"vault"}, EXIT_USAGE, NULL, NULL, NULL},
	{{"tenant"}, EXIT_USAGE, NULL, NULL, NULL},
	{{"tenant", "new"}, EXIT_USAGE, NULL, NULL, NULL},
	{{"tenant", "init"}, EXIT_USAGE, NULL, NULL, NULL},
	{{"tenant", "tenant", "add"}, EXIT_USAGE, NULL, NULL, NULL},
	{{"vault", "verify", "a", "b"}, EXIT_USAGE, NULL, NULL, NULL},
};

START_TEST(words_become_an_action)
{
	char *argv[ARGUMENTS_MAX + 1] = {0};
	struct vault_asked asked = {0};
	int argc = 0;
	for (; rows[_i].words[argc] != NULL; argc++) {
		argv[argc] = (char *)(uintptr_t)rows[_i].words[argc];
	}
	ck_assert_int_eq(vault_options_read(argc, argv, &session, &asked), EXIT_DONE);
	const struct vault_action *act = vault_options_find(&asked, &session);
	ck_assert_int_eq(act != NULL, rows[_i].first != NULL);
	if (act == NULL) {
		return;
	}
	ck_assert_str_eq(act->first, rows[_i].first);
	ck_assert_pstr_eq(act->second, rows[_i].second);
	ck_assert_pstr_eq(session.name, rows[_i].name);
	ck_assert_int_eq(vault_options_check(act, &session), rows[_i].code);
}
END_TEST

static const char *const wrong[][3] = {
	{"vault", "--colour", NULL},
	{"vault", "-x", NULL},
	{"tenant", "--from", NULL},
	{"tenant", "--json=1", NULL},
};

START_TEST(options_that_are_none_are_refused)
{
	char *argv[4] = {0};
	struct vault_asked asked = {0};
	int argc = 0;
	for (; wrong[_i][argc] != NULL; argc++) {
		argv[argc] = (char *)(uintptr_t)wrong[_i][argc];
	}
	ck_assert_int_eq(vault_options_read(argc, argv, &session, &asked), EXIT_USAGE);
}
END_TEST

START_TEST(what_repeats_has_an_end)
{
	char *argv[2 * VAULT_VALUES_MAX + 4] = {(char *)(uintptr_t) "server"};
	struct vault_asked asked = {0};
	int argc = 1;
	for (int i = 0; i <= VAULT_VALUES_MAX; i++) {
		argv[argc++] = (char *)(uintptr_t) "--pin";
		argv[argc++] = (char *)(uintptr_t) "x";
	}
	ck_assert_int_eq(vault_options_read(argc - 2, argv, &session, &asked), EXIT_DONE);
	ck_assert_uint_eq(vault_session_values(&session, OPTION_PIN)->count, VAULT_VALUES_MAX);
	vault_session_close(&session);
	vault_session_init(&session);
	asked = (struct vault_asked){0};
	ck_assert_int_eq(vault_options_read(argc, argv, &session, &asked), EXIT_USAGE);
}
END_TEST

START_TEST(the_table_is_as_it_must_be)
{
	for (const struct vault_action *a = vault_actions; a->first != NULL; a++) {
		ck_assert_ptr_nonnull(a->run);
		ck_assert_ptr_nonnull(a->usage);
		ck_assert_uint_eq(a->needed & ~a->allowed, 0);
		/* Usage begins by the word that picks the action. */
		const char *word = a->second != NULL ? a->second : a->first;
		ck_assert(slice_starts(slice_of_text(a->usage), slice_of_text(word)));
		ck_assert(a->way != WAY_OWN || a->ask == NULL);
		for (const struct vault_action *b = vault_actions; b != a; b++) {
			bool is_same = strcmp(a->first, b->first) == 0;
			ck_assert(!is_same || (a->second != NULL && b->second != NULL &&
					       strcmp(a->second, b->second) != 0));
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/vault_options");
	TCase *t = tcase_create("vault_options");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, words_become_an_action, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, options_that_are_none_are_refused, 0, COUNT_OF(wrong));
	tcase_add_test(t, what_repeats_has_an_end);
	tcase_add_test(t, the_table_is_as_it_must_be);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	if (secret_heap_start() != FAULT_NONE) {
		return 1;
	}
	return check_main(suite());
}
