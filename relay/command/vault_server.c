#include <stdio.h>

#include "spool-free/base/base64.h"
#include "spool-free/base/hex.h"
#include "config/vault/keys.h"
#include "relay/command/vault_google.h"
#include "relay/command/vault_input.h"
#include "relay/command/vault_session.h"

enum { SUBMISSION = 587, SUBMISSIONS = 465 /* RFC 8314 */ };

/* What an admin need not look up. */
static const struct provider {
	const char *name;
	const char *host;
	uint16_t port;
	enum tls_mode tls;
	enum oauth_flow flow;
	struct slice token_url; /* with `tenant_part` behind it where there is one */
	struct slice tenant_part;
	struct slice scope;
} providers[] = {
	{"microsoft365", "smtp.office365.com", SUBMISSION, TLS_STARTTLS, OAUTH_CLIENT_CREDENTIALS,
	 SLICE_INIT("https://login.microsoftonline.com/"), SLICE_INIT("/oauth2/v2.0/token"),
	 SLICE_INIT("https://outlook.office365.com/.default")},
	{"google",
	 "smtp.gmail.com",
	 SUBMISSIONS,
	 TLS_IMPLICIT,
	 OAUTH_SERVICE_ACCOUNT,
	 SLICE_INIT("https://oauth2.googleapis.com/token"),
	 {0},
	 SLICE_INIT("https://mail.google.com/")},
};

static const struct slice flow_names[] = {
	[OAUTH_CLIENT_CREDENTIALS] = SLICE_INIT("client-credentials"),
	[OAUTH_SERVICE_ACCOUNT] = SLICE_INIT("service-account"),
	[OAUTH_REFRESH_TOKEN] = SLICE_INIT("refresh-token"),
};

/* Frees what was read on the way, when a later step refuses. */
static void drop_record(struct vault_record *r)
{
	vault_record_deinit(r);
}

static enum fault refuse(struct problem *p, const char *sentence)
{
	return problem_set(p, FAULT_BAD_RECORD, sentence);
}

static bool is_given(const struct vault_session *s, enum vault_option option)
{
	return s->options[option] != NULL;
}

static enum fault find_provider(const struct vault_session *s, const struct provider **out,
				struct problem *p)
{
	struct slice name = vault_session_option(s, OPTION_PROVIDER);
	*out = NULL;
	for (size_t i = 0; i < COUNT_OF(providers); i++) {
		if (slice_eq(name, slice_of_text(providers[i].name))) {
			*out = &providers[i];
		}
	}
	if (*out == NULL && is_given(s, OPTION_PROVIDER)) {
		return refuse(p, "--provider must be microsoft365 or google.");
	}
	if (*out == NULL && !is_given(s, OPTION_HOST)) {
		return refuse(p, "Without --provider this action needs --host.");
	}
	return FAULT_NONE;
}

/* --- how it logs in ------------------------------------------------------------------------------ */

#define FLOW(name) (1U << OAUTH_##name)

/* What a flow has no use for is no slip to pass over: who gives it means another flow. */
static const struct {
	enum vault_option option;
	unsigned flows; /* that take it */
	const char *sentence;
} flow_options[] = {
	{OPTION_OAUTH_SECRET_FILE, FLOW(CLIENT_CREDENTIALS) | FLOW(REFRESH_TOKEN),
	 "--oauth-secret-file is of no use to a service account, which has a key: give that by "
	 "--oauth-google-file or --oauth-key-file, or name another --oauth-flow."},
	{OPTION_OAUTH_REFRESH_FILE, FLOW(REFRESH_TOKEN),
	 "--oauth-refresh-file needs --oauth-flow refresh-token."},
	{OPTION_OAUTH_KEY_FILE, FLOW(SERVICE_ACCOUNT),
	 "--oauth-key-file needs --oauth-flow service-account."},
	{OPTION_OAUTH_GOOGLE_FILE, FLOW(SERVICE_ACCOUNT),
	 "--oauth-google-file needs --oauth-flow service-account."},
};

