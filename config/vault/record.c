#include "config/vault/record.h"

#include <string.h>

#include <libconfig.h>

#include "spool-free/base/wipe.h"
#include "config/vault/fields.h"

enum { PREFIX = 4 };

/* --- reading -------------------------------------------------------------------------------- */

static enum fault read_string(struct vault_record *r, const struct vault_field *field,
			      const config_setting_t *setting, struct arena *into,
			      struct problem *p)
{
	const char *value = config_setting_get_string(setting);
	if (value == NULL) {
		return vault_field_refuse(r, field, "must be a text in quotes.", p);
	}
	struct slice s = slice_of_text(value);
	if (field->type == FIELD_SECRET) {
		struct secret *secret;
		enum fault f = secret_new(s, &secret);
		if (f == FAULT_NONE) {
			vault_field_set_secret(r, field, secret);
		}
		return f;
	}
	struct slice copy = {0};
	enum fault f = arena_copy(into, s, &copy);
	if (f == FAULT_NONE) {
		vault_field_set_text(r, field, copy);
	}
	return f;
}

static enum fault read_word(struct vault_record *r, const struct vault_field *field,
			    const config_setting_t *setting, struct problem *p)
{
	const char *value = config_setting_get_string(setting);
	for (unsigned i = 0; value != NULL && field->words[i] != NULL; i++) {
		if (strcmp(value, field->words[i]) == 0) {
			vault_field_set_number(r, field, i);
			return FAULT_NONE;
		}
	}
	return vault_field_refuse_word(r, field, p);
}

static enum fault read_number(struct vault_record *r, const struct vault_field *field,
			      const config_setting_t *setting, struct problem *p)
{
	bool is_port = field->type == FIELD_PORT;
	int least = is_port ? 1 : 0;
	int most = is_port ? UINT16_MAX : (int)field->most;
	int number = config_setting_get_int(setting);
	if (config_setting_type(setting) == CONFIG_TYPE_INT && number >= least && number <= most) {
		vault_field_set_number(r, field, (uint32_t)number + (field->type == FIELD_LIMIT));
		return FAULT_NONE;
	}
	vault_field_refuse(r, field, "must be a number from ", p);
	problem_add_number(p, (uint64_t)least);
	problem_add(p, " to ");
	problem_add_number(p, (uint64_t)most);
	problem_add(p, ".");
	return FAULT_BAD_RECORD;
}

static enum fault read_field(struct vault_record *r, const struct vault_field *field,
			     const config_setting_t *setting, struct arena *into, struct problem *p)
{
	if (field->type == FIELD_WORD) {
		return read_word(r, field, setting, p);
	}
	if (!vault_field_is_text(field) && field->type != FIELD_SECRET) {
		return read_number(r, field, setting, p);
	}
	return read_string(r, field, setting, into, p);
}

static const struct vault_field *find_field(enum vault_kind kind, const char *key)
{
	for (const struct vault_field *field = vault_fields_of(kind); field->key != NULL; field++) {
		if (strcmp(field->key, key) == 0) {
			return field;
		}
	}
	return NULL;
}

static enum fault read_tree(const config_t *conf, struct arena *into, struct vault_record *r,
			    struct problem *p)
{
	config_setting_t *root = config_root_setting(conf);
	const struct vault_field *fields = vault_fields_of(r->kind);
	uint64_t seen = 0;
	for (unsigned i = 0; i < (unsigned)config_setting_length(root); i++) {
		config_setting_t *setting = config_setting_get_elem(root, i);
		const char *key = config_setting_name(setting);
		const struct vault_field *field = find_field(r->kind, key);
		if (field == NULL) {
			problem_set(p, FAULT_BAD_RECORD, vault_kind_record(r->kind));
			problem_add(p, " has no key ");
			problem_add_name(p, slice_of_text(key));
			problem_add(p, ".");
			return FAULT_BAD_RECORD;
		}
		enum fault f = read_field(r, field, setting, into, p);
		if (f != FAULT_NONE) {
			return f;
		}
		seen |= UINT64_C(1) << (field - fields);
	}
	for (unsigned i = 0; fields[i].key != NULL; i++) {
		if (fields[i].needed && (seen >> i & 1U) == 0) {
			return vault_field_refuse(r, &fields[i], "is missing.", p);
		}
	}
	return vault_record_check(r, p);
}

/* Strings are wiped before libconfig frees them; groups are never entered, as a record has none. */
static void destroy(config_t *conf)
{
	config_setting_t *root = config_root_setting(conf);
	for (unsigned i = 0; root != NULL && i < (unsigned)config_setting_length(root); i++) {
		config_setting_t *setting = config_setting_get_elem(root, i);
		if (config_setting_type(setting) == CONFIG_TYPE_STRING &&
		    setting->value.sval != NULL) {
			wipe(setting->value.sval, strlen(setting->value.sval));
		}
	}
	config_destroy(conf);
}

