#include "spool-free/base/uuid.h"

#include <string.h>

#include "tests/support/check_main.h"

/* RFC 9562, A.6: the example of a version 7 */
static const struct slice example = SLICE_INIT("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
static const struct civil example_at = {.ms = 0x017F22E279B0};
static const unsigned char example_chance[UUID_RANDOM] = {0x0C, 0xC3, 0x18, 0xC4, 0xDC,
							  0x0C, 0x0C, 0x07, 0x39, 0x8F};

START_TEST(makes_the_example_of_the_rfc)
{
	char text[UUID_TEXT];
	struct uuid u = uuid_v7(example_at, example_chance);
	uuid_text(&u, text);
	ck_assert(slice_eq(slice_of(text, sizeof(text)), example));
}
END_TEST

START_TEST(version_and_variant_stand_whatever_chance_says)
{
	unsigned char chance[UUID_RANDOM];
	for (int byte = 0; byte < 256; byte++) {
		memset(chance, byte, sizeof(chance));
		struct uuid u = uuid_v7(example_at, chance);
		ck_assert_int_eq(u.bytes[6] >> 4, 7);
		ck_assert_int_eq(u.bytes[8] >> 6, 2);
	}
}
END_TEST

START_TEST(later_ones_sort_later)
{
	struct uuid before = uuid_v7(example_at, example_chance);
	for (int bit = 0; bit < 40; bit++) {
		struct civil later = {.ms = example_at.ms + ((int64_t)1 << bit)};
		struct uuid after = uuid_v7(later, example_chance);
		ck_assert_int_lt(memcmp(before.bytes, after.bytes, sizeof(before.bytes)), 0);
	}
	struct uuid early = uuid_v7((struct civil){.ms = -5}, example_chance);
	ck_assert_int_eq(memcmp(early.bytes, "\0\0\0\0\0\0", 6), 0);
}
END_TEST

START_TEST(parses_both_cases)
{
	struct uuid want = uuid_v7(example_at, example_chance);
	struct uuid u;
	ck_assert(uuid_parse(example, &u));
	ck_assert_int_eq(memcmp(&u, &want, sizeof(u)), 0);
	ck_assert(uuid_parse(SLICE_LIT("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"), &u));
	ck_assert_int_eq(memcmp(&u, &want, sizeof(u)), 0);
}
END_TEST

static const struct slice wrong[] = {
	SLICE_INIT(""),
	SLICE_INIT("017f22e2-79b0-7cc3-98c4-dc0c0c07398"),
	SLICE_INIT("017f22e2-79b0-7cc3-98c4-dc0c0c07398ff"),
	SLICE_INIT("017f22e279b0-7cc3-98c4-dc0c0c07398fab"),
	SLICE_INIT("017f22e2-79b0-7cc3-98c4+dc0c0c07398f"),
	SLICE_INIT("017f22e2079b0-7cc3-98c4-dc0c0c07398f"),
	SLICE_INIT("017f22g2-79b0-7cc3-98c4-dc0c0c07398f"),
	SLICE_INIT("{17f22e2-79b0-7cc3-98c4-dc0c0c07398}"),
	SLICE_INIT(" 17f22e2-79b0-7cc3-98c4-dc0c0c07398f"),
	SLICE_INIT("017f22e2-79b0-7cc3-98c4-dc0c0c07398\0"),
};

START_TEST(refuses_other_texts)
{
	struct uuid u = {.bytes = {7}};
	ck_assert(!uuid_parse(wrong[_i], &u));
	ck_assert_int_eq(u.bytes[0], 7);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/uuid");
	TCase *t = tcase_create("uuid");
	tcase_add_test(t, makes_the_example_of_the_rfc);
	tcase_add_test(t, version_and_variant_stand_whatever_chance_says);
	tcase_add_test(t, later_ones_sort_later);
	tcase_add_test(t, parses_both_cases);
	tcase_add_loop_test(t, refuses_other_texts, 0, COUNT_OF(wrong));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
