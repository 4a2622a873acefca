#include <stdio.h>
#include <string.h>

#include "config/vault/assign.h"
#include "relay/command/vault_input.h"
#include "relay/command/vault_session.h"

/* Settings, policies and accounts of AWS: what is set key by key, by the table of fields. */

enum { LIST_MAX = VAULT_LIST_MAX * (VAULT_TEXT_MAX + 1), SEEN_MAX = 64 };

/* Keys of a list that were given before in this command: what comes again is added to them. */
struct assigning {
	struct vault_session *session;
	struct vault_record *record;
	struct slice lists[SEEN_MAX];
	size_t list_count;
};

static struct vault_key_name settings_name(const struct vault_session *s)
{
	return (struct vault_key_name){.kind = VAULT_SETTINGS,
				       .tenant = vault_session_option(s, OPTION_TENANT)};
}

static bool is_long(const struct vault_field *field)
{
	return field->type == FIELD_TEXT || field->type == FIELD_BLOCK ||
	       vault_field_letter(field) == 'l';
}

/* "@FILE": the file's text. */
static enum fault read_file(struct assigning *a, const char *file, struct slice *out,
			    struct problem *p)
{
	return vault_input_text(file, LIST_MAX, &a->session->arena, out, p);
}

/* Commas and line ends part a list's items; blanks around them, and empty ones, are none. */
static enum fault join_items(struct assigning *a, struct slice before, struct slice text,
			     struct slice *out)
{
	char *room = arena_bytes(&a->session->arena, before.len + text.len + 2);
	size_t len = before.len;
	if (room == NULL) {
		return FAULT_NO_MEMORY;
	}
	if (before.len > 0) {
		memcpy(room, before.ptr, before.len);
	}
	while (text.len > 0) {
		size_t comma = slice_find_byte(text, ',');
		size_t end = slice_find_byte(text, '\n');
		size_t cut = comma < end ? comma : end;
		struct slice item = slice_trim(slice_first(text, cut));
		text = slice_skip(text, cut + 1);
		if (item.len == 0) {
			continue;
		}
		if (len > 0) {
			room[len++] = '\n';
		}
		memcpy(room + len, item.ptr, item.len);
		len += item.len;
	}
	*out = slice_of(room, len);
	return FAULT_NONE;
}

static bool is_seen(const struct assigning *a, struct slice key)
{
	for (size_t i = 0; i < a->list_count; i++) {
		if (slice_eq(a->lists[i], key)) {
			return true;
		}
	}
	return false;
}

static enum fault add_to_list(struct assigning *a, const struct vault_field *field,
			      struct slice key, struct slice text, struct problem *p)
{
	struct slice before = {0};
	struct slice whole;
	if (is_seen(a, key)) {
		before = vault_field_text(a->record, field);
	} else if (a->list_count < SEEN_MAX) {
		a->lists[a->list_count++] = key;
	}
	enum fault f = join_items(a, before, text, &whole);
	return f == FAULT_NONE ? vault_assign(a->record, key, 'l', whole, &a->session->arena, p)
			       : f;
}

static enum fault assign(struct assigning *a, const char *word, struct problem *p)
{
	struct slice value = slice_of_text(word);
	struct slice key;
	if (!slice_cut_to(&value, '=', &key)) {
		problem_set(p, FAULT_BAD_RECORD,
			    "It must be KEY=VALUE, or KEY= to forget; this is ");
		problem_add_name(p, slice_of_text(word));
		problem_add(p, ".");
		return FAULT_BAD_RECORD;
	}
	const struct vault_field *field = vault_assignable(a->record->kind, key);
	enum fault f = FAULT_NONE;
	if (field != NULL && is_long(field) && value.len > 0 && value.ptr[0] == '@') {
		f = read_file(a, value.ptr + 1, &value, p);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	if (field != NULL && vault_field_letter(field) == 'l' && value.len > 0) {
		return add_to_list(a, field, key, value, p);
	}
	return vault_assign(a->record, key, value.len > 0 ? 't' : '0', value, &a->session->arena,
			    p);
}

static bool says_nothing(const struct vault_record *r)
{
	for (const struct vault_field *field = vault_fields_of(r->kind); field->key != NULL;
	     field++) {
		bool is_said = vault_field_is_text(field) ? vault_field_text(r, field).len > 0
							  : vault_field_number(r, field) > 0;
		if (is_said && vault_assignable(r->kind, slice_of_text(field->key)) != NULL) {
			return false;
		}
	}
	return true;
}

/* A space's policy that says nothing any more is no policy. */
static enum fault put(struct vault_session *s, const struct vault_record *r, struct problem *p)
{
	if (r->kind == VAULT_POLICY && r->policy.space.len > 0 && says_nothing(r)) {
		enum fault f = vault_remove(s->vault, vault_name_of(r));
		return f == FAULT_NOT_FOUND ? FAULT_NONE : f;
	}
	return vault_put(s->vault, r, NULL, p);
}

/* What was not named stays as it is. */
static enum fault set(struct vault_session *s, struct vault_record *r, struct problem *p)
{
	struct assigning a = {.session = s, .record = r};
	enum fault f = vault_session_need_tenant(s, vault_tenant_of(r), p);
	if (f == FAULT_NONE) {
		f = vault_find(s->vault, vault_name_of(r), NULL, &s->arena, r, p);
		f = f == FAULT_NOT_FOUND ? FAULT_NONE : f;
	}
	for (size_t i = 0; i < s->word_count && f == FAULT_NONE; i++) {
		f = assign(&a, s->words[i], p);
	}
	return f == FAULT_NONE ? put(s, r, p) : f;
}

enum fault vault_set_settings(struct vault_session *s, struct problem *p)
{
	struct vault_record r = {.kind = VAULT_SETTINGS};
	r.settings.tenant = settings_name(s).tenant;
	return set(s, &r, p);
}

enum fault vault_set_policy(struct vault_session *s, struct problem *p)
{
	struct vault_record r = {.kind = VAULT_POLICY};
	r.policy.tenant = vault_session_option(s, OPTION_TENANT);
	r.policy.space = vault_session_option(s, OPTION_SPACE);
	return set(s, &r, p);
}

enum fault vault_aws_put(struct vault_session *s, struct problem *p)
{
	struct vault_record r = {
		.kind = VAULT_AWS,
		.aws = {.tenant = vault_session_option(s, OPTION_TENANT),
			.name = slice_of_text(s->name),
			.role_arn = vault_session_option(s, OPTION_ROLE_ARN),
			.region = vault_session_option(s, OPTION_REGION),
			.label = vault_session_option(s, OPTION_LABEL),
			.external_id = vault_session_option(s, OPTION_EXTERNAL_ID)},
	};
	enum fault f = vault_session_need_tenant(s, r.aws.tenant, p);
	return f == FAULT_NONE ? vault_put(s->vault, &r, NULL, p) : f;
}

enum fault vault_aws_remove(struct vault_session *s, struct problem *p)
{
	struct vault_key_name name = {VAULT_AWS, vault_session_option(s, OPTION_TENANT),
				      slice_of_text(s->name)};
	enum fault f = vault_session_need_tenant(s, name.tenant, p);
	if (f != FAULT_NONE) {
		return f;
	}
	f = vault_remove(s->vault, name);
	return f == FAULT_NOT_FOUND ? vault_session_missing(VAULT_AWS, p) : f;
}
