#include "relay/command/vault_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spool-free/base/text.h"
#include "config/vault/assign.h"

enum { GAP = 2, KEY_ROOM = 64, SHOWN_HASH = 12, LONG_TEXT = 120 };

/* --- the table --------------------------------------------------------------------------------------- */

static size_t width_of(struct slice s)
{
	size_t width = 0;
	while (s.len > 0) {
		width += text_columns(text_next(&s));
	}
	return width;
}

/* A label may hold any character that is fit for a header. */
static void print_cell(struct slice s)
{
	while (s.len > 0) {
		char bytes[TEXT_UTF8_MAX];
		uint32_t code = text_next(&s);
		bool is_control = code < 0x20 || (code >= 0x7F && code < 0xA0);
		size_t n = text_encode(is_control ? '?' : code, bytes);
		fwrite(bytes, 1, n, stdout);
	}
}

void vault_table_print(const struct vault_table *t)
{
	size_t widest[VAULT_COLUMNS_MAX] = {0};
	for (size_t row = 0; row < t->count; row++) {
		for (size_t column = 0; column < t->columns; column++) {
			size_t width = width_of(t->rows[row].cells[column]);
			widest[column] = width > widest[column] ? width : widest[column];
		}
	}
	for (size_t row = 0; row < t->count; row++) {
		const struct slice *cells = t->rows[row].cells;
		size_t blanks = 0; /* before the next cell that holds something */
		for (size_t column = 0; column < t->columns; column++) {
			if (cells[column].len > 0) {
				printf("%*s", (int)blanks, "");
				print_cell(cells[column]);
				blanks = 0;
			}
			blanks += widest[column] + GAP - width_of(cells[column]);
		}
		putchar('\n');
	}
}

enum fault vault_table_start(struct vault_table *t, struct arena *a, const struct slice *head,
			     size_t columns, size_t rows_max)
{
	*t = (struct vault_table){.arena = a, .columns = columns, .room = rows_max + 1};
	t->rows = arena_array(a, t->room, sizeof(*t->rows));
	if (t->rows == NULL) {
		return FAULT_NO_MEMORY;
	}
	for (size_t i = 0; i < columns; i++) {
		t->rows[0].cells[i] = head[i];
	}
	t->count = 1;
	return FAULT_NONE;
}

struct vault_row *vault_table_row(struct vault_table *t)
{
	return t->count < t->room ? &t->rows[t->count++] : NULL;
}

static int compare_rows(const void *a, const void *b)
{
	const struct vault_row *left = a;
	const struct vault_row *right = b;
	int order = slice_compare(left->cells[0], right->cells[0]);
	return order != 0 ? order : slice_compare(left->cells[1], right->cells[1]);
}

void vault_table_sort(struct vault_table *t)
{
	qsort(t->rows + 1, t->count - 1, sizeof(*t->rows), compare_rows);
}

struct slice vault_number_text(struct arena *a, uint64_t number)
{
	enum { DIGITS = 20 };
	char digits[DIGITS];
	size_t at = DIGITS;
	struct slice text = {0};
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	enum fault f = arena_copy(a, slice_of(digits + at, DIGITS - at), &text);
	return f == FAULT_NONE ? text : SLICE_LIT("?");
}

/* --- a record ---------------------------------------------------------------------------------------- */

static bool is_hash(const struct vault_field *field)
{
	return field->type == FIELD_HEX && strcmp(field->key, "hash") == 0;
}

/* A tenant's record of format 1 had its settings in it; where they are now, they are shown. */
static bool is_shown(const struct vault_record *r, const struct vault_field *field)
{
	return r->kind != VAULT_TENANT || field->offset < offsetof(struct vault_tenant, before);
}

static bool is_number(const struct vault_field *field)
{
	return field->type == FIELD_PORT || field->type == FIELD_COUNT ||
	       field->type == FIELD_LIMIT;
}

/* False where it says nothing. */
static bool number_of(const struct vault_record *r, const struct vault_field *field, uint64_t *out)
{
	uint32_t number = vault_field_number(r, field);
	*out = number - (field->type == FIELD_LIMIT && number > 0);
	return number > 0;
}

static struct slice word_of(const struct vault_record *r, const struct vault_field *field)
{
	return slice_of_text(field->words[vault_field_number(r, field)]);
}

static void put_lines(struct json_writer *w, struct slice lines)
{
	json_put_array(w);
	while (lines.len > 0) {
		struct slice line = slice_first(lines, slice_find_byte(lines, '\n'));
		json_put_string(w, line);
		lines = slice_skip(lines, line.len + 1);
	}
	json_put_array_end(w);
}

