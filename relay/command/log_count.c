#include "relay/command/log_count.h"

#include <stdlib.h>

#include "spool-free/base/json.h"

enum { ARENA_MAX = 64 * 1024 * 1024, PLACES = 32768, COUNT_WIDTH = 8 };

static const struct slice event_key = SLICE_INIT("event");

static bool is_key(struct slice key)
{
	static const struct slice heads[] = {SLICE_INIT("event"), SLICE_INIT("level"),
					     SLICE_INIT("day"), SLICE_INIT("hour")};
	for (size_t i = 0; i < COUNT_OF(heads); i++) {
		if (slice_eq(heads[i], key)) {
			return true;
		}
	}
	return event_field_find(key) != NULL;
}

static enum fault add_key(struct log_count *c, struct slice key, struct problem *p)
{
	if (!is_key(key)) {
		problem_set(p, FAULT_BAD_FIELD, "");
		problem_add_name(p, key);
		problem_add(p, " is no field of an event; 'man pagepost' lists them under EVENTS.");
		return FAULT_BAD_FIELD;
	}
	if (c->key_count == LOG_COUNT_KEYS) {
		return problem_set(p, FAULT_BAD_FIELD, "At most 7 fields can be counted by.");
	}
	if (!slice_eq(key, event_key)) {
		c->keys[c->key_count++] = key;
	}
	return FAULT_NONE;
}

enum fault log_count_init(struct log_count *c, struct slice keys, struct problem *p)
{
	enum fault f = FAULT_NONE;
	*c = (struct log_count){.keys = {event_key}, .key_count = 1};
	arena_init_growing(&c->arena, ARENA_MAX);
	do {
		struct slice key;
		if (!slice_cut_to(&keys, ',', &key)) {
			key = keys;
			keys = (struct slice){0};
		}
		f = add_key(c, key, p);
	} while (f == FAULT_NONE && keys.len > 0);
	if (f == FAULT_NONE) {
		c->rows = arena_array(&c->arena, PLACES, sizeof(*c->rows));
		f = c->rows != NULL ? FAULT_NONE : problem_set(p, FAULT_NO_MEMORY, "");
	}
	return f;
}

void log_count_deinit(struct log_count *c)
{
	arena_deinit(&c->arena);
}

/* FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t hash_of(const struct slice *values, size_t count)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j <= values[i].len; j++) {
			unsigned char byte = j < values[i].len ? (unsigned char)values[i].ptr[j]
							       : 0xFF;
			hash = (hash ^ byte) * UINT64_C(0x100000001b3);
		}
	}
	return hash;
}

static bool is_same(const struct log_count *c, const struct log_count_row *row,
		    const struct slice *values)
{
	for (size_t i = 0; i < c->key_count; i++) {
		if (!slice_eq(row->values[i], values[i])) {
			return false;
		}
	}
	return true;
}

/* The row of these values, or an empty one. */
static struct log_count_row *find(struct log_count *c, const struct slice *values, uint64_t hash)
{
	size_t at = hash % PLACES;
	while (c->rows[at].count > 0 &&
	       (c->rows[at].hash != hash || !is_same(c, &c->rows[at], values))) {
		at = (at + 1) % PLACES;
	}
	return &c->rows[at];
}

static enum fault count_values(struct log_count *c, const struct slice *values)
{
	uint64_t hash = hash_of(values, c->key_count);
	struct log_count_row *row = find(c, values, hash);
	if (row->count == 0 && c->row_count == LOG_COUNT_ROWS) {
		c->others++;
		return FAULT_NONE;
	}
	if (row->count == 0) {
		for (size_t i = 0; i < c->key_count; i++) {
			enum fault f = arena_copy(&c->arena, values[i], &row->values[i]);
			if (f != FAULT_NONE) {
				return f;
			}
		}
		row->hash = hash;
		c->row_count++;
	}
	row->count++;
	return FAULT_NONE;
}

