#include "relay/intake/upload.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/chunks.h"
#include "tests/support/oom.h"

static const struct intake_limits limits = {
	.body = 4096, .job_part = 150, .page_body = 100, .attachments = 2, .recipients = 3};

struct run {
	struct upload upload;
	struct job *job;
	char *body;
	size_t len;
	struct problem problem;
	enum fault fault;
};

static bool grow(void *ctx, struct slice chunk)
{
	struct run *r = ctx;
	memcpy(r->body + r->len, chunk.ptr, chunk.len);
	r->len += chunk.len;
	r->fault = upload_grew(&r->upload, r->body, r->len, &r->problem);
	return r->fault == FAULT_NONE;
}

static void run(struct run *r, struct slice type, struct slice body, size_t size)
{
	*r = (struct run){.body = malloc(body.len > 0 ? body.len : 1)};
	r->fault = r->body != NULL ? job_new(64 * 1024, &r->job) : FAULT_NO_MEMORY;
	if (r->fault == FAULT_NONE) {
		const struct upload_plan plan = {.content_type = type, .limits = &limits};
		r->fault = upload_begin(&r->upload, &plan, &r->problem);
	}
	if (r->fault == FAULT_NONE) {
		r->fault = upload_into(&r->upload, r->job, &r->problem);
	}
	if (r->fault == FAULT_NONE) {
		chunks_each(body, size, grow, r);
	}
	if (r->fault == FAULT_NONE) {
		r->fault = upload_end(&r->upload, r->body, r->len, &r->problem);
	}
}

static void end(struct run *r)
{
	job_free(&r->job);
	free(r->body);
}

#define JOB "{\"page\":{\"title\":\"T\",\"body\":\"<p/>\"},\"to\":[{\"email\":\"a@b.example\"}]}"
#define JOB_PART                                                                                   \
	"--b\r\nContent-Disposition: form-data; name=\"job\"\r\nContent-Type: "                    \
	"application/json\r\n\r\n" JOB "\r\n"
#define FILE_PART(name)                                                                            \
	"--b\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"" name             \
	"\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n"
#define FORM SLICE_INIT("multipart/form-data; boundary=b")
#define JSON SLICE_INIT("application/json")

