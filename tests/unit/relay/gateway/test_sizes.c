#include "relay/gateway/sizes.h"

#include <stdio.h>

#include "tests/support/check_main.h"

static struct sizes *sizes;

static void setup(void)
{
	ck_assert_int_eq(sizes_new(&sizes), FAULT_NONE);
}

static void teardown(void)
{
	sizes_free(&sizes);
	sizes_free(&sizes);
}

#define RECORD(t, s)                                                                               \
	{                                                                                          \
		.tenant = SLICE_INIT(t), .server = SLICE_INIT(s)                                   \
	}
#define ACCOUNT(t, h, p, u)                                                                        \
	{                                                                                          \
		.tenant = SLICE_INIT(t), .has_account = true, .account = {                         \
			.host = SLICE_INIT(h),                                                     \
			.port = p,                                                                 \
			.username = SLICE_INIT(u)                                                  \
		}                                                                                  \
	}

/* No two are the same server. */
static const struct job jobs[] = {
	RECORD("acme", ""),
	RECORD("acme", "main"),
	RECORD("other", "main"),
	ACCOUNT("acme", "main", 0, ""),
	ACCOUNT("acme", "main", 25, ""),
	ACCOUNT("acme", "main", 25, "ann"),
	ACCOUNT("acme", "mainann", 25, ""),
	ACCOUNT("other", "main", 25, "ann"),
};

START_TEST(nothing_is_known_at_first)
{
	ck_assert_uint_eq(sizes_find(sizes, &jobs[_i]), 0);
}
END_TEST

START_TEST(what_it_said_last_counts)
{
	sizes_keep(sizes, &jobs[_i], 10240000);
	ck_assert_uint_eq(sizes_find(sizes, &jobs[_i]), 10240000);
	sizes_keep(sizes, &jobs[_i], 1);
	ck_assert_uint_eq(sizes_find(sizes, &jobs[_i]), 1);
	sizes_keep(sizes, &jobs[_i], 0);
	ck_assert_uint_eq(sizes_find(sizes, &jobs[_i]), 0);
}
END_TEST

START_TEST(one_server_is_not_another)
{
	sizes_keep(sizes, &jobs[_i], 5);
	for (size_t i = 0; i < COUNT_OF(jobs); i++) {
		ck_assert_uint_eq(sizes_find(sizes, &jobs[i]), i == (size_t)_i ? 5 : 0);
	}
}
END_TEST

START_TEST(a_huge_limit_is_none)
{
	const uint64_t largest = (UINT64_C(1) << 40) - 1;
	sizes_keep(sizes, &jobs[0], largest);
	ck_assert_uint_eq(sizes_find(sizes, &jobs[0]), largest);
	sizes_keep(sizes, &jobs[0], largest + 1);
	ck_assert_uint_eq(sizes_find(sizes, &jobs[0]), 0);
	sizes_keep(sizes, &jobs[0], UINT64_MAX);
	ck_assert_uint_eq(sizes_find(sizes, &jobs[0]), 0);
}
END_TEST

/* More servers than places: each is found with its own size, or not at all. */
START_TEST(older_ones_give_way)
{
	char name[16];
	size_t found = 0;
	for (unsigned i = 1; i <= 4 * SIZES_PLACES; i++) {
		struct job job = {.tenant = SLICE_LIT("acme")};
		job.server = slice_of(name, (size_t)snprintf(name, sizeof(name), "%u", i));
		sizes_keep(sizes, &job, i);
	}
	for (unsigned i = 1; i <= 4 * SIZES_PLACES; i++) {
		struct job job = {.tenant = SLICE_LIT("acme")};
		job.server = slice_of(name, (size_t)snprintf(name, sizeof(name), "%u", i));
		uint64_t size = sizes_find(sizes, &job);
		ck_assert(size == i || size == 0);
		found += size == i;
	}
	ck_assert_uint_gt(found, SIZES_PLACES / 2);
	ck_assert_uint_le(found, SIZES_PLACES);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sizes");
	TCase *t = tcase_create("sizes");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, nothing_is_known_at_first, 0, COUNT_OF(jobs));
	tcase_add_loop_test(t, what_it_said_last_counts, 0, COUNT_OF(jobs));
	tcase_add_loop_test(t, one_server_is_not_another, 0, COUNT_OF(jobs));
	tcase_add_test(t, a_huge_limit_is_none);
	tcase_add_test(t, older_ones_give_way);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
