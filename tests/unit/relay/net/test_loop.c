#include "relay/net/loop.h"

#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/check_main.h"

static struct loop *loop;

static void setup(void)
{
	ck_assert_int_eq(loop_new(&loop), FAULT_NONE);
}

static void teardown(void)
{
	loop_free(&loop);
}

static void stop(void *owner)
{
	loop_stop(owner);
}

/* A storm of posts from several threads: each arrives, and those of one thread in their order. */

enum { THREADS = 4, POSTS = 5000 };

struct post {
	struct loop_task task;
	unsigned thread, number;
};

static struct post posts[THREADS][POSTS];
static unsigned next_of[THREADS];
static unsigned arrived;

static void on_post(void *owner)
{
	const struct post *p = owner;
	ck_assert_uint_eq(p->number, next_of[p->thread]);
	next_of[p->thread]++;
	if (++arrived == THREADS * POSTS) {
		loop_stop(loop);
	}
}

static void *storm(void *ctx)
{
	struct post *mine = ctx;
	for (unsigned i = 0; i < POSTS; i++) {
		loop_post(loop, &mine[i].task);
	}
	return NULL;
}

START_TEST(test_posts_of_many_threads)
{
	pthread_t threads[THREADS];
	for (unsigned t = 0; t < THREADS; t++) {
		for (unsigned i = 0; i < POSTS; i++) {
			posts[t][i] = (struct post){{on_post, &posts[t][i], NULL}, t, i};
		}
		ck_assert_int_eq(pthread_create(&threads[t], NULL, storm, posts[t]), 0);
	}
	loop_run(loop);
	for (unsigned t = 0; t < THREADS; t++) {
		pthread_join(threads[t], NULL);
		ck_assert_uint_eq(next_of[t], POSTS);
	}
}
END_TEST

/* A task that posts itself for ever does not keep descriptors from their turn. */

struct busy {
	struct loop_task task;
	struct loop_watch *watch;
	unsigned rounds;
};

static void on_busy(void *owner)
{
	struct busy *b = owner;
	b->rounds++;
	loop_post(loop, &b->task);
}

static void on_byte(void *owner, bool readable, bool writable)
{
	struct busy *b = owner;
	ck_assert(readable && !writable);
	loop_watch_free(&b->watch);
	loop_stop(loop);
}

START_TEST(test_posts_starve_nothing)
{
	int pair[2];
	struct busy b = {.task = {on_busy, &b, NULL}};
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	ck_assert_int_eq(loop_watch_new(loop, pair[0], on_byte, &b, &b.watch), FAULT_NONE);
	loop_watch_set(b.watch, true, false);
	loop_post(loop, &b.task);
	ck_assert_int_eq(write(pair[1], "x", 1), 1);
	loop_run(loop);
	ck_assert_ptr_null(b.watch);
	close(pair[0]);
	close(pair[1]);
}
END_TEST

/* Timers: in the order of their times, never early, freed inside their own function, moved, cancelled. */

struct alarm {
	struct loop_timer *timer;
	struct instant due;
	unsigned *order;
	unsigned rang;
};

static void on_alarm(void *owner)
{
	struct alarm *a = owner;
	ck_assert_uint_ge(loop_now(loop).ms, a->due.ms);
	a->rang = ++*a->order;
	loop_timer_free(&a->timer);
}

static void set_alarm(struct alarm *a, uint64_t ms)
{
	a->due = instant_after(loop_now(loop), ms);
	loop_timer_set(a->timer, ms);
}

