#include "config/vault/fields.h"

#include <string.h>

#include "spool-free/base/text.h"

static const char *const state_words[] = {"active", "suspended", NULL};
static const char *const tls_words[] = {"starttls", "implicit", NULL};
static const char *const auth_words[] = {"password", "oauth", NULL};
static const char *const flow_words[] = {"", "client_credentials", "service_account",
					 "refresh_token", NULL};

#define TENANT(member) offsetof(struct vault_tenant, member)
#define TOKEN(member)  offsetof(struct vault_token, member)
#define SERVER(member) offsetof(struct vault_server, member)
/* One of the keys that sign. */
#define DKIM(number, at)                                                                           \
	{"dkim" number "_domain", FIELD_DOMAIN, false, SERVER(dkim[at].domain), NULL, 0},          \
		{"dkim" number "_selector", FIELD_DOMAIN, false,                                   \
		 SERVER(dkim[at].selector), NULL,	  0},                                      \
	{                                                                                          \
		"dkim" number "_key", FIELD_SECRET, false, SERVER(dkim[at].key), NULL,             \
			VAULT_KEY_MAX                                                              \
	}

static const struct vault_field tenant_fields[] = {
	{"id", FIELD_NAME, true, TENANT(id), NULL, 0},
	{"state", FIELD_WORD, true, TENANT(state), state_words, 0},
	{"created", FIELD_LINE, true, TENANT(created), NULL, 0},
	{"subject_prefix", FIELD_LINE, false, TENANT(subject_prefix), NULL, 0},
	{"from_name", FIELD_LINE, false, TENANT(from_name), NULL, 0},
	{"from_address", FIELD_MAILBOX, false, TENANT(from_address), NULL, 0},
	{"button_label", FIELD_LINE, false, TENANT(button_label), NULL, 0},
	{"default_server", FIELD_NAME, false, TENANT(default_server), NULL, 0},
	{.key = NULL},
};

static const struct vault_field token_fields[] = {
	{"hash", FIELD_HEX, true, TOKEN(hash), NULL, 0},
	{"tenant", FIELD_NAME, true, TOKEN(tenant), NULL, 0},
	{"label", FIELD_LINE, true, TOKEN(label), NULL, 0},
	{"created", FIELD_LINE, true, TOKEN(created), NULL, 0},
	{.key = NULL},
};

static const struct vault_field server_fields[] = {
	{"tenant", FIELD_NAME, false, SERVER(tenant), NULL, 0},
	{"name", FIELD_NAME, true, SERVER(name), NULL, 0},
	{"host", FIELD_HOST, true, SERVER(host), NULL, 0},
	{"port", FIELD_PORT, true, SERVER(port), NULL, 0},
	{"tls", FIELD_WORD, true, SERVER(tls), tls_words, 0},
	{"username", FIELD_LINE, false, SERVER(username), NULL, 0},
	{"password", FIELD_SECRET, false, SERVER(password), NULL, VAULT_SECRET_MAX},
	{"ca_pem", FIELD_BLOCK, false, SERVER(ca_pem), NULL, 0},
	{"from_name", FIELD_LINE, false, SERVER(from_name), NULL, 0},
	{"from_address", FIELD_MAILBOX, false, SERVER(from_address), NULL, 0},
	{"auth", FIELD_WORD, false, SERVER(auth), auth_words, 0},
	{"oauth_flow", FIELD_WORD, false, SERVER(oauth.flow), flow_words, 0},
	{"oauth_token_url", FIELD_HTTPS, false, SERVER(oauth.token_url), NULL, 0},
	{"oauth_client_id", FIELD_LINE, false, SERVER(oauth.client_id), NULL, 0},
	{"oauth_key_id", FIELD_LINE, false, SERVER(oauth.key_id), NULL, 0},
	{"oauth_scope", FIELD_ASCII, false, SERVER(oauth.scope), NULL, 0},
	{"oauth_secret", FIELD_SECRET, false, SERVER(oauth.secret), NULL, VAULT_KEY_MAX},
	{"oauth_refresh_token", FIELD_SECRET, false, SERVER(oauth.refresh), NULL,
	 VAULT_REFRESH_MAX},
	{"pin1", FIELD_HEX, false, SERVER(pins[0]), NULL, 0},
	{"pin2", FIELD_HEX, false, SERVER(pins[1]), NULL, 0},
	{"profile", FIELD_NAME, false, SERVER(profile), NULL, 0},
	{"connections", FIELD_COUNT, false, SERVER(limits.connections), NULL,
	 VAULT_CONNECTIONS_MAX},
	{"per_minute", FIELD_COUNT, false, SERVER(limits.per_minute), NULL, VAULT_RATE_MAX},
	{"per_hour", FIELD_COUNT, false, SERVER(limits.per_hour), NULL, VAULT_RATE_MAX},
	{"recipients_per_mail", FIELD_COUNT, false, SERVER(limits.recipients_per_mail), NULL,
	 VAULT_RATE_MAX},
	DKIM("1", 0),
	DKIM("2", 1),
	DKIM("3", 2),
	DKIM("4", 3),
	{.key = NULL},
};

