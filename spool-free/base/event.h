/*
 * NAME     event - the log: one line an event, with a name and fields
 * RULE     values are slices of fixed words and ids, tags, numbers and faults; never user data: no address, name,
 *          subject, title, file name, host user or IP. Text values keep A-Z a-z 0-9 - _ . : / only
 * TABLE    event.def and event_field.def (event_catalogue.h); tests/lint/events compares each call with them
 * FORM     text     `2026-11-21T23:50:28.123Z info job.done proc=gateway job=... outcome=delivered ms=41`
 *          json     the same as one object: {"time":"...","level":"info","event":"job.done","proc":"gateway",...,"ms":41}
 *          journal  a datagram of systemd's native protocol: MESSAGE= the text without the time, PAGEPOST_EVENT=,
 *                   PAGEPOST_JOB= and so on
 * LIMIT    EVENT_LINE_MAX bytes a line; what does not fit is left out, field by field
 * BLOCKS   never, when the descriptor does not: what cannot be written at once is dropped, and counted; the next line that
 *          is written comes after a log.dropped that tells how many
 * THREADS  one write(2) an event; safe from any thread. Before event_start() and with fd -1 nothing is written
 * SEE      https://systemd.io/JOURNAL_NATIVE_PROTOCOL/
 */
#ifndef SPOOL_FREE_BASE_EVENT_H
#define SPOOL_FREE_BASE_EVENT_H

#include "spool-free/base/event_catalogue.h"
#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

enum { EVENT_LINE_MAX = 2048, EVENT_VALUE_MAX = 200 };

/* The order is that of the words in the settings. */
enum event_form { EVENT_FORM_TEXT, EVENT_FORM_JSON, EVENT_FORM_JOURNAL };

struct event_field {
	const char *key;
	struct slice text;
	uint64_t number;
	enum event_kind kind;
	bool may_lack; /* left out when it is empty, or 0 */
};

#define EVENT_TEXT(k, s) ((struct event_field){.key = (k), .text = (s), .kind = EVENT_KIND_TEXT})
#define EVENT_QUOTED(k, s)                                                                         \
	((struct event_field){.key = (k), .text = (s), .kind = EVENT_KIND_QUOTED})
/* Left out when it is empty, or 0. */
#define EVENT_MAYBE_QUOTED(k, s)                                                                   \
	((struct event_field){.key = (k), .text = (s), .kind = EVENT_KIND_QUOTED, .may_lack = true})
#define EVENT_MAYBE_NUMBER(k, n)                                                                   \
	((struct event_field){                                                                     \
		.key = (k), .number = (n), .kind = EVENT_KIND_NUMBER, .may_lack = true})
#define EVENT_MAYBE(k, s)                                                                          \
	((struct event_field){.key = (k), .text = (s), .kind = EVENT_KIND_TEXT, .may_lack = true})
#define EVENT_NUMBER(k, n)                                                                         \
	((struct event_field){.key = (k), .number = (n), .kind = EVENT_KIND_NUMBER})
#define EVENT_FAULT(f) EVENT_TEXT("fault", fault_slug(f))
/* Left out when there is none. */
#define EVENT_MAYBE_FAULT(f)                                                                       \
	EVENT_MAYBE("fault", (f) == FAULT_NONE ? (struct slice){0} : fault_slug(f))

/* Where the log goes. */
struct event_sink {
	int fd;		/* does not block, or may; -1: nothing is written */
	bool is_socket; /* sent to, without waiting */
	/* Standard error is a stream to journald: each line on it begins with its priority, as <4> (sd-daemon(3)). */
	bool is_prioritized;
	enum event_form form;
};

/* Text, of every level. `process` stands in every line as proc= */
void event_start(int fd, struct slice process);
void event_open(const struct event_sink *sink, struct slice process);
/* What is below it is not written; from any thread. */
void event_set_least(enum event_level least);

uint64_t event_dropped(void); /* lines, since the start */

/* How this process writes, as a number for a process that it starts; never 0. That one gets no journal: it writes text. */
unsigned event_manner(void);
void event_start_in(unsigned manner, int fd, struct slice process);

/* event_log(EVENT_JOB_DONE, EVENT_TEXT("job", id), EVENT_NUMBER("ms", 41)); at least one field */
#define event_log(name, ...)                                                                       \
	event_write((name), (const struct event_field[]){__VA_ARGS__},                             \
		    sizeof((const struct event_field[]){__VA_ARGS__}) /                            \
			    sizeof(struct event_field))
void event_write(enum event_name name, const struct event_field *fields, size_t count);

#endif
