#include "spool-free/job/outcome.h"

#include "tests/support/check_main.h"

/* One letter a recipient: - untried, d delivered, 4 deferred, 5 refused, u uncertain */
static const struct {
	const char *recipients;
	enum outcome all;
} rows[] = {
	{"", OUTCOME_UNTRIED},	    {"-", OUTCOME_UNTRIED},    {"d", OUTCOME_DELIVERED},
	{"4", OUTCOME_DEFERRED},    {"5", OUTCOME_REFUSED},    {"u", OUTCOME_UNCERTAIN},
	{"ddd", OUTCOME_DELIVERED}, {"555", OUTCOME_REFUSED},  {"d5d", OUTCOME_PARTLY},
	{"4d", OUTCOME_PARTLY},	    {"-d", OUTCOME_PARTLY},    {"ud5", OUTCOME_PARTLY},
	{"u55", OUTCOME_UNCERTAIN}, {"4u", OUTCOME_UNCERTAIN}, {"-u", OUTCOME_UNCERTAIN},
	{"45", OUTCOME_DEFERRED},   {"5-", OUTCOME_DEFERRED},  {"4-", OUTCOME_DEFERRED},
};

static enum outcome outcome_by_letter(char letter)
{
	static const enum outcome by_letter[] = {
		['-'] = OUTCOME_UNTRIED, ['d'] = OUTCOME_DELIVERED, ['4'] = OUTCOME_DEFERRED,
		['5'] = OUTCOME_REFUSED, ['u'] = OUTCOME_UNCERTAIN,
	};
	return by_letter[(unsigned char)letter];
}

START_TEST(outcome_of_a_job)
{
	struct recipient_outcome all[3] = {{0}};
	size_t count = 0;
	for (const char *r = rows[_i].recipients; *r != '\0'; r++) {
		all[count++].outcome = outcome_by_letter(*r);
	}
	ck_assert_uint_eq(outcome_of_all(all, count), rows[_i].all);
}
END_TEST

START_TEST(all_have_names)
{
	ck_assert(slice_eq(outcome_name(OUTCOME_UNTRIED), SLICE_LIT("untried")));
	ck_assert(slice_eq(outcome_name(OUTCOME_DELIVERED), SLICE_LIT("delivered")));
	ck_assert(slice_eq(outcome_name(OUTCOME_DEFERRED), SLICE_LIT("deferred")));
	ck_assert(slice_eq(outcome_name(OUTCOME_REFUSED), SLICE_LIT("refused")));
	ck_assert(slice_eq(outcome_name(OUTCOME_UNCERTAIN), SLICE_LIT("uncertain")));
	ck_assert(slice_eq(outcome_name(OUTCOME_PARTLY), SLICE_LIT("partly")));
	ck_assert(slice_eq(phase_name(PHASE_NONE), SLICE_LIT("none")));
	ck_assert(slice_eq(phase_name(PHASE_STARTTLS), SLICE_LIT("starttls")));
	for (int p = PHASE_NONE; p <= PHASE_FINAL; p++) {
		ck_assert_uint_gt(phase_name((enum smtp_phase)p).len, 1);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("job/outcome");
	TCase *t = tcase_create("outcome");
	tcase_add_loop_test(t, outcome_of_a_job, 0, COUNT_OF(rows));
	tcase_add_test(t, all_have_names);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
