/*
 * NAME     doctor_local - looks at a mail server from this machine, without a gateway, by the code that jobs go through
 * FAULTS   BAD_SETTING, NO_MEMORY, SYSTEM: it could not begin, with a sentence. What the server does is in the report
 * THREADS  its own: a loop runs until the look is over
 */
#ifndef RELAY_COMMAND_DOCTOR_LOCAL_H
#define RELAY_COMMAND_DOCTOR_LOCAL_H

#include "config/settings/settings.h"
#include "relay/smtp/checkup.h"

enum { DOCTOR_RANGES_MAX = 64 };

struct doctor_local {
	const struct settings *settings;
	const char *ca_file;		       /* NULL: the settings', or the system's */
	const char *ranges[DOCTOR_RANGES_MAX]; /* allowed besides the settings' */
	size_t range_count;
	struct smtp_upstream upstream;
	struct slice from, to;
};

/* The report as JSON (relay/smtp/findings.h). */
MUST_USE enum fault doctor_local(const struct doctor_local *d, struct buf *into,
				 struct problem *problem);

#endif
