#include "config/keeper/answers.h"

#include "spool-free/base/hex.h"

/* A record's texts: names, hosts, a CA of 16 KiB at most. */
enum { OPENED_MAX = 128 * 1024, HASH = VAULT_HASH_HEX / 2 };

/* One request's work: what was opened for it, wiped by close_work(). */
struct work {
	const struct vault *vault;
	struct arena arena;
	struct vault_record record;
	struct vault_settings settings; /* of the tenant; all empty when it set nothing */
	struct wire_message answer;
	unsigned char numbers[8];
	unsigned char flags[4];
	unsigned char limits[WIRE_LIMITS_LEN];
	char pins[SERVER_PINS_MAX * SERVER_PIN];
};

static void close_work(struct work *w)
{
	vault_record_deinit(&w->record);
	arena_deinit(&w->arena);
}

static enum fault open_record(struct work *w, enum vault_kind kind, struct slice tenant,
			      struct slice name)
{
	struct vault_key_name key = {.kind = kind, .tenant = tenant, .name = name};
	return vault_find(w->vault, key, NULL, &w->arena, &w->record, NULL);
}

static enum fault open_tenant(struct work *w, struct slice id)
{
	enum fault f = open_record(w, VAULT_TENANT, (struct slice){0}, id);
	if (f == FAULT_NONE && w->record.tenant.state != VAULT_ACTIVE) {
		return FAULT_TENANT_SUSPENDED;
	}
	return f;
}

/* In place of the record that was open, which is a tenant's and holds no secret. */
static enum fault open_settings(struct work *w, struct slice tenant)
{
	enum fault f = open_record(w, VAULT_SETTINGS, tenant, (struct slice){0});
	if (f == FAULT_NONE) {
		w->settings = w->record.settings;
	}
	return f == FAULT_NOT_FOUND ? FAULT_NONE : f;
}

static enum fault answer_ping(struct work *w, const struct wire_message *request)
{
	if (request->count != 0) {
		return FAULT_KEEPER_PROTOCOL;
	}
	wire_put_number(w->numbers, vault_generation(w->vault), sizeof(w->numbers));
	w->answer.count = 1;
	w->answer.fields[0] = slice_of(w->numbers, sizeof(w->numbers));
	return FAULT_NONE;
}

/* The token's tenant is open then; a token whose tenant is gone is nobody's. */
static enum fault open_caller(struct work *w, struct slice token_hash, struct slice *out_tenant)
{
	char hash[VAULT_HASH_HEX];
	hex_encode(token_hash, hash);
	enum fault f = open_record(w, VAULT_TOKEN, (struct slice){0}, slice_of(hash, sizeof(hash)));
	if (f == FAULT_NONE) {
		struct slice tenant = w->record.token.tenant;
		f = open_tenant(w, tenant);
		*out_tenant = f == FAULT_NONE ? tenant : *out_tenant;
	}
	return f == FAULT_NOT_FOUND ? FAULT_NO_CALLER : f;
}

static enum fault answer_find_caller(struct work *w, const struct wire_message *request)
{
	if (request->count != 1 || request->fields[0].len != HASH) {
		return FAULT_KEEPER_PROTOCOL;
	}
	w->answer.count = 1;
	return open_caller(w, request->fields[0], &w->answer.fields[0]);
}

static void put_tenant(struct work *w)
{
	const struct vault_settings *t = &w->settings;
	w->answer.count = WIRE_TENANT_FIELDS;
	w->answer.fields[WIRE_SUBJECT_PREFIX] = t->subject_prefix;
	w->answer.fields[WIRE_TENANT_FROM_ADDRESS] = t->from_address;
	w->answer.fields[WIRE_TENANT_FROM_NAME] = t->from_name;
	w->answer.fields[WIRE_BUTTON_LABEL] = t->button_label;
}

static enum fault answer_get_tenant(struct work *w, const struct wire_message *request)
{
	if (request->count != 1) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = open_tenant(w, request->fields[0]);
	if (f == FAULT_NONE) {
		f = open_settings(w, request->fields[0]);
	}
	if (f == FAULT_NONE) {
		put_tenant(w);
	}
	return f;
}

/* Their digits were looked at when the record was read. */
static struct slice pins_of(struct work *w, const struct vault_server *s)
{
	size_t len = 0;
	for (size_t i = 0; i < SERVER_PINS_MAX; i++) {
		bool is_pin = s->pins[i].len == (size_t)2 * SERVER_PIN &&
			      hex_decode(s->pins[i], w->pins + len) == FAULT_NONE;
		len += is_pin ? SERVER_PIN : 0;
	}
	return slice_of(w->pins, len);
}

static struct slice limits_of(struct work *w, const struct server_limits *l)
{
	const uint32_t numbers[] = {l->connections, l->per_minute, l->per_hour,
				    l->recipients_per_mail};
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		wire_put_number(w->limits + i * WIRE_NUMBER, numbers[i], WIRE_NUMBER);
	}
	return slice_of(w->limits, sizeof(w->limits));
}