static enum fault check_flow_options(const struct vault_session *s, const struct provider *provider,
				     enum oauth_flow flow, struct problem *p)
{
	bool makes_url = flow != OAUTH_NONE && provider != NULL && provider->tenant_part.len > 0 &&
			 !is_given(s, OPTION_OAUTH_TOKEN_URL);
	for (unsigned i = VAULT_OAUTH_FIRST; i <= VAULT_OAUTH_LAST; i++) {
		if (flow == OAUTH_NONE && is_given(s, i)) {
			return refuse(p, "What begins with --oauth- needs --auth oauth.");
		}
	}
	for (size_t i = 0; i < COUNT_OF(flow_options); i++) {
		bool is_taken = (flow_options[i].flows & (1U << flow)) != 0;
		if (!is_taken && is_given(s, flow_options[i].option)) {
			return refuse(p, flow_options[i].sentence);
		}
	}
	return makes_url || !is_given(s, OPTION_TENANT_ID)
		       ? FAULT_NONE
		       : refuse(p, "--tenant-id is for OAuth with --provider microsoft365, and "
				   "without --oauth-token-url.");
}

/* A provider is for OAuth unless --auth says otherwise; its flow is taken unless one is given. */
static enum fault find_flow(const struct vault_session *s, enum oauth_flow *out_flow,
			    struct problem *p)
{
	const struct provider *provider = NULL;
	struct slice auth = vault_session_option(s, OPTION_AUTH);
	struct slice flow = vault_session_option(s, OPTION_OAUTH_FLOW);
	enum fault f = find_provider(s, &provider, p);
	if (f != FAULT_NONE) {
		return f;
	}
	bool is_oauth = slice_eq(auth, SLICE_LIT("oauth"));
	if (is_given(s, OPTION_AUTH) && !is_oauth && !slice_eq(auth, SLICE_LIT("password"))) {
		return refuse(p, "--auth must be password or oauth.");
	}
	is_oauth = is_oauth || (provider != NULL && !is_given(s, OPTION_AUTH));
	*out_flow = OAUTH_NONE;
	if (!is_oauth) {
		return check_flow_options(s, provider, OAUTH_NONE, p);
	}
	*out_flow = provider != NULL ? provider->flow : OAUTH_CLIENT_CREDENTIALS;
	for (unsigned i = OAUTH_NONE + 1; i < COUNT_OF(flow_names); i++) {
		if (slice_eq(flow, flow_names[i])) {
			*out_flow = (enum oauth_flow)i;
			return check_flow_options(s, provider, *out_flow, p);
		}
	}
	if (is_given(s, OPTION_OAUTH_FLOW)) {
		return refuse(p, "--oauth-flow must be client-credentials, service-account or "
				 "refresh-token.");
	}
	return check_flow_options(s, provider, *out_flow, p);
}

enum fault vault_server_ask(struct vault_session *s, struct problem *p)
{
	enum oauth_flow flow = OAUTH_NONE;
	enum fault f = find_flow(s, &flow, p);
	if (f != FAULT_NONE) {
		return f;
	}
	switch (flow) {
	case OAUTH_NONE:
		return is_given(s, OPTION_USERNAME)
			       ? vault_input_line("Password of the mail server's account",
						  &s->typed, p)
			       : FAULT_NONE;
	case OAUTH_SERVICE_ACCOUNT:
		return FAULT_NONE; /* its key comes out of a file */
	case OAUTH_CLIENT_CREDENTIALS:
		return is_given(s, OPTION_OAUTH_SECRET_FILE)
			       ? FAULT_NONE
			       : vault_input_line("Secret of the OAuth client", &s->typed, p);
	case OAUTH_REFRESH_TOKEN:
		break;
	}
	if (!is_given(s, OPTION_OAUTH_SECRET_FILE)) {
		f = vault_input_line("Secret of the OAuth client (empty if it has none)", &s->typed,
				     p);
	}
	if (f == FAULT_NONE && !is_given(s, OPTION_OAUTH_REFRESH_FILE)) {
		f = vault_input_long_line("Refresh token", &s->refresh, p);
	}
	return f;
}

