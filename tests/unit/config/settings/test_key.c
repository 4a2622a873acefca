#include "config/settings/key.h"

#include <string.h>

#include "config/settings/settings.h"
#include "tests/support/check_main.h"

/* Every row is complete, once, of a group, and reaches a field of its own. */
START_TEST(test_rows)
{
	const struct settings_key *k = &settings_keys[_i];
	ck_assert(settings_is_group(k->group));
	ck_assert_ptr_eq(settings_find_key(k->group, k->name), k);
	ck_assert_uint_le(k->least, k->most);
	ck_assert(slice_ends(k->meaning, SLICE_LIT(".")));
	ck_assert_uint_gt(k->deflt.len, 0);
	ck_assert_uint_eq(k->path.len, k->group.len + 1 + k->name.len);
	ck_assert_uint_lt(k->offset, sizeof(struct settings));
	ck_assert(_i == 0 || k->offset > settings_keys[_i - 1].offset);
	bool has_choices = k->type == SETTINGS_CHOICE || k->type == SETTINGS_CHOICES;
	ck_assert_int_eq(k->choices.len > 0, has_choices);
	struct problem p = {0};
	settings_add_allowed(&p, k);
	ck_assert_uint_gt(p.len, 0);
	ck_assert_uint_lt(p.len, PROBLEM_MAX);
}
END_TEST

static const struct {
	struct slice group, name, meant; /* empty: nothing is near */
} near[] = {
	{SLICE_INIT("limits"), SLICE_INIT("bodi"), SLICE_INIT("limits.body")},
	{SLICE_INIT("limits"), SLICE_INIT("atachments"), SLICE_INIT("limits.attachments")},
	{SLICE_INIT("limits"), SLICE_INIT("max_body"), SLICE_INIT("limits.page_body")},
	{SLICE_INIT("limits"), SLICE_INIT("certificate"), SLICE_INIT("tls.certificate")},
	{SLICE_INIT(""), SLICE_INIT("realy"), SLICE_INIT("relay")},
	{SLICE_INIT(""), SLICE_INIT("smtp"), SLICE_INIT("")},
	{SLICE_INIT(""), SLICE_INIT("limts"), SLICE_INIT("limits")},
	{SLICE_INIT(""), SLICE_INIT("ehlo_name"), SLICE_INIT("relay.ehlo_name")},
	{SLICE_INIT(""), SLICE_INIT("q"), SLICE_INIT("")},
	{SLICE_INIT(""), SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("listen"),
	 SLICE_INIT("addressaddressaddressaddressaddressaddressaddressaddress"), SLICE_INIT("")},
};

START_TEST(test_nearest)
{
	struct slice meant = {0};
	bool found = settings_nearest(near[_i].group, near[_i].name, &meant);
	ck_assert_int_eq(found, near[_i].meant.len > 0);
	ck_assert(slice_eq(meant, near[_i].meant));
}
END_TEST

START_TEST(test_unknown)
{
	ck_assert(!settings_is_group(SLICE_LIT("limit")));
	ck_assert(!settings_is_group(SLICE_LIT("")));
	ck_assert_ptr_null(settings_find_key(SLICE_LIT("tls"), SLICE_LIT("body")));
	ck_assert_ptr_null(settings_find_key(SLICE_LIT("limits"), SLICE_LIT("BODY")));
}
END_TEST

START_TEST(test_choices)
{
	struct slice rest = SLICE_LIT("any|own");
	struct slice choice;
	ck_assert(settings_next_choice(&rest, &choice) && slice_eq(choice, SLICE_LIT("any")));
	ck_assert(settings_next_choice(&rest, &choice) && slice_eq(choice, SLICE_LIT("own")));
	ck_assert(!settings_next_choice(&rest, &choice));
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("key");
	TCase *t = tcase_create("key");
	tcase_add_loop_test(t, test_rows, 0, SETTINGS_KEY_COUNT);
	tcase_add_loop_test(t, test_nearest, 0, COUNT_OF(near));
	tcase_add_test(t, test_unknown);
	tcase_add_test(t, test_choices);
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return check_main(suite());
}
