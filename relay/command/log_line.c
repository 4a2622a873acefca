#include "relay/command/log_line.h"

#include <string.h>

#include "spool-free/base/json.h"

enum { DAY_LEN = 10, HOUR_LEN = 13, US_A_MS = 1000 };

/* --- text -------------------------------------------------------------------------------------------- */

static bool is_of_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

static bool is_name(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_of_name(s.ptr[i])) {
			return false;
		}
	}
	return s.len > 0;
}

static bool is_number(struct slice s)
{
	uint64_t unused;
	return slice_to_u64(s, UINT64_MAX, &unused);
}

/* Up to the next space, or to the end. */
static struct slice take_word(struct slice *rest)
{
	struct slice word;
	if (!slice_cut_to(rest, ' ', &word)) {
		word = *rest;
		*rest = (struct slice){0};
	}
	return word;
}

/* No event of ours has one twice, or one that is told before them; a line that anybody wrote may. */
static bool is_told(const struct log_line *l, struct slice key)
{
	bool found = slice_eq(key, SLICE_LIT("time")) || slice_eq(key, SLICE_LIT("level")) ||
		     slice_eq(key, SLICE_LIT("event"));
	for (size_t i = 0; i < l->count; i++) {
		found |= slice_eq(l->fields[i].key, key);
	}
	return found;
}

static void keep_field(struct log_line *l, struct slice key, struct slice value,
		       enum event_kind kind)
{
	if (l->count < LOG_FIELDS_MAX && !is_told(l, key)) {
		l->fields[l->count++] = (struct log_field){key, value, kind};
	}
}

/* What stands between quotes; its escapes shrink in place. */
static bool take_quoted(struct slice *rest, struct slice *out_value)
{
	char *at = (char *)rest->ptr + 1; /* the caller's bytes, which may be changed */
	size_t n = 0, i = 1;
	for (; i < rest->len && rest->ptr[i] != '"'; i++) {
		i += rest->ptr[i] == '\\' ? 1 : 0;
		if (i >= rest->len) {
			return false;
		}
		at[n++] = rest->ptr[i];
	}
	if (i >= rest->len || (i + 1 < rest->len && rest->ptr[i + 1] != ' ')) {
		return false;
	}
	*out_value = slice_of(at, n);
	*rest = slice_skip(*rest, i + 2);
	return true;
}

static bool take_field(struct log_line *l, struct slice *rest)
{
	struct slice key, value;
	if (!slice_cut_to(rest, '=', &key) || !is_name(key)) {
		return false;
	}
	if (rest->len > 0 && rest->ptr[0] == '"') {
		if (!take_quoted(rest, &value)) {
			return false;
		}
		keep_field(l, key, value, EVENT_KIND_QUOTED);
		return true;
	}
	value = take_word(rest);
	const struct event_field_row *row = event_field_find(key);
	bool counts = row != NULL && row->kind == EVENT_KIND_NUMBER && is_number(value);
	keep_field(l, key, value, counts ? EVENT_KIND_NUMBER : EVENT_KIND_TEXT);
	return true;
}

/* `job.done proc=gateway ...` */
static bool read_message(struct log_line *l, struct slice rest)
{
	l->count = 0;
	l->event = take_word(&rest);
	if (!is_name(l->event)) {
		return false;
	}
	while (rest.len > 0) {
		if (!take_field(l, &rest)) {
			return false;
		}
	}
	return true;
}

static bool take_time(struct log_line *l, struct slice text)
{
	if (!civil_parse(text, &l->at)) {
		return false;
	}
	civil_rfc3339(l->at, l->time);
	return true;
}

static bool read_text(struct log_line *l, struct slice rest)
{
	return take_time(l, take_word(&rest)) && event_level_find(take_word(&rest), &l->level) &&
	       read_message(l, rest);
}

/* Behind what others put before it: `Nov 30 04:20:21 host pagepost[123]: ` */
static bool read_any_text(struct log_line *l, struct slice text)
{
	size_t mark = slice_find(text, SLICE_LIT("]: "));
	return read_text(l, text) || (mark < text.len && read_text(l, slice_skip(text, mark + 3)));
}

/* --- JSON -------------------------------------------------------------------------------------------- */

struct record {
	struct slice time, level, event, message, priority;
	struct slice sent, stamp; /* when it was sent, and when journald took it */
	bool is_native;		  /* of the journal, by our own fields */
};

