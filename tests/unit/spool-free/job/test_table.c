#include "spool-free/job/table.h"

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

enum { ENTRIES = 4, RETAINED_MS = 1000, ANSWER_ROOM = 1000, BYTES = 100 };

static struct job_table *table;
static struct buf answer;
static struct job_view view;
static bool repeated;

static void setup(void)
{
	const struct job_table_params params = {
		.entries = ENTRIES, .bytes = BYTES, .retained_ms = RETAINED_MS};
	ck_assert_int_eq(job_table_new(&params, &table), FAULT_NONE);
	buf_init(&answer, ANSWER_ROOM);
}

static void teardown(void)
{
	buf_deinit(&answer);
	job_table_free(&table);
}

static struct job_ticket ticket(unsigned char number)
{
	struct job_ticket t = {.tenant = SLICE_LIT("acme")};
	t.id.bytes[8] = number;
	return t;
}

static struct job_ticket keyed(unsigned char number, unsigned char key, unsigned char body)
{
	struct job_ticket t = ticket(number);
	t.has_key = true;
	t.key_hash[0] = key;
	t.body_hash[0] = body;
	return t;
}

static enum fault enter(struct job_ticket t, uint64_t now)
{
	buf_clear(&answer);
	return job_table_enter(table, &t, (struct instant){now}, &repeated, &view, &answer);
}

static enum fault find(unsigned char number, const char *tenant)
{
	struct job_ticket t = ticket(number);
	buf_clear(&answer);
	return job_table_find(table, &t.id, slice_of_text(tenant), &view, &answer);
}

static void end(unsigned char number, uint64_t now)
{
	struct job_ticket t = ticket(number);
	job_table_end(table, &t.id, JOB_STATE_DONE, 200, SLICE_LIT("{}"), (struct instant){now});
}

START_TEST(test_a_job_that_waits_says_until_when)
{
	ck_assert_int_eq(enter(ticket(1), 0), FAULT_NONE);
	ck_assert_int_eq(find(1, "acme"), FAULT_NONE);
	ck_assert_int_eq(view.eta.ms, 0);
	job_table_set_waiting(table, &view.id, (struct civil){.ms = 77});
	ck_assert_int_eq(find(1, "acme"), FAULT_NONE);
	ck_assert_int_eq(view.state, JOB_STATE_WAITING);
	ck_assert_int_eq(view.eta.ms, 77);
	job_table_set_state(table, &view.id, JOB_STATE_SENDING);
	ck_assert_int_eq(find(1, "acme"), FAULT_NONE);
	ck_assert_int_eq(view.state, JOB_STATE_SENDING);
	ck_assert_int_eq(view.eta.ms, 0);
}
END_TEST

START_TEST(test_a_job_is_found_until_it_expires)
{
	ck_assert_int_eq(enter(ticket(1), 0), FAULT_NONE);
	ck_assert(!repeated);
	ck_assert_int_eq(find(1, "acme"), FAULT_NONE);
	ck_assert_int_eq(view.status, 0);
	ck_assert_uint_eq(answer.len, 0);
	job_table_set_state(table, &view.id, JOB_STATE_SENDING);
	ck_assert_int_eq(find(1, "acme"), FAULT_NONE);
	ck_assert_int_eq(view.state, JOB_STATE_SENDING);
	end(1, 10);
	ck_assert_int_eq(find(1, "acme"), FAULT_NONE);
	ck_assert_int_eq(view.status, 200);
	ck_assert(slice_eq(buf_view(&answer), SLICE_LIT("{}")));
	job_table_expire(table, (struct instant){10 + RETAINED_MS - 1});
	ck_assert_int_eq(find(1, "acme"), FAULT_NONE);
	job_table_expire(table, (struct instant){10 + RETAINED_MS});
	ck_assert_int_eq(find(1, "acme"), FAULT_NOT_FOUND);
}
END_TEST

START_TEST(test_an_answer_is_forgotten)
{
	ck_assert_int_eq(enter(keyed(1, 7, 9), 0), FAULT_NONE);
	ck_assert_int_eq(enter(ticket(2), 0), FAULT_NONE);
	const struct uuid one = ticket(1).id;
	ck_assert_int_eq(job_table_forget(table, &one), FAULT_NOT_FOUND); /* it is under way */
	end(1, 10);
	end(2, 10);
	ck_assert_int_eq(job_table_forget(table, &one), FAULT_NONE);
	ck_assert_int_eq(job_table_forget(table, &one), FAULT_NOT_FOUND);
	ck_assert_int_eq(find(1, "acme"), FAULT_NOT_FOUND);
	ck_assert_int_eq(find(2, "acme"), FAULT_NONE);
	ck_assert_int_eq(enter(keyed(3, 7, 9), 11), FAULT_NONE);
	ck_assert(!repeated);
}
END_TEST

START_TEST(test_another_tenant_learns_nothing)
{
	ck_assert_int_eq(enter(ticket(1), 0), FAULT_NONE);
	ck_assert_int_eq(find(1, "other"), FAULT_NOT_FOUND);
	ck_assert_int_eq(find(2, "other"), FAULT_NOT_FOUND);
	ck_assert_int_eq(find(1, ""), FAULT_NOT_FOUND);
}
END_TEST

