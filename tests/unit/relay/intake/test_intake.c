#include "relay/intake/intake.h"

#include <stdio.h>

#include "relay/intake/recordspec.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/talk.h"

#define HEALTH "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
#define OK     "{\"ok\":1}"

static struct talk talk;
static struct intake_limits limits; /* 4 connections an address, 6 in all */

static void setup(void)
{
	talk_limits(&limits);
}

static void teardown(void)
{
	talk_deinit(&talk);
}

/* `count` connections that are answered. */
static void fill(size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct talker *c = talk_open(&talk);
		talk_say(c, SLICE_LIT(HEALTH));
		ck_assert(talk_wait_text(c, OK, 1));
	}
	ck_assert_uint_eq(intake_connections(talk.intake), count);
}

START_TEST(caps_the_connections_of_an_address)
{
	talk_init(&talk, &limits);
	fill(4);
	struct talker *fifth = talk_open(&talk);
	ck_assert(talk_wait_over(fifth));
	ck_assert_uint_eq(talk_got(fifth).len, 0);
	ck_assert_uint_eq(intake_connections(talk.intake), 4);
	/* One goes, one may come. */
	talk_close(&talk.talkers[1]);
	ck_assert(talk_wait_connections(&talk, 3));
	struct talker *sixth = talk_open(&talk);
	talk_say(sixth, SLICE_LIT(HEALTH));
	ck_assert(talk_wait_text(sixth, OK, 1));
}
END_TEST

START_TEST(caps_all_connections)
{
	limits.connections_per_address = 100;
	talk_init(&talk, &limits);
	fill(6);
	struct talker *seventh = talk_open(&talk);
	ck_assert(talk_wait_over(seventh));
	ck_assert_uint_eq(intake_connections(talk.intake), 6);
}
END_TEST

/* Idle connections end, what is under way is answered with Connection: close, and nobody comes in. */
START_TEST(drains)
{
	talk_init(&talk, &limits);
	fill(1);
	struct talker *busy = talk_open(&talk);
	talk.plan = TALK_DECIDE;
	talk_say(busy, SLICE_LIT(HEALTH));
	ck_assert(talk_wait_heads(&talk, 2));
	intake_drain(talk.intake);
	ck_assert(talk_wait_over(&talk.talkers[0]));
	ck_assert_uint_eq(intake_connections(talk.intake), 1);
	struct talker *late = talk_open(&talk);
	ck_assert(talk_wait_over(late));
	talk_answer(&talk, OK);
	ck_assert(talk_wait_over(busy));
	ck_assert_uint_eq(talk_count(busy, OK), 1);
	ck_assert_uint_eq(talk_count(busy, "Connection: close"), 1);
	talk_close(busy);
	ck_assert(talk_wait_connections(&talk, 0));
}
END_TEST

#define POST                                                                                       \
	"POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "  \
	"100\r\n\r\n"

/* New limits and another certificate hold for what begins; what is under way goes on as it began. */
START_TEST(takes_other_limits)
{
	struct certs other;
	struct cert_pair pair;
	struct tls_context *tls = NULL;
	struct problem problem;
	talk_init(&talk, &limits);
	talk.plan = TALK_GO;
	struct talker *before = talk_open(&talk);
	talk_say(before, SLICE_LIT(POST "{"));
	ck_assert(talk_wait_heads(&talk, 1));
	certs_init(&other);
	certs_leaf(&other, &(struct cert_spec){.host = "localhost"}, &pair);
	ck_assert_int_eq(tls_context_server_new(pair.cert_file, pair.key_file, &tls, &problem),
			 FAULT_NONE);
	limits.body = 50;
	limits.head *= 2;
	intake_set(talk.intake, tls, &limits);
	struct talker *after = talk_open(&talk); /* trusts the authority of before */
	ck_assert(talk_wait_over(after));
	ck_assert_uint_eq(talk_got(after).len, 0);
	intake_set(talk.intake, talk.server_tls, &limits);
	after = talk_open(&talk);
	talk_say(after, SLICE_LIT(POST));
	ck_assert(talk_wait_text(after, "413 ", 1));
	/* The rest of what began before, and a next request behind it in a block that is of the old size. */
	for (size_t i = 0; i < 99; i++) {
		talk_say(before, SLICE_LIT(" "));
	}
	talk_say(before, SLICE_LIT(HEALTH));
	ck_assert(talk_wait_text(before, "400 ", 1));
	ck_assert_uint_eq(talk_count(before, "413 "), 0);
	tls_context_free(&tls);
	certs_deinit(&other);
}
END_TEST

/* Who has come and asked for nothing yet is let ask, once. */
START_TEST(hears_a_fresh_connection_while_it_drains)
{
	talk_init(&talk, &limits);
	struct talker *fresh = talk_open(&talk);
	struct talker *silent = talk_open(&talk);
	ck_assert(talk_wait_connections(&talk, 2));
	intake_drain(talk.intake);
	talk_say(fresh, SLICE_LIT(HEALTH));
	ck_assert(talk_wait_text(fresh, "Connection: close", 1));
	ck_assert(talk_wait_over(fresh));
	ck_assert_uint_eq(talk_count(fresh, OK), 1);
	/* The limit for idle ones is longer than this test is let run. */
	ck_assert(talk_wait_over(silent));
}
END_TEST