static void put_server(struct work *w)
{
	const struct vault_server *s = &w->record.server;
	struct slice *fields = w->answer.fields + w->answer.count;
	wire_put_number(w->numbers, s->port, 2);
	w->flags[0] = (unsigned char)s->tls;
	w->flags[1] = s->password != NULL;
	w->flags[2] = (unsigned char)s->oauth.flow;
	w->flags[3] = s->tenant.len == 0;
	w->answer.count += WIRE_SERVER_FIELDS;
	fields[WIRE_NAME] = s->name;
	fields[WIRE_HOST] = s->host;
	fields[WIRE_PORT] = slice_of(w->numbers, 2);
	fields[WIRE_TLS] = slice_of(&w->flags[0], 1);
	fields[WIRE_USERNAME] = s->username;
	fields[WIRE_HAS_PASSWORD] = slice_of(&w->flags[1], 1);
	fields[WIRE_PASSWORD] = secret_view(s->password);
	fields[WIRE_CA_PEM] = s->ca_pem;
	fields[WIRE_FROM_ADDRESS] = s->from_address;
	fields[WIRE_FROM_NAME] = s->from_name;
	fields[WIRE_IS_OPERATORS] = slice_of(&w->flags[3], 1);
	fields[WIRE_OAUTH_FLOW] = slice_of(&w->flags[2], 1);
	fields[WIRE_OAUTH_TOKEN_URL] = s->oauth.token_url;
	fields[WIRE_OAUTH_CLIENT_ID] = s->oauth.client_id;
	fields[WIRE_OAUTH_KEY_ID] = s->oauth.key_id;
	fields[WIRE_OAUTH_SCOPE] = s->oauth.scope;
	fields[WIRE_OAUTH_SECRET] = secret_view(s->oauth.secret);
	fields[WIRE_OAUTH_REFRESH] = secret_view(s->oauth.refresh);
	fields[WIRE_PINS] = pins_of(w, s);
	fields[WIRE_PROFILE] = s->profile;
	fields[WIRE_LIMITS] = limits_of(w, &s->limits);
	for (size_t i = 0; i < SERVER_DKIM_MAX; i++) {
		struct slice *key = &fields[WIRE_DKIM + 3 * i];
		key[0] = s->dkim[i].domain;
		key[1] = s->dkim[i].selector;
		key[2] = secret_view(s->dkim[i].key);
	}
}

/* Named: the tenant's own of that name. Not named: the tenant's default, else the operator's. */
static enum fault open_server(struct work *w, struct slice tenant, struct slice name)
{
	bool is_named = name.len > 0;
	if (!is_named) {
		name = w->settings.default_server;
	}
	if (name.len == 0) {
		tenant = (struct slice){0};
		name = SLICE_LIT(VAULT_OPERATOR_SERVER);
	}
	enum fault f = open_record(w, VAULT_SERVER, tenant, name);
	if (f == FAULT_NONE) {
		put_server(w);
	}
	return f == FAULT_NOT_FOUND && !is_named ? FAULT_NO_SERVER : f;
}

static enum fault answer_open_server(struct work *w, const struct wire_message *request)
{
	if (request->count != 2) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = open_tenant(w, request->fields[0]);
	if (f == FAULT_NONE) {
		f = open_settings(w, request->fields[0]);
	}
	return f == FAULT_NONE ? open_server(w, request->fields[0], request->fields[1]) : f;
}

/* All that a job needs, for the caller that its token stands for at this moment. */
static enum fault answer_open_job(struct work *w, const struct wire_message *request)
{
	struct slice tenant = {0};
	if (request->count != 3 || request->fields[0].len != HASH) {
		return FAULT_KEEPER_PROTOCOL;
	}
	enum fault f = open_caller(w, request->fields[0], &tenant);
	if (f == FAULT_NONE && !slice_eq(tenant, request->fields[1])) {
		f = FAULT_NO_CALLER;
	}
	if (f == FAULT_NONE) {
		f = open_settings(w, tenant);
	}
	if (f != FAULT_NONE) {
		return f;
	}
	put_tenant(w);
	return open_server(w, tenant, request->fields[2]);
}

static enum fault answer_any(struct work *w, const struct wire_message *request)
{
	switch ((enum wire_operation)request->code) {
	case WIRE_PING:
		return answer_ping(w, request);
	case WIRE_FIND_CALLER:
		return answer_find_caller(w, request);
	case WIRE_GET_TENANT:
		return answer_get_tenant(w, request);
	case WIRE_OPEN_SERVER:
		return answer_open_server(w, request);
	case WIRE_OPEN_JOB:
		return answer_open_job(w, request);
	}
	return FAULT_KEEPER_PROTOCOL;
}

enum fault keeper_answer(const struct vault *v, const struct wire_message *request,
			 struct secret **out_frame)
{
	CLEANUP(close_work) struct work w = {.vault = v};
	arena_init(&w.arena, OPENED_MAX);
	enum fault f = answer_any(&w, request);
	if (f != FAULT_NONE) {
		w.answer = (struct wire_message){.code = wire_result_of(f)};
	}
	return wire_write(&w.answer, WIRE_ANSWER_MAX, out_frame);
}
