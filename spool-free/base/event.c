#include "spool-free/base/event.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "spool-free/base/instant.h"

/* The one global that house-style.md allows: where the log goes. Written once, before the threads; but for the level. */
static struct {
	struct event_sink to;
	struct slice process;
	_Atomic enum event_level least;
	_Atomic uint64_t untold; /* lines that were dropped since the last log.dropped */
	_Atomic uint64_t dropped;
} log_to = {.to = {.fd = -1}};

struct line {
	char bytes[2 * EVENT_LINE_MAX];
	size_t len;
	size_t most;
	bool is_full;
};

void event_open(const struct event_sink *to, struct slice process)
{
	log_to.process = process;
	log_to.to = *to;
}

void event_start(int fd, struct slice process)
{
	const struct event_sink to = {.fd = fd, .form = EVENT_FORM_TEXT};
	event_open(&to, process);
}

void event_set_least(enum event_level least)
{
	atomic_store(&log_to.least, least);
}

uint64_t event_dropped(void)
{
	return atomic_load(&log_to.dropped);
}

enum { MANNER_IS_ONE = 1, MANNER_AS_JSON = 2, MANNER_IS_PRIORITIZED = 4, MANNER_LEVELS = 8 };

unsigned event_manner(void)
{
	return MANNER_IS_ONE | (log_to.to.form == EVENT_FORM_JSON ? MANNER_AS_JSON : 0) |
	       (log_to.to.is_prioritized ? MANNER_IS_PRIORITIZED : 0) |
	       MANNER_LEVELS * (unsigned)atomic_load(&log_to.least);
}

void event_start_in(unsigned manner, int fd, struct slice process)
{
	const struct event_sink to = {.fd = fd,
				      .form = (manner & MANNER_AS_JSON) != 0 ? EVENT_FORM_JSON
									     : EVENT_FORM_TEXT,
				      .is_prioritized = (manner & MANNER_IS_PRIORITIZED) != 0};
	unsigned least = manner / MANNER_LEVELS;
	event_set_least(least < EVENT_LEVELS ? (enum event_level)least : EVENT_LEVEL_info);
	event_open(&to, process);
}

/* --- a line ------------------------------------------------------------------------------------------ */

/* Two bytes stay free for the line's end. */
static void add(struct line *l, struct slice s)
{
	if (l->is_full || s.len > l->most - 2 - l->len) {
		l->is_full = true;
		return;
	}
	if (s.len > 0) {
		memcpy(l->bytes + l->len, s.ptr, s.len);
		l->len += s.len;
	}
}

/* There is room for it. */
static void add_end(struct line *l, struct slice s)
{
	memcpy(l->bytes + l->len, s.ptr, s.len);
	l->len += s.len;
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("-_.:/", c) != NULL);
}

static bool is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

static void add_plain(struct line *l, struct slice value)
{
	value = slice_first(value, EVENT_VALUE_MAX);
	for (size_t i = 0; i < value.len; i++) {
		char c = is_plain(value.ptr[i]) ? value.ptr[i] : '?';
		add(l, slice_of(&c, 1));
	}
}

/* Between quotes, as JSON has it: so both forms are read alike. */
static void add_quoted(struct line *l, struct slice value)
{
	value = slice_first(value, EVENT_VALUE_MAX);
	add(l, SLICE_LIT("\""));
	for (size_t i = 0; i < value.len; i++) {
		char c = is_printable(value.ptr[i]) ? value.ptr[i] : '?';
		add(l, c == '"' || c == '\\' ? SLICE_LIT("\\") : (struct slice){0});
		add(l, slice_of(&c, 1));
	}
	add(l, SLICE_LIT("\""));
}

static void add_number(struct line *l, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	add(l, slice_of(digits + at, sizeof(digits) - at));
}

static void add_text_field(struct line *l, const struct event_field *f)
{
	add(l, SLICE_LIT(" "));
	add(l, slice_of_text(f->key));
	add(l, SLICE_LIT("="));
	if (f->kind == EVENT_KIND_NUMBER) {
		add_number(l, f->number);
	} else if (f->kind == EVENT_KIND_QUOTED) {
		add_quoted(l, f->text);
	} else {
		add_plain(l, f->text);
	}
}

static void add_json_field(struct line *l, const struct event_field *f)
{
	add(l, SLICE_LIT(",\""));
	add(l, slice_of_text(f->key));
	add(l, SLICE_LIT("\":"));
	if (f->kind == EVENT_KIND_NUMBER) {
		add_number(l, f->number);
	} else if (f->kind == EVENT_KIND_QUOTED) {
		add_quoted(l, f->text);
	} else {
		add(l, SLICE_LIT("\""));
		add_plain(l, f->text);
		add(l, SLICE_LIT("\""));
	}
}

/* PAGEPOST_JOB=...: one line of the datagram; no value holds a line's end. */
static void add_journal_field(struct line *l, const struct event_field *f)
{
	add(l, SLICE_LIT("\nPAGEPOST_"));
	for (const char *c = f->key; *c != '\0'; c++) {
		char upper = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
		add(l, slice_of(&upper, 1));
	}
	add(l, SLICE_LIT("="));
	if (f->kind == EVENT_KIND_NUMBER) {
		add_number(l, f->number);
	} else if (f->kind == EVENT_KIND_QUOTED) {
		for (size_t i = 0; i < f->text.len && i < EVENT_VALUE_MAX; i++) {
			char c = is_printable(f->text.ptr[i]) ? f->text.ptr[i] : '?';
			add(l, slice_of(&c, 1));
		}
	} else {
		add_plain(l, f->text);
	}
}

