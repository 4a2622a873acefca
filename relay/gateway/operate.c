#include "relay/gateway/operate.h"

#include <stdlib.h>

#include "spool-free/base/event.h"
#include "spool-free/base/local_socket.h"
#include "relay/desk/desk.h"
#include "relay/gateway/census.h"
#include "relay/gateway/incident.h"
#include "relay/gateway/incident_debug.h"
#include "relay/gateway/operate_inside.h"
#include "relay/gateway/operate_metrics.h"
#include "relay/gateway/operate_status.h"
#include "relay/gateway/selfchecks.h"
#include "relay/gateway/tally.h"

enum { SOCKET_MODE = 0660 };

static desk_handler_fn tell_metrics, tell_status;

/* --- the routes --- */

static const struct desk_route desk_routes[] = {
	{HTTP_GET, SLICE_INIT("/metrics"), tell_metrics},
	{HTTP_GET, SLICE_INIT("/status"), tell_status},
	{HTTP_POST, SLICE_INIT("/selfcheck"), selfchecks_run},
	{HTTP_POST, SLICE_INIT("/forget"), selfchecks_forget},
	{HTTP_GET, SLICE_INIT("/pauses"), incident_tell_pauses},
	{HTTP_PUT, SLICE_INIT("/pauses"), incident_pause},
	{HTTP_POST, SLICE_INIT("/pauses/lift"), incident_resume},
	{HTTP_GET, SLICE_INIT("/debug"), incident_debug_tell},
	{HTTP_PUT, SLICE_INIT("/debug"), incident_debug_on},
	{HTTP_POST, SLICE_INIT("/debug/off"), incident_debug_off},
};

static const struct desk_route metrics_routes[] = {
	{HTTP_GET, SLICE_INIT("/metrics"), tell_metrics},
};

static void give_up(void *call)
{
	desk_fail(call, FAULT_STOPPING, NULL);
}

static void with_metrics(void *call, struct census *c)
{
	CLEANUP(buf_deinit) struct buf page;
	buf_init(&page, OPERATE_METRICS_MAX);
	enum fault f = operate_metrics_write(c, &page);
	census_free(&c);
	if (f != FAULT_NONE) {
		desk_fail(call, f, NULL);
		return;
	}
	desk_answer(call, 200, SLICE_LIT(OPERATE_METRICS_TYPE), buf_view(&page));
}

static void with_status(void *call, struct census *c)
{
	CLEANUP(buf_deinit) struct buf body;
	buf_init(&body, OPERATE_STATUS_MAX);
	enum fault f = operate_status_write(c, civil_now(), &body);
	census_free(&c);
	if (f != FAULT_NONE) {
		desk_fail(call, f, NULL);
		return;
	}
	desk_answer(call, 200, SLICE_LIT("application/json"), buf_view(&body));
}

static void tell_metrics(void *gateway, struct desk_call *call)
{
	enum fault f = census_take(gateway, with_metrics, call);
	if (f != FAULT_NONE) {
		desk_fail(call, f, NULL);
	}
}

static void tell_status(void *gateway, struct desk_call *call)
{
	enum fault f = census_take(gateway, with_status, call);
	if (f != FAULT_NONE) {
		desk_fail(call, f, NULL);
	}
}

struct operate_refused operate_refused(const struct gateway *g)
{
	struct operate_refused r = {.times = {0}};
	for (unsigned i = 0; i < g->lane_count; i++) {
		const struct intake_counts *counts = intake_counts(g->lanes[i].intake);
		for (enum fault f = FAULT_NONE; f < FAULT_COUNT; f++) {
			int64_t ms = atomic_load(&counts->refused_at_ms[f]);
			r.times[f] += atomic_load(&counts->refused[f]);
			r.last[f].ms = ms > r.last[f].ms ? ms : r.last[f].ms;
		}
	}
	return r;
}

uint64_t operate_log_dropped(void)
{
	return event_dropped();
}

/* --- life --- */

static enum fault open_socket(struct operate *o, struct loop *l,
			      const struct operate_params *params, struct problem *problem)
{
	const struct local_socket socket = {
		.path = params->socket_path, .whose = "gateway", .mode = SOCKET_MODE};
	int fd = params->socket_fd;
	if (fd < 0) {
		enum fault f = local_socket_listen(&socket, &fd, problem);
		if (f != FAULT_NONE) {
			problem_add(problem, " Its path is the setting 'gateway.socket'.");
			return f;
		}
	}
	enum fault f = listener_adopt(l, fd, desk_accept, o->desk, &o->desk_listener);
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	desk_listens(o->desk, o->desk_listener);
	return f;
}

static enum fault open_metrics(struct operate *o, struct loop *l,
			       const struct operate_params *params, struct problem *problem)
{
	if (params->metrics.port == 0) {
		return FAULT_NONE;
	}
	enum fault f = listener_new(l, &params->metrics, desk_accept, o->metrics,
				    &o->metrics_listener, problem);
	if (f == FAULT_NONE) {
		desk_listens(o->metrics, o->metrics_listener);
		event_log(EVENT_METRICS_LISTEN, EVENT_NUMBER("port", params->metrics.port));
	}
	return f;
}

static enum fault open_desks(struct operate *o, struct gateway *g,
			     const struct operate_params *params, struct problem *problem)
{
	const struct desk_params desk = {
		.loop = g->lanes[0].loop,
		.routes = desk_routes,
		.route_count = COUNT_OF(desk_routes),
		.ctx = g,
		.asks_who = true,
		.connections = OPERATE_CONNECTIONS,
	};
	struct desk_params metrics = desk;
	metrics.routes = metrics_routes;
	metrics.route_count = COUNT_OF(metrics_routes);
	metrics.asks_who = false;
	enum fault f = desk_new(&desk, &o->desk);
	if (f == FAULT_NONE) {
		f = desk_new(&metrics, &o->metrics);
	}
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	f = open_socket(o, desk.loop, params, problem);
	return f == FAULT_NONE ? open_metrics(o, desk.loop, params, problem) : f;
}

enum fault operate_open(struct gateway *g, const struct operate_params *params,
			struct problem *problem)
{
	g->operate = calloc(1, sizeof(*g->operate));
	enum fault f = g->operate != NULL ? FAULT_NONE : FAULT_NO_MEMORY;
	if (f == FAULT_NONE) {
		f = tally_new(params->tenants, params->upstreams, &g->tally);
	}
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	g->operate->started = civil_now();
	g->watch.is_up = true; /* until the first answer says otherwise */
	process_facts_open(&g->operate->process);
	return open_desks(g->operate, g, params, problem);
}

static void forget_listener(struct desk *d)
{
	if (d != NULL) { /* it could be opened */
		desk_listens(d, NULL);
	}
}

void operate_stop(struct gateway *g)
{
	if (g->operate != NULL) {
		forget_listener(g->operate->desk);
		forget_listener(g->operate->metrics);
		listener_free(&g->operate->desk_listener);
		listener_free(&g->operate->metrics_listener);
	}
}

void operate_close(struct gateway *g)
{
	if (g->operate == NULL) {
		return;
	}
	operate_stop(g);
	desk_free(&g->operate->desk);
	desk_free(&g->operate->metrics);
	census_abandon_all(g, give_up); /* behind the desks: their calls end there */
	process_facts_close(&g->operate->process);
	tally_free(&g->tally);
	free(g->operate);
	g->operate = NULL;
}
