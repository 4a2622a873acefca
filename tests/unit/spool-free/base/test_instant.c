#include "spool-free/base/instant.h"

#include "tests/support/check_main.h"

START_TEST(deadlines)
{
	const struct instant ten = {.ms = 10};
	const struct instant last = {.ms = UINT64_MAX};
	ck_assert_uint_eq(instant_after(ten, 5).ms, 15);
	ck_assert_uint_eq(instant_after(ten, UINT64_MAX).ms, UINT64_MAX);
	ck_assert_uint_eq(instant_after(last, 1).ms, UINT64_MAX);
	ck_assert(!instant_is_past(ten, (struct instant){.ms = 9}));
	ck_assert(instant_is_past(ten, ten));
	ck_assert(instant_is_past(ten, last));
	ck_assert_uint_eq(instant_left_ms(ten, (struct instant){.ms = 3}), 7);
	ck_assert_uint_eq(instant_left_ms(ten, ten), 0);
	ck_assert_uint_eq(instant_left_ms(ten, last), 0);
}
END_TEST

START_TEST(clocks_are_read)
{
	struct instant before = instant_now();
	struct instant after = instant_now();
	ck_assert_uint_ge(after.ms, before.ms);
	/* 2020-01-01: later than that it is on any machine that builds this. */
	ck_assert_int_gt(civil_now().ms, 1577836800000);
}
END_TEST

static const struct {
	int64_t ms;
	const char *rfc3339;
	const char *rfc5322;
} moments[] = {
	{0, "1970-01-01T00:00:00.000Z", "Thu, 01 Jan 1970 00:00:00 +0000"},
	{-1, "1969-12-31T23:59:59.999Z", "Wed, 31 Dec 1969 23:59:59 +0000"},
	{951782400000, "2000-02-29T00:00:00.000Z", "Tue, 29 Feb 2000 00:00:00 +0000"},
	{951868799999, "2000-02-29T23:59:59.999Z", "Tue, 29 Feb 2000 23:59:59 +0000"},
	{1795305028123, "2026-11-21T23:50:28.123Z", "Sat, 21 Nov 2026 23:50:28 +0000"},
	{4107542400000, "2100-03-01T00:00:00.000Z", "Mon, 01 Mar 2100 00:00:00 +0000"},
	{4107542399999, "2100-02-28T23:59:59.999Z", "Sun, 28 Feb 2100 23:59:59 +0000"},
	{253402300799999, "9999-12-31T23:59:59.999Z", "Fri, 31 Dec 9999 23:59:59 +0000"},
	{253402300800000, "9999-12-31T23:59:59.999Z", "Fri, 31 Dec 9999 23:59:59 +0000"},
	{INT64_MAX, "9999-12-31T23:59:59.999Z", "Fri, 31 Dec 9999 23:59:59 +0000"},
	{-62167219200000, "0000-01-01T00:00:00.000Z", "Sat, 01 Jan 0000 00:00:00 +0000"},
	{INT64_MIN, "0000-01-01T00:00:00.000Z", "Sat, 01 Jan 0000 00:00:00 +0000"},
};

START_TEST(dates_are_written)
{
	char rfc3339[CIVIL_RFC3339_LEN];
	char rfc5322[CIVIL_RFC5322_LEN];
	struct civil at = {.ms = moments[_i].ms};
	civil_rfc3339(at, rfc3339);
	civil_rfc5322(at, rfc5322);
	ck_assert_msg(
		slice_eq(slice_of(rfc3339, sizeof(rfc3339)), slice_of_text(moments[_i].rfc3339)),
		"%.*s", CIVIL_RFC3339_LEN, rfc3339);
	ck_assert_msg(
		slice_eq(slice_of(rfc5322, sizeof(rfc5322)), slice_of_text(moments[_i].rfc5322)),
		"%.*s", CIVIL_RFC5322_LEN, rfc5322);
}
END_TEST

static unsigned days_of(int year, unsigned month)
{
	static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return days[month - 1] + (month == 2 && leap);
}

