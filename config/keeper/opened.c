#include "config/keeper/opened.h"

#include "spool-free/base/hex.h"

static void put_numbers(unsigned char *at, const uint32_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		wire_put_number(at + i * WIRE_NUMBER, numbers[i], WIRE_NUMBER);
	}
}

static void put_policy(const struct vault_policy *p, struct opened_policy *n, struct slice *fields)
{
	const uint32_t limits[] = {p->recipients, p->attachments, p->attachment_bytes};
	const unsigned char words[WIRE_POLICY_WORDS_LEN] = {
		(unsigned char)p->enforce,	   (unsigned char)p->from,
		(unsigned char)p->job_accounts,	   (unsigned char)p->external_images,
		(unsigned char)p->operator_server,
	};
	memcpy(n->words, words, sizeof(words));
	put_numbers(n->limits, limits, COUNT_OF(limits));
	fields[WIRE_POLICY_WORDS] = slice_of(n->words, sizeof(n->words));
	fields[WIRE_POLICY_LIMITS] = slice_of(n->limits, sizeof(n->limits));
	fields[WIRE_POLICY_GROUPS] = p->groups;
	fields[WIRE_POLICY_SPACES] = p->spaces;
	fields[WIRE_POLICY_DOMAINS] = p->recipient_domains;
	fields[WIRE_POLICY_SENDERS] = p->senders;
	fields[WIRE_POLICY_HOSTS] = p->upstream_hosts;
}

void opened_put_tenant(const struct opened_tenant *t, struct opened_numbers *n,
		       struct slice *fields)
{
	const struct vault_settings *s = t->settings;
	const uint32_t numbers[] = {s->image_side, s->attached, s->always_from == VAULT_YES,
				    t->operator_server};
	put_numbers(n->tenant, numbers, COUNT_OF(numbers));
	fields[WIRE_SUBJECT_PREFIX] = s->subject_prefix;
	fields[WIRE_TENANT_FROM_ADDRESS] = s->from_address;
	fields[WIRE_TENANT_FROM_NAME] = s->from_name;
	fields[WIRE_BUTTON_LABEL] = s->button_label;
	fields[WIRE_HEADER_TEXT] = s->header_text;
	fields[WIRE_CSS] = s->css;
	fields[WIRE_TENANT_NUMBERS] = slice_of(n->tenant, sizeof(n->tenant));
	put_policy(t->policy, &n->policy, fields + WIRE_TENANT_POLICY);
	put_policy(t->space_policy, &n->space_policy, fields + WIRE_SPACE_POLICY);
}

/* Their digits were looked at when the record was read. */
static struct slice pins_of(const struct vault_server *s, struct opened_numbers *n)
{
	size_t len = 0;
	for (size_t i = 0; i < SERVER_PINS_MAX; i++) {
		bool is_pin = s->pins[i].len == (size_t)2 * SERVER_PIN &&
			      hex_decode(s->pins[i], n->pins + len) == FAULT_NONE;
		len += is_pin ? SERVER_PIN : 0;
	}
	return slice_of(n->pins, len);
}

void opened_put_server(const struct vault_server *s, struct opened_numbers *n, struct slice *fields)
{
	const uint32_t limits[] = {s->limits.connections, s->limits.per_minute, s->limits.per_hour,
				   s->limits.recipients_per_mail};
	put_numbers(n->limits, limits, COUNT_OF(limits));
	wire_put_number(n->port, s->port, 2);
	n->flags[0] = (unsigned char)s->tls;
	n->flags[1] = s->password != NULL;
	n->flags[2] = (unsigned char)s->oauth.flow;
	n->flags[3] = s->tenant.len == 0;
	fields[WIRE_NAME] = s->name;
	fields[WIRE_HOST] = s->host;
	fields[WIRE_PORT] = slice_of(n->port, 2);
	fields[WIRE_TLS] = slice_of(&n->flags[0], 1);
	fields[WIRE_USERNAME] = s->username;
	fields[WIRE_HAS_PASSWORD] = slice_of(&n->flags[1], 1);
	fields[WIRE_PASSWORD] = secret_view(s->password);
	fields[WIRE_CA_PEM] = s->ca_pem;
	fields[WIRE_FROM_ADDRESS] = s->from_address;
	fields[WIRE_FROM_NAME] = s->from_name;
	fields[WIRE_RETURN_PATH] = s->return_path;
	fields[WIRE_IS_OPERATORS] = slice_of(&n->flags[3], 1);
	fields[WIRE_OAUTH_FLOW] = slice_of(&n->flags[2], 1);
	fields[WIRE_OAUTH_TOKEN_URL] = s->oauth.token_url;
	fields[WIRE_OAUTH_CLIENT_ID] = s->oauth.client_id;
	fields[WIRE_OAUTH_KEY_ID] = s->oauth.key_id;
	fields[WIRE_OAUTH_SCOPE] = s->oauth.scope;
	fields[WIRE_OAUTH_SECRET] = secret_view(s->oauth.secret);
	fields[WIRE_OAUTH_REFRESH] = secret_view(s->oauth.refresh);
	fields[WIRE_PINS] = pins_of(s, n);
	fields[WIRE_PROFILE] = s->profile;
	fields[WIRE_LIMITS] = slice_of(n->limits, sizeof(n->limits));
	for (size_t i = 0; i < SERVER_DKIM_MAX; i++) {
		struct slice *key = &fields[WIRE_DKIM + 3 * i];
		key[0] = s->dkim[i].domain;
		key[1] = s->dkim[i].selector;
		key[2] = secret_view(s->dkim[i].key);
	}
}