START_TEST(test_timers)
{
	unsigned order = 0;
	struct alarm alarms[4] = {{0}};
	struct loop_timer *end;
	for (unsigned i = 0; i < COUNT_OF(alarms); i++) {
		alarms[i].order = &order;
		ck_assert_int_eq(loop_timer_new(loop, on_alarm, &alarms[i], &alarms[i].timer),
				 FAULT_NONE);
	}
	ck_assert_int_eq(loop_timer_new(loop, stop, loop, &end), FAULT_NONE);
	set_alarm(&alarms[0], 20);
	set_alarm(&alarms[1], 0);
	set_alarm(&alarms[2], 1);
	set_alarm(&alarms[2], 40); /* moved */
	set_alarm(&alarms[3], 5);
	loop_timer_cancel(alarms[3].timer);
	loop_timer_set(end, 80);
	loop_run(loop);
	ck_assert_uint_eq(alarms[1].rang, 1);
	ck_assert_uint_eq(alarms[0].rang, 2);
	ck_assert_uint_eq(alarms[2].rang, 3);
	ck_assert_uint_eq(alarms[3].rang, 0);
	ck_assert_ptr_null(alarms[0].timer);
	loop_timer_free(&alarms[3].timer);
	loop_timer_free(&end);
}
END_TEST

START_TEST(test_very_long_timer)
{
	struct loop_timer *far, *near;
	ck_assert_int_eq(loop_timer_new(loop, on_alarm, NULL, &far), FAULT_NONE);
	ck_assert_int_eq(loop_timer_new(loop, stop, loop, &near), FAULT_NONE);
	loop_timer_set(far, UINT64_MAX);
	loop_timer_set(near, 1);
	loop_run(loop);
	loop_timer_free(&far);
	loop_timer_free(&near);
}
END_TEST

/* Read and write are told apart, and level-triggered. */

struct ends {
	struct loop_watch *watch;
	unsigned readable, writable;
};

static void on_ends(void *owner, bool readable, bool writable)
{
	struct ends *e = owner;
	e->readable += readable;
	e->writable += writable;
	if (e->writable >= 2 && e->readable == 0) {
		loop_watch_set(e->watch, true, false);
	}
	if (e->readable >= 3) {
		loop_stop(loop);
	}
}

START_TEST(test_watch)
{
	int pair[2];
	struct ends e = {0};
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	ck_assert_int_eq(write(pair[1], "x", 1), 1);
	ck_assert_int_eq(loop_watch_new(loop, pair[0], on_ends, &e, &e.watch), FAULT_NONE);
	loop_watch_set(e.watch, false, true);
	loop_watch_set(e.watch, false, true);
	loop_run(loop);
	ck_assert_uint_eq(e.writable, 2);
	ck_assert_uint_eq(e.readable, 3);
	loop_watch_free(&e.watch);
	close(pair[0]);
	close(pair[1]);
}
END_TEST

/* Signals, freed inside their own function. */

static struct loop_signal *signal_watch;

static void on_usr1(void *owner)
{
	(void)owner;
	loop_signal_free(&signal_watch);
	loop_stop(loop);
}

START_TEST(test_signal)
{
	ck_assert_int_eq(loop_signal_new(loop, SIGUSR1, on_usr1, NULL, &signal_watch), FAULT_NONE);
	kill(getpid(), SIGUSR1);
	loop_run(loop);
	ck_assert_ptr_null(signal_watch);
}
END_TEST

static void *stop_from_afar(void *ctx)
{
	loop_stop(ctx);
	return NULL;
}

START_TEST(test_stop_from_another_thread)
{
	pthread_t other;
	ck_assert_int_eq(pthread_create(&other, NULL, stop_from_afar, loop), 0);
	loop_run(loop);
	pthread_join(other, NULL);
	/* A stop that came before the run ends the next run at once. */
	loop_stop(loop);
	loop_run(loop);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/net/loop");
	TCase *t = tcase_create("loop");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_posts_of_many_threads);
	tcase_add_test(t, test_posts_starve_nothing);
	tcase_add_test(t, test_timers);
	tcase_add_test(t, test_very_long_timer);
	tcase_add_test(t, test_watch);
	tcase_add_test(t, test_signal);
	tcase_add_test(t, test_stop_from_another_thread);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
