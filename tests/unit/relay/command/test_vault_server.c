#include "relay/command/vault_session.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

/* Servers put into a vault that is only in memory; keys are made for each test, in files of a folder of its own. */

enum file { FILE_RSA, FILE_SMALL, FILE_ED25519, FILE_EC, FILE_LINE, FILE_GOOGLE, FILE_COUNT };

static struct vault_session session;
static struct problem problem;
static char folder[] = "/tmp/pagepost-server-XXXXXX";
static char paths[FILE_COUNT][PATH_MAX];

static void setup(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(null, STDERR_FILENO);
	close(null);
	vault_session_init(&session);
	session.vault = vaults_sample(vaults_by_credential('k'));
	problem = (struct problem){0};
	ck_assert_ptr_nonnull(mkdtemp(folder));
	for (size_t i = 0; i < FILE_COUNT; i++) {
		size_t len = strlen(folder);
		memcpy(paths[i], folder, len);
		paths[i][len] = '/';
		paths[i][len + 1] = (char)('a' + i);
	}
}

static void teardown(void)
{
	vault_session_close(&session);
	for (size_t i = 0; i < FILE_COUNT; i++) {
		unlink(paths[i]);
	}
	ck_assert_int_eq(rmdir(folder), 0);
}

static void put_file(enum file file, struct slice bytes)
{
	int fd = open(paths[file], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ck_assert_int_eq(write(fd, bytes.ptr, bytes.len), (ssize_t)bytes.len);
	close(fd);
}

static void put_key(enum file file, EVP_PKEY *key)
{
	FILE *to = fopen(paths[file], "w");
	ck_assert_ptr_nonnull(key);
	ck_assert_int_eq(PEM_write_PrivateKey(to, key, NULL, NULL, 0, NULL, NULL), 1);
	fclose(to);
	EVP_PKEY_free(key);
}

static void put_rsa(void)
{
	put_key(FILE_RSA, EVP_RSA_gen(2048U));
}

static void give(enum vault_option option, const char *text)
{
	session.options[option] = text;
	if (option >= OPTION_PIN && text != NULL) {
		struct vault_values *v = &session.values[option - OPTION_PIN];
		v->at[v->count++] = text;
	}
}

static void forget(void)
{
	memset(session.options, 0, sizeof(session.options));
	memset(session.values, 0, sizeof(session.values));
	session.name = "s";
	give(OPTION_TENANT, "bare");
}

static enum fault find(enum vault_kind kind, const char *tenant, const char *name,
		       struct vault_record *out)
{
	struct vault_key_name key = {kind, slice_of_text(tenant), slice_of_text(name)};
	return vault_find(session.vault, key, NULL, &session.arena, out, NULL);
}

static void check_refused(vault_action_fn *action, enum fault f, const char *part)
{
	size_t count = vault_count(session.vault);
	ck_assert_uint_eq(action(&session, &problem), f);
	struct slice said = problem_text(&problem);
	ck_assert_msg(slice_find(said, slice_of_text(part)) < said.len, "%.*s", (int)said.len,
		      said.ptr);
	ck_assert_uint_eq(vault_count(session.vault), count);
}

static const struct {
	const char *name, *tenant, *is_operators, *port, *tls, *host;
	enum fault fault;
	const char *part; /* of the sentence */
	uint16_t got_port;
	enum tls_mode got_tls;
} servers[] = {
	{"s", "bare", NULL, NULL, NULL, "h", FAULT_NONE, "", 587, TLS_STARTTLS},
	{"s", "bare", NULL, NULL, "starttls", "h", FAULT_NONE, "", 587, TLS_STARTTLS},
	{"s", "bare", NULL, NULL, "implicit", "h", FAULT_NONE, "", 465, TLS_IMPLICIT},
	{"s", "bare", NULL, "1", "implicit", "h", FAULT_NONE, "", 1, TLS_IMPLICIT},
	{"s", "bare", NULL, "65535", NULL, "h", FAULT_NONE, "", 65535, TLS_STARTTLS},
	{"s", "bare", NULL, "0", NULL, "h", FAULT_BAD_RECORD, "--port must be", 0, 0},
	{"s", "bare", NULL, "65536", NULL, "h", FAULT_BAD_RECORD, "--port must be", 0, 0},
	{"s", "bare", NULL, "", NULL, "h", FAULT_BAD_RECORD, "--port must be", 0, 0},
	{"s", "bare", NULL, "-1", NULL, "h", FAULT_BAD_RECORD, "--port must be", 0, 0},
	{"s", "bare", NULL, NULL, "none", "h", FAULT_BAD_RECORD, "--tls must be", 0, 0},
	{"s", "bare", NULL, NULL, NULL, "", FAULT_BAD_RECORD, "'host' is missing", 0, 0},
	{"s", "bare", NULL, NULL, NULL, NULL, FAULT_BAD_RECORD, "needs --host", 0, 0},
	{"s", "bare", NULL, NULL, NULL, "a_b", FAULT_BAD_RECORD, "must be a host name", 0, 0},
	{"S", "bare", NULL, NULL, NULL, "h", FAULT_BAD_RECORD, "1 to 64 of a-z", 0, 0},
	{NULL, "bare", NULL, NULL, NULL, "h", FAULT_BAD_RECORD, "needs a name", 0, 0},
	{"s", NULL, NULL, NULL, NULL, "h", FAULT_BAD_RECORD, "either a tenant's", 0, 0},
	{"s", "bare", "", NULL, NULL, "h", FAULT_BAD_RECORD, "either a tenant's", 0, 0},
	{"s", NULL, "", NULL, NULL, "h", FAULT_BAD_RECORD, "leave the name out", 0, 0},
	{"s", "nobody", NULL, NULL, NULL, "h", FAULT_NOT_FOUND, "There is no tenant", 0, 0},
};

START_TEST(servers_are_put)
{
	struct vault_record r;
	session.name = servers[_i].name;
	give(OPTION_TENANT, servers[_i].tenant);
	give(OPTION_OPERATOR, servers[_i].is_operators);
	give(OPTION_PORT, servers[_i].port);
	give(OPTION_TLS, servers[_i].tls);
	give(OPTION_HOST, servers[_i].host);
	if (servers[_i].fault != FAULT_NONE) {
		check_refused(vault_server_put, servers[_i].fault, servers[_i].part);
		return;
	}
	ck_assert_uint_eq(vault_server_put(&session, &problem), FAULT_NONE);
	ck_assert_uint_eq(find(VAULT_SERVER, "bare", "s", &r), FAULT_NONE);
	ck_assert_uint_eq(r.server.port, servers[_i].got_port);
	ck_assert_uint_eq(r.server.tls, servers[_i].got_tls);
	ck_assert_ptr_null(r.server.password);
}
END_TEST

START_TEST(the_operators_server_has_one_place)
{
	struct vault_record r;
	give(OPTION_OPERATOR, "");
	give(OPTION_HOST, "new.example");
	give(OPTION_USERNAME, "u");
	ck_assert_uint_eq(secret_new(SLICE_LIT("typed"), &session.typed), FAULT_NONE);
	ck_assert_uint_eq(vault_server_put(&session, &problem), FAULT_NONE);
	ck_assert_uint_eq(vault_count(session.vault), VAULTS_COUNT);
	ck_assert_uint_eq(find(VAULT_SERVER, NULL, "operator", &r), FAULT_NONE);
	ck_assert(slice_eq(r.server.host, SLICE_LIT("new.example")));
	ck_assert(secret_eq(r.server.password, SLICE_LIT("typed")));
	vault_record_deinit(&r);
	ck_assert_uint_eq(vault_server_remove(&session, &problem), FAULT_NONE);
	check_refused(vault_server_remove, FAULT_NOT_FOUND, "There is no such server");
}
END_TEST

static void get_server(struct vault_record *out)
{
	enum fault f = vault_server_put(&session, &problem);
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)problem.len, problem.text);
	ck_assert_uint_eq(find(VAULT_SERVER, "bare", "s", out), FAULT_NONE);
}

