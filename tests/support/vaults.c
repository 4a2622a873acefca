#include "tests/support/vaults.h"

#include <check.h>

#include "spool-free/base/digest.h"
#include "spool-free/base/hex.h"

static struct vault_kdf cheap = {.log_n = VAULTS_LOG_N, .r = 8, .p = 1};

static const struct vault_unlock *unlock_of(enum vault_slot_kind kind, struct slice bytes)
{
	static struct vault_unlock units[4];
	static size_t next;
	struct secret *s;
	ck_assert_uint_eq(secret_new(bytes, &s), FAULT_NONE);
	struct vault_unlock *u = &units[next++ % COUNT_OF(units)];
	struct secret *old = (struct secret *)(uintptr_t)u->bytes;
	secret_free(&old);
	*u = (struct vault_unlock){.kind = kind, .bytes = s, .log_n_min = VAULTS_LOG_N};
	return u;
}

const struct vault_unlock *vaults_by_phrase(const char *phrase)
{
	return unlock_of(VAULT_PASSPHRASE, slice_of_text(phrase));
}

const struct vault_unlock *vaults_by_credential(char fill)
{
	char bytes[VAULT_CREDENTIAL_MIN];
	memset(bytes, fill, sizeof(bytes));
	return unlock_of(VAULT_CREDENTIAL, slice_of(bytes, sizeof(bytes)));
}

void vaults_hash(const char *token, unsigned char out_hash[32], char out_hex[64])
{
	digest_sha256(slice_of_text(token), out_hash);
	hex_encode(slice_of(out_hash, 32), out_hex);
}

static void put(struct vault *v, struct vault_record r)
{
	struct problem p = {0};
	enum fault f = vault_put(v, &r, NULL, &p);
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
	vault_record_deinit(&r);
}

static void put_token(struct vault *v, const char *token, const char *tenant)
{
	unsigned char hash[32];
	char hex[64];
	vaults_hash(token, hash, hex);
	put(v, (struct vault_record){
		       .kind = VAULT_TOKEN,
		       .token = {.hash = slice_of(hex, sizeof(hex)),
				 .tenant = slice_of_text(tenant),
				 .label = SLICE_LIT("a label"),
				 .created = SLICE_LIT("2026-11-22T00:00:00.000Z")},
	       });
}

