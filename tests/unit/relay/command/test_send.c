#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "relay/command/command.h"
#include "tests/support/captured.h"
#include "tests/support/check_main.h"
#include "tests/support/web.h"

enum { ARGUMENTS_MAX = 48 };

static struct certs certs;
static char page[CERTS_PATH_MAX], token[CERTS_PATH_MAX], empty[CERTS_PATH_MAX];

static void put_file(const char *name, const char *text, char out_path[CERTS_PATH_MAX])
{
	int n = snprintf(out_path, CERTS_PATH_MAX, "%s/%s", certs.folder, name);
	ck_assert_int_lt(n, CERTS_PATH_MAX);
	FILE *file = fopen(out_path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void setup(void)
{
	certs_init(&certs);
	put_file("page.xml", "<p>Hello</p>", page);
	put_file("token", "pp_secret\n", token);
	put_file("empty", "\n", empty);
	unsetenv("PAGEPOST_TOKEN");
}

static void teardown(void)
{
	certs_deinit(&certs);
}

static int run(const char *const *arguments, struct buf *out_said)
{
	char *argv[ARGUMENTS_MAX + 2] = {(char *)(uintptr_t) "send"};
	int argc = 1;
	struct captured captured;
	for (; arguments[argc - 1] != NULL; argc++) {
		ck_assert_int_lt(argc, ARGUMENTS_MAX);
		argv[argc] = (char *)(uintptr_t)arguments[argc - 1];
	}
	optind = 0; /* getopt begins anew */
	captured_begin(&captured);
	int code = command_send(argc, argv);
	captured_end(&captured, out_said);
	return code;
}

#define URL "https://localhost:1"

static const struct {
	const char *name;
	const char *arguments[12];
} wrong[] = {
	{"nothing", {NULL}},
	{"no URL", {page, "--token-file", token}},
	{"no page", {"--url", URL, "--token-file", token}},
	{"two pages", {page, page, "--url", URL, "--token-file", token}},
	{"a page that is not there", {"/nonexistent", "--url", URL, "--token-file", token}},
	{"no token", {page, "--url", URL}},
	{"an empty token", {page, "--url", URL, "--token-file", empty}},
	{"a token that is not there", {page, "--url", URL, "--token-file", "/nonexistent"}},
	{"a URL in the clear", {page, "--url", "http://localhost", "--token-file", token}},
	{"an option nobody knows", {page, "--url", URL, "--token-file", token, "--password", "x"}},
	{"an option without its value", {page, "--token-file", token, "--url"}},
	{"a version that is none", {page, "--url", URL, "--token-file", token, "--version", "x"}},
	{"a wait that is none", {page, "--url", URL, "--token-file", token, "--wait", "-1"}},
	{"a wait too long", {page, "--url", URL, "--token-file", token, "--wait", "3601"}},
	{"attachments that are neither",
	 {page, "--url", URL, "--token-file", token, "--attachments", "some"}},
	{"a half that is not there",
	 {page, "--url", URL, "--token-file", token, "--half-file", "/nonexistent"}},
	{"a half that is none", {page, "--url", URL, "--token-file", token, "--half-file", token}},
	{"an empty key", {page, "--url", URL, "--token-file", token, "--idempotency-key", ""}},
	{"an attachment that is not there",
	 {page, "--url", URL, "--token-file", token, "--attach", "/nonexistent", "--to",
	  "a@b.example"}},
	{"no such authorities",
	 {page, "--url", URL, "--token-file", token, "--ca", "/nonexistent"}},
};

START_TEST(test_wrong)
{
	struct buf said;
	int code = run(wrong[_i].arguments, &said);
	/* Without authorities libcurl does not get as far as judging their file when nobody listens. */
	bool down = code == EXIT_NOT_DELIVERED && _i == (int)COUNT_OF(wrong) - 1;
	ck_assert_msg(code == EXIT_USAGE || down, "%s: %d", wrong[_i].name, code);
	ck_assert_uint_eq(said.len, 0);
	buf_deinit(&said);
}
END_TEST

START_TEST(test_help)
{
	static const char *const arguments[] = {"--help", NULL};
	struct buf said;
	ck_assert_int_eq(run(arguments, &said), EXIT_DONE);
	ck_assert(slice_starts(buf_view(&said), SLICE_LIT("usage: pagepost send ")));
	buf_deinit(&said);
}
END_TEST

START_TEST(test_nobody_listens)
{
	static const char *const arguments[] = {page,  "--url", URL,	       "--token-file",
						token, "--to",	"a@b.example", NULL};
	struct buf said;
	ck_assert_int_eq(run(arguments, &said), EXIT_NOT_DELIVERED);
	buf_deinit(&said);
}
END_TEST

/* Every option reaches the job. */
START_TEST(test_every_option)
{
	static const char *const answers[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: "
		"38\r\n\r\n{\"state\":\"done\",\"outcome\":\"delivered\"}"};
	static const char *const asked[] = {
		"\r\nAuthorization: Bearer pp_secret\r\n",
		"\r\nPrefer: wait=5\r\n",
		"\r\nIdempotency-Key: k\r\n",
		"\"site_url\":\"https://x.example\"",
		"\"id\":\"42\",\"version\":7,\"title\":\"T\",\"space_key\":\"S\"",
		"\"body\":\"<p>Hello</p>\"",
		"\"sender\":{\"name\":\"N\",\"email\":\"n@x.example\"}",
		"\"from\":{\"email\":\"f@x.example\"}",
		"\"reply_to\":{\"email\":\"r@x.example\"}",
		"\"to\":[{\"email\":\"a@x.example\"},{\"email\":\"b@x.example\"}]",
		"\"cc\":[{\"email\":\"c@x.example\"}]",
		"\"bcc\":[{\"email\":\"d@x.example\"}]",
		"\"subject\":\"[P] Sub\"",
		"\"note\":\"Words\"",
		"\"attachments\":\"all\"",
		"\"server\":\"mail\"",
		"filename=\"page.xml\"\r\nContent-Type: application/xml\r\n"};
	struct cert_pair pair;
	struct web web;
	char url[64];
	struct buf said;
	certs_leaf(&certs, &(struct cert_spec){.host = "localhost"}, &pair);
	web_start(&web, &pair, answers, 1);
	ck_assert_int_lt(snprintf(url, sizeof(url), "https://localhost:%u", web.port), 64);
	const char *const arguments[] = {page,
					 "--url",
					 url,
					 "--token-file",
					 token,
					 "--ca",
					 certs.ca_file,
					 "--to",
					 "a@x.example",
					 "--to",
					 "b@x.example",
					 "--cc",
					 "c@x.example",
					 "--bcc",
					 "d@x.example",
					 "--from",
					 "f@x.example",
					 "--reply-to",
					 "r@x.example",
					 "--sender-name",
					 "N",
					 "--sender-email",
					 "n@x.example",
					 "--title",
					 "T",
					 "--page-id",
					 "42",
					 "--version=7",
					 "--space",
					 "S",
					 "--site-url",
					 "https://x.example",
					 "--subject=Sub",
					 "--prefix=[P]",
					 "--note=Words",
					 "--attach",
					 page,
					 "--attachments=all",
					 "--server=mail",
					 "--idempotency-key=k",
					 "--wait=5",
					 NULL};
	ck_assert_int_eq(run(arguments, &said), EXIT_DONE);
	web_stop(&web);
	struct slice all = buf_view(&web.requests);
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		ck_assert_msg(slice_find(all, slice_of_text(asked[i])) < all.len, "%s", asked[i]);
	}
	buf_deinit(&said);
	web_deinit(&web);
}
END_TEST

START_TEST(test_token_of_environment)
{
	static const char *const answers[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: "
		"38\r\n\r\n{\"state\":\"done\",\"outcome\":\"delivered\"}"};
	struct cert_pair pair;
	struct web web;
	char url[64];
	struct buf said;
	setenv("PAGEPOST_TOKEN", "pp_other", 1);
	certs_leaf(&certs, &(struct cert_spec){.host = "localhost"}, &pair);
	web_start(&web, &pair, answers, 1);
	ck_assert_int_lt(snprintf(url, sizeof(url), "https://localhost:%u", web.port), 64);
	const char *const arguments[] = {page, "--url", url, "--ca", certs.ca_file, "--json", NULL};
	ck_assert_int_eq(run(arguments, &said), EXIT_DONE);
	ck_assert(slice_starts(buf_view(&said), SLICE_LIT("{\"state\"")));
	web_stop(&web);
	struct slice all = buf_view(&web.requests);
	ck_assert_uint_lt(slice_find(all, SLICE_LIT("Bearer pp_other\r\n")), all.len);
	buf_deinit(&said);
	web_deinit(&web);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/send");
	TCase *t = tcase_create("send");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_wrong, 0, COUNT_OF(wrong));
	tcase_add_test(t, test_help);
	tcase_add_test(t, test_nobody_listens);
	tcase_add_test(t, test_every_option);
	tcase_add_test(t, test_token_of_environment);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