static enum event_kind kind_of(enum json_kind kind, struct slice key)
{
	const struct event_field_row *row = event_field_find(key);
	if (kind == JSON_NUMBER) {
		return EVENT_KIND_NUMBER;
	}
	return row != NULL && row->kind == EVENT_KIND_QUOTED ? EVENT_KIND_QUOTED : EVENT_KIND_TEXT;
}

static void keep_pair(struct log_line *l, struct record *r, struct slice key,
		      struct json_token value)
{
	const struct {
		struct slice key;
		struct slice *into;
	} known[] = {
		{SLICE_LIT("time"), &r->time},
		{SLICE_LIT("level"), &r->level},
		{SLICE_LIT("event"), &r->event},
		{SLICE_LIT("MESSAGE"), &r->message},
		{SLICE_LIT("_SOURCE_REALTIME_TIMESTAMP"), &r->sent},
		{SLICE_LIT("__REALTIME_TIMESTAMP"), &r->stamp},
		{SLICE_LIT("PRIORITY"), &r->priority},
	};
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (slice_eq(known[i].key, key)) {
			*known[i].into = value.text;
			return;
		}
	}
	r->is_native |= slice_eq(key, SLICE_LIT("PAGEPOST_EVENT"));
	if (is_name(key)) {
		keep_field(l, key, value.text, kind_of(value.kind, key));
	}
}

static bool read_pairs(struct log_line *l, struct record *r, struct json *j)
{
	struct json_token t = json_next(j);
	if (t.kind != JSON_OBJECT) {
		return false;
	}
	for (t = json_next(j); t.kind == JSON_KEY; t = json_next(j)) {
		struct slice key = t.text;
		t = json_next(j);
		if (t.kind == JSON_STRING || t.kind == JSON_NUMBER) {
			keep_pair(l, r, key, t);
		} else if (t.kind == JSON_BAD || ((t.kind == JSON_OBJECT || t.kind == JSON_ARRAY) &&
						  json_skip(j, t) != FAULT_NONE)) {
			return false;
		}
	}
	return t.kind == JSON_OBJECT_END && json_next(j).kind == JSON_END;
}

static bool read_json(struct log_line *l, char *bytes, size_t len, struct record *out_record)
{
	struct json j;
	*out_record = (struct record){.is_native = false};
	l->count = 0;
	json_init(&j, bytes, len);
	return read_pairs(l, out_record, &j);
}

static bool take_own(struct log_line *l, const struct record *r)
{
	l->event = r->event;
	return take_time(l, r->time) && event_level_find(r->level, &l->level) && is_name(r->event);
}

/* Our fields stand once more in the message, which is the text without its time and level. */
static bool take_native(struct log_line *l, const struct record *r)
{
	uint64_t us;
	if (!slice_to_u64(r->sent.len > 0 ? r->sent : r->stamp, INT64_MAX, &us)) {
		return false;
	}
	l->at.ms = (int64_t)(us / US_A_MS);
	civil_rfc3339(l->at, l->time);
	l->level = slice_eq(r->priority, SLICE_LIT("6"))   ? EVENT_LEVEL_info
		   : slice_eq(r->priority, SLICE_LIT("4")) ? EVENT_LEVEL_warning
							   : EVENT_LEVEL_error;
	return read_message(l, r->message);
}

static bool read_object(struct log_line *l, char *bytes, size_t len)
{
	struct record r, within;
	if (!read_json(l, bytes, len, &r)) {
		return false;
	}
	if (r.message.len == 0) {
		return take_own(l, &r);
	}
	if (r.is_native) {
		return take_native(l, &r);
	}
	/* What a process wrote to standard error, as the journal keeps it. */
	if (r.message.ptr[0] == '{') {
		return read_json(l, (char *)r.message.ptr, r.message.len, &within) &&
		       take_own(l, &within);
	}
	return read_any_text(l, r.message);
}

/* A line's priority, where it was meant for journald and came elsewhere. */
static struct slice skip_priority(struct slice text)
{
	bool has = text.len >= 3 && text.ptr[0] == '<' && text.ptr[2] == '>';
	return has ? slice_skip(text, 3) : text;
}

