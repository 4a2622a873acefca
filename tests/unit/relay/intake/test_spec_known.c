#include "relay/intake/spec.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/specs.h"

#define URL_RULE "must be a whole http or https address of at most 2048 bytes, without blanks."
#define ONE_RULE "must have exactly one of html, adf, text and rows."

static const struct {
	struct slice fields;
	enum fault fault;
	const char *sentence;
} refused[] = {
	{SLICE_INIT("\"users\":{}"), FAULT_BAD_FIELD, "The field 'users' must be a list."},
	{SLICE_INIT("\"users\":[\"a\"]"), FAULT_BAD_FIELD,
	 "The field 'users[0]' must be an object."},
	{SLICE_INIT("\"users\":[{\"name\":\"A\"}]"), FAULT_BAD_FIELD,
	 "The field 'users[0].account_id' must be there, and not empty."},
	{SLICE_INIT("\"users\":[{\"account_id\":\"\",\"name\":\"A\"}]"), FAULT_BAD_FIELD,
	 "The field 'users[0].account_id' must be there, and not empty."},
	{SLICE_INIT("\"users\":[{\"account_id\":\"1\",\"name\":\"A\"},{\"account_id\":\"1\"}]"),
	 FAULT_BAD_FIELD, "The field 'users[1].name' must be there, and not empty."},
	{SLICE_INIT("\"users\":[{\"name\":\"A\\nB\"}]"), FAULT_BAD_FIELD,
	 "The field 'users[0].name' must not hold line breaks or other control characters."},
	{SLICE_INIT("\"users\":[{\"email\":\"a@b.example\"}]"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'users[0].email' that Pagepost does not know."},
	{SLICE_INIT("\"links\":null"), FAULT_BAD_FIELD, "The field 'links' must be a list."},
	{SLICE_INIT("\"links\":[{}]"), FAULT_BAD_FIELD,
	 "The field 'links[0]' must say what it is of: a url, content_id, space_key, "
	 "content_title or issue_key."},
	{SLICE_INIT("\"links\":[{\"title\":\"T\",\"summary\":\"S\",\"status\":\"open\"}]"),
	 FAULT_BAD_FIELD,
	 "The field 'links[0]' must say what it is of: a url, content_id, space_key, "
	 "content_title or issue_key."},
	{SLICE_INIT("\"links\":[{\"url\":1}]"), FAULT_BAD_FIELD,
	 "The field 'links[0].url' must be a string."},
	{SLICE_INIT("\"links\":[{\"url\":\"/wiki/x\"}]"), FAULT_BAD_FIELD,
	 "The field 'links[0].url' " URL_RULE},
	{SLICE_INIT("\"links\":[{\"url\":\"javascript:alert(1)\"}]"), FAULT_BAD_FIELD,
	 "The field 'links[0].url' " URL_RULE},
	{SLICE_INIT("\"links\":[{\"url\":\"https://\"}]"), FAULT_BAD_FIELD,
	 "The field 'links[0].url' " URL_RULE},
	{SLICE_INIT("\"links\":[{\"url\":\"https:///x\"}]"), FAULT_BAD_FIELD,
	 "The field 'links[0].url' " URL_RULE},
	{SLICE_INIT("\"links\":[{\"url\":\"https://a.example/x y\"}]"), FAULT_BAD_FIELD,
	 "The field 'links[0].url' " URL_RULE},
	{SLICE_INIT("\"links\":[{\"url\":\"https://a.example/\\u0022>\"}]"), FAULT_BAD_FIELD,
	 "The field 'links[0].url' " URL_RULE},
	{SLICE_INIT("\"links\":[{\"url\":\"https://a.example/\\r\\n\"}]"), FAULT_BAD_FIELD,
	 "The field 'links[0].url' " URL_RULE},
	{SLICE_INIT("\"links\":[{\"content_id\":1.5}]"), FAULT_BAD_FIELD,
	 "The field 'links[0].content_id' must be a string or a whole number."},
	{SLICE_INIT("\"links\":[{\"issue\":\"A-1\"}]"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'links[0].issue' that Pagepost does not know."},
	{SLICE_INIT("\"macros\":[]"), FAULT_BAD_FIELD, "The field 'macros' must be an object."},
	{SLICE_INIT("\"macros\":{\"\":{\"text\":\"\"}}"), FAULT_BAD_FIELD,
	 "The field 'macros.' must have a local id of 1 to 255 bytes as its name."},
	{SLICE_INIT("\"macros\":{\"a\":1}"), FAULT_BAD_FIELD,
	 "The field 'macros.a' must be an object."},
	{SLICE_INIT("\"macros\":{\"a\":{}}"), FAULT_BAD_FIELD, "The field 'macros.a' " ONE_RULE},
	{SLICE_INIT("\"macros\":{\"a<b\":{\"html\":\"\",\"text\":\"\"}}"), FAULT_BAD_FIELD,
	 "The field 'macros.a?b' " ONE_RULE},
	{SLICE_INIT("\"macros\":{\"a\":{\"html\":\"\",\"adf\":{}}}"), FAULT_BAD_FIELD,
	 "The field 'macros.a' " ONE_RULE},
	{SLICE_INIT("\"macros\":{\"a\":{\"adf\":[]}}"), FAULT_BAD_FIELD,
	 "The field 'macros.a.adf' must be an object or a string."},
	{SLICE_INIT("\"macros\":{\"a\":{\"html\":{}}}"), FAULT_BAD_FIELD,
	 "The field 'macros.a.html' must be a string."},
	{SLICE_INIT("\"macros\":{\"a\":{\"x\\u0000\":\"\"}}"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'macros.a.x?' that Pagepost does not know."},
	{SLICE_INIT("\"macros\":{\"a\":{\"text\":\"\"},\"\\u0061\":{\"text\":\"\"}}"),
	 FAULT_BAD_FIELD, "The field 'macros.a' is there more than once."},
	{SLICE_INIT("\"macros\":{\"a\":{\"adf\":{\"b\":\"\\q\"}}}"), FAULT_BAD_JSON,
	 "The JSON is wrong at byte 94: one of \" \\ / b f n r t u was expected."},
	{SLICE_INIT("\"macros\":{\"a\":{\"adf\":{\"b\":]}}}"), FAULT_BAD_JSON,
	 "The JSON is wrong at byte 93: a value was expected."},
	{SLICE_INIT("\"macros\":{\"a\":{\"rows\":[],\"text\":\"\"}}"), FAULT_BAD_FIELD,
	 "The field 'macros.a' " ONE_RULE},
	{SLICE_INIT("\"macros\":{\"a\":{\"rows\":{}}}"), FAULT_BAD_FIELD,
	 "The field 'macros.a.rows' must be a list."},
	{SLICE_INIT("\"macros\":{\"a\":{\"rows\":[1]}}"), FAULT_BAD_FIELD,
	 "The field 'macros.a.rows[0]' must be a list."},
	{SLICE_INIT("\"macros\":{\"a\":{\"rows\":[[],[\"\",null]]}}"), FAULT_BAD_FIELD,
	 "The field 'macros.a.rows[1][1]' must be a string, or an object {text, url}."},
	{SLICE_INIT("\"macros\":{\"a\":{\"rows\":[[\"a\\u0000\"]]}}"), FAULT_BAD_FIELD,
	 "The field 'macros.a.rows[0][0]' must not hold line breaks or other control characters."},
	{SLICE_INIT("\"macros\":{\"a\":{\"rows\":[[{\"href\":\"\"}]]}}"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'macros.a.rows[0][0].href' that Pagepost does not know."},
	{SLICE_INIT("\"macros\":{\"a\":{\"rows\":[[{\"url\":\"javascript:x\"}]]}}"),
	 FAULT_BAD_FIELD,
	 "The field 'macros.a.rows[0][0].url' must be a whole http or https address of at most "
	 "2048 "
	 "bytes, without blanks."},
};

START_TEST(refuses)
{
	struct specs s;
	specs_parse_with(&s, refused[_i].fields, JOBSPEC_PART);
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

START_TEST(takes_people_and_links)
{
	struct specs s;
	specs_parse_with(
		&s,
		SLICE_LIT("\"users\":[{\"account_id\":\"557058:a\",\"name\":\"Ad\\u00e4\"},"
			  "{\"name\":\"B\",\"account_id\":\"b\"}],\"links\":["
			  "{\"url\":\"https:\\/\\/a.example/"
			  "x?y=1#z\",\"title\":\"T\",\"summary\":\"S\"},"
			  "{\"issue_key\":\"AB-1\",\"title\":\"Broken\",\"status\":\"Open\"},"
			  "{\"content_id\":4711,\"url\":\"http://b.example\"},"
			  "{\"space_key\":\"DOC\",\"content_title\":\"A page\"}]"),
		JOBSPEC_PART);
	ck_assert_msg(s.fault == FAULT_NONE, "%.*s", (int)s.problem.len, s.problem.text);
	const struct known *k = &s.job->known;
	ck_assert(k->user_count == 2 && k->link_count == 4 && k->macro_count == 0);
	ck_assert(is(k->users[0].account_id, "557058:a") && is(k->users[0].name, "Ad\xc3\xa4"));
	ck_assert(is(k->users[1].account_id, "b") && is(k->users[1].name, "B"));
	ck_assert(is(k->links[0].url, "https://a.example/x?y=1#z") && is(k->links[0].title, "T"));
	ck_assert(is(k->links[0].summary, "S") && k->links[0].status.len == 0);
	ck_assert(is(k->links[1].issue_key, "AB-1") && is(k->links[1].status, "Open"));
	ck_assert(is(k->links[2].content_id, "4711") && is(k->links[2].url, "http://b.example"));
	ck_assert(is(k->links[3].space_key, "DOC") && is(k->links[3].content_title, "A page"));
	specs_free(&s);
}
END_TEST

START_TEST(takes_macros_of_three_kinds)
{
	struct specs s;
	specs_parse_with(
		&s,
		SLICE_LIT("\"macros\":{\"1a-\\u0062\":{\"html\":\"<p>\\n<\\/p>\"},"
			  "\"2\":{\"adf\": {\"type\" : \"doc\\n\", "
			  "\"content\":[{},[1,\"\\u00e9\"]]} },"
			  "\"3\":{\"adf\":\"{\\\"type\\\":\\\"doc\\\"}\"},\"4\":{\"text\":\"\"}}"),
		JOBSPEC_PART);
	ck_assert_msg(s.fault == FAULT_NONE, "%.*s", (int)s.problem.len, s.problem.text);
	const struct live_macro *m = s.job->known.macros;
	ck_assert_uint_eq(s.job->known.macro_count, 4);
	ck_assert(is(m[0].local_id, "1a-b") && m[0].kind == LIVE_HTML &&
		  is(m[0].body, "<p>\n</p>"));
	/* Its bytes as they were: the escapes are its own reader's. */
	ck_assert(is(m[1].local_id, "2") && m[1].kind == LIVE_ADF);
	ck_assert(is(m[1].body, "{\"type\" : \"doc\\n\", \"content\":[{},[1,\"\\u00e9\"]]}"));
	ck_assert(m[2].kind == LIVE_ADF && is(m[2].body, "{\"type\":\"doc\"}"));
	ck_assert(m[3].kind == LIVE_TEXT && m[3].body.len == 0);
	specs_free(&s);
}
END_TEST

START_TEST(takes_rows)
{
	struct specs s;
	specs_parse_with(&s,
			 SLICE_LIT("\"macros\":{\"1\":{\"rows\":[[\"Key\",\"State\"],[{\"url\":"
				   "\"https://a.example/1\",\"text\":\"A\\n-1\"}],[]]},"
				   "\"2\":{\"rows\":[]}}"),
			 JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_BAD_FIELD); /* a line end */
	specs_free(&s);
	specs_parse_with(&s,
			 SLICE_LIT("\"macros\":{\"1\":{\"rows\":[[\"Key\",\"State\"],[{\"url\":"
				   "\"https://a.example/1\",\"text\":\"A-1\"}],[]]},"
				   "\"2\":{\"rows\":[]}}"),
			 JOBSPEC_PART);
	ck_assert_msg(s.fault == FAULT_NONE, "%.*s", (int)s.problem.len, s.problem.text);
	const struct live_macro *m = s.job->known.macros;
	ck_assert(m[0].kind == LIVE_ROWS && m[0].row_count == 3);
	ck_assert(m[0].rows[0].cell_count == 2 && is(m[0].rows[0].cells[1].text, "State"));
	ck_assert(m[0].rows[1].cell_count == 1 && is(m[0].rows[1].cells[0].text, "A-1"));
	ck_assert(is(m[0].rows[1].cells[0].url, "https://a.example/1"));
	ck_assert(m[0].rows[2].cell_count == 0);
	ck_assert(m[1].kind == LIVE_ROWS && m[1].row_count == 0);
	specs_free(&s);
}
END_TEST

static size_t put(char *json, size_t at, const char *text)
{
	memcpy(json + at, text, strlen(text));
	return at + strlen(text);
}

START_TEST(names_both_sizes_of_a_body)
{
	static const char *const kinds[] = {"\"html\":\"", "\"text\":\"", "\"adf\":\"",
					    "\"adf\":{\"a\":\""};
	static char fields[3000];
	struct specs s;
	size_t n = put(fields, put(fields, 0, "\"macros\":{\"a\":{"), kinds[_i]);
	size_t around = _i == 3 ? 8 : 0;
	memset(fields + n, 'x', 1001 - around);
	n = put(fields, n + 1001 - around, _i == 3 ? "\"}}}" : "\"}}");
	specs_parse_with(&s, slice_of(fields, n), JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_TOO_LARGE);
	ck_assert_msg(slice_ends(problem_text(&s.problem),
				 SLICE_LIT("' may have at most 1000 bytes; it has 1001.")),
		      "%.*s", (int)s.problem.len, s.problem.text);
	specs_free(&s);
}
END_TEST

/* Deeper than the tables of fields go: its own reader sees to that. */
START_TEST(takes_adf_of_any_depth)
{
	enum { LEVELS = 450 };
	char fields[3 * LEVELS];
	struct specs s;
	size_t n = put(fields, 0, "\"macros\":{\"a\":{\"adf\":{\"b\":");
	memset(fields + n, '[', LEVELS);
	memset(fields + n + LEVELS, ']', LEVELS);
	n = put(fields, n + 2 * (size_t)LEVELS, "}}}");
	specs_parse_with(&s, slice_of(fields, n), JOBSPEC_PART);
	ck_assert_msg(s.fault == FAULT_NONE, "%.*s", (int)s.problem.len, s.problem.text);
	ck_assert_uint_eq(s.job->known.macros[0].body.len, 6 + 2 * LEVELS);
	specs_free(&s);
}
END_TEST

START_TEST(lists_have_their_limits)
{
	static const struct {
		const char *before, *one, *after;
		const char *sentence;
	} lists[] = {
		{"\"users\":[", "{\"account_id\":\"1\",\"name\":\"A\"}", "]",
		 "The field 'users[1000]' is one too many: at most 1000 are allowed."},
		{"\"links\":[", "{\"space_key\":\"A\"}", "]",
		 "The field 'links[1000]' is one too many: at most 1000 are allowed."},
		{"\"macros\":{\"a\":{\"rows\":[", "[]", "]}}",
		 "The field 'macros.a.rows[1000]' is one too many: at most 1000 are allowed."},
		{"\"macros\":{\"a\":{\"rows\":[[", "\"\"", "]]}}",
		 "The field 'macros.a.rows[0][50]' is one too many: at most 50 are allowed."},
	};
	static char fields[60 * 1024];
	struct specs s;
	size_t n = put(fields, 0, lists[_i].before);
	for (size_t i = 0; i <= JOB_USERS_MAX; i++) {
		n = put(fields, put(fields, n, i > 0 ? "," : ""), lists[_i].one);
	}
	n = put(fields, n, lists[_i].after);
	specs_parse_with(&s, slice_of(fields, n), JOBSPEC_PART);
	/* Room for a thousand links is more than the test's job has. */
	if (s.fault != FAULT_NO_MEMORY || _i != 1) {
		ck_assert_uint_eq(s.fault, FAULT_TOO_LARGE);
		ck_assert(slice_eq(problem_text(&s.problem), slice_of_text(lists[_i].sentence)));
	}
	specs_free(&s);
}
END_TEST

START_TEST(takes_only_the_room_that_is_needed)
{
	struct specs s;
	specs_parse_with(&s,
			 SLICE_LIT("\"users\":[],\"links\":[{\"space_key\":\"A\"}],\"macros\":{}"),
			 JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_NONE);
	ck_assert_uint_le(arena_taken(&s.job->arena), 16 * 1024);
	specs_free(&s);
}
END_TEST

START_TEST(says_when_memory_is_out)
{
	for (unsigned n = 1;; n++) {
		struct specs s;
		oom_arm(n);
		specs_parse_with(
			&s,
			SLICE_LIT("\"users\":[{\"account_id\":\"a\",\"name\":\"A\"}],"
				  "\"links\":[{\"space_key\":\"A\"}],"
				  "\"macros\":{\"a\":{\"adf\":{}},\"b\":{\"rows\":[[\"\"]]}}"),
			JOBSPEC_PART);
		bool failed = oom_disarm();
		ck_assert_uint_eq(s.fault, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		specs_free(&s);
		if (!failed) {
			break;
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/spec_known");
	TCase *t = tcase_create("known");
	tcase_add_loop_test(t, refuses, 0, COUNT_OF(refused));
	tcase_add_test(t, takes_people_and_links);
	tcase_add_test(t, takes_macros_of_three_kinds);
	tcase_add_loop_test(t, names_both_sizes_of_a_body, 0, 4);
	tcase_add_test(t, takes_rows);
	tcase_add_test(t, takes_adf_of_any_depth);
	tcase_add_loop_test(t, lists_have_their_limits, 0, 4);
	tcase_add_test(t, takes_only_the_room_that_is_needed);
	tcase_add_test(t, says_when_memory_is_out);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
