#include "relay/command/plain_options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/macros.h"
#include "tests/support/check_main.h"

struct wish {
	const char *file, *token;
	bool json, help;
};

static const struct plain_option rows[] = {
	{"token-file", '\0', PLAIN_TEXT, offsetof(struct wish, token)},
	{NULL, 'c', PLAIN_TEXT, offsetof(struct wish, file)},
	{"json", '\0', PLAIN_FLAG, offsetof(struct wish, json)},
	{"help", 'h', PLAIN_LAST, offsetof(struct wish, help)},
};

/* The words of a command line, and what they come to; `rest`: how many are no options. */
static const struct {
	const char *words[6];
	struct wish expected;
	int rest;
	bool is_refused;
} lines[] = {
	{{NULL}, {0}, 0, false},
	{{"-c", "f", "--json"}, {.file = "f", .json = true}, 0, false},
	{{"-cf", "--token-file=t"}, {.file = "f", .token = "t"}, 0, false},
	{{"--token-file", "t", "--token-file", "u"}, {.token = "u"}, 0, false},
	{{"--tok", "t"}, {.token = "t"}, 0, false},
	{{"one", "--json", "two"}, {.json = true}, 2, false},
	{{"--", "--json"}, {0}, 1, false},
	{{"--help", "--unknown"}, {.help = true}, 1, false},
	{{"-h", "-c"}, {.help = true}, 1, false},
	{{"--unknown"}, {0}, 0, true},
	{{"--json", "-x"}, {.json = true}, 0, true},
	{{"-c"}, {0}, 0, true},
	{{"--token-file"}, {0}, 0, true},
	{{"--json=yes"}, {0}, 0, true},
	{{"--config", "f"}, {0}, 0, true},
};

static void expect_text(const char *got, const char *expected)
{
	ck_assert_int_eq(got == NULL, expected == NULL);
	ck_assert(got == NULL || strcmp(got, expected) == 0);
}

START_TEST(lines_are_read)
{
	char name[] = "command";
	char *argv[8] = {name};
	int argc = 1;
	struct wish got = {0};
	for (size_t i = 0; lines[_i].words[i] != NULL; i++) {
		argv[argc++] = strdup(lines[_i].words[i]);
	}
	opterr = 0;
	ck_assert_int_eq(plain_options_read(argc, argv, rows, COUNT_OF(rows), &got),
			 !lines[_i].is_refused);
	expect_text(got.file, lines[_i].expected.file);
	expect_text(got.token, lines[_i].expected.token);
	ck_assert_int_eq(got.json, lines[_i].expected.json);
	ck_assert_int_eq(got.help, lines[_i].expected.help);
	ck_assert(lines[_i].is_refused || argc - optind == lines[_i].rest);
	while (argc > 1) {
		free(argv[--argc]);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("command/plain_options");
	TCase *t = tcase_create("plain_options");
	tcase_add_loop_test(t, lines_are_read, 0, COUNT_OF(lines));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