enum fault vault_record_read(enum vault_kind kind, struct slice text, struct arena *into,
			     struct vault_record *out_record, struct problem *p)
{
	struct vault_record r = {.kind = kind};
	CLEANUP(destroy) config_t conf;
	config_init(&conf);
	if (slice_find_byte(text, '\0') < text.len || text.ptr[text.len] != '\0') {
		return problem_set(p, FAULT_BAD_RECORD, "A record's text holds a NUL.");
	}
	if (config_read_string(&conf, text.ptr) != CONFIG_TRUE) {
		problem_set(p, FAULT_BAD_RECORD, "A record's text cannot be read; line ");
		problem_add_number(p, (uint64_t)config_error_line(&conf));
		problem_add(p, ".");
		return FAULT_BAD_RECORD;
	}
	enum fault f = read_tree(&conf, into, &r, p);
	if (f != FAULT_NONE) {
		vault_record_deinit(&r);
		return f;
	}
	*out_record = r;
	return FAULT_NONE;
}

/* --- writing -------------------------------------------------------------------------------- */

/* Counts while `at` is NULL, then writes the same into room of that size: no copy outside the
 * secret. */
struct pen {
	char *at;
	size_t len;
};

static void put(struct pen *pen, struct slice s)
{
	if (pen->at != NULL) {
		memcpy(pen->at + pen->len, s.ptr, s.len);
	}
	pen->len += s.len;
}

static void put_byte(struct pen *pen, unsigned char byte)
{
	static const char digits[] = "0123456789abcdef";
	char escape[] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
	char plain = (char)byte;
	if (byte == '"' || byte == '\\' || byte < ' ' || byte == 0x7F) {
		put(pen, slice_of(escape, sizeof(escape)));
	} else {
		put(pen, slice_of(&plain, 1));
	}
}

static void put_quoted(struct pen *pen, struct slice s)
{
	put(pen, SLICE_LIT("\""));
	for (size_t i = 0; i < s.len; i++) {
		put_byte(pen, (unsigned char)s.ptr[i]);
	}
	put(pen, SLICE_LIT("\""));
}

static void put_number(struct pen *pen, unsigned number)
{
	char digits[10];
	size_t at = sizeof(digits);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	put(pen, slice_of(digits + at, sizeof(digits) - at));
}

/* An empty password is one; any other empty text, 0, or the first of the words is as good as none. */
static bool is_given(const struct vault_record *r, const struct vault_field *field)
{
	if (field->type == FIELD_SECRET) {
		return vault_field_secret(r, field) != NULL;
	}
	if (!vault_field_is_text(field)) {
		return field->needed || vault_field_number(r, field) > 0;
	}
	return vault_field_text(r, field).len > 0;
}

static void put_field(struct pen *pen, const struct vault_record *r,
		      const struct vault_field *field)
{
	if (!is_given(r, field)) {
		return;
	}
	put(pen, slice_of_text(field->key));
	put(pen, SLICE_LIT(" = "));
	if (field->type == FIELD_WORD) {
		put_quoted(pen, slice_of_text(field->words[vault_field_number(r, field)]));
	} else if (field->type == FIELD_SECRET) {
		put_quoted(pen, secret_view(vault_field_secret(r, field)));
	} else if (vault_field_is_text(field)) {
		put_quoted(pen, vault_field_text(r, field));
	} else {
		put_number(pen, vault_field_number(r, field) - (field->type == FIELD_LIMIT));
	}
	put(pen, SLICE_LIT(";\n"));
}

static void put_record(struct pen *pen, const struct vault_record *r)
{
	for (const struct vault_field *field = vault_fields_of(r->kind); field->key != NULL;
	     field++) {
		put_field(pen, r, field);
	}
}

enum fault vault_record_write(const struct vault_record *r, struct secret **out_padded,
			      struct problem *p)
{
	struct pen pen = {0};
	char *room;
	enum fault f = vault_record_check(r, p);
	if (f != FAULT_NONE) {
		return f;
	}
	put_record(&pen, r);
	size_t text_len = pen.len;
	size_t padded = (PREFIX + text_len + 1 + VAULT_BODY_PAD - 1) / VAULT_BODY_PAD *
			VAULT_BODY_PAD;
	if (padded > vault_kind_most(r->kind)) {
		problem_set(p, FAULT_BAD_RECORD, vault_kind_record(r->kind));
		problem_add(p, " may have at most ");
		problem_add_number(p, vault_kind_most(r->kind));
		problem_add(p, " bytes, all of it together.");
		return FAULT_BAD_RECORD;
	}
	f = secret_new_room(padded, out_padded, &room);
	if (f != FAULT_NONE) {
		return f;
	}
	for (size_t i = 0; i < PREFIX; i++) {
		room[i] = (char)(text_len >> (8 * (PREFIX - 1 - i)) & 0xFF);
	}
	pen = (struct pen){.at = room + PREFIX};
	put_record(&pen, r);
	return FAULT_NONE;
}

enum fault vault_record_text(struct slice padded, struct slice *out_text)
{
	size_t len = 0;
	if (padded.len < PREFIX) {
		return FAULT_BAD_RECORD;
	}
	for (size_t i = 0; i < PREFIX; i++) {
		len = len << 8 | (unsigned char)padded.ptr[i];
	}
	/* At least one NUL of padding follows, which libconfig reads up to. */
	if (len >= padded.len - PREFIX || padded.ptr[PREFIX + len] != '\0') {
		return FAULT_BAD_RECORD;
	}
	*out_text = slice_of(padded.ptr + PREFIX, len);
	return FAULT_NONE;
}
