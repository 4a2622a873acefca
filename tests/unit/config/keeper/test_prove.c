#include "config/keeper/prove.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spool-free/lockdown/selfcheck.h"
#include "config/keeper/client.h"
#include "tests/support/attempts.h"
#include "tests/support/check_main.h"
#include "tests/support/keepers.h"

static struct keepers k;
static struct keeper_client *c;
static char folder[] = "/tmp/pagepost-selfcheck-XXXXXX";

static void setup(void)
{
	static const char start[] = "/tmp/pagepost-selfcheck-XXXXXX";
	char victim[sizeof(folder) + sizeof(SELFCHECK_VICTIM)];
	memcpy(folder, start, sizeof(start));
	ck_assert_ptr_nonnull(mkdtemp(folder));
	memcpy(victim, folder, sizeof(folder) - 1);
	memcpy(victim + sizeof(folder) - 1, SELFCHECK_VICTIM, sizeof(SELFCHECK_VICTIM));
	close(open(victim, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	keepers_setup(&k);
	ck_assert(keepers_start(&k));
	c = keepers_client(&k, KEEPERS_PATIENCE_MS);
}

static int drop(const char *path, UNUSED const struct stat *about, UNUSED int type,
		UNUSED struct FTW *where)
{
	return remove(path);
}

static void teardown(void)
{
	keeper_client_free(&c);
	keepers_teardown(&k);
	nftw(folder, drop, 8, FTW_DEPTH | FTW_PHYS);
}

/* A keeper that is not confined says so, each time anew. */
START_TEST(a_keeper_tells_what_it_can_do)
{
	struct selfcheck found;
	uint64_t generation;
	ck_assert_uint_eq(keeper_probe(c, slice_of_text(folder), &found), FAULT_NONE);
	ck_assert_uint_eq(found.attempts[0], PROBE_DONE);
	ck_assert_uint_eq(found.numbers[SELFCHECK_NO_NEW_PRIVILEGES], 0);
	ck_assert_uint_eq(keeper_probe(c, slice_of_text(folder), &found), FAULT_NONE);
	ck_assert_uint_eq(keeper_ping(c, &generation), FAULT_NONE);
}
END_TEST

START_TEST(another_folder_is_not_touched)
{
	struct selfcheck found;
	ck_assert_uint_eq(keeper_probe(c, SLICE_LIT("/tmp"), &found), FAULT_FORBIDDEN);
	ck_assert_uint_eq(keeper_probe(c, SLICE_LIT(""), &found), FAULT_FORBIDDEN);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("prove");
	TCase *t = tcase_create("prove");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_keeper_tells_what_it_can_do);
	tcase_add_test(t, another_folder_is_not_touched);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	if (secret_heap_start() != FAULT_NONE) {
		return 2;
	}
	return attempts_are_watched() ? 0 : check_main(suite());
}
