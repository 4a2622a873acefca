/*
 * NAME     log_line - one line of the log, read: of text, of JSON, or as `journalctl -o json` tells either or the native form
 * TAKES    before a line of text also what syslog or a container's runtime puts there, up to "]: ", and a priority: <4>
 * TIME     of the native form, when it was sent
 * OWNS     nothing: slices point into the bytes that were read, or into the line itself
 * LIMIT    LOG_FIELDS_MAX fields; more of them are left out
 * PURE     no clock
 */
#ifndef RELAY_COMMAND_LOG_LINE_H
#define RELAY_COMMAND_LOG_LINE_H

#include "spool-free/base/buf.h"
#include "spool-free/base/event.h"
#include "spool-free/base/instant.h"

enum { LOG_FIELDS_MAX = 32, LOG_LINE_MAX = 64 * 1024 };

struct log_field {
	struct slice key;
	struct slice value;
	enum event_kind kind;
};

struct log_line {
	struct civil at;
	char time[CIVIL_RFC3339_LEN];
	enum event_level level;
	struct slice event;
	struct log_field fields[LOG_FIELDS_MAX];
	size_t count;
};

/* False when it is no event. The bytes may be changed: escapes shrink in place. */
bool log_line_read(struct log_line *l, char *bytes, size_t len);

/* Of a field, or of "event", "level", "time", "day", "hour"; false when the line has none. */
bool log_line_value(const struct log_line *l, struct slice key, struct slice *out_value);

MUST_USE enum fault log_line_put_text(const struct log_line *l, struct buf *into);
MUST_USE enum fault log_line_put_json(const struct log_line *l, struct buf *into);

#endif
