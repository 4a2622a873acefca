#include "relay/gateway/debugs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "spool-free/base/event.h"
#include "tests/support/check_main.h"

enum { LOG_ROOM = 16 * 1024, MINUTE = DEBUGS_MINUTE_MS };

static struct debugs *debugs;
static struct problem problem;

static const struct instant start = {.ms = 5000000};

static struct instant later(uint64_t ms)
{
	return instant_after(start, ms);
}

static void setup(void)
{
	ck_assert_int_eq(debugs_new(UINT64_C(60) * MINUTE, &debugs), FAULT_NONE);
}

static void teardown(void)
{
	debugs_free(&debugs);
	debugs_free(&debugs);
}

static enum fault on(const char *tenant, uint64_t minutes, uint64_t at_ms, struct debug *out)
{
	const struct debugs_wish w = {
		.tenant = slice_of_text(tenant),
		.minutes = minutes,
		.by = DEBUGS_BY_ADMIN,
		.now = later(at_ms),
		.date = {.ms = (int64_t)at_ms},
	};
	return debugs_on(debugs, &w, out, &problem);
}

static bool take(const char *tenant, uint64_t at_ms)
{
	return debugs_take_line(debugs, slice_of_text(tenant), later(at_ms));
}

START_TEST(none_is_on_at_first)
{
	struct debug list[DEBUGS_MAX];
	ck_assert(!take("acme", 0));
	ck_assert_uint_eq(debugs_list(debugs, start, list), 0);
	ck_assert(!debugs_off(debugs, SLICE_LIT("acme"), DEBUGS_BY_ADMIN, start));
}
END_TEST

START_TEST(it_is_one_tenants_and_ends_by_itself)
{
	struct debug d, found;
	ck_assert_int_eq(on("acme", 2, 0, &d), FAULT_NONE);
	ck_assert_int_eq(d.until.ms, 2 * MINUTE);
	ck_assert(take("acme", 0));
	ck_assert(!take("other", 0));
	ck_assert(!take("acm", 0));
	ck_assert(!take("acme2", 0));
	ck_assert(debugs_find(debugs, SLICE_LIT("acme"), later(2 * MINUTE - 1), &found));
	ck_assert_int_eq(found.until.ms, d.until.ms);
	ck_assert(!debugs_find(debugs, SLICE_LIT("acme"), later(2 * MINUTE), &found));
	ck_assert(!take("acme", 0));
	ck_assert_int_eq(on("acme", 1, 0, &d), FAULT_NONE);
	debugs_expire(debugs, later(MINUTE));
	ck_assert(!take("acme", 0));
}
END_TEST

START_TEST(off_is_off)
{
	struct debug d, list[DEBUGS_MAX];
	ck_assert_int_eq(on("acme", 60, 0, &d), FAULT_NONE);
	ck_assert_int_eq(on("other", 60, 0, &d), FAULT_NONE);
	ck_assert(debugs_off(debugs, SLICE_LIT("acme"), DEBUGS_BY_OPERATOR, start));
	ck_assert(!take("acme", 0));
	ck_assert(take("other", 0));
	ck_assert_uint_eq(debugs_list(debugs, start, list), 1);
	ck_assert(slice_eq(slice_of(list[0].tenant, list[0].tenant_len), SLICE_LIT("other")));
}
END_TEST

START_TEST(again_counts_from_then)
{
	struct debug d, list[DEBUGS_MAX];
	ck_assert_int_eq(on("acme", 60, 0, &d), FAULT_NONE);
	ck_assert_int_eq(on("acme", 1, MINUTE, &d), FAULT_NONE);
	ck_assert_int_eq(d.until.ms, 2 * MINUTE);
	ck_assert_uint_eq(debugs_list(debugs, later(MINUTE), list), 1);
	ck_assert(!take("acme", 2 * MINUTE));
}
END_TEST

START_TEST(the_settings_may_allow_less)
{
	struct debug d;
	debugs_free(&debugs);
	ck_assert_int_eq(debugs_new(1500, &debugs), FAULT_NONE);
	ck_assert_int_eq(on("acme", 60, 0, &d), FAULT_NONE);
	ck_assert_int_eq(d.until.ms, 1500);
	ck_assert(take("acme", 1499));
	ck_assert(!take("acme", 1500));
}
END_TEST

START_TEST(a_full_table_says_so)
{
	struct debug d;
	char name[16];
	for (unsigned i = 0; i < DEBUGS_MAX; i++) {
		snprintf(name, sizeof(name), "t%u", i);
		ck_assert_int_eq(on(name, i == 0 ? 1 : 60, 0, &d), FAULT_NONE);
	}
	problem.len = 0;
	ck_assert_int_eq(on("more", 1, 0, &d), FAULT_BUSY);
	ck_assert_uint_gt(problem.len, 0);
	ck_assert_int_eq(on("t5", 1, 0, &d), FAULT_NONE);
	ck_assert_int_eq(on("more", 1, MINUTE, &d), FAULT_NONE); /* two have ended */
}
END_TEST

START_TEST(lines_are_limited_and_what_is_left_out_is_told)
{
	int ends[2];
	char log[LOG_ROOM];
	struct debug d;
	ck_assert_int_eq(pipe(ends), 0);
	event_start(ends[1], (struct slice){0});
	ck_assert_int_eq(on("acme", 3, 0, &d), FAULT_NONE);
	for (unsigned i = 0; i < DEBUGS_LINES; i++) {
		ck_assert(take("acme", i));
	}
	ck_assert(!take("acme", 1));
	ck_assert(!take("acme", MINUTE - 1));
	ck_assert(take("acme", MINUTE)); /* another minute */
	for (unsigned i = 1; i < DEBUGS_LINES; i++) {
		ck_assert(take("acme", MINUTE + i));
	}
	ck_assert(!take("acme", 2 * MINUTE - 1));
	debugs_expire(debugs, later(3 * MINUTE));
	event_start(-1, (struct slice){0});
	ssize_t n = read(ends[0], log, sizeof(log) - 1);
	ck_assert_int_gt(n, 0);
	log[n] = '\0';
	ck_assert_ptr_nonnull(strstr(log, "debug.on tenant=acme by=admin seconds=180\n"));
	ck_assert_ptr_nonnull(strstr(log, "debug.cut tenant=acme count=2\n"));
	ck_assert_ptr_nonnull(strstr(log, "debug.cut tenant=acme count=1\n"));
	ck_assert_ptr_nonnull(strstr(log, "debug.off tenant=acme by=time\n"));
	close(ends[0]);
	close(ends[1]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("debugs");
	TCase *t = tcase_create("debugs");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, none_is_on_at_first);
	tcase_add_test(t, it_is_one_tenants_and_ends_by_itself);
	tcase_add_test(t, off_is_off);
	tcase_add_test(t, again_counts_from_then);
	tcase_add_test(t, the_settings_may_allow_less);
	tcase_add_test(t, a_full_table_says_so);
	tcase_add_test(t, lines_are_limited_and_what_is_left_out_is_told);
	suite_add_tcase(s, t);
	return check_main(s);
}
