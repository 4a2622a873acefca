/*
 * NAME     log_time - a moment as people name it: RFC 3339, a date with or without the time of day (UTC), today, yesterday, or
 *          how long ago ("90 min", "2h", "3 d", as in the settings)
 * PURE     now is an argument
 */
#ifndef RELAY_COMMAND_LOG_TIME_H
#define RELAY_COMMAND_LOG_TIME_H

#include "spool-free/base/instant.h"

bool log_time_parse(struct slice text, struct civil now, struct civil *out_at);

#endif
