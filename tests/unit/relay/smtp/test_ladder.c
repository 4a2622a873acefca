#include "relay/smtp/ladder.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/check_main.h"

enum { HOUR_MS = 60 * 60 * 1000, BOOT_MS = 12345 };

static struct instant now;

/* Lessons, a letter each, and the rung that they lead to; H: 23 hours pass, D: a day, M: 64 days. */
static const struct {
	const char *name;
	const char *lessons; /* t taken, s safe, u unsure, l lost, b bad, n none */
	enum smtp_rung rung;
} rows[] = {
	{"unknown", "", SMTP_RUNG_APART},
	{"nothing learned", "n", SMTP_RUNG_APART},
	{"taken once", "t", SMTP_RUNG_PROBE},
	{"taken, and not probed", "ttt", SMTP_RUNG_PROBE},
	{"probed", "ts", SMTP_RUNG_TOGETHER},
	{"trusted, and taken", "tstt", SMTP_RUNG_TOGETHER},
	{"safe says nothing before the probe was due", "s", SMTP_RUNG_APART},
	{"the probe teaches nothing", "tu", SMTP_RUNG_APART},
	{"and is not asked for again", "tutt", SMTP_RUNG_APART},
	{"bad at once", "b", SMTP_RUNG_DATA},
	{"bad when probed", "tb", SMTP_RUNG_DATA},
	{"bad when trusted", "tsb", SMTP_RUNG_DATA},
	{"there is no way back", "bts", SMTP_RUNG_DATA},
	{"lost once", "tsl", SMTP_RUNG_APART},
	{"lost once, then on", "tslts", SMTP_RUNG_TOGETHER},
	{"lost twice in a row", "tsll", SMTP_RUNG_DATA},
	{"lost twice, not in a row", "tsltl", SMTP_RUNG_APART},
	{"no way back in less than a day", "bH", SMTP_RUNG_DATA},
	{"a day later the probe asks again", "bD", SMTP_RUNG_PROBE},
	{"and is passed", "bDs", SMTP_RUNG_TOGETHER},
	{"and is lost: that is enough now", "bDl", SMTP_RUNG_DATA},
	{"lost once the message was taken", "bDtl", SMTP_RUNG_APART},
	{"lost twice in a row, a day before", "llD", SMTP_RUNG_PROBE},
	{"where the probe teaches nothing: apart", "tubD", SMTP_RUNG_APART},
	{"bad once more: a day is too short", "bDbD", SMTP_RUNG_DATA},
	{"but not two", "bDbDD", SMTP_RUNG_PROBE},
	{"nor does a time between make it shorter", "bDstMbD", SMTP_RUNG_DATA},
	{"bad at each probe: never longer than 64 days", "bMbMbMbMbMbMbMbMbMbM", SMTP_RUNG_PROBE},
	{"though so long at last", "bMbMbMbMbMbMbMbMbDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD",
	 SMTP_RUNG_DATA},
};

static void teach(struct smtp_ladder *l, struct slice host, const char *lessons)
{
	static const enum smtp_lesson of[] = {
		['n'] = SMTP_LESSON_NONE,   ['t'] = SMTP_LESSON_TAKEN, ['s'] = SMTP_LESSON_SAFE,
		['u'] = SMTP_LESSON_UNSURE, ['l'] = SMTP_LESSON_LOST,  ['b'] = SMTP_LESSON_BAD};
	for (; *lessons != '\0'; lessons++) {
		if (strchr("HDM", *lessons) != NULL) {
			now.ms += (*lessons == 'H'   ? 23
				   : *lessons == 'D' ? 24
						     : 64 * 24) *
				  (uint64_t)HOUR_MS;
			continue;
		}
		smtp_ladder_rung(l, host, 465, now); /* as each message asks */
		smtp_ladder_learn(l, host, 465, of[(unsigned char)*lessons], now);
	}
}

START_TEST(climbs)
{
	now.ms = BOOT_MS;
	struct smtp_ladder l = {0};
	struct slice host = SLICE_LIT("mail.example.com");
	teach(&l, host, rows[_i].lessons);
	ck_assert_msg(smtp_ladder_rung(&l, host, 465, now) == rows[_i].rung, "%s", rows[_i].name);
	/* another upstream knows nothing of it */
	ck_assert_int_eq(smtp_ladder_rung(&l, host, 587, now), SMTP_RUNG_APART);
	ck_assert_int_eq(smtp_ladder_rung(&l, SLICE_LIT("other.example.com"), 465, now),
			 SMTP_RUNG_APART);
	ck_assert_int_eq(smtp_ladder_rung(&l, SLICE_LIT("MAIL.Example.com"), 465, now),
			 rows[_i].rung);
}
END_TEST

static const struct {
	const char *host;
	enum smtp_rung rung;
} hosts[] = {
	{"smtp.office365.com", SMTP_RUNG_DATA},
	{"SMTP.Office365.COM", SMTP_RUNG_DATA},
	{"office365.com", SMTP_RUNG_DATA},
	{"smtp-mail.outlook.com", SMTP_RUNG_DATA},
	{"x.mail.protection.outlook.com", SMTP_RUNG_DATA},
	{"notoutlook.com", SMTP_RUNG_APART},
	{"smtp.office365.com.", SMTP_RUNG_DATA},
	{"outlook.com.example.net", SMTP_RUNG_APART},
	{"outlook.co", SMTP_RUNG_APART},
	{"", SMTP_RUNG_APART},
};

START_TEST(knows_bad_ones)
{
	struct smtp_ladder l = {0};
	struct slice host = slice_of_text(hosts[_i].host);
	ck_assert_int_eq(smtp_ladder_rung(&l, host, 465, now), hosts[_i].rung);
	if (hosts[_i].rung == SMTP_RUNG_DATA) {
		teach(&l, host, "tstt");
		ck_assert_int_eq(smtp_ladder_rung(&l, host, 465, now), SMTP_RUNG_DATA);
	}
}
END_TEST

START_TEST(has_bounded_room)
{
	struct smtp_ladder l = {0};
	char name[32];
	struct slice kept = SLICE_LIT("kept.example.com");
	struct slice old = SLICE_LIT("old.example.com");
	teach(&l, old, "ts");
	teach(&l, kept, "ts");
	for (unsigned i = 0; i < SMTP_LADDER_PLACES - 1; i++) {
		int n = snprintf(name, sizeof(name), "h%u.example.com", i);
		ck_assert_int_eq(smtp_ladder_rung(&l, slice_of(name, (size_t)n), 465, now),
				 SMTP_RUNG_APART);
		ck_assert_int_eq(smtp_ladder_rung(&l, kept, 465, now), SMTP_RUNG_TOGETHER);
	}
	/* whoever was not used for longest has made room */
	ck_assert_int_eq(smtp_ladder_rung(&l, old, 465, now), SMTP_RUNG_APART);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp ladder");
	TCase *t = tcase_create("ladder");
	tcase_add_loop_test(t, climbs, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, knows_bad_ones, 0, COUNT_OF(hosts));
	tcase_add_test(t, has_bounded_room);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
