#include "relay/gateway/token_post.h"

#include "tests/support/check_main.h"

static struct oauth_answer answer;
static struct problem problem;

static const struct {
	enum fault post, fault;
	enum oauth_cause cause;
} ends[] = {
	{FAULT_BAD_FIELD, FAULT_OAUTH_UNREACHABLE, OAUTH_UNREACHABLE},
	{FAULT_UPSTREAM_NAME, FAULT_OAUTH_UNREACHABLE, OAUTH_UNREACHABLE},
	{FAULT_UPSTREAM_BLOCKED, FAULT_OAUTH_UNREACHABLE, OAUTH_UNREACHABLE},
	{FAULT_UPSTREAM_DOWN, FAULT_OAUTH_UNREACHABLE, OAUTH_UNREACHABLE},
	{FAULT_UPSTREAM_CERT, FAULT_OAUTH_UNREACHABLE, OAUTH_CERTIFICATE},
	{FAULT_UPSTREAM_TLS, FAULT_OAUTH_UNREACHABLE, OAUTH_CERTIFICATE},
	{FAULT_DEADLINE, FAULT_OAUTH_LATER, OAUTH_SILENT},
	{FAULT_UPSTREAM_LOST, FAULT_OAUTH_LATER, OAUTH_UNAVAILABLE},
	{FAULT_TOO_LARGE, FAULT_OAUTH_PROTOCOL, OAUTH_NOT_OAUTH},
};

START_TEST(a_way_that_failed)
{
	struct post post = {.fault = ends[_i].post};
	ck_assert_uint_eq(token_post_judge(&post, &answer, &problem), ends[_i].fault);
	ck_assert_uint_eq(problem.fault, ends[_i].fault);
	ck_assert_ptr_eq(problem.cause, oauth_cause(ends[_i].cause));
	ck_assert_ptr_null(answer.token);
}
END_TEST

START_TEST(what_is_ours_stays_as_it_came)
{
	struct post post = {.fault = FAULT_NO_MEMORY};
	ck_assert_uint_eq(token_post_judge(&post, &answer, &problem), FAULT_NO_MEMORY);
	ck_assert_ptr_null(problem.cause);
}
END_TEST

START_TEST(an_answer_is_read)
{
	struct post post = {.status = 200};
	buf_init(&post.body, 256);
	ck_assert_uint_eq(buf_add(&post.body,
				  SLICE_LIT("{\"access_token\":\"t1\",\"token_type\":\"Bearer\"}")),
			  FAULT_NONE);
	ck_assert_uint_eq(token_post_judge(&post, &answer, &problem), FAULT_NONE);
	ck_assert(slice_eq(secret_view(answer.token), SLICE_LIT("t1")));
	secret_free(&answer.token);
	buf_deinit(&post.body);
}
END_TEST

START_TEST(an_answer_that_refuses)
{
	struct post post = {.status = 400};
	buf_init(&post.body, 256);
	ck_assert_uint_eq(buf_add(&post.body, SLICE_LIT("{\"error\":\"invalid_client\"}")),
			  FAULT_NONE);
	ck_assert_uint_eq(token_post_judge(&post, &answer, &problem), FAULT_OAUTH_REFUSED);
	ck_assert_ptr_null(answer.token);
	buf_deinit(&post.body);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("gateway token_post");
	TCase *t = tcase_create("token_post");
	tcase_add_loop_test(t, a_way_that_failed, 0, COUNT_OF(ends));
	tcase_add_test(t, what_is_ours_stays_as_it_came);
	tcase_add_test(t, an_answer_is_read);
	tcase_add_test(t, an_answer_that_refuses);
	suite_add_tcase(s, t);
	return check_main(s);
}
