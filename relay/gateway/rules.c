#include "relay/gateway/rules.h"

#include <assert.h>
#include <stdlib.h>

#include "relay/gateway/gateway.h"

void rules_free(struct rules **rules)
{
	struct rules *r = *rules;
	if (r == NULL) {
		return;
	}
	*rules = NULL;
	assert(atomic_load(&r->inside) == 0);
	tls_context_free(&r->tls);
	if (r->source != NULL) {
		r->free_source(r->source);
	}
	free(r);
}

void rules_enter(struct rules *r)
{
	atomic_fetch_add(&r->inside, 1);
}

void rules_leave(struct rules *r)
{
	atomic_fetch_sub(&r->inside, 1);
}

static void go_by(struct lane *l, struct rules *r)
{
	l->rules = r;
	l->stop_ms = r->stop_ms;
	smtp_relay_params_take(&l->relay_params, &r->relay);
	if (l->intake != NULL) {
		intake_set(l->intake, r->tls, &r->intake);
	}
	if (l->relay != NULL) {
		smtp_relay_set(l->relay, &r->relay);
	}
}

static void all_taken(void *gateway)
{
	struct gateway *g = gateway;
	rules_prune(g);
	g->rulebook.taken(g->rulebook.owner);
}

static void take(void *lane)
{
	struct lane *l = lane;
	struct rulebook *book = &l->gateway->rulebook;
	go_by(l, book->current);
	if (atomic_fetch_sub(&book->due, 1) == 1) {
		book->told = (struct loop_task){.fn = all_taken, .owner = l->gateway};
		loop_post(l->gateway->lanes[0].loop, &book->told);
	}
}

void rules_begin(struct gateway *g, struct rules *r)
{
	g->rulebook.current = r;
	for (unsigned i = 0; i < g->lane_count; i++) {
		go_by(&g->lanes[i], r);
	}
}

void rules_turn(struct gateway *g, struct rules *r, rules_taken_fn *taken, void *owner)
{
	struct rulebook *book = &g->rulebook;
	assert(atomic_load(&book->due) == 0);
	r->older = book->current;
	book->current = r;
	book->taken = taken;
	book->owner = owner;
	atomic_store(&book->due, g->lane_count);
	for (unsigned i = 0; i < g->lane_count; i++) {
		g->lanes[i].take = (struct loop_task){.fn = take, .owner = &g->lanes[i]};
		loop_post(g->lanes[i].loop, &g->lanes[i].take);
	}
}

void rules_prune(struct gateway *g)
{
	struct rules **at = g->rulebook.current != NULL ? &g->rulebook.current->older : NULL;
	if (atomic_load(&g->rulebook.due) > 0) {
		return;
	}
	while (at != NULL && *at != NULL) {
		struct rules *r = *at;
		if (atomic_load(&r->inside) > 0) {
			at = &r->older;
			continue;
		}
		*at = r->older;
		rules_free(&r);
	}
}

void rules_end(struct gateway *g)
{
	atomic_store(&g->rulebook.due, 0);
	rules_prune(g);
	rules_free(&g->rulebook.current);
}