static void type(const char *secret)
{
	secret_free(&session.typed);
	ck_assert_uint_eq(secret_new(slice_of_text(secret), &session.typed), FAULT_NONE);
}

START_TEST(microsoft_needs_little)
{
	struct vault_record r;
	forget();
	give(OPTION_PROVIDER, "microsoft365");
	give(OPTION_TENANT_ID, "acme.onmicrosoft.com");
	give(OPTION_USERNAME, "wiki@acme.example");
	give(OPTION_OAUTH_CLIENT_ID, "app-id");
	type("the client's secret");
	get_server(&r);
	ck_assert(slice_eq(r.server.host, SLICE_LIT("smtp.office365.com")));
	ck_assert_uint_eq(r.server.port, 587);
	ck_assert_uint_eq(r.server.tls, TLS_STARTTLS);
	ck_assert_uint_eq(r.server.auth, VAULT_AUTH_OAUTH);
	ck_assert_uint_eq(r.server.oauth.flow, OAUTH_CLIENT_CREDENTIALS);
	ck_assert(slice_eq(r.server.oauth.token_url,
			   SLICE_LIT("https://login.microsoftonline.com/acme.onmicrosoft.com/"
				     "oauth2/v2.0/token")));
	ck_assert(slice_eq(r.server.oauth.scope,
			   SLICE_LIT("https://outlook.office365.com/.default")));
	ck_assert(secret_eq(r.server.oauth.secret, SLICE_LIT("the client's secret")));
	ck_assert_ptr_null(r.server.password);
	vault_record_deinit(&r);
}
END_TEST

