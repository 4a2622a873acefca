#include "relay/gateway/operate.h"

#include <stdlib.h>
#include <unistd.h>

#include "spool-free/base/event.h"
#include "spool-free/base/json.h"
#include "spool-free/base/local_socket.h"
#include "relay/desk/desk.h"

enum { STATUS_MAX = 1024 * 1024, SOCKET_MODE = 0660 };

struct operate {
	struct desk *desk;    /* the UNIX socket's */
	struct desk *metrics; /* the port's */
	struct listener *desk_listener;
	struct listener *metrics_listener;
};

static desk_handler_fn tell_status;

/* --- the routes --- */

static const struct desk_route desk_routes[] = {
	{HTTP_GET, SLICE_INIT("/status"), tell_status},
};

static void put_number(struct json_writer *w, const char *key, uint64_t number)
{
	json_put_key(w, key);
	json_put_u64(w, number);
}

static void tell_status(void *gateway, struct desk_call *call)
{
	struct gateway *g = gateway;
	struct problem problem;
	struct json_writer w;
	CLEANUP(buf_deinit) struct buf body;
	buf_init(&body, STATUS_MAX);
	json_writer_init(&w, &body);
	json_put_object(&w);
	json_put_key(&w, "version");
	json_put_string(&w, SLICE_LIT(PAGEPOST_VERSION));
	put_number(&w, "pid", (uint64_t)getpid());
	put_number(&w, "loops", g->lane_count);
	json_put_object_end(&w);
	enum fault f = json_writer_fault(&w);
	if (f != FAULT_NONE) {
		desk_refuse(call, (problem_set(&problem, f, ""), &problem), 0);
		return;
	}
	desk_answer(call, 200, SLICE_LIT("application/json"), buf_view(&body));
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
			return f;
		}
	}
	enum fault f = listener_adopt(l, fd, desk_accept, o->desk, &o->desk_listener);
	return f == FAULT_NONE ? f : problem_set(problem, f, "");
}

static enum fault open_desks(struct operate *o, struct gateway *g,
			     const struct operate_params *params, struct problem *problem)
{
	struct loop *l = g->lanes[0].loop;
	struct desk_params desk = {
		.loop = l,
		.routes = desk_routes,
		.route_count = COUNT_OF(desk_routes),
		.ctx = g,
		.asks_who = true,
		.connections = OPERATE_CONNECTIONS,
	};
	enum fault f = desk_new(&desk, &o->desk);
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	return open_socket(o, l, params, problem);
}

enum fault operate_open(struct gateway *g, const struct operate_params *params,
			struct problem *problem)
{
	g->operate = calloc(1, sizeof(*g->operate));
	if (g->operate == NULL) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	return open_desks(g->operate, g, params, problem);
}

void operate_stop(struct gateway *g)
{
	if (g->operate != NULL) {
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
	free(g->operate);
	g->operate = NULL;
}
