#include "relay/gateway/room.h"

#include "tests/support/check_main.h"

enum { MIB = 1024 * 1024, TOTAL = 512 * MIB, TENANT = 256 * MIB, AT_FIRST = 300 * 1024 };

static struct budget *budget;
static struct job *job;
static const struct render_limits limits;

static void setup(void)
{
	const struct budget_params params = {
		.bytes = TOTAL, .tenant_bytes = TENANT, .jobs = 10, .tenant_jobs = 10};
	ck_assert_int_eq(budget_new(&params, &budget), FAULT_NONE);
	ck_assert_int_eq(job_new(AT_FIRST, &job), FAULT_NONE);
	ck_assert_int_eq(budget_take(budget, SLICE_LIT("acme"), AT_FIRST, &job->lease), FAULT_NONE);
}

static void teardown(void)
{
	job_free(&job);
	ck_assert_uint_eq(budget_in_use(budget).bytes, 0);
	budget_free(&budget);
}

/* Pages of all sizes that a body may have get room, and more than they need as pages are. */
static const struct {
	size_t page;
	size_t least;
	enum fault fault;
} rows[] = {
	{0, 0, FAULT_NONE},
	{14 * 1024, 40 * 14 * 1024, FAULT_NONE},
	{1 * MIB, 40 * MIB, FAULT_NONE},
	{5 * MIB, 64 * MIB, FAULT_NONE},
	{10 * MIB, 200 * MIB, FAULT_NONE},
	{50 * MIB, 0, FAULT_BUSY},
	{SIZE_MAX / 2, 0, FAULT_TOO_LARGE},
};

START_TEST(test_rendering)
{
	job->page.body.len = rows[_i].page;
	ck_assert_int_eq(room_for_rendering(job, false, &limits), rows[_i].fault);
	ck_assert_uint_ge(job->arena.limit, AT_FIRST + rows[_i].least);
	ck_assert_uint_eq(job->arena.limit, job->lease.bytes);
	ck_assert_uint_eq(budget_in_use(budget).bytes, job->lease.bytes);
	if (rows[_i].fault != FAULT_NONE) {
		ck_assert_uint_eq(job->lease.bytes, AT_FIRST);
	}
	job->page.body.len = 0;
}
END_TEST

START_TEST(test_afterwards_the_message_alone)
{
	job->page.body.len = 1 * MIB;
	ck_assert_int_eq(room_for_rendering(job, false, &limits), FAULT_NONE);
	ck_assert_ptr_nonnull(arena_bytes(&job->arena, 2UL * MIB));
	room_after_rendering(job, 100);
	ck_assert_uint_lt(job->lease.bytes, 3 * MIB);
	ck_assert_uint_eq(job->arena.limit, job->lease.bytes);
	for (int i = 0; i < 100; i++) { /* as much as a server may say for each recipient */
		ck_assert_ptr_nonnull(arena_bytes(&job->arena, REPLY_TEXT_MAX));
	}
	job->page.body.len = 0;
}
END_TEST

START_TEST(test_never_more_than_before)
{
	room_after_rendering(job, JOB_RECIPIENTS_MAX);
	ck_assert_uint_eq(job->lease.bytes, AT_FIRST);
	ck_assert_uint_eq(job->arena.limit, AT_FIRST);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("room");
	TCase *c = tcase_create("budget");
	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_loop_test(c, test_rendering, 0, (int)COUNT_OF(rows));
	tcase_add_test(c, test_afterwards_the_message_alone);
	tcase_add_test(c, test_never_more_than_before);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return check_main(suite());
}
