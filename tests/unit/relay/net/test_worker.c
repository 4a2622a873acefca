#include "relay/net/worker.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "tests/support/check_main.h"

enum { TASKS = 2000 };

struct item {
	struct worker_task task;
	unsigned number;
	pthread_t ran_on;
	bool ran;
};

static struct loop *loop;
static struct item items[TASKS];
static unsigned ran_in_order; /* written by a single worker */
static unsigned done_count;
static pthread_t loop_thread;

static void setup(void)
{
	ck_assert_int_eq(loop_new(&loop), FAULT_NONE);
	loop_thread = pthread_self();
	done_count = 0;
	ran_in_order = 0;
	memset(items, 0, sizeof(items));
}

static void teardown(void)
{
	loop_free(&loop);
}

static void run(void *owner)
{
	struct item *i = owner;
	i->ran_on = pthread_self();
	i->ran = true;
}

static void run_counting(void *owner)
{
	run(owner);
	struct item *i = owner;
	ck_assert_uint_eq(i->number, ran_in_order);
	ran_in_order++;
}

static void done(void *owner)
{
	struct item *i = owner;
	ck_assert(i->ran);
	ck_assert(pthread_equal(pthread_self(), loop_thread));
	ck_assert(!pthread_equal(i->ran_on, loop_thread));
	if (++done_count == TASKS) {
		loop_stop(loop);
	}
}

static void done_in_order(void *owner)
{
	struct item *i = owner;
	ck_assert_uint_eq(i->number, done_count);
	done(owner);
}

static void submit_all(struct workers *w, void (*run_fn)(void *), void (*done_fn)(void *))
{
	for (unsigned i = 0; i < TASKS; i++) {
		items[i].number = i;
		items[i].task = (struct worker_task){
			.run = run_fn, .done = done_fn, .owner = &items[i], .home = loop};
		workers_submit(w, &items[i].task);
	}
}

START_TEST(test_one_thread_keeps_the_order)
{
	struct workers *w;
	ck_assert_int_eq(workers_new(1, &w), FAULT_NONE);
	submit_all(w, run_counting, done_in_order);
	loop_run(loop);
	ck_assert_uint_eq(done_count, TASKS);
	workers_free(&w);
	ck_assert_ptr_null(w);
}
END_TEST

START_TEST(test_many_threads_do_each_once)
{
	struct workers *w;
	ck_assert_int_eq(workers_new(4, &w), FAULT_NONE);
	submit_all(w, run, done);
	loop_run(loop);
	ck_assert_uint_eq(done_count, TASKS);
	workers_free(&w);
}
END_TEST

START_TEST(test_free_runs_what_is_queued)
{
	struct workers *w;
	ck_assert_int_eq(workers_new(2, &w), FAULT_NONE);
	submit_all(w, run, done);
	workers_free(&w);
	for (unsigned i = 0; i < TASKS; i++) {
		ck_assert(items[i].ran);
	}
	loop_run(loop);
	ck_assert_uint_eq(done_count, TASKS);
}
END_TEST

/* A task may be submitted anew from its own done(). */

static void done_again(void *owner);
static struct workers *again_workers;

static void done_again(void *owner)
{
	struct item *i = owner;
	if (++done_count == 50) {
		loop_stop(loop);
		return;
	}
	workers_submit(again_workers, &i->task);
}

START_TEST(test_again_from_done)
{
	ck_assert_int_eq(workers_new(2, &again_workers), FAULT_NONE);
	items[0].task = (struct worker_task){
		.run = run, .done = done_again, .owner = &items[0], .home = loop};
	workers_submit(again_workers, &items[0].task);
	loop_run(loop);
	ck_assert_uint_eq(done_count, 50);
	workers_free(&again_workers);
}
END_TEST

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool begun;

static void run_held(void *owner)
{
	atomic_store(&begun, true);
	pthread_mutex_lock(&held);
	pthread_mutex_unlock(&held);
	run_counting(owner);
}

/* Behind the one that is at work, before all that wait; also when none waits. */
START_TEST(test_first_comes_first)
{
	struct workers *w;
	ck_assert_int_eq(workers_new(1, &w), FAULT_NONE);
	for (unsigned i = 0; i < 5; i++) {
		items[i].number = i;
		items[i].task = (struct worker_task){.run = i == 0 ? run_held : run_counting,
						     .done = done,
						     .owner = &items[i],
						     .home = loop};
	}
	pthread_mutex_lock(&held);
	workers_submit(w, &items[0].task);
	while (!atomic_load(&begun)) {
		sched_yield();
	}
	workers_submit_first(w, &items[2].task);
	workers_submit(w, &items[3].task);
	workers_submit(w, &items[4].task);
	workers_submit_first(w, &items[1].task);
	pthread_mutex_unlock(&held);
	workers_free(&w);
	ck_assert_uint_eq(ran_in_order, 5);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/net/worker");
	TCase *t = tcase_create("worker");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_one_thread_keeps_the_order);
	tcase_add_test(t, test_many_threads_do_each_once);
	tcase_add_test(t, test_free_runs_what_is_queued);
	tcase_add_test(t, test_again_from_done);
	tcase_add_test(t, test_first_comes_first);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
