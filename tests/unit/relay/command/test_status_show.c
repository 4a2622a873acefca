#include "relay/command/status_show.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"

static struct status *st, *before;
static struct buf out;

static void setup(void)
{
	st = calloc(1, sizeof(*st));
	before = calloc(1, sizeof(*before));
	ck_assert(st != NULL && before != NULL);
	buf_init(&out, 256 * 1024);
	st->version = SLICE_LIT("0.5.0");
	st->started = SLICE_LIT("2026-11-30T01:00:00.000Z");
	st->now = SLICE_LIT("2026-11-30T04:12:01.000Z");
	st->keeper_up = true;
	st->pid = 42;
	st->loops = 2;
	st->jobs = 12;
	st->jobs_limit = 1024;
	st->memory = 3250586;
	st->memory_limit = 536870912;
	st->clients = 41;
	st->delivered = 1204;
	st->fault = 3;
	st->requests = 2;
	st->turned_away = 7;
	st->resident = 17ULL << 20;
	st->descriptors = 25;
	st->descriptors_limit = 1024;
}

static void teardown(void)
{
	buf_deinit(&out);
	free(st);
	free(before);
}

static void show(const struct status_view *view)
{
	ck_assert_int_eq(status_show(st, view, &out), FAULT_NONE);
}

static void is(const char *text)
{
	ck_assert_msg(slice_eq(buf_view(&out), slice_of_text(text)), "%.*s", (int)out.len, out.ptr);
}

static bool has(const char *text)
{
	return slice_find(buf_view(&out), slice_of_text(text)) < out.len;
}

static void add_upstream(struct status_upstream u)
{
	if (u.breaker.len == 0) {
		u.breaker = SLICE_LIT("closed");
	}
	st->upstreams[st->upstream_count++] = u;
}

START_TEST(a_quiet_gateway)
{
	show(&(struct status_view){.before = NULL});
	is("pagepost 0.5.0   up 3 h 12 min   keeper up   2026-11-30T04:12:01.000Z\n"
	   "jobs     12 in flight of 1024, memory 3.1 MiB of 512 MiB, 41 clients\n"
	   "ended    1204 delivered, 0 partly, 0 deferred, 0 refused, 0 uncertain, 3 by a fault, 0 "
	   "repeated\n"
	   "requests 2 under way, 7 turned away\n"
	   "process  42, 2 loops, memory 17.0 MiB, 25 descriptors of 1024\n"
	   "\n"
	   "UPSTREAM                           CONNECTIONS          WAITING  STATE\n"
	   "none is connected to, and nothing is known of any\n"
	   "\n"
	   "LAST FAULTS            AGO          TIMES  TENANT         WHAT\n"
	   "none since it started\n");
}
END_TEST

START_TEST(what_asks_for_an_eye_comes_first)
{
	add_upstream(
		(struct status_upstream){.tenant = SLICE_LIT("idle"), .idle = 1, .allowed = 4});
	add_upstream((struct status_upstream){
		.name = SLICE_LIT("smtp.example.com:587"), .busy = 1, .allowed = 4});
	add_upstream((struct status_upstream){.tenant = SLICE_LIT("slow"),
					      .name = SLICE_LIT("job-abc"),
					      .waiting = 9,
					      .throttled = true,
					      .pause_ms = 1500,
					      .allowed = 1});
	add_upstream((struct status_upstream){.tenant = SLICE_LIT("locked"),
					      .breaker = SLICE_LIT("open"),
					      .class = SLICE_LIT("auth"),
					      .retry_ms = 252000});
	add_upstream((struct status_upstream){.tenant = SLICE_LIT("probing"),
					      .breaker = SLICE_LIT("trying"),
					      .class = SLICE_LIT("connect")});
	st->faults[0] = (struct status_fault){.fault = SLICE_LIT("upstream-auth"),
					      .title = SLICE_LIT("Refused."),
					      .tenant = SLICE_LIT("locked"),
					      .upstream = SLICE_LIT("u:25"),
					      .age_s = 90061,
					      .times = 4};
	st->fault_count = 1;
	show(&(struct status_view){.before = NULL});
	struct slice rest = slice_skip(buf_view(&out),
				       slice_find(buf_view(&out), SLICE_LIT("STATE\n")) + 6);
	ck_assert_msg(
		slice_eq(rest,
			 SLICE_LIT(
				 "of locked                          0 busy 0 idle of 0   0        "
				 "left alone (auth), 4 min 12 s\n"
				 "of probing                         0 busy 0 idle of 0   0        "
				 "trying again (connect)\n"
				 "of slow job-abc                    0 busy 0 idle of 1   9        "
				 "throttled, 2 s\n"
				 "smtp.example.com:587               1 busy 0 idle of 4   0        "
				 "ok\n"
				 "of idle                            0 busy 1 idle of 4   0        "
				 "ok\n"
				 "\n"
				 "LAST FAULTS            AGO          TIMES  TENANT         WHAT\n"
				 "upstream-auth          1 d 1 h      4      locked         u:25: "
				 "Refused.\n")),
		"%.*s", (int)rest.len, rest.ptr);
}
END_TEST

