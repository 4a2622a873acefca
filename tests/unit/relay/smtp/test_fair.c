#include "relay/smtp/fair.h"

#include <stdlib.h>
#include <string.h>

#include "spool-free/base/buf.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { MANY = 64, KIB = 1024 };

/* One that waits: "a3" is the tenant and the third of its own. */
struct item {
	struct smtp_fair_place place;
	char name[4];
};

/*
 * Who comes in which order, with its size in KiB behind the letter of its tenant; "-" and the number of places is one that
 * goes away again. Then the order in which all of them have their turns.
 */
static const struct {
	const char *name, *come, *turns;
} rows[] = {
	{"nobody", "", ""},
	{"one", "a1", "a1"},
	{"of one tenant: as they came", "a1 a99 a1 a1", "a1 a2 a3 a4"},
	{"of two, each as large as a turn", "a16 a16 a16 b16 b16", "a1 b1 a2 b2 a3"},
	{"a single one behind many", "a16 a16 a16 a16 a16 b16", "a1 b1 a2 a3 a4 a5"},
	{"of three", "a16 a16 b16 b16 c16 c16", "a1 b1 c1 a2 b2 c2"},
	{"small ones share a turn", "a4 a4 a4 a4 a4 b4 b4", "a1 a2 a3 a4 b1 b2 a5"},
	{"half a turn each", "a8 a8 a8 a8 b8 b8", "a1 a2 b1 b2 a3 a4"},
	{"a large one lets turns pass", "a64 b16 b16 b16 b16 b16", "b1 b2 b3 a1 b4 b5"},
	{"and a larger one more", "a160 b16 b16", "b1 b2 a1"},
	{"large ones alone need not wait", "a640 a640", "a1 a2"},
	{"large ones against each other: bytes, not messages", "a64 a64 b32 b32 b32 b32",
	 "b1 a1 b2 b3 a2 b4"},
	{"of no size", "a0 a0 a0 b0", "a1 a2 a3 b1"},
	{"the first goes away", "a16 b16 a16 -1", "a2 b1"},
	{"the only one of a tenant goes away", "a16 b16 a16 -2", "a1 a2"},
	{"all go away", "a16 b16 -1 -2", ""},
};

static struct item items[MANY];

static size_t come(struct smtp_fair *f, const char *words)
{
	unsigned of_tenant[26] = {0};
	size_t count = 0;
	for (const char *p = words; *p != '\0'; p += strspn(p, " ")) {
		unsigned long number = strtoul(p + 1, NULL, 10);
		if (*p == '-') {
			smtp_fair_leave(f, &items[number - 1].place);
			smtp_fair_leave(f, &items[number - 1].place); /* twice */
		} else {
			struct item *i = &items[count++];
			i->name[0] = *p;
			i->name[1] = (char)('1' + of_tenant[*p - 'a']++);
			i->name[2] = '\0';
			ck_assert_int_eq(smtp_fair_put(f, &i->place, i, slice_of(p, 1),
						       number * KIB, (unsigned)number),
					 FAULT_NONE);
		}
		p += strcspn(p, " ");
	}
	return count;
}

START_TEST(takes_turns)
{
	struct smtp_fair f;
	struct buf turns;
	buf_init(&turns, MANY * 4);
	smtp_fair_init(&f);
	come(&f, rows[_i].come);
	size_t waiting = f.count;
	for (struct item *i = smtp_fair_take(&f); i != NULL; i = smtp_fair_take(&f)) {
		ck_assert_int_eq(buf_add_text(&turns, turns.len > 0 ? " " : ""), FAULT_NONE);
		ck_assert_int_eq(buf_add_text(&turns, i->name), FAULT_NONE);
		ck_assert_uint_eq(f.count, --waiting);
	}
	ck_assert_msg(slice_eq(buf_view(&turns), slice_of_text(rows[_i].turns)), "%s: %.*s",
		      rows[_i].name, (int)turns.len, turns.ptr);
	buf_deinit(&turns);
	smtp_fair_deinit(&f);
}
END_TEST