START_TEST(a_provider_can_be_used_with_a_password)
{
	struct vault_record r;
	forget();
	give(OPTION_PROVIDER, "google");
	give(OPTION_AUTH, "password");
	give(OPTION_USERNAME, "wiki@acme.example");
	type("an app password");
	get_server(&r);
	ck_assert(slice_eq(r.server.host, SLICE_LIT("smtp.gmail.com")));
	ck_assert_uint_eq(r.server.port, 465);
	ck_assert_uint_eq(r.server.tls, TLS_IMPLICIT);
	ck_assert_uint_eq(r.server.auth, VAULT_AUTH_PASSWORD);
	ck_assert(secret_eq(r.server.password, SLICE_LIT("an app password")));
	vault_record_deinit(&r);
}
END_TEST

START_TEST(a_refresh_token_needs_no_secret)
{
	struct vault_record r;
	forget();
	put_file(FILE_LINE, SLICE_LIT("the refresh token\r\n"));
	give(OPTION_HOST, "smtp.example.org");
	give(OPTION_AUTH, "oauth");
	give(OPTION_OAUTH_FLOW, "refresh-token");
	give(OPTION_OAUTH_TOKEN_URL, "https://login.example.org/token");
	give(OPTION_OAUTH_REFRESH_FILE, paths[FILE_LINE]);
	give(OPTION_OAUTH_CLIENT_ID, "app-id");
	give(OPTION_USERNAME, "wiki@acme.example");
	type("");
	get_server(&r);
	ck_assert_ptr_null(r.server.oauth.secret);
	ck_assert(secret_eq(r.server.oauth.refresh, SLICE_LIT("the refresh token")));
	vault_record_deinit(&r);
}
END_TEST

/* A key's text as it would stand in JSON: its lines' ends escaped. */
static void put_google_file(const char *type)
{
	char json[8192];
	char pem[4096];
	put_rsa();
	FILE *from = fopen(paths[FILE_RSA], "r");
	size_t len = fread(pem, 1, sizeof(pem), from);
	fclose(from);
	FILE *to = fmemopen(json, sizeof(json), "w");
	fprintf(to, "{\"type\": \"%s\", \"project_id\": {\"deep\": [1, 2]}, \"private_key\": \"",
		type);
	for (size_t i = 0; i < len; i++) {
		if (pem[i] == '\n') {
			fputs("\\n", to);
		} else {
			putc(pem[i], to);
		}
	}
	fputs("\", \"private_key_id\": \"key-7\", \"client_email\": \"wiki@acme.iam.example\", "
	      "\"token_uri\": \"https://oauth2.googleapis.com/token\"}",
	      to);
	long size = ftell(to);
	fclose(to);
	put_file(FILE_GOOGLE, slice_of(json, (size_t)size));
}

