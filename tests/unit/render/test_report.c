#include "render/report.h"

#include "tests/support/check_main.h"

static struct node root = {.kind = NODE_ROOT};
static const struct document empty = {.root = &root};
static const struct page page = {.title = SLICE_INIT("T")};

struct fixture {
	struct arena arena;
	struct render_input in;
	struct view view;
};

static void begin(struct fixture *x, uint64_t limit)
{
	*x = (struct fixture){.in = {.page = &page, .size_limit = limit}};
	arena_init(&x->arena, 65536);
	ck_assert_int_eq(view_init(&x->view, &x->in, &empty, &x->arena), FAULT_NONE);
}

static void expect(struct fixture *x, enum warning w, const char *detail)
{
	const struct render_warning *first = x->view.warnings;
	ck_assert((first == NULL) == (detail == NULL));
	if (detail != NULL) {
		ck_assert(slice_eq(first->code, warning_code(w)) && first->next == NULL);
		ck_assert_msg(slice_eq(first->detail, slice_of_text(detail)), "%.*s",
			      (int)first->detail.len, first->detail.ptr);
	}
	arena_deinit(&x->arena);
}

START_TEST(names_macros_that_are_only_named)
{
	struct render_macro last = {.name = SLICE_INIT("jira"), .fate = MACRO_CARD, .count = 3};
	struct render_macro middle = {.name = SLICE_INIT("code"), .next = &last};
	struct render_macro first = {
		.name = SLICE_INIT("calendar"), .fate = MACRO_CARD, .count = 1, .next = &middle};
	struct fixture x;
	begin(&x, 0);
	ck_assert_int_eq(report_macros(&x.view, &first), FAULT_NONE);
	expect(&x, WARNING_MACROS_NOT_RENDERED,
	       "The mail leads to the page for these macros: calendar, jira.");
	last.fate = MACRO_SNAPSHOT;
	first.fate = MACRO_RENDERED;
	begin(&x, 0);
	ck_assert_int_eq(report_macros(&x.view, &first), FAULT_NONE);
	expect(&x, WARNING_MACROS_NOT_RENDERED, NULL);
}
END_TEST

START_TEST(names_not_too_many)
{
	struct render_macro macros[REPORT_NAMES_MAX + 1] = {0};
	struct fixture x;
	for (size_t i = 0; i < COUNT_OF(macros); i++) {
		macros[i].name = SLICE_LIT("m");
		macros[i].fate = MACRO_CARD;
		macros[i].next = i + 1 < COUNT_OF(macros) ? &macros[i + 1] : NULL;
	}
	begin(&x, 0);
	ck_assert_int_eq(report_macros(&x.view, macros), FAULT_NONE);
	expect(&x, WARNING_MACROS_NOT_RENDERED,
	       "The mail leads to the page for these macros: m, m, m, m, m, m, m, m, m, m, m, m, "
	       "m, "
	       "m, m, m, m, m, m, m and others.");
}
END_TEST

START_TEST(names_both_sizes)
{
	struct fixture x;
	begin(&x, 1000);
	ck_assert_int_eq(report_size(&x.view, 1001), FAULT_NONE);
	expect(&x, WARNING_MESSAGE_OVER_LIMIT,
	       "The message has 1001 bytes; the mail server takes at most 1000.");
	begin(&x, 1000);
	ck_assert_int_eq(report_size(&x.view, 1000), FAULT_NONE);
	expect(&x, WARNING_MESSAGE_OVER_LIMIT, NULL);
	begin(&x, 0);
	ck_assert_int_eq(report_size(&x.view, UINT64_MAX), FAULT_NONE);
	expect(&x, WARNING_MESSAGE_OVER_LIMIT, NULL);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("report");
	TCase *t = tcase_create("report");
	tcase_add_test(t, names_macros_that_are_only_named);
	tcase_add_test(t, names_not_too_many);
	tcase_add_test(t, names_both_sizes);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
