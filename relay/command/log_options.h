/*
 * NAME     log_options - what the command line of `pagepost log` says
 * OWNS     nothing: texts are the command line's
 * PURE     now is an argument; what is wrong goes to standard error
 */
#ifndef RELAY_COMMAND_LOG_OPTIONS_H
#define RELAY_COMMAND_LOG_OPTIONS_H

#include <stdio.h>

#include "relay/command/log_filter.h"

enum { LOG_ADDRESSES_MAX = 16 };

struct log_options {
	const char *file; /* NULL: the journal */
	const char *settings_file;
	bool follows;
	bool as_json;
	bool help;
	struct log_filter filter;
	struct log_filter upstreams; /* apart, since they may be tags */
	const char *addresses[LOG_ADDRESSES_MAX];
	size_t address_count;
	const char *count; /* fields; NULL: lines are printed */
};

/* enum exit_code. */
int log_options_read(int argc, char **argv, struct civil now, struct log_options *out);
void log_options_usage(FILE *to);

#endif
