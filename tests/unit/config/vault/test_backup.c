#include "config/vault/backup.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/vault/commit.h"
#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

/* A vault with a backup folder beside it; what commit_save() does with the copies in it. */

static char folder[] = "/tmp/pagepost-backup-XXXXXX";
static char vault[PATH_MAX];
static char backups[PATH_MAX];
static char copy[PATH_MAX];
static char list[PATH_MAX];
static char ledger[PATH_MAX];
static struct problem problem;

static void in_folder(char out[PATH_MAX], const char *name)
{
	size_t len = strlen(folder);
	memcpy(out, folder, len);
	memcpy(out + len, name, strlen(name) + 1);
}

static struct buf read_whole(const char *path)
{
	struct buf b = {0};
	struct vault_stamp stamp;
	ck_assert_uint_eq(vault_store_read(path, &b, &stamp, NULL), FAULT_NONE);
	return b;
}

static void write_whole(const char *path, struct slice bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes.ptr, bytes.len), (ssize_t)bytes.len);
	close(fd);
}

static void check_same(const char *a, const char *b, bool are)
{
	struct buf left = read_whole(a);
	struct buf right = read_whole(b);
	ck_assert_int_eq(slice_eq(buf_view(&left), buf_view(&right)), are);
	buf_deinit(&left);
	buf_deinit(&right);
}

static struct vault *v;

static void save(enum fault expected)
{
	problem = (struct problem){0};
	ck_assert_uint_eq(commit_save(vault, v, false, NULL, &problem), expected);
}

static void setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	in_folder(vault, "/vault");
	in_folder(backups, "/backups");
	in_folder(copy, "/backups/vault.keys");
	in_folder(list, "/vault.copies");
	in_folder(ledger, "/vault.keys");
	ck_assert_int_eq(mkdir(backups, 0700), 0);
	v = vaults_sample(vaults_by_credential('k'));
	ck_assert_uint_eq(commit_save(vault, v, true, NULL, &problem), FAULT_NONE);
}

static void teardown(void)
{
	static const char *const names[] = {"/vault", "/vault.prev", "/vault.keys", "/vault.copies",
					    "/backups/vault.keys"};
	char path[PATH_MAX];
	vault_free(&v);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		in_folder(path, names[i]);
		unlink(path);
	}
	chmod(backups, 0700);
	rmdir(copy);
	rmdir(backups);
	ck_assert_int_eq(rmdir(folder), 0);
}

static void begin_copy(void)
{
	struct buf bytes = read_whole(ledger);
	ck_assert_uint_eq(backup_add_folder(vault, backups, &problem), FAULT_NONE);
	ck_assert_uint_eq(backup_put_ledger(vault, backups, buf_view(&bytes), &problem),
			  FAULT_NONE);
	buf_deinit(&bytes);
	check_same(ledger, copy, true);
}

static void shred(const char *tenant)
{
	size_t records;
	ck_assert_uint_eq(vault_shred(v, slice_of_text(tenant), &records), FAULT_NONE);
}

START_TEST(without_a_backup_nothing_is_made)
{
	shred("acme");
	save(FAULT_NONE);
	ck_assert_int_ne(access(list, F_OK), 0);
	ck_assert_int_ne(access(copy, F_OK), 0);
}
END_TEST

START_TEST(shredding_reaches_the_copy)
{
	struct stat before;
	struct stat after;
	begin_copy();
	ck_assert_int_eq(stat(copy, &before), 0);
	shred("acme");
	save(FAULT_NONE);
	check_same(ledger, copy, true);
	ck_assert_int_eq(stat(copy, &after), 0);
	ck_assert_int_lt(after.st_size, before.st_size);
	ck_assert_int_eq(after.st_mode & 0777, 0600);
}
END_TEST

START_TEST(a_folder_or_copy_that_is_gone_is_passed_over)
{
	begin_copy();
	ck_assert_int_eq(unlink(copy), 0);
	shred("acme");
	save(FAULT_NONE);
	ck_assert_int_ne(access(copy, F_OK), 0);
	ck_assert_int_eq(rmdir(backups), 0);
	shred("bare");
	save(FAULT_NONE);
	ck_assert_int_eq(mkdir(backups, 0700), 0);
}
END_TEST

