#include "relay/gateway/wire_operate.h"

#include "relay/gateway/operate.h"
#include "relay/gateway/service.h"

enum fault wire_operate(const struct settings *s, struct gateway *g, struct problem *problem)
{
	char room[SETTINGS_SOCKET_ROOM];
	const struct operate_params params = {
		.socket_path = settings_gateway_socket(s, room),
		.socket_fd = service_socket(SERVICE_DESK),
		.tenants = s->metrics.tenants,
		.upstreams = s->metrics.upstreams,
		.metrics = {.address = s->metrics.address, .port = s->metrics.port},
	};
	return operate_open(g, &params, problem);
}
