#include "relay/command/vault_backups.h"

#include "tests/support/check_main.h"

/* Names of backups; how they are opened, tests/e2e/backup_cli says. */

static const struct {
	const char *vault;
	uint64_t generation;
	int64_t ms;
	const char *name;
} names[] = {
	{"vault", 42, 0, "vault-0000000042-19700101T000000Z.backup"},
	{"v", 0, 1796000000123, "v-0000000000-20261130T005320Z.backup"},
	{"a-b.c", 4294967296, 951782399999, "a-b.c-4294967296-20000228T235959Z.backup"},
};

START_TEST(a_name_is_written_and_read)
{
	char name[VAULT_BACKUP_NAME_MAX + 1];
	struct civil at;
	ck_assert(vault_backup_name(names[_i].vault, names[_i].generation,
				    (struct civil){names[_i].ms}, name));
	ck_assert_str_eq(name, names[_i].name);
	ck_assert(vault_backup_read_name(names[_i].vault, name, &at));
	ck_assert_int_eq(at.ms, names[_i].ms / 1000 * 1000);
}
END_TEST

static const char *const others[] = {
	"",
	"vault",
	"vault.keys",
	"vault-0000000042-19700101T000000Z.backup.new",
	"vault-0000000042-19700101T000000Z.backu",
	"vault-000000042-19700101T000000Z.backup",
	"vault-00000000x2-19700101T000000Z.backup",
	"vault-0000000042_19700101T000000Z.backup",
	"vault-0000000042-19701301T000000Z.backup",
	"vault-0000000042-19700101T000000+.backup",
	"vault-0000000042-19700101 000000Z.backup",
	"other-0000000042-19700101T000000Z.backup",
	"avault-0000000042-19700101T000000Z.backup",
};

START_TEST(other_files_are_no_backups)
{
	struct civil at;
	ck_assert(!vault_backup_read_name("vault", others[_i], &at));
}
END_TEST

START_TEST(a_name_that_is_too_long_is_refused)
{
	char vault[VAULT_BACKUP_NAME_MAX] = {0};
	char name[VAULT_BACKUP_NAME_MAX + 1];
	memset(vault, 'v', sizeof(vault) - 1);
	ck_assert(!vault_backup_name(vault, 1, (struct civil){0}, name));
	vault[VAULT_BACKUP_NAME_MAX - 35] = '\0';
	ck_assert(vault_backup_name(vault, 1, (struct civil){0}, name));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/vault_backups");
	TCase *t = tcase_create("vault_backups");
	tcase_add_loop_test(t, a_name_is_written_and_read, 0, COUNT_OF(names));
	tcase_add_loop_test(t, other_files_are_no_backups, 0, COUNT_OF(others));
	tcase_add_test(t, a_name_that_is_too_long_is_refused);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