static enum fault read_token_url(struct vault_session *s, const struct provider *provider,
				 struct slice *out_url, struct problem *p)
{
	struct slice tenant = vault_session_option(s, OPTION_TENANT_ID);
	bool needs_tenant = provider != NULL && provider->tenant_part.len > 0;
	if (is_given(s, OPTION_OAUTH_TOKEN_URL)) {
		*out_url = vault_session_option(s, OPTION_OAUTH_TOKEN_URL);
		return FAULT_NONE;
	}
	if (!needs_tenant) {
		*out_url = provider != NULL ? provider->token_url : (struct slice){0};
		return FAULT_NONE;
	}
	if (!vault_is_domain(tenant)) {
		return refuse(p,
			      "--provider microsoft365 needs --tenant-id: the directory's ID, or "
			      "one of its domains.");
	}
	const struct slice parts[] = {provider->token_url, tenant, provider->tenant_part};
	return arena_join(&s->arena, parts, COUNT_OF(parts), out_url);
}

static enum fault read_service_key(struct vault_session *s, struct oauth_client *o,
				   struct problem *p)
{
	bool is_pem = is_given(s, OPTION_OAUTH_KEY_FILE);
	enum fault f;
	if (is_pem == is_given(s, OPTION_OAUTH_GOOGLE_FILE)) {
		return refuse(p,
			      "A service account needs its key: by --oauth-google-file, the JSON "
			      "file that Google hands out, or by --oauth-key-file, PEM.");
	}
	if (is_pem) {
		f = vault_input_secret(s->options[OPTION_OAUTH_KEY_FILE], VAULT_KEY_MAX, &o->secret,
				       p);
	} else {
		f = vault_google_read(s->options[OPTION_OAUTH_GOOGLE_FILE], &s->arena, o, p);
	}
	return f == FAULT_NONE ? vault_key_check(o->secret, VAULT_KEY_SERVICE, p) : f;
}

/* The line in a file, or what was typed; an empty secret is none. */
static enum fault read_line_secret(const char *file, size_t most, struct secret **typed,
				   struct secret **out_secret, struct problem *p)
{
	CLEANUP(secret_free) struct secret *line = STEAL(*typed);
	enum fault f = file != NULL ? vault_input_secret_line(file, most, &line, p) : FAULT_NONE;
	if (f == FAULT_NONE && secret_view(line).len > 0) {
		*out_secret = STEAL(line);
	}
	return f;
}

static enum fault read_oauth(struct vault_session *s, enum oauth_flow flow,
			     struct vault_server *server, struct problem *p)
{
	const struct provider *provider = NULL;
	struct oauth_client *o = &server->oauth;
	enum fault f = find_provider(s, &provider, p);
	server->auth = VAULT_AUTH_OAUTH;
	o->flow = flow;
	o->scope = is_given(s, OPTION_OAUTH_SCOPE) ? vault_session_option(s, OPTION_OAUTH_SCOPE)
		   : provider != NULL		   ? provider->scope
						   : (struct slice){0};
	if (f == FAULT_NONE) {
		f = read_token_url(s, provider, &o->token_url, p);
	}
	if (f == FAULT_NONE && flow == OAUTH_SERVICE_ACCOUNT) {
		f = read_service_key(s, o, p);
	} else if (f == FAULT_NONE) {
		f = read_line_secret(s->options[OPTION_OAUTH_SECRET_FILE], VAULT_SECRET_MAX,
				     &s->typed, &o->secret, p);
	}
	if (f == FAULT_NONE && flow == OAUTH_REFRESH_TOKEN) {
		f = read_line_secret(s->options[OPTION_OAUTH_REFRESH_FILE], VAULT_REFRESH_MAX,
				     &s->refresh, &o->refresh, p);
	}
	if (is_given(s, OPTION_OAUTH_CLIENT_ID)) {
		o->client_id = vault_session_option(s, OPTION_OAUTH_CLIENT_ID);
	}
	return f;
}

static enum fault read_login(struct vault_session *s, struct vault_server *server,
			     struct problem *p)
{
	enum oauth_flow flow = OAUTH_NONE;
	enum fault f = find_flow(s, &flow, p);
	server->username = vault_session_option(s, OPTION_USERNAME);
	if (f != FAULT_NONE || flow != OAUTH_NONE) {
		return f != FAULT_NONE ? f : read_oauth(s, flow, server, p);
	}
	server->password = STEAL(s->typed);
	return FAULT_NONE;
}

/* --- the rest of the record ---------------------------------------------------------------------- */