bool log_line_read(struct log_line *l, char *bytes, size_t len)
{
	struct slice text = skip_priority(slice_trim(slice_of(bytes, len)));
	if (text.len == 0) {
		return false;
	}
	return text.ptr[0] == '{' ? read_object(l, bytes + (text.ptr - bytes), text.len)
				  : read_any_text(l, text);
}

/* --- asking and writing ------------------------------------------------------------------------------ */

bool log_line_value(const struct log_line *l, struct slice key, struct slice *out_value)
{
	const struct {
		struct slice key, value;
	} heads[] = {
		{SLICE_LIT("event"), l->event},
		{SLICE_LIT("level"), event_level_name(l->level)},
		{SLICE_LIT("time"), slice_of(l->time, sizeof(l->time))},
		{SLICE_LIT("day"), slice_of(l->time, DAY_LEN)},
		{SLICE_LIT("hour"), slice_of(l->time, HOUR_LEN)},
	};
	for (size_t i = 0; i < COUNT_OF(heads); i++) {
		if (slice_eq(heads[i].key, key)) {
			*out_value = heads[i].value;
			return true;
		}
	}
	for (size_t i = 0; i < l->count; i++) {
		if (slice_eq(l->fields[i].key, key)) {
			*out_value = l->fields[i].value;
			return true;
		}
	}
	return false;
}

static enum fault put_quoted(struct slice value, struct buf *into)
{
	enum fault f = buf_add_byte(into, '"');
	for (size_t i = 0; i < value.len && f == FAULT_NONE; i++) {
		char c = value.ptr[i];
		if (c == '"' || c == '\\') {
			f = buf_add_byte(into, '\\');
		}
		if (f == FAULT_NONE) {
			f = buf_add_byte(into, c >= ' ' && c != 0x7F ? c : '?');
		}
	}
	return f == FAULT_NONE ? buf_add_byte(into, '"') : f;
}

/* A terminal gets no control bytes, whoever wrote the file. */
static enum fault put_tame(struct slice value, struct buf *into)
{
	enum fault f = FAULT_NONE;
	for (size_t i = 0; i < value.len && f == FAULT_NONE; i++) {
		char c = value.ptr[i];
		f = buf_add_byte(into, c > ' ' && c <= '~' ? c : '?');
	}
	return f;
}

static enum fault put_text_field(const struct log_field *field, struct buf *into)
{
	enum fault f = buf_add_byte(into, ' ');
	if (f == FAULT_NONE) {
		f = put_tame(field->key, into);
	}
	if (f == FAULT_NONE) {
		f = buf_add_byte(into, '=');
	}
	if (f == FAULT_NONE) {
		bool is_quoted = field->kind == EVENT_KIND_QUOTED ||
				 slice_starts(field->value, SLICE_LIT("\""));
		f = is_quoted ? put_quoted(field->value, into) : put_tame(field->value, into);
	}
	return f;
}

enum fault log_line_put_text(const struct log_line *l, struct buf *into)
{
	const struct slice parts[] = {slice_of(l->time, sizeof(l->time)), SLICE_LIT(" "),
				      event_level_name(l->level), SLICE_LIT(" "), l->event};
	enum fault f = FAULT_NONE;
	for (size_t i = 0; i < COUNT_OF(parts) && f == FAULT_NONE; i++) {
		f = buf_add(into, parts[i]);
	}
	for (size_t i = 0; i < l->count && f == FAULT_NONE; i++) {
		f = put_text_field(&l->fields[i], into);
	}
	return f == FAULT_NONE ? buf_add_byte(into, '\n') : f;
}

enum fault log_line_put_json(const struct log_line *l, struct buf *into)
{
	struct json_writer w;
	uint64_t number;
	json_writer_init(&w, into);
	json_put_object(&w);
	json_member_text(&w, "time", slice_of(l->time, sizeof(l->time)));
	json_member_text(&w, "level", event_level_name(l->level));
	json_member_text(&w, "event", l->event);
	for (size_t i = 0; i < l->count; i++) {
		const struct log_field *field = &l->fields[i];
		json_put_name(&w, field->key);
		if (field->kind == EVENT_KIND_NUMBER &&
		    slice_to_u64(field->value, UINT64_MAX, &number)) {
			json_put_u64(&w, number);
		} else {
			json_put_string(&w, field->value);
		}
	}
	json_put_object_end(&w);
	return json_writer_fault(&w) == FAULT_NONE ? buf_add_byte(into, '\n')
						   : json_writer_fault(&w);
}