static const struct {
	const struct vault_field *fields;
	struct slice name;
} kinds[] = {
	[VAULT_TENANT] = {tenant_fields, SLICE_INIT("tenant")},
	[VAULT_TOKEN] = {token_fields, SLICE_INIT("token")},
	[VAULT_SERVER] = {server_fields, SLICE_INIT("server")},
};

_Static_assert(COUNT_OF(server_fields) <= 64, "which fields were read is kept as 64 bits");
_Static_assert(offsetof(struct vault_record, tenant) == offsetof(struct vault_record, token) &&
		       offsetof(struct vault_record, token) ==
			       offsetof(struct vault_record, server),
	       "a field's place is found from the union's");

struct slice vault_kind_name(enum vault_kind kind)
{
	return kinds[kind].name;
}

const struct vault_field *vault_fields_of(enum vault_kind kind)
{
	return kinds[kind].fields;
}

/* --- a field's value; it is reached by its offset, and memcpy keeps the compiler's aliasing rules --- */

static void get(const struct vault_record *r, const struct vault_field *field, void *out, size_t n)
{
	memcpy(out, (const char *)&r->tenant + field->offset, n);
}

static void set(struct vault_record *r, const struct vault_field *field, const void *value,
		size_t n)
{
	memcpy((char *)&r->tenant + field->offset, value, n);
}

struct slice vault_field_text(const struct vault_record *r, const struct vault_field *field)
{
	struct slice text;
	get(r, field, &text, sizeof(text));
	return text;
}

struct secret *vault_field_secret(const struct vault_record *r, const struct vault_field *field)
{
	struct secret *s;
	get(r, field, &s, sizeof(struct secret *));
	return s;
}

uint32_t vault_field_number(const struct vault_record *r, const struct vault_field *field)
{
	uint16_t port;
	uint32_t number; /* an enum of ours is as large */
	if (field->type == FIELD_PORT) {
		get(r, field, &port, sizeof(port));
		return port;
	}
	get(r, field, &number, sizeof(number));
	return number;
}

void vault_field_set_text(struct vault_record *r, const struct vault_field *field, struct slice s)
{
	set(r, field, &s, sizeof(s));
}

void vault_field_set_secret(struct vault_record *r, const struct vault_field *field,
			    struct secret *s)
{
	set(r, field, &s, sizeof(struct secret *));
}

void vault_field_set_number(struct vault_record *r, const struct vault_field *field,
			    uint32_t number)
{
	uint16_t port = (uint16_t)number;
	if (field->type == FIELD_PORT) {
		set(r, field, &port, sizeof(port));
	} else {
		set(r, field, &number, sizeof(number));
	}
}

void vault_record_deinit(struct vault_record *r)
{
	if (r->kind != VAULT_SERVER) {
		return;
	}
	for (const struct vault_field *field = server_fields; field->key != NULL; field++) {
		if (field->type == FIELD_SECRET) {
			struct secret *s = vault_field_secret(r, field);
			secret_free(&s);
			vault_field_set_secret(r, field, NULL);
		}
	}
}

/* --- what a value must be --- */

enum fault vault_field_refuse(const struct vault_record *r, const struct vault_field *field,
			      const char *why, struct problem *p)
{
	problem_set(p, FAULT_BAD_RECORD, "The ");
	problem_add(p, kinds[r->kind].name.ptr);
	problem_add(p, "'s '");
	problem_add(p, field->key);
	problem_add(p, "' ");
	problem_add(p, why);
	return FAULT_BAD_RECORD;
}

static bool is_mailbox(struct slice s)
{
	struct mailbox mailbox;
	return mailbox_parse(s, &mailbox) == FAULT_NONE;
}

static bool is_line(struct slice s)
{
	return s.len <= VAULT_TEXT_MAX && text_is_header_safe(s);
}

/* Types whose value is a slice. */
static const struct {
	bool (*is)(struct slice s);
	const char *why;
} texts[] = {
	[FIELD_NAME] = {vault_is_name, "must be 1 to 64 of a-z, 0-9 and '-'."},
	[FIELD_LINE] = {is_line, "must be one line of UTF-8, at most 255 bytes."},
	[FIELD_ASCII] = {vault_is_ascii, "must be one line of ASCII, at most 1024 bytes."},
	[FIELD_HEX] = {vault_is_hash, "must be a SHA-256 as 64 hexadecimal digits."},
	[FIELD_HOST] = {vault_is_host,
			"must be a host name such as smtp.example.org, or an IP address."},
	[FIELD_DOMAIN] = {vault_is_domain, "must be letters, digits and '-', with dots between."},
	[FIELD_HTTPS] = {vault_is_https,
			 "must be an address such as https://login.example.org/token, at most 1024 "
			 "bytes."},
	[FIELD_MAILBOX] = {is_mailbox, "must be a mail address such as team@example.org."},
	[FIELD_BLOCK] = {vault_is_block, "must be PEM text, at most 16 KiB."},
};

