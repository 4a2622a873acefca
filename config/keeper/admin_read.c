#include <stdlib.h>
#include <string.h>

#include "config/vault/assign.h"
#include "config/keeper/admin_inside.h"

enum { NAMED_MAX = 2 * VAULT_BODY_MAX };

/* The value with its type's letter before it, in the arena. */
static enum fault typed(struct admin *a, char letter, struct slice value, struct slice *out)
{
	const struct slice parts[] = {slice_of(&letter, 1), value};
	return arena_join(&a->w.arena, parts, COUNT_OF(parts), out);
}

static enum fault number_text(struct admin *a, uint32_t number, struct slice *out)
{
	char digits[10];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	return arena_copy(&a->w.arena, slice_of(digits + at, sizeof(digits) - at), out);
}

/* False: the record does not say it. */
static bool is_said(const struct vault_record *r, const struct vault_field *field)
{
	if (field->type == FIELD_SECRET) {
		return secret_view(vault_field_secret(r, field)).len > 0;
	}
	if (vault_field_is_text(field)) {
		return vault_field_text(r, field).len > 0;
	}
	return field->needed || vault_field_number(r, field) > 0 ||
	       (field->type == FIELD_WORD && field->words[0][0] != '\0');
}

static enum fault value_of(struct admin *a, const struct vault_record *r,
			   const struct vault_field *field, struct slice *out)
{
	struct slice value = {0};
	enum fault f = FAULT_NONE;
	if (field->type == FIELD_WORD) {
		value = slice_of_text(field->words[vault_field_number(r, field)]);
	} else if (vault_field_is_text(field)) {
		value = vault_field_text(r, field);
	} else if (field->type != FIELD_SECRET) {
		f = number_text(a, vault_field_number(r, field) - (field->type == FIELD_LIMIT),
				&value);
	}
	return f == FAULT_NONE ? typed(a, vault_field_letter(field), value, out) : f;
}

static bool is_shown(enum vault_kind kind, const struct vault_field *field)
{
	bool is_of_token = kind == VAULT_TOKEN && strcmp(field->key, "hash") != 0 &&
			   strcmp(field->key, "tenant") != 0;
	return is_of_token || vault_assignable(kind, slice_of_text(field->key)) != NULL;
}

static enum fault show(struct admin *a, const struct vault_record *r)
{
	struct wire_message *m = &a->w.answer;
	for (const struct vault_field *field = vault_fields_of(r->kind); field->key != NULL;
	     field++) {
		if (!is_shown(r->kind, field) || !is_said(r, field)) {
			continue;
		}
		m->fields[m->count] = slice_of_text(field->key);
		enum fault f = value_of(a, r, field, &m->fields[m->count + 1]);
		if (f != FAULT_NONE) {
			return f;
		}
		m->count += 2;
	}
	return FAULT_NONE;
}

static enum fault open_target(struct admin *a, const struct target *t,
			      struct vault_record *out_record)
{
	enum fault f = admin_check_owner(a, t);
	if (f == FAULT_NONE) {
		f = vault_find(a->vault, t->name, a->w.half, &a->w.arena, out_record,
			       &a->w.problem);
	}
	return f == FAULT_NOT_FOUND ? admin_refuse(a, f, "There is no record of this name.") : f;
}

enum fault admin_get_record(struct admin *a)
{
	struct target t;
	struct vault_record r = {.kind = VAULT_KINDS};
	enum fault f = admin_target(a, &t);
	if (f == FAULT_NONE) {
		f = open_target(a, &t, &r);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	wire_put_number(a->version, vault_version(a->vault, t.name), WIRE_NUMBER);
	a->w.answer.fields[0] = slice_of(a->version, WIRE_NUMBER);
	a->w.answer.count = 1;
	f = show(a, &r);
	vault_record_deinit(&r);
	return f;
}

static int compare_names(const void *a, const void *b)
{
	return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* The record is opened by itself: all of a tenant's together may be larger than what a request may open. */
static enum fault name_at(struct admin *a, size_t at, struct slice *out_name)
{
	CLEANUP(arena_deinit) struct arena opened;
	struct vault_record r;
	struct slice name = {0};
	arena_init(&opened, NAMED_MAX);
	enum fault f = vault_at(a->vault, at, a->w.half, &opened, &r, &a->w.problem);
	if (f != FAULT_NONE) {
		return f;
	}
	if (vault_name_of(&r).name.len > 0) {
		f = arena_copy(&a->w.arena, vault_name_of(&r).name, &name);
	}
	vault_record_deinit(&r);
	*out_name = name;
	return f;
}

/* How many of a kind the tenant has; their names, unless `names` is NULL. */
enum fault admin_collect(struct admin *a, enum vault_kind kind, struct slice *names,
			 size_t *out_count)
{
	size_t count = 0;
	const struct vault *v = a->vault;
	enum fault f = FAULT_NONE;
	for (size_t i = 0; (i = vault_next_of(v, a->w.tenant.id, i)) < vault_count(v); i++) {
		if (vault_kind_at(v, i) != kind) {
			continue;
		}
		if (names == NULL) {
			count++;
			continue;
		}
		/* The operator may have made more: a list names no more than find room in an answer. */
		if (count == ADMIN_RECORDS_MAX) {
			break;
		}
		f = name_at(a, i, &names[count]);
		if (f != FAULT_NONE) {
			return f;
		}
		count += names[count].len > 0; /* the tenant's own policy has none */
	}
	*out_count = count;
	return FAULT_NONE;
}

enum fault admin_list_records(struct admin *a)
{
	struct wire_message *m = &a->w.answer;
	enum vault_kind kind;
	if (a->w.request->count != 3) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = admin_kind(a->w.request->fields[2], &kind);
	if (f == FAULT_NONE) {
		f = admin_collect(a, kind, m->fields, &m->count);
	}
	if (f == FAULT_NONE) {
		qsort(m->fields, m->count, sizeof(m->fields[0]), compare_names);
	}
	return f;
}
