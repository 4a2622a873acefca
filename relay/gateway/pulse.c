#include "relay/gateway/pulse.h"

#include <stdlib.h>

#include "relay/gateway/service.h"

struct beat {
	struct pulse *pulse;
	struct loop_task task;
};

struct pulse {
	struct gateway *gateway;
	uint64_t every_ms;
	struct loop_timer *timer;
	_Atomic unsigned missing; /* parts of the beat under way that did not come back yet */
	struct worker_task question;
	enum fault answer;
	bool told_down;
	struct beat beats[];
};

static void come_back(void *beat)
{
	struct beat *b = beat;
	atomic_fetch_sub(&b->pulse->missing, 1);
}

static void ask_keeper(void *pulse)
{
	struct pulse *p = pulse;
	struct keeper_client *keeper;
	uint64_t generation;
	p->answer = keepers_borrow(p->gateway->keepers, &keeper);
	if (p->answer == FAULT_NONE) {
		p->answer = keeper_ping(keeper, &generation);
		keepers_return(p->gateway->keepers, keeper, p->answer);
	}
}

static void heard_keeper(void *pulse)
{
	struct pulse *p = pulse;
	bool is_down = p->answer != FAULT_NONE;
	if (is_down != p->told_down && !atomic_load(&p->gateway->is_stopping)) {
		p->told_down = is_down;
		service_status(is_down ? "The keeper does not answer; jobs that need it wait."
				       : "");
	}
	atomic_fetch_sub(&p->missing, 1);
}

static void begin_beat(struct pulse *p)
{
	struct gateway *g = p->gateway;
	atomic_store(&p->missing, g->lane_count + 1);
	for (unsigned i = 0; i < g->lane_count; i++) {
		p->beats[i].task = (struct loop_task){.fn = come_back, .owner = &p->beats[i]};
		loop_post(g->lanes[i].loop, &p->beats[i].task);
	}
	p->question = (struct worker_task){
		.run = ask_keeper, .done = heard_keeper, .owner = p, .home = g->lanes[0].loop};
	workers_submit_first(g->workers, &p->question);
}

static void tick(void *pulse)
{
	struct pulse *p = pulse;
	if (atomic_load(&p->missing) == 0) {
		service_alive();
		begin_beat(p);
	}
	loop_timer_set(p->timer, p->every_ms);
}

void pulse_free(struct pulse **pulse)
{
	struct pulse *p = *pulse;
	if (p != NULL) {
		*pulse = NULL;
		loop_timer_free(&p->timer);
		free(p);
	}
}

enum fault pulse_new(struct gateway *g, uint64_t every_ms, struct pulse **out_pulse)
{
	*out_pulse = NULL;
	if (every_ms == 0) {
		return FAULT_NONE;
	}
	CLEANUP(pulse_free)
	struct pulse *p = calloc(1, sizeof(*p) + g->lane_count * sizeof(p->beats[0]));
	if (p == NULL) {
		return FAULT_NO_MEMORY;
	}
	p->gateway = g;
	p->every_ms = every_ms;
	for (unsigned i = 0; i < g->lane_count; i++) {
		p->beats[i].pulse = p;
	}
	enum fault f = loop_timer_new(g->lanes[0].loop, tick, p, &p->timer);
	if (f == FAULT_NONE) {
		tick(p);
		*out_pulse = STEAL(p);
	}
	return f;
}