static enum fault refuse_size(const struct vault_record *r, const struct vault_field *field,
			      const char *unit, struct problem *p)
{
	vault_field_refuse(r, field, "must be at most ", p);
	problem_add_number(p, field->most);
	problem_add(p, unit);
	return FAULT_BAD_RECORD;
}

static enum fault check_field(const struct vault_record *r, const struct vault_field *field,
			      struct problem *p)
{
	if (field->type < COUNT_OF(texts)) {
		struct slice s = vault_field_text(r, field);
		if (s.len == 0) {
			return field->needed ? vault_field_refuse(r, field, "is missing.", p)
					     : FAULT_NONE;
		}
		return texts[field->type].is(s)
			       ? FAULT_NONE
			       : vault_field_refuse(r, field, texts[field->type].why, p);
	}
	if (field->type == FIELD_SECRET &&
	    !vault_is_secret(secret_view(vault_field_secret(r, field)), field->most)) {
		return refuse_size(r, field, " bytes, without NUL.", p);
	}
	if (field->type == FIELD_COUNT && vault_field_number(r, field) > field->most) {
		return refuse_size(r, field, ".", p);
	}
	if (field->type == FIELD_PORT && vault_field_number(r, field) == 0) {
		return vault_field_refuse(r, field, "must be from 1 to 65535.", p);
	}
	return FAULT_NONE;
}

/* --- what the values of a server must be together --- */

static enum fault refuse(struct problem *p, const char *sentence)
{
	return problem_set(p, FAULT_BAD_RECORD, sentence);
}

/* What each way to a token needs besides the token endpoint's address and a client. */
static enum fault check_flow(const struct oauth_client *o, struct problem *p)
{
	bool has_secret = secret_view(o->secret).len > 0;
	bool has_refresh = secret_view(o->refresh).len > 0;
	if (o->token_url.len == 0 || o->client_id.len == 0) {
		return refuse(p, "A server with 'auth' \"oauth\" needs an 'oauth_token_url' and an "
				 "'oauth_client_id'.");
	}
	if (has_refresh != (o->flow == OAUTH_REFRESH_TOKEN)) {
		return refuse(p,
			      "An 'oauth_refresh_token' is needed by the flow \"refresh_token\", "
			      "and by no other.");
	}
	if (o->flow != OAUTH_REFRESH_TOKEN && !has_secret) {
		return refuse(p,
			      o->flow == OAUTH_SERVICE_ACCOUNT
				      ? "The flow \"service_account\" needs the account's private "
					"key as 'oauth_secret'."
				      : "The flow \"client_credentials\" needs the client's "
					"'oauth_secret'.");
	}
	if (o->flow == OAUTH_SERVICE_ACCOUNT && o->scope.len == 0) {
		return refuse(p, "The flow \"service_account\" needs an 'oauth_scope'.");
	}
	return FAULT_NONE;
}

static enum fault check_login(const struct vault_server *s, struct problem *p)
{
	const struct oauth_client *o = &s->oauth;
	if (s->auth == VAULT_AUTH_OAUTH) {
		if (s->username.len == 0) {
			return refuse(p,
				      "A server with 'auth' \"oauth\" needs the mailbox that sends "
				      "as 'username'.");
		}
		if (s->password != NULL) {
			return refuse(p, "A server with 'auth' \"oauth\" takes no 'password'.");
		}
		return o->flow != OAUTH_NONE ? check_flow(o, p)
					     : refuse(p, "A server with 'auth' \"oauth\" needs an "
							 "'oauth_flow'.");
	}
	if (o->flow != OAUTH_NONE || o->token_url.len > 0 || o->client_id.len > 0 ||
	    o->key_id.len > 0 || o->scope.len > 0 || o->secret != NULL || o->refresh != NULL) {
		return refuse(p, "What begins with 'oauth_' needs 'auth' \"oauth\".");
	}
	if (s->username.len > 0 && s->password == NULL) {
		return refuse(p, "The server's 'username' needs a 'password' with it.");
	}
	return FAULT_NONE;
}

static enum fault check_server(const struct vault_server *s, struct problem *p)
{
	for (size_t i = 0; i < SERVER_DKIM_MAX; i++) {
		const struct dkim_key *k = &s->dkim[i];
		bool has_key = secret_view(k->key).len > 0;
		if ((k->domain.len > 0) != has_key || (k->selector.len > 0) != has_key) {
			return refuse(p, "DKIM needs a domain, a selector and a key, together.");
		}
	}
	return check_login(s, p);
}

enum fault vault_record_check(const struct vault_record *r, struct problem *p)
{
	for (const struct vault_field *field = kinds[r->kind].fields; field->key != NULL; field++) {
		enum fault f = check_field(r, field, p);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return r->kind == VAULT_SERVER ? check_server(&r->server, p) : FAULT_NONE;
}
