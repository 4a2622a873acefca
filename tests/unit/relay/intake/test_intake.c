#include "relay/intake/intake.h"

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
	tcase_add_test(t, tells_of_requests_when_it_is_freed);
	tcase_add_test(t, says_when_memory_is_out);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
