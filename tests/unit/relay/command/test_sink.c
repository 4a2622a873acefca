#include <getopt.h>
#include <stdio.h>

#include "relay/command/command.h"
#include "tests/support/captured.h"
#include "tests/support/certs.h"
#include "tests/support/check_main.h"

enum { ARGUMENTS_MAX = 16 };

static struct certs certs;
static struct cert_pair pair;
static char empty[CERTS_PATH_MAX];

static void setup(void)
{
	certs_init(&certs);
	certs_leaf(&certs, &(struct cert_spec){.host = "localhost"}, &pair);
	int n = snprintf(empty, sizeof(empty), "%s/empty", certs.folder);
	ck_assert_int_lt(n, CERTS_PATH_MAX);
	FILE *file = fopen(empty, "w");
	ck_assert_ptr_nonnull(file);
	fclose(file);
}

static void teardown(void)
{
	certs_deinit(&certs);
}

static int run(const char *const *arguments, struct buf *out_said)
{
	char *argv[ARGUMENTS_MAX + 2] = {(char *)(uintptr_t) "sink"};
	int argc = 1;
	struct captured captured;
	for (; arguments[argc - 1] != NULL; argc++) {
		ck_assert_int_lt(argc, ARGUMENTS_MAX);
		argv[argc] = (char *)(uintptr_t)arguments[argc - 1];
	}
	optind = 0; /* getopt begins anew */
	captured_begin(&captured);
	int code = command_sink(argc, argv);
	captured_end(&captured, out_said);
	return code;
}

#define PAIR "--certificate", pair.cert_file, "--key", pair.key_file

static const struct {
	const char *name;
	const char *arguments[10];
	int code;
} wrong[] = {
	{"nothing", {NULL}, EXIT_USAGE},
	{"no key", {"--certificate", pair.cert_file}, EXIT_USAGE},
	{"no certificate", {"--key", pair.key_file}, EXIT_USAGE},
	{"swapped", {"--key", pair.cert_file, "--certificate", pair.key_file}, EXIT_USAGE},
	{"something else", {PAIR, "more"}, EXIT_USAGE},
	{"an option nobody knows", {PAIR, "--password", "x"}, EXIT_USAGE},
	{"a port that is none", {PAIR, "--port", "x"}, EXIT_USAGE},
	{"a port past all ports", {PAIR, "--tls-port", "65536"}, EXIT_USAGE},
	{"no size", {PAIR, "--size", "0"}, EXIT_USAGE},
	{"no messages", {PAIR, "--messages", "0"}, EXIT_USAGE},
	{"a user without a password", {PAIR, "--user", "u"}, EXIT_USAGE},
	{"a password without a user", {PAIR, "--password-file", empty}, EXIT_USAGE},
	{"an empty user", {PAIR, "--user", "", "--password-file", empty}, EXIT_USAGE},
	{"an empty password", {PAIR, "--user", "u", "--password-file", empty}, EXIT_USAGE},
	{"no such password file",
	 {PAIR, "--user", "u", "--password-file", "/nonexistent"},
	 EXIT_USAGE},
	{"no address", {PAIR, "--address", "localhost"}, EXIT_CANNOT_RUN},
	{"an address of another machine", {PAIR, "--address", "192.0.2.1"}, EXIT_CANNOT_RUN},
};

START_TEST(test_wrong)
{
	struct buf said;
	int code = run(wrong[_i].arguments, &said);
	ck_assert_msg(code == wrong[_i].code, "%s: %d", wrong[_i].name, code);
	ck_assert_uint_eq(said.len, 0);
	buf_deinit(&said);
}
END_TEST

START_TEST(test_help)
{
	static const char *const arguments[] = {"--help", NULL};
	struct buf said;
	ck_assert_int_eq(run(arguments, &said), EXIT_DONE);
	ck_assert(slice_starts(buf_view(&said), SLICE_LIT("usage: pagepost sink ")));
	buf_deinit(&said);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/sink");
	TCase *t = tcase_create("sink");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_wrong, 0, COUNT_OF(wrong));
	tcase_add_test(t, test_help);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
