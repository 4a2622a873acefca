#include "relay/gateway/tally.h"

#include <string.h>

#include "relay/gateway/flight.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

static struct tally *t;
static struct buf page;

static void setup(void)
{
	ck_assert_int_eq(tally_new(2, 2, &t), FAULT_NONE);
	buf_init(&page, 256 * 1024);
}

static void teardown(void)
{
	tally_free(&t);
	tally_free(&t);
	buf_deinit(&page);
}

static void write_page(void)
{
	struct metric_page p;
	const uint64_t refused[FAULT_COUNT] = {[FAULT_BAD_JSON] = 5, [FAULT_BUSY] = 1};
	buf_clear(&page);
	metric_page_init(&p, &page);
	tally_put_jobs(t, &p, refused);
	tally_put_upstreams(t, &p);
	tally_put_tenants(t, &p);
	ck_assert_int_eq(p.fault, FAULT_NONE);
}

static void has(const char *line)
{
	struct slice all = buf_view(&page);
	ck_assert_msg(slice_find(all, slice_of_text(line)) < all.len, "%s", line);
}

static void has_not(const char *text)
{
	struct slice all = buf_view(&page);
	ck_assert_msg(slice_find(all, slice_of_text(text)) == all.len, "%s", text);
}

START_TEST(stages_are_those_of_a_flight)
{
	for (unsigned i = 0; i < TALLY_STAGES; i++) { /* a new stage needs a name */
		ck_assert(tally_stage_name(i).len > 0 || i == STAGE_RECORD);
	}
	ck_assert(slice_eq(tally_stage_name(STAGE_CALLER), SLICE_LIT("caller")));
	ck_assert(slice_eq(tally_stage_name(STAGE_RECORD), SLICE_LIT("")));
	ck_assert(slice_eq(tally_stage_name(STAGE_RENDER), SLICE_LIT("render")));
	ck_assert(slice_eq(tally_stage_name(STAGE_ANSWER), SLICE_LIT("answer")));
	ck_assert(slice_eq(tally_stage_name(TALLY_STAGE_READ), SLICE_LIT("read")));
}
END_TEST

START_TEST(it_adds_up)
{
	const struct recipient_outcome results[] = {{.outcome = OUTCOME_DELIVERED},
						    {.outcome = OUTCOME_REFUSED},
						    {.outcome = OUTCOME_DELIVERED}};
	tally_read(t, SLICE_LIT("acme"), 100);
	tally_read(t, SLICE_LIT("acme"), 20);
	tally_stage(t, STAGE_RENDER, 1500);
	tally_job(t, SLICE_LIT("acme"), OUTCOME_PARTLY, 2000000);
	tally_job(t, SLICE_LIT("acme"), TALLY_FAULT, 1);
	tally_job(t, SLICE_LIT("acme"), TALLY_REPEATED, 1);
	tally_recipients(t, results, COUNT_OF(results));
	tally_message(t, SLICE_LIT("a:25"), OUTCOME_PARTLY, 500);
	tally_message(t, SLICE_LIT(TALLY_TENANTS), TALLY_FAULT, 7);
	tally_fault(t, FAULT_BUSY, SLICE_LIT("acme"), (struct slice){0});
	write_page();
	has("pagepost_jobs_total{outcome=\"partly\"} 1\n");
	has("pagepost_jobs_total{outcome=\"fault\"} 1\n");
	has("pagepost_jobs_total{outcome=\"repeated\"} 1\n");
	has("pagepost_jobs_total{outcome=\"delivered\"} 0\n");
	has("pagepost_faults_total{fault=\"busy\"} 2\n");
	has("pagepost_faults_total{fault=\"bad-json\"} 5\n");
	has("pagepost_recipients_total{outcome=\"delivered\"} 2\n");
	has_not("pagepost_recipients_total{outcome=\"partly\"}");
	has("pagepost_job_duration_seconds_sum 2.000002\n");
	has("pagepost_stage_duration_seconds_bucket{stage=\"render\",le=\"0.001\"} 0\n");
	has("pagepost_stage_duration_seconds_bucket{stage=\"render\",le=\"0.0025\"} 1\n");
	has("pagepost_received_bytes_total 120\n");
	has("pagepost_sent_bytes_total 507\n");
	has("pagepost_upstream_messages_total{upstream=\"a:25\",outcome=\"partly\"} 1\n");
	has("pagepost_upstream_messages_total{upstream=\"tenants\",outcome=\"fault\"} 1\n");
	has("pagepost_upstream_sent_bytes_total{upstream=\"a:25\"} 500\n");
	has("pagepost_tenant_jobs_total{tenant=\"acme\",outcome=\"fault\"} 1\n");
	has("pagepost_tenant_received_bytes_total{tenant=\"acme\"} 120\n");
	has_not("stage=\"\"");
	ck_assert_uint_eq(tally_bytes_read(t), 120);
	ck_assert_uint_eq(tally_bytes_sent(t), 507);
	ck_assert_uint_eq(tally_faults(t, FAULT_BUSY), 1);
	ck_assert_uint_eq(tally_jobs(t, TALLY_FAULT), 1);
}
END_TEST

