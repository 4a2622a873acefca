#include "render/html/css_match.h"

#include "tests/support/check_main.h"

static const struct css_element paragraph = {.tag = SLICE_INIT("p"),
					     .id = SLICE_INIT("i"),
					     .names = {SLICE_INIT("a"), SLICE_INIT("b")},
					     .name_count = 2};
static const struct css_element cell = {
	.tag = SLICE_INIT("td"), .is_cell = true, .takes_body = true, .bare = true};
static const struct css_element label = {
	.tag = SLICE_INIT("span"), .names = {SLICE_INIT("~button")}, .name_count = 1};

/* What one element gets: properties and values in their order. */
static const struct {
	const char *name, *css;
	const struct css_element *element;
	const char *chosen;
} rows[] = {
	{"nothing", "a{color:red}", &paragraph, ""},
	{"tag", "p{color:red}", &paragraph, "color:#ff0000;"},
	{"all of it", "p.a.b#i{color:red}", &paragraph, "color:#ff0000;"},
	{"not all of it", "p.a.c{color:red}p#j{color:red}a.a{color:red}", &paragraph, ""},
	{"the stronger", "#i{color:red}.a.b{color:blue}p{color:white}", &paragraph,
	 "color:#ff0000;"},
	{"a later place for a stronger one", "p{color:red;border:0}.a{color:blue}", &paragraph,
	 "border:0;color:#0000ff;"},
	{"an important one stays in its place", "p{color:red!important;border:0}.a{color:blue}",
	 &paragraph, "color:#ff0000;border:0;"},
	{"padding is for cells", "p,td{padding:1px;width:1px}", &paragraph, ""},
	{"cells", "td{padding:1px;width:1px}", &cell, "padding:1px;width:1px;"},
	{"body: text alone", "body{font-size:1px;padding:1px;margin:1px}", &cell, "font-size:1px;"},
	{"body is not for others", "body{font-size:1px}", &paragraph, ""},
	{"inherited", ".button{color:red;border:0;padding:1px}", &label, "color:#ff0000;"},
	{"an ancestor is missing", "div p{color:red}", &paragraph, ""},
};

START_TEST(row)
{
	struct arena a;
	struct css css;
	struct css_chosen c = {.count = 0};
	uint8_t above[16] = {0};
	uint8_t own[16];
	char made[256] = "";
	size_t n = 0;
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(css_parse(slice_of_text(rows[_i].css), &a, &css), FAULT_NONE);
	ck_assert_uint_lt(css.rule_count, sizeof(own));
	css_match(&css, rows[_i].element, above, own, &c);
	for (size_t i = 0; i < c.count; i++) {
		struct slice name = css_property_name(c.list[i]->property);
		struct slice value = c.list[i]->value;
		n += (size_t)snprintf(made + n, sizeof(made) - n, "%.*s:%.*s;", (int)name.len,
				      name.ptr, (int)value.len, value.ptr);
		ck_assert(css_chosen_has(&c, name));
		ck_assert_ptr_eq(css_chosen_of(&c, c.list[i]->property), c.list[i]);
	}
	ck_assert_msg(slice_eq(slice_of(made, n), slice_of_text(rows[_i].chosen)), "%s: %s",
		      rows[_i].name, made);
	arena_deinit(&a);
}
END_TEST

/* What ancestors have met is handed down, part by part; an element is not its own ancestor. */
START_TEST(descendants)
{
	struct arena a;
	struct css css;
	uint8_t seen[4][1] = {{0}};
	struct css_chosen c = {.count = 0};
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(css_parse(SLICE_LIT("p p p{color:red}"), &a, &css), FAULT_NONE);
	for (int i = 0; i < 2; i++) {
		css_match(&css, &paragraph, seen[i], seen[i + 1], &c);
		ck_assert_uint_eq(seen[i + 1][0], i + 1);
		ck_assert_uint_eq(c.count, 0);
	}
	css_match(&css, &paragraph, seen[2], seen[3], &c);
	ck_assert_uint_eq(c.count, 1);
	ck_assert_ptr_null(css_chosen_of(&c, CSS_BACKGROUND));
	ck_assert(!css_chosen_has(&c, SLICE_LIT("border")));
	arena_deinit(&a);
}
END_TEST

START_TEST(a_ground_around)
{
	struct arena a;
	struct css css;
	uint8_t above[1] = {0};
	uint8_t own[1];
	struct css_chosen c = {.count = 0};
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(css_parse(SLICE_LIT(".button{background:#010203}"), &a, &css), FAULT_NONE);
	css_match(&css, &label, above, own, &c);
	ck_assert_uint_eq(c.count, 0);
	ck_assert_ptr_nonnull(c.below);
	ck_assert_uint_eq(c.below->colour & 0xffffff, 0x010203);
	arena_deinit(&a);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("css_match");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, row, 0, (int)COUNT_OF(rows));
	tcase_add_test(t, descendants);
	tcase_add_test(t, a_ground_around);
	suite_add_tcase(s, t);
	return check_main(s);
}