START_TEST(rates_are_of_what_came_between)
{
	before->delivered = 1200;
	st->received = 2048000;
	st->sent = 1000;
	before->sent = 2000; /* it was started anew */
	st->cpu_ms = 500;
	show(&(struct status_view){.before = before, .between_ms = 2000});
	ck_assert(has("rates    3.5 jobs/s, in 1000 KiB/s, out 0 B/s, processor 25 %\n"));
}
END_TEST

START_TEST(alarms_are_loud)
{
	st->keeper_up = false;
	st->stopping = true;
	st->log_dropped = 5;
	show(&(struct status_view){.trouble = SLICE_LIT("The gateway does not answer.")});
	ck_assert(has("   KEEPER DOWN   STOPPING   "));
	ck_assert(has(", 5 LINES OF THE LOG DROPPED\n"));
	ck_assert(has("\nThe gateway does not answer.\n"));
}
END_TEST

START_TEST(pauses_are_told)
{
	st->pauses[0] = (struct status_pause){.what = SLICE_LIT("upstream"),
					      .name = SLICE_LIT("smtp.example.com"),
					      .port = 587,
					      .since = SLICE_LIT("2026-11-30T04:00:00.000Z"),
					      .until = SLICE_LIT("2026-11-30T05:00:00.000Z"),
					      .reason = SLICE_LIT("outage")};
	st->pauses[1] = (struct status_pause){.what = SLICE_LIT("all"),
					      .since = SLICE_LIT("2026-11-30T04:00:00.000Z")};
	st->pauses[2] = (struct status_pause){.what = SLICE_LIT("upstream"),
					      .name = SLICE_LIT("2001:db8::1"),
					      .port = 25,
					      .since = SLICE_LIT("2026-11-30T04:00:00.000Z")};
	st->pauses[3] = st->pauses[2];
	st->pauses[3].port = 0;
	st->pause_count = 4;
	show(&(struct status_view){.before = NULL});
	ck_assert(has(
		"\nPAUSED   upstream smtp.example.com:587, since 2026-11-30T04:00:00.000Z, until "
		"2026-11-30T05:00:00.000Z, reason outage\n"
		"PAUSED   all, since 2026-11-30T04:00:00.000Z\n"
		"PAUSED   upstream [2001:db8::1]:25, since 2026-11-30T04:00:00.000Z\n"
		"PAUSED   upstream 2001:db8::1, since 2026-11-30T04:00:00.000Z\n\n"));
}
END_TEST

static unsigned count_lines(size_t most)
{
	struct slice rest = buf_view(&out);
	struct slice line;
	unsigned lines = 0;
	while (slice_cut_to(&rest, '\n', &line)) {
		ck_assert_uint_le(line.len, most);
		lines++;
	}
	return lines;
}

START_TEST(it_fits_its_terminal)
{
	for (unsigned i = 0; i < 100; i++) {
		add_upstream((struct status_upstream){.tenant = SLICE_LIT("t"), .busy = 1});
	}
	for (unsigned i = 0; i < 10; i++) {
		st->faults[i].fault = SLICE_LIT("busy");
	}
	st->fault_count = 10;
	for (unsigned rows = 1; rows < 60; rows++) {
		buf_clear(&out);
		show(&(struct status_view){.columns = 40, .rows = rows});
		ck_assert_uint_le(count_lines(40), rows);
		ck_assert(rows < 16 || (has("LAST FAULTS") && has("\nbusy") && has(" more\n")));
	}
}
END_TEST

START_TEST(foreign_text_moves_no_cursor)
{
	add_upstream((struct status_upstream){.name = SLICE_LIT("a\033[2Jb\n\xC3\xA4"), .busy = 1});
	st->version = SLICE_LIT("1\r\n2");
	show(&(struct status_view){.bold = false});
	ck_assert_uint_eq(slice_find_byte(buf_view(&out), '\033'), out.len);
	ck_assert(has("a?[2Jb???"));
	ck_assert(has("pagepost 1??2 "));
}
END_TEST

START_TEST(heads_are_bold_on_request)
{
	show(&(struct status_view){.bold = true});
	ck_assert(slice_starts(buf_view(&out), SLICE_LIT("\033[1mpagepost")));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("command/status_show");
	TCase *t = tcase_create("status_show");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_quiet_gateway);
	tcase_add_test(t, what_asks_for_an_eye_comes_first);
	tcase_add_test(t, rates_are_of_what_came_between);
	tcase_add_test(t, alarms_are_loud);
	tcase_add_test(t, pauses_are_told);
	tcase_add_test(t, it_fits_its_terminal);
	tcase_add_test(t, foreign_text_moves_no_cursor);
	tcase_add_test(t, heads_are_bold_on_request);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