/* The end: who is still sending is refused, who waits for an answer still gets it, all others go. */
START_TEST(gives_up)
{
	talk_init(&talk, &limits);
	fill(1);
	struct talker *head = talk_open(&talk);
	talk_say(head, SLICE_LIT("POST /v1/jobs HTT"));
	struct talker *busy = talk_open(&talk);
	talk.plan = TALK_DECIDE;
	talk_say(busy, SLICE_LIT(HEALTH));
	ck_assert(talk_wait_heads(&talk, 2));
	struct intake_request *held = talk.request;
	struct talker *body = talk_open(&talk);
	talk.plan = TALK_GO;
	talk_say(body, SLICE_LIT(POST "{"));
	ck_assert(talk_wait_heads(&talk, 3));
	intake_give_up(talk.intake);
	ck_assert_uint_eq(talk.gones, 1);
	ck_assert(talk_wait_over(&talk.talkers[0]));
	ck_assert(talk_wait_text(body, "503 ", 1));
	ck_assert(talk_wait_text(body, "Retry-After: ", 1));
	ck_assert(talk_wait_over(body));
	ck_assert(talk_wait_over(head));
	ck_assert_uint_eq(talk_count(busy, "503 "), 0);
	talk.request = held;
	talk_answer(&talk, OK);
	ck_assert(talk_wait_over(busy));
	ck_assert_uint_eq(talk_count(busy, OK), 1);
}
END_TEST

START_TEST(tells_of_requests_when_it_is_freed)
{
	talk_init(&talk, &limits);
	struct talker *c = talk_open(&talk);
	talk.plan = TALK_DECIDE;
	talk_say(c, SLICE_LIT(HEALTH));
	ck_assert(talk_wait_heads(&talk, 1));
	intake_free(&talk.intake);
	ck_assert_ptr_null(talk.intake);
	ck_assert_uint_eq(talk.gones, 1);
	intake_free(&talk.intake); /* twice is fine */
}
END_TEST

#define SERVER "/v1/tenant/servers/mail HTTP/1.1\r\nHost: a\r\n"
#define HALF   "X-Pagepost-Key: +/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=\r\n"

static void ask(struct talker *c, const char *request, unsigned heads)
{
	talk_say(c, slice_of_text(request));
	ck_assert(talk_wait_heads(&talk, heads));
	ck_assert_ptr_nonnull(talk.request);
}

/* What the head of an admin's request says, and what a body became. */
START_TEST(tells_what_an_admin_asks)
{
	struct keeper_condition condition = {0};
	CLEANUP(secret_free) struct secret *half = NULL;
	struct problem p;
	talk_init(&talk, &limits);
	talk.plan = TALK_DECIDE;
	struct talker *c = talk_open(&talk);
	ask(c,
	    "PUT " SERVER HALF "If-Match: \"9\"\r\nContent-Type: application/json\r\n"
	    "Content-Length: 12\r\n\r\n{\"port\":587}",
	    1);
	ck_assert_uint_eq(intake_request_route(talk.request), ROUTE_RECORD_PUT);
	ck_assert_uint_eq(intake_request_scope(talk.request), INTAKE_ADMINISTER);
	ck_assert_uint_eq(intake_request_kind(talk.request), KEEPER_SERVER);
	ck_assert(slice_eq(intake_request_target_id(talk.request), SLICE_LIT("mail")));
	ck_assert_uint_eq(intake_request_condition(talk.request, &condition, &p), FAULT_NONE);
	ck_assert_uint_eq(condition.kind, KEEPER_IF_VERSION);
	ck_assert_uint_eq(condition.version, 9);
	ck_assert_uint_eq(intake_request_half(talk.request, &half, &p), FAULT_NONE);
	ck_assert_uint_eq(secret_view(half).len, 32);
	talk.plan = TALK_HOLD;
	talk_go(&talk);
	ck_assert(talk_wait_jobs(&talk, 1));
	const struct recordspec *record = intake_request_record(talk.request);
	ck_assert_uint_eq(record->count, 1);
	ck_assert(slice_eq(record->pairs[0].key, SLICE_LIT("port")));
	struct intake_request *r = STEAL(talk.request);
	const struct intake_reply reply = {
		.status = 201, .version = 10, .body = SLICE_LIT("{\"version\":10}")};
	intake_answer_record(r, &reply);
	ck_assert(talk_wait_text(c, "{\"version\":10}", 1));
	ck_assert_uint_eq(talk_count(c, "HTTP/1.1 201 Created\r\n"), 1);
	ck_assert_uint_eq(talk_count(c, "\r\nETag: \"10\"\r\n"), 1);
}
END_TEST

