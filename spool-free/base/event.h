/*
 * NAME     event - the log: one line an event, `name key=value ...`, to standard error
 * RULE     values are slices of fixed words and ids, numbers and faults; never user data: no address, name,
 *          subject, title, file name, host user or IP. Text values keep A-Z a-z 0-9 - _ . : / only
 * TABLE    event.def: EVENT(NAME, level, text of the name, what it means)
 * FORM     `2026-11-21T23:50:28.123Z info job.done job=... outcome=delivered ms=41`
 * THREADS  one write(2) an event; safe from any thread. Before event_start() and with fd -1 nothing is written
 */
#ifndef SPOOL_FREE_BASE_EVENT_H
#define SPOOL_FREE_BASE_EVENT_H

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

enum event_name {
#define EVENT(name, level, text, meaning) EVENT_##name,
#include "spool-free/base/event.def"
#undef EVENT
	EVENT_COUNT
};

struct event_field {
	const char *key;
	struct slice text; /* used when ptr is not NULL */
	uint64_t number;
};

#define EVENT_TEXT(k, s)   ((struct event_field){.key = (k), .text = (s)})
#define EVENT_NUMBER(k, n) ((struct event_field){.key = (k), .number = (n)})
#define EVENT_FAULT(f)	   ((struct event_field){.key = "fault", .text = fault_slug(f)})

void event_start(int fd, struct slice process); /* `process` stands in every line as proc= */

/* event_log(EVENT_JOB_DONE, EVENT_TEXT("job", id), EVENT_NUMBER("ms", 41)); at least one field */
#define event_log(name, ...)                                                                       \
	event_write((name), (const struct event_field[]){__VA_ARGS__},                             \
		    sizeof((const struct event_field[]){__VA_ARGS__}) /                            \
			    sizeof(struct event_field))
void event_write(enum event_name name, const struct event_field *fields, size_t count);

#endif
