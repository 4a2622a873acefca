/*
 * NAME     wire - makes a gateway out of the settings and runs it: the one place that knows both
 * FAULTS   BAD_SETTING, CONFINEMENT, SYSTEM, NO_MEMORY, each with a sentence
 */
#ifndef RELAY_GATEWAY_WIRE_H
#define RELAY_GATEWAY_WIRE_H

#include "spool-free/base/problem.h"
#include "config/settings/settings.h"
#include "relay/smtp/smtp.h"

enum { WIRE_HOST_NAME = 256 };

/*
 * Runs until SIGTERM or SIGINT and the drain after it. When clients can connect, `port=N` and a line end go to
 * `ready_fd` (-1: nowhere).
 */
MUST_USE enum fault wire_run_gateway(const struct settings *settings, int ready_fd,
				     struct problem *problem);

/* What relay.* says of how mail servers are talked to; loop, dialer, TLS context and name are the caller's to add. */
struct smtp_relay_params wire_relay_params(const struct settings *s);
/* As the settings say, else the host's own; it may lie in `room`. */
struct slice wire_ehlo_name(const struct settings *s, char room[WIRE_HOST_NAME]);

#endif