static const struct {
	struct slice type;
	struct slice body;
	enum fault fault;
	const char *sentence;
} refused[] = {
	{SLICE_INIT(""), SLICE_INIT(""), FAULT_MEDIA_TYPE,
	 "The Content-Type must be multipart/form-data, or application/json in UTF-8."},
	{SLICE_INIT("text/json"), SLICE_INIT(JOB), FAULT_MEDIA_TYPE,
	 "The Content-Type must be multipart/form-data, or application/json in UTF-8."},
	{SLICE_INIT("application/json; charset=utf-16"), SLICE_INIT(JOB), FAULT_MEDIA_TYPE,
	 "The Content-Type must be multipart/form-data, or application/json in UTF-8."},
	{SLICE_INIT("application/json; charset"), SLICE_INIT(JOB), FAULT_MEDIA_TYPE,
	 "The Content-Type must be multipart/form-data, or application/json in UTF-8."},
	{SLICE_INIT("multipart/form-data"), SLICE_INIT(""), FAULT_BAD_MULTIPART,
	 "The Content-Type must name one boundary of 1 to 70 characters."},
	{JSON, SLICE_INIT(""), FAULT_BAD_JSON,
	 "The JSON is wrong at byte 0: a value was expected."},
	{JSON, SLICE_INIT(JOB "x"), FAULT_BAD_JSON,
	 "The JSON is wrong at byte 67: nothing more was expected."},
	{FORM, SLICE_INIT(JOB), FAULT_BAD_MULTIPART,
	 "The body must begin with the boundary of the Content-Type."},
	{FORM, SLICE_INIT("--b--"), FAULT_BAD_MULTIPART, "The body must have a part named 'job'."},
	{FORM, SLICE_INIT(JOB_PART), FAULT_BAD_MULTIPART,
	 "The body ends inside part 1: the closing boundary is missing."},
	{FORM, SLICE_INIT(FILE_PART("a") JOB_PART "--b--"), FAULT_BAD_MULTIPART,
	 "Part 1 must be named 'job': the job comes first."},
	{FORM, SLICE_INIT(JOB_PART JOB_PART "--b--"), FAULT_BAD_MULTIPART,
	 "Part 2 must be named 'attachment', as all parts but the first."},
	{FORM,
	 SLICE_INIT(JOB_PART
		    "--b\r\nContent-Disposition: form-data; name=attachment\r\n\r\nx\r\n--b--"),
	 FAULT_BAD_FIELD,
	 "Part 2 must have a file name of 1 to 255 bytes in UTF-8, without line breaks or other "
	 "control "
	 "characters."},
	{FORM, SLICE_INIT(JOB_PART FILE_PART("a%0d%0aX: y") "--b--"), FAULT_BAD_FIELD,
	 "Part 2 must have a file name of 1 to 255 bytes in UTF-8, without line breaks or other "
	 "control "
	 "characters."},
	{FORM, SLICE_INIT(JOB_PART FILE_PART("..") "--b--"), FAULT_BAD_FIELD,
	 "Part 2 must have a file name of 1 to 255 bytes in UTF-8, without line breaks or other "
	 "control "
	 "characters."},
	{FORM, SLICE_INIT(JOB_PART FILE_PART("\xff") "--b--"), FAULT_BAD_FIELD,
	 "Part 2 must have a file name of 1 to 255 bytes in UTF-8, without line breaks or other "
	 "control "
	 "characters."},
	{FORM, SLICE_INIT(JOB_PART FILE_PART("a/") "--b--"), FAULT_BAD_FIELD,
	 "Part 2 must have a file name of 1 to 255 bytes in UTF-8, without line breaks or other "
	 "control "
	 "characters."},
	{FORM,
	 SLICE_INIT(JOB_PART
		    "--b\r\nContent-Disposition: form-data; name=attachment; filename=a\r\n"
		    "Content-Type: png\r\n\r\nx\r\n--b--"),
	 FAULT_BAD_FIELD, "Part 2 must have a media type as its Content-Type, such as image/png."},
	{FORM, SLICE_INIT(JOB_PART FILE_PART("a") FILE_PART("b") FILE_PART("c") "--b--"),
	 FAULT_TOO_LARGE, "The body may have at most 3 parts."},
	{FORM,
	 SLICE_INIT("--b\r\nContent-Disposition: form-data; name=job\r\n\r\n" JOB
		    "                                                                              "
		    "        "
		    "\r\n--b--"),
	 FAULT_TOO_LARGE, "Part 1 (the job) may have at most 150 bytes; it has 153."},
	{FORM,
	 SLICE_INIT(
		 "--b\r\nContent-Disposition: form-data; name=job\r\n\r\n{\"files\":[]}\r\n--b--"),
	 FAULT_BAD_FIELD,
	 "The field 'files' is for application/json: in multipart/form-data each file is a part "
	 "named "
	 "'attachment'."},
};

START_TEST(refuses)
{
	for (size_t size = 1; size <= CHUNKS_MAX + 1; size++) {
		struct run r;
		run(&r, refused[_i].type, refused[_i].body, size <= CHUNKS_MAX ? size : 4096);
		struct slice said = problem_text(&r.problem);
		ck_assert_msg(slice_eq(said, slice_of_text(refused[_i].sentence)), "said: %.*s",
			      (int)said.len, said.ptr);
		ck_assert_uint_eq(r.fault, refused[_i].fault);
		ck_assert_uint_eq(r.problem.fault, r.fault);
		end(&r);
	}
}
END_TEST

