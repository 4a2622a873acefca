#include "relay/net/worker.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "spool-free/base/stack.h"

struct workers {
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t some;
	struct worker_task *first;
	struct worker_task **end;
	bool stopping;
	unsigned idle;
	unsigned count;
	pthread_t threads[];
};

static void come_back(void *owner)
{
	struct worker_task *task = owner;
	task->done(task->owner);
}

/* NULL: stopping, and nothing is left. */
static struct worker_task *next_task(struct workers *w)
{
	pthread_mutex_lock(&w->lock);
	while (w->first == NULL && !w->stopping) {
		w->idle++;
		pthread_cond_wait(&w->some, &w->lock);
		w->idle--;
	}
	struct worker_task *task = w->first;
	if (task != NULL) {
		w->first = task->next;
		w->end = w->first != NULL ? w->end : &w->first;
	}
	pthread_mutex_unlock(&w->lock);
	return task;
}

static void *work(void *ctx)
{
	struct worker_task *task;
	while ((task = next_task(ctx)) != NULL) {
		task->run(task->owner);
		task->back = (struct loop_task){.fn = come_back, .owner = task};
		/* Before it is told: whoever looks behind a job's end finds nothing of it here. */
		stack_wipe();
		loop_post(task->home, &task->back);
	}
	return NULL;
}

/* Signals are the first thread's business: the loop that watches them runs there. */
static bool start_threads(struct workers *w, unsigned threads)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (w->count < threads && pthread_create(&w->threads[w->count], NULL, work, w) == 0) {
		w->count++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return w->count == threads;
}

enum fault workers_new(unsigned threads, struct workers **out_workers)
{
	assert(threads > 0);
	size_t size;
	if (__builtin_mul_overflow((size_t)threads, sizeof(pthread_t), &size) ||
	    __builtin_add_overflow(size, sizeof(struct workers), &size)) {
		return FAULT_NO_MEMORY;
	}
	CLEANUP(workers_free) struct workers *w = calloc(1, size);
	if (w == NULL) {
		return FAULT_NO_MEMORY;
	}
	w->end = &w->first;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->some, NULL);
	if (!start_threads(w, threads)) {
		return FAULT_SYSTEM;
	}
	*out_workers = STEAL(w);
	return FAULT_NONE;
}

/* With the lock held; lets go of it. */
static void wake_one(struct workers *w)
{
	bool anyone = w->idle > 0;
	pthread_mutex_unlock(&w->lock);
	if (anyone) { /* whoever is at work looks again before it sleeps */
		pthread_cond_signal(&w->some);
	}
}

void workers_submit(struct workers *w, struct worker_task *task)
{
	assert(task->home != NULL);
	task->next = NULL;
	pthread_mutex_lock(&w->lock);
	*w->end = task;
	w->end = &task->next;
	wake_one(w);
}

void workers_submit_first(struct workers *w, struct worker_task *task)
{
	assert(task->home != NULL);
	pthread_mutex_lock(&w->lock);
	task->next = w->first;
	w->end = w->first != NULL ? w->end : &task->next;
	w->first = task;
	wake_one(w);
}

void workers_free(struct workers **workers)
{
	struct workers *w = *workers;
	if (w == NULL) {
		return;
	}
	*workers = NULL;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_broadcast(&w->some);
	pthread_mutex_unlock(&w->lock);
	for (unsigned i = 0; i < w->count; i++) {
		pthread_join(w->threads[i], NULL);
	}
	pthread_cond_destroy(&w->some);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
