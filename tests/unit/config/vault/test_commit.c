#include "config/vault/commit.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

static const unsigned char format_1[] = {
#include "tests/unit/config/vault/format_1.def"
};

static const struct slice acme = SLICE_INIT("acme");
static struct vault_kdf cheap = {.log_n = VAULTS_LOG_N, .r = 8, .p = 1};

static char folder[] = "/tmp/pagepost-commit-XXXXXX";
static char path[PATH_MAX];
static char ledger_path[PATH_MAX];
static struct secret *half, *second;

static const char *const endings[] = {"",      ".new",	    ".prev",	  ".prev.new",
				      ".keys", ".keys.new", ".keys.prev", ".backup"};

static void name(char out[PATH_MAX], const char *ending)
{
	size_t len = strlen(folder);
	memcpy(out, folder, len);
	memcpy(out + len, "/vault", 6);
	memcpy(out + len + 6, ending, strlen(ending) + 1);
}

static void sweep(void)
{
	char each[PATH_MAX];
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		name(each, endings[i]);
		unlink(each);
	}
}

static bool is_there(const char *ending)
{
	char each[PATH_MAX];
	name(each, ending);
	return access(each, F_OK) == 0;
}

static void setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	name(path, "");
	name(ledger_path, ".keys");
	half = vaults_half('h');
	second = vaults_half('2');
}

static void teardown(void)
{
	sweep();
	ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left behind */
	secret_free(&half);
	secret_free(&second);
}

static void must(enum fault f, const struct problem *p)
{
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p->len, p->text);
}

static void check_refused(enum fault f, const struct problem *p, enum fault expected,
			  const char *part)
{
	struct slice said = problem_text(p);
	ck_assert_uint_eq(f, expected);
	ck_assert_msg(p->fault == f && slice_find(said, slice_of_text(part)) < said.len, "%.*s",
		      (int)said.len, said.ptr);
}

/* By the credential of before, or of after a rotation. */
static struct vault *load(void)
{
	struct commit_stamp stamp;
	struct problem p = {0};
	struct vault *v = NULL;
	enum fault f = commit_load(path, vaults_by_credential('k'), &v, &stamp, &p);
	if (f == FAULT_VAULT_LOCKED) {
		f = commit_load(path, vaults_by_credential('l'), &v, &stamp, &p);
	}
	must(f, &p);
	return v;
}

static unsigned state_of_files(void)
{
	struct vault *v = load();
	unsigned state = vaults_state(v);
	/* Nothing is there that does not open. */
	for (size_t i = 0; i < vault_count(v); i++) {
		struct vault_record r;
		struct arena a;
		arena_init(&a, VAULTS_ARENA);
		enum fault f = vault_at(v, i, NULL, &a, &r, NULL);
		ck_assert(f == FAULT_NONE || (f == FAULT_KEY_HALF && vault_needs_half_at(v, i)));
		if (f == FAULT_NONE) {
			vault_record_deinit(&r);
		}
		arena_deinit(&a);
	}
	vault_free(&v);
	return state;
}