START_TEST(googles_file_is_taken_as_it_is)
{
	struct vault_record r;
	forget();
	put_google_file("service_account");
	give(OPTION_PROVIDER, "google");
	give(OPTION_USERNAME, "wiki@acme.example");
	give(OPTION_OAUTH_GOOGLE_FILE, paths[FILE_GOOGLE]);
	get_server(&r);
	ck_assert_uint_eq(r.server.oauth.flow, OAUTH_SERVICE_ACCOUNT);
	ck_assert(slice_eq(r.server.oauth.client_id, SLICE_LIT("wiki@acme.iam.example")));
	ck_assert(slice_eq(r.server.oauth.key_id, SLICE_LIT("key-7")));
	ck_assert(slice_eq(r.server.oauth.scope, SLICE_LIT("https://mail.google.com/")));
	ck_assert(slice_starts(secret_view(r.server.oauth.secret),
			       SLICE_LIT("-----BEGIN PRIVATE KEY-----\n")));
	vault_record_deinit(&r);
}
END_TEST

START_TEST(pins_limits_and_keys_are_kept)
{
	struct vault_record r;
	forget();
	put_rsa();
	put_key(FILE_ED25519, EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
	give(OPTION_HOST, "h");
	give(OPTION_PIN, "ASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8=");
	give(OPTION_PIN, "FEDCBA9876543210FEDCBA9876543210FEDCBA9876543210FEDCBA9876543298");
	give(OPTION_PROFILE, "ses");
	give(OPTION_CONNECTIONS, "3");
	give(OPTION_PER_MINUTE, "30");
	give(OPTION_PER_HOUR, "500");
	give(OPTION_RECIPIENTS, "100");
	give(OPTION_DKIM_DOMAIN, "acme.example");
	give(OPTION_DKIM_SELECTOR, "rsa");
	give(OPTION_DKIM_KEY_FILE, paths[FILE_RSA]);
	give(OPTION_DKIM_DOMAIN, "acme.example");
	give(OPTION_DKIM_SELECTOR, "ed");
	give(OPTION_DKIM_KEY_FILE, paths[FILE_ED25519]);
	get_server(&r);
	ck_assert(slice_eq(r.server.pins[0], SLICE_LIT(VAULTS_PIN_1)));
	ck_assert(slice_eq(r.server.pins[1], SLICE_LIT(VAULTS_PIN_2)));
	ck_assert(slice_eq(r.server.profile, SLICE_LIT("ses")));
	ck_assert_uint_eq(r.server.limits.connections, 3);
	ck_assert_uint_eq(r.server.limits.per_minute, 30);
	ck_assert_uint_eq(r.server.limits.per_hour, 500);
	ck_assert_uint_eq(r.server.limits.recipients_per_mail, 100);
	ck_assert(slice_eq(r.server.dkim[1].selector, SLICE_LIT("ed")));
	ck_assert(slice_starts(secret_view(r.server.dkim[1].key), SLICE_LIT("-----BEGIN")));
	vault_record_deinit(&r);
}
END_TEST

/* Each with a host and a name; what a value says of a file is its number as a digit. */
static const struct {
	struct {
		enum vault_option option;
		const char *text;
	} given[6];
	const char *part;
} refused[] = {
	{{{OPTION_PROVIDER, "yahoo"}}, "--provider must be microsoft365 or google."},
	{{{OPTION_AUTH, "kerberos"}}, "--auth must be password or oauth."},
	{{{OPTION_AUTH, "oauth"}, {OPTION_OAUTH_FLOW, "implicit"}},
	 "--oauth-flow must be client-credentials, service-account or refresh-token."},
	{{{OPTION_OAUTH_CLIENT_ID, "x"}}, "What begins with --oauth- needs --auth oauth."},
	{{{OPTION_AUTH, "password"}, {OPTION_OAUTH_KEY_FILE, "0"}},
	 "What begins with --oauth- needs --auth oauth."},
	{{{OPTION_AUTH, "oauth"}, {OPTION_OAUTH_GOOGLE_FILE, "5"}},
	 "--oauth-google-file needs --oauth-flow service-account."},
	{{{OPTION_AUTH, "oauth"}, {OPTION_OAUTH_SECRET_FILE, "x"}, {OPTION_OAUTH_KEY_FILE, "0"}},
	 "--oauth-key-file needs --oauth-flow service-account."},
	{{{OPTION_AUTH, "oauth"}, {OPTION_OAUTH_REFRESH_FILE, "x"}},
	 "--oauth-refresh-file needs --oauth-flow refresh-token."},
	{{{OPTION_PROVIDER, "google"},
	  {OPTION_OAUTH_GOOGLE_FILE, "5"},
	  {OPTION_OAUTH_SECRET_FILE, "x"}},
	 "--oauth-secret-file is of no use to a service account"},
	{{{OPTION_PROVIDER, "google"},
	  {OPTION_OAUTH_GOOGLE_FILE, "5"},
	  {OPTION_OAUTH_REFRESH_FILE, "x"}},
	 "--oauth-refresh-file needs --oauth-flow refresh-token."},
	{{{OPTION_PROVIDER, "google"},
	  {OPTION_OAUTH_FLOW, "refresh-token"},
	  {OPTION_OAUTH_GOOGLE_FILE, "5"}},
	 "--oauth-google-file needs --oauth-flow service-account."},
	{{{OPTION_PROVIDER, "microsoft365"},
	  {OPTION_TENANT_ID, "a.example"},
	  {OPTION_OAUTH_GOOGLE_FILE, "5"}},
	 "--oauth-google-file needs --oauth-flow service-account."},
	{{{OPTION_PROVIDER, "google"}, {OPTION_TENANT_ID, "a.example"}},
	 "--tenant-id is for OAuth with --provider microsoft365"},
	{{{OPTION_AUTH, "oauth"}, {OPTION_TENANT_ID, "a.example"}},
	 "--tenant-id is for OAuth with --provider microsoft365"},
	{{{OPTION_TENANT_ID, "a.example"}}, "--tenant-id is for OAuth with"},
	{{{OPTION_PROVIDER, "microsoft365"},
	  {OPTION_AUTH, "password"},
	  {OPTION_TENANT_ID, "a.example"}},
	 "--tenant-id is for OAuth with"},
	{{{OPTION_PROVIDER, "microsoft365"},
	  {OPTION_OAUTH_TOKEN_URL, "https://a/"},
	  {OPTION_TENANT_ID, "a.example"}},
	 "without --oauth-token-url."},
	{{{OPTION_AUTH, "oauth"}}, "needs the mailbox that sends"},
	{{{OPTION_AUTH, "oauth"}, {OPTION_USERNAME, "u"}},
	 "needs an 'oauth_token_url' and an 'oauth_client_id'"},
	{{{OPTION_AUTH, "oauth"},
	  {OPTION_USERNAME, "u"},
	  {OPTION_OAUTH_TOKEN_URL, "http://a/"},
	  {OPTION_OAUTH_CLIENT_ID, "c"}},
	 "'oauth_token_url' must be an address such as https://"},
	{{{OPTION_AUTH, "oauth"},
	  {OPTION_USERNAME, "u"},
	  {OPTION_OAUTH_TOKEN_URL, "https://a/"},
	  {OPTION_OAUTH_CLIENT_ID, "c"}},
	 "needs the client's 'oauth_secret'"},
	{{{OPTION_PROVIDER, "microsoft365"}, {OPTION_USERNAME, "u"}}, "needs --tenant-id"},
	{{{OPTION_PROVIDER, "microsoft365"}, {OPTION_TENANT_ID, "a/b"}}, "needs --tenant-id"},
	{{{OPTION_PROVIDER, "google"}, {OPTION_USERNAME, "u"}}, "by --oauth-google-file"},
	{{{OPTION_PROVIDER, "google"},
	  {OPTION_OAUTH_GOOGLE_FILE, "5"},
	  {OPTION_OAUTH_KEY_FILE, "0"}},
	 "by --oauth-google-file"},
	{{{OPTION_PROVIDER, "google"}, {OPTION_OAUTH_GOOGLE_FILE, "0"}},
	 "must be the JSON file of a service account's key"},
	{{{OPTION_PROVIDER, "google"}, {OPTION_OAUTH_KEY_FILE, "1"}},
	 "must have 2048 to 4096 bits; this one has 1024."},
	{{{OPTION_PROVIDER, "google"}, {OPTION_OAUTH_KEY_FILE, "2"}}, "must be an RSA key"},
	{{{OPTION_PROVIDER, "google"}, {OPTION_OAUTH_KEY_FILE, "4"}}, "a private key as PEM text"},
	{{{OPTION_PROVIDER, "google"}, {OPTION_OAUTH_KEY_FILE, "5"}}, "No such file or directory"},
	{{{OPTION_PIN, "abc"}}, "--pin must be the SHA-256"},
	{{{OPTION_PIN, VAULTS_PIN_1 "0"}}, "--pin must be the SHA-256"},
	{{{OPTION_PIN, "ASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze9="}},
	 "--pin must be the SHA-256"},
	{{{OPTION_PIN, VAULTS_PIN_1}, {OPTION_PIN, VAULTS_PIN_1}, {OPTION_PIN, VAULTS_PIN_2}},
	 "--pin may be given twice"},
	{{{OPTION_PROFILE, "A B"}}, "--profile must be one of: ionos "},
	{{{OPTION_PROFILE, "ion"}}, "--profile must be one of: ionos "},
	{{{OPTION_PROFILE, ""}}, " google-relay ses generic."},
	{{{OPTION_CONNECTIONS, "0"}}, "--connections must be a number from 1 to 1000."},
	{{{OPTION_CONNECTIONS, "1001"}}, "--connections must be a number from 1 to 1000."},
	{{{OPTION_PER_MINUTE, "x"}}, "--per-minute must be a number"},
	{{{OPTION_PER_HOUR, ""}}, "--per-hour must be a number"},
	{{{OPTION_RECIPIENTS, "-1"}}, "--recipients-per-mail must be a number"},
	{{{OPTION_DKIM_DOMAIN, "a"}}, "Each key for DKIM needs"},
	{{{OPTION_DKIM_DOMAIN, "a"}, {OPTION_DKIM_SELECTOR, "s"}}, "Each key for DKIM needs"},
	{{{OPTION_DKIM_DOMAIN, "a"}, {OPTION_DKIM_SELECTOR, "s"}, {OPTION_DKIM_KEY_FILE, "1"}},
	 "must have 2048 to 4096 bits"},
	{{{OPTION_DKIM_DOMAIN, "a"}, {OPTION_DKIM_SELECTOR, "s"}, {OPTION_DKIM_KEY_FILE, "3"}},
	 "must be an RSA or an Ed25519 key"},
	{{{OPTION_DKIM_DOMAIN, "a_b"}, {OPTION_DKIM_SELECTOR, "s"}, {OPTION_DKIM_KEY_FILE, "2"}},
	 "'dkim1_domain' must be letters"},
};

START_TEST(mistakes_are_told)
{
	forget();
	give(OPTION_HOST, "h");
	put_rsa();
	put_key(FILE_SMALL, EVP_RSA_gen(1024U));
	put_key(FILE_ED25519, EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
	put_key(FILE_EC, EVP_EC_gen("P-256"));
	put_file(FILE_LINE, SLICE_LIT("one line\n"));
	for (size_t i = 0; i < COUNT_OF(refused[_i].given); i++) {
		enum vault_option option = refused[_i].given[i].option;
		const char *text = refused[_i].given[i].text;
		bool is_file = option == OPTION_OAUTH_KEY_FILE ||
			       option == OPTION_OAUTH_GOOGLE_FILE || option == OPTION_DKIM_KEY_FILE;
		if (text != NULL) {
			give(option, is_file ? paths[text[0] - '0'] : text);
		}
	}
	size_t count = vault_count(session.vault);
	ck_assert_uint_ne(vault_server_put(&session, &problem), FAULT_NONE);
	struct slice said = problem_text(&problem);
	ck_assert_msg(slice_find(said, slice_of_text(refused[_i].part)) < said.len, "%.*s",
		      (int)said.len, said.ptr);
	ck_assert_uint_eq(vault_count(session.vault), count);
}
END_TEST

static const struct {
	const char *provider, *auth, *flow, *input, *typed, *refresh;
} asked[] = {
	{NULL, NULL, NULL, "pass\nmore\n", "pass", NULL},
	{"microsoft365", NULL, NULL, "secret\nmore\n", "secret", NULL},
	{"google", NULL, NULL, "never read\n", NULL, NULL},
	{"google", NULL, "refresh-token", "secret\nrefresh\nmore\n", "secret", "refresh"},
	{"google", "password", NULL, "pass\n", "pass", NULL},
	{NULL, "oauth", NULL, "secret\n", "secret", NULL},
	{NULL, "oauth", "service-account", "never read\n", NULL, NULL},
	{NULL, "oauth", "refresh-token", "\nrefresh\n", "", "refresh"},
};

/* What is read from standard input depends on what was asked for, and nothing is read beyond it. */
START_TEST(only_what_is_due_is_asked_for)
{
	int ends[2];
	const char *input = asked[_i].input;
	forget();
	give(OPTION_HOST, "h");
	give(OPTION_USERNAME, "u");
	give(OPTION_PROVIDER, asked[_i].provider);
	give(OPTION_AUTH, asked[_i].auth);
	give(OPTION_OAUTH_FLOW, asked[_i].flow);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], input, strlen(input)), (ssize_t)strlen(input));
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	ck_assert_uint_eq(vault_server_ask(&session, &problem), FAULT_NONE);
	ck_assert_int_eq(session.typed != NULL, asked[_i].typed != NULL);
	ck_assert_int_eq(session.refresh != NULL, asked[_i].refresh != NULL);
	ck_assert(slice_eq(secret_view(session.typed), slice_of_text(asked[_i].typed)));
	ck_assert(slice_eq(secret_view(session.refresh), slice_of_text(asked[_i].refresh)));
}
END_TEST

