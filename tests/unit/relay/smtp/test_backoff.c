#include "relay/smtp/backoff.h"

#include "spool-free/base/macros.h"
#include "tests/support/check_main.h"

static const struct {
	struct smtp_backoff rule;
	unsigned failed;
	uint64_t most, least; /* by the least and the greatest chance */
} rows[] = {
	{{1000, 30000}, 1, 1000, 500},
	{{1000, 30000}, 2, 2000, 1000},
	{{1000, 30000}, 3, 4000, 2000},
	{{1000, 30000}, 5, 16000, 8000},
	{{1000, 30000}, 6, 30000, 15000},
	{{1000, 30000}, 7, 30000, 15000},
	{{1000, 30000}, UINT32_MAX, 30000, 15000},
	{{1000, 30000}, 0, 1000, 500},
	{{1000, 10}, 1, 10, 5},
	{{1, 30000}, 1, 1, 1},
	{{0, 30000}, 9, 0, 0},
	{{1000, 0}, 3, 0, 0},
	{{0, 0}, 1, 0, 0},
	{{UINT64_MAX, UINT64_MAX}, 4, UINT64_MAX, UINT64_MAX - UINT64_MAX / 2},
	{{UINT64_MAX / 2 + 1, UINT64_MAX}, 2, UINT64_MAX, UINT64_MAX - UINT64_MAX / 2},
	{{1, UINT64_MAX}, 40, UINT64_C(1) << 31, UINT64_C(1) << 30},
};

START_TEST(waits)
{
	uint64_t most = rows[_i].most;
	ck_assert_uint_eq(smtp_backoff_ms(&rows[_i].rule, rows[_i].failed, 0), most);
	ck_assert_uint_eq(smtp_backoff_ms(&rows[_i].rule, rows[_i].failed, most / 2),
			  rows[_i].least);
}
END_TEST

/* Any chance gives a pause between both. */
START_TEST(stays_between)
{
	for (uint64_t chance = 1; chance < UINT64_MAX / 3; chance = chance * 3 + 1) {
		uint64_t ms = smtp_backoff_ms(&rows[_i].rule, rows[_i].failed, chance);
		ck_assert_uint_le(ms, rows[_i].most);
		ck_assert_uint_ge(ms, rows[_i].least);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp backoff");
	TCase *t = tcase_create("backoff");
	tcase_add_loop_test(t, waits, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, stays_between, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
