#include "relay/intake/exchange.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/talk.h"

static struct talk talk;
static struct intake_limits limits;

static void setup(void)
{
	talk_limits(&limits);
	talk_init(&talk, &limits);
}

static void teardown(void)
{
	talk_deinit(&talk);
}

#define HEALTH "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
#define JOB    "{\"page\":{\"title\":\"T\",\"body\":\"<p/>\"},\"to\":[{\"email\":\"a@b.example\"}]}"
#define POST_JOB                                                                                   \
	"POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "  \
	"67\r\n"
#define OK "{\"ok\":1}"

static bool got(const struct talker *c, const char *text)
{
	bool found = talk_count(c, text) > 0;
	if (!found) {
		printf("no '%s' in: %.*s\n", text, (int)talk_got(c).len, talk_got(c).ptr);
	}
	return found;
}

START_TEST(answers_with_all_fields)
{
	struct talker *c = talk_open(&talk);
	talk_say(c, SLICE_LIT(HEALTH));
	ck_assert(talk_wait_text(c, OK, 1));
	ck_assert(slice_starts(talk_got(c), SLICE_LIT("HTTP/1.1 200 OK\r\n")));
	ck_assert(got(c, "\r\nContent-Type: application/json\r\n"));
	ck_assert(got(c, "\r\nContent-Length: 8\r\n"));
	ck_assert(got(c, "\r\nCache-Control: no-store\r\n"));
	ck_assert(got(c, "\r\nStrict-Transport-Security: "));
	ck_assert(got(c, "\r\nX-Request-Id: 0") && got(c, " GMT\r\n"));
	ck_assert_uint_eq(talk_count(c, "Connection:"), 0);
	ck_assert(!c->is_over);
}
END_TEST

START_TEST(keeps_the_connection)
{
	struct talker *c = talk_open(&talk);
	for (size_t i = 1; i <= 5; i++) {
		talk_say(c, i % 2 ? SLICE_LIT(HEALTH) : SLICE_LIT(POST_JOB "\r\n" JOB));
		ck_assert(talk_wait_text(c, OK, i));
	}
	ck_assert_uint_eq(talk.heads, 5);
	ck_assert_uint_eq(talk.jobs, 2);
	ck_assert_uint_eq(intake_connections(talk.intake), 1);
}
END_TEST

/* In order, one at a time, also when bodies stand between them and when the bytes are more than the head's room. */
START_TEST(answers_pipelined_requests_in_order)
{
	struct talker *c = talk_open(&talk);
	for (size_t i = 0; i < 60; i++) {
		talk_say(c, i % 3 == 0	 ? SLICE_LIT(POST_JOB "\r\n" JOB)
			    : i % 3 == 1 ? SLICE_LIT(HEALTH)
					 : SLICE_LIT("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n"));
	}
	ck_assert(talk_wait_text(c, "HTTP/1.1 ", 60));
	ck_assert_uint_eq(talk.jobs, 20);
	ck_assert_uint_eq(talk_count(c, "HTTP/1.1 200"), 40);
	struct slice rest = talk_got(c);
	for (size_t i = 0; i < 60; i++) {
		rest = slice_skip(rest, slice_find(rest, SLICE_LIT("HTTP/1.1 ")) + 9);
		ck_assert(slice_starts(rest, i % 3 == 2 ? SLICE_LIT("404") : SLICE_LIT("200")));
	}
}
END_TEST

START_TEST(holds_the_next_request_until_the_answer)
{
	struct talker *c = talk_open(&talk);
	talk.plan = TALK_HOLD;
	talk_say(c, SLICE_LIT(POST_JOB "\r\n" JOB HEALTH));
	ck_assert(talk_wait_jobs(&talk, 1));
	ck_assert_uint_eq(talk.heads, 1);
	ck_assert_uint_eq(talk_got(c).len, 0);
	talk.plan = TALK_ANSWER;
	talk_answer(&talk, "{\"first\":1}");
	ck_assert(talk_wait_text(c, OK, 1));
	ck_assert_uint_lt(slice_find(talk_got(c), SLICE_LIT("first")),
			  slice_find(talk_got(c), SLICE_LIT(OK)));
}
END_TEST

