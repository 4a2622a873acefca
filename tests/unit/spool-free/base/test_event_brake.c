#include "spool-free/base/event_brake.h"

#include <fcntl.h>
#include <unistd.h>

#include "spool-free/base/event.h"
#include "tests/support/check_main.h"

static const struct instant begin = {.ms = 5000};

static size_t take(struct event_brake *b, struct instant now, size_t times)
{
	size_t lets = 0;
	for (size_t i = 0; i < times; i++) {
		lets += event_brake_lets(b, EVENT_REQUEST_BAD, now) ? 1 : 0;
	}
	return lets;
}

START_TEST(so_many_a_minute_and_no_more)
{
	struct event_brake b = {0};
	ck_assert_uint_eq(take(&b, begin, EVENT_BRAKE_LINES), EVENT_BRAKE_LINES);
	ck_assert_uint_eq(take(&b, begin, 50), 0);
	ck_assert_uint_eq(take(&b, instant_after(begin, EVENT_BRAKE_MS - 1), 50), 0);
	ck_assert_uint_eq(take(&b, instant_after(begin, EVENT_BRAKE_MS), EVENT_BRAKE_LINES + 1),
			  EVENT_BRAKE_LINES);
}
END_TEST

START_TEST(what_was_spared_is_told_once)
{
	int ends[2];
	char bytes[1024];
	struct event_brake b = {0};
	ck_assert_int_eq(pipe2(ends, O_NONBLOCK), 0);
	event_start(ends[1], SLICE_LIT("gateway"));
	take(&b, begin, EVENT_BRAKE_LINES + 7);
	ck_assert_int_eq(read(ends[0], bytes, sizeof(bytes)), -1);
	take(&b, instant_after(begin, EVENT_BRAKE_MS), 2);
	take(&b, instant_after(begin, 3 * (uint64_t)EVENT_BRAKE_MS), 2);
	ssize_t n = read(ends[0], bytes, sizeof(bytes));
	event_start(-1, (struct slice){0});
	close(ends[0]);
	close(ends[1]);
	ck_assert_int_gt(n, CIVIL_RFC3339_LEN);
	ck_assert(slice_eq(slice_skip(slice_of(bytes, (size_t)n), CIVIL_RFC3339_LEN),
			   SLICE_LIT(" warning log.spared proc=gateway of=request.bad count=7\n")));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/event_brake");
	TCase *t = tcase_create("event_brake");
	tcase_add_test(t, so_many_a_minute_and_no_more);
	tcase_add_test(t, what_was_spared_is_told_once);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
