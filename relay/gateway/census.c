#include "relay/gateway/census.h"

#include <stdlib.h>
#include <string.h>

/* --- life --- */

static void unlink_from(struct gateway *g, const struct census *c)
{
	struct census **at = &g->censuses;
	while (*at != NULL && *at != c) {
		at = &(*at)->next;
	}
	if (*at != NULL) {
		*at = c->next;
	}
}

void census_free(struct census **c)
{
	if (*c != NULL) {
		unlink_from((*c)->gateway, *c);
		free(*c);
		*c = NULL;
	}
}

void census_abandon_all(struct gateway *g, void (*lost)(void *ctx))
{
	while (g->censuses != NULL) {
		struct census *c = g->censuses;
		lost(c->ctx);
		census_free(&c);
	}
}

/* --- a lane --- */

static uint64_t longer(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void add_view(struct census_upstream *u, const struct smtp_route_view *v)
{
	u->busy += v->busy;
	u->idle += v->idle;
	u->allowed += v->allowed;
	u->waiting += v->waiting;
	u->throttled += v->is_throttled;
	u->shut += v->is_shut;
	u->pause_ms = longer(u->pause_ms, v->pause_ms);
	if (v->trouble != SMTP_TROUBLES &&
	    (u->trouble == SMTP_TROUBLES || v->shut_ms > u->shut_ms)) {
		u->trouble = v->trouble;
	}
	u->shut_ms = longer(u->shut_ms, v->shut_ms);
}

static struct slice label_of(const struct census_upstream *u)
{
	return slice_of(u->label, u->label_len);
}

/* Those of one label and one tenant are one. */
static struct census_upstream *find(struct census_lane *l, const struct smtp_route_view *v)
{
	for (size_t i = 0; i < l->count; i++) {
		struct census_upstream *u = &l->upstreams[i];
		if (slice_eq(label_of(u), v->label) &&
		    slice_eq(slice_of(u->tenant, u->tenant_len), v->tenant)) {
			return u;
		}
	}
	if (l->count == CENSUS_UPSTREAMS) {
		return NULL;
	}
	struct census_upstream *u = &l->upstreams[l->count++];
	*u = (struct census_upstream){
		.label_len = v->label.len, .tenant_len = v->tenant.len, .trouble = SMTP_TROUBLES};
	memcpy(u->label, v->label.ptr, v->label.len);
	memcpy(u->tenant, v->tenant.ptr, v->tenant.len);
	return u;
}

static void on_route(void *lane, const struct smtp_route_view *v)
{
	struct census_lane *l = lane;
	struct census_upstream *u = find(l, v);
	if (v->tenant.len > 0) {
		add_view(&l->tenants, v);
	}
	if (u != NULL) {
		add_view(u, v);
	} else {
		l->untold++;
	}
}

static void came_back(void *lane);

static void look(void *lane)
{
	struct census_lane *l = lane;
	l->clients = intake_connections(l->lane->intake);
	l->tenants.trouble = SMTP_TROUBLES;
	smtp_relay_view(l->lane->relay, loop_now(l->lane->loop), on_route, l);
	l->back = (struct loop_task){.fn = came_back, .owner = l};
	loop_post(l->of->gateway->lanes[0].loop, &l->back);
}

static void came_back(void *lane)
{
	struct census *c = ((struct census_lane *)lane)->of;
	if (--c->missing == 0) {
		c->done(c->ctx, c);
	}
}

/* --- the keeper, then the lanes --- */

static void ask_keeper(void *census)
{
	struct census *c = census;
	struct keepers *keepers = c->gateway->keepers;
	struct keeper_client *keeper;
	uint64_t generation;
	enum fault f = keepers_borrow(keepers, &keeper);
	if (f == FAULT_NONE) {
		f = keeper_ping(keeper, &generation);
		keepers_return(keepers, keeper, f);
	}
	c->keeper_is_up = f == FAULT_NONE;
}

static void ask_lanes(void *census)
{
	struct census *c = census;
	for (unsigned i = 0; i < c->lane_count; i++) {
		struct census_lane *l = &c->lanes[i];
		l->of = c;
		l->lane = &c->gateway->lanes[i];
		l->task = (struct loop_task){.fn = look, .owner = l};
		loop_post(l->lane->loop, &l->task);
	}
}

enum fault census_take(struct gateway *g, census_fn *done, void *ctx)
{
	struct census *c = calloc(1, sizeof(*c) + g->lane_count * sizeof(c->lanes[0]));
	if (c == NULL) {
		return FAULT_NO_MEMORY;
	}
	c->gateway = g;
	c->done = done;
	c->ctx = ctx;
	c->lane_count = g->lane_count;
	c->missing = g->lane_count;
	c->next = g->censuses;
	g->censuses = c;
	c->ask = (struct worker_task){
		.run = ask_keeper, .done = ask_lanes, .owner = c, .home = g->lanes[0].loop};
	workers_submit(g->workers, &c->ask);
	return FAULT_NONE;
}
