#include "relay/smtp/pace.h"

#include "spool-free/base/macros.h"
#include "tests/support/check_main.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, START = 10 * HOUR };

/* What was taken when (seconds after the start), and how long the next ones have to wait then. */
static const struct {
	const char *name;
	unsigned per_minute, per_hour;
	struct {
		unsigned at_s, units;
	} taken[4]; /* units 0: no more */
	unsigned at_s;
	unsigned ahead, units;
	uint64_t wait_ms;
} rows[] = {
	{"no limit", 0, 0, {{0, 1000}}, 0, 1000, 1000, 0},
	{"the first", 3, 0, {{0, 0}}, 0, 0, 1, 0},
	{"the third", 3, 0, {{0, 2}}, 0, 0, 1, 0},
	{"the fourth", 3, 0, {{0, 3}}, 0, 0, 1, 61 * SECOND},
	{"the fourth, a little later", 3, 0, {{0, 3}}, 20, 0, 1, 41 * SECOND},
	{"a minute later, a part of it counts still", 3, 0, {{0, 3}}, 60, 0, 1, 1 * SECOND},
	{"all past", 3, 0, {{0, 3}}, 61, 0, 1, 0},
	{"long past", 3, 0, {{0, 3}}, 100000, 0, 1, 0},
	{"the oldest leaves first", 3, 0, {{0, 1}, {10, 2}}, 30, 0, 1, 31 * SECOND},
	{"two have to leave", 3, 0, {{0, 1}, {10, 2}}, 30, 0, 2, 41 * SECOND},
	{"one before it", 3, 0, {{0, 1}, {10, 2}}, 30, 1, 1, 41 * SECOND},
	{"three before it: a minute behind the first of them",
	 3,
	 0,
	 {{0, 1}, {10, 2}},
	 30,
	 3,
	 1,
	 92 * SECOND},
	{"as many before it as fit", 3, 0, {{0, 0}}, 0, 2, 1, 0},
	{"one more: a minute later", 3, 0, {{0, 0}}, 0, 3, 1, 61 * SECOND},
	{"two minutes later", 3, 0, {{0, 0}}, 0, 6, 1, 122 * SECOND},
	{"more at once than there may be: alone", 3, 0, {{0, 0}}, 0, 0, 50, 0},
	{"and not beside another", 3, 0, {{0, 1}}, 0, 0, 50, 61 * SECOND},
	{"an hour", 0, 3, {{0, 3}}, 60, 0, 1, 60 * MINUTE},
	{"an hour, by its parts", 0, 3, {{0, 1}, {90, 2}}, 120, 0, 1, 59 * MINUTE},
	{"an hour later", 0, 3, {{0, 3}}, 61 * 60, 0, 1, 0},
	{"the longer wait counts: hour", 3, 3, {{0, 3}}, 0, 0, 1, 61 * MINUTE},
	{"the longer wait counts: minute", 2, 9, {{0, 2}}, 0, 0, 1, 61 * SECOND},
	{"many", 0, 500, {{0, 200}, {600, 200}, {1200, 100}}, 1800, 0, 1, 31 * MINUTE},
};

START_TEST(waits)
{
	struct smtp_pace p = {.lost = 0};
	smtp_pace_set(&p, &(struct smtp_pace_limits){.connections = 1,
						     .per_minute = rows[_i].per_minute,
						     .per_hour = rows[_i].per_hour});
	for (size_t i = 0; i < 4 && rows[_i].taken[i].units > 0; i++) {
		smtp_pace_take(&p, rows[_i].taken[i].units,
			       (struct instant){START + rows[_i].taken[i].at_s * SECOND});
	}
	const struct instant now = {START + rows[_i].at_s * UINT64_C(1000)};
	uint64_t ms = smtp_pace_wait_ms(&p, rows[_i].ahead, rows[_i].units, now);
	ck_assert_msg(ms == rows[_i].wait_ms, "%s: %ju", rows[_i].name, (uintmax_t)ms);
}
END_TEST

/* Whatever the times are, no minute has more than allowed, and who waits as long as told may go. */
START_TEST(keeps_the_limit)
{
	enum { LIMIT = 7, MANY = 500 };
	static uint64_t taken_at[MANY];
	struct smtp_pace p = {.lost = 0};
	uint64_t now = START + 123;
	smtp_pace_set(&p, &(struct smtp_pace_limits){.connections = 1, .per_minute = LIMIT});
	for (size_t i = 0; i < MANY; i++) {
		uint64_t wait_ms = smtp_pace_wait_ms(&p, 0, 1, (struct instant){now});
		now += wait_ms;
		ck_assert_uint_eq(smtp_pace_wait_ms(&p, 0, 1, (struct instant){now}), 0);
		smtp_pace_take(&p, 1, (struct instant){now});
		taken_at[i] = now;
		ck_assert(i < LIMIT || taken_at[i] - taken_at[i - LIMIT] > MINUTE);
		now += i * 7919 % 20000;
	}
}
END_TEST

