#include "relay/intake/connection.h"

#include "relay/intake/exchange.h"
#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/talk.h"

#define HEALTH "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
#define FORM_HEAD                                                                                  \
	"POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n"   \
	"Content-Length: 1000000\r\n\r\n"
#define JOB "{\"page\":{\"title\":\"T\",\"body\":\"<p/>\"},\"to\":[{\"email\":\"a@b.example\"}]}"
#define POST_JOB                                                                                   \
	"POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "  \
	"67\r\n\r\n" JOB
#define OK "{\"ok\":1}"

static struct talk talk;
static struct intake_limits limits;

static void setup(void)
{
	talk_limits(&limits);
	talk_init(&talk, &limits);
}

/* The limits are the intake's own copy: a test changes them there. */
static void teardown(void)
{
	talk_deinit(&talk);
}

static bool is_ready(void *ctx)
{
	const struct talker *c = ctx;
	return c->is_ready;
}

static bool is_answered(void *ctx)
{
	const struct talker *c = ctx;
	return c->is_over || talk_count(c, "}") > 0;
}

START_TEST(ends_a_slow_handshake)
{
	talk.intake->limits.handshake_ms = 20;
	struct talker *silent = talk_open_in_the_clear(&talk);
	struct talker *slow = talk_open_in_the_clear(&talk);
	talk_say(slow, SLICE_LIT("\x16\x03\x01")); /* the start of a ClientHello */
	ck_assert(talk_wait_over(silent));
	ck_assert(talk_wait_over(slow));
	ck_assert_uint_eq(talk_got(silent).len, 0);
	ck_assert(talk_wait_connections(&talk, 0));
}
END_TEST

START_TEST(answers_a_slow_head)
{
	talk.intake->limits.head_ms = 20;
	struct talker *c = talk_open(&talk);
	talk_say(c, SLICE_LIT("GET /healthz HTTP/1.1\r\nHo"));
	ck_assert(talk_wait_over(c));
	ck_assert(slice_starts(talk_got(c), SLICE_LIT("HTTP/1.1 408 Request Timeout\r\n")));
	ck_assert_uint_eq(talk_count(c, "Connection: close"), 1);
	ck_assert_uint_eq(talk.heads, 0);
}
END_TEST

START_TEST(answers_a_slow_body)
{
	talk.intake->limits.head_ms = 20;
	struct talker *c = talk_open(&talk);
	talk_say(c, SLICE_LIT(FORM_HEAD "--b\r\n"));
	ck_assert(talk_wait_over(c));
	ck_assert(slice_starts(talk_got(c), SLICE_LIT("HTTP/1.1 408 Request Timeout\r\n")));
	ck_assert_uint_eq(talk.gones, 1);
	ck_assert_uint_eq(talk.jobs, 0);
}
END_TEST

START_TEST(ends_an_idle_one)
{
	talk.intake->limits.idle_ms = 20;
	struct talker *fresh = talk_open(&talk);
	struct talker *used = talk_open(&talk);
	talk_say(used, SLICE_LIT(HEALTH));
	ck_assert(talk_wait_over(fresh));
	ck_assert(talk_wait_over(used));
	ck_assert_uint_eq(talk_got(fresh).len, 0);
	ck_assert_uint_eq(talk_count(used, OK), 1);
	ck_assert(talk_wait_connections(&talk, 0));
}
END_TEST

START_TEST(speaks_a_word_in_the_clear)
{
	struct talker *c = talk_open_in_the_clear(&talk);
	talk_say(c, SLICE_LIT(HEALTH));
	ck_assert(talk_wait_over(c));
	ck_assert(slice_starts(talk_got(c), SLICE_LIT("HTTP/1.1 400 Bad Request\r\n")));
	ck_assert_uint_eq(talk_count(c, "This port speaks TLS only: use https."), 1);
	ck_assert_uint_eq(talk.heads, 0);
}
END_TEST

START_TEST(ends_what_is_no_tls)
{
	struct talker *c = talk_open_in_the_clear(&talk);
	talk_say(c, SLICE_LIT("\x16garbage that is no handshake at all, however long it is"));
	ck_assert(talk_wait_over(c));
	ck_assert(talk_wait_connections(&talk, 0));
}
END_TEST

/* Wherever the client goes: the connection ends, and the handler hears of it when it knows of the request. */
START_TEST(sees_a_client_go_in_the_head)
{
	struct talker *c = talk_open(&talk);
	talk_say(c, SLICE_LIT("GET /healthz HTTP/1.1\r\n"));
	ck_assert(talk_wait(&talk, is_ready, c));
	ck_assert(talk_wait_connections(&talk, 1));
	talk_close(c);
	ck_assert(talk_wait_connections(&talk, 0));
	ck_assert_uint_eq(talk.gones, 0);
}
END_TEST

START_TEST(sees_a_client_go_in_the_body)
{
	struct talker *c = talk_open(&talk);
	talk_say(c, SLICE_LIT(FORM_HEAD "--b\r\n"));
	ck_assert(talk_wait_heads(&talk, 1));
	talk_close(c);
	ck_assert(talk_wait_gones(&talk, 1));
	ck_assert(talk_wait_connections(&talk, 0));
	ck_assert_uint_eq(talk.jobs, 0);
}
END_TEST

