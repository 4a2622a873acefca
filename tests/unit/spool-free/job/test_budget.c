#include "spool-free/job/budget.h"

#include <pthread.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

static const struct slice ours = SLICE_INIT("tenant-a");
static const struct slice others = SLICE_INIT("tenant-b");

static struct budget *small_budget(void)
{
	const struct budget_params params = {
		.bytes = 1000, .tenant_bytes = 600, .jobs = 6, .tenant_jobs = 4};
	struct budget *b = NULL;
	ck_assert_uint_eq(budget_new(&params, &b), FAULT_NONE);
	return b;
}

static void expect_use(struct budget *b, size_t bytes, unsigned jobs)
{
	struct budget_use use = budget_in_use(b);
	ck_assert_uint_eq(use.bytes, bytes);
	ck_assert_uint_eq(use.jobs, jobs);
}

static const struct {
	size_t held; /* ours */
	size_t theirs;
	size_t wanted;
	enum fault fault;
} rows[] = {
	{0, 0, 0, FAULT_NONE},		{0, 0, 600, FAULT_NONE},     {0, 0, 601, FAULT_BUSY},
	{0, 0, SIZE_MAX, FAULT_BUSY},	{300, 0, 300, FAULT_NONE},   {300, 0, 301, FAULT_BUSY},
	{300, 0, SIZE_MAX, FAULT_BUSY}, {300, 500, 200, FAULT_NONE}, {300, 500, 201, FAULT_BUSY},
};

START_TEST(bytes_are_bounded)
{
	struct budget_lease a = {0}, b = {0}, c = {.tenant_slot = 77};
	struct budget *budget = small_budget();
	ck_assert_uint_eq(budget_take(budget, ours, rows[_i].held, &a), FAULT_NONE);
	ck_assert_uint_eq(budget_take(budget, others, rows[_i].theirs, &b), FAULT_NONE);
	size_t before = rows[_i].held + rows[_i].theirs;
	ck_assert_uint_eq(budget_take(budget, ours, rows[_i].wanted, &c), rows[_i].fault);
	if (rows[_i].fault != FAULT_NONE) {
		ck_assert_uint_eq(c.tenant_slot, 77);
		c = (struct budget_lease){0};
		expect_use(budget, before, 2);
	}
	budget_give_back(&c);
	expect_use(budget, before, 2);
	ck_assert_uint_eq(budget_grow(&a, rows[_i].wanted), rows[_i].fault);
	budget_give_back(&a);
	budget_give_back(&a);
	expect_use(budget, rows[_i].theirs, 1);
	budget_give_back(&b);
	expect_use(budget, 0, 0);
	budget_free(&budget);
	ck_assert_ptr_null(budget);
	budget_free(&budget);
}
END_TEST

START_TEST(what_shrinks_is_free_for_others)
{
	struct budget_lease none = {0}, a = {0}, b = {0};
	struct budget *budget = small_budget();
	ck_assert_uint_eq(budget_take(budget, ours, 600, &a), FAULT_NONE);
	ck_assert_uint_eq(budget_take(budget, ours, 500, &b), FAULT_BUSY);
	budget_shrink(&a, 700);
	expect_use(budget, 600, 1);
	budget_shrink(&a, 100);
	expect_use(budget, 100, 1);
	ck_assert_uint_eq(budget_take(budget, ours, 500, &b), FAULT_NONE);
	budget_give_back(&a);
	budget_shrink(&a, 0);
	budget_shrink(&none, 0);
	expect_use(budget, 500, 1);
	budget_give_back(&b);
	expect_use(budget, 0, 0);
	budget_free(&budget);
}
END_TEST

START_TEST(jobs_are_bounded)
{
	struct budget_lease mine[5] = {{0}}, theirs[3] = {{0}};
	struct budget *b = small_budget();
	for (int i = 0; i < 4; i++) {
		ck_assert_uint_eq(budget_take(b, ours, 1, &mine[i]), FAULT_NONE);
	}
	ck_assert_uint_eq(budget_take(b, ours, 1, &mine[4]), FAULT_BUSY); /* ours */
	ck_assert_uint_eq(budget_take(b, others, 1, &theirs[0]), FAULT_NONE);
	ck_assert_uint_eq(budget_take(b, others, 1, &theirs[1]), FAULT_NONE);
	ck_assert_uint_eq(budget_take(b, others, 1, &theirs[2]), FAULT_BUSY); /* all */
	budget_give_back(&mine[0]);
	ck_assert_uint_eq(budget_take(b, others, 1, &theirs[2]), FAULT_NONE);
	for (int i = 0; i < 4; i++) {
		budget_give_back(&mine[i]);
	}
	for (int i = 0; i < 3; i++) {
		budget_give_back(&theirs[i]);
	}
	expect_use(b, 0, 0);
	budget_free(&b);
}
END_TEST

