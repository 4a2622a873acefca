#include "relay/command/vault_view.h"

#include <assert.h>

#include "spool-free/base/buf.h"
#include "config/vault/assign.h"

enum { HASH_SHOWN = 12, DETAILS_MAX = 4096 };

static struct slice or_dash(struct slice s)
{
	return s.len > 0 ? s : SLICE_LIT("-");
}

/* Empty when it set nothing. */
static struct vault_settings settings_of(struct vault_session *s, struct slice tenant)
{
	struct vault_key_name name = {.kind = VAULT_SETTINGS, .tenant = tenant};
	struct vault_record r;
	enum fault f = vault_find(s->vault, name, NULL, &s->arena, &r, NULL);
	return f == FAULT_NONE ? r.settings : (struct vault_settings){0};
}

static void show_tenant(struct vault_session *s, struct slice *cells, const struct vault_record *r)
{
	static const struct slice states[] = {
		[VAULT_ACTIVE] = SLICE_INIT("active"),
		[VAULT_SUSPENDED] = SLICE_INIT("suspended"),
		[VAULT_UNINSTALLED] = SLICE_INIT("uninstalled"),
	};
	struct vault_settings set = settings_of(s, r->tenant.id);
	struct slice usual = r->tenant.operator_server == VAULT_NO ? SLICE_LIT("-")
								   : SLICE_LIT("(operator's)");
	cells[0] = r->tenant.id;
	cells[1] = states[r->tenant.state];
	cells[2] = r->tenant.created;
	cells[3] = set.default_server.len > 0 ? set.default_server : usual;
	cells[4] = or_dash(set.from_address);
	cells[5] = or_dash(set.subject_prefix);
}

static void show_token(struct vault_session *s UNUSED, struct slice *cells,
		       const struct vault_record *r)
{
	static const struct slice scopes[] = {
		[VAULT_SCOPE_SEND] = SLICE_INIT("send"),
		[VAULT_SCOPE_ADMIN] = SLICE_INIT("admin"),
		[VAULT_SCOPE_BOTH] = SLICE_INIT("send-admin"),
	};
	cells[0] = slice_first(r->token.hash, HASH_SHOWN);
	cells[1] = r->token.tenant;
	cells[2] = r->token.label;
	cells[3] = scopes[r->token.scope];
	cells[4] = r->token.created;
	cells[5] = or_dash(r->token.last_used);
}

static struct slice auth_name(const struct vault_server *s)
{
	if (s->auth == VAULT_AUTH_OAUTH) {
		return SLICE_LIT("oauth");
	}
	return s->username.len > 0 ? SLICE_LIT("password") : SLICE_LIT("none");
}

/* "; " before all but the first; a detail that finds no room is left out as a whole. */
static void add_detail(struct buf *b, struct slice head, struct slice value, struct slice tail)
{
	const struct slice parts[] = {SLICE_LIT("; "), head, value, tail};
	size_t was = b->len;
	enum fault f = FAULT_NONE;
	for (size_t i = was == 0; i < COUNT_OF(parts) && f == FAULT_NONE; i++) {
		f = buf_add(b, parts[i]);
	}
	b->len = f == FAULT_NONE ? b->len : was;
}

static void add_number(struct buf *b, uint32_t number, const char *unit)
{
	char digits[16];
	struct buf text;
	struct slice none = {0};
	buf_init(&text, sizeof(digits));
	if (number > 0 && buf_add_u64(&text, number) == FAULT_NONE) {
		add_detail(b, none, buf_view(&text), slice_of_text(unit));
	}
	buf_deinit(&text);
}

static void add_dkim(struct buf *b, const struct dkim_key *k)
{
	struct slice none = {0};
	if (k->key != NULL) {
		add_detail(b, SLICE_LIT("dkim "), k->selector, none);
		if (buf_add_byte(b, '.') != FAULT_NONE || buf_add(b, k->domain) != FAULT_NONE) {
			return;
		}
	}
}

/* How a token is got, what is pinned, what limits are the server's own, what signs. */
static struct slice details(struct arena *a, const struct vault_server *s)
{
	static const struct slice flows[] = {
		[OAUTH_NONE] = SLICE_INIT(""),
		[OAUTH_CLIENT_CREDENTIALS] = SLICE_INIT("client-credentials "),
		[OAUTH_SERVICE_ACCOUNT] = SLICE_INIT("service-account "),
		[OAUTH_REFRESH_TOKEN] = SLICE_INIT("refresh-token "),
	};
	CLEANUP(buf_deinit) struct buf b;
	struct slice none = {0};
	struct slice copy = {0};
	buf_init(&b, DETAILS_MAX);
	if (s->oauth.flow != OAUTH_NONE) {
		add_detail(&b, flows[s->oauth.flow], s->oauth.client_id, none);
		add_detail(&b, none, s->oauth.token_url, none);
	}
	if (s->profile.len > 0) {
		add_detail(&b, SLICE_LIT("profile "), s->profile, none);
	}
	add_number(&b, (s->pins[0].len > 0) + (uint32_t)(s->pins[1].len > 0), " pinned");
	add_number(&b, s->limits.connections, " connections");
	add_number(&b, s->limits.per_minute, " a minute");
	add_number(&b, s->limits.per_hour, " an hour");
	add_number(&b, s->limits.recipients_per_mail, " recipients");
	if (s->return_path.len > 0) {
		add_detail(&b, SLICE_LIT("returns to "), s->return_path, none);
	}
	for (size_t i = 0; i < SERVER_DKIM_MAX; i++) {
		add_dkim(&b, &s->dkim[i]);
	}
	enum fault f = arena_copy(a, buf_view(&b), &copy);
	return f == FAULT_NONE ? copy : SLICE_LIT("?");
}