/* The one of another tenant has its turn next but few, however many wait. */
START_TEST(thousand_against_one)
{
	enum { THOUSAND = 1000 };
	static struct smtp_fair_place places[THOUSAND], other;
	struct smtp_fair f;
	smtp_fair_init(&f);
	for (size_t i = 0; i < THOUSAND; i++) {
		ck_assert_int_eq(
			smtp_fair_put(&f, &places[i], &places[i], SLICE_LIT("many"), 14336, 1),
			FAULT_NONE);
	}
	ck_assert_ptr_eq(smtp_fair_take(&f), &places[0]);
	ck_assert_int_eq(smtp_fair_put(&f, &other, &other, SLICE_LIT("one"), 14336, 1), FAULT_NONE);
	ck_assert_uint_eq(smtp_fair_ahead(&f, &other).count, 1);
	size_t before = 0;
	while (smtp_fair_take(&f) != &other) {
		before++;
	}
	ck_assert_uint_le(before, 1);
	while (smtp_fair_take(&f) != NULL) {
		before++;
	}
	ck_assert_uint_eq(before, THOUSAND - 1);
	smtp_fair_deinit(&f);
}
END_TEST

/* Over a long time each has the same bytes, though one's messages are ten times as large. */
START_TEST(bytes_are_shared)
{
	static struct smtp_fair_place large[20], small[200];
	uint64_t bytes[2] = {0};
	struct smtp_fair f;
	smtp_fair_init(&f);
	for (size_t i = 0; i < COUNT_OF(large); i++) {
		ck_assert_int_eq(
			smtp_fair_put(&f, &large[i], &bytes[0], SLICE_LIT("large"), 100 * KIB, 1),
			FAULT_NONE);
	}
	for (size_t i = 0; i < COUNT_OF(small); i++) {
		ck_assert_int_eq(
			smtp_fair_put(&f, &small[i], &bytes[1], SLICE_LIT("small"), 10 * KIB, 1),
			FAULT_NONE);
	}
	for (size_t turns = 0; turns < 110; turns++) {
		uint64_t *whose = smtp_fair_take(&f);
		*whose += whose == &bytes[0] ? 100 * KIB : 10 * KIB;
	}
	uint64_t apart = bytes[0] > bytes[1] ? bytes[0] - bytes[1] : bytes[1] - bytes[0];
	ck_assert_uint_le(apart, 116 * KIB);
	while (smtp_fair_take(&f) != NULL) {
	}
	smtp_fair_deinit(&f);
}
END_TEST

START_TEST(put_back_comes_first)
{
	struct smtp_fair_place places[4];
	struct smtp_fair f;
	smtp_fair_init(&f);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_int_eq(smtp_fair_put(&f, &places[i], &places[i], SLICE_LIT("a"), 1, 1),
				 FAULT_NONE);
	}
	ck_assert_int_eq(smtp_fair_put_back(&f, &places[3], &places[3], SLICE_LIT("a"), 1, 1),
			 FAULT_NONE);
	ck_assert_ptr_eq(smtp_fair_take(&f), &places[3]);
	ck_assert_ptr_eq(smtp_fair_take(&f), &places[0]);
	ck_assert_uint_eq(f.count, 2);
	while (smtp_fair_take(&f) != NULL) {
	}
	smtp_fair_deinit(&f);
}
END_TEST

