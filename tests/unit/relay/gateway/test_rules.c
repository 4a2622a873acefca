#include "relay/gateway/rules.h"

#include <stdlib.h>

#include "relay/gateway/gateway.h"
#include "tests/support/check_main.h"

enum { LANES = 3, GUARD_MS = 20 * 1000, STOP_MS = 1234 };

static struct gateway gateway;
static struct lane lanes[LANES];
static pthread_t threads[LANES];
static struct loop_timer *guard;
static unsigned freed;
static unsigned taken;

static void count_freed(void *source)
{
	(*(unsigned *)source)++;
}

static struct rules *new_rules(uint64_t stop_ms)
{
	struct rules *r = calloc(1, sizeof(*r));
	ck_assert_ptr_nonnull(r);
	r->stop_ms = stop_ms;
	r->relay.attempts = (unsigned)stop_ms;
	r->source = &freed;
	r->free_source = count_freed;
	return r;
}

static void on_guard(void *loop)
{
	ck_abort_msg("stands still");
	loop_stop(loop);
}

static void setup(void)
{
	freed = taken = 0;
	gateway = (struct gateway){.lanes = lanes, .lane_count = LANES};
	for (unsigned i = 0; i < LANES; i++) {
		lanes[i] = (struct lane){.gateway = &gateway};
		ck_assert_int_eq(loop_new(&lanes[i].loop), FAULT_NONE);
	}
	ck_assert_int_eq(loop_timer_new(lanes[0].loop, on_guard, lanes[0].loop, &guard),
			 FAULT_NONE);
	loop_timer_set(guard, GUARD_MS);
	rules_begin(&gateway, new_rules(1));
}

static void teardown(void)
{
	rules_end(&gateway);
	loop_timer_free(&guard);
	for (unsigned i = 0; i < LANES; i++) {
		loop_free(&lanes[i].loop);
	}
}

static void *run_lane(void *loop)
{
	loop_run(loop);
	return NULL;
}

static void start_others(void)
{
	for (unsigned i = 1; i < LANES; i++) {
		ck_assert_int_eq(pthread_create(&threads[i], NULL, run_lane, lanes[i].loop), 0);
	}
}

static void stop_others(void)
{
	for (unsigned i = 1; i < LANES; i++) {
		loop_stop(lanes[i].loop);
		pthread_join(threads[i], NULL);
	}
}

static void on_taken(void *owner)
{
	ck_assert_ptr_eq(owner, &taken);
	taken++;
	loop_stop(lanes[0].loop);
}

START_TEST(every_lane_takes_it)
{
	start_others();
	rules_turn(&gateway, new_rules(STOP_MS), on_taken, &taken);
	loop_run(lanes[0].loop);
	stop_others();
	ck_assert_uint_eq(taken, 1);
	for (unsigned i = 0; i < LANES; i++) {
		ck_assert_ptr_eq(lanes[i].rules, gateway.rulebook.current);
		ck_assert_uint_eq(lanes[i].stop_ms, STOP_MS);
		ck_assert_uint_eq(lanes[i].relay_params.attempts, STOP_MS);
	}
	ck_assert_uint_eq(freed, 1); /* nobody was inside the first one */
}
END_TEST

START_TEST(the_old_one_stays_for_who_is_inside)
{
	struct rules *first = gateway.rulebook.current;
	rules_enter(first);
	rules_enter(first);
	start_others();
	rules_turn(&gateway, new_rules(2), on_taken, &taken);
	loop_run(lanes[0].loop);
	rules_turn(&gateway, new_rules(3), on_taken, &taken);
	loop_run(lanes[0].loop);
	ck_assert_uint_eq(freed, 1); /* the second one, whom nobody entered */
	ck_assert_uint_eq(first->stop_ms, 1);
	rules_leave(first);
	rules_prune(&gateway);
	ck_assert_uint_eq(freed, 1);
	rules_leave(first);
	rules_prune(&gateway);
	ck_assert_uint_eq(freed, 2);
	stop_others();
}
END_TEST

/* A lane that has not taken the new one yet may let somebody into the old one at any moment. */
START_TEST(nothing_goes_before_every_lane_has_left_it)
{
	rules_turn(&gateway, new_rules(STOP_MS), on_taken, &taken);
	rules_prune(&gateway);
	ck_assert_uint_eq(freed, 0);
	ck_assert_uint_eq(lanes[1].rules->stop_ms, 1);
	start_others();
	loop_run(lanes[0].loop);
	ck_assert_uint_eq(freed, 1);
	stop_others();
}
END_TEST

START_TEST(all_go_at_the_end)
{
	rules_turn(&gateway, new_rules(STOP_MS), on_taken, &taken); /* no loop takes it any more */
	rules_end(&gateway);
	ck_assert_uint_eq(freed, 2);
	ck_assert_ptr_null(gateway.rulebook.current);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("gateway/rules");
	TCase *t = tcase_create("rules");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, every_lane_takes_it);
	tcase_add_test(t, the_old_one_stays_for_who_is_inside);
	tcase_add_test(t, nothing_goes_before_every_lane_has_left_it);
	tcase_add_test(t, all_go_at_the_end);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
