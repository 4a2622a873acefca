#include "relay/command/log_filter.h"

#include <string.h>

#include "tests/support/check_main.h"

static const char line[] = "2026-11-21T23:50:28.123Z warning job.fault tenant=acme "
			   "upstream=smtp.ionos.de:587 fault=deadline job=019a";

/* Pairs of key and value, and whether the line fits them. */
static const struct {
	const char *pairs[8];
	bool fits;
} rows[] = {
	{{NULL}, true},
	{{"tenant", "acme"}, true},
	{{"tenant", "acm"}, false},
	{{"event", "job.fault"}, true},
	{{"event", "job"}, true},
	{{"event", "job.done"}, false},
	{{"event", "upstream"}, false},
	{{"upstream", "smtp.ionos.de"}, true},
	{{"upstream", "SMTP.ionos.de:587"}, true},
	{{"upstream", "smtp.ionos.d"}, false},
	{{"upstream", "smtp.ionos.de:58"}, false},
	{{"outcome", "delivered"}, false}, /* it says none */
	{{"fault", "deadline", "tenant", "acme"}, true},
	{{"fault", "deadline", "tenant", "other"}, false},
	{{"tenant", "other", "tenant", "acme"}, true},
	{{"tenant", "other", "fault", "deadline", "tenant", "acme"}, true},
	{{"tenant", "other", "tenant", "third"}, false},
};

static void read_line(struct log_line *l, char room[sizeof(line)])
{
	memcpy(room, line, sizeof(line));
	ck_assert(log_line_read(l, room, sizeof(line) - 1));
}

START_TEST(lines_are_filtered)
{
	struct log_filter f = {0};
	struct log_line l;
	char room[sizeof(line)];
	for (size_t i = 0; rows[_i].pairs[i] != NULL; i += 2) {
		ck_assert_uint_eq(log_filter_add(&f, slice_of_text(rows[_i].pairs[i]),
						 slice_of_text(rows[_i].pairs[i + 1]), NULL),
				  FAULT_NONE);
	}
	read_line(&l, room);
	ck_assert_int_eq(log_filter_fits(&f, &l), rows[_i].fits);
}
END_TEST

START_TEST(times_and_levels_bound)
{
	struct log_filter f = {.has_since = true, .has_until = true};
	struct log_line l;
	char room[sizeof(line)];
	read_line(&l, room);
	f.since.ms = l.at.ms;
	f.until.ms = l.at.ms + 1;
	ck_assert(log_filter_fits(&f, &l));
	f.until.ms = l.at.ms;
	ck_assert(!log_filter_fits(&f, &l));
	f.until.ms = l.at.ms + 10;
	f.since.ms = l.at.ms + 1;
	ck_assert(!log_filter_fits(&f, &l));
	f = (struct log_filter){.least = EVENT_LEVEL_warning};
	ck_assert(log_filter_fits(&f, &l));
	f.least = EVENT_LEVEL_error;
	ck_assert(!log_filter_fits(&f, &l));
}
END_TEST

static const struct {
	const char *key, *value, *said;
} wrong[] = {
	{"event", "jo", "'jo' is no event"},
	{"event", "job.", "is no event"},
	{"event", "", "is no event"},
	{"outcome", "lost", "'lost' is no outcome: delivered,"},
	{"fault", "deadlines", "is no fault"},
	{"tenant", "", "is no tenant"},
	{"tenant", "ACME", "'ACME' is no tenant's id: 1 to 64 of a-z, 0-9 and '-'."},
	{"tenant", "A B", "is no tenant's id"},
	{"upstream", "a b", "is no mail server."},
	{"job", "a\nb", "is no job's id."},
	{"job", "", "is no job"},
};

START_TEST(what_cannot_be_is_refused)
{
	struct log_filter f = {0};
	struct problem p = {0};
	ck_assert_uint_eq(log_filter_add(&f, slice_of_text(wrong[_i].key),
					 slice_of_text(wrong[_i].value), &p),
			  FAULT_BAD_FIELD);
	ck_assert_uint_lt(slice_find(problem_text(&p), slice_of_text(wrong[_i].said)), p.len);
	ck_assert_uint_eq(f.count, 0);
}
END_TEST

START_TEST(values_are_bounded)
{
	struct log_filter f = {0};
	for (size_t i = 0; i < LOG_WANTED_MAX; i++) {
		ck_assert_uint_eq(log_filter_add(&f, SLICE_LIT("job"), SLICE_LIT("x"), NULL),
				  FAULT_NONE);
	}
	ck_assert_uint_eq(log_filter_add(&f, SLICE_LIT("job"), SLICE_LIT("x"), NULL),
			  FAULT_BAD_FIELD);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("command/log_filter");
	TCase *t = tcase_create("log_filter");
	tcase_add_loop_test(t, lines_are_filtered, 0, COUNT_OF(rows));
	tcase_add_test(t, times_and_levels_bound);
	tcase_add_loop_test(t, what_cannot_be_is_refused, 0, COUNT_OF(wrong));
	tcase_add_test(t, values_are_bounded);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
