#include "relay/gateway/course.h"

#include "relay/gateway/flight.h"

enum { RETRY_MS = 250 };

static void on_client_lane(void *flight);
static void on_tenant_lane(void *flight);
static void on_upstream_lane(void *flight);
static void on_worker(void *flight);
static void back_from_worker(void *flight);

static struct lane *lane_of(const struct flight *f, enum place place)
{
	switch (place) {
	case PLACE_TENANT:
		return f->tenant_lane;
	case PLACE_UPSTREAM:
		return f->upstream_lane;
	case PLACE_CLIENT:
	case PLACE_WORKER:
		break;
	}
	return f->client;
}

/* A worker's work returns to the lane where the flight's next stages are. */
static struct lane *home_of(const struct flight *f)
{
	return f->stage == STAGE_CALLER ? f->client : f->tenant_lane;
}

static void move(struct flight *f, enum place to)
{
	if (to == PLACE_WORKER) {
		f->work = (struct worker_task){.run = on_worker,
					       .done = back_from_worker,
					       .owner = f,
					       .home = home_of(f)->loop};
		workers_submit(f->gateway->workers, &f->work);
		return;
	}
	static loop_fn *const arrivals[] = {
		[PLACE_CLIENT] = on_client_lane,
		[PLACE_TENANT] = on_tenant_lane,
		[PLACE_UPSTREAM] = on_upstream_lane,
	};
	f->hop = (struct loop_task){.fn = arrivals[to], .owner = f};
	loop_post(lane_of(f, to)->loop, &f->hop);
}

enum step course_fail(struct flight *f, enum fault fault)
{
	if (f->problem.fault != fault) {
		problem_set(&f->problem, fault, "");
	}
	return STEP_ANSWER;
}

/* Once the process has given up, the answer is all that is left; what was sent is answered as that. */
static enum step begin(struct flight *f)
{
	bool is_over = f->stage == STAGE_RECEIPT || f->stage == STAGE_ANSWER;
	if (!is_over && atomic_load(&f->gateway->gave_up)) {
		return course_fail(f, FAULT_STOPPING);
	}
	return f->course[f->stage].start(f);
}

/* Runs stages as long as they belong here; `f` may be gone afterwards. */
static void run(struct flight *f, enum place here)
{
	for (;;) {
		enum stage now = f->stage;
		if (f->course[now].place != here) {
			if (here != PLACE_WORKER) { /* a worker's flight moves on when it is back */
				move(f, f->course[now].place);
			}
			return;
		}
		enum step step = begin(f);
		if (step == STEP_WAIT) {
			return;
		}
		if (step == STEP_RETRY) {
			f->retries = true;
			return;
		}
		flight_enter_stage(f, step == STEP_NEXT ? f->course[now].next : STAGE_ANSWER);
	}
}

static void on_client_lane(void *flight)
{
	run(flight, PLACE_CLIENT);
}

static void on_tenant_lane(void *flight)
{
	run(flight, PLACE_TENANT);
}

static void on_upstream_lane(void *flight)
{
	run(flight, PLACE_UPSTREAM);
}

static void on_worker(void *flight)
{
	run(flight, PLACE_WORKER);
}

static void try_again(void *flight)
{
	struct flight *f = flight;
	loop_timer_free(&f->retry);
	move(f, PLACE_WORKER);
}

static void back_from_worker(void *flight)
{
	struct flight *f = flight;
	if (f->retries) {
		f->retries = false;
		enum fault fault = loop_timer_new(home_of(f)->loop, try_again, f, &f->retry);
		if (fault == FAULT_NONE) {
			loop_timer_set(f->retry, RETRY_MS);
			return;
		}
		course_fail(f, fault);
		flight_enter_stage(f, STAGE_ANSWER);
	}
	enum place next = f->course[f->stage].place;
	if (next != PLACE_WORKER && lane_of(f, next)->loop == f->work.home) {
		run(f, next);
		return;
	}
	move(f, next);
}

void course_resume(struct flight *f, enum stage next)
{
	flight_enter_stage(f, next);
	move(f, f->course[next].place);
}
