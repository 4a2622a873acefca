#include "config/vault/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config/vault/format.h"
#include "tests/support/check_main.h"

static char folder[] = "/tmp/pagepost-store-XXXXXX";
static char path[PATH_MAX];
static const char *const endings[] = {"",      ".new",	".prev",     ".prev.new",
				      ".lock", ".keys", ".keys.new", ".keys.prev"};

static const struct slice old_bytes = SLICE_INIT("the old vault");
static const struct slice new_bytes = SLICE_INIT("the new vault, which is longer");

static void name(char out[PATH_MAX], const char *ending)
{
	size_t len = strlen(folder);
	size_t more = strlen(ending);
	memcpy(out, folder, len);
	memcpy(out + len, "/vault", 6);
	memcpy(out + len + 6, ending, more + 1);
}

static void setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	name(path, "");
}

static void teardown(void)
{
	char each[PATH_MAX];
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		name(each, endings[i]);
		unlink(each);
	}
	rmdir(path);
	ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left behind */
}

static bool holds(const char *ending, struct slice bytes)
{
	char each[PATH_MAX];
	struct buf got;
	struct vault_stamp stamp;
	name(each, ending);
	buf_init(&got, 0);
	bool same = vault_store_read(each, &got, &stamp, NULL) == FAULT_NONE &&
		    slice_eq(buf_view(&got), bytes);
	buf_deinit(&got);
	return same;
}

static bool is_there(const char *ending)
{
	char each[PATH_MAX];
	name(each, ending);
	return access(each, F_OK) == 0;
}

static enum fault put(struct slice bytes)
{
	return vault_store_replace(path, bytes, false, NULL, NULL);
}

START_TEST(a_replaced_file_keeps_the_one_before)
{
	struct stat st;
	ck_assert_uint_eq(put(old_bytes), FAULT_NONE);
	ck_assert(holds("", old_bytes));
	ck_assert(!is_there(".prev"));
	ck_assert_uint_eq(put(new_bytes), FAULT_NONE);
	ck_assert(holds("", new_bytes));
	ck_assert(holds(".prev", old_bytes));
	ck_assert_uint_eq(put(old_bytes), FAULT_NONE);
	ck_assert(holds(".prev", new_bytes));
	ck_assert(!is_there(".new"));
	ck_assert(!is_there(".prev.new"));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
}
END_TEST

START_TEST(a_new_one_replaces_nothing)
{
	struct problem p = {0};
	ck_assert_uint_eq(vault_store_replace(path, old_bytes, true, NULL, &p), FAULT_NONE);
	ck_assert_uint_eq(vault_store_replace(path, new_bytes, true, NULL, &p), FAULT_VAULT_EXISTS);
	ck_assert(slice_find(problem_text(&p), SLICE_LIT("left as it is")) < p.len);
	ck_assert(holds("", old_bytes));
}
END_TEST

static bool cut_at(void *ctx, enum vault_step step)
{
	const int *at = ctx;
	return (int)step != *at;
}

/* The power is cut before the _i'th step: what is there is the old or the new one, whole, and work goes on. */
START_TEST(a_power_cut_leaves_the_old_or_the_new)
{
	struct vault_steps steps = {.step = cut_at, .ctx = &_i};
	ck_assert_uint_eq(put(SLICE_LIT("the one before")), FAULT_NONE);
	ck_assert_uint_eq(put(old_bytes), FAULT_NONE);
	ck_assert_uint_eq(vault_store_replace(path, new_bytes, false, &steps, NULL),
			  FAULT_VAULT_IO);
	bool is_new = _i > VAULT_STEP_RENAME;
	ck_assert(holds("", is_new ? new_bytes : old_bytes));
	bool is_kept = _i > VAULT_STEP_KEEP_PREVIOUS;
	ck_assert(holds(".prev", is_kept ? old_bytes : SLICE_LIT("the one before")));
	/* Whatever was left behind is in nobody's way. */
	ck_assert_uint_eq(put(SLICE_LIT("after")), FAULT_NONE);
	ck_assert(holds("", SLICE_LIT("after")));
	ck_assert(holds(".prev", is_new ? new_bytes : old_bytes));
	ck_assert(!is_there(".new"));
	ck_assert(!is_there(".prev.new"));
}
END_TEST