START_TEST(test_repeated_key)
{
	ck_assert_int_eq(enter(keyed(1, 7, 9), 0), FAULT_NONE);
	ck_assert_int_eq(enter(keyed(2, 7, 9), 0), FAULT_NONE);
	ck_assert(repeated && view.id.bytes[8] == 1 && view.status == 0);
	ck_assert_int_eq(enter(keyed(3, 7, 8), 0), FAULT_CONFLICT);
	ck_assert_int_eq(enter(keyed(4, 6, 9), 0), FAULT_NONE);
	ck_assert(!repeated);
	end(1, 5);
	ck_assert_int_eq(enter(keyed(5, 7, 9), 6), FAULT_NONE);
	ck_assert(repeated && view.status == 200);
	ck_assert(slice_eq(buf_view(&answer), SLICE_LIT("{}")));
	ck_assert_int_eq(enter(keyed(6, 7, 8), 5 + RETAINED_MS), FAULT_NONE);
	ck_assert(!repeated);
}
END_TEST

START_TEST(test_a_key_to_be_tried_anew)
{
	struct job_ticket t = keyed(1, 7, 8);
	ck_assert_int_eq(enter(t, 0), FAULT_NONE);
	job_table_end(table, &t.id, JOB_STATE_FAULT, 502, SLICE_LIT("{}"), (struct instant){1});
	ck_assert_int_eq(enter(keyed(2, 7, 9), 2), FAULT_NONE);
	ck_assert(!repeated);
	ck_assert_int_eq(find(1, "acme"), FAULT_NONE);
	ck_assert_int_eq(view.status, 502);
	ck_assert_int_eq(enter(keyed(3, 7, 9), 3), FAULT_NONE);
	ck_assert(repeated && view.id.bytes[8] == 2);
}
END_TEST

START_TEST(test_full)
{
	for (unsigned char i = 1; i <= ENTRIES; i++) {
		ck_assert_int_eq(enter(ticket(i), 0), FAULT_NONE);
	}
	ck_assert_uint_eq(job_table_in_flight(table), ENTRIES);
	ck_assert_int_eq(enter(ticket(99), 0), FAULT_BUSY);
	end(3, 1);
	end(2, 2);
	ck_assert_uint_eq(job_table_in_flight(table), ENTRIES - 2);
	ck_assert_int_eq(enter(ticket(99), 3), FAULT_NONE);
	ck_assert_int_eq(find(3, "acme"), FAULT_NOT_FOUND); /* ended first, so it made room */
	ck_assert_int_eq(find(2, "acme"), FAULT_NONE);
}
END_TEST

static void end_with(unsigned char number, size_t len)
{
	static const char bytes[ANSWER_ROOM];
	struct job_ticket t = ticket(number);
	ck_assert_int_eq(enter(t, 0), FAULT_NONE);
	job_table_end(table, &t.id, JOB_STATE_DONE, 200, slice_of(bytes, len), (struct instant){0});
}

static const struct {
	const char *name;
	size_t lens[3];
	bool kept[3];
} bounds[] = {
	{"all fit", {40, 40, 20}, {true, true, true}},
	{"one byte too much: the oldest goes", {40, 40, 21}, {false, true, true}},
	{"room of more than one is needed", {40, 40, 99}, {false, false, true}},
	{"the newest is kept in any case", {40, 40, 101}, {false, false, true}},
	{"and the first that makes room", {101, 1, 99}, {false, true, true}},
	{"empty ones need no room", {100, 0, 0}, {true, true, true}},
};

START_TEST(test_bytes_are_bounded)
{
	for (unsigned char i = 0; i < 3; i++) {
		end_with(i + 1, bounds[_i].lens[i]);
	}
	for (unsigned char i = 0; i < 3; i++) {
		ck_assert_msg(find(i + 1, "acme") ==
				      (bounds[_i].kept[i] ? FAULT_NONE : FAULT_NOT_FOUND),
			      "%s: %d", bounds[_i].name, i);
	}
	/* What was dropped counts no more. */
	job_table_expire(table, (struct instant){RETAINED_MS});
	end_with(4, BYTES);
	end_with(5, 0);
	ck_assert_int_eq(find(4, "acme"), FAULT_NONE);
}
END_TEST

START_TEST(test_ended_twice)
{
	ck_assert_int_eq(enter(ticket(1), 0), FAULT_NONE);
	end(1, 1);
	end(1, 2);
	end(50, 3);
	ck_assert_uint_eq(job_table_in_flight(table), 0);
}
END_TEST

START_TEST(test_failing_allocations)
{
	for (unsigned n = 1;; n++) {
		oom_arm(n);
		enum fault f = enter(keyed(1, 1, 1), 0);
		bool more = oom_disarm();
		ck_assert(f == (more ? FAULT_NO_MEMORY : FAULT_NONE));
		if (!more) {
			break;
		}
		ck_assert_uint_eq(job_table_in_flight(table), 0);
	}
	oom_arm(1);
	end(1, 1);
	ck_assert(oom_disarm());
	ck_assert_uint_eq(job_table_in_flight(table), 0);
	ck_assert_int_eq(find(1, "acme"), FAULT_NOT_FOUND);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("table");
	TCase *c = tcase_create("jobs");
	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, test_a_job_is_found_until_it_expires);
	tcase_add_test(c, test_a_job_that_waits_says_until_when);
	tcase_add_test(c, test_an_answer_is_forgotten);
	tcase_add_test(c, test_another_tenant_learns_nothing);
	tcase_add_test(c, test_repeated_key);
	tcase_add_test(c, test_a_key_to_be_tried_anew);
	tcase_add_test(c, test_full);
	tcase_add_loop_test(c, test_bytes_are_bounded, 0, COUNT_OF(bounds));
	tcase_add_test(c, test_ended_twice);
	tcase_add_test(c, test_failing_allocations);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return check_main(suite());
}
