#include "relay/intake/spec.h"

#include "tests/support/check_main.h"
#include "tests/support/specs.h"

#define TO	  "\"to\":[{\"email\":\"a@b.example\"}]"
#define PAGE(add) SLICE_INIT("{" TO ",\"page\":{\"title\":\"T\",\"body\":\"<p/>\"," add "}}")
#define DATE_RULE "must be a date and time of RFC 3339, such as 2026-11-22T08:30:00Z."
#define FORMAT_RULE                                                                                \
	"The field 'page.format' must be \"storage\", \"atlas_doc_format\", \"view\" or "          \
	"\"export_view\"."

static const struct {
	struct slice json;
	const char *sentence;
} refused[] = {
	{PAGE("\"format\":1"), "The field 'page.format' must be a string."},
	{PAGE("\"format\":\"\""), FORMAT_RULE},
	{PAGE("\"format\":\"Storage\""), FORMAT_RULE},
	{PAGE("\"format\":\"editor\""), FORMAT_RULE},
	{PAGE("\"space_name\":\"a\\u0000\""),
	 "The field 'page.space_name' must not hold line breaks or other control characters."},
	{PAGE("\"created_at\":0"), "The field 'page.created_at' " DATE_RULE},
	{PAGE("\"created_at\":\"yesterday\""), "The field 'page.created_at' " DATE_RULE},
	{PAGE("\"updated_at\":\"2026-02-29T08:30:00Z\""), "The field 'page.updated_at' " DATE_RULE},
	{PAGE("\"updated_at\":null"), "The field 'page.updated_at' " DATE_RULE},
	{PAGE("\"created_by\":{}"), "The field 'page.created_by' must be a string."},
	{PAGE("\"updated_by\":7"), "The field 'page.updated_by' must be a string."},
	{PAGE("\"contributors\":\"3\""),
	 "The field 'page.contributors' must be a whole number, not below 0."},
	{PAGE("\"attachments\":-1"),
	 "The field 'page.attachments' must be a whole number, not below 0."},
};

START_TEST(refuses)
{
	struct specs s;
	specs_parse(&s, refused[_i].json, JOBSPEC_PART);
	struct slice said = problem_text(&s.problem);
	ck_assert_msg(slice_eq(said, slice_of_text(refused[_i].sentence)), "said: %.*s",
		      (int)said.len, said.ptr);
	ck_assert_uint_eq(s.fault, FAULT_BAD_FIELD);
	specs_free(&s);
}
END_TEST

static const struct {
	struct slice json;
	enum page_format format;
} formats[] = {
	{PAGE("\"format\":\"storage\""), PAGE_STORAGE},
	{PAGE("\"format\":\"atlas_doc_format\""), PAGE_ATLAS_DOC_FORMAT},
	{PAGE("\"format\":\"view\""), PAGE_VIEW},
	{PAGE("\"format\":\"export_view\""), PAGE_EXPORT_VIEW},
	{PAGE("\"id\":1"), PAGE_STORAGE},
};

START_TEST(takes_every_format)
{
	struct specs s;
	specs_parse(&s, formats[_i].json, JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_NONE);
	ck_assert_uint_eq(s.job->page.format, formats[_i].format);
	specs_free(&s);
}
END_TEST

START_TEST(takes_what_confluence_knows)
{
	static const struct slice json = PAGE(
		"\"space_name\":\"Docs & more\",\"created_at\":\"2024-01-02T03:04:05.678Z\","
		"\"updated_at\":\"2024-01-02T03:04:05+01:00\",\"created_by\":\"Ada\","
		"\"updated_by\":\"Ben\",\"contributors\":0,\"attachments\":12");
	struct specs s;
	specs_parse(&s, json, JOBSPEC_PART);
	ck_assert_msg(s.fault == FAULT_NONE, "%.*s", (int)s.problem.len, s.problem.text);
	const struct page_facts *p = &s.job->page.facts;
	ck_assert(slice_eq(p->space_name, SLICE_LIT("Docs & more")));
	ck_assert(slice_eq(p->author, SLICE_LIT("Ada")) && slice_eq(p->editor, SLICE_LIT("Ben")));
	ck_assert_int_eq(p->created.ms, 1704164645678);
	ck_assert_int_eq(p->updated.ms, 1704161045000);
	ck_assert(p->has_contributors && p->contributors == 0);
	ck_assert(p->has_attachments && p->attachments == 12);
	specs_free(&s);
	specs_parse(&s, formats[0].json, JOBSPEC_PART);
	ck_assert(!s.job->page.facts.has_contributors && !s.job->page.facts.has_attachments);
	ck_assert_int_eq(s.job->page.facts.created.ms, 0);
	specs_free(&s);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/spec_page");
	TCase *t = tcase_create("page");
	tcase_add_loop_test(t, refuses, 0, COUNT_OF(refused));
	tcase_add_loop_test(t, takes_every_format, 0, COUNT_OF(formats));
	tcase_add_test(t, takes_what_confluence_knows);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
