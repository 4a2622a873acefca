#include "relay/command/log_line.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"

#define TIME   "2026-11-21T23:50:28.123Z"
#define NATIVE "\"__REALTIME_TIMESTAMP\":\"1795305028123456\",\"_PID\":\"7\""

/* What is read, as text again; NULL: it is no event. */
static const struct {
	const char *in;
	const char *text;
} rows[] = {
	{TIME " info stop", TIME " info stop\n"},
	{TIME " info job.done proc=gateway job=019a ms=41\n",
	 TIME " info job.done proc=gateway job=019a ms=41\n"},
	{TIME " warning request.bad fault=\r\n", TIME " warning request.bad fault=\n"},
	{"Nov 21 23:50:29 host pagepost[12]: " TIME " error child.ended status=1",
	 TIME " error child.ended status=1\n"},
	{"2026-11-22T00:50:28.123+01:00 info stop", TIME " info stop\n"},
	{TIME " info start said=\"a \\\"b\\\" \\\\ c\" ms=1",
	 TIME " info start said=\"a \\\"b\\\" \\\\ c\" ms=1\n"},
	{TIME " info of.tomorrow new=field", TIME " info of.tomorrow new=field\n"},
	{"{\"time\":\"" TIME
	 "\",\"level\":\"info\",\"event\":\"job.done\",\"job\":\"x\",\"ms\":41}",
	 TIME " info job.done job=x ms=41\n"},
	{"{\"level\":\"info\",\"nested\":{\"a\":[1]},\"ms\":41,\"event\":\"job.done\",\"time\":"
	 "\"" TIME "\",\"ok\":true}",
	 TIME " info job.done ms=41\n"},
	{"{" NATIVE ",\"PRIORITY\":\"6\",\"PAGEPOST_EVENT\":\"stop\",\"MESSAGE\":\"stop "
	 "proc=gateway\"}",
	 TIME " info stop proc=gateway\n"},
	{"{" NATIVE ",\"_SOURCE_REALTIME_TIMESTAMP\":\"1795305027999999\",\"PRIORITY\":\"3\","
	 "\"PAGEPOST_EVENT\":\"stop\",\"MESSAGE\":\"stop\"}",
	 "2026-11-21T23:50:27.999Z error stop\n"},
	{"<4>" TIME " warning request.bad", TIME " warning request.bad\n"},
	{"<6>{\"time\":\"" TIME "\",\"level\":\"info\",\"event\":\"stop\"}", TIME " info stop\n"},
	{"{" NATIVE ",\"PRIORITY\":\"4\",\"MESSAGE\":\"" TIME " info stop fault=busy\"}",
	 TIME " info stop fault=busy\n"},
	{"{" NATIVE ",\"MESSAGE\":\"{\\\"time\\\":\\\"" TIME
	 "\\\",\\\"level\\\":\\\"error\\\",\\\"event\\\":\\\"stop\\\"}\"}",
	 TIME " error stop\n"},
	{TIME " info stop job=a job=b time=c level=d event=e ms=1 ms=2",
	 TIME " info stop job=a ms=1\n"},
	{"{\"time\":\"" TIME
	 "\",\"level\":\"info\",\"event\":\"stop\",\"job\":\"a\",\"job\":\"b\"}",
	 TIME " info stop job=a\n"},
	/* No control byte reaches a terminal. */
	{TIME " info stop job=\x1B[31m", TIME " info stop job=?[31m\n"},
	{"{\"time\":\"" TIME "\",\"level\":\"info\",\"event\":\"stop\",\"job\":\"a\\u001bb c\"}",
	 TIME " info stop job=a?b?c\n"},
	/* What begins as a quoted value is written as one. */
	{"{\"time\":\"" TIME "\",\"level\":\"info\",\"event\":\"stop\",\"job\":\"\\\"a b\"}",
	 TIME " info stop job=\"\\\"a b\"\n"},
	/* The line's own time and level are the only ones. */
	{TIME " info stop time=5 level=error event=start job=x", TIME " info stop job=x\n"},
	{"", NULL},
	{" ", NULL},
	{"noise", NULL},
	{"<4>", NULL},
	{"<>" TIME " info stop", NULL},
	{TIME, NULL},
	{TIME " info", NULL},
	{TIME " loud stop", NULL},
	{TIME " info st\xC3\xB6p", NULL},
	{TIME " info stop noise", NULL},
	{TIME " info stop =x", NULL},
	{TIME " info stop said=\"open", NULL},
	{TIME " info stop said=\"open\\", NULL},
	{TIME " info stop said=\"a\"b", NULL},
	{"2026-11-21 23:50:28 info stop", NULL},
	{"2026-13-21T23:50:28.123Z info stop", NULL},
	{"{", NULL},
	{"{}", NULL},
	{"[]", NULL},
	{"{\"time\":\"" TIME "\",\"level\":\"info\"}", NULL},
	{"{\"time\":\"now\",\"level\":\"info\",\"event\":\"stop\"}", NULL},
	{"{\"time\":\"" TIME "\",\"level\":\"info\",\"event\":\"stop\"} more", NULL},
	{"{\"time\":\"" TIME "\",\"level\":\"info\",\"event\":\"stop\"", NULL},
	{"{" NATIVE ",\"MESSAGE\":\"pagepost: another word\"}", NULL},
	{"{" NATIVE ",\"MESSAGE\":[104,105]}", NULL},
	{"{\"PAGEPOST_EVENT\":\"stop\",\"MESSAGE\":\"stop\"}", NULL},
};

