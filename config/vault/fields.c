#include "config/vault/fields.h"

#include <string.h>

static const char *const state_words[] = {"active", "suspended", "uninstalled", NULL};
static const char *const scope_words[] = {"send", "admin", "send-admin", NULL};
static const char *const answer_words[] = {"", "yes", "no", NULL};
static const char *const from_words[] = {"", "any", "own", "server", "list", NULL};
static const char *const tls_words[] = {"starttls", "implicit", NULL};
static const char *const auth_words[] = {"password", "oauth", NULL};
static const char *const flow_words[] = {"", "client_credentials", "service_account",
					 "refresh_token", NULL};

#define TENANT(member)	 offsetof(struct vault_tenant, member)
#define TOKEN(member)	 offsetof(struct vault_token, member)
#define SERVER(member)	 offsetof(struct vault_server, member)
#define SETTINGS(member) offsetof(struct vault_settings, member)
#define POLICY(member)	 offsetof(struct vault_policy, member)
#define AWS(member)	 offsetof(struct vault_aws, member)
#define HOUSE(member)	 offsetof(struct vault_house, member)
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
	{"region", FIELD_NAME, false, TENANT(region), NULL, 0},
	{"uninstalled", FIELD_LINE, false, TENANT(uninstalled), NULL, 0},
	{"operator_server", FIELD_WORD, false, TENANT(operator_server), answer_words, 0},
	{"subject_prefix", FIELD_LINE, false, TENANT(before.subject_prefix), NULL, 0},
	{"from_name", FIELD_LINE, false, TENANT(before.from_name), NULL, 0},
	{"from_address", FIELD_MAILBOX, false, TENANT(before.from_address), NULL, 0},
	{"button_label", FIELD_LINE, false, TENANT(before.button_label), NULL, 0},
	{"default_server", FIELD_NAME, false, TENANT(before.default_server), NULL, 0},
	{.key = NULL},
};

static const struct vault_field settings_fields[] = {
	{"tenant", FIELD_NAME, true, SETTINGS(tenant), NULL, 0},
	{"from_name", FIELD_LINE, false, SETTINGS(from_name), NULL, 0},
	{"from_address", FIELD_MAILBOX, false, SETTINGS(from_address), NULL, 0},
	{"always_from", FIELD_WORD, false, SETTINGS(always_from), answer_words, 0},
	{"subject_prefix", FIELD_LINE, false, SETTINGS(subject_prefix), NULL, 0},
	{"header_text", FIELD_TEXT, false, SETTINGS(header_text), NULL, JOB_HEADER_TEXT_MAX},
	{"button_label", FIELD_LINE, false, SETTINGS(button_label), NULL, 0},
	{"css", FIELD_TEXT, false, SETTINGS(css), NULL, JOB_CSS_MAX},
	{"image_side", FIELD_COUNT, false, SETTINGS(image_side), NULL, JOB_IMAGE_SIDE_MAX},
	{"attached", FIELD_COUNT, false, SETTINGS(attached), NULL, VAULT_BYTES_MAX},
	{"default_server", FIELD_NAME, false, SETTINGS(default_server), NULL, 0},
	{.key = NULL},
};

static const struct vault_field policy_fields[] = {
	{"tenant", FIELD_NAME, true, POLICY(tenant), NULL, 0},
	{"space", FIELD_LINE, false, POLICY(space), NULL, 0},
	{"enforce", FIELD_WORD, false, POLICY(enforce), answer_words, 0},
	{"groups", FIELD_LINES, false, POLICY(groups), NULL, 0},
	{"spaces", FIELD_LINES, false, POLICY(spaces), NULL, 0},
	{"recipient_domains", FIELD_HOSTS, false, POLICY(recipient_domains), NULL, 0},
	{"from", FIELD_WORD, false, POLICY(from), from_words, 0},
	{"senders", FIELD_MAILBOXES, false, POLICY(senders), NULL, 0},
	{"recipients", FIELD_LIMIT, false, POLICY(recipients), NULL, JOB_RECIPIENTS_MAX},
	{"attachments", FIELD_LIMIT, false, POLICY(attachments), NULL, JOB_ATTACHMENTS_MAX},
	{"attachment_bytes", FIELD_LIMIT, false, POLICY(attachment_bytes), NULL, VAULT_BYTES_MAX},
	{"job_accounts", FIELD_WORD, false, POLICY(job_accounts), answer_words, 0},
	{"upstream_hosts", FIELD_HOSTS, false, POLICY(upstream_hosts), NULL, 0},
	{"external_images", FIELD_WORD, false, POLICY(external_images), answer_words, 0},
	{"operator_server", FIELD_WORD, false, POLICY(operator_server), answer_words, 0},
	{.key = NULL},
};

static const struct vault_field aws_fields[] = {
	{"tenant", FIELD_NAME, true, AWS(tenant), NULL, 0},
	{"name", FIELD_NAME, true, AWS(name), NULL, 0},
	{"role_arn", FIELD_ASCII, true, AWS(role_arn), NULL, 0},
	{"region", FIELD_NAME, true, AWS(region), NULL, 0},
	{"label", FIELD_LINE, false, AWS(label), NULL, 0},
	{"external_id", FIELD_ASCII, false, AWS(external_id), NULL, 0},
	{.key = NULL},
};

