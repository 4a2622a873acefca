#include "spool-free/lockdown/probe.h"

#include "spool-free/lockdown/landlock.h"
#include "spool-free/lockdown/lockdown.h"
#include "tests/support/attempts.h"
#include "tests/support/check_main.h"

START_TEST(test_unconfined_is_done)
{
	const struct attempts_row *row = &attempts_rows[_i];
	ck_assert(slice_eq(probe_name((size_t)_i), slice_of_text(row->name)));
	enum probe_result r = attempts_result(NULL, (size_t)_i);
	ck_assert_msg(r == PROBE_DONE || row->depends, "%s: %d", row->name, (int)r);
}
END_TEST

static bool confine(void)
{
	const struct lockdown_params p = {.role = LOCKDOWN_GATEWAY,
					  .landlock_may_lack = landlock_abi() == 0,
					  .memory_may_lack = true};
	return lockdown_apply(&p, NULL, NULL) == FAULT_NONE;
}

START_TEST(test_confined_is_refused)
{
	enum probe_result r = attempts_result(confine, (size_t)_i);
	ck_assert_msg(r == PROBE_REFUSED, "%s: %d", attempts_rows[_i].name, (int)r);
}
END_TEST

static bool confine_keeper(void)
{
	const struct lockdown_params p = {.role = LOCKDOWN_KEEPER,
					  .writable_folder = "/var/empty-for-this-test",
					  .landlock_may_lack = landlock_abi() == 0,
					  .memory_may_lack = true};
	return lockdown_apply(&p, NULL, NULL) == FAULT_NONE;
}

/* Outside its folder; what it was started with is closed, and nobody can hand it anything. */
START_TEST(test_keeper_is_refused)
{
	enum probe_result r = attempts_result(confine_keeper, (size_t)_i);
	ck_assert_msg(r == PROBE_REFUSED || r == PROBE_CLOSED || landlock_abi() == 0, "%s: %d",
		      attempts_rows[_i].name, (int)r);
}
END_TEST

START_TEST(test_so_many_are_writes)
{
	size_t writes = 0;
	for (size_t i = 0; i < PROBE_ATTEMPTS; i++) {
		writes += probe_is_write(i) ? 1 : 0;
	}
	ck_assert_uint_eq(writes, PROBE_WRITES);
	ck_assert(slice_eq(probe_result_name(PROBE_REFUSED), SLICE_LIT("refused")));
	ck_assert(slice_eq(probe_result_name(PROBE_CLOSED), SLICE_LIT("closed")));
	ck_assert(slice_eq(probe_result_name(PROBE_DONE), SLICE_LIT("done")));
	ck_assert(slice_eq(probe_result_name(PROBE_UNCLEAR), SLICE_LIT("unclear")));
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("probe");
	TCase *t = tcase_create("probe");
	tcase_add_checked_fixture(t, attempts_setup, attempts_teardown);
	tcase_add_loop_test(t, test_unconfined_is_done, 0, PROBE_ATTEMPTS);
	tcase_add_loop_test(t, test_confined_is_refused, 0, PROBE_ATTEMPTS);
	tcase_add_loop_test(t, test_keeper_is_refused, 0, PROBE_ATTEMPTS);
	tcase_add_test(t, test_so_many_are_writes);
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return attempts_are_watched() ? 0 : check_main(suite());
}
