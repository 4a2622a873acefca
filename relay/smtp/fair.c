#include "relay/smtp/fair.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Of a longer name the beginning counts: those that share it share their turns. */
enum { TENANT_MAX = 64 };

struct smtp_fair_flow {
	struct smtp_node node;
	struct smtp_node places;
	struct smtp_fair_load load;
	uint64_t credit; /* bytes */
	size_t tenant_len;
	char tenant[TENANT_MAX];
};

void smtp_fair_init(struct smtp_fair *f)
{
	*f = (struct smtp_fair){.count = 0};
	smtp_node_init(&f->flows, NULL);
}

void smtp_fair_deinit(struct smtp_fair *f)
{
	assert(f->count == 0 && smtp_node_first(&f->flows) == NULL);
	smtp_node_init(&f->flows, NULL);
}

static struct smtp_fair_flow *find(const struct smtp_fair *f, struct slice tenant)
{
	for (struct smtp_node *n = f->flows.next; n != &f->flows; n = n->next) {
		struct smtp_fair_flow *flow = n->owner;
		if (slice_eq(slice_of(flow->tenant, flow->tenant_len), tenant)) {
			return flow;
		}
	}
	return NULL;
}

static enum fault enter(struct smtp_fair *f, struct smtp_fair_place *place, void *owner,
			struct slice tenant, uint64_t bytes, unsigned units)
{
	tenant = slice_first(tenant, TENANT_MAX);
	struct smtp_fair_flow *flow = find(f, tenant);
	if (flow == NULL) {
		flow = calloc(1, sizeof(*flow));
		if (flow == NULL) {
			return FAULT_NO_MEMORY;
		}
		flow->tenant_len = tenant.len;
		if (tenant.len > 0) {
			memcpy(flow->tenant, tenant.ptr, tenant.len);
		}
		smtp_node_init(&flow->node, flow);
		smtp_node_init(&flow->places, NULL);
		smtp_node_put_last(&f->flows, &flow->node);
	}
	*place = (struct smtp_fair_place){
		.owner = owner, .flow = flow, .bytes = bytes, .units = units};
	smtp_node_init(&place->node, place);
	flow->load.count++;
	flow->load.units += units;
	f->count++;
	return FAULT_NONE;
}

enum fault smtp_fair_put(struct smtp_fair *f, struct smtp_fair_place *place, void *owner,
			 struct slice tenant, uint64_t bytes, unsigned units)
{
	enum fault fault = enter(f, place, owner, tenant, bytes, units);
	if (fault == FAULT_NONE) {
		smtp_node_put_last(&place->flow->places, &place->node);
	}
	return fault;
}

enum fault smtp_fair_put_back(struct smtp_fair *f, struct smtp_fair_place *place, void *owner,
			      struct slice tenant, uint64_t bytes, unsigned units)
{
	enum fault fault = enter(f, place, owner, tenant, bytes, units);
	if (fault == FAULT_NONE) {
		smtp_node_put_first(&place->flow->places, &place->node);
	}
	return fault;
}

void smtp_fair_leave(struct smtp_fair *f, struct smtp_fair_place *place)
{
	struct smtp_fair_flow *flow = STEAL(place->flow);
	if (flow == NULL) {
		return;
	}
	smtp_node_leave(&place->node);
	flow->load.count--;
	flow->load.units -= place->units;
	f->count--;
	if (flow->load.count == 0) { /* its credit is gone with it: nobody saves turns up */
		f->is_paid = f->is_paid && smtp_node_first(&f->flows) != flow;
		smtp_node_leave(&flow->node);
		free(flow);
	}
}

/* How many turns this flow waits for until its credit is enough */
static uint64_t turns_of(const struct smtp_fair_flow *flow)
{
	const struct smtp_fair_place *head = smtp_node_first(&flow->places);
	uint64_t bytes = head->bytes;
	uint64_t lacks = bytes > flow->credit ? bytes - flow->credit : 0;
	return lacks / SMTP_FAIR_TURN + (lacks % SMTP_FAIR_TURN != 0);
}

/* Rounds in which nobody could go are passed over at once. */
static void pass_rounds(struct smtp_fair *f)
{
	uint64_t least = UINT64_MAX;
	for (struct smtp_node *n = f->flows.next; n != &f->flows; n = n->next) {
		uint64_t turns = turns_of(n->owner);
		least = turns < least ? turns : least;
	}
	for (struct smtp_node *n = f->flows.next; n != &f->flows && least > 1; n = n->next) {
		struct smtp_fair_flow *flow = n->owner;
		flow->credit += (least - 1) * SMTP_FAIR_TURN;
	}
}

/* Whose turn it is: its flow stands first, and its credit is enough. */
static struct smtp_fair_place *find_next(struct smtp_fair *f)
{
	struct smtp_fair_flow *flow = smtp_node_first(&f->flows);
	if (flow == NULL) {
		return NULL;
	}
	if (f->is_paid && turns_of(flow) > 0) { /* its turn is over */
		smtp_node_put_last(&f->flows, &flow->node);
		f->is_paid = false;
	}
	if (!f->is_paid) {
		pass_rounds(f);
	}
	for (;;) {
		flow = smtp_node_first(&f->flows);
		flow->credit += f->is_paid ? 0 : SMTP_FAIR_TURN;
		f->is_paid = true;
		if (turns_of(flow) == 0) {
			break;
		}
		smtp_node_put_last(&f->flows, &flow->node);
		f->is_paid = false;
	}
	return smtp_node_first(&flow->places);
}

void *smtp_fair_next(struct smtp_fair *f)
{
	struct smtp_fair_place *place = find_next(f);
	return place != NULL ? place->owner : NULL;
}

void *smtp_fair_take(struct smtp_fair *f)
{
	struct smtp_fair_place *place = find_next(f);
	if (place == NULL) {
		return NULL;
	}
	place->flow->credit -= place->bytes;
	smtp_fair_leave(f, place);
	return place->owner;
}

struct smtp_fair_load smtp_fair_ahead(const struct smtp_fair *f,
				      const struct smtp_fair_place *place)
{
	struct smtp_fair_load ahead = {.count = 0};
	size_t own = place->flow->load.count;
	for (const struct smtp_node *n = f->flows.next; n != &f->flows; n = n->next) {
		const struct smtp_fair_flow *flow = n->owner;
		const struct smtp_fair_load *l = &flow->load;
		size_t count = l->count < own ? l->count : own;
		ahead.count += count;
		/* As many units as they have on the average: about is near enough. */
		ahead.units += (l->units * count + l->count - 1) / l->count;
	}
	ahead.count--; /* itself */
	ahead.units -= place->units;
	return ahead;
}