static const struct vault_field house_fields[] = {
	{"log_key", FIELD_SECRET, true, HOUSE(log_key), NULL, VAULT_HASH_HEX},
	{"receipt_key", FIELD_SECRET, true, HOUSE(receipt_key), NULL, VAULT_HASH_HEX},
	{"receipt_keys_before", FIELD_LINES, false, HOUSE(receipt_keys_before), NULL, 0},
	{.key = NULL},
};

static const struct vault_field token_fields[] = {
	{"hash", FIELD_HEX, true, TOKEN(hash), NULL, 0},
	{"tenant", FIELD_NAME, true, TOKEN(tenant), NULL, 0},
	{"label", FIELD_LINE, true, TOKEN(label), NULL, 0},
	{"created", FIELD_LINE, true, TOKEN(created), NULL, 0},
	{"last_used", FIELD_LINE, false, TOKEN(last_used), NULL, 0},
	{"scope", FIELD_WORD, false, TOKEN(scope), scope_words, 0},
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
	{"return_path", FIELD_MAILBOX, false, SERVER(return_path), NULL, 0},
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
	size_t most; /* bytes of its body */
	const char *whose;
	const char *record;
} kinds[] = {
	[VAULT_TENANT] = {tenant_fields, SLICE_INIT("tenant"), VAULT_BODY_MAX, "The tenant's",
			  "A tenant record"},
	[VAULT_TOKEN] = {token_fields, SLICE_INIT("token"), VAULT_BODY_MAX, "The token's",
			 "A token record"},
	[VAULT_SERVER] = {server_fields, SLICE_INIT("server"), VAULT_BODY_MAX, "The server's",
			  "A server record"},
	[VAULT_SETTINGS] = {settings_fields, SLICE_INIT("settings"), 24 * 1024, "The settings'",
			    "A settings record"},
	[VAULT_POLICY] = {policy_fields, SLICE_INIT("policy"), 8 * 1024, "The policy's",
			  "A policy record"},
	[VAULT_AWS] = {aws_fields, SLICE_INIT("aws"), VAULT_BODY_MAX, "The AWS account's",
		       "An AWS account record"},
	[VAULT_HOUSE] = {house_fields, SLICE_INIT("house"), 8 * 1024, "The house's",
			 "The record of the house"},
};

_Static_assert(COUNT_OF(server_fields) <= 64, "which fields were read is kept as 64 bits");
_Static_assert(offsetof(struct vault_record, tenant) == offsetof(struct vault_record, token) &&
		       offsetof(struct vault_record, token) ==
			       offsetof(struct vault_record, server),
	       "a field's place is found from the union's");

bool vault_field_is_text(const struct vault_field *field)
{
	return field->type <= FIELD_TEXT;
}

struct slice vault_kind_name(enum vault_kind kind)
{
	return kinds[kind].name;
}

const char *vault_kind_whose(enum vault_kind kind)
{
	return kinds[kind].whose;
}

const char *vault_kind_record(enum vault_kind kind)
{
	return kinds[kind].record;
}

size_t vault_kind_most(enum vault_kind kind)
{
	return kinds[kind].most;
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
	if (r->kind != VAULT_SERVER && r->kind != VAULT_HOUSE) {
		return;
	}
	for (const struct vault_field *field = vault_fields_of(r->kind); field->key != NULL;
	     field++) {
		if (field->type == FIELD_SECRET) {
			struct secret *s = vault_field_secret(r, field);
			secret_free(&s);
			vault_field_set_secret(r, field, NULL);
		}
	}
}

/* --- whose a record is, and what it is called --- */

struct slice vault_tenant_of(const struct vault_record *r)
{
	switch (r->kind) {
	case VAULT_TENANT:
		return r->tenant.id;
	case VAULT_TOKEN:
		return r->token.tenant;
	case VAULT_SERVER:
		return r->server.tenant;
	case VAULT_SETTINGS:
		return r->settings.tenant;
	case VAULT_POLICY:
		return r->policy.tenant;
	case VAULT_AWS:
		return r->aws.tenant;
	case VAULT_HOUSE:
	case VAULT_KINDS:
		break;
	}
	return (struct slice){0};
}

struct vault_key_name vault_name_of(const struct vault_record *r)
{
	struct vault_key_name name = {.kind = r->kind, .tenant = vault_tenant_of(r)};
	switch (r->kind) {
	case VAULT_TENANT:
		return (struct vault_key_name){r->kind, {0}, r->tenant.id};
	case VAULT_TOKEN:
		return (struct vault_key_name){r->kind, {0}, r->token.hash};
	case VAULT_SERVER:
		name.name = r->server.name;
		break;
	case VAULT_POLICY:
		name.name = r->policy.space;
		break;
	case VAULT_AWS:
		name.name = r->aws.name;
		break;
	case VAULT_SETTINGS:
	case VAULT_HOUSE:
	case VAULT_KINDS:
		break;
	}
	return name;
}
