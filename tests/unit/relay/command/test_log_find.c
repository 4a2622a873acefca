#include "relay/command/log_find.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/check_main.h"

static struct log_find find;
static struct {
	unsigned asked;
	uint32_t first, last; /* days that there are keys of */
	enum fault fault;
} keeper;

static void make_key(uint32_t day, unsigned char key[TAG_KEY])
{
	memset(key, (int)(day & 0xFF), TAG_KEY);
}

static enum fault ask(void *ctx, uint32_t day, unsigned char out_key[TAG_KEY], struct problem *p)
{
	(void)ctx;
	(void)p;
	keeper.asked++;
	if (keeper.fault != FAULT_NONE) {
		return keeper.fault;
	}
	make_key(day, out_key);
	return day >= keeper.first && day <= keeper.last ? FAULT_NONE : FAULT_NOT_FOUND;
}

static uint32_t day_of(const char *when)
{
	struct civil at;
	ck_assert(civil_parse(slice_of_text(when), &at));
	return tag_day(at);
}

static void open_find(void)
{
	memset(&keeper, 0, sizeof(keeper));
	keeper.first = day_of("2026-11-01T00:00:00Z");
	keeper.last = day_of("2026-12-01T00:00:00Z");
	log_find_init(&find, SLICE_LIT("rcpt"), (struct slice){0}, ask, NULL);
}

static void close_find(void)
{
	log_find_deinit(&find);
}

/* A line of the moment, with the tag of `text` under the key of another day. */
static bool finds(const char *when, const char *key_of, const char *text, const char *field)
{
	unsigned char key[TAG_KEY];
	char tag[TAG_LEN];
	char room[200];
	struct log_line l;
	bool fits;
	make_key(day_of(key_of), key);
	ck_assert_uint_eq(tag_of(key, slice_of_text(text), tag), FAULT_NONE);
	int n = snprintf(room, sizeof(room), "%s info recipient %s%.*s", when, field, TAG_LEN, tag);
	ck_assert(log_line_read(&l, room, (size_t)n));
	ck_assert_uint_eq(log_find_fits(&find, &l, &fits, NULL), FAULT_NONE);
	return fits;
}

START_TEST(a_recipient_is_found_by_the_days_key)
{
	ck_assert_uint_eq(log_find_add_address(&find, SLICE_LIT("Erika@Example.org"), NULL),
			  FAULT_NONE);
	ck_assert(finds("2026-11-30T08:00:00Z", "2026-11-30T00:00:00Z", "erika@example.org",
			"rcpt="));
	/* A job that was keyed before midnight. */
	ck_assert(finds("2026-11-30T08:00:00Z", "2026-11-29T00:00:00Z", "erika@example.org",
			"rcpt="));
	ck_assert(!finds("2026-11-30T08:00:00Z", "2026-11-28T00:00:00Z", "erika@example.org",
			 "rcpt="));
	ck_assert(!finds("2026-11-30T08:00:00Z", "2026-12-01T00:00:00Z", "erika@example.org",
			 "rcpt="));
	ck_assert(!finds("2026-11-30T08:00:00Z", "2026-11-30T00:00:00Z", "other@example.org",
			 "rcpt="));
	ck_assert(!finds("2026-11-30T08:00:00Z", "2026-11-30T00:00:00Z", "erika@example.org",
			 "job="));
	ck_assert_uint_eq(keeper.asked, 2); /* once for each day */
	ck_assert_uint_eq(find.without_key, 0);
}
END_TEST

START_TEST(days_without_a_key_are_counted)
{
	ck_assert_uint_eq(log_find_add_address(&find, SLICE_LIT("erika@example.org"), NULL),
			  FAULT_NONE);
	ck_assert(!finds("2026-10-20T08:00:00Z", "2026-10-20T00:00:00Z", "erika@example.org",
			 "rcpt="));
	ck_assert(!finds("2026-10-20T09:00:00Z", "2026-10-20T00:00:00Z", "erika@example.org",
			 "rcpt="));
	ck_assert_uint_eq(find.without_key, 2);
	ck_assert_uint_eq(keeper.asked, 2);
}
END_TEST

