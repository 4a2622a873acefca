#include "config/vault/record.h"

#include <string.h>

#include <libconfig.h>

#include "spool-free/base/text.h"
#include "spool-free/base/wipe.h"

enum { PREFIX = 4, FIELDS_MAX = 10 };

enum field_type {
	FIELD_NAME,    /* [a-z0-9-] */
	FIELD_LINE,    /* header-safe UTF-8 */
	FIELD_HEX,     /* a SHA-256 */
	FIELD_HOST,    /* a host name or an address */
	FIELD_MAILBOX, /* local@domain */
	FIELD_BLOCK,   /* ASCII text of several lines */
	FIELD_SECRET,
	FIELD_PORT,
	FIELD_WORD, /* one of `words`; stored as their index */
};

struct field {
	const char *key;
	enum field_type type;
	bool needed;
	size_t offset; /* in the kind's struct */
	const char *const *words;
};

static const char *const state_words[] = {"active", "suspended", NULL};
static const char *const tls_words[] = {"starttls", "implicit", NULL};

#define TENANT(member) offsetof(struct vault_tenant, member)
#define TOKEN(member)  offsetof(struct vault_token, member)
#define SERVER(member) offsetof(struct vault_server, member)

static const struct field tenant_fields[] = {
	{"id", FIELD_NAME, true, TENANT(id), NULL},
	{"state", FIELD_WORD, true, TENANT(state), state_words},
	{"created", FIELD_LINE, true, TENANT(created), NULL},
	{"subject_prefix", FIELD_LINE, false, TENANT(subject_prefix), NULL},
	{"from_name", FIELD_LINE, false, TENANT(from_name), NULL},
	{"from_address", FIELD_MAILBOX, false, TENANT(from_address), NULL},
	{"button_label", FIELD_LINE, false, TENANT(button_label), NULL},
	{"default_server", FIELD_NAME, false, TENANT(default_server), NULL},
	{.key = NULL},
};

static const struct field token_fields[] = {
	{"hash", FIELD_HEX, true, TOKEN(hash), NULL},
	{"tenant", FIELD_NAME, true, TOKEN(tenant), NULL},
	{"label", FIELD_LINE, true, TOKEN(label), NULL},
	{"created", FIELD_LINE, true, TOKEN(created), NULL},
	{.key = NULL},
};

static const struct field server_fields[] = {
	{"tenant", FIELD_NAME, false, SERVER(tenant), NULL},
	{"name", FIELD_NAME, true, SERVER(name), NULL},
	{"host", FIELD_HOST, true, SERVER(host), NULL},
	{"port", FIELD_PORT, true, SERVER(port), NULL},
	{"tls", FIELD_WORD, true, SERVER(tls), tls_words},
	{"username", FIELD_LINE, false, SERVER(username), NULL},
	{"password", FIELD_SECRET, false, SERVER(password), NULL},
	{"ca_pem", FIELD_BLOCK, false, SERVER(ca_pem), NULL},
	{"from_name", FIELD_LINE, false, SERVER(from_name), NULL},
	{"from_address", FIELD_MAILBOX, false, SERVER(from_address), NULL},
	{.key = NULL},
};

static const struct {
	const struct field *fields;
	struct slice name;
} kinds[] = {
	[VAULT_TENANT] = {tenant_fields, SLICE_INIT("tenant")},
	[VAULT_TOKEN] = {token_fields, SLICE_INIT("token")},
	[VAULT_SERVER] = {server_fields, SLICE_INIT("server")},
};

_Static_assert(offsetof(struct vault_record, tenant) == offsetof(struct vault_record, token) &&
		       offsetof(struct vault_record, token) ==
			       offsetof(struct vault_record, server),
	       "a field's place is found from the union's");

struct slice vault_kind_name(enum vault_kind kind)
{
	return kinds[kind].name;
}

void vault_record_deinit(struct vault_record *r)
{
	if (r->kind == VAULT_SERVER) {
		secret_free(&r->server.password);
	}
}

/* Fields are reached by their offset; memcpy keeps the compiler's aliasing rules. */
static struct slice get_text(const struct vault_record *r, const struct field *field)
{
	struct slice text;
	memcpy(&text, (const char *)&r->tenant + field->offset, sizeof(text));
	return text;
}

