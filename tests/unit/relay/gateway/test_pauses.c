#include "relay/gateway/pauses.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "spool-free/base/event.h"
#include "relay/smtp/smtp.h"
#include "tests/support/check_main.h"

enum { LOG_ROOM = 8192 };

static struct pauses *pauses;
static struct problem problem;
static uint64_t retry_ms;

static const struct instant start = {.ms = 5000000};

static struct instant later(uint64_t ms)
{
	return instant_after(start, ms);
}

static void setup(void)
{
	ck_assert_int_eq(pauses_new(&pauses), FAULT_NONE);
}

static void teardown(void)
{
	pauses_free(&pauses);
	pauses_free(&pauses);
}

static struct pause_target target_of(const char *what, const char *name)
{
	struct pause_target t = {.what = PAUSE_ALL};
	if (*what == 't') {
		ck_assert_int_eq(pause_tenant(slice_of_text(name), &t, &problem), FAULT_NONE);
	} else if (*what == 'u') {
		ck_assert_int_eq(pause_upstream(slice_of_text(name), &t, &problem), FAULT_NONE);
	}
	return t;
}

static struct pause pause_of(const char *what, const char *name, uint64_t for_ms)
{
	struct pause p = {.target = target_of(what, name), .since = {.ms = 1}};
	if (for_ms > 0) {
		p.until.ms = 1 + (int64_t)for_ms;
		p.ends = later(for_ms);
	}
	return p;
}

static void set(const char *what, const char *name, uint64_t for_ms)
{
	const struct pause p = pause_of(what, name, for_ms);
	ck_assert_int_eq(pauses_set(pauses, &p, start, &problem), FAULT_NONE);
}

static bool is_paused(const char *tenant, const char *host, struct instant now)
{
	const struct pauses_question q = {.tenant = slice_of_text(tenant),
					  .host = slice_of_text(host),
					  .port = 587,
					  .now = now};
	return pauses_ask(pauses, &q, &problem, &retry_ms) == FAULT_PAUSED;
}

START_TEST(nothing_is_paused_at_first)
{
	struct pause list[PAUSES_MAX];
	ck_assert(!is_paused("acme", "smtp.example.com", start));
	ck_assert_uint_eq(pauses_list(pauses, start, list), 0);
}
END_TEST

START_TEST(each_kind_for_itself)
{
	set("tenant", "acme", 0);
	set("upstream", "smtp.example.com:587", 0);
	ck_assert(is_paused("acme", "", start));
	ck_assert(is_paused("acme", "other.example", start));
	ck_assert(!is_paused("other", "", start));
	ck_assert(is_paused("other", "smtp.example.com", start));
	ck_assert(!is_paused("other", "other.example", start));
	set("all", "", 0);
	ck_assert(is_paused("other", "other.example", start));
	const struct pause_target all = target_of("all", "");
	ck_assert(pauses_lift(pauses, &all, start));
	ck_assert(!pauses_lift(pauses, &all, start));
	ck_assert(!is_paused("other", "other.example", start));
	ck_assert(is_paused("acme", "other.example", start));
}
END_TEST

START_TEST(a_pause_ends_by_itself)
{
	struct pause list[PAUSES_MAX];
	set("all", "", 60000);
	ck_assert(is_paused("acme", "", later(59999)));
	ck_assert_uint_eq(pauses_list(pauses, later(59999), list), 1);
	ck_assert(!is_paused("acme", "", later(60000)));
	ck_assert_uint_eq(pauses_list(pauses, later(60000), list), 0);
	set("all", "", 60000);
	pauses_expire(pauses, later(60000));
	ck_assert_uint_eq(pauses_list(pauses, start, list), 0);
}
END_TEST

START_TEST(one_of_the_same_target_is_replaced)
{
	struct pause list[PAUSES_MAX];
	set("tenant", "acme", 1000);
	struct pause p = pause_of("tenant", "acme", 0);
	p.since.ms = 77;
	ck_assert_int_eq(pause_take_reason(&p, SLICE_LIT("again"), &problem), FAULT_NONE);
	ck_assert_int_eq(pauses_set(pauses, &p, start, &problem), FAULT_NONE);
	ck_assert_uint_eq(pauses_list(pauses, later(2000), list), 1);
	ck_assert_int_eq(list[0].since.ms, 1);
	ck_assert_int_eq(list[0].until.ms, 0);
	ck_assert(slice_eq(pause_reason(&list[0]), SLICE_LIT("again")));
	/* Another port is another target. */
	set("upstream", "smtp.example.com:25", 0);
	set("upstream", "smtp.example.com", 0);
	ck_assert_uint_eq(pauses_list(pauses, start, list), 3);
}
END_TEST