static void copy(const char *from, const char *to)
{
	char a[PATH_MAX], b[PATH_MAX];
	struct buf bytes;
	struct vault_stamp stamp;
	name(a, from);
	name(b, to);
	ck_assert_uint_eq(vault_store_read(a, &bytes, &stamp, NULL), FAULT_NONE);
	int fd = open(b, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ck_assert_int_eq(write(fd, bytes.ptr, bytes.len), (ssize_t)bytes.len);
	close(fd);
	buf_deinit(&bytes);
}

/* --- changes that are cut off --- */

enum start { FROM_SAMPLE, FROM_SPLIT, FROM_BOTH, FROM_FORMAT_1 };

static void change_tenant(struct vault *v)
{
	vaults_put_tenant(v, "fresh");
}

static void change_shred(struct vault *v)
{
	size_t records;
	ck_assert_uint_eq(vault_shred(v, acme, &records), FAULT_NONE);
}

static void change_split(struct vault *v)
{
	ck_assert_uint_eq(vault_split(v, acme, half, NULL), FAULT_NONE);
}

static void change_unsplit(struct vault *v)
{
	ck_assert_uint_eq(vault_unsplit(v, acme, half, NULL), FAULT_NONE);
}

static void change_add_half(struct vault *v)
{
	ck_assert_uint_eq(vault_add_half(v, acme, half, second, NULL), FAULT_NONE);
}

static void change_keep_half(struct vault *v)
{
	ck_assert_uint_eq(vault_keep_half(v, acme, second, NULL), FAULT_NONE);
}

static void change_rotate(struct vault *v)
{
	struct vault_unlock unlock = *vaults_by_credential('l');
	ck_assert_uint_eq(vault_rotate(v, &unlock, 1, cheap, NULL), FAULT_NONE);
}

static void change_record(struct vault *v)
{
	struct vault_key_name settings = {VAULT_SETTINGS, SLICE_LIT("acme"), {0}};
	ck_assert_uint_eq(vault_remove(v, settings), FAULT_NONE);
}

static void change_last_record(struct vault *v)
{
	struct vault_key_name fresh = {VAULT_TENANT, {0}, SLICE_LIT("fresh")};
	ck_assert_uint_eq(vault_remove(v, fresh), FAULT_NONE);
}

static void change_much(struct vault *v)
{
	change_record(v);
	change_rotate(v);
	change_split(v);
	vaults_put_server(v, "bare", "more", NULL);
}

static const struct {
	enum start start;
	void (*change)(struct vault *v);
	unsigned before, after; /* 0: of the file of the first release, whose records are others */
} changes[] = {
	{FROM_SAMPLE, change_record, VAULTS_WHOLE | VAULTS_FRESH,
	 (VAULTS_WHOLE | VAULTS_FRESH) & ~VAULTS_SETTINGS},
	{FROM_SAMPLE, change_last_record, VAULTS_WHOLE | VAULTS_FRESH, VAULTS_WHOLE},
	{FROM_SAMPLE, change_shred, VAULTS_WHOLE | VAULTS_FRESH, VAULTS_OTHERS | VAULTS_FRESH},
	{FROM_SAMPLE, change_split, VAULTS_WHOLE | VAULTS_FRESH, VAULTS_BY_H | VAULTS_FRESH},
	{FROM_SAMPLE, change_rotate, VAULTS_WHOLE | VAULTS_FRESH, VAULTS_WHOLE | VAULTS_FRESH},
	{FROM_SAMPLE, change_much, VAULTS_WHOLE | VAULTS_FRESH,
	 (VAULTS_BY_H | VAULTS_FRESH) & ~VAULTS_SETTINGS},
	{FROM_SPLIT, change_tenant, VAULTS_BY_H, VAULTS_BY_H | VAULTS_FRESH},
	{FROM_SPLIT, change_shred, VAULTS_BY_H, VAULTS_OTHERS},
	{FROM_SPLIT, change_unsplit, VAULTS_BY_H, VAULTS_WHOLE},
	{FROM_SPLIT, change_add_half, VAULTS_BY_H, VAULTS_BY_BOTH},
	{FROM_SPLIT, change_rotate, VAULTS_BY_H, VAULTS_BY_H},
	{FROM_BOTH, change_keep_half, VAULTS_BY_BOTH, VAULTS_BY_2},
	{FROM_BOTH, change_unsplit, VAULTS_BY_BOTH, VAULTS_WHOLE},
	{FROM_BOTH, change_rotate, VAULTS_BY_BOTH, VAULTS_BY_BOTH},
	{FROM_FORMAT_1, change_tenant, 0, 0},
	{FROM_FORMAT_1, change_shred, 0, 0},
	{FROM_FORMAT_1, change_split, 0, 0},
	{FROM_FORMAT_1, change_rotate, 0, 0},
};

static void start(enum start from)
{
	struct problem p = {0};
	sweep();
	if (from == FROM_FORMAT_1) {
		must(vault_store_replace(path, slice_of(format_1, sizeof(format_1)), false, NULL,
					 &p),
		     &p);
		return;
	}
	struct vault *v = vaults_sample(vaults_by_credential('k'));
	if (from == FROM_SAMPLE) {
		vaults_put_tenant(v, "fresh");
	} else {
		change_split(v);
	}
	if (from == FROM_BOTH) {
		change_add_half(v);
	}
	must(commit_save(path, v, true, NULL, &p), &p);
	vault_free(&v);
}

/* The power goes before the nth step; until then whoever reads sees the state of before or of after. */
struct watch {
	int left;
	unsigned before, after;
	struct vault *running;
};

static bool watch_step(void *ctx, enum vault_step step)
{
	struct watch *w = ctx;
	struct commit_stamp stamp;
	struct problem p = {0};
	(void)step;
	if (w->left-- == 0) {
		return false;
	}
	unsigned state = state_of_files();
	ck_assert_msg(state == w->before || state == w->after, "state %#x of files", state);
	if (w->running != NULL) {
		must(commit_reload(path, w->running, vaults_by_credential('l'), &stamp, &p), &p);
		state = vaults_state(w->running);
		ck_assert_msg(state == w->before || state == w->after, "state %#x", state);
	}
	return true;
}

static void check_after_cut(unsigned before, unsigned after)
{
	struct problem p = {0};
	unsigned state = state_of_files();
	ck_assert_msg(state == before || state == after, "state %#x", state);
	/* What it is stays, whatever is done next. */
	struct vault *v = load();
	vaults_put_tenant(v, "next");
	must(commit_save(path, v, false, NULL, &p), &p);
	ck_assert_uint_eq(vaults_state(v), state);
	vault_free(&v);
	ck_assert_uint_eq(state_of_files(), state);
	v = load();
	ck_assert_uint_eq(vaults_find(v, VAULT_TENANT, NULL, "next", NULL), FAULT_NONE);
	ck_assert(!vault_needs_ledger(v));
	ck_assert(!vault_has_retired_keys(v));
	vault_free(&v);
	ck_assert(!is_there(".new"));
	ck_assert(!is_there(".keys.prev"));
}

/* True: there was such a step. */
static bool cut_at(size_t which, int step, unsigned before, unsigned after, bool runs)
{
	struct problem p = {0};
	struct commit_stamp stamp;
	struct watch w = {.left = step, .before = before, .after = after};
	struct vault_steps steps = {.step = watch_step, .ctx = &w};
	start(changes[which].start);
	struct vault *v = load();
	w.running = runs ? load() : NULL;
	ck_assert_uint_eq(vaults_state(v), before);
	changes[which].change(v);
	enum fault f = commit_save(path, v, false, &steps, &p);
	vault_free(&w.running);
	if (f == FAULT_NONE) {
		ck_assert_uint_eq(vaults_state(v), after);
		ck_assert_uint_eq(state_of_files(), after);
		vault_free(&v);
		return false;
	}
	check_refused(f, &p, FAULT_VAULT_IO, "");
	/* Who saved may go on: as the files are, and then the change once more. */
	f = commit_revert(path, v, vaults_by_credential('k'), &stamp, &p);
	if (f == FAULT_VAULT_LOCKED) {
		f = commit_revert(path, v, vaults_by_credential('l'), &stamp, &p);
	}
	must(f, &p);
	ck_assert_uint_eq(vaults_state(v), state_of_files());
	vault_free(&v);
	check_after_cut(before, after);
	return true;
}

/* The states of the first release's file are what they are when nothing is cut. */
static void find_states(size_t which, unsigned *before, unsigned *after)
{
	struct problem p = {0};
	start(changes[which].start);
	*before = state_of_files();
	struct vault *v = load();
	changes[which].change(v);
	must(commit_save(path, v, false, NULL, &p), &p);
	vault_free(&v);
	*after = state_of_files();
	if (changes[which].before != 0) {
		ck_assert_uint_eq(*before, changes[which].before);
		ck_assert_uint_eq(*after, changes[which].after);
	}
}

START_TEST(a_power_cut_leaves_the_state_of_before_or_after)
{
	unsigned before, after;
	int step = 0;
	find_states((size_t)_i, &before, &after);
	while (cut_at((size_t)_i, step, before, after, step % 3 == 0)) {
		step++;
	}
	ck_assert_int_ge(step, VAULT_STEP_ERASE - 1);
}
END_TEST

/* Whatever of it is left beside the vault, the newest ledger opens nothing of it. */
START_TEST(what_was_shredded_is_in_no_copy)
{
	static const enum start from[] = {FROM_SAMPLE, FROM_SPLIT, FROM_FORMAT_1};
	struct problem p = {0};
	start(from[_i]);
	copy("", ".backup");
	struct vault *v = load();
	change_shred(v);
	must(commit_save(path, v, false, NULL, &p), &p);
	vault_free(&v);
	unsigned newest = state_of_files();
	ck_assert_uint_eq(newest & VAULTS_BY_BOTH & ~(unsigned)VAULTS_OTHERS, 0);
	copy(".prev", "");
	ck_assert_uint_eq(state_of_files(), newest);
	if (from[_i] != FROM_FORMAT_1) {
		copy(".backup", "");
		ck_assert_uint_eq(state_of_files(), newest);
	}
}
END_TEST

/* Of a split too: the copies of before hold nothing of the tenant. */
START_TEST(what_was_split_is_in_no_copy)
{
	static const enum start from[] = {FROM_SAMPLE, FROM_FORMAT_1};
	struct problem p = {0};
	start(from[_i]);
	struct vault *v = load();
	change_split(v);
	must(commit_save(path, v, false, NULL, &p), &p);
	vault_free(&v);
	unsigned newest = state_of_files();
	copy(".prev", "");
	unsigned older = state_of_files();
	ck_assert_uint_eq(older & VAULTS_SERVER, 0);
	ck_assert(older == newest || older == (VAULTS_OTHERS | VAULTS_FRESH));
}
END_TEST

static bool scribble(void *ctx, enum vault_step step)
{
	struct stat *old = ctx;
	if (step == VAULT_STEP_CREATE && old->st_ino == 0) {
		ck_assert_int_eq(stat(ledger_path, old), 0);
		char kept[PATH_MAX];
		name(kept, ".keys.prev");
		ck_assert_int_eq(link(ledger_path, kept), 0);
	}
	return true;
}

START_TEST(the_ledger_of_before_is_overwritten)
{
	struct problem p = {0};
	struct stat old = {0};
	struct vault_steps steps = {.step = scribble, .ctx = &old};
	struct buf bytes;
	struct vault_stamp stamp;
	char kept[PATH_MAX];
	start(FROM_SAMPLE);
	struct vault *v = load();
	change_shred(v);
	must(commit_save(path, v, false, &steps, &p), &p);
	vault_free(&v);
	name(kept, ".keys.prev"); /* a second name, to see what became of it */
	must(vault_store_read(kept, &bytes, &stamp, &p), &p);
	ck_assert_int_eq((off_t)bytes.len, old.st_size);
	for (size_t i = 0; i < bytes.len; i++) {
		ck_assert_int_eq(bytes.ptr[i], 0);
	}
	buf_deinit(&bytes);
}
END_TEST

/* --- readers beside a writer --- */

/* Ours, so that a change can come between the opening of the ledger and its reading. */
static void (*before_reading)(void);

__attribute__((visibility("default"))) ssize_t read(int fd, void *into, size_t n)
{
	struct stat of, ledger;
	if (before_reading != NULL && fstat(fd, &of) == 0 && stat(ledger_path, &ledger) == 0 &&
	    of.st_ino == ledger.st_ino) {
		void (*change)(void) = before_reading;
		before_reading = NULL;
		change();
	}
	return syscall(SYS_read, fd, into, n);
}

static struct vault *writer;
static bool cuts_at_vault;

/* The ledger of before is overwritten by then; the vault is still the one that was read. */
static bool stop_at_vault(void *ctx, enum vault_step step)
{
	(void)ctx;
	return step != VAULT_STEP_LINK_PREVIOUS || !cuts_at_vault;
}

static void write_between(void)
{
	struct vault_steps steps = {.step = stop_at_vault};
	enum fault f = commit_save(path, writer, false, &steps, NULL);
	ck_assert_uint_eq(f, cuts_at_vault ? FAULT_VAULT_IO : FAULT_NONE);
}

START_TEST(a_ledger_that_is_overwritten_is_read_again)
{
	start(FROM_SAMPLE);
	writer = load();
	change_split(writer);
	cuts_at_vault = _i == 0;
	before_reading = write_between;
	unsigned state = state_of_files();
	ck_assert_ptr_null(before_reading);
	ck_assert_uint_eq(state & ~(unsigned)VAULTS_FRESH, _i == 0 ? VAULTS_WHOLE : VAULTS_BY_H);
	vault_free(&writer);
}
END_TEST

enum { ROUNDS = 40 };

static int write_much(void)
{
	struct vault *v = load();
	for (int i = 0; i < ROUNDS; i++) {
		if (i % 2 == 0) {
			change_split(v);
		} else {
			change_unsplit(v);
		}
		if (commit_save(path, v, false, NULL, NULL) != FAULT_NONE) {
			return 1;
		}
	}
	vault_free(&v);
	return 0;
}

START_TEST(readers_never_see_half_of_a_change)
{
	int status = 0;
	unsigned reads = 0;
	start(FROM_SAMPLE);
	pid_t child = fork();
	if (child == 0) {
		_exit(write_much());
	}
	struct vault *running = load();
	while (waitpid(child, &status, WNOHANG) == 0) {
		struct commit_stamp stamp;
		struct problem p = {0};
		enum fault f = commit_reload(path, running, NULL, &stamp, &p);
		if (f == FAULT_VAULT_IO) {
			check_refused(f, &p, f, "changes faster than it can be read");
			continue;
		}
		must(f, &p);
		unsigned state = vaults_state(running) & ~(unsigned)VAULTS_FRESH;
		ck_assert_msg(state == VAULTS_WHOLE || state == VAULTS_BY_H, "state %#x", state);
		reads++;
	}
	ck_assert_int_eq(status, 0);
	ck_assert_uint_gt(reads, 0);
	vault_free(&running);
}
END_TEST

/* --- files that do not belong together --- */

enum wrong { MISSING, FOREIGN, OLDER, CUT, FOLDER, VAULT_GONE, WRONG_COUNT };

static const struct {
	enum fault fault;
	const char *part;
} wrongs[WRONG_COUNT] = {
	[MISSING] = {FAULT_VAULT_MISSING, "The key ledger beside the vault"},
	[FOREIGN] = {FAULT_VAULT_DAMAGED, "another vault's"},
	[OLDER] = {FAULT_VAULT_ROLLBACK, "older than the vault file beside it"},
	[CUT] = {FAULT_VAULT_DAMAGED, "checksum"},
	[FOLDER] = {FAULT_VAULT_IO, "regular file"},
	[VAULT_GONE] = {FAULT_VAULT_MISSING, "There is no vault file at this place"},
};

static void make_wrong(enum wrong wrong)
{
	struct vault *v = load();
	struct problem p = {0};
	vaults_put_tenant(v, "another");
	must(commit_save(path, v, false, NULL, &p), &p);
	vault_free(&v);
	switch (wrong) {
	case OLDER:
		break;
	case FOREIGN:
		start(FROM_SPLIT);
		break;
	case CUT:
		ck_assert_int_eq(truncate(ledger_path, 200), 0);
		break;
	case MISSING:
		ck_assert_int_eq(unlink(ledger_path), 0);
		break;
	case FOLDER:
		ck_assert_int_eq(unlink(ledger_path), 0);
		ck_assert_int_eq(mkdir(ledger_path, 0700), 0);
		break;
	case VAULT_GONE:
		ck_assert_int_eq(unlink(path), 0);
		break;
	case WRONG_COUNT:
		break;
	}
}

START_TEST(files_that_do_not_belong_together_are_refused)
{
	struct problem p = {0};
	struct commit_stamp stamp;
	struct vault *v = NULL;
	struct buf older;
	struct vault_stamp of;
	start(FROM_SAMPLE);
	struct vault *running = load();
	must(vault_store_read(ledger_path, &older, &of, &p), &p);
	make_wrong((enum wrong)_i);
	if (_i == OLDER || _i == FOREIGN) {
		must(vault_store_replace_ledger(ledger_path, path, buf_view(&older), NULL, &p), &p);
	}
	check_refused(commit_load(path, vaults_by_credential('k'), &v, &stamp, &p), &p,
		      wrongs[_i].fault, wrongs[_i].part);
	ck_assert_ptr_null(v);
	/* What runs serves on. */
	enum fault f = commit_reload(path, running, vaults_by_credential('k'), &stamp, &p);
	ck_assert_uint_eq(f, _i == FOREIGN ? FAULT_VAULT_ROLLBACK : wrongs[_i].fault);
	ck_assert_uint_eq(vaults_state(running), VAULTS_WHOLE | VAULTS_FRESH);
	vault_free(&running);
	buf_deinit(&older);
	rmdir(ledger_path);
}
END_TEST

/* _i: what is there already. */
START_TEST(a_new_one_takes_nobodys_place)
{
	static const char *const there[] = {"", ".keys"};
	struct problem p = {0};
	char each[PATH_MAX];
	struct buf bytes;
	struct vault_stamp stamp;
	struct vault *v = vaults_sample(vaults_by_credential('k'));
	name(each, there[_i]);
	must(vault_store_replace(each, SLICE_LIT("of somebody"), true, NULL, &p), &p);
	check_refused(commit_save(path, v, true, NULL, &p), &p, FAULT_VAULT_EXISTS,
		      "it was left as it is");
	must(vault_store_read(each, &bytes, &stamp, &p), &p);
	ck_assert(slice_eq(buf_view(&bytes), SLICE_LIT("of somebody")));
	ck_assert(!is_there(there[1 - _i]));
	buf_deinit(&bytes);
	vault_free(&v);
}
END_TEST

START_TEST(a_new_one_is_two_files)
{
	struct problem p = {0};
	struct stat st;
	struct vault *v = vaults_sample(vaults_by_credential('k'));
	must(commit_save(path, v, true, NULL, &p), &p);
	ck_assert_int_eq(stat(ledger_path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_uint_eq(state_of_files(), VAULTS_WHOLE);
	struct commit_stamp first, again;
	must(commit_look(path, &first), &p);
	must(commit_look(path, &again), &p);
	ck_assert(commit_stamp_eq(&first, &again));
	vaults_put_tenant(v, "fresh"); /* a new key */
	must(commit_save(path, v, false, NULL, &p), &p);
	must(commit_look(path, &again), &p);
	ck_assert(!vault_stamp_eq(first.vault, again.vault));
	ck_assert(!vault_stamp_eq(first.ledger, again.ledger));
	change_record(v); /* none */
	must(commit_save(path, v, false, NULL, &p), &p);
	must(commit_look(path, &first), &p);
	ck_assert(!vault_stamp_eq(first.vault, again.vault));
	ck_assert(vault_stamp_eq(first.ledger, again.ledger));
	ck_assert(!commit_stamp_eq(&first, &again));
	vault_free(&v);
}
END_TEST

START_TEST(a_portable_one_is_one_file)
{
	struct problem p = {0};
	struct vault *v;
	must(vault_create_portable(vaults_by_credential('k'), cheap, &v, &p), &p);
	vaults_put_tenant(v, "acme");
	vaults_put_tenant(v, "fresh");
	must(commit_save(path, v, true, NULL, &p), &p);
	change_shred(v);
	must(commit_save(path, v, false, NULL, &p), &p);
	vault_free(&v);
	ck_assert(!is_there(".keys"));
	ck_assert_uint_eq(state_of_files(), VAULTS_FRESH);
}
END_TEST

START_TEST(paths_too_long_are_told)
{
	static char longest[PATH_MAX];
	struct problem p = {0};
	struct commit_stamp stamp;
	struct vault *v = NULL;
	memset(longest, 'a', PATH_MAX - 4);
	ck_assert_uint_eq(commit_look(longest, &stamp), FAULT_VAULT_IO);
	check_refused(commit_load(longest, vaults_by_credential('k'), &v, &stamp, &p), &p,
		      FAULT_VAULT_IO, "too long");
	v = vaults_sample(vaults_by_credential('k'));
	check_refused(commit_save(longest, v, true, NULL, &p), &p, FAULT_VAULT_IO, "too long");
	vault_free(&v);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/commit");
	TCase *t = tcase_create("commit");
	tcase_set_timeout(t, 240);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_power_cut_leaves_the_state_of_before_or_after, 0,
			    COUNT_OF(changes));
	tcase_add_loop_test(t, what_was_shredded_is_in_no_copy, 0, 3);
	tcase_add_loop_test(t, what_was_split_is_in_no_copy, 0, 2);
	tcase_add_test(t, the_ledger_of_before_is_overwritten);
	tcase_add_loop_test(t, a_ledger_that_is_overwritten_is_read_again, 0, 2);
	tcase_add_test(t, readers_never_see_half_of_a_change);
	tcase_add_loop_test(t, files_that_do_not_belong_together_are_refused, 0, WRONG_COUNT);
	tcase_add_loop_test(t, a_new_one_takes_nobodys_place, 0, 2);
	tcase_add_test(t, a_new_one_is_two_files);
	tcase_add_test(t, a_portable_one_is_one_file);
	tcase_add_test(t, paths_too_long_are_told);
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