/* It is told where keys went; where some came, the next backup brings them. */
START_TEST(a_copy_that_stays_is_told_of)
{
	struct vault_record r = {.kind = VAULT_TENANT,
				 .tenant = {.id = SLICE_LIT("fresh"), .created = SLICE_LIT("x")}};
	begin_copy();
	ck_assert_int_eq(unlink(copy), 0);
	ck_assert_int_eq(mkdir(copy, 0700), 0); /* no regular file: it cannot be replaced */
	ck_assert_uint_eq(vault_put(v, &r, NULL, NULL), FAULT_NONE);
	save(FAULT_NONE);
	shred("acme");
	save(FAULT_VAULT_IO);
	struct slice said = problem_text(&problem);
	ck_assert_uint_lt(slice_find(said, SLICE_LIT("The change was saved, but a copy")),
			  said.len);
	struct vault *again;
	struct commit_stamp stamp;
	ck_assert_uint_eq(commit_load(vault, vaults_by_credential('k'), &again, &stamp, NULL),
			  FAULT_NONE);
	ck_assert_uint_eq(vault_count(again), vault_count(v));
	vault_free(&again);
}
END_TEST

START_TEST(what_is_no_copy_is_left_alone)
{
	static const struct slice rows[] = {
		SLICE_INIT(""),
		SLICE_INIT("short"),
		SLICE_INIT("a text of somebody's that is longer than the head of a ledger is"),
	};
	begin_copy();
	write_whole(copy, rows[_i % COUNT_OF(rows)]);
	shred("acme");
	save(FAULT_CONFLICT);
	struct buf kept = read_whole(copy);
	ck_assert(slice_eq(buf_view(&kept), rows[_i % COUNT_OF(rows)]));
	buf_deinit(&kept);
}
END_TEST

START_TEST(the_copy_of_another_vault_is_left_alone)
{
	struct vaults_files other;
	struct vault *w = vaults_sample(vaults_by_credential('k'));
	struct buf own = read_whole(ledger);
	vaults_encode(w, &other);
	write_whole(copy, buf_view(&other.ledger));
	ck_assert_uint_eq(backup_put_ledger(vault, backups, buf_view(&own), &problem),
			  FAULT_CONFLICT);
	struct buf kept = read_whole(copy);
	ck_assert(slice_eq(buf_view(&kept), buf_view(&other.ledger)));
	buf_deinit(&kept);
	buf_deinit(&own);
	vaults_deinit(&other);
	vault_free(&w);
}
END_TEST

START_TEST(folders_are_listed_once_and_not_without_end)
{
	char name[] = "/many/a";
	ck_assert_uint_eq(backup_add_folder(vault, "backups", &problem), FAULT_VAULT_IO);
	ck_assert_uint_eq(backup_add_folder(vault, "/a\nb", &problem), FAULT_VAULT_IO);
	ck_assert_uint_eq(backup_add_folder(vault, "", &problem), FAULT_VAULT_IO);
	for (int i = 0; i < BACKUP_FOLDERS_MAX; i++) {
		name[6] = (char)('a' + i);
		ck_assert_uint_eq(backup_add_folder(vault, name, &problem), FAULT_NONE);
		ck_assert_uint_eq(backup_add_folder(vault, name, &problem), FAULT_NONE);
	}
	ck_assert_uint_eq(backup_add_folder(vault, backups, &problem), FAULT_VAULT_FULL);
	struct buf all = read_whole(list);
	ck_assert_uint_eq(all.len, BACKUP_FOLDERS_MAX * sizeof(name));
	buf_deinit(&all);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/backup");
	TCase *t = tcase_create("backup");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, without_a_backup_nothing_is_made);
	tcase_add_test(t, shredding_reaches_the_copy);
	tcase_add_test(t, a_folder_or_copy_that_is_gone_is_passed_over);
	tcase_add_test(t, a_copy_that_stays_is_told_of);
	tcase_add_loop_test(t, what_is_no_copy_is_left_alone, 0, 3);
	tcase_add_test(t, the_copy_of_another_vault_is_left_alone);
	tcase_add_test(t, folders_are_listed_once_and_not_without_end);
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
