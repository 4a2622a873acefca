#include "relay/intake/spec.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/specs.h"

#define LANGUAGE_RULE                                                                              \
	"The field 'language' must be a language tag of at most 35 bytes, such as en or de-CH."
#define LIST_RULE                                                                                  \
	"The field 'scheduled.list_id' must be a list's id without < and >, such as "              \
	"weekly.wiki.example.com."
#define LEAVE_RULE                                                                                 \
	"The field 'scheduled.unsubscribe' must be a whole https address of at most 2048 ASCII "   \
	"bytes, without blanks."

static const struct {
	struct slice fields;
	enum fault fault;
	const char *sentence;
} refused[] = {
	{SLICE_INIT("\"layout\":\"wide\""), FAULT_BAD_FIELD,
	 "The field 'layout' must be an object."},
	{SLICE_INIT("\"layout\":{\"color\":1}"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'layout.color' that Pagepost does not know."},
	{SLICE_INIT("\"layout\":{\"header_text\":\"a\\nb\"}"), FAULT_BAD_FIELD,
	 "The field 'layout.header_text' must not hold line breaks or other control characters."},
	{SLICE_INIT("\"layout\":{\"button_label\":1}"), FAULT_BAD_FIELD,
	 "The field 'layout.button_label' must be a string."},
	{SLICE_INIT("\"layout\":{\"css\":{}}"), FAULT_BAD_FIELD,
	 "The field 'layout.css' must be a string."},
	{SLICE_INIT("\"layout\":{\"logo\":\"../a.png\"}"), FAULT_BAD_FIELD,
	 "The field 'layout.logo' must be a file name of 1 to 255 bytes, without a path, line "
	 "breaks or other control characters."},
	{SLICE_INIT("\"layout\":{\"logo\":\"a.png\"}"), FAULT_BAD_FIELD,
	 "The field 'layout.logo' must be the name of a file that comes with the job."},
	{SLICE_INIT("\"layout\":{\"image_side\":16385}"), FAULT_BAD_FIELD,
	 "The field 'layout.image_side' must be a whole number from 0 to 16384."},
	{SLICE_INIT("\"layout\":{\"image_side\":-1}"), FAULT_BAD_FIELD,
	 "The field 'layout.image_side' must be a whole number from 0 to 16384."},
	{SLICE_INIT("\"layout\":{\"image_side\":\"100\"}"), FAULT_BAD_FIELD,
	 "The field 'layout.image_side' must be a whole number from 0 to 16384."},
	{SLICE_INIT("\"language\":1"), FAULT_BAD_FIELD, "The field 'language' must be a string."},
	{SLICE_INIT("\"language\":\"\""), FAULT_BAD_FIELD, LANGUAGE_RULE},
	{SLICE_INIT("\"language\":\"de_DE\""), FAULT_BAD_FIELD, LANGUAGE_RULE},
	{SLICE_INIT("\"language\":\"-de\""), FAULT_BAD_FIELD, LANGUAGE_RULE},
	{SLICE_INIT("\"language\":\"de-\""), FAULT_BAD_FIELD, LANGUAGE_RULE},
	{SLICE_INIT("\"language\":\"de--DE\""), FAULT_BAD_FIELD, LANGUAGE_RULE},
	{SLICE_INIT("\"language\":\"1de\""), FAULT_BAD_FIELD, LANGUAGE_RULE},
	{SLICE_INIT("\"language\":\"d3\""), FAULT_BAD_FIELD, LANGUAGE_RULE},
	{SLICE_INIT("\"language\":\"x\""), FAULT_BAD_FIELD, LANGUAGE_RULE},
	{SLICE_INIT("\"language\":\"de-a\""), FAULT_BAD_FIELD, LANGUAGE_RULE},
	{SLICE_INIT("\"language\":\"de-a-b-cd\""), FAULT_BAD_FIELD, LANGUAGE_RULE},
	{SLICE_INIT("\"language\":\"languages-x\""), FAULT_BAD_FIELD, LANGUAGE_RULE},
	{SLICE_INIT("\"language\":\"de\\r\\nX: y\""), FAULT_BAD_FIELD, LANGUAGE_RULE},
	{SLICE_INIT("\"language\":\"d\\u00e9\""), FAULT_BAD_FIELD, LANGUAGE_RULE},
	{SLICE_INIT("\"language\":\"de-abcdefgh-abcdefgh-abcdefgh-abcdefg\""), FAULT_BAD_FIELD,
	 LANGUAGE_RULE},
	{SLICE_INIT("\"scheduled\":1"), FAULT_BAD_FIELD,
	 "The field 'scheduled' must be true, false or an object {list_id, unsubscribe}."},
	{SLICE_INIT("\"scheduled\":{\"list\":\"\"}"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'scheduled.list' that Pagepost does not know."},
	{SLICE_INIT("\"scheduled\":{\"list_id\":1}"), FAULT_BAD_FIELD,
	 "The field 'scheduled.list_id' must be a string."},
	{SLICE_INIT("\"scheduled\":{\"list_id\":\"\"}"), FAULT_BAD_FIELD, LIST_RULE},
	{SLICE_INIT("\"scheduled\":{\"list_id\":\"weekly\"}"), FAULT_BAD_FIELD, LIST_RULE},
	{SLICE_INIT("\"scheduled\":{\"list_id\":\"a..b\"}"), FAULT_BAD_FIELD, LIST_RULE},
	{SLICE_INIT("\"scheduled\":{\"list_id\":\"a.b.\"}"), FAULT_BAD_FIELD, LIST_RULE},
	{SLICE_INIT("\"scheduled\":{\"list_id\":\"<a.b>\"}"), FAULT_BAD_FIELD, LIST_RULE},
	{SLICE_INIT("\"scheduled\":{\"list_id\":\"a.b c\"}"), FAULT_BAD_FIELD, LIST_RULE},
	{SLICE_INIT("\"scheduled\":{\"list_id\":\"a.b\\r\\n\"}"), FAULT_BAD_FIELD, LIST_RULE},
	{SLICE_INIT("\"scheduled\":{\"list_id\":\"a.\\u00e9\"}"), FAULT_BAD_FIELD, LIST_RULE},
	{SLICE_INIT("\"scheduled\":{\"unsubscribe\":1}"), FAULT_BAD_FIELD,
	 "The field 'scheduled.unsubscribe' must be a string."},
	{SLICE_INIT("\"scheduled\":{\"unsubscribe\":\"http://a.example\"}"), FAULT_BAD_FIELD,
	 LEAVE_RULE},
	{SLICE_INIT("\"scheduled\":{\"unsubscribe\":\"mailto:a@b.example\"}"), FAULT_BAD_FIELD,
	 LEAVE_RULE},
	{SLICE_INIT("\"scheduled\":{\"unsubscribe\":\"https://a.example/>\"}"), FAULT_BAD_FIELD,
	 LEAVE_RULE},
	{SLICE_INIT("\"scheduled\":{\"unsubscribe\":\"https://a.example/\\u00e9\"}"),
	 FAULT_BAD_FIELD, LEAVE_RULE},
};

START_TEST(refuses)
{
	struct specs s;
	specs_parse_with(&s, refused[_i].fields, JOBSPEC_WHOLE);
	struct slice said = problem_text(&s.problem);
	ck_assert_msg(slice_eq(said, slice_of_text(refused[_i].sentence)), "said: %.*s",
		      (int)said.len, said.ptr);
	ck_assert_uint_eq(s.fault, refused[_i].fault);
	specs_free(&s);
}
END_TEST

static bool is(struct slice s, const char *text)
{
	return slice_eq(s, slice_of_text(text));
}

START_TEST(takes_all_of_a_layout)
{
	struct specs s;
	specs_parse_with(&s,
			 SLICE_LIT("\"layout\":{\"header_text\":\"Wiki of A & B\","
				   "\"button_label\":\"Read on\",\"css\":\"p{\\n color:red }\","
				   "\"logo\":\"a.png\",\"image_side\":1200},\"language\":\"de-CH\","
				   "\"files\":[{\"name\":\"a.png\",\"content\":\"\"}]"),
			 JOBSPEC_WHOLE);
	ck_assert_msg(s.fault == FAULT_NONE, "%.*s", (int)s.problem.len, s.problem.text);
	const struct layout *l = &s.job->layout;
	ck_assert(is(l->header_text, "Wiki of A & B") && is(l->button_label, "Read on"));
	ck_assert(is(l->css, "p{\n color:red }") && is(l->logo, "a.png"));
	ck_assert(l->image_side == 1200 && is(s.job->language, "de-CH"));
	ck_assert(!s.job->scheduled.is_set);
	specs_free(&s);
}
END_TEST

static const char *const languages[] = {"en",
					"EN",
					"deu",
					"zh-Hant-TW",
					"de-CH-1996",
					"x-klingon",
					"i-default",
					"sl-rozaj-biske",
					"en-a-bbb-x-a-ccc",
					"abcdefgh"};

START_TEST(takes_languages)
{
	char fields[80] = "\"language\":\"";
	struct specs s;
	size_t n = strlen(fields);
	memcpy(fields + n, languages[_i], strlen(languages[_i]));
	n += strlen(languages[_i]);
	fields[n] = '"';
	specs_parse_with(&s, slice_of(fields, n + 1), JOBSPEC_PART);
	bool good = strcmp(languages[_i], "en-a-bbb-x-a-ccc") != 0;
	ck_assert_msg((s.fault == FAULT_NONE) == good, "%s", languages[_i]);
	specs_free(&s);
}
END_TEST

START_TEST(takes_what_is_scheduled)
{
	struct specs s;
	specs_parse_with(&s, SLICE_LIT("\"scheduled\":true"), JOBSPEC_PART);
	ck_assert(s.fault == FAULT_NONE && s.job->scheduled.is_set);
	ck_assert(s.job->scheduled.list_id.len == 0 && s.job->scheduled.unsubscribe.len == 0);
	specs_free(&s);
	specs_parse_with(&s, SLICE_LIT("\"scheduled\":false"), JOBSPEC_PART);
	ck_assert(s.fault == FAULT_NONE && !s.job->scheduled.is_set);
	specs_free(&s);
	specs_parse_with(&s, SLICE_LIT("\"scheduled\":{}"), JOBSPEC_PART);
	ck_assert(s.fault == FAULT_NONE && s.job->scheduled.is_set);
	specs_free(&s);
	specs_parse_with(&s,
			 SLICE_LIT("\"scheduled\":{\"list_id\":\"weekly.wiki.example.com\","
				   "\"unsubscribe\":\"https://a.example/u?x=1\"}"),
			 JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_NONE);
	ck_assert(is(s.job->scheduled.list_id, "weekly.wiki.example.com"));
	ck_assert(is(s.job->scheduled.unsubscribe, "https://a.example/u?x=1"));
	specs_free(&s);
}
END_TEST

START_TEST(names_both_sizes_of_a_style_sheet)
{
	static char fields[20000] = "\"layout\":{\"css\":\"";
	struct specs s;
	size_t n = strlen(fields);
	memset(fields + n, 'x', JOB_CSS_MAX + 1);
	memcpy(fields + n + JOB_CSS_MAX + 1, "\"}", 2);
	specs_parse_with(&s, slice_of(fields, n + JOB_CSS_MAX + 3), JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_BAD_FIELD);
	ck_assert(slice_eq(
		problem_text(&s.problem),
		SLICE_LIT("The field 'layout.css' may have at most 16384 bytes; it has 16385.")));
	specs_free(&s);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/spec_layout");
	TCase *t = tcase_create("layout");
	tcase_add_loop_test(t, refuses, 0, COUNT_OF(refused));
	tcase_add_test(t, takes_all_of_a_layout);
	tcase_add_loop_test(t, takes_languages, 0, COUNT_OF(languages));
	tcase_add_test(t, takes_what_is_scheduled);
	tcase_add_test(t, names_both_sizes_of_a_style_sheet);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
