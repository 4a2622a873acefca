/*
 * NAME     wire - makes a gateway out of the settings and runs it: the order in which it starts and stops
 * FAULTS   BAD_SETTING, CONFINEMENT, SYSTEM, NO_MEMORY, each with a sentence
 */
#ifndef RELAY_GATEWAY_WIRE_H
#define RELAY_GATEWAY_WIRE_H

#include "spool-free/base/problem.h"
#include "config/settings/settings.h"

/*
 * Runs until SIGTERM or SIGINT and the drain after it; on SIGHUP the settings are read again from their file. When clients can connect, `port=N` and a line end go to
 * `ready_fd` (-1: nowhere).
 */
MUST_USE enum fault wire_run_gateway(const struct settings *settings, const char *settings_file,
				     int ready_fd, struct problem *problem);

#endif