START_TEST(reads_a_body_in_any_pieces)
{
	static const struct slice all = SLICE_INIT(POST_JOB "\r\n" JOB);
	static const size_t sizes[] = {1, 2, 7, 64, 200};
	struct talker *c = talk_open(&talk);
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		unsigned before = talk.jobs;
		for (struct slice rest = all; rest.len > 0; rest = slice_skip(rest, sizes[i])) {
			talk_say(c, slice_first(rest, sizes[i]));
		}
		ck_assert(talk_wait_jobs(&talk, before + 1));
		ck_assert(talk_wait_text(c, OK, before + 1));
	}
}
END_TEST

static struct slice large_form(struct buf *b, size_t bytes)
{
	char *at;
	buf_init(b, 16 * 1024 * 1024);
	ck_assert_uint_eq(
		buf_add_text(b, "--b\r\nContent-Disposition: form-data; name=job\r\n\r\n" JOB
				"\r\n--b\r\nContent-Disposition: form-data; name=attachment; "
				"filename=a\r\n\r\n"),
		FAULT_NONE);
	ck_assert_uint_eq(buf_reserve(b, bytes, &at), FAULT_NONE);
	for (size_t i = 0; i < bytes; i++) {
		at[i] = (char)(i * 31 >> 3);
	}
	buf_grew(b, bytes);
	ck_assert_uint_eq(buf_add_text(b, "\r\n--b--\r\n"), FAULT_NONE);
	return buf_view(b);
}

static void say_form_head(struct talker *c, size_t length, const char *more)
{
	CLEANUP(buf_deinit) struct buf head;
	buf_init(&head, 1024);
	ck_assert_uint_eq(buf_add_text(&head,
				       "POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: "
				       "multipart/form-data; boundary=b\r\nContent-Length: "),
			  FAULT_NONE);
	ck_assert_uint_eq(buf_add_u64(&head, length), FAULT_NONE);
	ck_assert_uint_eq(buf_add_text(&head, "\r\n"), FAULT_NONE);
	ck_assert_uint_eq(buf_add_text(&head, more), FAULT_NONE);
	ck_assert_uint_eq(buf_add_text(&head, "\r\n"), FAULT_NONE);
	talk_say(c, buf_view(&head));
}

START_TEST(reads_a_large_form)
{
	CLEANUP(buf_deinit) struct buf form;
	struct slice body = large_form(&form, 3 * 1024 * 1024);
	struct talker *c = talk_open(&talk);
	for (size_t i = 1; i <= 2; i++) {
		say_form_head(c, body.len, "");
		talk_say(c, body);
		ck_assert(talk_wait_text(c, OK, i));
		ck_assert_uint_eq(talk.attachments, 1);
		ck_assert_uint_eq(talk.attachment_bytes, 3 * 1024 * 1024);
	}
	ck_assert(!talk.has_digest);
}
END_TEST

/* 100 Continue comes when the handler has taken the request, and not before (RFC 9110 10.1.1). */
START_TEST(continues_only_after_the_decision)
{
	CLEANUP(buf_deinit) struct buf form;
	struct slice body = large_form(&form, 1000);
	struct talker *c = talk_open(&talk);
	talk.plan = TALK_DECIDE;
	say_form_head(c, body.len, "Expect: 100-continue\r\n");
	ck_assert(talk_wait_heads(&talk, 1));
	ck_assert_uint_eq(talk_got(c).len, 0);
	talk_go(&talk);
	ck_assert(talk_wait_text(c, "HTTP/1.1 100 Continue\r\n\r\n", 1));
	ck_assert_uint_eq(talk.jobs, 0);
	talk.plan = TALK_GO;
	talk_say(c, body);
	ck_assert(talk_wait_text(c, OK, 1));
	ck_assert_uint_eq(talk_count(c, "100 Continue"), 1);
}
END_TEST

