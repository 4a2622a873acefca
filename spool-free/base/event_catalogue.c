#include "spool-free/base/event_catalogue.h"

const struct event_row event_rows[EVENT_COUNT] = {
#define EVENT(name, level, text, must, may, meaning)                                               \
	[EVENT_##name] = {EVENT_LEVEL_##level, SLICE_INIT(text), SLICE_INIT(#must),                \
			  SLICE_INIT(#may), SLICE_INIT(meaning)},
#include "spool-free/base/event.def"
#undef EVENT
};

const struct event_field_row event_fields[] = {
#define FIELD(key, kind, meaning) {SLICE_INIT(#key), EVENT_KIND_##kind, SLICE_INIT(meaning)},
#include "spool-free/base/event_field.def"
#undef FIELD
};
const size_t event_field_count = COUNT_OF(event_fields);

static const struct slice levels[EVENT_LEVELS] = {
	[EVENT_LEVEL_info] = SLICE_INIT("info"),
	[EVENT_LEVEL_warning] = SLICE_INIT("warning"),
	[EVENT_LEVEL_error] = SLICE_INIT("error"),
};

struct slice event_level_name(enum event_level level)
{
	return levels[level];
}

bool event_level_find(struct slice name, enum event_level *out_level)
{
	for (unsigned i = 0; i < EVENT_LEVELS; i++) {
		if (slice_eq(levels[i], name)) {
			*out_level = (enum event_level)i;
			return true;
		}
	}
	return false;
}

bool event_find(struct slice text, enum event_name *out_name)
{
	for (unsigned i = 0; i < EVENT_COUNT; i++) {
		if (slice_eq(event_rows[i].text, text)) {
			*out_name = (enum event_name)i;
			return true;
		}
	}
	return false;
}

const struct event_field_row *event_field_find(struct slice key)
{
	for (size_t i = 0; i < event_field_count; i++) {
		if (slice_eq(event_fields[i].key, key)) {
			return &event_fields[i];
		}
	}
	return NULL;
}

static bool is_of_key(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool event_next_key(struct slice *keys, struct slice *out_key)
{
	size_t n = 0;
	while (keys->len > 0 && !is_of_key(keys->ptr[0])) {
		*keys = slice_skip(*keys, 1);
	}
	while (n < keys->len && is_of_key(keys->ptr[n])) {
		n++;
	}
	*out_key = slice_first(*keys, n);
	*keys = slice_skip(*keys, n);
	return n > 0;
}
