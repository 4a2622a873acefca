#include "relay/command/vault_session.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

static struct vault_session session;
static struct problem problem;
static char folder[] = "/tmp/pagepost-session-XXXXXX";
static char file[sizeof(folder) + sizeof("/file")];

static void setup(void)
{
	vault_session_init(&session);
	session.vault = vaults_sample(vaults_by_credential('k'));
	problem = (struct problem){0};
	ck_assert_ptr_nonnull(mkdtemp(folder));
	memcpy(file, folder, sizeof(folder));
	memcpy(file + sizeof(folder) - 1, "/file", sizeof("/file"));
}

static void teardown(void)
{
	vault_session_close(&session);
	unlink(file);
	rmdir(folder);
}

#define LETTERS "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

static const struct {
	const char *text;
	size_t len;
	enum fault fault;
	char first;
} halves[] = {
	{"0123456789abcdef0123456789abcdef", 32, FAULT_NONE, '0'},
	{LETTERS, 44, FAULT_NONE, 0},
	{LETTERS "\n", 45, FAULT_NONE, 0},
	{LETTERS "\r\n", 46, FAULT_NONE, 0},
	{"0123456789abcdef0123456789abcde", 31, FAULT_BAD_FIELD, 0},
	{"0123456789abcdef0123456789abcdef\n", 33, FAULT_BAD_FIELD, 0},
	{LETTERS, 43, FAULT_BAD_FIELD, 0},
	{"*AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", 44, FAULT_BAD_FIELD, 0},
	{"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A", 44, FAULT_BAD_FIELD, 0}, /* 33 bytes */
	{LETTERS LETTERS, 88, FAULT_BAD_FIELD, 0},
	{"", 0, FAULT_BAD_FIELD, 0},
};

START_TEST(a_half_is_raw_or_base64)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ck_assert_int_eq(write(fd, halves[_i].text, halves[_i].len), (ssize_t)halves[_i].len);
	close(fd);
	session.options[OPTION_HALF_FILE] = file;
	ck_assert_uint_eq(vault_session_half(&session, &problem), halves[_i].fault);
	if (halves[_i].fault == FAULT_NONE) {
		ck_assert_uint_eq(secret_view(session.half).len, VAULT_HALF);
		ck_assert_int_eq(secret_view(session.half).ptr[0], halves[_i].first);
	} else {
		ck_assert_ptr_null(session.half);
	}
}
END_TEST

START_TEST(without_a_file_there_is_no_half)
{
	ck_assert_uint_eq(vault_session_half(&session, &problem), FAULT_NONE);
	ck_assert_ptr_null(session.half);
	session.options[OPTION_HALF_FILE] = "/nonexistent/half";
	ck_assert_uint_eq(vault_session_half(&session, &problem), FAULT_VAULT_IO);
}
END_TEST

static const struct {
	const char *tenant;
	const char *is_operators;
	const char *name;
	enum fault fault;
	const char *found;
} servers[] = {
	{"acme", NULL, "main", FAULT_NONE, "main"},
	{NULL, "", NULL, FAULT_NONE, VAULT_OPERATOR_SERVER},
	{NULL, NULL, "main", FAULT_BAD_RECORD, NULL},
	{"acme", "", "main", FAULT_BAD_RECORD, NULL},
	{"acme", NULL, NULL, FAULT_BAD_RECORD, NULL},
	{NULL, "", "main", FAULT_BAD_RECORD, NULL},
	{"nobody", NULL, "main", FAULT_NOT_FOUND, NULL},
	{"", NULL, "main", FAULT_NOT_FOUND, NULL},
};

START_TEST(a_server_is_a_tenants_or_the_operators)
{
	struct vault_key_name name;
	session.options[OPTION_TENANT] = servers[_i].tenant;
	session.options[OPTION_OPERATOR] = servers[_i].is_operators;
	session.name = servers[_i].name;
	ck_assert_uint_eq(vault_session_name_server(&session, &name, &problem), servers[_i].fault);
	if (servers[_i].found != NULL) {
		ck_assert(slice_eq(name.name, slice_of_text(servers[_i].found)));
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/vault_session");
	TCase *t = tcase_create("vault_session");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_half_is_raw_or_base64, 0, COUNT_OF(halves));
	tcase_add_test(t, without_a_file_there_is_no_half);
	tcase_add_loop_test(t, a_server_is_a_tenants_or_the_operators, 0, COUNT_OF(servers));
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