START_TEST(sees_a_client_go_while_it_waits)
{
	struct talker *c = talk_open(&talk);
	talk.plan = TALK_HOLD;
	talk_say(c, SLICE_LIT(POST_JOB));
	ck_assert(talk_wait_jobs(&talk, 1));
	talk_close(c);
	ck_assert(talk_wait_gones(&talk, 1));
	ck_assert(talk_wait_connections(&talk, 0));
	ck_assert_ptr_nonnull(talk.job); /* the job goes on */
}
END_TEST

START_TEST(sees_a_client_go_before_the_decision)
{
	struct talker *c = talk_open(&talk);
	talk.plan = TALK_DECIDE;
	talk_say(c, SLICE_LIT(POST_JOB));
	ck_assert(talk_wait_heads(&talk, 1));
	talk_close(c);
	talk.plan = TALK_GO;
	talk_go(&talk); /* not read so far, so not seen: the answer goes nowhere */
	ck_assert(talk_wait_connections(&talk, 0));
}
END_TEST

/* A client that does not read holds its own connection only, and not for ever. */
START_TEST(ends_one_that_does_not_read)
{
	static char json[8 * 1024 * 1024];
	for (size_t i = 0; i < sizeof(json) - 1; i++) {
		json[i] = ' ';
	}
	talk.intake->limits.idle_ms = 100;
	struct talker *deaf = talk_open(&talk);
	struct talker *other = talk_open(&talk);
	deaf->is_deaf = true;
	talk.plan = TALK_DECIDE;
	talk_say(deaf, SLICE_LIT(HEALTH));
	ck_assert(talk_wait_heads(&talk, 1));
	talk_answer(&talk, json);
	talk.plan = TALK_ANSWER;
	talk_say(other, SLICE_LIT(HEALTH));
	ck_assert(talk_wait_text(other, OK, 1));
	ck_assert(talk_wait_connections(&talk, 0));
}
END_TEST

START_TEST(sends_a_large_answer)
{
	static char json[3 * 1024 * 1024];
	for (size_t i = 0; i < sizeof(json) - 1; i++) {
		json[i] = i + 4 < sizeof(json) ? ' ' : '!';
	}
	struct talker *c = talk_open(&talk);
	talk.plan = TALK_DECIDE;
	talk_say(c, SLICE_LIT(HEALTH));
	ck_assert(talk_wait_heads(&talk, 1));
	talk_answer(&talk, json);
	ck_assert(talk_wait_text(c, "!!!", 1));
	ck_assert_uint_gt(talk_got(c).len, sizeof(json));
}
END_TEST

/* One job posted while the nth allocation fails; false when none failed any more. */
static bool post_while_memory_fails(unsigned n)
{
	char *room;
	talk.talker_count = 0;
	struct talker *c = talk_open(&talk);
	ck_assert(talk_wait(&talk, is_ready, c));
	talk_say(c, SLICE_LIT(POST_JOB));
	ck_assert_uint_eq(c->said, c->to_say.len);
	/* What the test itself needs is there already. */
	ck_assert_uint_eq(buf_reserve(&c->got, 100000, &room), FAULT_NONE);
	oom_arm(n);
	bool answered = talk_wait(&talk, is_answered, c);
	bool failed = oom_disarm();
	ck_assert(answered);
	ck_assert(talk_got(c).len == 0 || slice_starts(talk_got(c), SLICE_LIT("HTTP/1.1 ")));
	talk_close(c);
	buf_deinit(&c->got);
	buf_deinit(&c->to_say);
	ck_assert(talk_wait_connections(&talk, 0));
	return failed;
}

/* The connection may end, or the answer be a 503: nothing is half said, and the next one is well. */
START_TEST(lives_through_failing_allocations)
{
	unsigned n = 1;
	ck_assert(!post_while_memory_fails(1000000)); /* the loop's own tables have grown then */
	while (post_while_memory_fails(n)) {
		n++;
		ck_assert_uint_lt(n, 1000);
	}
	ck_assert_uint_gt(n, 2);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/connection");
	TCase *t = tcase_create("connection");
	tcase_set_timeout(t, 0);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, ends_a_slow_handshake);
	tcase_add_test(t, answers_a_slow_head);
	tcase_add_test(t, answers_a_slow_body);
	tcase_add_test(t, ends_an_idle_one);
	tcase_add_test(t, speaks_a_word_in_the_clear);
	tcase_add_test(t, ends_what_is_no_tls);
	tcase_add_test(t, sees_a_client_go_in_the_head);
	tcase_add_test(t, sees_a_client_go_in_the_body);
	tcase_add_test(t, sees_a_client_go_while_it_waits);
	tcase_add_test(t, sees_a_client_go_before_the_decision);
	tcase_add_test(t, ends_one_that_does_not_read);
	tcase_add_test(t, sends_a_large_answer);
	tcase_add_test(t, lives_through_failing_allocations);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
