#include "spool-free/lockdown/probe.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spool-free/lockdown/filter.h"
#include "spool-free/lockdown/landlock.h"
#include "spool-free/lockdown/lockdown.h"
#include "tests/support/check_main.h"
#include "tests/support/child.h"

/*
 * Each attempt on its own: what it comes to without any confinement shows that it can tell; what it comes to with one
 * layer alone shows what each is for.
 */
static const struct {
	const char *name;
	bool landlock; /* refuses it */
	bool seccomp;
	bool depends; /* on the file system, the user or a kernel switch whether it works at all */
} rows[PROBE_ATTEMPTS] = {
	{"fopen for writing", true, true, false},
	{"temporary file", true, true, false},
	{"file without a name", true, true, true},
	{"shared memory", true, true, false},
	{"creat", true, true, false},
	{"open for writing", true, true, false},
	{"open for reading and writing", true, true, false},
	{"mkdir", true, true, false},
	{"symlink", true, true, false},
	{"rename", true, true, false},
	{"link", true, true, false},
	{"fifo", true, true, false},
	{"UNIX socket in a folder", true, true, false},
	{"file in memory", false, true, false},
	{"extended attribute", false, true, true},
	{"chmod", false, true, false},
	{"chown", false, true, false},
	{"times", false, true, false},
	{"io_uring", false, true, true},
	{"write to an inherited descriptor", false, false, false},
	{"shared mapping of an inherited descriptor", false, true, false},
	{"ftruncate of an inherited descriptor", false, true, false},
	{"fork", false, true, false},
	{"run a program", false, true, false},
	{"writable code", false, true, false},
	{"trace a process", false, true, false},
	{"packet socket", false, true, true},
	{"open that truncates", true, true, false},
	{"truncate", true, true, false},
	{"unlink", true, true, false},
};

static char folder[] = "/tmp/pagepost-probe-XXXXXX";
static char victim[sizeof(folder) + 8];
static struct probe_params probe = {.folder = folder, .victim = victim, .inherited = -1};

static void setup(void)
{
	static const char start[] = "/tmp/pagepost-probe-XXXXXX";
	memcpy(folder, start, sizeof(start));
	ck_assert_ptr_nonnull(mkdtemp(folder));
	memcpy(victim, folder, sizeof(folder) - 1);
	memcpy(victim + sizeof(folder) - 1, "/victim", 8);
	probe.inherited = open(victim, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_ge(probe.inherited, 0);
	ck_assert_int_eq(write(probe.inherited, "content", 7), 7);
}

static int drop(const char *path, UNUSED const struct stat *about, UNUSED int type,
		UNUSED struct FTW *where)
{
	return remove(path);
}

static void teardown(void)
{
	close(probe.inherited);
	nftw(folder, drop, 8, FTW_DEPTH | FTW_PHYS);
}

enum layer { NO_LAYER, LANDLOCK_ALONE, SECCOMP_ALONE, ALL_LAYERS, LAYERS };

struct task {
	enum layer layer;
	size_t attempt;
};

static bool confine(enum layer layer)
{
	const struct lockdown_params p = {.role = LOCKDOWN_GATEWAY,
					  .landlock_may_lack = landlock_abi() == 0};
	switch (layer) {
	case LANDLOCK_ALONE:
		return landlock_confine(&p) == LOCKDOWN_DONE;
	case SECCOMP_ALONE:
		return filter_confine(p.role) == LOCKDOWN_DONE;
	case ALL_LAYERS:
		return lockdown_apply(&p, NULL, NULL) == FAULT_NONE;
	case NO_LAYER:
	case LAYERS:
		break;
	}
	return true;
}

static int attempt(void *ctx, unsigned char *room)
{
	const struct task *t = ctx;
	if (!confine(t->layer)) {
		return 1;
	}
	room[0] = (unsigned char)probe_try(t->attempt, &probe);
	return 0;
}

static enum probe_result result_of(enum layer layer, size_t which)
{
	struct task t = {.layer = layer, .attempt = which};
	unsigned char room[1] = {0};
	struct child_end end = child_run(attempt, &t, room, sizeof(room));
	ck_assert_msg(end.status == 0 && end.len == 1, "%s: layer %d: status %d signal %d",
		      rows[which].name, (int)layer, end.status, end.signal);
	return (enum probe_result)room[0];
}

START_TEST(test_without)
{
	size_t i = (size_t)_i;
	ck_assert(slice_eq(probe_name(i), slice_of_text(rows[i].name)));
	enum probe_result r = result_of(NO_LAYER, i);
	ck_assert_msg(r == PROBE_DONE || rows[i].depends, "%s: %d", rows[i].name, (int)r);
}
END_TEST

START_TEST(test_landlock_alone)
{
	if (landlock_abi() < 3) {
		return; /* counted as skipped in main() */
	}
	enum probe_result r = result_of(LANDLOCK_ALONE, (size_t)_i);
	enum probe_result expected = rows[_i].landlock ? PROBE_REFUSED : PROBE_DONE;
	ck_assert_msg(r == expected || (rows[_i].depends && r != PROBE_DONE), "%s: %d",
		      rows[_i].name, (int)r);
}
END_TEST

START_TEST(test_seccomp_alone)
{
	enum probe_result r = result_of(SECCOMP_ALONE, (size_t)_i);
	ck_assert_msg(r == (rows[_i].seccomp ? PROBE_REFUSED : PROBE_DONE), "%s: %d", rows[_i].name,
		      (int)r);
}
END_TEST

START_TEST(test_confined)
{
	enum probe_result r = result_of(ALL_LAYERS, (size_t)_i);
	ck_assert_msg(r == PROBE_REFUSED, "%s: %d", rows[_i].name, (int)r);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("probe");
	TCase *t = tcase_create("probe");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_without, 0, PROBE_ATTEMPTS);
	tcase_add_loop_test(t, test_landlock_alone, 0, PROBE_ATTEMPTS);
	tcase_add_loop_test(t, test_seccomp_alone, 0, PROBE_ATTEMPTS);
	tcase_add_loop_test(t, test_confined, 0, PROBE_ATTEMPTS);
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	if (child_is_watched()) {
		puts("skip: confinement cannot be tested under a sanitizer or valgrind");
		puts("0 passed, 0 failed, 1 skipped");
		return 0;
	}
	if (landlock_abi() < 3) {
		puts("note: this kernel has no Landlock of ABI 3; that layer alone is not tested");
	}
	return check_main(suite());
}
