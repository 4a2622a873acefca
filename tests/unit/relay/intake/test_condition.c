#include "relay/intake/condition.h"

#include "tests/support/check_main.h"

static const struct {
	const char *match, *none_match;
	bool removes;
	enum fault fault;
	enum keeper_condition_kind kind;
	uint32_t version;
} rows[] = {
	{NULL, NULL, false, FAULT_NONE, KEEPER_IF_NEW, 0},
	{NULL, NULL, true, FAULT_NONE, KEEPER_IF_ANY, 0},
	{NULL, "*", false, FAULT_NONE, KEEPER_IF_ABSENT, 0},
	{"*", NULL, false, FAULT_NONE, KEEPER_IF_ANY, 0},
	{"*", NULL, true, FAULT_NONE, KEEPER_IF_ANY, 0},
	{"\"1\"", NULL, false, FAULT_NONE, KEEPER_IF_VERSION, 1},
	{"\"4294967295\"", NULL, true, FAULT_NONE, KEEPER_IF_VERSION, UINT32_MAX},
	{"\"0\"", NULL, false, FAULT_PRECONDITION, 0, 0},
	{"\"4294967296\"", NULL, false, FAULT_PRECONDITION, 0, 0},
	{"\"abc\"", NULL, false, FAULT_PRECONDITION, 0, 0},
	{"\"-1\"", NULL, false, FAULT_PRECONDITION, 0, 0},
	{"\"\"", NULL, false, FAULT_PRECONDITION, 0, 0},
	{"\"1, 2\"", NULL, false, FAULT_MALFORMED, 0, 0},
	{"", NULL, false, FAULT_MALFORMED, 0, 0},
	{"1", NULL, false, FAULT_MALFORMED, 0, 0},
	{"\"1", NULL, false, FAULT_MALFORMED, 0, 0},
	{"1\"", NULL, false, FAULT_MALFORMED, 0, 0},
	{"\"", NULL, false, FAULT_MALFORMED, 0, 0},
	{"W/\"1\"", NULL, false, FAULT_MALFORMED, 0, 0},
	{"\"1\", \"2\"", NULL, false, FAULT_MALFORMED, 0, 0},
	{"\"1\",\"2\"", NULL, true, FAULT_MALFORMED, 0, 0},
	{"*, \"1\"", NULL, false, FAULT_MALFORMED, 0, 0},
	{"**", NULL, false, FAULT_MALFORMED, 0, 0},
	{NULL, "", false, FAULT_MALFORMED, 0, 0},
	{NULL, "\"1\"", false, FAULT_MALFORMED, 0, 0},
	{NULL, "*", true, FAULT_MALFORMED, 0, 0},
	{"*", "*", false, FAULT_MALFORMED, 0, 0},
	{"\"1\"", "*", true, FAULT_MALFORMED, 0, 0},
};

START_TEST(reads)
{
	const struct condition_fields fields = {.match = slice_of_text(rows[_i].match),
						.none_match = slice_of_text(rows[_i].none_match),
						.removes = rows[_i].removes};
	struct keeper_condition c = {0};
	struct problem p = {0};
	enum fault f = condition_read(&fields, &c, &p);
	ck_assert_uint_eq(f, rows[_i].fault);
	if (f == FAULT_NONE) {
		ck_assert_uint_eq(c.kind, rows[_i].kind);
		ck_assert_uint_eq(c.version, rows[_i].version);
	} else {
		ck_assert_uint_eq(p.fault, f);
		ck_assert_uint_gt(p.len, 20);
	}
	ck_assert_uint_eq(condition_read(&fields, &c, NULL), f);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/condition");
	TCase *t = tcase_create("condition");
	tcase_add_loop_test(t, reads, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