enum fault log_count_add(struct log_count *c, const struct log_line *l)
{
	struct slice values[LOG_COUNT_KEYS] = {l->event};
	size_t said = 0;
	for (size_t i = 1; i < c->key_count; i++) {
		bool is_there = log_line_value(l, c->keys[i], &values[i]);
		values[i] = is_there ? values[i] : SLICE_LIT("-");
		said += is_there;
	}
	return said > 0 || c->key_count == 1 ? count_values(c, values) : FAULT_NONE;
}

/* --- telling ----------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
	const struct log_count_row *one = a, *other = b;
	if (one->count != other->count) {
		return one->count < other->count ? 1 : -1;
	}
	for (size_t i = 0; i < LOG_COUNT_KEYS; i++) {
		int order = slice_compare(one->values[i], other->values[i]);
		if (order != 0) {
			return order;
		}
	}
	return 0;
}

/* Control bytes are no terminal's business. */
static void put_tame(FILE *to, struct slice s, size_t width)
{
	for (size_t i = 0; i < s.len; i++) {
		fputc(s.ptr[i] >= ' ' && s.ptr[i] <= '~' ? s.ptr[i] : '?', to);
	}
	for (size_t i = s.len; i < width; i++) {
		fputc(' ', to);
	}
}

static void put_row(const struct log_count *c, const struct slice *values, const size_t *widths,
		    FILE *to)
{
	for (size_t k = 0; k < c->key_count; k++) {
		fputs("  ", to);
		put_tame(to, values[k], k + 1 < c->key_count ? widths[k] : 0);
	}
	fputc('\n', to);
}

static void print_table(const struct log_count *c, FILE *to)
{
	size_t widths[LOG_COUNT_KEYS] = {0};
	for (size_t k = 0; k < c->key_count; k++) {
		widths[k] = c->keys[k].len;
		for (size_t i = 0; i < c->row_count; i++) {
			size_t len = c->rows[i].values[k].len;
			widths[k] = len > widths[k] ? len : widths[k];
		}
	}
	fprintf(to, "%*s", COUNT_WIDTH, "count");
	put_row(c, c->keys, widths, to);
	for (size_t i = 0; i < c->row_count; i++) {
		fprintf(to, "%*llu", COUNT_WIDTH, (unsigned long long)c->rows[i].count);
		put_row(c, c->rows[i].values, widths, to);
	}
	if (c->others > 0) {
		fprintf(to, "%*llu  other\n", COUNT_WIDTH, (unsigned long long)c->others);
	}
}

static enum fault print_object(const struct log_count *c, const struct log_count_row *row, FILE *to)
{
	CLEANUP(buf_deinit) struct buf line;
	struct json_writer w;
	buf_init(&line, LOG_LINE_MAX * 2);
	json_writer_init(&w, &line);
	json_put_object(&w);
	json_member_u64(&w, "count", row->count);
	for (size_t k = 0; k < c->key_count && row->hash != 0; k++) {
		json_put_name(&w, c->keys[k]);
		json_put_string(&w, row->values[k]);
	}
	json_put_object_end(&w);
	fwrite(line.ptr, 1, line.len, to);
	fputc('\n', to);
	return json_writer_fault(&w);
}

static enum fault print_objects(const struct log_count *c, FILE *to)
{
	enum fault f = FAULT_NONE;
	for (size_t i = 0; i < c->row_count && f == FAULT_NONE; i++) {
		f = print_object(c, &c->rows[i], to);
	}
	const struct log_count_row others = {.count = c->others};
	return f == FAULT_NONE && c->others > 0 ? print_object(c, &others, to) : f;
}

enum fault log_count_print(struct log_count *c, FILE *to, bool as_json)
{
	/* Nothing is looked up from here on: rows stand in a row. */
	size_t n = 0;
	for (size_t i = 0; i < PLACES; i++) {
		if (c->rows[i].count > 0) {
			c->rows[n++] = c->rows[i];
		}
	}
	qsort(c->rows, n, sizeof(*c->rows), compare);
	if (as_json) {
		return print_objects(c, to);
	}
	print_table(c, to);
	return FAULT_NONE;
}
