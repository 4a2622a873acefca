#include "relay/smtp/breaker.h"

#include "tests/support/check_main.h"

/*
 * What happens, letter by letter, with the clock at 0: F failure, S success, t the one that is due goes, d it ended without
 * a verdict, a digit: so many seconds pass. Behind it the state: closed, open, due, trying.
 */
static const struct {
	const char *name;
	unsigned failures;
	const char *play;
	enum smtp_breaker_state state;
} rows[] = {
	{"new", 3, "", SMTP_BREAKER_CLOSED},
	{"one failure", 3, "F", SMTP_BREAKER_CLOSED},
	{"two failures", 3, "FF", SMTP_BREAKER_CLOSED},
	{"three in a row", 3, "FFF", SMTP_BREAKER_OPEN},
	{"not in a row", 3, "FFSFF", SMTP_BREAKER_CLOSED},
	{"the first one is enough", 1, "F", SMTP_BREAKER_OPEN},
	{"never", 0, "FFFFFFFFF", SMTP_BREAKER_CLOSED},
	{"not over yet", 1, "F1", SMTP_BREAKER_OPEN},
	{"the pause is over", 1, "F2", SMTP_BREAKER_DUE},
	{"still due", 1, "F29", SMTP_BREAKER_DUE},
	{"trying", 1, "F2t", SMTP_BREAKER_TRYING},
	{"trying for long", 1, "F2t99", SMTP_BREAKER_TRYING},
	{"back", 1, "F2tS", SMTP_BREAKER_CLOSED},
	{"back, and all is forgotten", 3, "FFF2tSFF", SMTP_BREAKER_CLOSED},
	{"failed again", 1, "F2tF", SMTP_BREAKER_OPEN},
	{"failed again: a longer pause", 1, "F2tF3", SMTP_BREAKER_OPEN},
	{"the longer pause is over", 1, "F2tF4", SMTP_BREAKER_DUE},
	{"and a longer one", 1, "F2tF4tF7", SMTP_BREAKER_OPEN},
	{"is over, too", 1, "F2tF4tF8", SMTP_BREAKER_DUE},
	{"no pause is longer than the longest", 1, "F2tF4tF8tF9", SMTP_BREAKER_DUE},
	{"after success the pause is short again", 1, "F2tF4tSF2", SMTP_BREAKER_DUE},
	{"one failure is enough for who was open", 3, "FFF2tF", SMTP_BREAKER_OPEN},
	{"no verdict", 1, "F2td", SMTP_BREAKER_DUE},
	{"no verdict, once more", 1, "F2tdtS", SMTP_BREAKER_CLOSED},
	{"a failure of one that went before", 1, "FF", SMTP_BREAKER_OPEN},
	{"makes no pause longer", 1, "FFFF2", SMTP_BREAKER_DUE},
	{"nor when it is due", 1, "F2FF", SMTP_BREAKER_DUE},
	{"a success of one that went before", 1, "FS", SMTP_BREAKER_CLOSED},
	{"no verdict while closed", 2, "FdF", SMTP_BREAKER_OPEN},
};

START_TEST(plays)
{
	struct smtp_breaker b = {.failures = 0};
	struct instant now = {.ms = 0};
	const struct smtp_breaker_rule rule = {.failures = rows[_i].failures,
					       .pause = {.base_ms = 2000, .most_ms = 9000}};
	for (const char *p = rows[_i].play; *p != '\0'; p++) {
		bool was_closed = smtp_breaker_state(&b, now) == SMTP_BREAKER_CLOSED;
		if (*p == 'F') {
			bool opened = smtp_breaker_failed(&b, &rule, now, 0);
			ck_assert(!opened || smtp_breaker_state(&b, now) == SMTP_BREAKER_OPEN);
		} else if (*p == 'S') {
			ck_assert_int_eq(smtp_breaker_succeeded(&b), !was_closed);
		} else if (*p == 't') {
			ck_assert_int_eq(smtp_breaker_state(&b, now), SMTP_BREAKER_DUE);
			smtp_breaker_try(&b);
		} else if (*p == 'd') {
			smtp_breaker_drop(&b);
		} else {
			now = instant_after(now, (uint64_t)(*p - '0') * 1000);
		}
	}
	ck_assert_msg(smtp_breaker_state(&b, now) == rows[_i].state, "%s", rows[_i].name);
}
END_TEST

/* Chance shortens the pause by up to half, so that not all come back at the same moment. */
START_TEST(chance_shortens)
{
	struct smtp_breaker b = {.failures = 0};
	const struct smtp_breaker_rule rule = {.failures = 1,
					       .pause = {.base_ms = 2000, .most_ms = 9000}};
	ck_assert(smtp_breaker_failed(&b, &rule, (struct instant){.ms = 5}, 1000));
	ck_assert_uint_eq(b.until.ms, 1005);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp breaker");
	TCase *t = tcase_create("breaker");
	tcase_add_loop_test(t, plays, 0, COUNT_OF(rows));
	tcase_add_test(t, chance_shortens);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
