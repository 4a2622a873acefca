#include "relay/gateway/tag_keys.h"

#include <pthread.h>
#include <string.h>

#include "spool-free/base/secret.h"
#include "tests/support/check_main.h"

/* A keeper that gives each day a key of its own, and says when it was asked. */
static struct {
	enum fault fault;
	uint32_t day; /* of the last question */
	unsigned asked;
} keeper;

static struct tag_keys *keys;

static enum fault ask(void *ctx, uint32_t day, unsigned char out_key[TAG_KEY])
{
	(void)ctx;
	keeper.asked++;
	keeper.day = day;
	if (keeper.fault == FAULT_NONE) {
		memset(out_key, (int)(day & 0xFF), TAG_KEY);
	}
	return keeper.fault;
}

static void open_keys(void)
{
	memset(&keeper, 0, sizeof(keeper));
	ck_assert_uint_eq(secret_heap_start(), FAULT_NONE);
	ck_assert_uint_eq(tag_keys_new(&keys), FAULT_NONE);
}

static void close_keys(void)
{
	tag_keys_free(&keys);
	tag_keys_free(&keys);
}

static struct civil at(const char *text)
{
	struct civil when;
	ck_assert(civil_parse(slice_of_text(text), &when));
	return when;
}

static void refresh(const char *when)
{
	tag_keys_refresh(keys, at(when), ask, NULL);
}

/* The tag at this time is that under the key of the day of `of`; NULL: there is none. */
static void expect(const char *when, const char *of)
{
	char room[TAG_LEN];
	char expected[TAG_LEN];
	unsigned char key[TAG_KEY];
	struct slice tag = tag_keys_tag(keys, at(when), SLICE_LIT("jo@example.com"), room);
	if (of == NULL) {
		ck_assert(slice_eq(tag, SLICE_LIT("-")));
		return;
	}
	memset(key, (int)(tag_day(at(of)) & 0xFF), TAG_KEY);
	ck_assert_uint_eq(tag_of(key, SLICE_LIT("jo@example.com"), expected), FAULT_NONE);
	ck_assert(slice_eq(tag, slice_of(expected, TAG_LEN)));
}

START_TEST(one_question_serves_a_day)
{
	expect("2026-11-30T08:00:00Z", NULL);
	refresh("2026-11-30T08:00:00Z");
	ck_assert_uint_eq(keeper.asked, 1);
	refresh("2026-11-30T08:00:01Z");
	refresh("2026-11-30T22:59:59Z");
	ck_assert_uint_eq(keeper.asked, 1);
	expect("2026-11-30T08:00:00Z", "2026-11-30T08:00:00Z");
}
END_TEST

START_TEST(the_next_day_is_asked_for_before_it_comes)
{
	refresh("2026-11-30T08:00:00Z");
	refresh("2026-11-30T23:00:00Z");
	ck_assert_uint_eq(keeper.asked, 2);
	ck_assert_uint_eq(keeper.day, tag_day(at("2026-12-01T00:00:00Z")));
	expect("2026-11-30T23:59:59Z", "2026-11-30T00:00:00Z");
	expect("2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z");
	refresh("2026-11-30T23:59:59Z");
	refresh("2026-12-01T00:00:00Z");
	ck_assert_uint_eq(keeper.asked, 2);
}
END_TEST

/* A job that came before midnight, and ends behind it, is found all the same. */
START_TEST(the_day_before_serves_until_the_new_key_is_there)
{
	refresh("2026-11-30T08:00:00Z");
	keeper.fault = FAULT_KEEPER_DOWN;
	refresh("2026-11-30T23:30:00Z");
	expect("2026-12-01T00:00:00Z", "2026-11-30T00:00:00Z");
	expect("2026-12-02T00:00:00Z", NULL); /* but for a day at most */
	unsigned asked = keeper.asked;
	refresh("2026-11-30T23:30:00.500Z");
	ck_assert_uint_eq(keeper.asked, asked); /* not each job asks a keeper that is down */
	refresh("2026-11-30T23:30:01Z");
	ck_assert_uint_eq(keeper.asked, asked + 1);
	keeper.fault = FAULT_NONE;
	refresh("2026-12-01T00:00:05Z");
	expect("2026-12-01T00:00:05Z", "2026-12-01T00:00:00Z");
}
END_TEST

START_TEST(without_a_key_there_is_no_tag)
{
	keeper.fault = FAULT_KEEPER_DOWN;
	refresh("2026-11-30T08:00:00Z");
	expect("2026-11-30T08:00:00Z", NULL);
	keeper.fault = FAULT_NONE;
	refresh("2026-11-30T08:00:02Z");
	expect("2026-11-30T08:00:02Z", "2026-11-30T00:00:00Z");
	char room[TAG_LEN];
	ck_assert(slice_eq(tag_keys_tag(NULL, at("2026-11-30T08:00:00Z"), SLICE_LIT("x"), room),
			   SLICE_LIT("-")));
}
END_TEST

static void *ask_at_once(void *unused)
{
	refresh("2026-11-30T08:00:00Z");
	expect("2026-11-30T08:00:00Z", "2026-11-30T08:00:00Z");
	return unused;
}

/* Whoever comes first asks; the others have the key when their call is over. */
START_TEST(many_threads_ask_once)
{
	pthread_t threads[8];
	for (size_t i = 0; i < COUNT_OF(threads); i++) {
		ck_assert_int_eq(pthread_create(&threads[i], NULL, ask_at_once, NULL), 0);
	}
	for (size_t i = 0; i < COUNT_OF(threads); i++) {
		pthread_join(threads[i], NULL);
	}
	ck_assert_uint_eq(keeper.asked, 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("gateway/tag_keys");
	TCase *t = tcase_create("tag_keys");
	tcase_add_checked_fixture(t, open_keys, close_keys);
	tcase_add_test(t, one_question_serves_a_day);
	tcase_add_test(t, the_next_day_is_asked_for_before_it_comes);
	tcase_add_test(t, the_day_before_serves_until_the_new_key_is_there);
	tcase_add_test(t, without_a_key_there_is_no_tag);
	tcase_add_test(t, many_threads_ask_once);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