/* In a room of exactly its size, so that a byte past it is seen. */
static bool read_row(const char *in, struct log_line *l, char **out_room)
{
	size_t len = strlen(in);
	*out_room = malloc(len > 0 ? len : 1);
	memcpy(*out_room, in, len);
	return log_line_read(l, *out_room, len);
}

START_TEST(lines_are_read)
{
	struct log_line l;
	struct buf text;
	char *room;
	bool is_event = read_row(rows[_i].in, &l, &room);
	ck_assert_msg(is_event == (rows[_i].text != NULL), "%s", rows[_i].in);
	buf_init(&text, LOG_LINE_MAX);
	if (is_event) {
		ck_assert_uint_eq(log_line_put_text(&l, &text), FAULT_NONE);
		ck_assert_msg(slice_eq(buf_view(&text), slice_of_text(rows[_i].text)), "%.*s",
			      (int)text.len, text.ptr);
	}
	buf_deinit(&text);
	free(room);
}
END_TEST

START_TEST(numbers_stay_numbers)
{
	struct log_line l;
	struct buf json;
	char *room;
	ck_assert(
		read_row(TIME " info recipient job=12 code=550 said=\"a \\\"b\" ms=x", &l, &room));
	buf_init(&json, LOG_LINE_MAX);
	ck_assert_uint_eq(log_line_put_json(&l, &json), FAULT_NONE);
	ck_assert(slice_eq(
		buf_view(&json),
		SLICE_LIT("{\"time\":\"" TIME "\",\"level\":\"info\",\"event\":\"recipient\","
			  "\"job\":\"12\",\"code\":550,\"said\":\"a \\\"b\",\"ms\":\"x\"}\n")));
	buf_deinit(&json);
	free(room);
}
END_TEST

START_TEST(values_are_found)
{
	struct log_line l;
	struct slice value;
	char *room;
	ck_assert(read_row(TIME " info job.done job=12", &l, &room));
	ck_assert(log_line_value(&l, SLICE_LIT("event"), &value) &&
		  slice_eq(value, SLICE_LIT("job.done")));
	ck_assert(log_line_value(&l, SLICE_LIT("day"), &value) &&
		  slice_eq(value, SLICE_LIT("2026-11-21")));
	ck_assert(log_line_value(&l, SLICE_LIT("hour"), &value) &&
		  slice_eq(value, SLICE_LIT("2026-11-21T23")));
	ck_assert(log_line_value(&l, SLICE_LIT("job"), &value) && slice_eq(value, SLICE_LIT("12")));
	ck_assert(!log_line_value(&l, SLICE_LIT("jo"), &value));
	free(room);
}
END_TEST

START_TEST(too_many_fields_are_left_out)
{
	struct log_line l;
	enum { SOME = 8 };
	char line[(LOG_FIELDS_MAX + SOME) * 5 + 64] = TIME " info stop";
	char *room;
	for (size_t i = 0, at = strlen(line); i < LOG_FIELDS_MAX + SOME; i++, at += 5) {
		const char field[] = {' ', (char)('a' + i % 8), (char)('a' + i / 8), '=', 'v',
				      '\0'};
		memcpy(line + at, field, sizeof(field));
	}
	ck_assert(read_row(line, &l, &room));
	ck_assert_uint_eq(l.count, LOG_FIELDS_MAX);
	free(room);
}
END_TEST

/* What the log writes is read back, in each form, whatever its values are. */
START_TEST(what_is_written_is_read)
{
	static const enum event_form forms[] = {EVENT_FORM_TEXT, EVENT_FORM_JSON};
	int ends[2];
	char bytes[EVENT_LINE_MAX];
	char all[256];
	struct log_line l;
	struct slice value;
	for (size_t i = 0; i < sizeof(all); i++) {
		all[i] = (char)i;
	}
	ck_assert_int_eq(pipe(ends), 0);
	const struct event_sink sink = {.fd = ends[1], .form = forms[_i]};
	event_open(&sink, SLICE_LIT("gateway"));
	event_log(EVENT_JOB_FAULT, EVENT_TEXT("job", slice_of(all, sizeof(all))),
		  EVENT_QUOTED("said", slice_of(all, 128)), EVENT_NUMBER("ms", 7));
	event_start(-1, (struct slice){0});
	ssize_t n = read(ends[0], bytes, sizeof(bytes));
	ck_assert_int_gt(n, 0);
	ck_assert(log_line_read(&l, bytes, (size_t)n));
	ck_assert(log_line_value(&l, SLICE_LIT("said"), &value));
	ck_assert(slice_eq(slice_first(slice_skip(value, 32), 95), slice_of(all + 32, 95)));
	ck_assert(log_line_value(&l, SLICE_LIT("ms"), &value) && slice_eq(value, SLICE_LIT("7")));
	ck_assert_uint_eq(l.count, 4);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("command/log_line");
	TCase *t = tcase_create("log_line");
	tcase_add_loop_test(t, lines_are_read, 0, COUNT_OF(rows));
	tcase_add_test(t, numbers_stay_numbers);
	tcase_add_test(t, values_are_found);
	tcase_add_test(t, too_many_fields_are_left_out);
	tcase_add_loop_test(t, what_is_written_is_read, 0, 2);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
