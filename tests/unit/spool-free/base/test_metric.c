#include "spool-free/base/metric.h"

#include <pthread.h>

#include "tests/support/check_main.h"

static struct buf page;

static void setup(void)
{
	buf_init(&page, 64 * 1024);
}

static void teardown(void)
{
	buf_deinit(&page);
}

static void is_page(const char *expected)
{
	ck_assert_uint_eq(page.len, strlen(expected));
	ck_assert_mem_eq(page.ptr, expected, page.len);
}

START_TEST(samples_stand_behind_their_help)
{
	struct metric_page p;
	const struct slice delivered[] = {SLICE_LIT("delivered")};
	const struct slice refused[] = {SLICE_LIT("refused")};
	metric_page_init(&p, &page);
	metric_put(&p, METRIC_RECIPIENTS, delivered, 3);
	metric_put(&p, METRIC_RECIPIENTS, refused, UINT64_MAX);
	metric_put(&p, METRIC_KEEPER_UP, NULL, 1);
	ck_assert_int_eq(p.fault, FAULT_NONE);
	is_page("# HELP pagepost_recipients_total Recipients of jobs whose mail server answered, "
		"by what "
		"it said of each.\n"
		"# TYPE pagepost_recipients_total counter\n"
		"pagepost_recipients_total{outcome=\"delivered\"} 3\n"
		"pagepost_recipients_total{outcome=\"refused\"} 18446744073709551615\n"
		"# HELP pagepost_keeper_up 1 while the keeper answers.\n"
		"# TYPE pagepost_keeper_up gauge\n"
		"pagepost_keeper_up 1\n");
}
END_TEST

START_TEST(labels_are_escaped_and_two_are_parted)
{
	struct metric_page p;
	const struct slice labels[] = {SLICE_LIT("a\"b\\c\nd"), SLICE_LIT("idle")};
	metric_page_init(&p, &page);
	metric_put(&p, METRIC_UPSTREAM_CONNECTIONS, labels, 0);
	struct slice all = buf_view(&page);
	size_t at = slice_find(all, SLICE_LIT("\npagepost_upstream_connections{"));
	struct slice line = slice_skip(all, at + 1);
	ck_assert(slice_eq(line,
			   SLICE_LIT("pagepost_upstream_connections{upstream=\"a\\\"b\\\\c\\nd\","
				     "state=\"idle\"} 0\n")));
}
END_TEST

static const struct {
	uint64_t us;
	const char *text;
} seconds[] = {
	{0, "process_cpu_seconds_total 0.000000\n"},
	{1, "process_cpu_seconds_total 0.000001\n"},
	{1500000, "process_cpu_seconds_total 1.500000\n"},
	{UINT64_C(123456789000001), "process_cpu_seconds_total 123456789.000001\n"},
};

START_TEST(microseconds_are_told_in_seconds)
{
	struct metric_page p;
	metric_page_init(&p, &page);
	metric_put_us(&p, METRIC_PROCESS_CPU, NULL, seconds[_i].us);
	ck_assert(slice_ends(buf_view(&page), slice_of_text(seconds[_i].text)));
}
END_TEST

static const struct {
	uint64_t us;
	const char *first; /* the first bucket that counts it */
	const char *before;
} observed[] = {
	{0, "le=\"0.0001\"} 1\n", NULL},
	{100, "le=\"0.0001\"} 1\n", NULL},
	{101, "le=\"0.0005\"} 1\n", "le=\"0.0001\"} 0\n"},
	{1000000, "le=\"1\"} 1\n", "le=\"0.5\"} 0\n"},
	{120000000, "le=\"120\"} 1\n", "le=\"30\"} 0\n"},
	{120000001, "le=\"+Inf\"} 1\n", "le=\"120\"} 0\n"},
};

START_TEST(a_time_counts_in_all_buckets_from_its_own_on)
{
	struct metric_page p;
	struct metric_histogram h = {0};
	metric_page_init(&p, &page);
	metric_observe(&h, observed[_i].us);
	metric_put_histogram(&p, METRIC_JOB_SECONDS, NULL, &h);
	struct slice all = buf_view(&page);
	ck_assert_uint_lt(slice_find(all, slice_of_text(observed[_i].first)), all.len);
	if (observed[_i].before != NULL) {
		ck_assert_uint_lt(slice_find(all, slice_of_text(observed[_i].before)), all.len);
	}
	ck_assert(slice_ends(all, SLICE_LIT("pagepost_job_duration_seconds_count 1\n")));
}
END_TEST

