#include "relay/command/log_time.h"

#include "tests/support/check_main.h"

#define NOW "2026-11-30T08:15:30.500Z"

static const struct {
	const char *text;
	const char *at; /* NULL: it is none */
} rows[] = {
	{"2026-11-21T23:50:28.123Z", "2026-11-21T23:50:28.123Z"},
	{"2026-11-22T00:50:28+01:00", "2026-11-21T23:50:28Z"},
	{"2026-11-21", "2026-11-21T00:00:00Z"},
	{"2026-11-21 23:50", "2026-11-21T23:50:00Z"},
	{"2026-11-21T23:50", "2026-11-21T23:50:00Z"},
	{"2026-11-21 23:50:28", "2026-11-21T23:50:28Z"},
	{"today", "2026-11-30T00:00:00Z"},
	{"yesterday", "2026-11-29T00:00:00Z"},
	{"90 min", "2026-11-30T06:45:30.500Z"},
	{"2h", "2026-11-30T06:15:30.500Z"},
	{"3 d", "2026-11-27T08:15:30.500Z"},
	{"", NULL},
	{"soon", NULL},
	{"2026-11", NULL},
	{"2026-02-30", NULL},
	{"2026-11-21 24:00", NULL},
	{"2026-11-21 23", NULL},
	{"2026/11/21", NULL},
	{"99999999999999999999 d", NULL},
	{"99999 d", NULL}, /* before 1970 */
	{"-1 h", NULL},
};

START_TEST(times_are_read)
{
	struct civil now, at, expected;
	ck_assert(civil_parse(SLICE_LIT(NOW), &now));
	bool is_time = log_time_parse(slice_of_text(rows[_i].text), now, &at);
	ck_assert_msg(is_time == (rows[_i].at != NULL), "%s", rows[_i].text);
	if (is_time) {
		ck_assert(civil_parse(slice_of_text(rows[_i].at), &expected));
		ck_assert_msg(at.ms == expected.ms, "%s", rows[_i].text);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("command/log_time");
	TCase *t = tcase_create("log_time");
	tcase_add_loop_test(t, times_are_read, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
