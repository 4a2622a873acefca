#include <fcntl.h>
#include <unistd.h>

#include "spool-free/base/secret.h"
#include "relay/command/command.h"
#include "tests/support/check_main.h"

/* Why a keeper does not start, by exit code; one that runs is tests/e2e/vault_cli's. */

enum { WORDS_MAX = 8 };

static const struct {
	const char *words[WORDS_MAX];
	int code;
} rows[] = {
	{{"--help"}, EXIT_DONE},
	{{"-h"}, EXIT_DONE},
	{{NULL}, EXIT_USAGE},
	{{"--vault", "/nonexistent/vault"}, EXIT_USAGE},
	{{"--socket", "/nonexistent/socket"}, EXIT_USAGE},
	{{"--vault", "/nonexistent/vault", "--socket", "/nonexistent/s", "now"}, EXIT_USAGE},
	{{"--colour"}, EXIT_USAGE},
	{{"--vault"}, EXIT_USAGE},
	{{"-c", "/nonexistent/pagepost.conf"}, EXIT_SETTINGS},
	{{"--vault", "/nonexistent/vault", "--socket", "/nonexistent/s", "--allow-user",
	  "no such user"},
	 EXIT_SETTINGS},
	{{"--vault", "/nonexistent/vault", "--socket", "/nonexistent/s", "--credential",
	  "/dev/null"},
	 EXIT_VAULT},
	{{"--vault", "/nonexistent/vault", "--socket", "/nonexistent/s", "--credential",
	  "/nonexistent/key"},
	 EXIT_VAULT},
	{{"--vault", "/nonexistent/vault", "--socket", "/nonexistent/s"},
	 EXIT_VAULT}, /* no passphrase comes */
};

START_TEST(exit_codes_say_why)
{
	char *argv[WORDS_MAX + 2] = {(char *)(uintptr_t) "keeper"};
	int argc = 1;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	close(null);
	for (size_t i = 0; i < WORDS_MAX && rows[_i].words[i] != NULL; i++) {
		argv[argc++] = (char *)(uintptr_t)rows[_i].words[i];
	}
	ck_assert_int_eq(command_keeper(argc, argv), rows[_i].code);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/keeper");
	TCase *t = tcase_create("keeper");
	tcase_add_loop_test(t, exit_codes_say_why, 0, COUNT_OF(rows));
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
