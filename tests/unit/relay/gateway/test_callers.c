#include "relay/gateway/callers.h"

#include <string.h>

#include "tests/support/check_main.h"

static struct callers *callers;

static const struct instant start = {.ms = 5000};
static const struct keeper_caller acme = {.tenant = "acme", .tenant_len = 4};
static const struct keeper_caller other = {.tenant = "other", .tenant_len = 5};

/* Each in a place of its own but for the last, which has the first one's. */
static const unsigned char hashes[][KEEPER_TOKEN_HASH] = {{1}, {2}, {1, 0, 9}};

static void setup(void)
{
	ck_assert_int_eq(callers_new(&callers), FAULT_NONE);
}

static void teardown(void)
{
	callers_free(&callers);
	callers_free(&callers);
}

static struct instant later(uint64_t ms)
{
	return instant_after(start, ms);
}

START_TEST(nobody_is_known_at_first)
{
	static const unsigned char zero[KEEPER_TOKEN_HASH];
	struct keeper_caller found;
	ck_assert(!callers_find(callers, hashes[0], start, &found));
	ck_assert(!callers_find(callers, zero, start, &found));
}
END_TEST

START_TEST(a_caller_is_known_for_a_moment)
{
	struct keeper_caller found;
	callers_keep(callers, hashes[0], &acme, start);
	ck_assert(callers_find(callers, hashes[0], later(CALLERS_MS - 1), &found));
	ck_assert_uint_eq(found.tenant_len, acme.tenant_len);
	ck_assert_int_eq(memcmp(found.tenant, acme.tenant, acme.tenant_len), 0);
	ck_assert(!callers_find(callers, hashes[0], later(CALLERS_MS + 1), &found));
}
END_TEST

/* Being let in does not prolong the moment. */
START_TEST(the_moment_is_counted_from_the_keepers_word)
{
	struct keeper_caller found;
	callers_keep(callers, hashes[0], &acme, start);
	ck_assert(callers_find(callers, hashes[0], later(CALLERS_MS / 2), &found));
	ck_assert(!callers_find(callers, hashes[0], later(CALLERS_MS + 1), &found));
	callers_keep(callers, hashes[0], &acme, later(CALLERS_MS + 1));
	ck_assert(callers_find(callers, hashes[0], later(CALLERS_MS + 2), &found));
}
END_TEST

START_TEST(callers_are_told_apart)
{
	struct keeper_caller found;
	callers_keep(callers, hashes[0], &acme, start);
	ck_assert(!callers_find(callers, hashes[1], start, &found));
	ck_assert(!callers_find(callers, hashes[2], start, &found));
	callers_keep(callers, hashes[2], &other, start);
	ck_assert(callers_find(callers, hashes[2], start, &found));
	ck_assert_uint_eq(found.tenant_len, other.tenant_len);
	ck_assert(!callers_find(callers, hashes[0], start, &found));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("callers");
	TCase *t = tcase_create("callers");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, nobody_is_known_at_first);
	tcase_add_test(t, a_caller_is_known_for_a_moment);
	tcase_add_test(t, the_moment_is_counted_from_the_keepers_word);
	tcase_add_test(t, callers_are_told_apart);
	suite_add_tcase(s, t);
	return check_main(s);
}