static void show_server(struct vault_session *session, struct slice *cells,
			const struct vault_record *r)
{
	const struct vault_server *s = &r->server;
	cells[0] = s->tenant.len > 0 ? s->tenant : SLICE_LIT("(operator)");
	cells[1] = s->name;
	cells[2] = s->host;
	cells[3] = vault_number_text(&session->arena, s->port);
	cells[4] = s->tls == TLS_IMPLICIT ? SLICE_LIT("implicit") : SLICE_LIT("starttls");
	cells[5] = or_dash(s->username);
	cells[6] = or_dash(s->from_address);
	cells[7] = auth_name(s);
	cells[8] = or_dash(details(&session->arena, s));
}

static void show_aws(struct vault_session *s UNUSED, struct slice *cells,
		     const struct vault_record *r)
{
	cells[0] = r->aws.tenant;
	cells[1] = r->aws.name;
	cells[2] = r->aws.role_arn;
	cells[3] = r->aws.region;
	cells[4] = or_dash(r->aws.label);
}

/* Which keys a policy says; `policy get` shows what. */
static struct slice keys_said(struct arena *a, const struct vault_record *r)
{
	CLEANUP(buf_deinit) struct buf b;
	struct slice copy = {0};
	buf_init(&b, DETAILS_MAX);
	for (const struct vault_field *f = vault_fields_of(r->kind); f->key != NULL; f++) {
		bool is_said = vault_field_is_text(f) ? vault_field_text(r, f).len > 0
						      : vault_field_number(r, f) > 0;
		if (is_said && vault_assignable(r->kind, slice_of_text(f->key)) != NULL) {
			add_detail(&b, slice_of_text(f->key), (struct slice){0}, (struct slice){0});
		}
	}
	enum fault f = arena_copy(a, buf_view(&b), &copy);
	return f == FAULT_NONE ? copy : SLICE_LIT("?");
}

static void show_policy(struct vault_session *s, struct slice *cells, const struct vault_record *r)
{
	cells[0] = r->policy.tenant;
	cells[1] = r->policy.space.len > 0 ? r->policy.space : SLICE_LIT("(all)");
	cells[2] = or_dash(keys_said(&s->arena, r));
}

static const struct vault_view views[VAULT_KINDS] = {
	[VAULT_TENANT] = {"tenants",
			  {SLICE_INIT("TENANT"), SLICE_INIT("STATE"), SLICE_INIT("CREATED"),
			   SLICE_INIT("DEFAULT SERVER"), SLICE_INIT("FROM"),
			   SLICE_INIT("SUBJECT PREFIX")},
			  6,
			  show_tenant},
	[VAULT_TOKEN] = {"tokens",
			 {SLICE_INIT("ID"), SLICE_INIT("TENANT"), SLICE_INIT("LABEL"),
			  SLICE_INIT("SCOPE"), SLICE_INIT("CREATED"), SLICE_INIT("LAST USED")},
			 6,
			 show_token},
	[VAULT_SERVER] = {"servers",
			  {SLICE_INIT("TENANT"), SLICE_INIT("SERVER"), SLICE_INIT("HOST"),
			   SLICE_INIT("PORT"), SLICE_INIT("TLS"), SLICE_INIT("USERNAME"),
			   SLICE_INIT("FROM"), SLICE_INIT("AUTH"), SLICE_INIT("DETAILS")},
			  9,
			  show_server},
	[VAULT_POLICY] = {"policies",
			  {SLICE_INIT("TENANT"), SLICE_INIT("SPACE"), SLICE_INIT("SAYS")},
			  3,
			  show_policy},
	[VAULT_AWS] = {"accounts",
		       {SLICE_INIT("TENANT"), SLICE_INIT("ACCOUNT"), SLICE_INIT("ROLE"),
			SLICE_INIT("REGION"), SLICE_INIT("LABEL")},
		       5,
		       show_aws},
};

const struct vault_view *vault_view_of(enum vault_kind kind)
{
	assert(kind < VAULT_KINDS && views[kind].show != NULL); /* a kind that is listed */
	return &views[kind];
}
