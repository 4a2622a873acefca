#include "render/html/css.h"

#include <string.h>

#include "spool-free/job/job.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"

/* How many rules and declarations come out of a text, and how many are left out. */
static const struct {
	const char *name, *text;
	size_t rules, declarations; /* of the last rule */
	uint64_t dropped_rules, dropped_declarations;
} rows[] = {
	{"nothing", "", 0, 0, 0, 0},
	{"blanks", " \n\t", 0, 0, 0, 0},
	{"one", "p{color:red}", 1, 1, 0, 0},
	{"no semicolon, or many", "p{;;color:red;;font-size:1px;}", 1, 2, 0, 0},
	{"a list", "h1, h2 ,h3{color:red}", 3, 1, 0, 0},
	{"of which one is odd", "h1,h2:hover,h3{color:red}", 2, 1, 1, 0},
	{"comments", "/* a{} */p/**/{/*x*/color:/*y*/red/* */}", 1, 1, 0, 0},
	{"a comment that does not end", "p{color:red}/* a{color:red}", 1, 1, 0, 0},
	{"a block that does not end", "p{color:red", 1, 1, 0, 0},
	{"no block", "p, a", 0, 0, 1, 0},
	{"an end too many", "}p{color:red}", 0, 0, 1, 0},
	{"import", "@import url(x);p{color:red}", 1, 1, 1, 0},
	{"media", "@media print{p{color:red}a{color:red}}p{color:red}", 1, 1, 1, 0},
	{"font-face", "@font-face{font-family:x;src:url(x)}", 0, 0, 1, 0},
	{"charset alone", "@charset", 0, 0, 1, 0},
	{"nested blocks", "p{a{color:red}}h1{color:red}", 2, 1, 0, 1},
	{"declarations that are none", "p{color;color:url(x);top:1px;color:red}", 1, 1, 0, 3},
	{"child", "p>a{color:red}", 0, 0, 1, 0},
	{"sibling", "p + a{color:red}", 0, 0, 1, 0},
	{"attribute", "a[href]{color:red}", 0, 0, 1, 0},
	{"every one", "*{color:red}", 0, 0, 1, 0},
	{"pseudo element", "p::before{color:red}", 0, 0, 1, 0},
	{"escape", "p\\.a{color:red}", 0, 0, 1, 0},
	{"no name", ".{color:red}", 0, 0, 1, 0},
	{"two ids", "a#b#c{color:red}", 0, 0, 1, 0},
	{"four parts", "a b c d{color:red}", 1, 1, 0, 0},
	{"five parts", "a b c d e{color:red}", 0, 0, 1, 0},
	{"five classes", ".a.b.c.d.e{color:red}", 0, 0, 1, 0},
	{"markup", "</style><script>{color:red}", 0, 0, 1, 0},
};

START_TEST(row)
{
	struct arena a;
	struct css css;
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(css_parse(slice_of_text(rows[_i].text), &a, &css), FAULT_NONE);
	ck_assert_msg(css.rule_count == rows[_i].rules, "%s: %zu", rows[_i].name, css.rule_count);
	ck_assert_msg(css.dropped_rules == rows[_i].dropped_rules, "%s", rows[_i].name);
	ck_assert_msg(css.dropped_declarations == rows[_i].dropped_declarations, "%s",
		      rows[_i].name);
	if (css.rule_count > 0) {
		ck_assert_uint_eq(css.rules[css.rule_count - 1].declaration_count,
				  rows[_i].declarations);
	}
	arena_deinit(&a);
}
END_TEST

/* The strongest last; of equal ones the later. */
START_TEST(order)
{
	static const char *const want[] = {"p", "a", "b", "c", "e", "d"};
	struct arena a;
	struct css css;
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(css_parse(SLICE_LIT("#d{color:red}.b{color:red}p{color:red}a{color:red}"
					     "x.c{color:red}x x.e{color:red}"),
				   &a, &css),
			 FAULT_NONE);
	ck_assert_uint_eq(css.rule_count, COUNT_OF(want));
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		const struct css_part *p = &css.rules[i].parts[css.rules[i].part_count - 1];
		struct slice name = p->id.len > 0	 ? p->id
				    : p->class_count > 0 ? p->classes[0]
							 : p->tag;
		ck_assert_msg(slice_eq(name, slice_of_text(want[i])), "%zu", i);
	}
	arena_deinit(&a);
}
END_TEST

