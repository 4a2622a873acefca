#include "relay/command/selfcheck_report.h"

#include <string.h>

#include "tests/support/check_main.h"

static struct selfcheck_report r;
static struct buf text;

static void setup(void)
{
	memset(&r, 0, sizeof(r));
	buf_init(&text, 256 * 1024);
}

static void teardown(void)
{
	buf_deinit(&text);
}

static void add_three(void)
{
	selfcheck_report_add(&r, "gateway", SLICE_LIT("creat"), SELFCHECK_PASSED,
			     SLICE_LIT("refused"));
	selfcheck_report_add(&r, "keeper", SLICE_LIT("memory \"x\""), SELFCHECK_FAILED,
			     SLICE_LIT("found"));
	selfcheck_report_add(&r, "mail", SLICE_LIT("job"), SELFCHECK_NOT_TRIED, (struct slice){0});
}

START_TEST(test_table)
{
	static const char expected[] =
		"gateway  creat                                       passed    refused\n"
		"keeper   memory \"x\"                                  FAILED    found\n"
		"mail     job                                         not tried \n"
		"1 passed, 1 failed, 1 not tried\n";
	add_three();
	ck_assert_int_eq(selfcheck_report_table(&r, &text), FAULT_NONE);
	ck_assert_uint_eq(text.len, strlen(expected));
	ck_assert(slice_eq(buf_view(&text), slice_of_text(expected)));
}
END_TEST

START_TEST(test_json)
{
	static const char expected[] =
		"{\"version\":\"" PAGEPOST_VERSION
		"\",\"passed\":1,\"failed\":1,\"not_tried\":1,\"checks\":["
		"{\"of\":\"gateway\",\"what\":\"creat\",\"result\":\"passed\",\"detail\":"
		"\"refused\"},"
		"{\"of\":\"keeper\",\"what\":\"memory "
		"\\\"x\\\"\",\"result\":\"failed\",\"detail\":\"found\"},"
		"{\"of\":\"mail\",\"what\":\"job\",\"result\":\"not-tried\",\"detail\":\"\"}]}\n";
	add_three();
	ck_assert_int_eq(selfcheck_report_json(&r, &text), FAULT_NONE);
	ck_assert(slice_eq(buf_view(&text), slice_of_text(expected)));
}
END_TEST

START_TEST(test_too_many_rows_fail)
{
	char longer[SELFCHECK_DETAIL_MAX + 50];
	memset(longer, 'x', sizeof(longer));
	for (size_t i = 0; i < SELFCHECK_ROWS_MAX; i++) {
		selfcheck_report_add(&r, "mail", SLICE_LIT("a"), SELFCHECK_PASSED,
				     slice_of(longer, sizeof(longer)));
	}
	ck_assert_uint_eq(r.results[SELFCHECK_FAILED], 0);
	selfcheck_report_add(&r, "mail", SLICE_LIT("a"), SELFCHECK_PASSED, (struct slice){0});
	ck_assert_uint_eq(r.count, SELFCHECK_ROWS_MAX);
	ck_assert_uint_eq(r.results[SELFCHECK_FAILED], 1);
	ck_assert_int_eq(selfcheck_report_table(&r, &text), FAULT_NONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("selfcheck_report");
	TCase *t = tcase_create("selfcheck_report");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_table);
	tcase_add_test(t, test_json);
	tcase_add_test(t, test_too_many_rows_fail);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