static void set_text(struct vault_record *r, const struct field *field, struct slice text)
{
	memcpy((char *)&r->tenant + field->offset, &text, sizeof(text));
}

static unsigned get_word(const struct vault_record *r, const struct field *field)
{
	unsigned word; /* an enum of ours is as large as unsigned */
	memcpy(&word, (const char *)&r->tenant + field->offset, sizeof(word));
	return word;
}

static void set_word(struct vault_record *r, const struct field *field, unsigned word)
{
	memcpy((char *)&r->tenant + field->offset, &word, sizeof(word));
}

/* --- what a value must be ------------------------------------------------------------------ */

static enum fault refuse(const struct vault_record *r, const struct field *field, const char *why,
			 struct problem *p)
{
	problem_set(p, FAULT_BAD_RECORD, "The ");
	problem_add(p, kinds[r->kind].name.ptr);
	problem_add(p, "'s '");
	problem_add(p, field->key);
	problem_add(p, "' ");
	problem_add(p, why);
	return FAULT_BAD_RECORD;
}

static enum fault check_field(const struct vault_record *r, const struct field *field,
			      struct problem *p)
{
	struct mailbox mailbox;
	struct slice s = {0};
	bool given = true;
	if (field->type != FIELD_SECRET && field->type != FIELD_PORT && field->type != FIELD_WORD) {
		s = get_text(r, field);
		given = s.len > 0;
	}
	if (!given) {
		return field->needed ? refuse(r, field, "is missing.", p) : FAULT_NONE;
	}
	switch (field->type) {
	case FIELD_NAME:
		return vault_is_name(s)
			       ? FAULT_NONE
			       : refuse(r, field, "must be 1 to 64 of a-z, 0-9 and '-'.", p);
	case FIELD_LINE:
		return s.len <= VAULT_TEXT_MAX && text_is_header_safe(s)
			       ? FAULT_NONE
			       : refuse(r, field, "must be one line of UTF-8, at most 255 bytes.",
					p);
	case FIELD_HEX:
		return vault_is_hash(s)
			       ? FAULT_NONE
			       : refuse(r, field, "must be a SHA-256 as 64 hexadecimal digits.", p);
	case FIELD_HOST:
		return vault_is_host(s)
			       ? FAULT_NONE
			       : refuse(r, field,
					"must be a host name such as smtp.example.org, or an IP "
					"address.",
					p);
	case FIELD_MAILBOX:
		return mailbox_parse(s, &mailbox) == FAULT_NONE
			       ? FAULT_NONE
			       : refuse(r, field,
					"must be a mail address such as team@example.org.", p);
	case FIELD_BLOCK:
		return vault_is_block(s) ? FAULT_NONE
					 : refuse(r, field, "must be PEM text, at most 16 KiB.", p);
	case FIELD_SECRET:
		return vault_is_password(secret_view(r->server.password))
			       ? FAULT_NONE
			       : refuse(r, field, "must be at most 1024 bytes, without NUL.", p);
	case FIELD_PORT:
		return r->server.port > 0 ? FAULT_NONE
					  : refuse(r, field, "must be from 1 to 65535.", p);
	case FIELD_WORD:
		break;
	}
	return FAULT_NONE;
}

