#include "relay/command/vault_input.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/vault/record.h"
#include "config/vault/vault.h"
#include "tests/support/check_main.h"

static char folder[] = "/tmp/pagepost-input-XXXXXX";
static char path[PATH_MAX];
static struct secret *got;
static struct problem problem;

static void setup(void)
{
	static const char name[] = "/file";
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(null, STDERR_FILENO);
	close(null);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	memcpy(path, folder, sizeof(folder) - 1);
	memcpy(path + sizeof(folder) - 1, name, sizeof(name));
	problem = (struct problem){0};
}

static void teardown(void)
{
	secret_free(&got);
	unlink(path);
	ck_assert_int_eq(rmdir(folder), 0);
}

static void feed(struct slice bytes)
{
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], bytes.ptr, bytes.len), (ssize_t)bytes.len);
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
}

static void check_sentence(const char *part)
{
	struct slice said = problem_text(&problem);
	ck_assert_msg(slice_find(said, slice_of_text(part)) < said.len, "%.*s", (int)said.len,
		      said.ptr);
}

static const struct {
	struct slice input, line;
} lines[] = {
	{SLICE_INIT("phrase\n"), SLICE_INIT("phrase")},
	{SLICE_INIT("phrase"), SLICE_INIT("phrase")},
	{SLICE_INIT("phrase\r\n"), SLICE_INIT("phrase")},
	{SLICE_INIT("\n"), SLICE_INIT("")},
	{SLICE_INIT("\r\n"), SLICE_INIT("")},
	{SLICE_INIT(" a b \n"), SLICE_INIT(" a b ")},
	{SLICE_INIT("a\rb\n"), SLICE_INIT("a\rb")},
	{SLICE_INIT("p\xC3\xA4ss\x03\x7f\n"),
	 SLICE_INIT("p\xC3\xA4ss\x03\x7f")}, /* keys of a terminal only */
	{SLICE_INIT("first\nsecond\n"), SLICE_INIT("first")},
};

START_TEST(a_line_is_read_as_it_is)
{
	feed(lines[_i].input);
	ck_assert_uint_eq(vault_input_line("?", &got, &problem), FAULT_NONE);
	ck_assert(secret_eq(got, lines[_i].line));
}
END_TEST

START_TEST(the_next_line_stays_unread)
{
	feed(SLICE_LIT("first\nsecond\nthird"));
	static const struct slice all[] = {SLICE_INIT("first"), SLICE_INIT("second"),
					   SLICE_INIT("third")};
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		ck_assert_uint_eq(vault_input_line("?", &got, &problem), FAULT_NONE);
		ck_assert(secret_eq(got, all[i]));
		secret_free(&got);
	}
	ck_assert_uint_eq(vault_input_line("?", &got, &problem), FAULT_BAD_FIELD);
	check_sentence("Standard input ended");
}
END_TEST

START_TEST(a_line_has_a_limit)
{
	static char bytes[VAULT_SECRET_MAX + 1];
	memset(bytes, 'a', sizeof(bytes));
	feed(slice_of(bytes, VAULT_SECRET_MAX));
	ck_assert_uint_eq(vault_input_line("?", &got, &problem), FAULT_NONE);
	ck_assert_uint_eq(secret_view(got).len, VAULT_SECRET_MAX);
	secret_free(&got);
	feed(slice_of(bytes, VAULT_SECRET_MAX + 1));
	ck_assert_uint_eq(vault_input_line("?", &got, &problem), FAULT_BAD_FIELD);
	check_sentence("at most 1024 bytes");
}
END_TEST

START_TEST(a_new_passphrase_is_not_short)
{
	feed(SLICE_LIT("1234567\n"));
	ck_assert_uint_eq(vault_input_new_passphrase(&got, &problem), FAULT_BAD_FIELD);
	check_sentence("at least 8 bytes");
	feed(SLICE_LIT("12345678\n"));
	ck_assert_uint_eq(vault_input_new_passphrase(&got, &problem), FAULT_NONE);
	ck_assert(secret_eq(got, SLICE_LIT("12345678")));
}
END_TEST

