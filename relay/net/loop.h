/*
 * NAME     loop - events, timers and signals of one thread, and hand-over between threads
 * OWNS     each object is its maker's; free it on its loop's thread, also from inside its own callback
 * THREADS  everything on the loop's own thread, but loop_post() and loop_stop(), which any thread may call
 * BOXES    libevent's core
 */
#ifndef RELAY_NET_LOOP_H
#define RELAY_NET_LOOP_H

#include "spool-free/base/fault.h"
#include "spool-free/base/instant.h"

struct loop;
struct loop_watch;
struct loop_timer;
struct loop_signal;

typedef void loop_fn(void *owner);
typedef void loop_watch_fn(void *owner, bool readable, bool writable);

MUST_USE enum fault loop_new(struct loop **out_loop);
void loop_free(struct loop **l);
void loop_run(struct loop *l); /* until loop_stop() */
void loop_stop(struct loop *l);
/* Behind this round: what of a job its calls left on the stack. For the loop's own thread alone; workers wipe theirs themselves. */
void loop_wipe_stack(struct loop *l);
struct instant loop_now(const struct loop *l); /* the moment this round began */

MUST_USE enum fault loop_watch_new(struct loop *l, int fd, loop_watch_fn *fn, void *owner,
				   struct loop_watch **out_watch);
void loop_watch_set(struct loop_watch *w, bool read,
		    bool write);	     /* level-triggered; no system call when unchanged */
void loop_watch_free(struct loop_watch **w); /* the descriptor stays open */

MUST_USE enum fault loop_timer_new(struct loop *l, loop_fn *fn, void *owner,
				   struct loop_timer **out_timer);
void loop_timer_set(struct loop_timer *t, uint64_t after_ms); /* again: moves it; once only */
void loop_timer_cancel(struct loop_timer *t);
void loop_timer_free(struct loop_timer **t);

MUST_USE enum fault loop_signal_new(struct loop *l, int number, loop_fn *fn, void *owner,
				    struct loop_signal **out_signal);
void loop_signal_free(struct loop_signal **s);

/* Embedded in what is handed over; `fn(owner)` runs on the loop's thread, in the order of posting. */
struct loop_task {
	loop_fn *fn;
	void *owner;
	struct loop_task *next; /* private */
};

void loop_post(struct loop *l, struct loop_task *task); /* never fails, never blocks for long */

#endif