START_TEST(faults_that_are_told_alike_are_one_sample)
{
	static const char line[] = "\npagepost_faults_total{fault=\"upstream-unreachable\"} ";
	tally_fault(t, FAULT_UPSTREAM_DOWN, (struct slice){0}, (struct slice){0});
	tally_fault(t, FAULT_UPSTREAM_BLOCKED, (struct slice){0}, (struct slice){0});
	write_page();
	struct slice all = buf_view(&page);
	size_t at = slice_find(all, slice_of_text(line));
	struct slice rest = slice_skip(all, at + sizeof(line) - 1);
	ck_assert(slice_starts(rest, SLICE_LIT("2\n")));
	ck_assert_uint_eq(slice_find(rest, slice_of_text(line)), rest.len);
}
END_TEST

START_TEST(what_is_past_the_limit_is_other)
{
	static const char *const names[] = {"a", "b", "c", "d", "a"};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		tally_read(t, slice_of_text(names[i]), 1);
		tally_message(t, slice_of_text(names[i]), OUTCOME_DELIVERED, 10);
	}
	tally_message(t, SLICE_LIT(TALLY_TENANTS), OUTCOME_DELIVERED, 3);
	write_page();
	has("tenant_received_bytes_total{tenant=\"a\"} 2\n");
	has("tenant_received_bytes_total{tenant=\"b\"} 1\n");
	has("tenant_received_bytes_total{tenant=\"other\"} 2\n");
	has_not("{tenant=\"c\"");
	has("upstream_sent_bytes_total{upstream=\"a\"} 20\n");
	has("upstream_sent_bytes_total{upstream=\"other\"} 20\n");
	has("upstream_sent_bytes_total{upstream=\"tenants\"} 3\n");
	has_not("{upstream=\"d\"");
	ck_assert_uint_eq(tally_upstream_count(t), 4); /* tenants, two, other */
}
END_TEST

START_TEST(only_what_came_is_told_of)
{
	write_page();
	has("{upstream=\"tenants\"} 0\n");
	has("{tenant=\"other\"} 0\n");
	has_not("{tenant=\"\"");
	ck_assert(tally_upstream_is_known(t, 0) && tally_upstream_is_known(t, 3));
	ck_assert(!tally_upstream_is_known(t, 1));
}
END_TEST

static void fault_is(const struct tally_fault *l, enum fault f, const char *tenant, uint64_t times)
{
	ck_assert_int_eq(l->fault, f);
	ck_assert(slice_eq(slice_of(l->tenant, l->tenant_len), slice_of_text(tenant)));
	ck_assert_uint_eq(l->times, times);
	ck_assert_int_gt(l->last.ms, 0);
}

START_TEST(the_last_faults_come_first_and_once)
{
	struct tally_fault last[TALLY_FAULTS];
	ck_assert_uint_eq(tally_last_faults(t, last), 0);
	tally_fault(t, FAULT_BUSY, SLICE_LIT("a"), SLICE_LIT("u"));
	tally_fault(t, FAULT_BUSY, SLICE_LIT("b"), SLICE_LIT("u"));
	tally_fault(t, FAULT_DEADLINE, SLICE_LIT("a"), SLICE_LIT("u"));
	tally_fault(t, FAULT_BUSY, SLICE_LIT("a"), SLICE_LIT("u"));
	ck_assert_uint_eq(tally_last_faults(t, last), 3);
	fault_is(&last[0], FAULT_BUSY, "a", 2);
	fault_is(&last[1], FAULT_DEADLINE, "a", 1);
	fault_is(&last[2], FAULT_BUSY, "b", 1);
	ck_assert(slice_eq(slice_of(last[0].upstream, last[0].upstream_len), SLICE_LIT("u")));
}
END_TEST