START_TEST(a_part)
{
	struct arena a;
	struct css css;
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(css_parse(SLICE_LIT("body td.a#b.c-d_1{color:red}"), &a, &css),
			 FAULT_NONE);
	const struct css_part *p = &css.rules[0].parts[1];
	ck_assert_uint_eq(css.rules[0].part_count, 2);
	ck_assert(slice_eq(css.rules[0].parts[0].tag, SLICE_LIT("body")));
	ck_assert(slice_eq(p->tag, SLICE_LIT("td")) && slice_eq(p->id, SLICE_LIT("b")));
	ck_assert_uint_eq(p->class_count, 2);
	ck_assert(slice_eq(p->classes[1], SLICE_LIT("c-d_1")));
	arena_deinit(&a);
}
END_TEST

START_TEST(limits)
{
	static char text[JOB_CSS_MAX + 2];
	struct arena a;
	struct css css;
	size_t n = 0;
	for (int i = 0; i < CSS_RULES_MAX + 10; i++) {
		memcpy(text + n, "p{color:red}", 12);
		n += 12;
	}
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(css_parse(slice_of(text, n), &a, &css), FAULT_NONE);
	ck_assert_uint_eq(css.rule_count, CSS_RULES_MAX);
	ck_assert_uint_eq(css.dropped_rules, 10);
	memset(text, ' ', sizeof(text));
	memcpy(text, "p{color:red}", 12);
	text[JOB_CSS_MAX + 1] = 'p';
	ck_assert_int_eq(css_parse(slice_of(text, sizeof(text)), &a, &css), FAULT_NONE);
	ck_assert_uint_eq(css.rule_count, 1);
	ck_assert_uint_eq(css.dropped_rules, 1);
	arena_deinit(&a);
}
END_TEST

/* What every element may meet is bounded: one declaration a property in a rule, and a sum over all selectors. */
START_TEST(declarations)
{
	static char text[JOB_CSS_MAX];
	struct arena a;
	struct css css;
	size_t n = 0;
	arena_init(&a, 1 << 20);
	ck_assert_int_eq(css_parse(SLICE_LIT("p{color:red;border:0;color:#123456}"
					     "a{color:red!important;border:0;color:blue}"),
				   &a, &css),
			 FAULT_NONE);
	ck_assert_uint_eq(css.rules[0].declaration_count, 2);
	ck_assert(slice_eq(css.rules[0].declarations[0].value, SLICE_LIT("0")));
	ck_assert(slice_eq(css.rules[0].declarations[1].value, SLICE_LIT("#123456")));
	ck_assert_uint_eq(css.rules[1].declaration_count, 2);
	ck_assert(css.rules[1].declarations[0].important);
	ck_assert_uint_eq(css.dropped_declarations, 0);
	for (size_t i = 1; i < CSS_RULES_MAX; i++) {
		memcpy(text + n, "p,", 2);
		n += 2;
	}
	memcpy(text + n, "p{", 2);
	n += 2;
	for (int i = 0; i < CSS_PROPERTIES; i++) {
		struct slice name = css_property_name((enum css_property)i);
		bool is_colour = i == CSS_COLOR || i == CSS_BACKGROUND;
		struct slice value = is_colour ? SLICE_LIT("red") : SLICE_LIT("0");
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%.*s:%.*s;", (int)name.len,
				      name.ptr, (int)value.len, value.ptr);
	}
	ck_assert_int_eq(css_parse(slice_of(text, n), &a, &css), FAULT_NONE);
	size_t each = css.rules[0].declaration_count;
	ck_assert_uint_gt(each * CSS_RULES_MAX, CSS_DECLARATIONS_MAX);
	ck_assert_uint_eq(css.rule_count, CSS_DECLARATIONS_MAX / each);
	ck_assert_uint_eq(css.rule_count + css.dropped_rules, CSS_RULES_MAX);
	arena_deinit(&a);
}
END_TEST

START_TEST(no_memory)
{
	for (unsigned n = 1;; n++) {
		struct arena a;
		struct css css;
		arena_init(&a, 1 << 20);
		oom_arm(n);
		enum fault f = css_parse(SLICE_LIT("p,a{color:red;border:0}"), &a, &css);
		bool failed = oom_disarm();
		arena_deinit(&a);
		ck_assert_int_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		if (!failed) {
			break;
		}
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("css");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, row, 0, (int)COUNT_OF(rows));
	tcase_add_test(t, order);
	tcase_add_test(t, a_part);
	tcase_add_test(t, limits);
	tcase_add_test(t, declarations);
	tcase_add_test(t, no_memory);
	suite_add_tcase(s, t);
	return check_main(s);
}
