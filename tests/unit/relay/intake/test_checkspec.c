#include "relay/intake/checkspec.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

static const struct {
	const char *body;
	enum fault fault;
	const char *from, *to;
} rows[] = {
	{"", FAULT_NONE, "", ""},
	{"{}", FAULT_NONE, "", ""},
	{" {\"from\" : \"a@b.example\"} ", FAULT_NONE, "a@b.example", ""},
	{"{\"to\":\"c@d.example\",\"from\":\"a@b.example\"}", FAULT_NONE, "a@b.example",
	 "c@d.example"},
	{"{\"from\":\"a\\u0040b.example\"}", FAULT_NONE, "a@b.example", ""},
	{" ", FAULT_BAD_JSON, "", ""},
	{"[]", FAULT_BAD_FIELD, "", ""},
	{"\"a@b.example\"", FAULT_BAD_FIELD, "", ""},
	{"{", FAULT_BAD_JSON, "", ""},
	{"{} {}", FAULT_BAD_JSON, "", ""},
	{"{\"from\":null}", FAULT_BAD_FIELD, "", ""},
	{"{\"from\":\"\"}", FAULT_BAD_ADDRESS, "", ""},
	{"{\"from\":\"nobody\"}", FAULT_BAD_ADDRESS, "", ""},
	{"{\"to\":\"a@b.example>\\r\\nDATA\"}", FAULT_BAD_ADDRESS, "", ""},
	{"{\"to\":[\"a@b.example\"]}", FAULT_BAD_FIELD, "", ""},
	{"{\"to\":\"a@b.example\",\"to\":\"a@b.example\"}", FAULT_BAD_FIELD, "", ""},
	{"{\"cc\":\"a@b.example\"}", FAULT_UNKNOWN_FIELD, "", ""},
};

static enum fault parse(const char *text, char *room, struct job *job, struct problem *p)
{
	memcpy(room, text, strlen(text));
	return checkspec_parse(room, strlen(text), job, p);
}

START_TEST(reads)
{
	char room[256];
	struct problem problem;
	struct job *job = NULL;
	ck_assert_uint_eq(job_new(64 * 1024, &job), FAULT_NONE);
	enum fault f = parse(rows[_i].body, room, job, &problem);
	ck_assert_msg(f == rows[_i].fault, "%s: %d", rows[_i].body, (int)f);
	if (f == FAULT_NONE) {
		ck_assert(slice_eq(job->from.mailbox.address, slice_of_text(rows[_i].from)));
		ck_assert_int_eq(job->has_from, rows[_i].from[0] != '\0');
		ck_assert_uint_eq(job->to_count, rows[_i].to[0] != '\0');
		ck_assert(job->to_count == 0 ||
			  slice_eq(job->to[0].mailbox.address, slice_of_text(rows[_i].to)));
	} else {
		ck_assert_uint_eq(problem.fault, f);
		ck_assert_uint_gt(problem_text(&problem).len, 0);
	}
	job_free(&job);
}
END_TEST

START_TEST(refuses_what_is_long)
{
	static char body[CHECKSPEC_MAX + 1];
	struct problem problem;
	struct job *job = NULL;
	ck_assert_uint_eq(job_new(64 * 1024, &job), FAULT_NONE);
	memset(body, ' ', sizeof(body));
	memcpy(body, "{}", 2);
	ck_assert_uint_eq(checkspec_parse(body, CHECKSPEC_MAX, job, &problem), FAULT_NONE);
	ck_assert_uint_eq(checkspec_parse(body, CHECKSPEC_MAX + 1, job, &problem), FAULT_TOO_LARGE);
	job_free(&job);
}
END_TEST

START_TEST(says_when_memory_is_out)
{
	char room[256];
	struct problem problem;
	struct job *job = NULL;
	ck_assert_uint_eq(job_new(64 * 1024, &job), FAULT_NONE);
	oom_arm(1);
	enum fault f = parse("{\"to\":\"c@d.example\"}", room, job, &problem);
	bool failed = oom_disarm();
	ck_assert_uint_eq(f, failed ? FAULT_NO_MEMORY : FAULT_NONE);
	job_free(&job);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/checkspec");
	TCase *t = tcase_create("checkspec");
	tcase_add_loop_test(t, reads, 0, COUNT_OF(rows));
	tcase_add_test(t, refuses_what_is_long);
	tcase_add_test(t, says_when_memory_is_out);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
