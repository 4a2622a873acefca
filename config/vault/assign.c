#include "config/vault/assign.h"

#include <string.h>

/* What names a record, or is set by what happens to it. */
static const struct {
	enum vault_kind kind;
	const char *key;
} own[] = {
	{VAULT_TENANT, "id"},
	{VAULT_TENANT, "state"},
	{VAULT_TENANT, "created"},
	{VAULT_TENANT, "uninstalled"},
	{VAULT_TENANT, "subject_prefix"},
	{VAULT_TENANT, "from_name"},
	{VAULT_TENANT, "from_address"},
	{VAULT_TENANT, "button_label"},
	{VAULT_TENANT, "default_server"},
	{VAULT_TOKEN, "hash"},
	{VAULT_TOKEN, "tenant"},
	{VAULT_TOKEN, "created"},
	{VAULT_TOKEN, "last_used"},
	{VAULT_SERVER, "tenant"},
	{VAULT_SERVER, "name"},
	{VAULT_SETTINGS, "tenant"},
	{VAULT_POLICY, "tenant"},
	{VAULT_POLICY, "space"},
	{VAULT_AWS, "tenant"},
	{VAULT_AWS, "name"},
};

static bool is_own(enum vault_kind kind, const char *key)
{
	for (size_t i = 0; i < COUNT_OF(own); i++) {
		if (own[i].kind == kind && strcmp(own[i].key, key) == 0) {
			return true;
		}
	}
	return false;
}

const struct vault_field *vault_assignable(enum vault_kind kind, struct slice key)
{
	for (const struct vault_field *field = vault_fields_of(kind); field->key != NULL; field++) {
		if (slice_eq(key, slice_of_text(field->key))) {
			return is_own(kind, field->key) ? NULL : field;
		}
	}
	return NULL;
}

static bool is_list(const struct vault_field *field)
{
	return field->type == FIELD_LINES || field->type == FIELD_MAILBOXES ||
	       field->type == FIELD_HOSTS;
}

static bool is_answer(const struct vault_field *field)
{
	return field->type == FIELD_WORD && strcmp(field->words[1], "yes") == 0;
}

char vault_field_letter(const struct vault_field *field)
{
	if (field->type == FIELD_SECRET) {
		return 's';
	}
	if (field->type == FIELD_PORT || field->type == FIELD_COUNT || field->type == FIELD_LIMIT) {
		return 'n';
	}
	return is_list(field) ? 'l' : is_answer(field) ? 'b' : 't';
}

static void set_secret(struct vault_record *r, const struct vault_field *field, struct secret *s)
{
	struct secret *before = vault_field_secret(r, field);
	secret_free(&before);
	vault_field_set_secret(r, field, s);
}

static void forget(struct vault_record *r, const struct vault_field *field)
{
	if (field->type == FIELD_SECRET) {
		set_secret(r, field, NULL);
	} else if (vault_field_is_text(field)) {
		vault_field_set_text(r, field, (struct slice){0});
	} else {
		vault_field_set_number(r, field, 0);
	}
}

static enum fault refuse_number(const struct vault_record *r, const struct vault_field *field,
				uint64_t most, struct problem *p)
{
	vault_field_refuse(r, field, "must be a number from ", p);
	problem_add_number(p, field->type == FIELD_PORT);
	problem_add(p, " to ");
	problem_add_number(p, most);
	problem_add(p, ".");
	return FAULT_BAD_RECORD;
}

static enum fault set_number(struct vault_record *r, const struct vault_field *field,
			     struct slice value, struct problem *p)
{
	uint64_t most = field->type == FIELD_PORT ? UINT16_MAX : field->most;
	uint64_t number;
	if (!slice_to_u64(value, most, &number) || (field->type == FIELD_PORT && number == 0)) {
		return refuse_number(r, field, most, p);
	}
	vault_field_set_number(r, field, (uint32_t)number + (field->type == FIELD_LIMIT));
	return FAULT_NONE;
}

/* An answer may be spelled as it is in JSON. */
static struct slice as_word(const struct vault_field *field, struct slice value)
{
	if (is_answer(field) && slice_eq(value, SLICE_LIT("true"))) {
		return SLICE_LIT("yes");
	}
	return is_answer(field) && slice_eq(value, SLICE_LIT("false")) ? SLICE_LIT("no") : value;
}

static enum fault set_word(struct vault_record *r, const struct vault_field *field,
			   struct slice value, struct problem *p)
{
	value = as_word(field, value);
	for (unsigned i = 0; field->words[i] != NULL; i++) {
		if (value.len > 0 && slice_eq(value, slice_of_text(field->words[i]))) {
			vault_field_set_number(r, field, i);
			return FAULT_NONE;
		}
	}
	return vault_field_refuse_word(r, field, p);
}

static enum fault set_value(struct vault_record *r, const struct vault_field *field,
			    struct slice value, struct arena *into, struct problem *p)
{
	struct secret *secret;
	struct slice copy = {0};
	enum fault f;
	if (field->type == FIELD_SECRET) {
		f = secret_new(value, &secret);
		if (f == FAULT_NONE) {
			set_secret(r, field, secret);
		}
		return f;
	}
	if (vault_field_is_text(field)) {
		f = value.len > 0 ? arena_copy(into, value, &copy) : FAULT_NONE;
		if (f == FAULT_NONE) {
			vault_field_set_text(r, field, copy);
		}
		return f;
	}
	return field->type == FIELD_WORD ? set_word(r, field, value, p)
					 : set_number(r, field, value, p);
}

static enum fault refuse_key(const struct vault_record *r, struct slice key, struct problem *p)
{
	problem_set(p, FAULT_BAD_RECORD, vault_kind_record(r->kind));
	problem_add(p, " has no key ");
	problem_add_name(p, key);
	problem_add(p, " that can be set.");
	return FAULT_BAD_RECORD;
}

static const char *what_is_right(char letter)
{
	switch (letter) {
	case 'n':
		return "must be a number.";
	case 'b':
		return "must be yes or no (true or false).";
	case 'l':
		return "must be a list of texts.";
	default:
		return "must be a text.";
	}
}

enum fault vault_assign(struct vault_record *r, struct slice key, char type, struct slice value,
			struct arena *into, struct problem *p)
{
	const struct vault_field *field = vault_assignable(r->kind, key);
	if (field == NULL) {
		return refuse_key(r, key, p);
	}
	char letter = vault_field_letter(field);
	if (type == '0') {
		forget(r, field);
		return FAULT_NONE;
	}
	if (type != 't' && type != letter) {
		return vault_field_refuse(r, field, what_is_right(letter), p);
	}
	return set_value(r, field, value, into, p);
}