/*
 * Ten thousand tenants come and go in a table of 16 slots, up to six at a time; each one's share is
 * counted for it alone, wherever its slot lies and however many were left around it.
 */
START_TEST(tenants_come_and_go)
{
	struct budget *b = small_budget();
	struct budget_lease held[6][2] = {{{0}}};
	uint32_t names[6] = {0};
	uint32_t x = 1;
	for (int round = 0; round < 10000; round++) {
		x = x * 1664525U + 1013904223U;
		unsigned i = x >> 24 &
			     3; /* at most 4 tenants with one or two jobs: 6 jobs may be too many */
		struct slice name = slice_of(&names[i], sizeof(names[i]));
		if (held[i][0].from == NULL) {
			names[i] = x;
			if (budget_in_use(b).jobs < 6) {
				ck_assert_uint_eq(budget_take(b, name, 160, &held[i][0]),
						  FAULT_NONE);
			}
		} else if (held[i][1].from == NULL && budget_in_use(b).jobs < 6) {
			/* Found again: 160 + 441 is more than its 600. */
			ck_assert_uint_eq(budget_take(b, name, 441, &held[i][1]), FAULT_BUSY);
			ck_assert_uint_eq(budget_take(b, name, 0, &held[i][1]), FAULT_NONE);
		} else {
			budget_give_back(&held[i][x >> 20 & 1]);
			if (held[i][0].from == NULL) {
				budget_give_back(&held[i][1]);
			}
		}
	}
	for (unsigned i = 0; i < 6; i++) {
		budget_give_back(&held[i][0]);
		budget_give_back(&held[i][1]);
	}
	expect_use(b, 0, 0);
	budget_free(&b);
}
END_TEST

/* One job goes on while tenants come and go: in the end no slot was never used, and one must still be found. */
START_TEST(no_slot_is_free)
{
	const struct budget_params params = {
		.bytes = 10, .tenant_bytes = 10, .jobs = 2, .tenant_jobs = 2};
	struct budget *b = NULL;
	struct budget_lease long_one = {0};
	ck_assert_uint_eq(budget_new(&params, &b), FAULT_NONE);
	ck_assert_uint_eq(budget_take(b, SLICE_LIT("long"), 1, &long_one), FAULT_NONE);
	for (uint32_t name = 0; name < 1000; name++) {
		struct budget_lease two[2] = {{0}};
		struct slice tenant = slice_of(&name, sizeof(name));
		ck_assert_uint_eq(budget_take(b, tenant, 1, &two[0]), FAULT_NONE);
		ck_assert_uint_eq(budget_take(b, SLICE_LIT("third"), 1, &two[1]), FAULT_BUSY);
		budget_give_back(&two[0]);
	}
	budget_give_back(&long_one);
	expect_use(b, 0, 0);
	budget_free(&b);
}
END_TEST

static void *take_and_give(void *ctx)
{
	struct budget *b = ctx;
	uintptr_t refused = 0;
	for (int i = 0; i < 20000; i++) {
		struct budget_lease l = {0};
		if (budget_take(b, i % 2 == 0 ? ours : others, 200, &l) != FAULT_NONE ||
		    budget_grow(&l, 100) != FAULT_NONE) {
			refused++;
		}
		if (budget_in_use(b).bytes > 1000 || budget_in_use(b).jobs > 6) {
			return NULL;
		}
		budget_give_back(&l);
	}
	return (void *)(refused + 1);
}

START_TEST(threads_share_it)
{
	pthread_t threads[4];
	struct budget *b = small_budget();
	for (size_t i = 0; i < COUNT_OF(threads); i++) {
		ck_assert_int_eq(pthread_create(&threads[i], NULL, take_and_give, b), 0);
	}
	for (size_t i = 0; i < COUNT_OF(threads); i++) {
		void *result = NULL;
		ck_assert_int_eq(pthread_join(threads[i], &result), 0);
		ck_assert_ptr_nonnull(result);
	}
	expect_use(b, 0, 0);
	budget_free(&b);
}
END_TEST

START_TEST(a_failing_allocation)
{
	const struct budget_params params = {.jobs = 1024};
	struct budget *b = NULL;
	oom_arm(1);
	ck_assert_uint_eq(budget_new(&params, &b), FAULT_NO_MEMORY);
	ck_assert(oom_disarm());
	ck_assert_ptr_null(b);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("job/budget");
	TCase *t = tcase_create("budget");
	tcase_add_loop_test(t, bytes_are_bounded, 0, COUNT_OF(rows));
	tcase_add_test(t, what_shrinks_is_free_for_others);
	tcase_add_test(t, jobs_are_bounded);
	tcase_add_test(t, tenants_come_and_go);
	tcase_add_test(t, no_slot_is_free);
	tcase_add_test(t, threads_share_it);
	tcase_add_test(t, a_failing_allocation);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
