#include "relay/command/remote.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"

enum { ROOM = 64, LONG = 8 * 1024 + 1 };

static const struct {
	const char *given, *made;
} urls[] = {
	{"https://mail.example:8443", "https://mail.example:8443/v1/a/b"},
	{"https://mail.example/", "https://mail.example/v1/a/b"},
	{"https://mail.example/x/y?z", "https://mail.example/v1/a/b"},
};

static const struct slice parts[] = {SLICE_INIT("/v1/"), SLICE_INIT("a/b")};

START_TEST(a_url_keeps_its_host_alone)
{
	CLEANUP(buf_deinit) struct buf url;
	buf_init(&url, ROOM);
	ck_assert_uint_eq(remote_url(urls[_i].given, parts, COUNT_OF(parts), &url), FAULT_NONE);
	ck_assert_str_eq(url.ptr, urls[_i].made);
}
END_TEST

START_TEST(a_url_has_its_limit)
{
	CLEANUP(buf_deinit) struct buf url;
	buf_init(&url, sizeof("https://a.example/v1/a/b") - 1); /* no room for the end */
	ck_assert_uint_ne(remote_url("https://a.example", parts, COUNT_OF(parts), &url),
			  FAULT_NONE);
}
END_TEST

static const struct {
	const char *json, *detail;
} answers[] = {
	{"{\"status\":403,\"detail\":\"No.\"}", "No."},
	{"{\"more\":{\"detail\":\"inside\"},\"detail\":\"out\\nside\"}", "out\nside"},
	{"{\"detail\":{\"detail\":\"inside\"}}", ""},
	{"{\"more\":[\"detail\",\"x\"]}", ""},
	{"{\"more\":[", ""},
	{"<html>", ""},
	{"", ""},
};

START_TEST(the_sentence_of_a_refusal)
{
	CLEANUP(buf_deinit) struct buf body;
	buf_init(&body, ROOM);
	ck_assert_uint_eq(buf_add_text(&body, answers[_i].json), FAULT_NONE);
	ck_assert(slice_eq(remote_detail(&body), slice_of_text(answers[_i].detail)));
}
END_TEST

START_TEST(a_token_of_the_environment)
{
	struct problem p = {0};
	struct secret *token = NULL;
	setenv("PAGEPOST_TOKEN", " t1\n", 1);
	ck_assert_uint_eq(remote_token(NULL, &token, &p), FAULT_NONE);
	ck_assert(slice_eq(secret_view(token), SLICE_LIT("t1")));
	secret_free(&token);
	ck_assert_uint_ne(remote_token("/nowhere/token", &token, &p),
			  FAULT_NONE); /* the file goes first */
	ck_assert_ptr_null(token);
}
END_TEST

START_TEST(no_token)
{
	char text[LONG + 1];
	struct problem p = {0};
	struct secret *token = NULL;
	unsetenv("PAGEPOST_TOKEN");
	ck_assert_uint_eq(remote_token(NULL, &token, &p), FAULT_NO_CALLER);
	setenv("PAGEPOST_TOKEN", " ", 1);
	ck_assert_uint_eq(remote_token(NULL, &token, &p), FAULT_NO_CALLER);
	for (size_t i = 0; i < LONG; i++) {
		text[i] = 'a';
	}
	text[LONG] = '\0';
	setenv("PAGEPOST_TOKEN", text, 1);
	ck_assert_uint_eq(remote_token(NULL, &token, &p), FAULT_BAD_FIELD);
	ck_assert_ptr_null(token);
}
END_TEST

static const struct {
	const char *text;
	bool is_token;
} files[] = {
	{"pp_abc-DEF.~+/=", true},
	{"pp_abc\n", true},
	{"pp_abc\r\n", true},
	{"", false},
	{"\n", false},
	{"pp_abc\npp_def\n", false},
	{" pp_abc \n", true},
	{"pp abc\n", false},
	{"pp\tabc", false},
	{"pp_\x01", false},
	{"pp_\xc3\xa4\n", false},
	{"\x89PNG\r\n\x1a\n", false},
};

START_TEST(a_token_of_a_file)
{
	char folder[] = "/tmp/test_remote_XXXXXX";
	char path[sizeof(folder) + sizeof("/token")];
	struct problem p = {0};
	struct secret *token = NULL;
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/token", folder);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	size_t len = strlen(files[_i].text);
	ck_assert_int_eq(write(fd, files[_i].text, len), (ssize_t)len);
	close(fd);
	enum fault f = remote_token(path, &token, &p);
	unlink(path);
	rmdir(folder);
	ck_assert_int_eq(f == FAULT_NONE, files[_i].is_token);
	ck_assert_int_eq(token != NULL, files[_i].is_token);
	if (f != FAULT_NONE) {
		ck_assert_uint_eq(f, FAULT_BAD_FIELD);
		ck_assert(
			slice_starts(problem_text(&p), SLICE_LIT("The token file holds no token")));
	}
	secret_free(&token);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("command remote");
	TCase *t = tcase_create("remote");
	tcase_add_loop_test(t, a_url_keeps_its_host_alone, 0, COUNT_OF(urls));
	tcase_add_test(t, a_url_has_its_limit);
	tcase_add_loop_test(t, the_sentence_of_a_refusal, 0, COUNT_OF(answers));
	tcase_add_test(t, a_token_of_the_environment);
	tcase_add_test(t, no_token);
	tcase_add_loop_test(t, a_token_of_a_file, 0, COUNT_OF(files));
	suite_add_tcase(s, t);
	return check_main(s);
}
