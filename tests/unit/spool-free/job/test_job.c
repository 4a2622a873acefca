#include "spool-free/job/job.h"

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

START_TEST(gives_back_all_that_it_holds)
{
	const struct budget_params params = {
		.bytes = 1000, .tenant_bytes = 1000, .jobs = 2, .tenant_jobs = 2};
	struct budget *b = NULL;
	struct job *j = NULL;
	ck_assert_uint_eq(budget_new(&params, &b), FAULT_NONE);
	ck_assert_uint_eq(job_new(1024 * 1024, &j), FAULT_NONE);
	ck_assert_uint_eq(budget_take(b, SLICE_LIT("t"), 500, &j->lease), FAULT_NONE);
	ck_assert_uint_eq(arena_copy(&j->arena, SLICE_LIT("title"), &j->page.title), FAULT_NONE);
	ck_assert_uint_eq(secret_new(SLICE_LIT("password"), &j->account.password), FAULT_NONE);
	job_free(&j);
	ck_assert_ptr_null(j);
	ck_assert_uint_eq(budget_in_use(b).jobs, 0);
	ck_assert_uint_eq(budget_in_use(b).bytes, 0);
	job_free(&j);
	budget_free(&b);
}
END_TEST

START_TEST(its_memory_is_limited)
{
	struct job *j = NULL;
	ck_assert_uint_eq(job_new(64 * 1024, &j), FAULT_NONE);
	ck_assert_ptr_null(arena_bytes(&j->arena, 64 * 1024));
	ck_assert_ptr_nonnull(arena_bytes(&j->arena, 32 * 1024));
	job_free(&j);
}
END_TEST

START_TEST(lateness_and_recipients)
{
	struct job j = {.deadline = {.ms = 100}, .to_count = 1, .cc_count = 20, .bcc_count = 300};
	ck_assert(!job_is_late(&j, (struct instant){.ms = 99}));
	ck_assert(job_is_late(&j, (struct instant){.ms = 100}));
	ck_assert_uint_eq(job_recipient_count(&j), 321);
	ck_assert_uint_eq(job_recipient_count(&(struct job){0}), 0);
}
END_TEST

START_TEST(a_failing_allocation)
{
	struct job *j = NULL;
	oom_arm(1);
	ck_assert_uint_eq(job_new(1024, &j), FAULT_NO_MEMORY);
	ck_assert(oom_disarm());
	ck_assert_ptr_null(j);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("job/job");
	TCase *t = tcase_create("job");
	tcase_add_test(t, gives_back_all_that_it_holds);
	tcase_add_test(t, its_memory_is_limited);
	tcase_add_test(t, lateness_and_recipients);
	tcase_add_test(t, a_failing_allocation);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
