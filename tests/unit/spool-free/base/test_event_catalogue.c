#include "spool-free/base/event_catalogue.h"

#include "tests/support/check_main.h"

static size_t known_keys(struct slice keys)
{
	struct slice key;
	size_t count = 0;
	while (event_next_key(&keys, &key)) {
		ck_assert_msg(event_field_find(key) != NULL, "%.*s", (int)key.len, key.ptr);
		count++;
	}
	return count;
}

START_TEST(each_row_is_whole)
{
	const struct event_row *r = &event_rows[_i];
	enum event_name found;
	ck_assert(event_find(r->text, &found));
	ck_assert_int_eq((int)found, _i); /* no text twice */
	ck_assert_uint_gt(known_keys(r->must) + known_keys(r->may), 0);
	ck_assert(slice_ends(r->meaning, SLICE_LIT(".")));
	ck_assert_int_lt(r->level, EVENT_LEVELS);
}
END_TEST

START_TEST(fields_are_found)
{
	ck_assert_int_eq(event_field_find(SLICE_LIT("ms"))->kind, EVENT_KIND_NUMBER);
	ck_assert_int_eq(event_field_find(SLICE_LIT("job"))->kind, EVENT_KIND_TEXT);
	ck_assert_ptr_null(event_field_find(SLICE_LIT("nothing")));
	for (size_t i = 0; i < event_field_count; i++) {
		ck_assert_ptr_eq(event_field_find(event_fields[i].key), &event_fields[i]);
	}
}
END_TEST

START_TEST(keys_are_taken_one_by_one)
{
	struct slice keys = SLICE_LIT("(job, wait_ms)");
	struct slice key;
	ck_assert(event_next_key(&keys, &key) && slice_eq(key, SLICE_LIT("job")));
	ck_assert(event_next_key(&keys, &key) && slice_eq(key, SLICE_LIT("wait_ms")));
	ck_assert(!event_next_key(&keys, &key));
	keys = SLICE_LIT("()");
	ck_assert(!event_next_key(&keys, &key));
}
END_TEST

START_TEST(levels_have_names)
{
	enum event_level level;
	for (unsigned i = 0; i < EVENT_LEVELS; i++) {
		ck_assert(event_level_find(event_level_name((enum event_level)i), &level));
		ck_assert_uint_eq(level, i);
	}
	ck_assert(!event_level_find(SLICE_LIT("debug"), &level));
	enum event_name name;
	ck_assert(!event_find(SLICE_LIT("job"), &name));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/event_catalogue");
	TCase *t = tcase_create("event_catalogue");
	tcase_add_loop_test(t, each_row_is_whole, 0, EVENT_COUNT);
	tcase_add_test(t, fields_are_found);
	tcase_add_test(t, keys_are_taken_one_by_one);
	tcase_add_test(t, levels_have_names);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
