#include "spool-free/base/event.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
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

static struct slice whole(void)
{
	static char bytes[8192];
	ssize_t n = read(ends[0], bytes, sizeof(bytes));
	return slice_of(bytes, n > 0 ? (size_t)n : 0);
}

static void open_form(enum event_form form)
{
	const struct event_sink sink = {.fd = ends[1], .form = form};
	event_open(&sink, SLICE_LIT("gateway"));
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
	ck_assert_uint_le(line.len, EVENT_LINE_MAX);
	ck_assert_uint_gt(line.len, EVENT_LINE_MAX - 300);
	ck_assert_uint_eq(slice_find_byte(line, '\n'), line.len - 1);
	/* What does not fit is left out as a whole; what is short behind it may fit. */
	fields[COUNT_OF(fields) - 1] = EVENT_NUMBER("last", 7);
	event_write(EVENT_START, fields, COUNT_OF(fields));
	ck_assert(slice_ends(written(), SLICE_LIT("a last=7\n")));
}
END_TEST

/* Every length of the last value: the line's end is there, and the line is whole. */
START_TEST(a_line_of_every_length_ends)
{
	static const enum event_form forms[] = {EVENT_FORM_TEXT, EVENT_FORM_JSON,
						EVENT_FORM_JOURNAL};
	char filler[EVENT_VALUE_MAX];
	struct event_field fields[EVENT_LINE_MAX / EVENT_VALUE_MAX + 2];
	memset(filler, 'a', sizeof(filler));
	open_form(forms[_i]);
	for (size_t n = 0; n < EVENT_VALUE_MAX; n++) {
		for (size_t i = 0; i < COUNT_OF(fields); i++) {
			fields[i] = EVENT_TEXT("k", slice_of(filler, sizeof(filler)));
		}
		fields[1].text.len = n;
		event_write(EVENT_START, fields, COUNT_OF(fields));
		struct slice line = whole();
		ck_assert_uint_gt(line.len, 0);
		ck_assert(slice_ends(line, _i == 1 ? SLICE_LIT("\"}\n") : SLICE_LIT("a\n")));
	}
}
END_TEST

START_TEST(the_same_as_json)
{
	open_form(EVENT_FORM_JSON);
	event_log(EVENT_JOB_DONE, EVENT_TEXT("job", SLICE_LIT("0192-a\"B")), EVENT_NUMBER("ms", 41),
		  EVENT_QUOTED("said", SLICE_LIT("a \"b\" \\ \n\xC3")));
	struct slice line = whole();
	ck_assert(slice_starts(line, SLICE_LIT("{\"time\":\"2")));
	ck_assert(slice_ends(
		line,
		SLICE_LIT("Z\",\"level\":\"info\",\"event\":\"job.done\",\"proc\":\"gateway\","
			  "\"job\":\"0192-a?B\",\"ms\":41,"
			  "\"said\":\"a \\\"b\\\" \\\\ ??\"}\n")));
}
END_TEST

START_TEST(the_same_for_the_journal)
{
	open_form(EVENT_FORM_JOURNAL);
	event_log(EVENT_JOB_FAULT, EVENT_TEXT("job", SLICE_LIT("x\ny")),
		  EVENT_QUOTED("said", SLICE_LIT("a \"b\"\nPRIORITY=0")),
		  EVENT_NUMBER("wait_ms", 1));
	ck_assert(slice_eq(
		whole(),
		SLICE_LIT("SYSLOG_IDENTIFIER=pagepost\nPRIORITY=4\n"
			  "MESSAGE=job.fault proc=gateway job=x?y said=\"a \\\"b\\\"?PRIORITY=0\" "
			  "wait_ms=1\n"
			  "PAGEPOST_EVENT=job.fault\nPAGEPOST_PROC=gateway\nPAGEPOST_JOB=x?y\n"
			  "PAGEPOST_SAID=a \"b\"?PRIORITY=0\nPAGEPOST_WAIT_MS=1\n")));
}
END_TEST

/* On a stream to journald its level is a line's priority, also in a process that this one starts. */
START_TEST(lines_for_journald_have_their_priority)
{
	struct event_sink sink = {.fd = ends[1], .is_prioritized = true};
	event_open(&sink, SLICE_LIT("gateway"));
	event_log(EVENT_JOB_DONE, EVENT_NUMBER("ms", 1));
	ck_assert(slice_starts(whole(), SLICE_LIT("<6>2")));
	event_log(EVENT_JOB_FAULT, EVENT_NUMBER("ms", 1));
	ck_assert(slice_starts(whole(), SLICE_LIT("<4>2")));
	sink.form = EVENT_FORM_JSON;
	event_open(&sink, SLICE_LIT("gateway"));
	event_log(EVENT_CHILD_ENDED, EVENT_NUMBER("ms", 1));
	ck_assert(slice_starts(whole(), SLICE_LIT("<3>{\"time\"")));
	sink.form = EVENT_FORM_JOURNAL;
	event_open(&sink, SLICE_LIT("gateway"));
	unsigned manner = event_manner();
	event_log(EVENT_CHILD_ENDED, EVENT_NUMBER("ms", 1));
	ck_assert(slice_starts(whole(), SLICE_LIT("SYSLOG_IDENTIFIER=")));
	event_start_in(manner, ends[1], SLICE_LIT("pictures"));
	event_log(EVENT_JOB_FAULT, EVENT_NUMBER("ms", 1));
	ck_assert(slice_starts(whole(), SLICE_LIT("<4>2")));
}
END_TEST

