/*
 * NAME     log_outlet - opens the log as the settings have it, so that it blocks nobody
 * WHEN     before the confinement and before the first thread; behind outlet_open()
 * FORM     text and json go to standard error: through a descriptor of its own, which does not block, where the kernel gives
 *          one (pipes, terminals), since the mode of an inherited one is shared with strangers; their lines begin with a
 *          priority where that is a stream to journald. journal goes to journald's own socket, and to standard error as text
 *          where nobody answers there
 * OWNS     what it opened stays open until log_outlet_stop() or the process's end: who waits for the outlet's copiers
 *          stops the log first, or waits for ever
 */
#ifndef RELAY_COMMAND_LOG_OUTLET_H
#define RELAY_COMMAND_LOG_OUTLET_H

#include "spool-free/base/event.h"

struct log_outlet_params {
	enum event_form form;
	const char *journal; /* journald's socket */
	int fd;		     /* standard error */
	const char *stream; /* $JOURNAL_STREAM: which descriptor is a stream to journald; or NULL */
};

#define LOG_OUTLET_JOURNAL "/run/systemd/journal/socket"

/* False when the journal was wanted and does not answer. */
bool log_outlet_find(const struct log_outlet_params *params, struct event_sink *out_sink);

/* The same, and from then on the log goes there. Tells on standard error what could not be had. Returns the descriptor that it
 * opened for that; -1 when it is standard error's own. */
int log_outlet_start(enum event_form form, enum event_level least, struct slice process);
/* Nothing is logged any more; `own` is what log_outlet_start() returned. */
void log_outlet_stop(int own);

#endif