/* Conditions are of changes: a cache's, or a client's that sends the same fields always, keeps nobody from reading. */
START_TEST(reads_whatever_the_condition_is)
{
	static const char *const fields[] = {"If-None-Match: \"9\"\r\n", "If-Match: W/\"9\"\r\n",
					     "If-Match: \"x\"\r\n"};
	static const char *const methods[] = {"GET ", "HEAD "};
	struct keeper_condition condition;
	struct problem p;
	char request[256];
	talk_init(&talk, &limits);
	talk.plan = TALK_DECIDE;
	struct talker *c = talk_open(&talk);
	for (unsigned i = 0; i < COUNT_OF(fields) * COUNT_OF(methods); i++) {
		FILE *f = fmemopen(request, sizeof(request), "w");
		fprintf(f, "%s" SERVER "%s\r\n", methods[i % 2], fields[i / 2]);
		fclose(f);
		ask(c, request, i + 1);
		ck_assert_uint_eq(intake_request_condition(talk.request, &condition, &p),
				  FAULT_NONE);
		ck_assert_uint_eq(condition.kind, KEEPER_IF_ANY);
		struct intake_request *r = STEAL(talk.request);
		const struct intake_reply reply = {.status = 204};
		intake_answer_record(r, &reply);
		ck_assert(talk_wait_text(c, "HTTP/1.1 204 No Content\r\n", i + 1));
	}
}
END_TEST

/* An answer without a body, and the connection goes on behind it. */
START_TEST(answers_without_a_body)
{
	struct secret *half = NULL;
	struct problem p;
	talk_init(&talk, &limits);
	talk.plan = TALK_DECIDE;
	struct talker *c = talk_open(&talk);
	for (unsigned i = 1; i <= 3; i++) {
		ask(c, "DELETE " SERVER "\r\n", i);
		ck_assert_uint_eq(intake_request_half(talk.request, &half, &p), FAULT_NONE);
		ck_assert_ptr_null(half);
		struct intake_request *r = STEAL(talk.request);
		const struct intake_reply reply = {.status = 204};
		intake_answer_record(r, &reply);
		ck_assert(talk_wait_text(c, "HTTP/1.1 204 No Content\r\n", i));
	}
	ck_assert_uint_eq(talk_count(c, "Content-"), 3); /* X-Content-Type-Options */
}
END_TEST

/* Each before the handler is asked, but for those that it asks about itself. */
static const struct {
	const char *request;
	const char *answer;
} refused[] = {
	{"PUT " SERVER "\r\n", "HTTP/1.1 411 "},
	{"PUT " SERVER "Content-Length: 65537\r\n\r\n", "at most 65536 bytes"},
	{"POST /v1/tenant/servers/mail/check HTTP/1.1\r\nHost: a\r\nContent-Length: 4097\r\n\r\n",
	 "at most 4096 bytes"},
	{"DELETE " SERVER "Content-Length: 2\r\n\r\n{}", "must not have a body"},
	{"GET " SERVER "If-Match: \"1\"\r\nIf-Match: \"2\"\r\n\r\n", "HTTP/1.1 400 "},
	{"GET " SERVER HALF HALF "\r\n", "HTTP/1.1 400 "},
	{"PATCH " SERVER "\r\n", "Allow: GET, HEAD, PUT, DELETE\r\n"},
	{"GET /v1/tenant/servers/Mail HTTP/1.1\r\nHost: a\r\n\r\n",
	 "A name must be 1 to 64 of a-z, 0-9 and '-'."},
	{"GET /v1/tenant/nothing HTTP/1.1\r\nHost: a\r\n\r\n",
	 "There is nothing here under this name."},
};

START_TEST(refuses_by_the_head)
{
	talk_init(&talk, &limits);
	struct talker *c = talk_open(&talk);
	talk_say(c, slice_of_text(refused[_i].request));
	ck_assert(talk_wait_text(c, refused[_i].answer, 1));
	ck_assert_uint_eq(talk.heads, 0);
}
END_TEST

START_TEST(says_when_memory_is_out)
{
	const struct intake_handler handler = {0};
	struct intake *i = NULL;
	talk_init(&talk, &limits);
	oom_arm(1);
	enum fault f = intake_new(talk.loop, NULL, &limits, &handler, &i);
	ck_assert(oom_disarm());
	ck_assert_uint_eq(f, FAULT_NO_MEMORY);
	ck_assert_ptr_null(i);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/intake");
	TCase *t = tcase_create("intake");
	tcase_set_timeout(t, 0);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, caps_the_connections_of_an_address);
	tcase_add_test(t, caps_all_connections);
	tcase_add_test(t, drains);
	tcase_add_test(t, takes_other_limits);
	tcase_add_test(t, hears_a_fresh_connection_while_it_drains);
	tcase_add_test(t, gives_up);
	tcase_add_test(t, tells_of_requests_when_it_is_freed);
	tcase_add_test(t, tells_what_an_admin_asks);
	tcase_add_test(t, reads_whatever_the_condition_is);
	tcase_add_test(t, answers_without_a_body);
	tcase_add_loop_test(t, refuses_by_the_head, 0, COUNT_OF(refused));
	tcase_add_test(t, says_when_memory_is_out);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
