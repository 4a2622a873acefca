/*
 * NAME     sink_server - the sink's engine on streams: two listeners, one loop
 * LIMIT    SINK_CONNECTIONS_MAX connections, SINK_KEPT_MAX bytes of content that are kept at the same time
 * SEE      relay/smtp/sink_session.h
 */
#ifndef RELAY_COMMAND_SINK_SERVER_H
#define RELAY_COMMAND_SINK_SERVER_H

#include "relay/net/tls.h"
#include "relay/smtp/sink_session.h"

enum { SINK_CONNECTIONS_MAX = 4096, SINK_KEPT_MAX = 512 * 1024 * 1024, SINK_IDLE_MS = 300 * 1000 };

struct sink_server_params {
	const char *address;
	uint16_t port, tls_port; /* 0: any free one */
	const struct tls_context *tls;
	/* offers_tls, room, keeps_content, taken and ctx are the server's to set */
	struct sink_policy policy;
	uint64_t messages; /* 0: until SIGTERM or SIGINT */
	bool prints;
	int out_fd;
};

/* Tells its ports, serves, and returns when it is told to end. */
MUST_USE enum fault sink_server_run(const struct sink_server_params *params,
				    struct problem *problem);

#endif