START_TEST(does_not_continue_what_is_refused)
{
	struct talker *c = talk_open(&talk);
	talk.plan = TALK_REFUSE;
	say_form_head(c, 1000, "Expect: 100-continue\r\n");
	ck_assert(talk_wait_over(c));
	ck_assert_uint_eq(talk_count(c, "100 Continue"), 0);
	ck_assert(slice_starts(talk_got(c), SLICE_LIT("HTTP/1.1 401 Unauthorized\r\n")));
	ck_assert(got(c, "\r\nWWW-Authenticate: Bearer\r\n") &&
		  got(c, "\r\nConnection: close\r\n"));
	ck_assert(got(c, "urn:pagepost:problem:no-caller"));
}
END_TEST

START_TEST(does_not_continue_what_came_already)
{
	CLEANUP(buf_deinit) struct buf form;
	struct slice body = large_form(&form, 1000);
	struct talker *c = talk_open(&talk);
	talk.plan = TALK_DECIDE;
	say_form_head(c, body.len, "Expect: 100-continue\r\n");
	talk_say(c, body);
	ck_assert(talk_wait_heads(&talk, 1));
	talk.plan = TALK_GO;
	talk_go(&talk);
	ck_assert(talk_wait_text(c, OK, 1));
	ck_assert_uint_le(talk_count(c, "100 Continue"), 1); /* it may have been in time */
}
END_TEST

/* The answer arrives, whole, while the client still sends (RFC 9112 9.6). */
START_TEST(refuses_too_large_a_body_before_it_is_read)
{
	static char junk[300000];
	struct talker *c = talk_open(&talk);
	say_form_head(c, 4 * 1024 * 1024 + 1, "");
	talk_say(c, slice_of(junk, sizeof(junk)));
	ck_assert(talk_wait_text(c, "too-large", 1));
	ck_assert(slice_starts(talk_got(c), SLICE_LIT("HTTP/1.1 413 Content Too Large\r\n")));
	ck_assert(got(c, "at most 4194304 bytes; the Content-Length says 4194305."));
	ck_assert(got(c, "\r\nConnection: close\r\n"));
	ck_assert_uint_eq(talk.heads, 0);
	talk_close(c);
	ck_assert(talk_wait_connections(&talk, 0));
}
END_TEST

