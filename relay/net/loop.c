#include "relay/net/loop.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/event_struct.h>

#include "spool-free/base/stack.h"

struct loop {
	struct event_base *base;
	struct event wake; /* the eventfd: posts of other threads */
	struct event soon; /* a timer of no length: posts of the loop's own thread */
	int wake_fd;
	pthread_mutex_t lock; /* guards the four fields below */
	struct loop_task *first;
	struct loop_task **end;
	bool signalled; /* the eventfd is, or is about to be, written and was not read yet */
	bool stop;
	bool running;
	pthread_t thread;
	bool in_round;
	bool wipes; /* the stack, once this round is over */
	struct instant round;
};

struct loop_watch {
	struct loop *loop;
	struct event read;
	struct event write;
	bool reads, writes;
	loop_watch_fn *fn;
	void *owner;
};

struct loop_timer {
	struct loop *loop;
	struct event event;
	struct instant due;
	loop_fn *fn;
	void *owner;
};

struct loop_signal {
	struct loop *loop;
	struct event event;
	loop_fn *fn;
	void *owner;
};

/* Every callback passes here first: the round's moment is read once, and only in rounds that need it. */
static void enter_round(struct loop *l)
{
	if (!l->in_round) {
		l->round = instant_now();
		l->in_round = true;
	}
}

struct instant loop_now(const struct loop *l)
{
	return l->in_round ? l->round : instant_now();
}

static struct loop_task *take_posted(struct loop *l)
{
	uint64_t count;
	pthread_mutex_lock(&l->lock);
	struct loop_task *tasks = l->first;
	l->first = NULL;
	l->end = &l->first;
	if (l->signalled && read(l->wake_fd, &count, sizeof(count)) == (ssize_t)sizeof(count)) {
		l->signalled = false;
	}
	pthread_mutex_unlock(&l->lock);
	return tasks;
}

static void on_posted(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	struct loop *l = ctx;
	enter_round(l);
	struct loop_task *task = take_posted(l);
	while (task != NULL) {
		/* The task is its owner's again as soon as it runs: it may be posted anew or freed. */
		struct loop_task *next = task->next;
		task->fn(task->owner);
		task = next;
	}
}

/* With the lock held: whether the eventfd is to be written by wake(). */
static bool needs_wake(struct loop *l)
{
	bool needed = !l->signalled;
	l->signalled = true;
	return needed;
}

/* Without the lock: the loop would wake up only to wait for it. */
static void wake(struct loop *l)
{
	const uint64_t one = 1;
	ssize_t n = write(l->wake_fd, &one, sizeof(one));
	assert(n == (ssize_t)sizeof(one));
}

void loop_post(struct loop *l, struct loop_task *task)
{
	static const struct timeval at_once = {0, 0};
	task->next = NULL;
	pthread_mutex_lock(&l->lock);
	*l->end = task;
	l->end = &task->next;
	bool own_thread = l->running && pthread_equal(l->thread, pthread_self());
	bool asleep = !own_thread && needs_wake(l);
	pthread_mutex_unlock(&l->lock);
	if (asleep) {
		wake(l);
	}
	if (own_thread) {
		/* A timer, not an activation: descriptors get their turn between two generations of posts. */
		event_add(&l->soon, &at_once);
	}
}

void loop_stop(struct loop *l)
{
	pthread_mutex_lock(&l->lock);
	l->stop = true;
	bool asleep = needs_wake(l);
	pthread_mutex_unlock(&l->lock);
	if (asleep) {
		wake(l);
	}
}

static bool take_stop(struct loop *l)
{
	pthread_mutex_lock(&l->lock);
	bool stop = l->stop;
	l->stop = false;
	pthread_mutex_unlock(&l->lock);
	return stop;
}

static void set_running(struct loop *l, bool running)
{
	pthread_mutex_lock(&l->lock);
	l->running = running;
	l->thread = pthread_self();
	pthread_mutex_unlock(&l->lock);
}

void loop_run(struct loop *l)
{
	set_running(l, true);
	while (!take_stop(l)) {
		l->in_round = false;
		event_base_loop(l->base, EVLOOP_ONCE);
		if (l->wipes) {
			l->wipes = false;
			stack_wipe();
		}
	}
	l->in_round = false;
	set_running(l, false);
}

void loop_wipe_stack(struct loop *l)
{
	assert(!l->running || pthread_equal(l->thread, pthread_self()));
	l->wipes = true;
}

static struct event_base *new_base(void)
{
	struct event_config *config = event_config_new();
	if (config == NULL) {
		return NULL;
	}
	event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
	event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV);
	struct event_base *base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

enum fault loop_new(struct loop **out_loop)
{
	/* A peer that is gone shows as EPIPE where we write; OpenSSL writes without MSG_NOSIGNAL. */
	signal(SIGPIPE, SIG_IGN);
	CLEANUP(loop_free) struct loop *l = calloc(1, sizeof(*l));
	if (l == NULL) {
		return FAULT_NO_MEMORY;
	}
	l->end = &l->first;
	pthread_mutex_init(&l->lock, NULL);
	l->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (l->wake_fd < 0) {
		return FAULT_SYSTEM;
	}
	l->base = new_base();
	if (l->base == NULL) {
		return FAULT_NO_MEMORY;
	}
	event_assign(&l->wake, l->base, l->wake_fd, EV_READ | EV_PERSIST, on_posted, l);
	event_assign(&l->soon, l->base, -1, 0, on_posted, l);
	if (event_add(&l->wake, NULL) != 0) {
		return FAULT_NO_MEMORY;
	}
	*out_loop = STEAL(l);
	return FAULT_NONE;
}