START_TEST(takes_a_form)
{
	static const struct slice body = SLICE_INIT(JOB_PART FILE_PART("a b.png")
							    FILE_PART("\xc3\xbc") "--b--\r\n");
	for (size_t size = 1; size <= CHUNKS_MAX + 1; size++) {
		struct run r;
		run(&r, SLICE_LIT("multipart/form-data; boundary=b"), body,
		    size <= CHUNKS_MAX ? size : body.len);
		ck_assert_msg(r.fault == FAULT_NONE, "%.*s", (int)r.problem.len, r.problem.text);
		ck_assert_uint_eq(r.job->attachment_count, 2);
		const struct attachment *a = r.job->attachments;
		ck_assert(slice_eq(a[0].name, SLICE_LIT("a b.png")) &&
			  slice_eq(a[0].bytes, SLICE_LIT("PNG")));
		ck_assert(slice_eq(a[0].type, SLICE_LIT("image/png")) &&
			  slice_eq(a[1].name, SLICE_LIT("\xc3\xbc")));
		ck_assert(a[0].bytes.ptr > r.body &&
			  a[0].bytes.ptr < r.body + r.len); /* in place */
		ck_assert(slice_eq(r.job->page.title, SLICE_LIT("T")) && r.job->to_count == 1);
		end(&r);
	}
}
END_TEST

START_TEST(takes_json)
{
	struct run r;
	run(&r, SLICE_LIT("Application/JSON; charset=\"UTF-8\""), SLICE_LIT(JOB), 9);
	ck_assert_uint_eq(r.fault, FAULT_NONE);
	ck_assert(slice_eq(r.job->page.body, SLICE_LIT("<p/>")));
	end(&r);
}
END_TEST

static const struct {
	struct slice type, body;
	enum fault fault;
	struct slice from, to;
} checks[] = {
	{SLICE_INIT(""), SLICE_INIT(""), FAULT_NONE, SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("text/plain"), SLICE_INIT(""), FAULT_NONE, SLICE_INIT(""), SLICE_INIT("")},
	{JSON, SLICE_INIT("{}"), FAULT_NONE, SLICE_INIT(""), SLICE_INIT("")},
	{JSON, SLICE_INIT("{\"from\":\"a@b.example\",\"to\":\"c@d.example\"}"), FAULT_NONE,
	 SLICE_INIT("a@b.example"), SLICE_INIT("c@d.example")},
	{SLICE_INIT(""), SLICE_INIT("{}"), FAULT_MEDIA_TYPE, SLICE_INIT(""), SLICE_INIT("")},
	{FORM, SLICE_INIT("--b--"), FAULT_MEDIA_TYPE, SLICE_INIT(""), SLICE_INIT("")},
	{JSON, SLICE_INIT(JOB), FAULT_UNKNOWN_FIELD, SLICE_INIT(""), SLICE_INIT("")},
};

/* The same body as a job's is none that says how to check a server. */
START_TEST(takes_a_check)
{
	char body[256];
	struct problem problem;
	struct job *job = NULL;
	struct upload u;
	const struct upload_plan plan = {.content_type = checks[_i].type,
					 .limits = &limits,
					 .kind = UPLOAD_CHECK,
					 .is_empty = checks[_i].body.len == 0};
	memcpy(body, checks[_i].body.ptr, checks[_i].body.len);
	ck_assert_uint_eq(job_new(64 * 1024, &job), FAULT_NONE);
	enum fault f = upload_begin(&u, &plan, &problem);
	if (f == FAULT_NONE) {
		f = upload_into(&u, job, &problem);
	}
	if (f == FAULT_NONE) {
		f = upload_grew(&u, body, checks[_i].body.len, &problem);
	}
	if (f == FAULT_NONE) {
		f = upload_end(&u, body, checks[_i].body.len, &problem);
	}
	ck_assert_uint_eq(f, checks[_i].fault);
	if (f == FAULT_NONE) {
		ck_assert(slice_eq(job->from.mailbox.address, checks[_i].from));
		ck_assert_uint_eq(job->to_count, checks[_i].to.len > 0);
		ck_assert(job->to_count == 0 ||
			  slice_eq(job->to[0].mailbox.address, checks[_i].to));
	}
	job_free(&job);
}
END_TEST

