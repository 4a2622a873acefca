#include "relay/intake/spec.h"

#include "tests/support/check_main.h"
#include "tests/support/specs.h"

#define TLS_RULE                                                                                   \
	"The field 'server.tls' must be \"starttls\" (as on port 587) or \"implicit\" (as on "     \
	"port "                                                                                    \
	"465)."

static const struct {
	struct slice fields;
	enum fault fault;
	const char *sentence;
} refused[] = {
	{SLICE_INIT("\"server\":7"), FAULT_BAD_FIELD,
	 "The field 'server' must be the name of a mail server or an account {host, port, tls, "
	 "username, password or access_token}."},
	{SLICE_INIT("\"server\":[]"), FAULT_BAD_FIELD,
	 "The field 'server' must be the name of a mail server or an account {host, port, tls, "
	 "username, password or access_token}."},
	{SLICE_INIT("\"server\":\"a\\nb\""), FAULT_BAD_FIELD,
	 "The field 'server' must not hold line breaks or other control characters."},
	{SLICE_INIT("\"server\":{}"), FAULT_BAD_FIELD,
	 "The field 'server.host' must be there, and not empty."},
	{SLICE_INIT("\"server\":{\"host\":\"\",\"port\":25}"), FAULT_BAD_FIELD,
	 "The field 'server.host' must be there, and not empty."},
	{SLICE_INIT("\"server\":{\"host\":\"a\\r\\nb\"}"), FAULT_BAD_FIELD,
	 "The field 'server.host' must not hold line breaks or other control characters."},
	{SLICE_INIT("\"server\":{\"host\":7}"), FAULT_BAD_FIELD,
	 "The field 'server.host' must be a string."},
	{SLICE_INIT("\"server\":{\"host\":\"a.example\"}"), FAULT_BAD_FIELD,
	 "The field 'server.port' must be there, and not empty."},
	{SLICE_INIT("\"server\":{\"port\":0}"), FAULT_BAD_FIELD,
	 "The field 'server.port' must be a number from 1 to 65535."},
	{SLICE_INIT("\"server\":{\"port\":65536}"), FAULT_BAD_FIELD,
	 "The field 'server.port' must be a number from 1 to 65535."},
	{SLICE_INIT("\"server\":{\"port\":\"587\"}"), FAULT_BAD_FIELD,
	 "The field 'server.port' must be a number from 1 to 65535."},
	{SLICE_INIT("\"server\":{\"port\":5e2}"), FAULT_BAD_FIELD,
	 "The field 'server.port' must be a number from 1 to 65535."},
	{SLICE_INIT("\"server\":{\"tls\":true}"), FAULT_BAD_FIELD, TLS_RULE},
	{SLICE_INIT("\"server\":{\"tls\":false}"), FAULT_BAD_FIELD, TLS_RULE},
	{SLICE_INIT("\"server\":{\"tls\":\"none\"}"), FAULT_BAD_FIELD, TLS_RULE},
	{SLICE_INIT("\"server\":{\"username\":\"a\\u0000b\"}"), FAULT_BAD_FIELD,
	 "The field 'server.username' must not hold line breaks or other control characters."},
	{SLICE_INIT("\"server\":{\"password\":7}"), FAULT_BAD_FIELD,
	 "The field 'server.password' must be a string."},
	{SLICE_INIT("\"server\":{\"password\":\"a\\u0000b\"}"), FAULT_BAD_FIELD,
	 "The field 'server.password' must have at most 1024 bytes, none of them NUL."},
	{SLICE_INIT("\"server\":{\"password\":\"a\",\"password\":\"b\"}"), FAULT_BAD_FIELD,
	 "The field 'server.password' is there more than once."},
	{SLICE_INIT("\"server\":{\"host\":\"h\",\"port\":25,\"username\":\"u\"}"), FAULT_BAD_FIELD,
	 "The field 'server.password' must be there, and not empty."},
	{SLICE_INIT("\"server\":{\"host\":\"h\",\"port\":25,\"username\":\"u\",\"password\":\"\"}"),
	 FAULT_BAD_FIELD, "The field 'server.password' must be there, and not empty."},
	{SLICE_INIT("\"server\":{\"host\":\"h\",\"port\":25,\"password\":\"p\"}"), FAULT_BAD_FIELD,
	 "The field 'server.username' must be there, and not empty."},
	{SLICE_INIT("\"server\":{\"host\":\"h\",\"port\":25,\"secure\":true}"), FAULT_UNKNOWN_FIELD,
	 "The job has a field 'server.secure' that Pagepost does not know."},
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

static const struct {
	struct slice fields;
	uint16_t port;
	enum tls_mode tls;
} taken[] = {
	{SLICE_INIT("\"server\":{\"host\":\"h\",\"port\":587}"), 587, TLS_STARTTLS},
	{SLICE_INIT("\"server\":{\"host\":\"h\",\"port\":465}"), 465, TLS_IMPLICIT},
	{SLICE_INIT("\"server\":{\"tls\":\"starttls\",\"host\":\"h\",\"port\":465}"), 465,
	 TLS_STARTTLS},
	{SLICE_INIT("\"server\":{\"port\":2525,\"tls\":\"implicit\",\"host\":\"h\"}"), 2525,
	 TLS_IMPLICIT},
};

START_TEST(takes_an_account)
{
	struct specs s;
	specs_parse_with(&s, taken[_i].fields, JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_NONE);
	ck_assert(s.job->has_account && s.job->server.len == 0);
	ck_assert_uint_eq(s.job->account.port, taken[_i].port);
	ck_assert_uint_eq(s.job->account.tls, taken[_i].tls);
	ck_assert_ptr_null(s.job->account.password);
	specs_free(&s);
}
END_TEST

START_TEST(moves_the_password_out_of_the_body)
{
	static const struct slice fields[] = {
		SLICE_INIT("\"server\":{\"host\":\"h\",\"port\":25,\"username\":\"u\",\"password\":"
			   "\"hunter2\"}"),
		SLICE_INIT("\"server\":{\"host\":\"h\",\"port\":25,\"username\":\"u\","
			   "\"password\":\"h\\u0075nt\\u0065r2\"}"),
	};
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		struct specs s;
		specs_parse_with(&s, fields[i], JOBSPEC_PART);
		ck_assert_uint_eq(s.fault, FAULT_NONE);
		ck_assert(secret_eq(s.job->account.password, SLICE_LIT("hunter2")));
		struct slice left = slice_of(s.bytes, s.len);
		ck_assert_uint_eq(slice_find(left, SLICE_LIT("unt")), left.len);
		ck_assert_uint_eq(slice_find(left, SLICE_LIT("r2")), left.len);
		ck_assert_uint_eq(slice_find(left, SLICE_LIT("0065")), left.len);
		ck_assert(slice_eq(s.job->account.username, SLICE_LIT("u")));
		specs_free(&s);
	}
}
END_TEST

/* Also when the job is refused for what comes behind it. */
START_TEST(wipes_the_password_of_a_refused_job)
{
	struct specs s;
	specs_parse_with(&s, SLICE_LIT("\"server\":{\"password\":\"hunter2\",\"x\":1}"),
			 JOBSPEC_PART);
	ck_assert_uint_eq(s.fault, FAULT_UNKNOWN_FIELD);
	ck_assert_uint_eq(slice_find(slice_of(s.bytes, s.len), SLICE_LIT("hunter2")), s.len);
	ck_assert_uint_eq(slice_find(problem_text(&s.problem), SLICE_LIT("hunter2")),
			  s.problem.len);
	specs_free(&s);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/spec_server");
	TCase *t = tcase_create("server");
	tcase_add_loop_test(t, refuses, 0, COUNT_OF(refused));
	tcase_add_loop_test(t, takes_an_account, 0, COUNT_OF(taken));
	tcase_add_test(t, moves_the_password_out_of_the_body);
	tcase_add_test(t, wipes_the_password_of_a_refused_job);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