START_TEST(the_oldest_fault_makes_room)
{
	struct tally_fault last[TALLY_FAULTS];
	static char longest[2 * TALLY_LABEL_MAX];
	memset(longest, 'x', sizeof(longest));
	for (unsigned i = 0; i < TALLY_FAULTS; i++) {
		char name = (char)('a' + i);
		tally_fault(t, FAULT_BUSY, slice_of(&name, 1), (struct slice){0});
	}
	tally_fault(t, FAULT_BUSY, slice_of(longest, sizeof(longest)),
		    slice_of(longest, sizeof(longest)));
	tally_fault(t, FAULT_BUSY, slice_of(longest, sizeof(longest)),
		    slice_of(longest, sizeof(longest)));
	ck_assert_uint_eq(tally_last_faults(t, last), TALLY_FAULTS);
	ck_assert_uint_eq(last[0].tenant_len, TALLY_TENANT_MAX);
	ck_assert_uint_eq(last[0].upstream_len, TALLY_LABEL_MAX);
	ck_assert_uint_eq(last[0].times, 2);
	fault_is(&last[1], FAULT_BUSY, "p", 1);
	fault_is(&last[TALLY_FAULTS - 1], FAULT_BUSY, "b", 1);
}
END_TEST

START_TEST(what_was_counted_elsewhere_goes_to_its_place)
{
	static const struct {
		enum fault fault;
		uint64_t times;
		int64_t last_ms;
	} added[] = {
		{FAULT_TOO_LARGE, 2, 1},		 /* behind all */
		{FAULT_METHOD, 3, INT64_MAX},		 /* before all */
		{FAULT_NO_CALLER, 4, INT64_MAX - 1},	 /* what nobody had here, too: forward */
		{FAULT_BUSY, 5, INT64_MAX - 2},		 /* that of a tenant stays by itself */
		{FAULT_UPSTREAM_DOWN, 6, INT64_MAX - 3}, /* the next one is told alike */
		{FAULT_UPSTREAM_BLOCKED, 7, 2},
	};
	struct tally_faults list;
	tally_fault(t, FAULT_NO_CALLER, (struct slice){0}, (struct slice){0});
	tally_fault(t, FAULT_BUSY, SLICE_LIT("a"), (struct slice){0});
	list.count = tally_last_faults(t, list.of);
	for (size_t i = 0; i < COUNT_OF(added); i++) {
		const struct civil last = {.ms = added[i].last_ms};
		tally_faults_add(&list, added[i].fault, added[i].times, last);
	}
	ck_assert_uint_eq(list.count, 6);
	fault_is(&list.of[0], FAULT_METHOD, "", 3);
	fault_is(&list.of[1], FAULT_NO_CALLER, "", 5);
	fault_is(&list.of[2], FAULT_BUSY, "", 5);
	fault_is(&list.of[3], FAULT_UPSTREAM_BLOCKED, "", 13);
	fault_is(&list.of[4], FAULT_BUSY, "a", 1);
	fault_is(&list.of[5], FAULT_TOO_LARGE, "", 2);
	ck_assert_int_eq(list.of[3].last.ms, INT64_MAX - 3);
}
END_TEST

START_TEST(who_was_turned_away_is_counted)
{
	ck_assert_uint_eq(tally_all_turned_away(t), 0);
	tally_turned_away(t);
	tally_turned_away(t);
	ck_assert_uint_eq(tally_all_turned_away(t), 2);
}
END_TEST

START_TEST(without_memory_there_is_none)
{
	for (unsigned n = 1;; n++) {
		struct tally *made = NULL;
		oom_arm(n);
		enum fault f = tally_new(3, 3, &made);
		if (!oom_disarm()) {
			ck_assert_int_eq(f, FAULT_NONE);
			tally_free(&made);
			break;
		}
		/* A name that finds no room is one of the others. */
		ck_assert(f == FAULT_NO_MEMORY ? made == NULL : tally_upstream_count(made) == 5);
		tally_free(&made);
	}
}
END_TEST

START_TEST(a_name_without_memory_is_other)
{
	oom_arm(1);
	tally_read(t, SLICE_LIT("acme"), 9);
	ck_assert(oom_disarm());
	write_page();
	has("tenant_received_bytes_total{tenant=\"other\"} 9\n");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("gateway/tally");
	TCase *c = tcase_create("tally");
	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, stages_are_those_of_a_flight);
	tcase_add_test(c, it_adds_up);
	tcase_add_test(c, faults_that_are_told_alike_are_one_sample);
	tcase_add_test(c, what_is_past_the_limit_is_other);
	tcase_add_test(c, only_what_came_is_told_of);
	tcase_add_test(c, the_last_faults_come_first_and_once);
	tcase_add_test(c, the_oldest_fault_makes_room);
	tcase_add_test(c, what_was_counted_elsewhere_goes_to_its_place);
	tcase_add_test(c, who_was_turned_away_is_counted);
	tcase_add_test(c, without_memory_there_is_none);
	tcase_add_test(c, a_name_without_memory_is_other);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return check_main(suite());
}