static void put_file(size_t len)
{
	static char bytes[VAULT_CA_MAX + 100];
	memset(bytes, 'k', sizeof(bytes));
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

static const struct {
	size_t len;
	bool good;
} credentials[] = {{0, false},
		   {VAULT_CREDENTIAL_MIN - 1, false},
		   {VAULT_CREDENTIAL_MIN, true},
		   {VAULT_CREDENTIAL_MAX, true},
		   {VAULT_CREDENTIAL_MAX + 1, false}};

START_TEST(credentials_have_their_size)
{
	put_file(credentials[_i].len);
	enum fault f = vault_input_credential(path, &got, &problem);
	ck_assert_uint_eq(f, credentials[_i].good ? FAULT_NONE : FAULT_BAD_FIELD);
	if (credentials[_i].good) {
		ck_assert_uint_eq(secret_view(got).len, credentials[_i].len);
	} else {
		check_sentence("32 to 4096 random bytes");
	}
}
END_TEST

START_TEST(a_missing_credential_is_made_once)
{
	struct secret *again = NULL;
	struct stat st;
	ck_assert_uint_eq(vault_input_credential(path, &got, &problem), FAULT_VAULT_IO);
	check_sentence("No such file or directory");
	ck_assert_uint_eq(vault_input_new_credential(path, &got, &problem), FAULT_NONE);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(st.st_size, VAULT_CREDENTIAL_MIN);
	ck_assert_uint_eq(vault_input_new_credential(path, &again, &problem), FAULT_NONE);
	ck_assert(secret_eq(got, secret_view(again)));
	secret_free(&again);
}
END_TEST

START_TEST(certificates_are_pem)
{
	static const char pem[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
	struct arena a;
	struct slice text = {0};
	arena_init(&a, 64 * 1024);
	ck_assert_uint_eq(vault_input_certificates(path, &a, &text, &problem), FAULT_VAULT_IO);
	put_file(100);
	ck_assert_uint_eq(vault_input_certificates(path, &a, &text, &problem), FAULT_BAD_FIELD);
	check_sentence("PEM");
	put_file(VAULT_CA_MAX + 1);
	ck_assert_uint_eq(vault_input_certificates(path, &a, &text, &problem), FAULT_BAD_FIELD);
	int fd = open(path, O_WRONLY | O_TRUNC);
	ck_assert_int_eq(write(fd, pem, sizeof(pem) - 1), sizeof(pem) - 1);
	close(fd);
	ck_assert_uint_eq(vault_input_certificates(path, &a, &text, &problem), FAULT_NONE);
	ck_assert(slice_eq(text, slice_of_text(pem)));
	arena_deinit(&a);
}
END_TEST

static void put_text(struct slice text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ck_assert_int_eq(write(fd, text.ptr, text.len), (ssize_t)text.len);
	close(fd);
}

START_TEST(a_long_line_may_be_long)
{
	static char bytes[VAULT_REFRESH_MAX + 1];
	memset(bytes, 'r', sizeof(bytes));
	feed(slice_of(bytes, VAULT_REFRESH_MAX));
	ck_assert_uint_eq(vault_input_long_line("?", &got, &problem), FAULT_NONE);
	ck_assert_uint_eq(secret_view(got).len, VAULT_REFRESH_MAX);
	secret_free(&got);
	feed(slice_of(bytes, sizeof(bytes)));
	ck_assert_uint_eq(vault_input_long_line("?", &got, &problem), FAULT_BAD_FIELD);
	check_sentence("at most 4096 bytes");
}
END_TEST

static const struct {
	struct slice file;
	const char *line; /* NULL: refused */
} secret_lines[] = {
	{SLICE_INIT("a secret"), "a secret"},
	{SLICE_INIT("a secret\n"), "a secret"},
	{SLICE_INIT("a secret\r\n"), "a secret"},
	{SLICE_INIT(" blanks stay \n"), " blanks stay "},
	{SLICE_INIT("12345678901234567890"), "12345678901234567890"},
	{SLICE_INIT(""), NULL},
	{SLICE_INIT("\n"), NULL},
	{SLICE_INIT("one\ntwo\n"), NULL},
	{SLICE_INIT("123456789012345678901"), NULL},
	{SLICE_INIT("1234567890123456789012345"), NULL},
};

START_TEST(a_secrets_file_has_one_line)
{
	put_text(secret_lines[_i].file);
	enum fault f = vault_input_secret_line(path, 20, &got, &problem);
	if (secret_lines[_i].line == NULL) {
		ck_assert_uint_eq(f, FAULT_BAD_FIELD);
		check_sentence("must hold");
		return;
	}
	ck_assert_uint_eq(f, FAULT_NONE);
	ck_assert(secret_eq(got, slice_of_text(secret_lines[_i].line)));
}
END_TEST

START_TEST(a_secrets_file_is_taken_whole)
{
	ck_assert_uint_eq(vault_input_secret(path, 20, &got, &problem), FAULT_VAULT_IO);
	check_sentence("No such file or directory");
	put_text(SLICE_LIT("one\ntwo\n"));
	ck_assert_uint_eq(vault_input_secret(path, 20, &got, &problem), FAULT_NONE);
	ck_assert(secret_eq(got, SLICE_LIT("one\ntwo\n")));
	put_text(SLICE_LIT("123456789012345678901"));
	secret_free(&got);
	ck_assert_uint_eq(vault_input_secret(path, 20, &got, &problem), FAULT_BAD_FIELD);
	check_sentence("1 to 20 bytes");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/vault_input");
	TCase *t = tcase_create("vault_input");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_line_is_read_as_it_is, 0, COUNT_OF(lines));
	tcase_add_test(t, the_next_line_stays_unread);
	tcase_add_test(t, a_line_has_a_limit);
	tcase_add_test(t, a_new_passphrase_is_not_short);
	tcase_add_loop_test(t, credentials_have_their_size, 0, COUNT_OF(credentials));
	tcase_add_test(t, a_missing_credential_is_made_once);
	tcase_add_test(t, certificates_are_pem);
	tcase_add_test(t, a_long_line_may_be_long);
	tcase_add_loop_test(t, a_secrets_file_has_one_line, 0, COUNT_OF(secret_lines));
	tcase_add_test(t, a_secrets_file_is_taken_whole);
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