static void put_text(struct json_writer *w, struct slice text)
{
	if (text.len > 0) {
		json_put_string(w, text);
	} else {
		json_put_null(w);
	}
}

static void put_number(struct json_writer *w, const struct vault_record *r,
		       const struct vault_field *field)
{
	uint64_t number;
	if (number_of(r, field, &number)) {
		json_put_u64(w, number);
	} else {
		json_put_null(w);
	}
}

static void put_secret(struct json_writer *w, const struct vault_record *r,
		       const struct vault_field *field)
{
	char key[KEY_ROOM];
	size_t len = strlen(field->key);
	memcpy(key, field->key, len);
	memcpy(key + len, "_set", sizeof("_set"));
	json_member_bool(w, key, vault_field_secret(r, field) != NULL);
}

static void put_answer(struct json_writer *w, struct slice word)
{
	if (word.len > 0) {
		json_put_bool(w, slice_eq(word, SLICE_LIT("yes")));
	} else {
		json_put_null(w);
	}
}

static void put_field(struct json_writer *w, const struct vault_record *r,
		      const struct vault_field *field)
{
	char letter = vault_field_letter(field);
	if (field->type == FIELD_SECRET) {
		put_secret(w, r, field);
		return;
	}
	json_put_key(w, is_hash(field) ? "id" : field->key);
	if (is_hash(field)) {
		json_put_string(w, slice_first(vault_field_text(r, field), SHOWN_HASH));
	} else if (letter == 'l') {
		put_lines(w, vault_field_text(r, field));
	} else if (is_number(field)) {
		put_number(w, r, field);
	} else if (letter == 'b') {
		put_answer(w, word_of(r, field));
	} else {
		put_text(w, field->type == FIELD_WORD ? word_of(r, field)
						      : vault_field_text(r, field));
	}
}

void vault_json_fields(struct json_writer *w, const struct vault_record *r)
{
	for (const struct vault_field *field = vault_fields_of(r->kind); field->key != NULL;
	     field++) {
		if (is_shown(r, field)) {
			put_field(w, r, field);
		}
	}
}

/* Lines with commas between; a long text by its size. */
static struct slice shown_text(struct arena *a, const struct vault_field *field, struct slice text)
{
	struct slice copy = {0};
	text = slice_trim(text);
	if (text.len > LONG_TEXT && vault_field_letter(field) != 'l') {
		const struct slice parts[] = {SLICE_LIT("("), vault_number_text(a, text.len),
					      SLICE_LIT(" bytes; --json shows them)")};
		return arena_join(a, parts, COUNT_OF(parts), &copy) == FAULT_NONE ? copy
										  : SLICE_LIT("?");
	}
	if (text.len == 0 || arena_copy(a, text, &copy) != FAULT_NONE) {
		return copy;
	}
	char *at = (char *)(uintptr_t)copy.ptr; /* ours alone, in the arena */
	for (size_t i = 0; i < copy.len; i++) {
		at[i] = at[i] == '\n' ? ',' : at[i];
	}
	return copy;
}

static struct slice shown(struct arena *a, const struct vault_record *r,
			  const struct vault_field *field)
{
	uint64_t number;
	if (field->type == FIELD_SECRET) {
		return vault_field_secret(r, field) != NULL ? SLICE_LIT("(sealed)")
							    : (struct slice){0};
	}
	if (is_number(field)) {
		return number_of(r, field, &number) ? vault_number_text(a, number)
						    : (struct slice){0};
	}
	if (field->type == FIELD_WORD) {
		return word_of(r, field);
	}
	struct slice text = vault_field_text(r, field);
	return shown_text(a, field, is_hash(field) ? slice_first(text, SHOWN_HASH) : text);
}

enum fault vault_table_fields(struct vault_table *t, const struct vault_record *r)
{
	for (const struct vault_field *field = vault_fields_of(r->kind); field->key != NULL;
	     field++) {
		struct slice value = is_shown(r, field) ? shown(t->arena, r, field)
							: (struct slice){0};
		if (value.len == 0) {
			continue;
		}
		struct vault_row *row = vault_table_row(t);
		if (row == NULL) {
			return FAULT_NO_MEMORY;
		}
		row->cells[0] = slice_of_text(field->key);
		row->cells[1] = value;
	}
	return FAULT_NONE;
}