struct vault_record vaults_server(const char *tenant, const char *name, const char *password)
{
	struct vault_record r = {
		.kind = VAULT_SERVER,
		.server =
			{.tenant = slice_of_text(tenant),
			 .name = slice_of_text(name),
			 .host = SLICE_LIT("smtp.example.org"),
			 .port = 465,
			 .tls = TLS_IMPLICIT,
			 .username = SLICE_LIT("relay@example.org"),
			 .ca_pem = SLICE_LIT(
				 "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
			 .from_name = SLICE_LIT("Team \"K\xC3\xB6ln\" \\o/"),
			 .from_address = SLICE_LIT("team@example.org")},
	};
	ck_assert_uint_eq(secret_new(slice_of_text(password), &r.server.password), FAULT_NONE);
	return r;
}

static struct secret *secret_of(const char *text)
{
	struct secret *s;
	ck_assert_uint_eq(secret_new(slice_of_text(text), &s), FAULT_NONE);
	return s;
}

struct vault_record vaults_oauth_server(const char *tenant, const char *name)
{
	return (struct vault_record){
		.kind = VAULT_SERVER,
		.server = {.tenant = slice_of_text(tenant),
			   .name = slice_of_text(name),
			   .host = SLICE_LIT("smtp.example.org"),
			   .port = 587,
			   .username = SLICE_LIT("relay@example.org"),
			   .auth = VAULT_AUTH_OAUTH,
			   .oauth = {.flow = OAUTH_REFRESH_TOKEN,
				     .token_url = SLICE_LIT("https://login.example.org/token"),
				     .client_id = SLICE_LIT("client"),
				     .key_id = SLICE_LIT("key-1"),
				     .scope = SLICE_LIT("one two"),
				     .secret = secret_of("the client's"),
				     .refresh = secret_of("refreshing")},
			   .pins = {SLICE_LIT(VAULTS_PIN_1), SLICE_LIT(VAULTS_PIN_2)},
			   .profile = SLICE_LIT("special"),
			   .limits = {.connections = 3,
				      .per_minute = 30,
				      .per_hour = 500,
				      .recipients_per_mail = 100},
			   .dkim = {{.domain = SLICE_LIT("example.org"),
				     .selector = SLICE_LIT("2026"),
				     .key = secret_of("any text; it was looked at before")}}},
	};
}

static void put_tenant(struct vault *v, const char *id, enum vault_state state)
{
	put(v, (struct vault_record){
		       .kind = VAULT_TENANT,
		       .tenant = {.id = slice_of_text(id),
				  .state = state,
				  .created = SLICE_LIT("2026-11-22T00:00:00.000Z")},
	       });
}

static void put_settings(struct vault *v, const char *tenant)
{
	put(v, (struct vault_record){
		       .kind = VAULT_SETTINGS,
		       .settings = {.tenant = slice_of_text(tenant),
				    .subject_prefix = SLICE_LIT("[Wiki] "),
				    .from_name = SLICE_LIT("Acme"),
				    .from_address = SLICE_LIT("wiki@acme.example"),
				    .button_label = SLICE_LIT("Open"),
				    .default_server = SLICE_LIT("main")},
	       });
}

struct vault *vaults_sample(const struct vault_unlock *unlock)
{
	struct vault *v;
	ck_assert_uint_eq(vault_create(unlock, cheap, &v, NULL), FAULT_NONE);
	put_tenant(v, "acme", VAULT_ACTIVE);
	put_tenant(v, "bare", VAULT_ACTIVE);
	put_tenant(v, "asleep", VAULT_SUSPENDED);
	put_settings(v, "acme");
	put_token(v, VAULTS_TOKEN, "acme");
	put_token(v, VAULTS_SLEEPER, "asleep");
	put(v, vaults_server("acme", "main", VAULTS_PASSWORD));
	put(v, vaults_server(NULL, "operator", "of the operator"));
	return v;
}

void vaults_encode(struct vault *v, struct vaults_files *out)
{
	buf_init(&out->vault, VAULT_FILE_MAX);
	buf_init(&out->ledger, VAULT_FILE_MAX);
	ck_assert_uint_eq(vault_encode_ledger(v, false, &out->ledger, NULL), FAULT_NONE);
	ck_assert_uint_eq(vault_encode(v, &out->vault, NULL), FAULT_NONE);
	if (vault_has_retired_keys(v)) {
		ck_assert_uint_eq(vault_encode_ledger(v, true, &out->ledger, NULL), FAULT_NONE);
	}
}

void vaults_deinit(struct vaults_files *files)
{
	buf_deinit(&files->vault);
	buf_deinit(&files->ledger);
}

enum fault vaults_open(const struct vaults_files *files, const struct vault_unlock *u,
		       struct vault **out_vault, struct problem *p)
{
	return vault_open(buf_view(&files->vault), buf_view(&files->ledger), u, out_vault, p);
}

enum fault vaults_refresh(const struct vaults_files *files, struct vault *v, struct problem *p)
{
	return vault_refresh(v, buf_view(&files->vault), buf_view(&files->ledger), NULL, p);
}

struct secret *vaults_half(char fill)
{
	char bytes[VAULT_HALF];
	struct secret *s;
	memset(bytes, fill, sizeof(bytes));
	ck_assert_uint_eq(secret_new(slice_of(bytes, sizeof(bytes)), &s), FAULT_NONE);
	return s;
}

enum fault vaults_find(const struct vault *v, enum vault_kind kind, const char *tenant,
		       const char *name, const struct secret *half)
{
	struct vault_key_name key = {kind, slice_of_text(tenant), slice_of_text(name)};
	struct problem p = {0};
	struct vault_record r;
	struct arena a;
	arena_init(&a, VAULTS_ARENA);
	enum fault f = vault_find(v, key, half, &a, &r, &p);
	if (f == FAULT_NONE) {
		vault_record_deinit(&r);
	} else {
		ck_assert_msg(p.len > 0 && p.fault == f, "no sentence");
	}
	arena_deinit(&a);
	return f;
}

enum fault vaults_find_token(const struct vault *v, const char *token)
{
	unsigned char hash[32];
	char hex[65] = {0};
	vaults_hash(token, hash, hex);
	return vaults_find(v, VAULT_TOKEN, NULL, hex, NULL);
}

void vaults_put_tenant(struct vault *v, const char *id)
{
	put_tenant(v, id, VAULT_ACTIVE);
}

void vaults_put_server(struct vault *v, const char *tenant, const char *name,
		       const struct secret *half)
{
	struct problem p = {0};
	struct vault_record r = vaults_server(tenant, name, VAULTS_PASSWORD);
	enum fault f = vault_put(v, &r, half, &p);
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
	vault_record_deinit(&r);
}

unsigned vaults_state(const struct vault *v)
{
	struct secret *first = vaults_half('h');
	struct secret *second = vaults_half('2');
	bool others = vaults_find(v, VAULT_TENANT, NULL, "bare", NULL) == FAULT_NONE &&
		      vaults_find(v, VAULT_TENANT, NULL, "asleep", NULL) == FAULT_NONE &&
		      vaults_find_token(v, VAULTS_SLEEPER) == FAULT_NONE &&
		      vaults_find(v, VAULT_SERVER, NULL, "operator", NULL) == FAULT_NONE;
	struct {
		bool opens;
		enum vaults_bit bit;
	} rows[] = {
		{vaults_find(v, VAULT_TENANT, NULL, "acme", NULL) == FAULT_NONE, VAULTS_TENANT},
		{vaults_find(v, VAULT_SETTINGS, "acme", NULL, NULL) == FAULT_NONE, VAULTS_SETTINGS},
		{vaults_find_token(v, VAULTS_TOKEN) == FAULT_NONE, VAULTS_OF_TOKEN},
		{vaults_find(v, VAULT_SERVER, "acme", "main", NULL) == FAULT_NONE, VAULTS_SERVER},
		{vaults_find(v, VAULT_SERVER, "acme", "main", first) == FAULT_NONE,
		 VAULTS_SERVER_H},
		{vaults_find(v, VAULT_SERVER, "acme", "main", second) == FAULT_NONE,
		 VAULTS_SERVER_2},
		{vault_is_split(v, SLICE_LIT("acme")), VAULTS_SPLIT},
		{others, VAULTS_OTHERS},
		{vaults_find(v, VAULT_TENANT, NULL, "fresh", NULL) == FAULT_NONE, VAULTS_FRESH},
	};
	unsigned state = 0;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		state |= rows[i].opens ? rows[i].bit : 0;
	}
	secret_free(&first);
	secret_free(&second);
	return state;
}