typedef void add_field_fn(struct line *l, const struct event_field *f);

/* What does not fit is left out: a line is whole whatever its values are. */
static void add_fields(struct line *l, const struct event_field *fields, size_t count,
		       add_field_fn *add_field)
{
	const struct event_field process = EVENT_MAYBE("proc", log_to.process);
	for (size_t i = 0; i <= count; i++) {
		const struct event_field *f = i == 0 ? &process : &fields[i - 1];
		size_t before = l->len;
		if (f->may_lack && f->text.len == 0 && f->number == 0) {
			continue;
		}
		add_field(l, f);
		if (l->is_full) {
			l->len = before;
			l->is_full = false;
		}
	}
}

static struct slice priority(enum event_name name)
{
	static const struct slice priorities[EVENT_LEVELS] = {
		[EVENT_LEVEL_info] = SLICE_INIT("6"),
		[EVENT_LEVEL_warning] = SLICE_INIT("4"),
		[EVENT_LEVEL_error] = SLICE_INIT("3"),
	};
	return priorities[event_rows[name].level];
}

static void add_prefix(struct line *l, enum event_name name)
{
	if (log_to.to.is_prioritized) {
		add(l, SLICE_LIT("<"));
		add(l, priority(name));
		add(l, SLICE_LIT(">"));
	}
}

static void add_time(struct line *l)
{
	char now[CIVIL_RFC3339_LEN];
	civil_rfc3339(civil_now(), now);
	add(l, slice_of(now, sizeof(now)));
}

static void make_text(struct line *l, enum event_name name, const struct event_field *fields,
		      size_t count)
{
	add_prefix(l, name);
	add_time(l);
	add(l, SLICE_LIT(" "));
	add(l, event_level_name(event_rows[name].level));
	add(l, SLICE_LIT(" "));
	add(l, event_rows[name].text);
	add_fields(l, fields, count, add_text_field);
	add_end(l, SLICE_LIT("\n"));
}

static void make_json(struct line *l, enum event_name name, const struct event_field *fields,
		      size_t count)
{
	add_prefix(l, name);
	add(l, SLICE_LIT("{\"time\":\""));
	add_time(l);
	add(l, SLICE_LIT("\",\"level\":\""));
	add(l, event_level_name(event_rows[name].level));
	add(l, SLICE_LIT("\",\"event\":\""));
	add(l, event_rows[name].text);
	add(l, SLICE_LIT("\""));
	add_fields(l, fields, count, add_json_field);
	add_end(l, SLICE_LIT("}\n"));
}

static void make_journal(struct line *l, enum event_name name, const struct event_field *fields,
			 size_t count)
{
	add(l, SLICE_LIT("SYSLOG_IDENTIFIER=pagepost\nPRIORITY="));
	add(l, priority(name));
	add(l, SLICE_LIT("\nMESSAGE="));
	add(l, event_rows[name].text);
	add_fields(l, fields, count, add_text_field);
	l->most = sizeof(l->bytes);
	add(l, SLICE_LIT("\nPAGEPOST_EVENT="));
	add(l, event_rows[name].text);
	add_fields(l, fields, count, add_journal_field);
	add_end(l, SLICE_LIT("\n"));
}

static void make(struct line *l, enum event_name name, const struct event_field *fields,
		 size_t count)
{
	l->len = 0;
	l->most = EVENT_LINE_MAX;
	l->is_full = false;
	switch (log_to.to.form) {
	case EVENT_FORM_TEXT:
		make_text(l, name, fields, count);
		break;
	case EVENT_FORM_JSON:
		make_json(l, name, fields, count);
		break;
	case EVENT_FORM_JOURNAL:
		make_journal(l, name, fields, count);
		break;
	}
}

/* --- writing it -------------------------------------------------------------------------------------- */

static bool write_line(const struct line *l)
{
	ssize_t n;
	do {
		n = log_to.to.is_socket
			    ? send(log_to.to.fd, l->bytes, l->len, MSG_DONTWAIT | MSG_NOSIGNAL)
			    : write(log_to.to.fd, l->bytes, l->len);
	} while (n < 0 && errno == EINTR);
	return n == (ssize_t)l->len;
}

/* A log that cannot be written must not stop a job: it is told once it can be. */
static void drop(uint64_t lines)
{
	atomic_fetch_add(&log_to.untold, lines);
}

static bool tell_dropped(struct line *room)
{
	uint64_t lines = atomic_exchange(&log_to.untold, 0);
	if (lines == 0) {
		return true;
	}
	const struct event_field count = EVENT_NUMBER("count", lines);
	make(room, EVENT_LOG_DROPPED, &count, 1);
	if (write_line(room)) {
		return true;
	}
	drop(lines);
	return false;
}

void event_write(enum event_name name, const struct event_field *fields, size_t count)
{
	struct line l;
	if (log_to.to.fd < 0 || event_rows[name].level < atomic_load(&log_to.least)) {
		return;
	}
	bool is_told = atomic_load(&log_to.untold) == 0 || tell_dropped(&l);
	if (is_told) {
		make(&l, name, fields, count);
	}
	if (!is_told || !write_line(&l)) {
		drop(1);
		atomic_fetch_add(&log_to.dropped, 1);
	}
}