void loop_free(struct loop **l)
{
	struct loop *gone = *l;
	if (gone == NULL) {
		return;
	}
	*l = NULL;
	if (gone->base != NULL) {
		event_del(&gone->wake);
		event_del(&gone->soon);
		event_base_free(gone->base);
	}
	if (gone->wake_fd >= 0) {
		close(gone->wake_fd);
	}
	pthread_mutex_destroy(&gone->lock);
	free(gone);
}

static void on_watch(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	struct loop_watch *w = ctx;
	enter_round(w->loop);
	w->fn(w->owner, (what & EV_READ) != 0, (what & EV_WRITE) != 0);
}

enum fault loop_watch_new(struct loop *l, int fd, loop_watch_fn *fn, void *owner,
			  struct loop_watch **out_watch)
{
	struct loop_watch *w = calloc(1, sizeof(*w));
	if (w == NULL) {
		return FAULT_NO_MEMORY;
	}
	*w = (struct loop_watch){.loop = l, .fn = fn, .owner = owner};
	event_assign(&w->read, l->base, fd, EV_READ | EV_PERSIST, on_watch, w);
	event_assign(&w->write, l->base, fd, EV_WRITE | EV_PERSIST, on_watch, w);
	*out_watch = w;
	return FAULT_NONE;
}

static void watch_one(struct event *e, bool on, bool *is_on)
{
	if (on != *is_on) {
		int failed = on ? event_add(e, NULL) : event_del(e);
		*is_on = failed == 0 ? on : *is_on;
	}
}

void loop_watch_set(struct loop_watch *w, bool read, bool write)
{
	watch_one(&w->read, read, &w->reads);
	watch_one(&w->write, write, &w->writes);
}

void loop_watch_free(struct loop_watch **w)
{
	if (*w != NULL) {
		event_del(&(*w)->read);
		event_del(&(*w)->write);
		free(*w);
		*w = NULL;
	}
}

static void arm(struct loop_timer *t, uint64_t after_ms)
{
	const struct timeval wait = {
		.tv_sec = (time_t)(after_ms / 1000),
		.tv_usec = (suseconds_t)(after_ms % 1000 * 1000),
	};
	event_add(&t->event, &wait);
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	struct loop_timer *t = ctx;
	enter_round(t->loop);
	/* libevent's clock is a coarse one and may be some milliseconds early; a deadline never is. */
	if (!instant_is_past(t->due, t->loop->round)) {
		arm(t, instant_left_ms(t->due, t->loop->round) + 1);
		return;
	}
	t->fn(t->owner);
}

enum fault loop_timer_new(struct loop *l, loop_fn *fn, void *owner, struct loop_timer **out_timer)
{
	struct loop_timer *t = calloc(1, sizeof(*t));
	if (t == NULL) {
		return FAULT_NO_MEMORY;
	}
	*t = (struct loop_timer){.loop = l, .fn = fn, .owner = owner};
	event_assign(&t->event, l->base, -1, 0, on_timer, t);
	*out_timer = t;
	return FAULT_NONE;
}

void loop_timer_set(struct loop_timer *t, uint64_t after_ms)
{
	enum { A_YEAR_OF_MS = 31536000 }; /* times 1,000: longer waits are not meant */
	const uint64_t longest = (uint64_t)A_YEAR_OF_MS * 1000;
	after_ms = after_ms < longest ? after_ms : longest;
	t->due = instant_after(loop_now(t->loop), after_ms);
	arm(t, after_ms);
}

void loop_timer_cancel(struct loop_timer *t)
{
	event_del(&t->event);
}

void loop_timer_free(struct loop_timer **t)
{
	if (*t != NULL) {
		event_del(&(*t)->event);
		free(*t);
		*t = NULL;
	}
}

static void on_signal(evutil_socket_t number, short what, void *ctx)
{
	(void)number;
	(void)what;
	struct loop_signal *s = ctx;
	enter_round(s->loop);
	s->fn(s->owner);
}

enum fault loop_signal_new(struct loop *l, int number, loop_fn *fn, void *owner,
			   struct loop_signal **out_signal)
{
	struct loop_signal *s = calloc(1, sizeof(*s));
	if (s == NULL) {
		return FAULT_NO_MEMORY;
	}
	*s = (struct loop_signal){.loop = l, .fn = fn, .owner = owner};
	event_assign(&s->event, l->base, number, EV_SIGNAL | EV_PERSIST, on_signal, s);
	if (event_add(&s->event, NULL) != 0) {
		free(s);
		return FAULT_SYSTEM;
	}
	*out_signal = s;
	return FAULT_NONE;
}

void loop_signal_free(struct loop_signal **s)
{
	if (*s != NULL) {
		event_del(&(*s)->event);
		free(*s);
		*s = NULL;
	}
}
