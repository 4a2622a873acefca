/*
 * NAME     event_catalogue - which events there are and what stands in them: event.def and event_field.def as data
 * OWNS     nothing; static tables
 */
#ifndef SPOOL_FREE_BASE_EVENT_CATALOGUE_H
#define SPOOL_FREE_BASE_EVENT_CATALOGUE_H

#include "spool-free/base/slice.h"

enum event_name {
#define EVENT(name, level, text, must, may, meaning) EVENT_##name,
#include "spool-free/base/event.def"
#undef EVENT
	EVENT_COUNT
};

/* The order is that of the words in the settings. */
enum event_level { EVENT_LEVEL_info, EVENT_LEVEL_warning, EVENT_LEVEL_error, EVENT_LEVELS };

enum event_kind { EVENT_KIND_NUMBER, EVENT_KIND_TEXT, EVENT_KIND_QUOTED };

struct event_row {
	enum event_level level;
	struct slice text; /* "job.done" */
	struct slice must; /* "(job, tenant)" */
	struct slice may;
	struct slice meaning;
};

struct event_field_row {
	struct slice key;
	enum event_kind kind;
	struct slice meaning;
};

extern const struct event_row event_rows[EVENT_COUNT];
extern const struct event_field_row event_fields[];
extern const size_t event_field_count;

struct slice event_level_name(enum event_level level); /* info, warning, error */
bool event_level_find(struct slice name, enum event_level *out_level);
bool event_find(struct slice text, enum event_name *out_name);
const struct event_field_row *event_field_find(struct slice key); /* or NULL */
/* Takes the next key off "(job, tenant)"; false when nothing is left. */
bool event_next_key(struct slice *keys, struct slice *out_key);

#endif
