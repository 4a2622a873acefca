#include "spool-free/base/tag.h"

#include <string.h>

#include "tests/support/check_main.h"

/* Expected: Python's hmac and base64.b32encode, the first ten letters, small. */
static const struct {
	bool counts; /* the key's bytes are 0, 1, 2 ...; else all are 0 */
	struct slice text;
	struct slice tag;
} rows[] = {
	{false, SLICE_INIT("erika@example.org"), SLICE_INIT("jh4szpoz7e")},
	{true, SLICE_INIT("erika@example.org"), SLICE_INIT("yumhudn7tj")},
	{true, SLICE_INIT("Erika@EXAMPLE.org"), SLICE_INIT("yumhudn7tj")},
	{true, SLICE_INIT(""), SLICE_INIT("2ofueclnqd")},
};

static void make_key(bool counts, unsigned char key[TAG_KEY])
{
	for (size_t i = 0; i < TAG_KEY; i++) {
		key[i] = counts ? (unsigned char)i : 0;
	}
}

START_TEST(tags_are_as_another_program_makes_them)
{
	unsigned char key[TAG_KEY];
	char tag[TAG_LEN];
	make_key(rows[_i].counts, key);
	ck_assert_uint_eq(tag_of(key, rows[_i].text, tag), FAULT_NONE);
	ck_assert(slice_eq(slice_of(tag, sizeof(tag)), rows[_i].tag));
}
END_TEST

START_TEST(only_ascii_letters_are_made_small)
{
	unsigned char key[TAG_KEY];
	char one[TAG_LEN], other[TAG_LEN];
	make_key(true, key);
	ck_assert_uint_eq(tag_of(key, SLICE_LIT("\xC3\x84@x"), one), FAULT_NONE);
	ck_assert_uint_eq(tag_of(key, SLICE_LIT("\xC3\xA4@x"), other), FAULT_NONE);
	ck_assert_int_ne(memcmp(one, other, TAG_LEN), 0);
}
END_TEST

/* A text that is longer than any address is cut, and its first part counts. */
START_TEST(a_long_text_is_cut)
{
	static char large[2 * TAG_TEXT_MAX];
	unsigned char key[TAG_KEY];
	char one[TAG_LEN], other[TAG_LEN];
	make_key(true, key);
	memset(large, 'a', sizeof(large));
	ck_assert_uint_eq(tag_of(key, slice_of(large, sizeof(large)), one), FAULT_NONE);
	ck_assert_uint_eq(tag_of(key, slice_of(large, TAG_TEXT_MAX), other), FAULT_NONE);
	ck_assert_int_eq(memcmp(one, other, TAG_LEN), 0);
	ck_assert_uint_eq(tag_of(key, slice_of(large, TAG_TEXT_MAX - 1), other), FAULT_NONE);
	ck_assert_int_ne(memcmp(one, other, TAG_LEN), 0);
}
END_TEST

START_TEST(days_begin_at_midnight_utc)
{
	struct civil at;
	ck_assert(civil_parse(SLICE_LIT("1970-01-01T23:59:59.999Z"), &at));
	ck_assert_uint_eq(tag_day(at), 0);
	ck_assert(civil_parse(SLICE_LIT("1970-01-02T00:00:00Z"), &at));
	ck_assert_uint_eq(tag_day(at), 1);
	ck_assert(civil_parse(SLICE_LIT("2026-11-30T00:30:00+01:00"), &at));
	ck_assert_uint_eq(tag_day(at), (uint32_t)civil_days(2026, 11, 29));
	ck_assert_uint_eq(tag_day((struct civil){.ms = -1}), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/tag");
	TCase *t = tcase_create("tag");
	tcase_add_loop_test(t, tags_are_as_another_program_makes_them, 0, COUNT_OF(rows));
	tcase_add_test(t, only_ascii_letters_are_made_small);
	tcase_add_test(t, a_long_text_is_cut);
	tcase_add_test(t, days_begin_at_midnight_utc);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
