#include "relay/intake/spec.h"

#include "tests/support/check_main.h"
#include "tests/support/specs.h"

#define NAME_RULE                                                                                  \
	"must be a file name of 1 to 255 bytes, without a path, line breaks or other control "     \
	"characters."

static const struct {
	struct slice fields;
	enum fault fault;
	const char *sentence;
} refused[] = {
	{SLICE_INIT("\"attachments\":\"some\""), FAULT_BAD_FIELD,
	 "The field 'attachments' must be \"all\", \"none\" or a list of file names."},
	{SLICE_INIT("\"attachments\":true"), FAULT_BAD_FIELD,
	 "The field 'attachments' must be \"all\", \"none\" or a list of file names."},
	{SLICE_INIT("\"attachments\":{}"), FAULT_BAD_FIELD,
	 "The field 'attachments' must be \"all\", \"none\" or a list of file names."},
	{SLICE_INIT("\"attachments\":[1]"), FAULT_BAD_FIELD,
	 "The field 'attachments[0]' must be a string."},
	{SLICE_INIT("\"attachments\":[\"a\",\"\"]"), FAULT_BAD_FIELD,
	 "The field 'attachments[1]' " NAME_RULE},
	{SLICE_INIT("\"attachments\":[\"../a\"]"), FAULT_BAD_FIELD,
	 "The field 'attachments[0]' " NAME_RULE},
	{SLICE_INIT("\"attachments\":[\"a\\r\\nX: y\"]"), FAULT_BAD_FIELD,
	 "The field 'attachments[0]' " NAME_RULE},
	{SLICE_INIT("\"attachments\":[\"a\",\"b\",\"c\",\"d\"]"), FAULT_TOO_LARGE,
	 "The field 'attachments[3]' is one too many: at most 3 are allowed."},
	{SLICE_INIT("\"files\":{}"), FAULT_BAD_FIELD, "The field 'files' must be a list."},
	{SLICE_INIT("\"files\":[1]"), FAULT_BAD_FIELD, "The field 'files[0]' must be an object."},
	{SLICE_INIT("\"files\":[{}]"), FAULT_BAD_FIELD,
	 "The field 'files[0]' must have a name and a content."},
	{SLICE_INIT("\"files\":[{\"name\":\"a\"}]"), FAULT_BAD_FIELD,
	 "The field 'files[0]' must have a name and a content."},
	{SLICE_INIT("\"files\":[{\"content\":\"\"}]"), FAULT_BAD_FIELD,
	 "The field 'files[0]' must have a name and a content."},
	{SLICE_INIT("\"files\":[{\"name\":\"a/b\"}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].name' " NAME_RULE},
	{SLICE_INIT("\"files\":[{\"name\":\"a\\\\b\"}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].name' " NAME_RULE},
	{SLICE_INIT("\"files\":[{\"name\":\"..\"}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].name' " NAME_RULE},
	{SLICE_INIT("\"files\":[{\"name\":\".\"}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].name' " NAME_RULE},
	{SLICE_INIT("\"files\":[{\"name\":\"a\\u0000.pdf\"}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].name' " NAME_RULE},
	{SLICE_INIT("\"files\":[{\"name\":null}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].name' must be a string."},
	{SLICE_INIT("\"files\":[{\"content_type\":\"png\"}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].content_type' must be a media type, such as image/png."},
	{SLICE_INIT("\"files\":[{\"content_type\":\"a/b\\r\\nX: y\"}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].content_type' must be a media type, such as image/png."},
	{SLICE_INIT("\"files\":[{\"content_type\":\"/png\"}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].content_type' must be a media type, such as image/png."},
	{SLICE_INIT("\"files\":[{\"content_type\":\"a b/c\"}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].content_type' must be a media type, such as image/png."},
	{SLICE_INIT("\"files\":[{\"content_type\":7}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].content_type' must be a string."},
	{SLICE_INIT("\"files\":[{\"content\":\"QQ\"}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].content' must be base64 with its padding, without blanks."},
	{SLICE_INIT("\"files\":[{\"content\":\"QU\\nJD\"}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].content' must be base64 with its padding, without blanks."},
	{SLICE_INIT("\"files\":[{\"content\":7}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].content' must be a string."},
	{SLICE_INIT("\"files\":[{\"file_id\":7}]"), FAULT_BAD_FIELD,
	 "The field 'files[0].file_id' must be a string."},
	{SLICE_INIT("\"file_ids\":[]"), FAULT_BAD_FIELD, "The field 'file_ids' must be an object."},
	{SLICE_INIT("\"file_ids\":{\"a.png\":7}"), FAULT_BAD_FIELD,
	 "The field 'file_ids.a?png' must be a string."},
	{SLICE_INIT("\"file_ids\":{\"a\":\"1\\n\"}"), FAULT_BAD_FIELD,
	 "The field 'file_ids.a' must not hold line breaks or other control characters."},
	{SLICE_INIT("\"file_ids\":{\"a\":\"1\",\"a\":\"2\"}"), FAULT_BAD_FIELD,
	 "The field 'file_ids.a' is there more than once."},
	{SLICE_INIT("\"file_ids\":{\"a\":\"\",\"b\":\"\",\"c\":\"\",\"d\":\"\"}"), FAULT_TOO_LARGE,
	 "The field 'file_ids.d' is one too many: at most 3 are allowed."},
	{SLICE_INIT("\"file_ids\":{\"a\":\"1\"}"), FAULT_BAD_FIELD,
	 "The field 'file_ids' must have names of files that come with the job."},
	{SLICE_INIT("\"files\":[{\"data\":\"\"}]"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'files[0].data' that Pagepost does not know."},
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

START_TEST(refuses_one_file_too_many)
{
	struct specs s;
	specs_parse_with(
		&s,
		SLICE_LIT("\"files\":[{\"name\":\"a\",\"content\":\"\"},{\"name\":\"a\","
			  "\"content\":\"\"},"
			  "{\"name\":\"a\",\"content\":\"\"},{\"name\":\"a\",\"content\":\"\"}]"),
		JOBSPEC_WHOLE);
	ck_assert_uint_eq(s.fault, FAULT_TOO_LARGE);
	specs_free(&s);
}
END_TEST

START_TEST(refuses_files_in_multipart)
{
	struct specs s;
	specs_parse_with(&s, SLICE_LIT("\"files\":[]"), JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_BAD_FIELD);
	specs_free(&s);
}
END_TEST

START_TEST(decodes_files_where_they_stand)
{
	struct specs s;
	specs_parse_with(&s,
			 SLICE_LIT("\"attachments\":[\"a.txt\"],\"files\":[{\"content\":\"QUJD\","
				   "\"name\":\"a.txt\"},"
				   "{\"name\":\"\\u00fc.png\",\"content_type\":\"image/png; x=y\","
				   "\"content\":\"AP\\/+\"},{\"name\":\"c\",\"content\":\"\"}]"),
			 JOBSPEC_WHOLE);
	ck_assert_msg(s.fault == FAULT_NONE, "%.*s", (int)s.problem.len, s.problem.text);
	const struct attachment *a = s.job->attachments;
	ck_assert_uint_eq(s.job->attachment_count, 3);
	ck_assert(slice_eq(a[0].bytes, SLICE_LIT("ABC")));
	ck_assert(slice_eq(a[0].type, SLICE_LIT("application/octet-stream")));
	ck_assert(slice_eq(a[1].bytes, SLICE_LIT("\0\xff\xfe")));
	ck_assert(slice_eq(a[1].name, SLICE_LIT("\xc3\xbc.png")));
	ck_assert(slice_eq(a[1].type, SLICE_LIT("image/png; x=y")));
	ck_assert_uint_eq(a[2].bytes.len, 0);
	ck_assert(a[0].bytes.ptr >= s.bytes && a[0].bytes.ptr < s.bytes + s.len);
	ck_assert(s.job->attach == ATTACH_NAMED && s.job->attach_name_count == 1);
	ck_assert(slice_eq(s.job->attach_names[0], SLICE_LIT("a.txt")));
	specs_free(&s);
}
END_TEST

START_TEST(files_get_their_ids)
{
	struct specs s;
	specs_parse_with(&s,
			 SLICE_LIT("\"file_ids\":{\"b.png\":\"id-b\"},\"files\":["
				   "{\"name\":\"a.png\",\"content\":\"\",\"file_id\":\"id-a\"},"
				   "{\"name\":\"b.png\",\"content\":\"\"},"
				   "{\"name\":\"c.png\",\"content\":\"\"}]"),
			 JOBSPEC_WHOLE);
	ck_assert_msg(s.fault == FAULT_NONE, "%.*s", (int)s.problem.len, s.problem.text);
	const struct attachment *a = s.job->attachments;
	ck_assert(slice_eq(a[0].file_id, SLICE_LIT("id-a")));
	ck_assert(slice_eq(a[1].file_id, SLICE_LIT("id-b")) && a[2].file_id.len == 0);
	specs_free(&s);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/spec_files");
	TCase *t = tcase_create("files");
	tcase_add_loop_test(t, refuses, 0, COUNT_OF(refused));
	tcase_add_test(t, refuses_one_file_too_many);
	tcase_add_test(t, refuses_files_in_multipart);
	tcase_add_test(t, decodes_files_where_they_stand);
	tcase_add_test(t, files_get_their_ids);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