static const struct {
	struct slice request;
	const char *status;
	const char *detail;
	bool closes;
	unsigned heads; /* that the handler saw */
} refused[] = {
	{SLICE_INIT("GET /x HTTP/1.1\r\nHost: a\r\n\r\n"), "404 Not Found", "not-found", false, 0},
	{SLICE_INIT("PUT /v1/jobs HTTP/1.1\r\nHost: a\r\n\r\n"), "405 Method Not Allowed",
	 "Allow: POST\r\n", false, 0},
	{SLICE_INIT("POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
	 "405 Method Not Allowed", "Allow: GET, HEAD\r\n", false, 0},
	{SLICE_INIT("GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"),
	 "400 Bad Request", "must not have a body", true, 0},
	{SLICE_INIT("GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"), "404 Not Found",
	 "not-found", true, 0},
	{SLICE_INIT("POST /v1/jobs HTTP/1.1\r\nHost: a\r\n\r\n"), "411 Length Required",
	 "Content-Length", false, 0},
	{SLICE_INIT("POST /v1/jobs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
		    "chunked\r\n\r\n0\r\n\r\n"),
	 "411 Length Required", "chunked body is not taken", true, 0},
	{SLICE_INIT("POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: "
		    "chunked\r\n\r\n"),
	 "400 Bad Request", "both", true, 0},
	{SLICE_INIT("GET / HTTP/1.1\nHost: a\n\n"), "400 Bad Request", "CR LF", true, 0},
	{SLICE_INIT("GET / HTTP/3.0\r\nHost: a\r\n\r\n"), "505 HTTP Version", "http-version", true,
	 0},
	{SLICE_INIT("BREW / HTTP/1.1\r\nHost: a\r\n\r\n"), "501 Not Implemented", "not-implemented",
	 true, 0},
	{SLICE_INIT("POST /v1/jobs HTTP/1.1\r\nHost: a\r\nExpect: x\r\nContent-Length: 1\r\n\r\n"),
	 "417 Expectation", "100-continue", true, 0},
	{SLICE_INIT("POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: "
		    "text/plain\r\nContent-Length: 2\r\n\r\nab"),
	 "415 Unsupported", "multipart/form-data, or application/json", true, 1},
	{SLICE_INIT("POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"),
	 "415 Unsupported", "multipart/form-data, or application/json", true, 1},
	{SLICE_INIT(POST_JOB "Content-Encoding: gzip\r\n\r\n" JOB), "415 Unsupported",
	 "without a Content-Encoding", true, 1},
	{SLICE_INIT("POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: "
		    "application/json\r\nContent-Length: 0\r\n\r\n"),
	 "400 Bad Request", "wrong at byte 0", false, 1},
	{SLICE_INIT("POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: "
		    "application/json\r\nContent-Length: 2\r\n\r\n{]"),
	 "400 Bad Request", "wrong at byte 1", false, 1},
	{SLICE_INIT("POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: "
		    "application/json\r\nContent-Length: 10\r\n\r\n"
		    "{\"bodi\":1}"),
	 "422 Unprocessable", "'bodi'", false, 1},
	{SLICE_INIT("POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; "
		    "boundary=b\r\n"
		    "Content-Length: 1000\r\n\r\nnothing"),
	 "400 Bad Request", "must begin with the boundary", true, 1},
	{SLICE_INIT("POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; "
		    "boundary=b\r\n"
		    "Content-Length: 5\r\n\r\n--b\r\n"),
	 "400 Bad Request", "closing boundary is missing", false, 1},
};

START_TEST(refuses)
{
	struct talker *c = talk_open(&talk);
	talk_say(c, refused[_i].request);
	ck_assert(talk_wait_text(c, refused[_i].status, 1));
	ck_assert(talk_wait_text(c, refused[_i].detail, 1));
	ck_assert(got(c, "application/problem+json") && got(c, "request_id"));
	ck_assert_uint_eq(talk.heads, refused[_i].heads);
	ck_assert_uint_eq(talk.gones, refused[_i].heads); /* it hears that its request is over */
	ck_assert_uint_eq(talk.jobs, 0);
	if (refused[_i].closes) {
		ck_assert(got(c, "\r\nConnection: close\r\n"));
		ck_assert(talk_wait_over(c));
	} else {
		talk_say(c, SLICE_LIT(HEALTH));
		ck_assert(talk_wait_text(c, OK, 1));
	}
}
END_TEST

START_TEST(answers_head_without_a_body)
{
	struct talker *c = talk_open(&talk);
	talk_say(c, SLICE_LIT("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n" HEALTH));
	ck_assert(talk_wait_text(c, OK, 1));
	ck_assert_uint_eq(talk_count(c, "Content-Length: 8\r\n"), 2);
	ck_assert_uint_eq(talk_count(c, "\r\n\r\nHTTP/1.1 200"), 1);
}
END_TEST

static const struct slice last_requests[] = {
	SLICE_INIT("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" HEALTH),
	SLICE_INIT("GET /healthz HTTP/1.0\r\n\r\n" HEALTH),
};

START_TEST(closes_when_asked_to)
{
	struct talker *c = talk_open(&talk);
	talk_say(c, last_requests[_i]);
	ck_assert(talk_wait_over(c));
	ck_assert_uint_eq(talk_count(c, OK), 1);
	ck_assert(got(c, "\r\nConnection: close\r\n"));
	talk_close(c);
	ck_assert(talk_wait_connections(&talk, 0));
}
END_TEST

START_TEST(tells_what_the_head_says)
{
	struct talker *c = talk_open(&talk);
	talk.plan = TALK_DECIDE;
	talk_say(c, SLICE_LIT("GET /v1/jobs/abc-1 HTTP/1.1\r\nHost: a\r\nPrefer: "
			      "wait=7\r\nAuthorization: Bearer "
			      "pp_x\r\nIdempotency-Key: k1\r\n\r\n"));
	ck_assert(talk_wait_heads(&talk, 1));
	const struct intake_request *r = talk.request;
	ck_assert_uint_eq(intake_request_route(r), ROUTE_JOB_GET);
	ck_assert(slice_eq(intake_request_target_id(r), SLICE_LIT("abc-1")));
	ck_assert(slice_eq(intake_request_bearer(r), SLICE_LIT("pp_x")));
	ck_assert(slice_eq(intake_request_idempotency_key(r), SLICE_LIT("k1")));
	ck_assert_uint_eq(intake_request_wait_ms(r), 7000);
	ck_assert_uint_eq(intake_request_length(r), 0);
	ck_assert_uint_eq(intake_request_id(r).len, UUID_TEXT);
	talk_answer(&talk, OK);
	ck_assert(talk_wait_text(c, OK, 1));
}
END_TEST

START_TEST(refuses_a_long_idempotency_key)
{
	static char request[600] = "GET /healthz HTTP/1.1\r\nHost: a\r\nIdempotency-Key: ";
	struct talker *c = talk_open(&talk);
	size_t n = strlen(request);
	memset(request + n, 'k', 256);
	memcpy(request + n + 256, "\r\n\r\n", 4);
	talk_say(c, slice_of(request, n + 260));
	ck_assert(talk_wait_text(c, "at most 255 bytes", 1));
	ck_assert_uint_eq(talk.heads, 0);
}
END_TEST

START_TEST(digests_a_body_that_has_a_key)
{
	struct talker *c = talk_open(&talk);
	talk_say(c, SLICE_LIT(POST_JOB "Idempotency-Key: k\r\n\r\n" JOB));
	ck_assert(talk_wait_text(c, OK, 1));
	ck_assert(talk.has_digest);
}
END_TEST

START_TEST(names_the_job_of_a_late_refusal)
{
	struct talker *c = talk_open(&talk);
	struct problem problem;
	struct uuid id = {{0xab}};
	talk.plan = TALK_HOLD;
	talk_say(c, SLICE_LIT(POST_JOB "\r\n" JOB));
	ck_assert(talk_wait_jobs(&talk, 1));
	(void)problem_set(&problem, FAULT_BUSY, "");
	struct intake_request *r = STEAL(talk.request);
	intake_refuse_job(r, &problem, 17, &id);
	ck_assert(talk_wait_text(c, "\"job\":\"ab000000-0000-0000-0000-000000000000\"", 1));
	ck_assert(got(c, "HTTP/1.1 503 ") && got(c, "\r\nRetry-After: 17\r\n"));
	ck_assert_uint_eq(talk_count(c, "Connection: close"), 0); /* the body was read */
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/exchange");
	TCase *t = tcase_create("exchange");
	tcase_set_timeout(t, 0);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, answers_with_all_fields);
	tcase_add_test(t, keeps_the_connection);
	tcase_add_test(t, answers_pipelined_requests_in_order);
	tcase_add_test(t, holds_the_next_request_until_the_answer);
	tcase_add_test(t, reads_a_body_in_any_pieces);
	tcase_add_test(t, reads_a_large_form);
	tcase_add_test(t, continues_only_after_the_decision);
	tcase_add_test(t, does_not_continue_what_is_refused);
	tcase_add_test(t, does_not_continue_what_came_already);
	tcase_add_test(t, refuses_too_large_a_body_before_it_is_read);
	tcase_add_loop_test(t, refuses, 0, COUNT_OF(refused));
	tcase_add_test(t, answers_head_without_a_body);
	tcase_add_loop_test(t, closes_when_asked_to, 0, COUNT_OF(last_requests));
	tcase_add_test(t, tells_what_the_head_says);
	tcase_add_test(t, refuses_a_long_idempotency_key);
	tcase_add_test(t, digests_a_body_that_has_a_key);
	tcase_add_test(t, names_the_job_of_a_late_refusal);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
