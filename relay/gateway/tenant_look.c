#include "relay/gateway/tenant_look.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_MAX = 256 * 1024 };

struct look {
	struct worker_task task;
	struct gateway *gateway;
	struct desk_call *call;
	desk_handler_fn *then;
	enum fault fault; /* the worker's, until it is back */
	size_t tenant_len;
	char tenant[TENANT_ID_MAX];
};

static void ask_keeper(void *look)
{
	struct look *l = look;
	struct keeper_client *keeper;
	struct keeper_tenant unused;
	CLEANUP(arena_deinit) struct arena arena;
	arena_init(&arena, ARENA_MAX);
	l->fault = keepers_borrow(l->gateway->keepers, &keeper);
	if (l->fault == FAULT_NONE) {
		l->fault = keeper_get_tenant(keeper, slice_of(l->tenant, l->tenant_len),
					     (struct slice){0}, &arena, &unused);
		keepers_return(l->gateway->keepers, keeper, l->fault);
	}
}

static void heard(void *look)
{
	struct look *l = look;
	if (l->fault == FAULT_NOT_FOUND) {
		desk_fail_saying(
			l->call, l->fault,
			"The vault has no tenant of that name; 'pagepost vault tenant list' "
			"lists them.");
	} else {
		l->then(l->gateway, l->call);
	}
	free(l);
}

void tenant_look(struct gateway *g, struct desk_call *call, struct slice tenant,
		 desk_handler_fn *then)
{
	struct look *l = calloc(1, sizeof(*l));
	if (l == NULL || tenant.len > sizeof(l->tenant)) {
		free(l);
		desk_fail(call, FAULT_NO_MEMORY, NULL);
		return;
	}
	l->gateway = g;
	l->call = call;
	l->then = then;
	l->tenant_len = tenant.len;
	memcpy(l->tenant, tenant.ptr, tenant.len);
	l->task = (struct worker_task){
		.run = ask_keeper, .done = heard, .owner = l, .home = g->lanes[0].loop};
	workers_submit_first(g->workers, &l->task);
}
