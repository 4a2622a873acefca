#include "render/confluence/macros.h"

#include "tests/support/check_main.h"
#include "tests/support/pages.h"

static const char *const known[] = {"info", "code", "toc", "jira", "drawio", "outgoing-links"};

static const struct page_row rows[] = {
	{"unknown with a rich body",
	 "<ac:structured-macro ac:name='zz'><ac:rich-text-body><p>a</p>"
	 "</ac:rich-text-body></ac:structured-macro>",
	 "p{'a'}"},
	{"unknown with a plain body",
	 "<ac:structured-macro ac:name='zz'><ac:plain-text-body><![CDATA[a]]>"
	 "</ac:plain-text-body></ac:structured-macro>",
	 "code('a')"},
	{"unknown without a body",
	 "<ac:structured-macro ac:name='zz'></ac:structured-macro>"
	 "<p>a <ac:structured-macro ac:name='zz'></ac:structured-macro></p>",
	 "card(label=zz;macro=zz;href=https://x.example/wiki/pages/viewpage.action?pag"
	 "eId=42;)p{'a 'card_inline(label=zz;macro=zz;href=https://x.example/wiki/page"
	 "s/viewpage.action?pageId=42;)}"},
	{"macro without a name", "<ac:structured-macro/>",
	 "card(label=Macro;href=https://x.example/wiki/pages/viewpage.action?pageId=42"
	 ";)"},
};

START_TEST(pages)
{
	page_check(&rows[_i]);
}
END_TEST

START_TEST(rules)
{
	const struct macro_rule *rule = macro_rule_for(slice_of_text(known[_i]));
	ck_assert(slice_eq(rule->name, slice_of_text(known[_i])));
	ck_assert_ptr_nonnull(rule->show);
}
END_TEST

/* Each name once, so that no row hides another. */
START_TEST(every_name_is_found)
{
	size_t count = 0;
	for (const struct macro_rule *rule; (rule = macro_each(count)) != NULL; count++) {
		ck_assert_ptr_nonnull(rule->show);
		ck_assert_ptr_eq(macro_rule_for(rule->name), rule);
	}
	ck_assert_uint_gt(count, 140);
	ck_assert_ptr_null(macro_each(SIZE_MAX));
}
END_TEST

START_TEST(unknown_names)
{
	ck_assert_ptr_nonnull(macro_rule_for(SLICE_LIT("Info"))->show);
	ck_assert_uint_eq(macro_rule_for(SLICE_LIT("Info"))->name.len, 0);
	ck_assert_ptr_nonnull(macro_rule_for(slice_of(NULL, 0))->show);
	ck_assert_ptr_null(macro_rule_for_adf(SLICE_LIT("info")));
	ck_assert_ptr_nonnull(macro_rule_for_adf(SLICE_LIT("panel")));
}
END_TEST

#define STRUCTURED(name) "<ac:structured-macro ac:name='" name "'/>"

START_TEST(fates_are_counted)
{
	static const struct render_macro expected[] = {
		{SLICE_INIT("status"), MACRO_RENDERED, 2, NULL},
		{SLICE_INIT("children"), MACRO_CARD, 1, NULL},
		{SLICE_INIT("drawio"), MACRO_CARD, 1, NULL},
		{SLICE_INIT("drawio"), MACRO_SNAPSHOT, 1, NULL},
	};
	struct page_reading p;
	ck_assert(
		page_read(
			&p,
			SLICE_LIT(
				STRUCTURED("status") STRUCTURED("children") STRUCTURED("drawio")
					STRUCTURED(
						"status") "<ac:structured-macro "
							  "ac:name='drawio'><ac:parameter "
							  "ac:name='diagramName'>net</ac:parameter>"
							  "</ac:structured-macro>")) == FAULT_NONE);
	const struct render_macro *m = p.document.macros;
	for (size_t i = 0; i < COUNT_OF(expected); i++, m = m->next) {
		ck_assert_ptr_nonnull(m);
		ck_assert(slice_eq(m->name, expected[i].name));
		ck_assert_int_eq(m->fate, expected[i].fate);
		ck_assert_uint_eq(m->count, expected[i].count);
	}
	ck_assert_ptr_null(m);
	page_reading_drop(&p);
}
END_TEST

/* A page of ten thousand different names gets a short report. */
START_TEST(report_has_an_end)
{
	struct buf body;
	struct page_reading p;
	buf_init(&body, 1 << 20);
	for (uint64_t i = 0; i < 10000; i++) {
		ck_assert(buf_add_text(&body, "<ac:structured-macro ac:name='m") == FAULT_NONE);
		ck_assert(buf_add_u64(&body, i) == FAULT_NONE);
		ck_assert(buf_add_text(&body, "'/>") == FAULT_NONE);
	}
	ck_assert(page_read(&p, buf_view(&body)) == FAULT_NONE);
	unsigned lines = 0;
	uint64_t all = 0;
	for (const struct render_macro *m = p.document.macros; m != NULL; m = m->next) {
		lines++;
		all += m->count;
	}
	ck_assert_uint_le(lines, MACRO_NAMES_MAX + 3);
	ck_assert_uint_eq(all, 10000);
	page_reading_drop(&p);
	buf_deinit(&body);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("macros");
	TCase *t = tcase_create("macros");
	tcase_add_loop_test(t, pages, 0, COUNT_OF(rows));
	tcase_add_loop_test(t, rules, 0, COUNT_OF(known));
	tcase_add_test(t, every_name_is_found);
	tcase_add_test(t, unknown_names);
	tcase_add_test(t, fates_are_counted);
	tcase_add_test(t, report_has_an_end);
	suite_add_tcase(s, t);
	return check_main(s);
}