START_TEST(what_may_lack_is_left_out)
{
	event_log(EVENT_JOB_FAULT, EVENT_MAYBE("cause", (struct slice){0}),
		  EVENT_MAYBE("phase", SLICE_LIT("rcpt")), EVENT_MAYBE_FAULT(FAULT_NONE),
		  EVENT_TEXT("tenant", (struct slice){0}));
	ck_assert(slice_eq(written(),
			   SLICE_LIT(" warning job.fault proc=gateway phase=rcpt tenant=\n")));
}
END_TEST

START_TEST(below_the_least_level_nothing_is_written)
{
	event_set_least(EVENT_LEVEL_warning);
	event_log(EVENT_JOB_DONE, EVENT_NUMBER("ms", 1));
	ck_assert_uint_eq(written().len, 0);
	event_log(EVENT_JOB_FAULT, EVENT_NUMBER("ms", 1));
	ck_assert_uint_gt(written().len, 0);
	event_log(EVENT_CHILD_ENDED, EVENT_NUMBER("ms", 1));
	ck_assert_uint_gt(written().len, 0);
	event_set_least(EVENT_LEVEL_info);
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

/* A process that this one starts writes as this one does; but it has no journal. */
START_TEST(a_manner_is_handed_on)
{
	open_form(EVENT_FORM_JSON);
	event_set_least(EVENT_LEVEL_warning);
	unsigned as_json = event_manner();
	open_form(EVENT_FORM_JOURNAL);
	event_set_least(EVENT_LEVEL_info);
	unsigned as_text = event_manner();
	ck_assert_uint_ne(as_text, 0);
	event_start_in(as_json, ends[1], SLICE_LIT("pictures"));
	event_log(EVENT_START, EVENT_NUMBER("n", 1));
	event_log(EVENT_JOB_FAULT, EVENT_NUMBER("n", 1));
	ck_assert(slice_starts(whole(), SLICE_LIT("{\"time\":")));
	ck_assert_uint_eq(whole().len, 0);
	event_start_in(as_text, ends[1], SLICE_LIT("pictures"));
	event_log(EVENT_START, EVENT_NUMBER("n", 1));
	ck_assert(slice_eq(written(), SLICE_LIT(" info start proc=pictures n=1\n")));
}
END_TEST

static size_t lines_read;

static bool read_lines(struct slice *out_last)
{
	static char bytes[8192];
	ssize_t n = read(ends[0], bytes, sizeof(bytes));
	for (ssize_t i = 0; i < n; i++) {
		lines_read += bytes[i] == '\n';
	}
	*out_last = slice_of(bytes, n > 0 ? (size_t)n : 0);
	return n > 0;
}

/* Each line is either read or counted, and the next one that fits comes behind the count. */
START_TEST(a_log_that_is_full_stops_nobody)
{
	enum { LINES = 5000 };
	struct slice last;
	char number[32];
	uint64_t before = event_dropped();
	for (int i = 0; i < LINES; i++) {
		event_log(EVENT_START, EVENT_NUMBER("n", (uint64_t)i));
	}
	uint64_t dropped = event_dropped() - before;
	ck_assert_uint_gt(dropped, 0);
	lines_read = 0;
	while (read_lines(&last)) {
	}
	ck_assert_uint_eq(lines_read + dropped, LINES);
	event_log(EVENT_STOP, EVENT_NUMBER("n", 1));
	ck_assert(read_lines(&last));
	snprintf(number, sizeof(number), " count=%zu\n", (size_t)dropped);
	ck_assert_uint_lt(slice_find(last, SLICE_LIT(" warning log.dropped proc=gateway count=")),
			  last.len);
	ck_assert_uint_lt(slice_find(last, slice_of_text(number)), last.len);
	ck_assert(slice_ends(last, SLICE_LIT(" info stop proc=gateway n=1\n")));
	event_log(EVENT_STOP, EVENT_NUMBER("n", 2));
	ck_assert(slice_ends(written(), SLICE_LIT(" info stop proc=gateway n=2\n")));
}
END_TEST

/* A socket that nobody reads is no reason to wait, although it blocks otherwise. */
START_TEST(a_socket_is_not_waited_for)
{
	int pair[2];
	uint64_t before = event_dropped();
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	const struct event_sink sink = {.fd = pair[1], .is_socket = true};
	event_open(&sink, SLICE_LIT("gateway"));
	for (int i = 0; i < 5000; i++) {
		event_log(EVENT_START, EVENT_NUMBER("n", (uint64_t)i));
	}
	ck_assert_uint_gt(event_dropped(), before);
	close(pair[0]);
	event_log(EVENT_START, EVENT_NUMBER("n", 1)); /* nobody is there: no signal either */
	close(pair[1]);
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
	tcase_add_loop_test(t, a_line_of_every_length_ends, 0, 3);
	tcase_add_test(t, the_same_as_json);
	tcase_add_test(t, the_same_for_the_journal);
	tcase_add_test(t, lines_for_journald_have_their_priority);
	tcase_add_test(t, what_may_lack_is_left_out);
	tcase_add_test(t, below_the_least_level_nothing_is_written);
	tcase_add_test(t, a_manner_is_handed_on);
	tcase_add_test(t, a_log_that_is_full_stops_nobody);
	tcase_add_test(t, a_socket_is_not_waited_for);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