enum fault vault_record_check(const struct vault_record *r, struct problem *p)
{
	for (const struct field *field = kinds[r->kind].fields; field->key != NULL; field++) {
		enum fault f = check_field(r, field, p);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	if (r->kind == VAULT_SERVER && r->server.username.len > 0 && r->server.password == NULL) {
		return problem_set(p, FAULT_BAD_RECORD,
				   "The server's 'username' needs a 'password' with it.");
	}
	return FAULT_NONE;
}

/* --- reading -------------------------------------------------------------------------------- */

static enum fault read_string(struct vault_record *r, const struct field *field,
			      const config_setting_t *setting, struct arena *into,
			      struct problem *p)
{
	const char *value = config_setting_get_string(setting);
	if (value == NULL) {
		return refuse(r, field, "must be a text in quotes.", p);
	}
	struct slice s = slice_of_text(value);
	if (field->type == FIELD_SECRET) {
		return secret_new(s, &r->server.password);
	}
	struct slice copy = {0};
	enum fault f = arena_copy(into, s, &copy);
	if (f == FAULT_NONE) {
		set_text(r, field, copy);
	}
	return f;
}

static enum fault read_word(struct vault_record *r, const struct field *field,
			    const config_setting_t *setting, struct problem *p)
{
	const char *value = config_setting_get_string(setting);
	for (unsigned i = 0; value != NULL && field->words[i] != NULL; i++) {
		if (strcmp(value, field->words[i]) == 0) {
			set_word(r, field, i);
			return FAULT_NONE;
		}
	}
	refuse(r, field, "must be \"", p);
	problem_add(p, field->words[0]);
	problem_add(p, "\" or \"");
	problem_add(p, field->words[1]);
	problem_add(p, "\".");
	return FAULT_BAD_RECORD;
}

static enum fault read_field(struct vault_record *r, const struct field *field,
			     const config_setting_t *setting, struct arena *into, struct problem *p)
{
	int port;
	switch (field->type) {
	case FIELD_WORD:
		return read_word(r, field, setting, p);
	case FIELD_PORT:
		port = config_setting_get_int(setting);
		if (config_setting_type(setting) != CONFIG_TYPE_INT || port < 1 || port > 65535) {
			return refuse(r, field, "must be a number from 1 to 65535.", p);
		}
		r->server.port = (uint16_t)port;
		return FAULT_NONE;
	case FIELD_NAME:
	case FIELD_LINE:
	case FIELD_HEX:
	case FIELD_HOST:
	case FIELD_MAILBOX:
	case FIELD_BLOCK:
	case FIELD_SECRET:
		break;
	}
	return read_string(r, field, setting, into, p);
}

static const struct field *find_field(enum vault_kind kind, const char *key)
{
	for (const struct field *field = kinds[kind].fields; field->key != NULL; field++) {
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
	uint32_t seen = 0;
	for (unsigned i = 0; i < (unsigned)config_setting_length(root); i++) {
		config_setting_t *setting = config_setting_get_elem(root, i);
		const char *key = config_setting_name(setting);
		const struct field *field = find_field(r->kind, key);
		if (field == NULL) {
			problem_set(p, FAULT_BAD_RECORD, "A ");
			problem_add(p, kinds[r->kind].name.ptr);
			problem_add(p, " record has no key ");
			problem_add_name(p, slice_of_text(key));
			problem_add(p, ".");
			return FAULT_BAD_RECORD;
		}
		enum fault f = read_field(r, field, setting, into, p);
		if (f != FAULT_NONE) {
			return f;
		}
		seen |= UINT32_C(1) << (field - kinds[r->kind].fields);
	}
	for (unsigned i = 0; kinds[r->kind].fields[i].key != NULL; i++) {
		if (kinds[r->kind].fields[i].needed && (seen >> i & 1U) == 0) {
			return refuse(r, &kinds[r->kind].fields[i], "is missing.", p);
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

static void put_field(struct pen *pen, const struct vault_record *r, const struct field *field)
{
	struct slice text = {0};
	if (field->type == FIELD_SECRET) {
		text = secret_view(r->server.password);
	} else if (field->type == FIELD_WORD) {
		text = slice_of_text(field->words[get_word(r, field)]);
	} else if (field->type != FIELD_PORT) {
		text = get_text(r, field);
	}
	/* An empty password is one; any other empty text is as good as none. */
	bool given = text.len > 0 || field->type == FIELD_PORT ||
		     (field->type == FIELD_SECRET && r->server.password != NULL);
	if (!given) {
		return;
	}
	put(pen, slice_of_text(field->key));
	put(pen, SLICE_LIT(" = "));
	if (field->type == FIELD_PORT) {
		put_number(pen, r->server.port);
	} else {
		put_quoted(pen, text);
	}
	put(pen, SLICE_LIT(";\n"));
}

static void put_record(struct pen *pen, const struct vault_record *r)
{
	for (const struct field *field = kinds[r->kind].fields; field->key != NULL; field++) {
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
	if (padded > VAULT_BODY_MAX) {
		return problem_set(p, FAULT_BAD_RECORD, "The record is larger than 32 KiB.");
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
