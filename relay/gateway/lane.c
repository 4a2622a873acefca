#include "relay/gateway/lane.h"

#include <signal.h>

#include "relay/gateway/check.h"
#include "relay/gateway/pauses.h"
#include "relay/gateway/pipeline.h"

enum {
	DRAIN_LOOK_MS = 20,
	ANSWERS_MS = 3000, /* behind the stop time, for the answers to those that were given up */
};

enum fault lane_init(struct lane *l, struct gateway *g, const struct lane_params *params,
		     struct problem *problem)
{
	*l = (struct lane){.gateway = g};
	const struct intake_handler handler = {
		.ctx = l, .head = pipeline_head, .job = pipeline_job, .gone = pipeline_gone};
	enum fault f = loop_new(&l->loop);
	if (f == FAULT_NONE) {
		f = intake_new(l->loop, params->rules->tls, &params->rules->intake, &handler,
			       &l->intake);
	}
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	if (params->inherited_fd >= 0) {
		f = listener_adopt(l->loop, params->inherited_fd, intake_accept, l->intake,
				   &l->listener);
		return f == FAULT_NONE ? f : problem_set(problem, f, "");
	}
	return listener_new(l->loop, &params->listen, intake_accept, l->intake, &l->listener,
			    problem);
}

enum fault lane_open_relay(struct lane *l, const struct smtp_relay_params *relay)
{
	struct smtp_relay_params own = *relay;
	own.loop = l->loop;
	own.hold = pauses_hold;
	own.hold_owner = l->gateway->pauses;
	smtp_relay_params_take(&own, &l->rules->relay);
	l->relay_params = own;
	return smtp_relay_new(&own, &l->relay);
}

enum fault lane_open_tokens(struct lane *l, const struct poster_params *poster, uint64_t timeout_ms)
{
	struct poster_params own = *poster;
	own.loop = l->loop;
	enum fault f = poster_new(&own, &l->poster);
	const struct tokens_params tokens = {.loop = l->loop,
					     .poster = l->poster,
					     .timeout_ms = timeout_ms,
					     .young_ms = TOKENS_YOUNG_MS};
	return f == FAULT_NONE ? tokens_new(&tokens, &l->tokens) : f;
}

void lane_deinit(struct lane *l)
{
	loop_timer_free(&l->drain_look);
	listener_free(&l->listener);
	intake_free(&l->intake);
	smtp_relay_free(&l->relay);
	tokens_free(&l->tokens);
	poster_free(&l->poster);
	loop_free(&l->loop);
}

void lane_run(struct lane *l)
{
	loop_run(l->loop);
}

static void *thread_main(void *lane)
{
	lane_run(lane);
	return NULL;
}

enum fault lane_start(struct lane *l)
{
	sigset_t all, before;
	/* Signals are the first lane's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int error = pthread_create(&l->thread, NULL, thread_main, l);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	l->has_thread = error == 0;
	return error == 0 ? FAULT_NONE : FAULT_SYSTEM;
}

void lane_join(struct lane *l)
{
	if (l->has_thread) {
		pthread_join(l->thread, NULL);
		l->has_thread = false;
	}
}

/* A lane may be needed by the jobs of every other lane's clients, so all of them end together. */
static bool is_all_quiet(const struct gateway *g)
{
	for (unsigned i = 0; i < g->lane_count; i++) {
		if (!atomic_load(&g->lanes[i].is_quiet)) {
			return false;
		}
	}
	return atomic_load(&g->flights) == 0;
}

/* What did not come to its end is told what it is; for the answers there is a little time more. */
static void give_up(struct lane *l)
{
	l->gave_up = true;
	l->stop_at = instant_after(loop_now(l->loop), ANSWERS_MS);
	atomic_store(&l->gateway->gave_up, true);
	smtp_relay_give_up(l->relay);
	tokens_give_up(l->tokens);
	check_give_up(l);
	intake_give_up(l->intake);
}

static void look(void *lane)
{
	struct lane *l = lane;
	atomic_store(&l->is_quiet, intake_connections(l->intake) == 0);
	bool is_over = instant_is_past(l->stop_at, loop_now(l->loop));
	if (is_all_quiet(l->gateway) || (is_over && l->gave_up)) {
		loop_stop(l->loop);
		return;
	}
	if (is_over) {
		give_up(l);
	}
	loop_timer_set(l->drain_look, DRAIN_LOOK_MS);
}

static void drain(void *lane)
{
	struct lane *l = lane;
	if (l->is_draining) {
		loop_stop(l->loop);
		return;
	}
	l->is_draining = true;
	l->stop_at = instant_after(loop_now(l->loop), l->stop_ms);
	listener_free(&l->listener);
	intake_drain(l->intake);
	smtp_relay_drain(l->relay, l->stop_at);
	if (loop_timer_new(l->loop, look, l, &l->drain_look) != FAULT_NONE) {
		loop_stop(l->loop);
		return;
	}
	look(l);
}

void lane_drain(struct lane *l)
{
	struct loop_task *task = l->drain[0].fn == NULL ? &l->drain[0] : &l->drain[1];
	if (task->fn == NULL) { /* the second request is the last one that counts */
		*task = (struct loop_task){.fn = drain, .owner = l};
		loop_post(l->loop, task);
	}
}

static void release(void *lane)
{
	struct lane *l = lane;
	atomic_store(&l->is_releasing, false);
	if (l->relay != NULL) { /* it may be the start yet */
		smtp_relay_release(l->relay);
	}
}

void lane_release(struct lane *l)
{
	if (!atomic_exchange(&l->is_releasing, true)) {
		l->release = (struct loop_task){.fn = release, .owner = l};
		loop_post(l->loop, &l->release);
	}
}