static const struct {
	struct slice type;
	struct slice body;
	enum fault fault;
	size_t count;
} records[] = {
	{JSON, SLICE_INIT("{}"), FAULT_NONE, 0},
	{JSON, SLICE_INIT("{\"host\":\"a.example\",\"port\":587}"), FAULT_NONE, 2},
	{SLICE_INIT("application/json; charset=UTF-8"), SLICE_INIT("{\"a\":[\"b\",\"c\"]}"),
	 FAULT_NONE, 1},
	{JSON, SLICE_INIT(""), FAULT_BAD_JSON, 0},
	{JSON, SLICE_INIT("[]"), FAULT_BAD_FIELD, 0},
	{JSON, SLICE_INIT(JOB), FAULT_BAD_FIELD, 0},
	{SLICE_INIT(""), SLICE_INIT(""), FAULT_MEDIA_TYPE, 0},
	{SLICE_INIT(""), SLICE_INIT("{}"), FAULT_MEDIA_TYPE, 0},
	{SLICE_INIT("text/plain"), SLICE_INIT("{}"), FAULT_MEDIA_TYPE, 0},
	{SLICE_INIT("application/merge-patch+json"), SLICE_INIT("{}"), FAULT_MEDIA_TYPE, 0},
	{FORM, SLICE_INIT(JOB_PART "--b--"), FAULT_MEDIA_TYPE, 0},
};

START_TEST(takes_a_record)
{
	char body[256];
	struct problem problem;
	struct job *job = NULL;
	struct upload u;
	const struct upload_plan plan = {.content_type = records[_i].type,
					 .limits = &limits,
					 .kind = UPLOAD_RECORD,
					 .is_empty = records[_i].body.len == 0};
	memcpy(body, records[_i].body.ptr, records[_i].body.len);
	ck_assert_uint_eq(job_new(64 * 1024, &job), FAULT_NONE);
	enum fault f = upload_begin(&u, &plan, &problem);
	if (f == FAULT_NONE) {
		f = upload_into(&u, job, &problem);
	}
	for (size_t i = 1; f == FAULT_NONE && i <= records[_i].body.len; i++) {
		f = upload_grew(&u, body, i, &problem);
	}
	if (f == FAULT_NONE) {
		f = upload_end(&u, body, records[_i].body.len, &problem);
	}
	ck_assert_uint_eq(f, records[_i].fault);
	ck_assert_uint_eq(u.record.count, records[_i].count);
	job_free(&job);
}
END_TEST

START_TEST(says_when_memory_is_out)
{
	for (unsigned n = 2;; n++) { /* the first one is the test's own */
		struct run r;
		oom_arm(n);
		run(&r, SLICE_LIT("multipart/form-data; boundary=b"),
		    SLICE_LIT(JOB_PART FILE_PART("a") "--b--"), 64);
		bool failed = oom_disarm();
		ck_assert_uint_eq(r.fault, failed ? FAULT_NO_MEMORY : FAULT_NONE);
		end(&r);
		if (!failed) {
			ck_assert_uint_gt(n, 3);
			break;
		}
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/upload");
	TCase *t = tcase_create("upload");
	tcase_set_timeout(t, 0);
	tcase_add_loop_test(t, refuses, 0, COUNT_OF(refused));
	tcase_add_test(t, takes_a_form);
	tcase_add_test(t, takes_json);
	tcase_add_loop_test(t, takes_a_check, 0, COUNT_OF(checks));
	tcase_add_loop_test(t, takes_a_record, 0, COUNT_OF(records));
	tcase_add_test(t, says_when_memory_is_out);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
