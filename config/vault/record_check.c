#include <string.h>

#include "spool-free/base/text.h"
#include "config/vault/fields.h"

/* --- what a value must be --- */

enum fault vault_field_refuse(const struct vault_record *r, const struct vault_field *field,
			      const char *why, struct problem *p)
{
	problem_set(p, FAULT_BAD_RECORD, vault_kind_whose(r->kind));
	problem_add(p, " '");
	problem_add(p, field->key);
	problem_add(p, "' ");
	problem_add(p, why);
	return FAULT_BAD_RECORD;
}

enum fault vault_field_refuse_word(const struct vault_record *r, const struct vault_field *field,
				   struct problem *p)
{
	vault_field_refuse(r, field, "must be \"", p);
	for (unsigned i = 0; field->words[i] != NULL; i++) {
		if (field->words[i][0] != '\0') { /* no word stands for none */
			problem_add(p, field->words[i]);
			problem_add(p, field->words[i + 1] != NULL ? "\" or \"" : "\".");
		}
	}
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

/* Each line of it is one of those that the list holds; an empty one is none. */
static bool is_list(struct slice s, bool (*is)(struct slice line))
{
	size_t count = 0;
	while (s.len > 0) {
		struct slice line = slice_first(s, slice_find_byte(s, '\n'));
		if (line.len == 0 || !is(line) || ++count > VAULT_LIST_MAX) {
			return false;
		}
		s = slice_skip(s, line.len + 1);
	}
	return true;
}

static bool is_lines(struct slice s)
{
	return is_list(s, is_line);
}

static bool is_mailboxes(struct slice s)
{
	return is_list(s, is_mailbox);
}

/* "example.org"; ".example.org" is all that lies below it. */
static bool is_host_or_below(struct slice s)
{
	return s.ptr[0] == '.' ? vault_is_domain(slice_skip(s, 1)) : vault_is_host(s);
}

static bool is_hosts(struct slice s)
{
	return is_list(s, is_host_or_below);
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
	[FIELD_LINES] = {is_lines, "must be at most 200 lines of UTF-8, each of 1 to 255 bytes."},
	[FIELD_MAILBOXES] = {is_mailboxes, "must be at most 200 mail addresses."},
	[FIELD_HOSTS] = {is_hosts, "must be at most 200 names such as example.org, or .example.org "
				   "for all below it."},
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
	if (field->type == FIELD_SECRET && field->needed && vault_field_secret(r, field) == NULL) {
		return vault_field_refuse(r, field, "is missing.", p);
	}
	if (field->type == FIELD_SECRET &&
	    !vault_is_secret(secret_view(vault_field_secret(r, field)), field->most)) {
		return refuse_size(r, field, " bytes, without NUL.", p);
	}
	if (field->type == FIELD_TEXT && !vault_is_text(vault_field_text(r, field), field->most)) {
		return refuse_size(r, field, " bytes of UTF-8 text.", p);
	}
	if ((field->type == FIELD_COUNT && vault_field_number(r, field) > field->most) ||
	    (field->type == FIELD_LIMIT && vault_field_number(r, field) > field->most + 1)) {
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
	if (slice_find_byte(s->return_path, '@') > VAULT_RETURN_LOCAL_MAX &&
	    s->return_path.len > 0) {
		return refuse(p,
			      "A 'return_path' may have at most 27 bytes before the '@': the job's "
			      "id goes behind them.");
	}
	return check_login(s, p);
}

/* What only the site's own policy can say. */
static enum fault check_policy(const struct vault_policy *policy, struct problem *p)
{
	if (policy->space.len > 0 && (policy->spaces.len > 0 || policy->enforce != VAULT_UNSAID)) {
		return refuse(p, "A space's policy has neither 'spaces' nor 'enforce'; the site's "
				 "own policy says them.");
	}
	return FAULT_NONE;
}

static bool is_key(const struct secret *key)
{
	return vault_is_hash(secret_view(key));
}

static enum fault check_house(const struct vault_house *house, struct problem *p)
{
	bool is_whole = is_key(house->log_key) && is_key(house->receipt_key) &&
			is_list(house->receipt_keys_before, vault_is_hash);
	return is_whole ? FAULT_NONE
			: refuse(p, "The house's keys must be 64 hexadecimal digits each.");
}

enum fault vault_record_check(const struct vault_record *r, struct problem *p)
{
	for (const struct vault_field *field = vault_fields_of(r->kind); field->key != NULL;
	     field++) {
		enum fault f = check_field(r, field, p);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	if (r->kind == VAULT_POLICY) {
		return check_policy(&r->policy, p);
	}
	if (r->kind == VAULT_HOUSE) {
		return check_house(&r->house, p);
	}
	return r->kind == VAULT_SERVER ? check_server(&r->server, p) : FAULT_NONE;
}