START_TEST(gives_back)
{
	struct smtp_pace p = {.lost = 0};
	struct instant then = {START}, later = {START + 30 * SECOND};
	smtp_pace_set(&p, &(struct smtp_pace_limits){.connections = 1, .per_minute = 2});
	smtp_pace_take(&p, 2, then);
	smtp_pace_give_back(&p, 1, then, later);
	ck_assert_uint_eq(smtp_pace_wait_ms(&p, 0, 1, later), 0);
	ck_assert_uint_gt(smtp_pace_wait_ms(&p, 0, 2, later), 0);
	/* more than was taken, or long ago: nothing comes of it */
	smtp_pace_give_back(&p, 5, then, later);
	ck_assert_uint_gt(smtp_pace_wait_ms(&p, 0, 2, later), 0);
	later.ms += HOUR;
	smtp_pace_take(&p, 2, later);
	smtp_pace_give_back(&p, 1, then, later);
	ck_assert_uint_gt(smtp_pace_wait_ms(&p, 0, 1, later), 0);
}
END_TEST

/*
 * T the server asks for patience for ten seconds, + a message went well, s a second passes, m a minute does; then the
 * connections that there may be.
 */
static const struct {
	const char *name;
	unsigned most;
	const char *play;
	unsigned connections;
} climbs[] = {
	{"as many as allowed", 8, "", 8},
	{"none allowed is one", 0, "", 1},
	{"success adds none past the most", 2, "++++++++", 2},
	{"half", 8, "T", 4},
	{"told by several at once: half", 8, "TTT", 4},
	{"told again behind the pause: a quarter", 8, "TmT", 2},
	{"never none", 3, "TmTmTmT", 1},
	{"one is one", 1, "T", 1},
	{"three, then one", 3, "T", 1},
	{"not yet more", 8, "Tm+++", 4},
	{"four went well: one more", 8, "Tm++++", 5},
	{"five more: another", 8, "Tm+++++++++", 6},
	{"all of them again", 4, "Tm+++++", 4},
	{"counted anew behind a pause", 8, "Tm+++mT++", 3},
};

START_TEST(climbs_and_falls)
{
	struct smtp_pace p = {.lost = 0};
	struct instant now = {START};
	smtp_pace_set(&p, &(struct smtp_pace_limits){.connections = climbs[_i].most});
	for (const char *c = climbs[_i].play; *c != '\0'; c++) {
		if (*c == 'T') {
			smtp_pace_throttled(&p, 10 * SECOND, now);
		} else if (*c == '+') {
			smtp_pace_went_well(&p);
		} else {
			now.ms += *c == 'm' ? MINUTE : SECOND;
		}
	}
	ck_assert_msg(smtp_pace_connections(&p) == climbs[_i].connections, "%s: %u",
		      climbs[_i].name, smtp_pace_connections(&p));
}
END_TEST

START_TEST(pauses)
{
	struct smtp_pace p = {.lost = 0};
	struct instant now = {START};
	smtp_pace_set(&p, &(struct smtp_pace_limits){.connections = 4});
	smtp_pace_throttled(&p, 10 * SECOND, now);
	smtp_pace_throttled(&p, 5 * SECOND, now); /* no pause gets shorter */
	ck_assert_uint_eq(smtp_pace_wait_ms(&p, 0, 1, now), 10 * SECOND);
	now.ms += 10 * SECOND;
	ck_assert_uint_eq(smtp_pace_wait_ms(&p, 0, 1, now), 0);
}
END_TEST

START_TEST(fewer_are_allowed)
{
	struct smtp_pace p = {.lost = 0};
	smtp_pace_set(&p, &(struct smtp_pace_limits){.connections = 8});
	smtp_pace_throttled(&p, SECOND, (struct instant){START});
	smtp_pace_set(&p, &(struct smtp_pace_limits){.connections = 2});
	ck_assert_uint_eq(smtp_pace_connections(&p), 1);
	smtp_pace_set(&p, &(struct smtp_pace_limits){.connections = 8});
	ck_assert_uint_eq(smtp_pace_connections(&p), 7);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp pace");
	TCase *t = tcase_create("pace");
	tcase_add_loop_test(t, waits, 0, COUNT_OF(rows));
	tcase_add_test(t, keeps_the_limit);
	tcase_add_test(t, gives_back);
	tcase_add_loop_test(t, climbs_and_falls, 0, COUNT_OF(climbs));
	tcase_add_test(t, pauses);
	tcase_add_test(t, fewer_are_allowed);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
