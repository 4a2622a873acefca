#include "spool-free/base/domain.h"

#include "tests/support/check_main.h"

static const struct {
	struct slice domain, host;
	bool holds;
} rows[] = {
	{SLICE_INIT("example.com"), SLICE_INIT("example.com"), true},
	{SLICE_INIT("example.com"), SLICE_INIT("mail.example.com"), true},
	{SLICE_INIT("example.com"), SLICE_INIT("a.b.example.com"), true},
	{SLICE_INIT("example.com"), SLICE_INIT("MAIL.Example.COM"), true},
	{SLICE_INIT("EXAMPLE.com"), SLICE_INIT("mail.example.com"), true},
	{SLICE_INIT("example.com"), SLICE_INIT("mail.example.com."), true},
	{SLICE_INIT("example.com"), SLICE_INIT("example.com."), true},
	{SLICE_INIT("com"), SLICE_INIT("example.com"), true},
	{SLICE_INIT("example.com"), SLICE_INIT("badexample.com"), false},
	{SLICE_INIT("example.com"), SLICE_INIT("bad-example.com"), false},
	{SLICE_INIT("example.com"), SLICE_INIT("example.com.evil.test"), false},
	{SLICE_INIT("example.com"), SLICE_INIT("mail.example.org"), false},
	{SLICE_INIT("example.com"), SLICE_INIT("xample.com"), false},
	{SLICE_INIT("example.com"), SLICE_INIT("com"), false},
	{SLICE_INIT("example.com"), SLICE_INIT("mail.example.com.."), false},
	{SLICE_INIT("example.com"), SLICE_INIT("."), false},
	{SLICE_INIT("example.com"), SLICE_INIT(""), false},
	{SLICE_INIT("mail.example.com"), SLICE_INIT("example.com"), false},
	{SLICE_INIT("example.com"), SLICE_INIT("mail.example.com\0"), false},
	{SLICE_INIT(""), SLICE_INIT("example.com"), false},
	{SLICE_INIT(""), SLICE_INIT("example.com."), false},
	{SLICE_INIT(""), SLICE_INIT("."), false},
	{SLICE_INIT(""), SLICE_INIT(""), false},
};

START_TEST(holds_what_lies_below)
{
	ck_assert_msg(domain_holds(rows[_i].domain, rows[_i].host) == rows[_i].holds, "%s, %s",
		      rows[_i].domain.ptr, rows[_i].host.ptr);
}
END_TEST

START_TEST(no_bytes_at_all)
{
	struct slice none = slice_of(NULL, 0);
	ck_assert(!domain_holds(none, none));
	ck_assert(!domain_holds(none, SLICE_LIT("example.com")));
	ck_assert(!domain_holds(SLICE_LIT("example.com"), none));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/domain");
	TCase *t = tcase_create("domain");
	tcase_add_loop_test(t, holds_what_lies_below, 0, COUNT_OF(rows));
	tcase_add_test(t, no_bytes_at_all);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