/* Every day of 1,200 years before and after the epoch, counted up one by one. */
START_TEST(every_day_follows_the_one_before)
{
	int64_t days = civil_days(-230, 1, 1);
	for (int year = -230; year < 2170; year++) {
		for (unsigned month = 1; month <= 12; month++) {
			for (unsigned day = 1; day <= days_of(year, month); day++, days++) {
				int y = 0;
				unsigned m = 0, d = 0;
				civil_date(days, &y, &m, &d);
				if (civil_days(year, month, day) != days || y != year ||
				    m != month || d != day) {
					ck_abort_msg("%d-%u-%u", year, month, day);
				}
			}
		}
	}
	ck_assert_int_eq(civil_days(1970, 1, 1), 0);
}
END_TEST

static const struct {
	const char *text;
	bool good;
	int64_t ms;
} written[] = {
	{"1970-01-01T00:00:00Z", true, 0},
	{"2026-11-21T23:50:28.123Z", true, 1795305028123},
	{"2026-11-21t23:50:28.1239999z", true, 1795305028123},
	{"2026-11-21T23:50:28.1Z", true, 1795305028100},
	{"2026-11-22T01:50:28.123+02:00", true, 1795305028123},
	{"2026-11-21T18:20:28.123-05:30", true, 1795305028123},
	{"2026-11-21T23:50:28-00:00", true, 1795305028000},
	{"2000-02-29T00:00:00Z", true, 951782400000},
	{"1990-12-31T23:59:60Z", true, 662688000000},
	{"1990-12-31T15:59:60-08:00", true, 662688000000},
	{"9999-12-31T23:59:59.999Z", true, 253402300799999},
	{"0000-01-01T00:00:00Z", true, -62167219200000},
	{"", false, 0},
	{"2026-11-21", false, 0},
	{"2026-11-21T23:50Z", false, 0},
	{"2026-11-21T23:50:28", false, 0},
	{"2026-11-21 23:50:28Z", false, 0},
	{"2026-11-21T23:50:28Z ", false, 0},
	{" 2026-11-21T23:50:28Z", false, 0},
	{"2026-11-21T23:50:28.Z", false, 0},
	{"2026-11-21T23:50:28,5Z", false, 0},
	{"2026-11-21T24:00:00Z", false, 0},
	{"2026-11-21T23:60:00Z", false, 0},
	{"2026-11-21T23:50:60Z", false, 0},
	{"2026-11-21T23:50:61Z", false, 0},
	{"2026-11-21T23:50:28+0200", false, 0},
	{"2026-11-21T23:50:28+24:00", false, 0},
	{"2026-11-21T23:50:28+02", false, 0},
	{"2026-13-01T00:00:00Z", false, 0},
	{"2026-00-01T00:00:00Z", false, 0},
	{"2026-02-29T00:00:00Z", false, 0},
	{"2100-02-29T00:00:00Z", false, 0},
	{"2026-04-31T00:00:00Z", false, 0},
	{"2026-04-00T00:00:00Z", false, 0},
	{"26-04-01T00:00:00Z", false, 0},
	{"02026-04-01T00:00:00Z", false, 0},
	{"-026-04-01T00:00:00Z", false, 0},
	{"2026-4-01T00:00:00Z", false, 0},
};

START_TEST(dates_are_read)
{
	struct civil at = {.ms = 4711};
	bool good = civil_parse(slice_of_text(written[_i].text), &at);
	ck_assert_msg(good == written[_i].good, "%s", written[_i].text);
	ck_assert_int_eq(at.ms, good ? written[_i].ms : 4711);
}
END_TEST

/* Every start of a good one is refused, and read without a step past its end. */
START_TEST(starts_of_a_date_are_refused)
{
	struct slice whole = SLICE_LIT("2026-11-22T01:50:28.123+02:00");
	struct civil at;
	for (size_t n = 0; n < whole.len; n++) {
		ck_assert(!civil_parse(slice_first(whole, n), &at));
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/instant");
	TCase *t = tcase_create("instant");
	tcase_add_test(t, deadlines);
	tcase_add_test(t, clocks_are_read);
	tcase_add_loop_test(t, dates_are_written, 0, COUNT_OF(moments));
	tcase_add_loop_test(t, dates_are_read, 0, COUNT_OF(written));
	tcase_add_test(t, starts_of_a_date_are_refused);
	tcase_add_test(t, every_day_follows_the_one_before);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