START_TEST(hosts_are_found_behind_their_prefix)
{
	log_find_init(&find, SLICE_LIT("upstream"), SLICE_LIT("job-"), ask, NULL);
	ck_assert_uint_eq(log_find_add(&find, SLICE_LIT("smtp.example.com:587"), NULL), FAULT_NONE);
	ck_assert(finds("2026-11-30T08:00:00Z", "2026-11-30T00:00:00Z", "smtp.example.com:587",
			"upstream=job-"));
	ck_assert(!finds("2026-11-30T08:00:00Z", "2026-11-30T00:00:00Z", "smtp.example.com:587",
			 "upstream="));
}
END_TEST

START_TEST(letters_beyond_ascii_are_as_in_the_job)
{
	ck_assert_uint_eq(
		log_find_add_address(&find, SLICE_LIT("j\xC3\xB6@m\xC3\xBCller.example"), NULL),
		FAULT_NONE);
	ck_assert(finds("2026-11-30T08:00:00Z", "2026-11-30T00:00:00Z",
			"j\xC3\xB6@xn--mller-kva.example", "rcpt="));
}
END_TEST

START_TEST(what_the_keeper_says_is_told)
{
	char room[] = "2026-11-30T08:00:00Z info recipient rcpt=abcdefghij";
	struct log_line l;
	bool fits;
	keeper.fault = FAULT_KEEPER_DOWN;
	ck_assert_uint_eq(log_find_add_address(&find, SLICE_LIT("erika@example.org"), NULL),
			  FAULT_NONE);
	ck_assert(log_line_read(&l, room, sizeof(room) - 1));
	ck_assert_uint_eq(log_find_fits(&find, &l, &fits, NULL), FAULT_KEEPER_DOWN);
	ck_assert(!fits);
}
END_TEST

static const char *const no_addresses[] = {
	"", "erika", "erika@", "@example.org", "a b@example.org", "erika@ex ample.org"};

START_TEST(what_is_no_address_is_refused)
{
	struct problem p = {0};
	ck_assert_uint_eq(log_find_add_address(&find, slice_of_text(no_addresses[_i]), &p),
			  FAULT_BAD_ADDRESS);
	ck_assert(slice_starts(problem_text(&p), SLICE_LIT("--find takes a mail address")));
}
END_TEST

START_TEST(a_log_of_many_days_is_read)
{
	char when[40];
	ck_assert_uint_eq(log_find_add_address(&find, SLICE_LIT("erika@example.org"), NULL),
			  FAULT_NONE);
	keeper.first = 0;
	for (unsigned month = 1; month <= 11; month++) {
		for (unsigned day = 1; day <= 28; day++) {
			snprintf(when, sizeof(when), "2026-%02u-%02uT12:00:00Z", month, day);
			ck_assert(finds(when, when, "erika@example.org", "rcpt="));
		}
	}
	for (size_t i = find.count; i < LOG_FIND_MAX; i++) {
		ck_assert_uint_eq(log_find_add(&find, SLICE_LIT("x"), NULL), FAULT_NONE);
	}
	ck_assert_uint_eq(log_find_add(&find, SLICE_LIT("x"), NULL), FAULT_BAD_FIELD);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("command/log_find");
	TCase *t = tcase_create("log_find");
	tcase_add_checked_fixture(t, open_find, close_find);
	tcase_add_test(t, a_recipient_is_found_by_the_days_key);
	tcase_add_test(t, days_without_a_key_are_counted);
	tcase_add_test(t, hosts_are_found_behind_their_prefix);
	tcase_add_test(t, letters_beyond_ascii_are_as_in_the_job);
	tcase_add_test(t, what_the_keeper_says_is_told);
	tcase_add_loop_test(t, what_is_no_address_is_refused, 0, COUNT_OF(no_addresses));
	tcase_add_test(t, a_log_of_many_days_is_read);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
