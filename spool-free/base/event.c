#include "spool-free/base/event.h"

#include <string.h>
#include <unistd.h>

#include "spool-free/base/instant.h"

enum { LINE_MAX_BYTES = 1024, VALUE_MAX = 200 };

static const struct {
	struct slice level;
	struct slice text;
} rows[EVENT_COUNT] = {
#define EVENT(name, level, text, meaning) [EVENT_##name] = {SLICE_INIT(#level), SLICE_INIT(text)},
#include "spool-free/base/event.def"
#undef EVENT
};

/* The one global that house-style.md allows: where the log goes. Written once, before the threads.
 */
static struct {
	int fd;
	struct slice process;
} sink = {.fd = -1};

struct line {
	char bytes[LINE_MAX_BYTES];
	size_t len;
};

void event_start(int fd, struct slice process)
{
	sink.process = process;
	sink.fd = fd;
}

/* One byte stays free for the line's end. */
static void add(struct line *l, struct slice s)
{
	struct slice fits = slice_first(s, sizeof(l->bytes) - 1 - l->len);
	if (fits.len > 0) {
		memcpy(l->bytes + l->len, fits.ptr, fits.len);
		l->len += fits.len;
	}
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("-_.:/", c) != NULL);
}

static void add_value(struct line *l, struct slice value)
{
	value = slice_first(value, VALUE_MAX);
	for (size_t i = 0; i < value.len; i++) {
		char c = is_plain(value.ptr[i]) ? value.ptr[i] : '?';
		add(l, slice_of(&c, 1));
	}
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

static void add_key(struct line *l, const char *key)
{
	add(l, SLICE_LIT(" "));
	add(l, slice_of_text(key));
	add(l, SLICE_LIT("="));
}

void event_write(enum event_name name, const struct event_field *fields, size_t count)
{
	struct line l = {.len = CIVIL_RFC3339_LEN};
	if (sink.fd < 0) {
		return;
	}
	civil_rfc3339(civil_now(), l.bytes);
	add(&l, SLICE_LIT(" "));
	add(&l, rows[name].level);
	add(&l, SLICE_LIT(" "));
	add(&l, rows[name].text);
	if (sink.process.len > 0) {
		add_key(&l, "proc");
		add_value(&l, sink.process);
	}
	for (size_t i = 0; i < count; i++) {
		add_key(&l, fields[i].key);
		if (fields[i].text.ptr != NULL) {
			add_value(&l, fields[i].text);
		} else {
			add_number(&l, fields[i].number);
		}
	}
	l.bytes[l.len++] = '\n';
	/* A log that cannot be written must not stop a job: there is no one to tell. */
	ssize_t written = write(sink.fd, l.bytes, l.len);
	(void)written;
}