START_TEST(a_histogram_with_a_label_has_it_everywhere)
{
	struct metric_page p;
	struct metric_histogram h = {0};
	const struct slice labels[] = {SLICE_LIT("send")};
	metric_page_init(&p, &page);
	metric_observe(&h, 2000);
	metric_observe(&h, 3000);
	metric_put_histogram(&p, METRIC_STAGE_SECONDS, labels, &h);
	ck_assert(slice_ends(
		buf_view(&page),
		SLICE_LIT("_bucket{stage=\"send\",le=\"+Inf\"} 2\n"
			  "pagepost_stage_duration_seconds_sum{stage=\"send\"} 0.005000\n"
			  "pagepost_stage_duration_seconds_count{stage=\"send\"} 2\n")));
}
END_TEST

START_TEST(a_page_without_room_says_so)
{
	struct metric_page p;
	struct buf small;
	buf_init(&small, 20);
	metric_page_init(&p, &small);
	metric_put(&p, METRIC_KEEPER_UP, NULL, 1);
	metric_put(&p, METRIC_LOOPS, NULL, 1);
	ck_assert_int_eq(p.fault, FAULT_TOO_LARGE);
	buf_deinit(&small);
}
END_TEST

START_TEST(names_have_numbers_up_to_a_limit)
{
	struct metric_names *n;
	ck_assert_int_eq(metric_names_new(2, &n), FAULT_NONE);
	ck_assert_uint_eq(metric_names_find(n, SLICE_LIT("acme")), 0);
	ck_assert_uint_eq(metric_names_find(n, SLICE_LIT("other")), 2);
	ck_assert_uint_eq(metric_names_find(n, SLICE_LIT("")), 1);
	ck_assert_uint_eq(metric_names_find(n, SLICE_LIT("third")), 2);
	ck_assert_uint_eq(metric_names_find(n, SLICE_LIT("fourth")), 2);
	ck_assert_uint_eq(metric_names_find(n, SLICE_LIT("acme")), 0);
	ck_assert_uint_eq(metric_names_count(n), 2);
	ck_assert(slice_eq(metric_names_text(n, 0), SLICE_LIT("acme")));
	ck_assert(slice_eq(metric_names_text(n, 1), SLICE_LIT("")));
	ck_assert(slice_eq(metric_names_text(n, 2), SLICE_LIT("other")));
	metric_names_free(&n);
	metric_names_free(&n);
}
END_TEST

START_TEST(without_room_for_any_all_are_others)
{
	struct metric_names *n;
	ck_assert_int_eq(metric_names_new(0, &n), FAULT_NONE);
	ck_assert_uint_eq(metric_names_find(n, SLICE_LIT("acme")), 0);
	ck_assert(slice_eq(metric_names_text(n, 0), SLICE_LIT("other")));
	metric_names_free(&n);
}
END_TEST

enum { THREADS = 4, ROUNDS = 2000 };

static struct metric_histogram shared;
static struct metric_names *shared_names;

static void *observe_many(void *unused)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		char name = (char)('a' + i % 20);
		metric_observe(&shared, 7);
		(void)!metric_names_find(shared_names, slice_of(&name, 1));
	}
	return unused;
}

START_TEST(threads_lose_nothing)
{
	pthread_t threads[THREADS];
	struct metric_page p;
	ck_assert_int_eq(metric_names_new(10, &shared_names), FAULT_NONE);
	for (unsigned i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_create(&threads[i], NULL, observe_many, NULL), 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
	}
	metric_page_init(&p, &page);
	metric_put_histogram(&p, METRIC_JOB_SECONDS, NULL, &shared);
	ck_assert(slice_ends(buf_view(&page),
			     SLICE_LIT("_sum 0.056000\n"
				       "pagepost_job_duration_seconds_count 8000\n")));
	ck_assert_uint_eq(metric_names_count(shared_names), 10);
	metric_names_free(&shared_names);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/metric");
	TCase *t = tcase_create("metric");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, samples_stand_behind_their_help);
	tcase_add_test(t, labels_are_escaped_and_two_are_parted);
	tcase_add_loop_test(t, microseconds_are_told_in_seconds, 0, COUNT_OF(seconds));
	tcase_add_loop_test(t, a_time_counts_in_all_buckets_from_its_own_on, 0, COUNT_OF(observed));
	tcase_add_test(t, a_histogram_with_a_label_has_it_everywhere);
	tcase_add_test(t, a_page_without_room_says_so);
	tcase_add_test(t, names_have_numbers_up_to_a_limit);
	tcase_add_test(t, without_room_for_any_all_are_others);
	tcase_add_test(t, threads_lose_nothing);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
