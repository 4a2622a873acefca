/*
 * NAME     worker - a few threads for what must not hold up a loop: rendering, name look-ups, the keeper, scrypt
 * RULE     run() on a worker; then done() on the home loop. The task stays its owner's, and must live until done()
 * WIPES    the thread's stack behind each task
 * LIMIT    the queue has no length of its own: jobs in flight bound it
 */
#ifndef RELAY_NET_WORKER_H
#define RELAY_NET_WORKER_H

#include "relay/net/loop.h"

struct workers;

struct worker_task {
	void (*run)(void *owner);
	void (*done)(void *owner);
	void *owner;
	struct loop *home;
	struct loop_task back;	  /* private */
	struct worker_task *next; /* private */
};

MUST_USE enum fault workers_new(unsigned threads, struct workers **out_workers);
void workers_submit(struct workers *w, struct worker_task *task);
/* Before all that wait: for what must be answered however much there is to do. */
void workers_submit_first(struct workers *w, struct worker_task *task);
void workers_free(struct workers **w); /* waits for running tasks; queued ones are run too */

#endif