/* Looking changes nothing: neither who is next nor, when others come meanwhile, that it stays the next one. */
START_TEST(who_is_next_stays_it)
{
	struct smtp_fair_place large, small[3];
	struct smtp_fair f;
	smtp_fair_init(&f);
	ck_assert_ptr_null(smtp_fair_next(&f));
	ck_assert_int_eq(smtp_fair_put(&f, &large, &large, SLICE_LIT("a"), 640 * KIB, 1),
			 FAULT_NONE);
	ck_assert_ptr_eq(smtp_fair_next(&f), &large);
	for (size_t i = 0; i < COUNT_OF(small); i++) {
		ck_assert_int_eq(smtp_fair_put(&f, &small[i], &small[i], SLICE_LIT("b"), 1, 1),
				 FAULT_NONE);
		ck_assert_ptr_eq(smtp_fair_next(&f), &large);
		ck_assert_ptr_eq(smtp_fair_next(&f), &large);
	}
	ck_assert_uint_eq(f.count, 4);
	ck_assert_ptr_eq(smtp_fair_take(&f), &large);
	ck_assert_ptr_eq(smtp_fair_next(&f), &small[0]);
	smtp_fair_leave(&f, &small[0]);
	ck_assert_ptr_eq(smtp_fair_next(&f), &small[1]);
	ck_assert_ptr_eq(smtp_fair_take(&f), &small[1]);
	ck_assert_ptr_eq(smtp_fair_take(&f), &small[2]);
	ck_assert_ptr_null(smtp_fair_next(&f));
	smtp_fair_deinit(&f);
}
END_TEST

/* The number behind a tenant's letter is that of its units, too. */
static const struct {
	const char *come; /* the last one is asked for */
	size_t ahead;
	uint64_t units;
} aheads[] = {
	{"a1", 0, 0},
	{"a7", 0, 0},
	{"a1 a1 a1", 2, 2},
	{"a5 a7 a1", 2, 12},
	{"a1 a1 a1 b1", 1, 1},
	{"a1 b1 c1 d1", 3, 3},
	{"a9 b8 c7 d1", 3, 24},
	{"a1 a1 a1 b1 b1", 3, 3},
	{"a6 a6 a6 b5 b1", 3, 17},
	{"a1 b1 b1 b1", 3, 3},
	{"a9 b1 b1 b1", 3, 11},
	{"a0 a0", 1, 0},
	/* of those that have more waiting: the mean, rounded up */
	{"a2 a4 b1", 1, 3},
	{"a1 a2 b1", 1, 2},
	{"a9 a1 -1 b1", 1, 1},
};

START_TEST(tells_what_is_ahead)
{
	struct smtp_fair f;
	smtp_fair_init(&f);
	size_t count = come(&f, aheads[_i].come);
	struct smtp_fair_load ahead = smtp_fair_ahead(&f, &items[count - 1].place);
	ck_assert_msg(ahead.count == aheads[_i].ahead && ahead.units == aheads[_i].units,
		      "%s: %zu, %llu", aheads[_i].come, ahead.count,
		      (unsigned long long)ahead.units);
	while (smtp_fair_take(&f) != NULL) {
	}
	smtp_fair_deinit(&f);
}
END_TEST

START_TEST(survives_no_memory)
{
	for (unsigned n = 1;; n++) {
		struct smtp_fair_place a = {.flow = NULL}, b = {.flow = NULL};
		struct smtp_fair f;
		smtp_fair_init(&f);
		oom_arm(n);
		enum fault first = smtp_fair_put(&f, &a, &a, SLICE_LIT("a"), 1, 1);
		enum fault second = smtp_fair_put(&f, &b, &b, SLICE_LIT("b"), 1, 1);
		bool failed = oom_disarm();
		ck_assert_int_eq(first != FAULT_NONE || second != FAULT_NONE, failed);
		ck_assert_uint_eq(f.count, failed ? 1 : 2);
		while (smtp_fair_take(&f) != NULL) {
		}
		smtp_fair_deinit(&f);
		if (!failed) {
			break;
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp fair");
	TCase *t = tcase_create("fair");
	tcase_add_loop_test(t, takes_turns, 0, COUNT_OF(rows));
	tcase_add_test(t, thousand_against_one);
	tcase_add_test(t, bytes_are_shared);
	tcase_add_test(t, put_back_comes_first);
	tcase_add_test(t, who_is_next_stays_it);
	tcase_add_loop_test(t, tells_what_is_ahead, 0, COUNT_OF(aheads));
	tcase_add_test(t, survives_no_memory);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