/* The same at the first file of all: none or the whole one. */
START_TEST(a_power_cut_at_the_first_leaves_none_or_all)
{
	struct vault_steps steps = {.step = cut_at, .ctx = &_i};
	enum fault f = vault_store_replace(path, new_bytes, true, &steps, NULL);
	/* There is no previous one to keep, so that this step is not come to. */
	ck_assert_uint_eq(f, _i == VAULT_STEP_KEEP_PREVIOUS ? FAULT_NONE : FAULT_VAULT_IO);
	bool is_there_now = _i > VAULT_STEP_RENAME || f == FAULT_NONE;
	ck_assert_int_eq(is_there(""), is_there_now);
	ck_assert_int_eq(holds("", new_bytes), is_there_now);
	if (!is_there_now) {
		ck_assert_uint_eq(vault_store_replace(path, new_bytes, true, NULL, NULL),
				  FAULT_NONE);
		ck_assert(holds("", new_bytes));
	}
}
END_TEST

/* A disk that takes other bytes than it was given. */
static bool scribble(void *ctx, enum vault_step step)
{
	char fresh[PATH_MAX];
	const size_t *at = ctx;
	if (step == VAULT_STEP_VERIFY) {
		name(fresh, ".new");
		int fd = open(fresh, O_WRONLY);
		if (*at > new_bytes.len) {
			ck_assert_int_eq(ftruncate(fd, (off_t)new_bytes.len - 1), 0);
		} else {
			ck_assert_int_eq(pwrite(fd, "X", 1, (off_t)*at), 1);
		}
		close(fd);
	}
	return true;
}

START_TEST(what_does_not_read_back_is_not_taken)
{
	static size_t places[] = {0, 13, 29, 30 /* a byte too many */, 31 /* a byte too few */};
	struct vault_steps steps = {.step = scribble, .ctx = &places[_i]};
	struct problem p = {0};
	ck_assert_uint_eq(new_bytes.len, 30);
	ck_assert_uint_eq(put(old_bytes), FAULT_NONE);
	ck_assert_uint_eq(vault_store_replace(path, new_bytes, false, &steps, &p), FAULT_VAULT_IO);
	ck_assert(slice_find(problem_text(&p), SLICE_LIT("does not read back")) < p.len);
	ck_assert(holds("", old_bytes));
	ck_assert(!is_there(".new"));
}
END_TEST

START_TEST(what_cannot_be_read_is_told)
{
	static const struct {
		const char *made_as, *sentence;
		enum fault fault;
	} rows[] = {
		{NULL, "There is no vault file at this place; 'pagepost vault init' makes one.",
		 FAULT_VAULT_MISSING},
		{"folder", "The vault must be a regular file.", FAULT_VAULT_IO},
		{"huge", "The file is larger than a vault may be (256 MiB).", FAULT_VAULT_FULL},
	};
	struct buf got;
	struct vault_stamp stamp;
	struct problem p = {0};
	if (_i == 1) {
		ck_assert_int_eq(mkdir(path, 0700), 0);
	} else if (_i == 2) {
		int fd = open(path, O_WRONLY | O_CREAT, 0600);
		ck_assert_int_eq(ftruncate(fd, (off_t)VAULT_FILE_MAX + 1), 0);
		close(fd);
	}
	ck_assert_uint_eq(vault_store_read(path, &got, &stamp, &p), rows[_i].fault);
	ck_assert_msg(slice_eq(problem_text(&p), slice_of_text(rows[_i].sentence)), "%.*s",
		      (int)p.len, p.text);
}
END_TEST

/* --- the ledger --- */

static enum fault put_ledger(struct slice bytes, const struct vault_steps *steps, struct problem *p)
{
	char keys[PATH_MAX];
	name(keys, ".keys");
	return vault_store_replace_ledger(keys, path, bytes, steps, p);
}

static bool is_zero(const char *ending, size_t len)
{
	static const char zeros[64];
	return holds(ending, slice_of(zeros, len));
}

