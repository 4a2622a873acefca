#include "spool-free/base/event.h"

#include <fcntl.h>
#include <unistd.h>

#include "spool-free/base/instant.h"
#include "tests/support/check_main.h"

static int ends[2];

static void open_pipe(void)
{
	ck_assert_int_eq(pipe2(ends, O_NONBLOCK), 0);
	event_start(ends[1], SLICE_LIT("gateway"));
}

static void close_pipe(void)
{
	event_start(-1, (struct slice){0});
	close(ends[0]);
	close(ends[1]);
}

/* What was written since the last call, without the time in front. */
static struct slice written(void)
{
	static char bytes[8192];
	ssize_t n = read(ends[0], bytes, sizeof(bytes));
	if (n <= 0) {
		return (struct slice){0};
	}
	ck_assert_int_gt(n, CIVIL_RFC3339_LEN);
	ck_assert_int_eq(bytes[10], 'T');
	ck_assert_int_eq(bytes[CIVIL_RFC3339_LEN - 1], 'Z');
	return slice_skip(slice_of(bytes, (size_t)n), CIVIL_RFC3339_LEN);
}

START_TEST(writes_one_line)
{
	event_log(EVENT_JOB_DONE, EVENT_TEXT("job", SLICE_LIT("0192-aB")), EVENT_NUMBER("ms", 41));
	ck_assert(
		slice_eq(written(), SLICE_LIT(" info job.done proc=gateway job=0192-aB ms=41\n")));
	event_log(EVENT_JOB_FAULT, EVENT_FAULT(FAULT_TOO_LARGE), EVENT_NUMBER("n", UINT64_MAX),
		  EVENT_NUMBER("zero", 0));
	ck_assert(slice_eq(written(), SLICE_LIT(" warning job.fault proc=gateway fault=too-large "
						"n=18446744073709551615 zero=0\n")));
}
END_TEST

START_TEST(text_is_tamed)
{
	event_log(EVENT_REQUEST_BAD, EVENT_TEXT("a", SLICE_LIT("x\r\ny z=1 \"\0\xC3\xA4@")),
		  EVENT_TEXT("b", SLICE_LIT("-_.:/")), EVENT_TEXT("c", SLICE_LIT("")));
	ck_assert(slice_eq(written(), SLICE_LIT(" warning request.bad proc=gateway "
						"a=x??y?z?1?????? b=-_.:/ c=\n")));
}
END_TEST

START_TEST(a_long_line_is_cut_and_ends)
{
	static char large[4096];
	struct event_field fields[40];
	for (size_t i = 0; i < sizeof(large); i++) {
		large[i] = 'a';
	}
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		fields[i] = EVENT_TEXT("key", slice_of(large, sizeof(large)));
	}
	event_write(EVENT_START, fields, COUNT_OF(fields));
	struct slice line = written();
	ck_assert_uint_le(line.len, 1024);
	ck_assert_uint_gt(line.len, 900);
	ck_assert_uint_eq(slice_find_byte(line, '\n'), line.len - 1);
}
END_TEST

START_TEST(says_nothing_before_its_start)
{
	event_start(-1, (struct slice){0});
	event_log(EVENT_START, EVENT_NUMBER("n", 1));
	ck_assert_uint_eq(written().len, 0);
	event_start(ends[1], (struct slice){0});
	event_log(EVENT_START, EVENT_NUMBER("n", 1));
	ck_assert(slice_eq(written(), SLICE_LIT(" info start n=1\n")));
}
END_TEST

START_TEST(a_log_that_is_full_stops_nobody)
{
	for (int i = 0; i < 5000; i++) {
		event_log(EVENT_START, EVENT_NUMBER("n", (uint64_t)i));
	}
	ck_assert_uint_gt(written().len, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/event");
	TCase *t = tcase_create("event");
	tcase_add_checked_fixture(t, open_pipe, close_pipe);
	tcase_add_test(t, writes_one_line);
	tcase_add_test(t, text_is_tamed);
	tcase_add_test(t, a_long_line_is_cut_and_ends);
	tcase_add_test(t, says_nothing_before_its_start);
	tcase_add_test(t, a_log_that_is_full_stops_nobody);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