static enum fault read_transport(const struct vault_session *s, struct vault_server *server,
				 struct problem *p)
{
	const struct provider *provider = NULL;
	struct slice tls = vault_session_option(s, OPTION_TLS);
	struct slice port = vault_session_option(s, OPTION_PORT);
	uint64_t number;
	enum fault f = find_provider(s, &provider, p);
	if (f != FAULT_NONE) {
		return f;
	}
	bool is_implicit = slice_eq(tls, SLICE_LIT("implicit"));
	if (tls.len > 0 && !is_implicit && !slice_eq(tls, SLICE_LIT("starttls"))) {
		return refuse(p, "--tls must be starttls or implicit.");
	}
	bool is_preset = provider != NULL && tls.len == 0;
	server->host = provider != NULL ? slice_of_text(provider->host) : (struct slice){0};
	if (is_given(s, OPTION_HOST)) {
		server->host = vault_session_option(s, OPTION_HOST);
	}
	server->tls = is_preset ? provider->tls : is_implicit ? TLS_IMPLICIT : TLS_STARTTLS;
	number = is_preset ? provider->port : is_implicit ? SUBMISSIONS : SUBMISSION;
	if (is_given(s, OPTION_PORT) && (!slice_to_u64(port, 65535, &number) || number == 0)) {
		return refuse(p, "--port must be a number from 1 to 65535.");
	}
	server->port = (uint16_t)number;
	return FAULT_NONE;
}

static enum fault read_limits(const struct vault_session *s, struct server_limits *l,
			      struct problem *p)
{
	const struct {
		enum vault_option option;
		uint32_t *number;
		uint32_t most;
		const char *sentence;
	} rows[] = {
		{OPTION_CONNECTIONS, &l->connections, VAULT_CONNECTIONS_MAX,
		 "--connections must be a number from 1 to 1000."},
		{OPTION_PER_MINUTE, &l->per_minute, VAULT_RATE_MAX,
		 "--per-minute must be a number from 1 to 1000000."},
		{OPTION_PER_HOUR, &l->per_hour, VAULT_RATE_MAX,
		 "--per-hour must be a number from 1 to 1000000."},
		{OPTION_RECIPIENTS, &l->recipients_per_mail, VAULT_RATE_MAX,
		 "--recipients-per-mail must be a number from 1 to 1000000."},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint64_t number = 0;
		if (!is_given(s, rows[i].option)) {
			continue;
		}
		if (!slice_to_u64(vault_session_option(s, rows[i].option), rows[i].most, &number) ||
		    number == 0) {
			return refuse(p, rows[i].sentence);
		}
		*rows[i].number = (uint32_t)number;
	}
	return FAULT_NONE;
}

/* 64 hexadecimal digits, or base64 of 32 bytes; kept as the former. */
static bool read_pin(struct slice text, char out[SERVER_PIN])
{
	enum { BASE64_LETTERS = 44 };
	size_t len = 0;
	if (text.len == (size_t)2 * SERVER_PIN) {
		return hex_decode(text, out) == FAULT_NONE;
	}
	char room[BASE64_LETTERS];
	bool is_pin = text.len == BASE64_LETTERS && base64_decode(text, room, &len) == FAULT_NONE &&
		      len == SERVER_PIN;
	for (size_t i = 0; is_pin && i < SERVER_PIN; i++) {
		out[i] = room[i];
	}
	return is_pin;
}

static enum fault read_pins(struct vault_session *s, struct vault_server *server, struct problem *p)
{
	const struct vault_values *given = vault_session_values(s, OPTION_PIN);
	char pin[SERVER_PIN];
	if (given->count > SERVER_PINS_MAX) {
		return refuse(p,
			      "--pin may be given twice: for the key of today and the next one.");
	}
	for (size_t i = 0; i < given->count; i++) {
		if (!read_pin(slice_of_text(given->at[i]), pin)) {
			return refuse(p,
				      "--pin must be the SHA-256 of the server's public key, as 64 "
				      "hexadecimal digits or 44 letters of base64.");
		}
		char *hex = arena_bytes(&s->arena, (size_t)2 * SERVER_PIN);
		if (hex == NULL) {
			return FAULT_NO_MEMORY;
		}
		hex_encode(slice_of(pin, sizeof(pin)), hex);
		server->pins[i] = slice_of(hex, (size_t)2 * SERVER_PIN);
	}
	return FAULT_NONE;
}