START_TEST(a_full_table_says_so)
{
	char name[16];
	for (unsigned i = 0; i < PAUSES_MAX; i++) {
		snprintf(name, sizeof(name), "t%u", i);
		set("tenant", name, i == 3 ? 1000 : 0);
	}
	const struct pause more = pause_of("all", "", 0);
	problem.len = 0;
	ck_assert_int_eq(pauses_set(pauses, &more, start, &problem), FAULT_BUSY);
	ck_assert_uint_gt(problem.len, 0);
	ck_assert(!is_paused("acme", "", start));
	set("tenant", "t5", 0); /* replaced */
	/* One whose time is up makes room. */
	ck_assert_int_eq(pauses_set(pauses, &more, later(1000), &problem), FAULT_NONE);
	ck_assert(is_paused("acme", "", later(1000)));
}
END_TEST

START_TEST(a_mail_is_asked_for_by_its_upstream)
{
	const struct smtp_upstream u = {
		.tenant = SLICE_LIT("acme"), .host = SLICE_LIT("smtp.example.com"), .port = 587};
	ck_assert_int_eq(pauses_hold(pauses, &u, false, &problem, &retry_ms), FAULT_NONE);
	set("upstream", "smtp.example.com", 0);
	ck_assert_int_eq(pauses_hold(pauses, &u, false, &problem, &retry_ms), FAULT_PAUSED);
	ck_assert_uint_eq(retry_ms, PAUSE_RETRY_MS);
}
END_TEST

static void read_log(int fd, char room[LOG_ROOM])
{
	ssize_t n = read(fd, room, LOG_ROOM - 1);
	ck_assert_int_gt(n, 0);
	room[n] = '\0';
}

START_TEST(the_log_says_what_and_no_host)
{
	int ends[2];
	char log[LOG_ROOM];
	ck_assert_int_eq(pipe(ends), 0);
	event_start(ends[1], (struct slice){0});
	struct pause p = pause_of("tenant", "acme", 90000);
	ck_assert_int_eq(pause_take_reason(&p, SLICE_LIT("abuse"), &problem), FAULT_NONE);
	ck_assert_int_eq(pauses_set(pauses, &p, start, &problem), FAULT_NONE);
	read_log(ends[0], log);
	ck_assert_ptr_nonnull(
		strstr(log, "pause.set what=tenant tenant=acme reason=abuse seconds=90\n"));
	pauses_expire(pauses, later(90000));
	read_log(ends[0], log);
	ck_assert_ptr_nonnull(
		strstr(log, "pause.lifted what=tenant by=time tenant=acme reason=abuse\n"));
	set("upstream", "smtp.example.com", 0);
	const struct pause_target t = target_of("upstream", "smtp.example.com");
	ck_assert(pauses_lift(pauses, &t, start));
	read_log(ends[0], log);
	ck_assert_ptr_nonnull(strstr(log, "pause.set what=upstream\n"));
	ck_assert_ptr_nonnull(strstr(log, "what=upstream by=operator\n"));
	ck_assert_ptr_null(strstr(log, "example"));
	event_start(-1, (struct slice){0});
	close(ends[0]);
	close(ends[1]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("pauses");
	TCase *t = tcase_create("pauses");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, nothing_is_paused_at_first);
	tcase_add_test(t, each_kind_for_itself);
	tcase_add_test(t, a_pause_ends_by_itself);
	tcase_add_test(t, one_of_the_same_target_is_replaced);
	tcase_add_test(t, a_full_table_says_so);
	tcase_add_test(t, a_mail_is_asked_for_by_its_upstream);
	tcase_add_test(t, the_log_says_what_and_no_host);
	suite_add_tcase(s, t);
	return check_main(s);
}