START_TEST(a_ledger_keeps_nothing_of_the_one_before)
{
	struct stat st;
	char keys[PATH_MAX], other[PATH_MAX];
	name(keys, ".keys");
	name(other, ".lock"); /* a second name of it, by which one sees what became of it */
	ck_assert_uint_eq(put_ledger(old_bytes, NULL, NULL), FAULT_NONE);
	ck_assert(holds(".keys", old_bytes));
	ck_assert_int_eq(stat(keys, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(link(keys, other), 0);
	ck_assert_uint_eq(put_ledger(new_bytes, NULL, NULL), FAULT_NONE);
	ck_assert(holds(".keys", new_bytes));
	ck_assert(is_zero(".lock", old_bytes.len));
	ck_assert(!is_there(".keys.new"));
	ck_assert(!is_there(".keys.prev"));
}
END_TEST

/* Before the _i'th step; a vault's own steps, at which a previous one is kept, are not come to. */
START_TEST(a_power_cut_leaves_the_old_or_the_new_ledger)
{
	struct vault_steps steps = {.step = cut_at, .ctx = &_i};
	bool is_passed = _i == VAULT_STEP_LINK_PREVIOUS || _i == VAULT_STEP_KEEP_PREVIOUS;
	char fresh[PATH_MAX], other[PATH_MAX];
	name(fresh, ".keys.new");
	name(other, ".lock");
	ck_assert_uint_eq(put_ledger(old_bytes, NULL, NULL), FAULT_NONE);
	ck_assert_uint_eq(put_ledger(new_bytes, &steps, NULL),
			  is_passed ? FAULT_NONE : FAULT_VAULT_IO);
	bool is_new = _i > VAULT_STEP_RENAME || is_passed;
	ck_assert(holds(".keys", is_new ? new_bytes : old_bytes));
	/* What was left behind holds keys: it is overwritten too. */
	bool is_left = link(fresh, other) == 0;
	ck_assert_int_eq(is_left, _i > VAULT_STEP_CREATE && !is_new);
	ck_assert_uint_eq(put_ledger(SLICE_LIT("after"), NULL, NULL), FAULT_NONE);
	ck_assert(holds(".keys", SLICE_LIT("after")));
	size_t written = _i == VAULT_STEP_WRITE	       ? 0
			 : _i == VAULT_STEP_WRITE_REST ? new_bytes.len / 2
						       : new_bytes.len;
	ck_assert(!is_left || is_zero(".lock", written));
	ck_assert(!is_there(".keys.new"));
}
END_TEST

static const struct {
	const char *ending; /* of what is in the way */
	bool is_folder;	    /* else a link to another file */
	const char *part;
} no_ledgers[] = {
	{".keys", false, "The key ledger must be a regular file."},
	{".keys", true, "The key ledger must be a regular file."},
	{".keys.new", false, "The key ledger must be a regular file."},
	{".keys.new", true, "The key ledger must be a regular file."},
};

START_TEST(what_is_no_ledger_is_left_alone)
{
	char each[PATH_MAX];
	struct problem p = {0};
	name(each, no_ledgers[_i].ending);
	ck_assert_uint_eq(put(old_bytes), FAULT_NONE);
	if (no_ledgers[_i].is_folder) {
		ck_assert_int_eq(mkdir(each, 0700), 0);
	} else {
		ck_assert_int_eq(symlink(path, each), 0);
	}
	ck_assert_uint_eq(put_ledger(new_bytes, NULL, &p), FAULT_VAULT_IO);
	ck_assert(slice_eq(problem_text(&p), slice_of_text(no_ledgers[_i].part)));
	ck_assert(holds("", old_bytes));
	rmdir(each);
}
END_TEST

START_TEST(paths_too_long_are_told)
{
	static char longest[PATH_MAX];
	int lock;
	struct problem p = {0};
	memset(longest, 'a', PATH_MAX - 3);
	ck_assert_uint_eq(vault_store_replace(longest, old_bytes, false, NULL, &p), FAULT_VAULT_IO);
	ck_assert_uint_eq(vault_store_lock(longest, 0, &lock, &p), FAULT_VAULT_IO);
	ck_assert(slice_eq(problem_text(&p), SLICE_LIT("The path of the vault file is too long.")));
}
END_TEST

START_TEST(a_missing_folder_is_told)
{
	static const char nowhere[] = "/nonexistent-pagepost/vault";
	int lock;
	struct problem p = {0};
	ck_assert_uint_eq(vault_store_replace(nowhere, old_bytes, true, NULL, &p), FAULT_VAULT_IO);
	ck_assert(slice_find(problem_text(&p), SLICE_LIT("No such file or directory")) < p.len);
	ck_assert_uint_eq(vault_store_lock(nowhere, 0, &lock, &p), FAULT_VAULT_IO);
}
END_TEST

START_TEST(stamps_tell_files_apart)
{
	struct vault_stamp first, again, second;
	ck_assert_uint_eq(vault_store_stamp(path, &first), FAULT_VAULT_MISSING);
	ck_assert_uint_eq(put(old_bytes), FAULT_NONE);
	ck_assert_uint_eq(vault_store_stamp(path, &first), FAULT_NONE);
	ck_assert_uint_eq(vault_store_stamp(path, &again), FAULT_NONE);
	ck_assert(vault_stamp_eq(first, again));
	ck_assert_uint_eq(put(old_bytes), FAULT_NONE);
	ck_assert_uint_eq(vault_store_stamp(path, &second), FAULT_NONE);
	ck_assert(!vault_stamp_eq(first, second));
	ck_assert(!vault_stamp_eq(first, (struct vault_stamp){0}));
}
END_TEST

START_TEST(a_held_lock_is_told)
{
	int first, second;
	struct problem p = {0};
	ck_assert_uint_eq(vault_store_lock(path, 0, &first, &p), FAULT_NONE);
	ck_assert_uint_eq(vault_store_lock(path, 0, &second, &p), FAULT_CONFLICT);
	ck_assert(slice_starts(problem_text(&p), SLICE_LIT("Another command")));
	vault_store_unlock(&first);
	ck_assert_int_eq(first, -1);
	vault_store_unlock(&first);
	ck_assert_uint_eq(vault_store_lock(path, 0, &second, &p), FAULT_NONE);
	vault_store_unlock(&second);
}
END_TEST

enum { WRITERS = 4, ROUNDS = 25, PATIENCE_MS = 60 * 1000 };

/* A counter in the file: each round reads it and writes one more, under the lock. */
static int count_up(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		int lock;
		struct buf got;
		struct vault_stamp stamp;
		if (vault_store_lock(path, PATIENCE_MS, &lock, NULL) != FAULT_NONE ||
		    vault_store_read(path, &got, &stamp, NULL) != FAULT_NONE) {
			return 1;
		}
		got.ptr[0] = (char)(got.ptr[0] + 1);
		if (put(buf_view(&got)) != FAULT_NONE) {
			return 2;
		}
		buf_deinit(&got);
		vault_store_unlock(&lock);
	}
	return 0;
}

START_TEST(writers_wait_for_each_other)
{
	pid_t writers[WRITERS];
	char total[1] = {WRITERS * ROUNDS};
	ck_assert_uint_eq(put(slice_of("", 1)), FAULT_NONE);
	for (size_t i = 0; i < WRITERS; i++) {
		writers[i] = fork();
		if (writers[i] == 0) {
			_exit(count_up());
		}
	}
	for (size_t i = 0; i < WRITERS; i++) {
		int status;
		ck_assert_int_eq(waitpid(writers[i], &status, 0), writers[i]);
		ck_assert_int_eq(status, 0);
	}
	ck_assert(holds("", slice_of(total, 1)));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/store");
	TCase *t = tcase_create("store");
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_replaced_file_keeps_the_one_before);
	tcase_add_test(t, a_new_one_replaces_nothing);
	tcase_add_loop_test(t, a_power_cut_leaves_the_old_or_the_new, 0, VAULT_STEP_ERASE);
	tcase_add_loop_test(t, a_power_cut_at_the_first_leaves_none_or_all, 0, VAULT_STEP_ERASE);
	tcase_add_test(t, a_ledger_keeps_nothing_of_the_one_before);
	tcase_add_loop_test(t, a_power_cut_leaves_the_old_or_the_new_ledger, 0, VAULT_STEP_COUNT);
	tcase_add_loop_test(t, what_is_no_ledger_is_left_alone, 0, COUNT_OF(no_ledgers));
	tcase_add_loop_test(t, what_does_not_read_back_is_not_taken, 0, 5);
	tcase_add_loop_test(t, what_cannot_be_read_is_told, 0, 3);
	tcase_add_test(t, paths_too_long_are_told);
	tcase_add_test(t, a_missing_folder_is_told);
	tcase_add_test(t, stamps_tell_files_apart);
	tcase_add_test(t, a_held_lock_is_told);
	tcase_add_test(t, writers_wait_for_each_other);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
