#include "relay/gateway/pulse.h"

#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/check_main.h"

enum { LANES = 2, EVERY_MS = 20, ROUNDS = 10, PATIENCE_MS = 10 };

static struct gateway gateway;
static struct lane lanes[LANES];
static struct pulse *pulse;
static struct loop_timer *end;
static int manager;

/* A service manager's end of NOTIFY_SOCKET, under a name that no file has (unix(7): abstract). */
static void open_manager(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	char name[sizeof(at.sun_path)];
	int n = snprintf(name, sizeof(name), "@pagepost-pulse-%d", (int)getpid());
	memcpy(at.sun_path, name, (size_t)n);
	at.sun_path[0] = '\0';
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ck_assert_int_ge(manager, 0);
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n);
	ck_assert_int_eq(bind(manager, (struct sockaddr *)&at, len), 0);
	ck_assert_int_eq(setenv("NOTIFY_SOCKET", name, 1), 0);
}

/* How often the manager was told so since the last time. */
static unsigned heard(struct slice notice)
{
	char got[256];
	unsigned count = 0;
	for (ssize_t n = recv(manager, got, sizeof(got), 0); n > 0;
	     n = recv(manager, got, sizeof(got), 0)) {
		count += slice_eq(slice_of(got, (size_t)n), notice);
	}
	return count;
}

static void stop_loop(void *loop)
{
	loop_stop(loop);
}

static void setup(void)
{
	open_manager();
	gateway = (struct gateway){.lanes = lanes, .lane_count = LANES};
	for (unsigned i = 0; i < LANES; i++) {
		ck_assert_int_eq(loop_new(&lanes[i].loop), FAULT_NONE);
	}
	/* Nobody listens there: the keeper is down. */
	ck_assert_int_eq(
		keepers_new(SLICE_LIT("/nonexistent/keeper"), 1, PATIENCE_MS, &gateway.keepers),
		FAULT_NONE);
	ck_assert_int_eq(workers_new(1, &gateway.workers), FAULT_NONE);
	ck_assert_int_eq(loop_timer_new(lanes[0].loop, stop_loop, lanes[0].loop, &end), FAULT_NONE);
}

static void teardown(void)
{
	loop_timer_free(&end);
	workers_free(&gateway.workers);
	pulse_free(&pulse);
	pulse_free(&pulse);
	keepers_free(&gateway.keepers);
	for (unsigned i = 0; i < LANES; i++) {
		loop_free(&lanes[i].loop);
	}
	close(manager);
}

static void run_for_a_while(struct loop *loop)
{
	loop_timer_set(end, (uint64_t)ROUNDS * EVERY_MS);
	loop_run(loop);
}

static void *run_lane(void *loop)
{
	loop_run(loop);
	return NULL;
}

START_TEST(a_lane_that_stands_still_stops_it)
{
	pthread_t thread;
	ck_assert_int_eq(pulse_new(&gateway, EVERY_MS, &pulse), FAULT_NONE);
	run_for_a_while(lanes[0].loop);
	ck_assert_uint_eq(heard(SLICE_LIT("WATCHDOG=1")), 1); /* the start's */
	ck_assert_int_eq(pthread_create(&thread, NULL, run_lane, lanes[1].loop), 0);
	for (unsigned tries = 0, all = 0; all < 3; tries++) {
		ck_assert_uint_lt(tries, 100);
		run_for_a_while(lanes[0].loop);
		all += heard(SLICE_LIT("WATCHDOG=1"));
	}
	loop_stop(lanes[1].loop);
	pthread_join(thread, NULL);
}
END_TEST

static atomic_bool begun;

static void hold(void *owner)
{
	atomic_store(&begun, true);
	pthread_mutex_lock(owner);
	pthread_mutex_unlock(owner);
}

static void nothing(void *owner UNUSED)
{
}

START_TEST(so_does_a_worker_that_is_stuck)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	struct worker_task stuck = {
		.run = hold, .done = nothing, .owner = &lock, .home = lanes[0].loop};
	gateway.lane_count = 1;
	pthread_mutex_lock(&lock);
	workers_submit(gateway.workers, &stuck);
	while (!atomic_load(&begun)) {
		sched_yield();
	}
	ck_assert_int_eq(pulse_new(&gateway, EVERY_MS, &pulse), FAULT_NONE);
	run_for_a_while(lanes[0].loop);
	ck_assert_uint_eq(heard(SLICE_LIT("WATCHDOG=1")), 1);
	pthread_mutex_unlock(&lock);
	for (unsigned tries = 0, all = 0; all < 3; tries++) {
		ck_assert_uint_lt(tries, 100);
		run_for_a_while(lanes[0].loop);
		all += heard(SLICE_LIT("WATCHDOG=1"));
	}
}
END_TEST

START_TEST(a_keeper_that_is_down_is_told_and_ends_nothing)
{
	gateway.lane_count = 1;
	ck_assert_int_eq(pulse_new(&gateway, EVERY_MS, &pulse), FAULT_NONE);
	unsigned told = 0;
	for (unsigned tries = 0; told == 0; tries++) {
		ck_assert_uint_lt(tries, 100);
		run_for_a_while(lanes[0].loop);
		told = heard(
			SLICE_LIT("STATUS=The keeper does not answer; jobs that need it wait."));
	}
	ck_assert_uint_eq(told, 1);
	for (unsigned tries = 0; heard(SLICE_LIT("WATCHDOG=1")) < 2; tries++) {
		ck_assert_uint_lt(tries, 100);
		run_for_a_while(lanes[0].loop);
	}
}
END_TEST

START_TEST(without_a_watchdog_there_is_none)
{
	ck_assert_int_eq(pulse_new(&gateway, 0, &pulse), FAULT_NONE);
	ck_assert_ptr_null(pulse);
	ck_assert_uint_eq(heard(SLICE_LIT("WATCHDOG=1")), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("gateway/pulse");
	TCase *t = tcase_create("pulse");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_lane_that_stands_still_stops_it);
	tcase_add_test(t, so_does_a_worker_that_is_stuck);
	tcase_add_test(t, a_keeper_that_is_down_is_told_and_ends_nothing);
	tcase_add_test(t, without_a_watchdog_there_is_none);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