/* Before anybody is asked for a secret. */
START_TEST(nobody_is_asked_when_it_would_be_for_nothing)
{
	forget();
	give(OPTION_HOST, "h");
	give(OPTION_USERNAME, "u");
	give(OPTION_AUTH, "oauth");
	give(OPTION_OAUTH_GOOGLE_FILE, paths[FILE_RSA]);
	ck_assert_uint_eq(vault_server_ask(&session, &problem), FAULT_BAD_RECORD);
	ck_assert_ptr_null(session.typed);
}
END_TEST

START_TEST(other_files_are_not_googles)
{
	static const char *const files[] = {
		"",
		"{}",
		"[]",
		"{\"type\": 1}",
		"{\"type\": \"service_account\"}",
		"{\"type\": \"service_account\", \"type\": \"service_account\"}",
		"{\"type\": \"service_account\", \"client_email\": \"a\", \"private_key\": \"k\"} "
		"x",
		"{\"type\": \"service_account\", \"client_email\": \"a\", \"private_key\": ",
	};
	forget();
	give(OPTION_PROVIDER, "google");
	give(OPTION_USERNAME, "u");
	give(OPTION_OAUTH_GOOGLE_FILE, paths[FILE_GOOGLE]);
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		put_file(FILE_GOOGLE, slice_of_text(files[i]));
		check_refused(vault_server_put, FAULT_BAD_FIELD,
			      i == 0 ? "must hold 1 to" : "must be the JSON file");
	}
	put_google_file("authorized_user");
	check_refused(vault_server_put, FAULT_BAD_FIELD, "must be the JSON file");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/vault_server");
	TCase *t = tcase_create("vault_server");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, servers_are_put, 0, COUNT_OF(servers));
	tcase_add_test(t, the_operators_server_has_one_place);
	tcase_add_test(t, microsoft_needs_little);
	tcase_add_test(t, a_provider_can_be_used_with_a_password);
	tcase_add_test(t, a_refresh_token_needs_no_secret);
	tcase_add_test(t, googles_file_is_taken_as_it_is);
	tcase_add_test(t, pins_limits_and_keys_are_kept);
	tcase_add_loop_test(t, mistakes_are_told, 0, COUNT_OF(refused));
	tcase_add_loop_test(t, only_what_is_due_is_asked_for, 0, COUNT_OF(asked));
	tcase_add_test(t, nobody_is_asked_when_it_would_be_for_nothing);
	tcase_add_test(t, other_files_are_not_googles);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	if (secret_heap_start() != FAULT_NONE) {
		return 1;
	}
	return check_main(suite());
}
