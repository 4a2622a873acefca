#include "relay/command/status_read.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"

static struct status *st;
static struct problem problem;

static void setup(void)
{
	st = calloc(1, sizeof(*st));
	ck_assert_ptr_nonnull(st);
}

static void teardown(void)
{
	free(st);
}

static char bytes[128 * 1024];

static enum fault read(const char *text)
{
	size_t len = strlen(text);
	ck_assert_uint_lt(len, sizeof(bytes));
	memcpy(bytes, text, len);
	return status_read(bytes, len, st, &problem);
}

START_TEST(all_of_it_is_read)
{
	ck_assert_int_eq(
		read("{\"version\":\"0.5.0\",\"pid\":7,\"now\":\"n\",\"started\":\"s\","
		     "\"stopping\":true,"
		     "\"loops\":2,\"jobs\":{\"in_flight\":3,\"limit\":4,\"ended\":{\"untried\":5,"
		     "\"delivered\":6,\"deferred\":7,\"refused\":8,\"uncertain\":9,\"partly\":10,"
		     "\"fault\":11,\"repeated\":12}},\"memory\":{\"used\":13,\"limit\":14},"
		     "\"bytes\":{\"received\":15,\"sent\":16},\"requests\":17,\"clients\":18,"
		     "\"keeper_up\":true,\"log_dropped\":19,\"process\":{\"cpu_ms\":20,"
		     "\"resident\":21,\"descriptors\":22,\"descriptors_limit\":23},\"upstreams\":["
		     "{\"name\":\"a:587\",\"tenant\":\"\",\"busy\":1,\"idle\":2,\"allowed\":3,"
		     "\"waiting\":4,\"throttled\":true,\"pause_ms\":5,\"breaker\":\"open\","
		     "\"class\":\"auth\",\"retry_ms\":6},{\"tenant\":\"acme\"}],"
		     "\"pauses\":[{\"what\":\"upstream\",\"name\":\"h\",\"port\":25,\"since\":"
		     "\"s\",\"until\":null,"
		     "\"reason\":\"r\"},{\"what\":\"all\"}],"
		     "\"upstreams_untold\":24,\"turned_away\":25,\"faults\":[{\"fault\":\"busy\","
		     "\"title\":\"T.\","
		     "\"owner\":\"operator\",\"tenant\":\"acme\",\"upstream\":\"u\",\"last\":\"l\","
		     "\"age_s\":25,\"times\":26}]}"),
		FAULT_NONE);
	ck_assert(slice_eq(st->version, SLICE_LIT("0.5.0")));
	ck_assert(st->stopping && st->keeper_up);
	const uint64_t numbers[] = {st->pid,
				    st->loops,
				    st->jobs,
				    st->jobs_limit,
				    st->untried,
				    st->delivered,
				    st->deferred,
				    st->refused,
				    st->uncertain,
				    st->partly,
				    st->fault,
				    st->repeated,
				    st->memory,
				    st->memory_limit,
				    st->received,
				    st->sent,
				    st->requests,
				    st->clients,
				    st->log_dropped,
				    st->cpu_ms,
				    st->resident,
				    st->descriptors,
				    st->descriptors_limit,
				    st->upstreams_untold,
				    st->turned_away};
	for (size_t i = 2; i < COUNT_OF(numbers); i++) {
		ck_assert_uint_eq(numbers[i], i + 1);
	}
	ck_assert_uint_eq(st->upstream_count, 2);
	const struct status_upstream *u = &st->upstreams[0];
	ck_assert(slice_eq(u->name, SLICE_LIT("a:587")) && slice_eq(u->class, SLICE_LIT("auth")));
	ck_assert(u->throttled && slice_eq(u->breaker, SLICE_LIT("open")));
	ck_assert_uint_eq(u->busy + 10 * u->idle + 100 * u->allowed + 1000 * u->waiting +
				  10000 * u->pause_ms + 100000 * u->retry_ms,
			  654321);
	ck_assert(slice_eq(st->upstreams[1].tenant, SLICE_LIT("acme")));
	ck_assert_uint_eq(st->pause_count, 2);
	ck_assert_uint_eq(st->pauses[0].port, 25);
	ck_assert(slice_eq(st->pauses[0].reason, SLICE_LIT("r")) && st->pauses[0].until.len == 0);
	ck_assert_uint_eq(st->fault_count, 1);
	ck_assert_uint_eq(st->faults[0].age_s, 25);
	ck_assert_uint_eq(st->faults[0].times, 26);
	ck_assert(slice_eq(st->faults[0].fault, SLICE_LIT("busy")));
}
END_TEST

/* A newer gateway says more, and otherwise. */
static const char *const passed_over[] = {
	"{}",
	"{\"new\":{\"a\":{\"b\":{\"c\":{\"d\":[1,{\"e\":2}]}}}},\"pid\":1}",
	"{\"pid\":\"no number\",\"version\":5,\"jobs\":[1,2],\"memory\":7,\"stopping\":null}",
	"{\"upstreams\":[{\"more\":{\"a\":[1]},\"name\":\"x\"}],\"faults\":[]}",
	"{\"0123456789012345678901234567890123456789012345678901234567890123456789\":{\"a\":1}}",
	"{\"jobs\":{\"ended\":{\"delivered\":18446744073709551616}}}",
};

START_TEST(what_is_not_known_is_passed_over)
{
	ck_assert_int_eq(read(passed_over[_i]), FAULT_NONE);
	ck_assert_uint_eq(st->delivered, 0);
}
END_TEST

static const char *const refused[] = {
	"",
	"[]",
	"null",
	"{",
	"{\"pid\":1",
	"{\"pid\":1}}",
	"{\"pid\":1} x",
	"{\"upstreams\":[1]}",
	"{\"upstreams\":[{]}",
	"{\"faults\":[{\"fault\":\"x\"]}",
	"{\"jobs\":{\"in_flight\":}}",
};

START_TEST(what_is_no_status_is_refused)
{
	ck_assert_int_eq(read(refused[_i]), FAULT_MALFORMED);
	ck_assert_uint_gt(problem.len, 0);
}
END_TEST

START_TEST(rows_past_the_limit_are_counted)
{
	static char many[64 * 1024] = "{\"upstreams\":[{}";
	size_t len = strlen(many);
	for (unsigned i = 0; i < STATUS_UPSTREAMS + 4; i++) {
		memcpy(many + len, ",{}", 3);
		len += 3;
	}
	memcpy(many + len, "],\"upstreams_untold\":2}", 24);
	ck_assert_int_eq(read(many), FAULT_NONE);
	ck_assert_uint_eq(st->upstream_count, STATUS_UPSTREAMS);
	/* The gateway's own number comes behind the list, and both count. */
	ck_assert_uint_eq(st->upstreams_untold + st->upstreams_left, 7);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("command/status_read");
	TCase *t = tcase_create("status_read");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, all_of_it_is_read);
	tcase_add_loop_test(t, what_is_not_known_is_passed_over, 0, COUNT_OF(passed_over));
	tcase_add_loop_test(t, what_is_no_status_is_refused, 0, COUNT_OF(refused));
	tcase_add_test(t, rows_past_the_limit_are_counted);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
