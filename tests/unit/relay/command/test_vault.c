#include "relay/command/vault_session.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "relay/command/command.h"
#include "tests/support/check_main.h"

/* Exit codes, and what a refused command leaves behind; the sentences are tests/e2e/vault_cli's. */

static char folder[] = "/tmp/pagepost-vault-XXXXXX";
static char vault[PATH_MAX];
static char credential[PATH_MAX];

static void in_folder(char out[PATH_MAX], const char *name)
{
	size_t len = strlen(folder);
	memcpy(out, folder, len);
	memcpy(out + len, name, strlen(name) + 1);
}

enum { WORDS_MAX = 16 };

/* `line` is words with blanks between them; vault and credential are added unless it begins with "bare". */
static int run(const char *line)
{
	static char words[PATH_MAX];
	char *argv[WORDS_MAX] = {(char *)(uintptr_t) "vault"};
	int argc = 1;
	size_t at = 0;
	bool is_bare = strncmp(line, "bare", 4) == 0;
	struct slice rest = slice_of_text(is_bare ? line + 4 : line);
	struct slice word;
	while (rest.len > 0) {
		if (!slice_cut_to(&rest, ' ', &word)) {
			word = rest;
			rest.len = 0;
		}
		if (word.len > 0) {
			memcpy(words + at, word.ptr, word.len);
			words[at + word.len] = '\0';
			argv[argc++] = words + at;
			at += word.len + 1;
		}
	}
	if (!is_bare) {
		argv[argc++] = (char *)(uintptr_t) "--vault";
		argv[argc++] = vault;
		argv[argc++] = (char *)(uintptr_t) "--credential";
		argv[argc++] = credential;
	}
	return command_vault(argc, argv);
}

static void setup(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	in_folder(vault, "/vault");
	in_folder(credential, "/credential");
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	close(null);
	ck_assert_int_eq(run("init"), EXIT_DONE);
	ck_assert_int_eq(run("tenant add acme"), EXIT_DONE);
}

static void teardown(void)
{
	static const char *const names[] = {"/vault", "/vault.prev", "/vault.lock", "/credential",
					    "/vault.keys"};
	char path[PATH_MAX];
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		in_folder(path, names[i]);
		unlink(path);
	}
	ck_assert_int_eq(rmdir(folder), 0);
}

static const struct {
	const char *line;
	int code;
} rows[] = {
	{"verify", EXIT_DONE},
	{"slots", EXIT_DONE},
	{"rotate", EXIT_DONE},
	{"receipt-key show", EXIT_VAULT}, /* none was needed yet */
	{"receipt-key rotate", EXIT_DONE},
	{"list --json", EXIT_DONE},
	{"tenant show acme", EXIT_DONE},
	{"tenant suspend acme", EXIT_DONE},
	{"settings set --tenant acme from_name=X", EXIT_DONE},
	{"policy get --tenant acme --space DOC --json", EXIT_DONE},
	{"tenant remove acme", EXIT_DONE},
	{"list", EXIT_DONE},
	{"--help", EXIT_DONE},
	{"bare -h", EXIT_DONE},
	{"tenant add two --from a@b.example", EXIT_DONE},
	{"--subject-prefix X tenant set acme", EXIT_DONE},
	{"token new --tenant acme --label x", EXIT_DONE},
	{"server put s --tenant acme --host h.example", EXIT_DONE},
	{"server put --operator --host h.example --tls implicit", EXIT_DONE},
	{"bare", EXIT_USAGE},
	{"bare verify", EXIT_USAGE},
	{"", EXIT_USAGE},
	{"paint", EXIT_USAGE},
	{"tenant", EXIT_USAGE},
	{"tenant paint", EXIT_USAGE},
	{"tenant add", EXIT_USAGE},
	{"tenant add a b", EXIT_USAGE},
	{"tenant add a b c", EXIT_USAGE},
	{"verify now then", EXIT_USAGE},
	{"verify --tenant x", EXIT_USAGE},
	{"list --colour", EXIT_USAGE},
	{"list -x", EXIT_USAGE},
	{"token new --tenant acme", EXIT_USAGE},
	{"tenant add UPPER", EXIT_USAGE},
	{"tenant show", EXIT_USAGE},
	{"settings set --tenant acme", EXIT_USAGE},
	{"settings set from_name=X", EXIT_USAGE},
	{"settings set --tenant acme from_name", EXIT_USAGE},
	{"settings set --tenant acme colour=red", EXIT_USAGE},
	{"settings get --tenant acme --space X", EXIT_USAGE},
	{"policy set --tenant acme from=everywhere", EXIT_USAGE},
	{"token new --tenant acme --label x --scope all", EXIT_USAGE},
	{"backup --keep never", EXIT_USAGE},
	{"tenant export acme", EXIT_USAGE},
	{"server put s --tenant acme --host h --port 99999", EXIT_USAGE},
	{"server put s --tenant acme --host h --username u",
	 EXIT_USAGE},			   /* and no password comes */
	{"passphrase change", EXIT_USAGE}, /* nor a passphrase */
	{"init", EXIT_VAULT},
	{"tenant add acme", EXIT_VAULT},
	{"tenant remove nobody", EXIT_VAULT},
	{"token new --tenant nobody --label x", EXIT_VAULT},
	{"server remove s --tenant acme", EXIT_VAULT},
	{"server show s --tenant acme", EXIT_VAULT},
	{"tenant show nobody", EXIT_VAULT},
	{"tenant resume nobody", EXIT_VAULT},
	{"settings get --tenant nobody", EXIT_VAULT},
	{"policy set --tenant nobody from=any", EXIT_VAULT},
	{"restore /nonexistent/backup", EXIT_VAULT},
	{"verify /nonexistent/backup", EXIT_VAULT},
	{"tenant import /nonexistent/file", EXIT_VAULT},
	{"bare verify -c /nonexistent/pagepost.conf", EXIT_SETTINGS},
	{"bare verify --vault /nonexistent/vault --credential /nonexistent/c", EXIT_VAULT},
};

START_TEST(exit_codes_say_whose_mistake_it_is)
{
	ck_assert_int_eq(run(rows[_i].line), rows[_i].code);
	ck_assert_int_eq(run("verify"), EXIT_DONE);
}
END_TEST

START_TEST(what_was_removed_is_gone)
{
	ck_assert_int_eq(run("server put s --tenant acme --host h.example"), EXIT_DONE);
	ck_assert_int_eq(run("server remove s --tenant acme"), EXIT_DONE);
	ck_assert_int_eq(run("server remove s --tenant acme"), EXIT_VAULT);
	ck_assert_int_eq(run("tenant remove acme"), EXIT_DONE);
	ck_assert_int_eq(run("tenant set acme"), EXIT_VAULT);
}
END_TEST

START_TEST(a_credential_is_replaced)
{
	char other[PATH_MAX];
	char line[PATH_MAX];
	static const char action[] = "credential change ";
	in_folder(other, "/other");
	memcpy(line, action, sizeof(action));
	memcpy(line + sizeof(action) - 1, other, strlen(other) + 1);
	ck_assert_int_eq(run(line), EXIT_DONE);
	ck_assert_int_eq(run("verify"), EXIT_VAULT);
	ck_assert_int_eq(rename(other, credential), 0);
	ck_assert_int_eq(run("verify"), EXIT_DONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/vault");
	TCase *t = tcase_create("vault");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, exit_codes_say_whose_mistake_it_is, 0, COUNT_OF(rows));
	tcase_add_test(t, what_was_removed_is_gone);
	tcase_add_test(t, a_credential_is_replaced);
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
