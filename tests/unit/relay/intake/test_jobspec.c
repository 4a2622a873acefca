#include "relay/intake/jobspec.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/specs.h"

#define TO   "\"to\":[{\"email\":\"a@b.example\"}]"
#define PAGE "\"page\":{\"title\":\"T\",\"body\":\"<p/>\"}"

static const struct {
	struct slice json;
	enum fault fault;
	const char *sentence; /* what the refusal says */
} refused[] = {
	{SLICE_INIT(""), FAULT_BAD_JSON, "The JSON is wrong at byte 0: a value was expected."},
	{SLICE_INIT("{"), FAULT_BAD_JSON,
	 "The JSON is wrong at byte 1: a key in quotes or } was expected."},
	{SLICE_INIT("{" PAGE "," TO ",}"), FAULT_BAD_JSON,
	 "The JSON is wrong at byte 67: a key in quotes was expected."},
	{SLICE_INIT("{" PAGE "," TO "} {"), FAULT_BAD_JSON,
	 "The JSON is wrong at byte 68: nothing more was expected."},
	{SLICE_INIT("{" PAGE "," TO "}\0"), FAULT_BAD_JSON,
	 "The JSON is wrong at byte 67: nothing more was expected."},
	{SLICE_INIT("{\"note\":\"\xff\"}"), FAULT_BAD_JSON,
	 "The JSON is wrong at byte 9: this is not UTF-8."},
	{SLICE_INIT("[]"), FAULT_BAD_FIELD, "The job must be an object."},
	{SLICE_INIT("null"), FAULT_BAD_FIELD, "The job must be an object."},
	{SLICE_INIT("\"job\""), FAULT_BAD_FIELD, "The job must be an object."},
	{SLICE_INIT("{}"), FAULT_BAD_FIELD,
	 "The field 'page.body' must be there: this version does not fetch pages itself."},
	{SLICE_INIT("{" PAGE "}"), FAULT_BAD_FIELD,
	 "The job has 0 recipients in 'to', 'cc' and 'bcc'; it must have 1 to 5."},
	{SLICE_INIT("{" PAGE ",\"to\":[]}"), FAULT_BAD_FIELD,
	 "The job has 0 recipients in 'to', 'cc' and 'bcc'; it must have 1 to 5."},
	{SLICE_INIT("{" TO ",\"page\":{\"body\":\"\"}}"), FAULT_BAD_FIELD,
	 "The field 'page.title' or 'subject' must be there, because the mail needs a subject."},
	{SLICE_INIT("{" TO ",\"subject\":\" \",\"page\":{\"title\":\"\\t \",\"body\":\"\"}}"),
	 FAULT_BAD_FIELD,
	 "The field 'page.title' or 'subject' must be there, because the mail needs a subject."},
	{SLICE_INIT("{" PAGE "," TO ",\"attachments\":[\"a\"]}"), FAULT_BAD_FIELD,
	 "The field 'attachments[0]' must be the name of a file that comes with the job."},
	{SLICE_INIT("{" PAGE "," TO ",\"attachments\":[\"a\",\"A\"],"
		    "\"files\":[{\"name\":\"a\",\"content\":\"\"}]}"),
	 FAULT_BAD_FIELD,
	 "The field 'attachments[1]' must be the name of a file that comes with the job."},
	{SLICE_INIT("{" PAGE "," TO ",\"pagr\":1}"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'pagr' that Pagepost does not know."},
	{SLICE_INIT("{\"a\\u0000<b>\":1}"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'a??b?' that Pagepost does not know."},
	{SLICE_INIT("{\"\":1}"), FAULT_UNKNOWN_FIELD,
	 "The job has a field '' that Pagepost does not know."},
	{SLICE_INIT("{" PAGE "," PAGE "}"), FAULT_BAD_FIELD,
	 "The field 'page' is there more than once."},
	{SLICE_INIT("{\"page\":[]}"), FAULT_BAD_FIELD, "The field 'page' must be an object."},
	{SLICE_INIT("{\"page\":null}"), FAULT_BAD_FIELD, "The field 'page' must be an object."},
	{SLICE_INIT("{\"page\":{\"bodi\":\"\"}}"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'page.bodi' that Pagepost does not know."},
	{SLICE_INIT("{\"page\":{\"body\":1}}"), FAULT_BAD_FIELD,
	 "The field 'page.body' must be a string."},
	{SLICE_INIT("{\"page\":{\"body\":\"\",\"body\":\"\"}}"), FAULT_BAD_FIELD,
	 "The field 'page.body' is there more than once."},
	{SLICE_INIT("{\"page\":{\"title\":true}}"), FAULT_BAD_FIELD,
	 "The field 'page.title' must be a string."},
	{SLICE_INIT("{\"page\":{\"title\":\"a\\r\\nBcc: x@y.example\"}}"), FAULT_BAD_FIELD,
	 "The field 'page.title' must not hold line breaks or other control characters."},
	{SLICE_INIT("{\"page\":{\"title\":\"a\\u0000\"}}"), FAULT_BAD_FIELD,
	 "The field 'page.title' must not hold line breaks or other control characters."},
	{SLICE_INIT("{\"page\":{\"space_key\":\"a\\n\"}}"), FAULT_BAD_FIELD,
	 "The field 'page.space_key' must not hold line breaks or other control characters."},
	{SLICE_INIT("{\"page\":{\"space_key\":7}}"), FAULT_BAD_FIELD,
	 "The field 'page.space_key' must be a string."},
	{SLICE_INIT("{\"page\":{\"id\":1.5}}"), FAULT_BAD_FIELD,
	 "The field 'page.id' must be a string or a whole number."},
	{SLICE_INIT("{\"page\":{\"id\":\"1\\r\"}}"), FAULT_BAD_FIELD,
	 "The field 'page.id' must not hold line breaks or other control characters."},
	{SLICE_INIT("{\"page\":{\"version\":-1}}"), FAULT_BAD_FIELD,
	 "The field 'page.version' must be a whole number, not below 0."},
	{SLICE_INIT("{\"page\":{\"version\":\"1\"}}"), FAULT_BAD_FIELD,
	 "The field 'page.version' must be a whole number, not below 0."},
	{SLICE_INIT("{\"page\":{\"version\":99999999999999999999}}"), FAULT_BAD_FIELD,
	 "The field 'page.version' must be a whole number, not below 0."},
	{SLICE_INIT("{\"page\":{\"format\":\"wiki\"}}"), FAULT_BAD_FIELD,
	 "The field 'page.format' must be \"storage\", \"atlas_doc_format\", \"view\" or "
	 "\"export_view\"."},
	{SLICE_INIT("{\"page\":{\"format\":1}}"), FAULT_BAD_FIELD,
	 "The field 'page.format' must be a string."},
	{SLICE_INIT("{\"subject\":[]}"), FAULT_BAD_FIELD, "The field 'subject' must be a string."},
	{SLICE_INIT("{\"subject\":\"a\\nb\"}"), FAULT_BAD_FIELD,
	 "The field 'subject' must not hold line breaks or other control characters."},
	{SLICE_INIT("{\"subject\":\"a\\rb\"}"), FAULT_BAD_FIELD,
	 "The field 'subject' must not hold line breaks or other control characters."},
	{SLICE_INIT("{\"subject\":\"\\u007f\"}"), FAULT_BAD_FIELD,
	 "The field 'subject' must not hold line breaks or other control characters."},
	{SLICE_INIT("{\"note\":{}}"), FAULT_BAD_FIELD, "The field 'note' must be a string."},
	{SLICE_INIT("{\"note\":\"a\\rb\"}"), FAULT_BAD_FIELD,
	 "The field 'note' must not hold control characters but line ends."},
	{SLICE_INIT("{\"note\":\"a\\r\"}"), FAULT_BAD_FIELD,
	 "The field 'note' must not hold control characters but line ends."},
	{SLICE_INIT("{\"note\":\"\\u0000\"}"), FAULT_BAD_FIELD,
	 "The field 'note' must not hold control characters but line ends."},
	{SLICE_INIT("{\"site_url\":1}"), FAULT_BAD_FIELD, "The field 'site_url' must be a string."},
};

START_TEST(refuses)
{
	struct specs s;
	specs_parse(&s, refused[_i].json, JOBSPEC_WHOLE);
	struct slice said = problem_text(&s.problem);
	ck_assert_msg(slice_eq(said, slice_of_text(refused[_i].sentence)), "said: %.*s",
		      (int)said.len, said.ptr);
	ck_assert_uint_eq(s.fault, refused[_i].fault);
	ck_assert_uint_eq(s.problem.fault, s.fault);
	specs_free(&s);
}
END_TEST

static const char *const bad_sites[] = {
	"http://a.example",
	"https://",
	"https:///wiki",
	"https:a.example",
	"a.example",
	"ftp://a.example",
	"https://u@a.example",
	"https://a.example?x",
	"https://a.example/#x",
	"https://a.example/a b",
	"https://a.example:",
	"https://a.example:http",
	"https://a.example:70000",
	"https://a_b.example",
	"https://a.example/<x>",
	"https://a.example/\\u0022",
	"https://a.example/\\r\\n",
	"https://[::1]/",
	"javascript:alert(1)",
	"",
};

START_TEST(refuses_sites)
{
	char fields[200] = "\"site_url\":\"";
	struct specs s;
	size_t n = strlen(fields);
	memcpy(fields + n, bad_sites[_i], strlen(bad_sites[_i]));
	fields[n + strlen(bad_sites[_i])] = '"';
	specs_parse_with(&s, slice_of_text(fields), JOBSPEC_PART);
	ck_assert_msg(s.fault == FAULT_BAD_FIELD, "taken: %s", bad_sites[_i]);
	ck_assert(slice_starts(problem_text(&s.problem),
			       SLICE_LIT("The field 'site_url' must be the address")));
	specs_free(&s);
}
END_TEST

START_TEST(names_both_sizes_of_a_page_body)
{
	static char json[3000] = "{\"page\":{\"body\":\"";
	struct specs s;
	size_t n = strlen(json);
	memset(json + n, 'x', 1001);
	memcpy(json + n + 1001, "\"}}", 3);
	specs_parse(&s, slice_of(json, n + 1004), JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_TOO_LARGE);
	ck_assert(slice_eq(
		problem_text(&s.problem),
		SLICE_LIT("The field 'page.body' may have at most 1000 bytes; it has 1001.")));
	specs_free(&s);
}
END_TEST

START_TEST(names_both_sizes_of_a_text)
{
	static char json[3000] = "{\"subject\":\"";
	struct specs s;
	size_t n = strlen(json);
	memset(json + n, 'x', 1025);
	memcpy(json + n + 1025, "\"}", 2);
	specs_parse(&s, slice_of(json, n + 1027), JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_BAD_FIELD);
	ck_assert(slice_eq(
		problem_text(&s.problem),
		SLICE_LIT("The field 'subject' may have at most 1024 bytes; it has 1025.")));
	specs_free(&s);
}
END_TEST

START_TEST(refuses_a_long_note)
{
	static char fields[20000] = "\"note\":\"";
	struct specs s;
	size_t n = strlen(fields);
	memset(fields + n, 'x', JOB_NOTE_MAX + 1);
	fields[n + JOB_NOTE_MAX + 1] = '"';
	specs_parse_with(&s, slice_of(fields, n + JOB_NOTE_MAX + 2), JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_BAD_FIELD);
	specs_free(&s);
}
END_TEST

static bool is(struct slice s, const char *text)
{
	return slice_eq(s, slice_of_text(text));
}

START_TEST(takes_all_fields)
{
	static const struct slice json = SLICE_INIT(
		" {\"site_url\":\"https://Example.atlassian.net:443/wiki//\",\n"
		"\"page\":{\"id\":12345,\"version\":7,\"title\":\"\\u00dcber "
		"\\ud83d\\ude00\",\"space_key\":\"~user\","
		"\"format\":\"storage\",\"body\":\"<p>a\\nb</p>\"},"
		"\"sender\":{\"name\":\"Ada\",\"email\":\"ada@example.com\",\"account_id\":"
		"\"557058:x\",\"groups\":[\"staff\",\"\\u00c4rzte\"]},"
		"\"from\":{\"email\":\"wiki@example.com\"},\"reply_to\":{\"name\":\"R\",\"email\":"
		"\"r@example.com\"},"
		"\"subject\":\"Hello\\tthere\",\"note\":\"one\\r\\ntwo\\n\\tthree\","
		"\"attachments\":\"none\","
		"\"to\":[{\"name\":\"\",\"email\":\"a@b.example\"}],\"server\":\"team-mail\"} ");
	struct specs s;
	specs_parse(&s, json, JOBSPEC_PART);
	ck_assert_msg(s.fault == FAULT_NONE, "%.*s", (int)s.problem.len, s.problem.text);
	const struct job *j = s.job;
	ck_assert(is(j->page.site_url, "https://Example.atlassian.net:443/wiki"));
	ck_assert(is(j->page.id, "12345") && j->page.version == 7);
	ck_assert(is(j->page.title, "\xc3\x9c"
				    "ber \xf0\x9f\x98\x80") &&
		  is(j->page.space_key, "~user"));
	ck_assert(j->page.format == PAGE_STORAGE && is(j->page.body, "<p>a\nb</p>"));
	ck_assert(is(j->sender.name, "Ada") && is(j->sender.mailbox.address, "ada@example.com"));
	ck_assert(is(j->sender_account_id, "557058:x"));
	ck_assert(j->sender_group_count == 2 && is(j->sender_groups[0], "staff") &&
		  is(j->sender_groups[1], "\xc3\x84rzte"));
	ck_assert(j->has_from && is(j->from.mailbox.address, "wiki@example.com") &&
		  j->from.name.len == 0);
	ck_assert(j->has_reply_to && is(j->reply_to.name, "R"));
	ck_assert(is(j->subject, "Hello\tthere") && is(j->note, "one\ntwo\n\tthree"));
	ck_assert(j->attach == ATTACH_NONE && is(j->server, "team-mail") && !j->has_account);
	ck_assert(j->to_count == 1 && is(j->to[0].mailbox.domain, "b.example"));
	specs_free(&s);
}
END_TEST

START_TEST(takes_the_least)
{
	struct specs s;
	specs_parse(&s, SLICE_LIT("{" PAGE ",\"bcc\":[{\"email\":\"a@b.example\"}]}"),
		    JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_NONE);
	ck_assert(s.job->attach == ATTACH_ALL && s.job->bcc_count == 1 && s.job->to_count == 0);
	ck_assert(!s.job->has_from && !s.job->has_reply_to && s.job->server.len == 0);
	ck_assert(s.job->page.site_url.len == 0 && s.job->sender.mailbox.address.len == 0);
	ck_assert(s.job->sender_group_count == 0);
	specs_free(&s);
	specs_parse(&s, SLICE_LIT("{\"subject\":\" s\\t\",\"page\":{\"body\":\"\"}," TO "}"),
		    JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_NONE);
	ck_assert(is(s.job->subject, "s"));
	specs_free(&s);
}
END_TEST

/* What is said about a page that stands elsewhere: anything or nothing, but no name of a file that is not there. */
START_TEST(takes_what_is_said_about_a_page)
{
	struct specs s;
	specs_parse(&s, SLICE_LIT("{}"), JOBSPEC_ABOUT);
	ck_assert_uint_eq(s.fault, FAULT_NONE);
	ck_assert(s.job->page.body.ptr == NULL && job_recipient_count(s.job) == 0);
	specs_free(&s);
	specs_parse(&s,
		    SLICE_LIT("{\"files\":[{\"name\":\"a\",\"content\":\"QUJD\"}],\"attachments\":"
			      "[\"a\"],\"layout\":{\"logo\":\"a\"}}"),
		    JOBSPEC_ABOUT);
	ck_assert_uint_eq(s.fault, FAULT_NONE);
	ck_assert(s.job->attachment_count == 1 && is(s.job->attachments[0].bytes, "ABC"));
	specs_free(&s);
	specs_parse(&s, SLICE_LIT("{\"attachments\":[\"a\"]}"), JOBSPEC_ABOUT);
	ck_assert_uint_eq(s.fault, FAULT_BAD_FIELD);
	specs_free(&s);
}
END_TEST

/* Every start of a good job is refused, and read without a step past its end. */
START_TEST(refuses_every_start)
{
	static const struct slice json = SLICE_INIT("{" PAGE "," TO
						    ",\"server\":{\"host\":\"h\",\"port\":25}}");
	for (size_t n = 0; n < json.len; n++) {
		struct specs s;
		specs_parse(&s, slice_first(json, n), JOBSPEC_PART);
		ck_assert_uint_eq(s.fault, FAULT_BAD_JSON);
		specs_free(&s);
	}
}
END_TEST

START_TEST(says_when_memory_is_out)
{
	for (unsigned n = 1;; n++) {
		struct specs s;
		oom_arm(n);
		specs_parse_with(&s,
				 SLICE_LIT("\"attachments\":[\"a\"],\"files\":[{\"name\":\"a\","
					   "\"content\":\"\"}]"),
				 JOBSPEC_WHOLE);
		bool failed = oom_disarm();
		ck_assert_uint_eq(s.fault, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		ck_assert_uint_eq(s.problem.fault, s.fault);
		specs_free(&s);
		if (!failed) {
			ck_assert_uint_gt(n, 2);
			break;
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/jobspec");
	TCase *t = tcase_create("job");
	tcase_add_loop_test(t, refuses, 0, COUNT_OF(refused));
	tcase_add_loop_test(t, refuses_sites, 0, COUNT_OF(bad_sites));
	tcase_add_test(t, names_both_sizes_of_a_page_body);
	tcase_add_test(t, names_both_sizes_of_a_text);
	tcase_add_test(t, refuses_a_long_note);
	tcase_add_test(t, takes_all_fields);
	tcase_add_test(t, takes_the_least);
	tcase_add_test(t, takes_what_is_said_about_a_page);
	tcase_add_test(t, refuses_every_start);
	tcase_add_test(t, says_when_memory_is_out);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
