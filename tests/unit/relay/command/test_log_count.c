#include "relay/command/log_count.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"

static void add(struct log_count *c, const char *fields)
{
	char room[200];
	struct log_line l;
	int n = snprintf(room, sizeof(room), "2026-11-30T08:00:00Z info %s", fields);
	ck_assert(log_line_read(&l, room, (size_t)n));
	ck_assert_uint_eq(log_count_add(c, &l), FAULT_NONE);
	memset(room, 'x', sizeof(room)); /* nothing points into it */
}

static void expect(struct log_count *c, bool as_json, const char *text)
{
	char *said = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&said, &len);
	ck_assert_uint_eq(log_count_print(c, to, as_json), FAULT_NONE);
	fclose(to);
	ck_assert_str_eq(said, text);
	free(said);
	log_count_deinit(c);
}

static void add_some(struct log_count *c)
{
	add(c, "recipient outcome=refused tenant=b");
	add(c, "recipient outcome=delivered tenant=acme");
	add(c, "recipient outcome=delivered tenant=acme");
	add(c, "job.done outcome=delivered tenant=acme");
	add(c, "job.fault tenant=acme");
	add(c, "stop");
}

START_TEST(combinations_are_counted)
{
	struct log_count c;
	ck_assert_uint_eq(log_count_init(&c, SLICE_LIT("outcome,tenant"), NULL), FAULT_NONE);
	add_some(&c);
	expect(&c, false,
	       "   count  event      outcome    tenant\n"
	       "       2  recipient  delivered  acme\n"
	       "       1  job.done   delivered  acme\n"
	       "       1  job.fault  -          acme\n"
	       "       1  recipient  refused    b\n");
}
END_TEST

START_TEST(events_alone_are_counted)
{
	struct log_count c;
	ck_assert_uint_eq(log_count_init(&c, SLICE_LIT("event"), NULL), FAULT_NONE);
	add_some(&c);
	expect(&c, true,
	       "{\"count\":3,\"event\":\"recipient\"}\n{\"count\":1,\"event\":\"job.done\"}\n"
	       "{\"count\":1,\"event\":\"job.fault\"}\n{\"count\":1,\"event\":\"stop\"}\n");
}
END_TEST

/* One kind after the other: none is lost, none is counted twice. */
START_TEST(many_rows_are_kept_apart_and_more_are_added_up)
{
	enum { MORE = 5 };
	struct log_count c;
	char fields[64];
	ck_assert_uint_eq(log_count_init(&c, SLICE_LIT("job"), NULL), FAULT_NONE);
	for (int i = 0; i < LOG_COUNT_ROWS + MORE; i++) {
		snprintf(fields, sizeof(fields), "job.done job=%d", i);
		add(&c, fields);
	}
	add(&c, "job.done job=7");
	ck_assert_uint_eq(c.row_count, LOG_COUNT_ROWS);
	ck_assert_uint_eq(c.others, MORE);
	char *said = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&said, &len);
	ck_assert_uint_eq(log_count_print(&c, to, true), FAULT_NONE);
	fclose(to);
	struct slice text = slice_of(said, len);
	ck_assert(slice_starts(text,
			       SLICE_LIT("{\"count\":2,\"event\":\"job.done\",\"job\":\"7\"}\n")));
	ck_assert(slice_ends(text, SLICE_LIT("\n{\"count\":5}\n")));
	free(said);
	log_count_deinit(&c);
}
END_TEST

static const char *const wrong[] = {
	"",	    "outcom",	      "outcome,",
	",outcome", "outcome tenant", "job,tenant,rcpt,upstream,outcome,fault,cause,code"};

START_TEST(what_is_no_field_is_refused)
{
	struct log_count c;
	struct problem p = {0};
	enum fault f = log_count_init(&c, slice_of_text(wrong[_i]), &p);
	log_count_deinit(&c);
	/* A comma at the end is no field more. */
	ck_assert_uint_eq(f, _i == 2 ? FAULT_NONE : FAULT_BAD_FIELD);
	ck_assert(_i == 2 || p.len > 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("command/log_count");
	TCase *t = tcase_create("log_count");
	tcase_add_test(t, combinations_are_counted);
	tcase_add_test(t, events_alone_are_counted);
	tcase_add_test(t, many_rows_are_kept_apart_and_more_are_added_up);
	tcase_add_loop_test(t, what_is_no_field_is_refused, 0, COUNT_OF(wrong));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