/* The n-th domain, selector and file belong together. */
static enum fault read_dkim(const struct vault_session *s, struct vault_server *server,
			    struct problem *p)
{
	const struct vault_values *domains = vault_session_values(s, OPTION_DKIM_DOMAIN);
	const struct vault_values *selectors = vault_session_values(s, OPTION_DKIM_SELECTOR);
	const struct vault_values *files = vault_session_values(s, OPTION_DKIM_KEY_FILE);
	if (selectors->count != domains->count || files->count != domains->count) {
		return refuse(p, "Each key for DKIM needs a --dkim-domain, a --dkim-selector and a "
				 "--dkim-key-file.");
	}
	for (size_t i = 0; i < domains->count; i++) {
		struct dkim_key *k = &server->dkim[i];
		k->domain = slice_of_text(domains->at[i]);
		k->selector = slice_of_text(selectors->at[i]);
		enum fault f = vault_input_secret(files->at[i], VAULT_KEY_MAX, &k->key, p);
		if (f == FAULT_NONE) {
			f = vault_key_check(k->key, VAULT_KEY_DKIM, p);
		}
		if (f != FAULT_NONE) {
			return f;
		}
	}
	return FAULT_NONE;
}

#define PROFILE(name, ...) SLICE_INIT(name),
static const struct slice profiles[] = {
#include "relay/smtp/profile.def"
};
#undef PROFILE

#define PROFILE(name, ...) " " name
static const char no_profile[] = "--profile must be one of:"
#include "relay/smtp/profile.def"
				 ".";
#undef PROFILE

static enum fault read_profile(const struct vault_session *s, struct slice *out_profile,
			       struct problem *p)
{
	struct slice given = vault_session_option(s, OPTION_PROFILE);
	for (size_t i = 0; i < COUNT_OF(profiles); i++) {
		if (slice_eq(given, profiles[i])) {
			*out_profile = given;
			return FAULT_NONE;
		}
	}
	return is_given(s, OPTION_PROFILE) ? refuse(p, no_profile) : FAULT_NONE;
}

static enum fault read_server(struct vault_session *s, struct vault_server *server,
			      struct problem *p)
{
	enum fault f = read_transport(s, server, p);
	if (f == FAULT_NONE) {
		f = read_login(s, server, p);
	}
	if (f == FAULT_NONE && is_given(s, OPTION_CA)) {
		f = vault_input_certificates(s->options[OPTION_CA], &s->arena, &server->ca_pem, p);
	}
	if (f == FAULT_NONE) {
		f = read_limits(s, &server->limits, p);
	}
	if (f == FAULT_NONE) {
		f = read_pins(s, server, p);
	}
	if (f == FAULT_NONE) {
		f = read_profile(s, &server->profile, p);
	}
	if (f == FAULT_NONE) {
		f = read_dkim(s, server, p);
	}
	server->from_name = vault_session_option(s, OPTION_FROM_NAME);
	server->from_address = vault_session_option(s, OPTION_FROM);
	server->return_path = vault_session_option(s, OPTION_RETURN_PATH);
	return f;
}

enum fault vault_server_put(struct vault_session *s, struct problem *p)
{
	struct vault_key_name name;
	CLEANUP(drop_record) struct vault_record r = {.kind = VAULT_SERVER};
	enum fault f = vault_session_name_server(s, &name, p);
	if (f == FAULT_NONE) {
		f = read_server(s, &r.server, p);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	r.server.tenant = name.tenant;
	r.server.name = name.name;
	return vault_put(s->vault, &r, s->half, p);
}

enum fault vault_server_remove(struct vault_session *s, struct problem *p)
{
	struct vault_key_name name;
	enum fault f = vault_session_name_server(s, &name, p);
	/* Who cannot read a tenant's servers does not take them away, either. */
	if (f == FAULT_NONE) {
		f = vault_check_half(s->vault, name.tenant, s->half, p);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	f = vault_remove(s->vault, name);
	return f == FAULT_NOT_FOUND ? vault_session_missing(VAULT_SERVER, p) : f;
}
