#include "render/confluence/soup_names.h"

#include "tests/support/check_main.h"

static const struct {
	const char *name;
	enum soup_rank rank, reach;
	bool is_void, is_raw;
} rows[] = {
	{"p", RANK_PARAGRAPH, RANK_PARAGRAPH, false, false},
	{"b", RANK_INLINE, RANK_INLINE, false, false},
	{"svg", RANK_INLINE, RANK_BLOCK, false, false},
	{"td", RANK_CELL, RANK_CELL, false, false},
	{"table", RANK_TABLE, RANK_TABLE, false, false},
	{"ac:link", RANK_MACRO, RANK_MACRO, false, false},
	{"br", RANK_INLINE, RANK_INLINE, true, false},
	{"script", RANK_INLINE, RANK_INLINE, false, true},
	{"", RANK_INLINE, RANK_INLINE, false, false},
	{"scripts", RANK_INLINE, RANK_INLINE, false, false},
};

START_TEST(names)
{
	struct slice name = slice_of_text(rows[_i].name);
	ck_assert_int_eq(soup_rank(name), rows[_i].rank);
	ck_assert_int_eq(soup_reach(name), rows[_i].reach);
	ck_assert_int_eq(soup_is_void(name), rows[_i].is_void);
	ck_assert_int_eq(soup_raw_number(name) < SOUP_RAW_NAMES, rows[_i].is_raw);
}
END_TEST

START_TEST(raw_names_are_numbered)
{
	ck_assert(soup_names_are_sorted());
	for (size_t i = 0; i < SOUP_RAW_NAMES; i++) {
		ck_assert_uint_eq(soup_raw_number(soup_raw_name(i)), i);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("soup_names");
	TCase *t = tcase_create("soup_names");
	tcase_add_loop_test(t, names, 0, COUNT_OF(rows));
	tcase_add_test(t, raw_names_are_numbered);
	suite_add_tcase(s, t);
	return check_main(s);
}
