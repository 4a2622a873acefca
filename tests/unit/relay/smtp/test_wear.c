#include "relay/smtp/wear.h"

#include "spool-free/base/macros.h"
#include "tests/support/check_main.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

static const struct {
	const char *name;
	struct smtp_mileage ends[4]; /* farewells; messages 0: no more of them */
	uint64_t messages, age_ms, idle_ms;
} rows[] = {
	{"none", {{0, 0, 0}}, 0, 0, 0},
	{"hung up before its first message", {{0, 300000, 300000}, {0, 300000, 300000}}, 0, 0, 0},
	{"once may be chance", {{9, 600000, 300000}}, 0, 0, 0},
	{"rested for five minutes, twice",
	 {{9, 600000, 300000}, {5, 400000, 300000}},
	 0,
	 0,
	 240000},
	{"the longer one of two", {{9, 600000, 300000}, {9, 600000, 10000}}, 0, 0, 240000},
	{"the shorter pair",
	 {{9, 600000, 300000}, {9, 600000, 10000}, {9, 600000, 5000}},
	 0,
	 0,
	 8000},
	{"a longer one behind them changes nothing",
	 {{9, 600000, 10000}, {9, 600000, 10000}, {9, 900000, 300000}},
	 0,
	 0,
	 8000},
	{"too short a rest to be the reason: messages",
	 {{10, 5000, 1999}, {10, 5000, 0}},
	 10,
	 0,
	 0},
	{"the smallest rest that is one", {{10, 5000, 2000}, {10, 5000, 2000}}, 0, 0, 1600},
	{"right behind the tenth message, twice", {{10, 5000, 0}, {10, 5000, 0}}, 10, 0, 0},
	{"by chance behind the first, then behind the tenth",
	 {{1, 500, 0}, {10, 5000, 0}},
	 10,
	 0,
	 0},
	{"one message", {{1, 100, 0}, {1, 100, 0}}, 1, 0, 0},
	{"many in a long life: messages",
	 {{100, 10 * MINUTE, 0}, {100, 12 * MINUTE, 0}},
	 100,
	 0,
	 0},
	{"few in a long life: age", {{2, 10 * MINUTE, 1000}, {1, 5 * MINUTE, 0}}, 0, 8 * MINUTE, 0},
	{"few in less than a minute: messages", {{3, MINUTE - 1, 0}, {2, 1000, 0}}, 3, 0, 0},
	{"once of each kind", {{2, 10 * MINUTE, 0}, {50, 5000, 0}, {5, MINUTE, 30000}}, 0, 0, 0},
};

START_TEST(learns)
{
	struct smtp_wear w = {.messages = {0, 0}};
	ck_assert(smtp_wear_is_blank(&w));
	for (size_t i = 0; i < 4; i++) {
		smtp_wear_learn(&w, &rows[_i].ends[i], (struct instant){1000});
	}
	ck_assert_int_eq(smtp_wear_is_blank(&w), rows[_i].ends[0].messages == 0);
	ck_assert_msg(w.messages.limit == rows[_i].messages && w.age_ms.limit == rows[_i].age_ms &&
			      w.idle_ms.limit == rows[_i].idle_ms,
		      "%s: %ju %ju %ju", rows[_i].name, (uintmax_t)w.messages.limit,
		      (uintmax_t)w.age_ms.limit, (uintmax_t)w.idle_ms.limit);
}
END_TEST

START_TEST(forgets)
{
	struct smtp_wear w = {.messages = {0, 0}};
	const struct smtp_mileage m = {.messages = 5, .age_ms = 100};
	smtp_wear_learn(&w, &m, (struct instant){1000});
	smtp_wear_learn(&w, &m, (struct instant){2000});
	smtp_wear_forget(&w, (struct instant){2000 + HOUR - 1});
	ck_assert(smtp_wear_is_worn(&w, &m));
	smtp_wear_forget(&w, (struct instant){2000 + HOUR});
	ck_assert(!smtp_wear_is_worn(&w, &m) && smtp_wear_is_blank(&w));
}
END_TEST

static const struct {
	uint64_t messages, age_ms, idle_ms; /* limits */
	struct smtp_mileage now;
	bool worn;
} states[] = {
	{0, 0, 0, {UINT32_MAX, UINT64_MAX, UINT64_MAX}, false},
	{10, 0, 0, {9, 1, 1}, false},
	{10, 0, 0, {10, 1, 1}, true},
	{10, 0, 0, {11, 1, 1}, true},
	{0, 500, 0, {1, 499, 1}, false},
	{0, 500, 0, {1, 500, 1}, true},
	{0, 0, 500, {1, 1000, 499}, false},
	{0, 0, 500, {1, 1000, 500}, true},
	{10, 500, 500, {9, 499, 499}, false},
};

START_TEST(wears)
{
	const struct smtp_wear w = {.messages = {1, states[_i].messages},
				    .age_ms = {1, states[_i].age_ms},
				    .idle_ms = {1, states[_i].idle_ms}};
	ck_assert_int_eq(smtp_wear_is_worn(&w, &states[_i].now), states[_i].worn);
}
END_TEST

START_TEST(rests)
{
	struct smtp_wear w = {.idle_ms = {8000, 0}};
	ck_assert_uint_eq(smtp_wear_rest_ms(&w, 30000), 30000);
	w.idle_ms.limit = 8000;
	ck_assert_uint_eq(smtp_wear_rest_ms(&w, 30000), 8000);
	ck_assert_uint_eq(smtp_wear_rest_ms(&w, 5000), 5000);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp wear");
	TCase *t = tcase_create("wear");
	tcase_add_loop_test(t, learns, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, wears, 0, COUNT_OF(states));
	tcase_add_test(t, forgets);
	tcase_add_test(t, rests);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
