#include "relay/intake/parameter.h"

#include "tests/support/check_main.h"

/* What is left after the first parameter, or why there is none. */
static const struct {
	struct slice text;
	enum parameter_step step;
	struct slice name;
	struct slice value;
	struct slice rest;
} rows[] = {
	{SLICE_INIT(""), PARAMETER_END, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT(" \t "), PARAMETER_END, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT(";"), PARAMETER_END, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("; ;"), PARAMETER_END, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT(";a=b"), PARAMETER_ONE, SLICE_INIT("a"), SLICE_INIT("b"), SLICE_INIT("")},
	{SLICE_INIT(" ;\ta=b ; c=d"), PARAMETER_ONE, SLICE_INIT("a"), SLICE_INIT("b"),
	 SLICE_INIT("; c=d")},
	{SLICE_INIT(";;a=b;"), PARAMETER_ONE, SLICE_INIT("a"), SLICE_INIT("b"), SLICE_INIT(";")},
	{SLICE_INIT("; a=\"b;c=\\\"d\""), PARAMETER_ONE, SLICE_INIT("a"), SLICE_INIT("b;c=\\\"d"),
	 SLICE_INIT("")},
	{SLICE_INIT("; a=\"C:\\d\\\\\";b=c"), PARAMETER_ONE, SLICE_INIT("a"),
	 SLICE_INIT("C:\\d\\\\"), SLICE_INIT(";b=c")},
	{SLICE_INIT("; a=\"\""), PARAMETER_ONE, SLICE_INIT("a"), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("a=b"), PARAMETER_BAD, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("; =b"), PARAMETER_BAD, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("; a"), PARAMETER_BAD, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("; a="), PARAMETER_BAD, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("; a =b"), PARAMETER_BAD, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("; a= b"), PARAMETER_BAD, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("; a=b c"), PARAMETER_BAD, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("; a=b,c"), PARAMETER_BAD, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("; a=\"b"), PARAMETER_BAD, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("; a=\"b\\\""), PARAMETER_BAD, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("; a=\"b\"c"), PARAMETER_BAD, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("; a=b\"c\""), PARAMETER_BAD, SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
};

START_TEST(takes_one)
{
	struct slice rest = rows[_i].text;
	struct parameter p = {0};
	ck_assert_uint_eq(parameter_next(&rest, &p), rows[_i].step);
	if (rows[_i].step == PARAMETER_ONE) {
		ck_assert(slice_eq(p.name, rows[_i].name));
		ck_assert(slice_eq(p.value, rows[_i].value));
		ck_assert(slice_eq(rest, rows[_i].rest));
	}
}
END_TEST

START_TEST(cuts_the_head)
{
	struct slice rest = SLICE_LIT(" a/b ; c=d");
	ck_assert(slice_eq(parameter_head(&rest), SLICE_LIT("a/b")));
	ck_assert(slice_eq(rest, SLICE_LIT("; c=d")));
	rest = SLICE_LIT("a/b");
	ck_assert(slice_eq(parameter_head(&rest), SLICE_LIT("a/b")));
	ck_assert_uint_eq(rest.len, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/parameter");
	TCase *t = tcase_create("parameter");
	tcase_add_loop_test(t, takes_one, 0, COUNT_OF(rows));
	tcase_add_test(t, cuts_the_head);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
