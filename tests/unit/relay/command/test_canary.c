#include "relay/command/canary.h"

#include <string.h>

#include "tests/support/check_main.h"

/* Whose encodings are known: of 32 bytes, with + and / in their base64. */
#define VALUE  "Aq>>>?~~?~Zx0123456789abcdefGHIJ"
#define BEHIND "----"

static struct canaries *c;

static void setup(void)
{
	ck_assert_int_eq(canaries_new(&c), FAULT_NONE);
	ck_assert_int_eq(canaries_add(c, "subject", SLICE_LIT(VALUE)), FAULT_NONE);
}

static void teardown(void)
{
	canaries_free(&c);
	canaries_free(&c);
}

static const struct {
	const char *form;
	struct slice bytes;
} forms[] = {
	{"raw", SLICE_INIT(VALUE)},
	{"raw", SLICE_INIT("Aq>>>?~~?~Zx0123 and no more")},
	{"raw", SLICE_INIT("lost: 456789abcdefGHIJ")},
	{"lower case", SLICE_INIT("aq>>>?~~?~zx0123456789abcdefghij")},
	{"base64", SLICE_INIT("QXE+Pj4/fn4/flp4MDEyMzQ1Njc4OWFiY2RlZkdISUo=")},
	{"base64", SLICE_INIT("eEFxPj4+P35+P35aeDAxMjM0NTY3ODlhYmNkZWZHSElK")},
	{"base64", SLICE_INIT("eHhBcT4+Pj9+fj9+WngwMTIzNDU2Nzg5YWJjZGVmR0hJSg==")},
	{"base64url", SLICE_INIT("QXE-Pj4_fn4_flp4MDEyMzQ1")},
	{"quoted-printable", SLICE_INIT("=41=71=3E=3E=3E=3F=7E=7E=3F=7E=5A=78=30=31=32=33")},
	{"percent-encoded", SLICE_INIT("%41%71%3E%3E%3E%3F%7E%7E%3F%7E%5A%78%30%31%32%33")},
	{"percent-encoded", SLICE_INIT("%41%71%3e%3e%3e%3f%7e%7e%3f%7e%5a%78%30%31%32%33")},
	{"hex", SLICE_INIT("41713e3e3e3f7e7e3f7e5a7830313233")},
	{"hex", SLICE_INIT("41713E3E3E3F7E7E3F7E5A7830313233")},
	{"UTF-16", SLICE_INIT("A\0q\0>\0>\0>\0?\0~\0~\0?\0~\0Z\0x\0"
			      "0\0"
			      "1\0"
			      "2\0"
			      "3\0")},
	{"UTF-16", SLICE_INIT("\0A\0q\0>\0>\0>\0?\0~\0~\0?\0~\0Z\0x\0"
			      "0\0"
			      "1\0"
			      "2\0"
			      "3")},
};

START_TEST(test_each_form_is_found_wherever_it_stands)
{
	char room[256];
	struct canary_hit hit = {0};
	struct slice form = forms[_i].bytes;
	for (size_t before = 0; before < 9; before++) {
		memset(room, 'A', sizeof(room));
		memcpy(room + before, form.ptr, form.len);
		size_t at = 0;
		ck_assert(canaries_find(c, slice_of(room, before + form.len), &at, &hit));
		ck_assert_str_eq(hit.form, forms[_i].form);
		ck_assert_str_eq(hit.place, "subject");
	}
}
END_TEST

START_TEST(test_less_than_a_part_is_none)
{
	struct canary_hit hit;
	static const struct slice less[] = {SLICE_INIT("Aq>>>?~~?~Zx012"), SLICE_INIT(""),
					    SLICE_INIT("A"), SLICE_INIT("q>>>?~~?~Zx01234")};
	for (size_t i = 0; i < COUNT_OF(less); i++) {
		size_t at = 0;
		ck_assert(!canaries_find(c, less[i], &at, &hit));
		ck_assert_uint_eq(at, less[i].len);
	}
}
END_TEST

START_TEST(test_all_that_are_there_are_told)
{
	struct canary_hit hit;
	static const char text[] = "x" VALUE BEHIND "another value of 32 bytes or so!" VALUE;
	size_t at = 0;
	size_t others = 0;
	size_t hits = 0;
	ck_assert_int_eq(canaries_add(c, "note", SLICE_LIT("another value of 32 bytes or so!")),
			 FAULT_NONE);
	while (canaries_find(c, slice_of_text(text), &at, &hit)) {
		hits++;
		others += strcmp(hit.place, "note") == 0 ? 1 : 0;
	}
	ck_assert_uint_eq(hits, 6); /* each by its two parts */
	ck_assert_uint_eq(others, 2);
	ck_assert_uint_eq(canaries_count_places(c, slice_of_text(text)), 2);
	ck_assert_uint_eq(canaries_count_places(c, SLICE_LIT(VALUE VALUE)), 1);
	ck_assert_uint_eq(canaries_count_places(c, SLICE_LIT("nothing")), 0);
}
END_TEST

START_TEST(test_limits)
{
	char many[CANARY_MAX + 1];
	memset(many, 'x', sizeof(many));
	ck_assert_int_eq(canaries_add(c, "a", slice_of(many, CANARY_MAX + 1)), FAULT_TOO_LARGE);
	ck_assert_int_eq(canaries_add(c, "a", slice_of(many, 2 * CANARY_PART - 1)),
			 FAULT_BAD_FIELD);
	for (size_t i = 1; i < CANARIES_MAX; i++) {
		many[0] = (char)('0' + i);
		ck_assert_int_eq(canaries_add(c, "a", slice_of(many, CANARY_MAX)), FAULT_NONE);
	}
	ck_assert_int_eq(canaries_add(c, "a", slice_of(many, CANARY_MAX)), FAULT_TOO_LARGE);
	struct canary_hit hit;
	size_t at = 0;
	ck_assert(canaries_find(c, slice_of(many, CANARY_MAX), &at, &hit));
}
END_TEST

START_TEST(test_letters)
{
	char one[CANARY_LEN + 1];
	char other[CANARY_LEN + 1];
	ck_assert_int_eq(canary_letters(one), FAULT_NONE);
	ck_assert_int_eq(canary_letters(other), FAULT_NONE);
	ck_assert_uint_eq(strlen(one), CANARY_LEN);
	ck_assert_str_ne(one, other);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("canary");
	TCase *t = tcase_create("canary");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, test_each_form_is_found_wherever_it_stands, 0, COUNT_OF(forms));
	tcase_add_test(t, test_less_than_a_part_is_none);
	tcase_add_test(t, test_all_that_are_there_are_told);
	tcase_add_test(t, test_limits);
	tcase_add_test(t, test_letters);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
