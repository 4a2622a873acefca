#include "relay/command/vault_session.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

/* The actions on a vault that is only in memory: acme with a server and a token, bare, asleep, the operator's. */

static struct vault_session session;
static struct problem problem;

static void setup(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(null, STDERR_FILENO);
	close(null);
	vault_session_init(&session);
	session.vault = vaults_sample(vaults_by_credential('k'));
	problem = (struct problem){0};
}

static void teardown(void)
{
	vault_session_close(&session);
}

static void give(enum vault_option option, const char *text)
{
	session.options[option] = text;
}

static void forget(void)
{
	memset(session.options, 0, sizeof(session.options));
	session.name = NULL;
}

static enum fault find(enum vault_kind kind, const char *tenant, const char *name,
		       struct vault_record *out)
{
	struct vault_key_name key = {kind, slice_of_text(tenant), slice_of_text(name)};
	return vault_find(session.vault, key, &session.arena, out, NULL);
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

START_TEST(tenants_are_added_and_changed)
{
	struct vault_record r;
	session.name = "fresh";
	give(OPTION_DEFAULT_SERVER, "main");
	give(OPTION_BUTTON_LABEL, "Read");
	ck_assert_uint_eq(vault_tenant_add(&session, &problem), FAULT_NONE);
	check_refused(vault_tenant_add, FAULT_CONFLICT, "There is a tenant 'fresh' already");
	forget();
	session.name = "fresh";
	give(OPTION_BUTTON_LABEL, "");
	give(OPTION_FROM, "x@y.example");
	ck_assert_uint_eq(vault_tenant_set(&session, &problem), FAULT_NONE);
	ck_assert_uint_eq(find(VAULT_TENANT, NULL, "fresh", &r), FAULT_NONE);
	ck_assert(slice_eq(r.tenant.default_server, SLICE_LIT("main")));
	ck_assert(slice_eq(r.tenant.from_address, SLICE_LIT("x@y.example")));
	ck_assert_uint_eq(r.tenant.button_label.len, 0);
	ck_assert_uint_eq(r.tenant.created.len, 24);
	forget();
	session.name = "nobody";
	check_refused(vault_tenant_set, FAULT_NOT_FOUND, "There is no tenant 'nobody'");
	session.name = "Not a name";
	check_refused(vault_tenant_add, FAULT_BAD_RECORD, "must be 1 to 64 of a-z, 0-9 and '-'");
}
END_TEST

START_TEST(a_removed_tenant_takes_its_things_along_and_no_others)
{
	struct vault_record r;
	session.name = "acme";
	ck_assert_uint_eq(vault_tenant_remove(&session, &problem), FAULT_NONE);
	ck_assert_uint_eq(vault_count(session.vault), 4);
	ck_assert_uint_eq(find(VAULT_SERVER, "acme", "main", &r), FAULT_NOT_FOUND);
	ck_assert_uint_eq(find(VAULT_SERVER, NULL, "operator", &r), FAULT_NONE);
	vault_record_deinit(&r);
	ck_assert_uint_eq(find(VAULT_TENANT, NULL, "asleep", &r), FAULT_NONE);
	check_refused(vault_tenant_remove, FAULT_NOT_FOUND, "There is no tenant 'acme'");
}
END_TEST

START_TEST(tokens_are_new_each_time)
{
	struct vault_record r;
	unsigned char hash[32];
	char hex[65] = {0};
	char token[65] = {0};
	give(OPTION_TENANT, "acme");
	give(OPTION_LABEL, "the app");
	ck_assert_uint_eq(vault_token_new(&session, &problem), FAULT_NONE);
	struct slice made = secret_view(session.typed);
	ck_assert_uint_eq(made.len, 46);
	ck_assert(slice_starts(made, SLICE_LIT("pp_")));
	for (size_t i = 0; i < made.len; i++) {
		char c = made.ptr[i];
		ck_assert((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || c == '-' || c == '_');
	}
	memcpy(token, made.ptr, made.len);
	vaults_hash(token, hash, hex);
	ck_assert_uint_eq(find(VAULT_TOKEN, NULL, hex, &r), FAULT_NONE);
	ck_assert(slice_eq(r.token.tenant, SLICE_LIT("acme")));
	ck_assert(slice_eq(r.token.label, SLICE_LIT("the app")));
	struct secret *first = STEAL(session.typed);
	ck_assert_uint_eq(vault_token_new(&session, &problem), FAULT_NONE);
	ck_assert(!secret_eq(first, secret_view(session.typed)));
	secret_free(&first);
	give(OPTION_TENANT, "nobody");
	check_refused(vault_token_new, FAULT_NOT_FOUND, "There is no tenant 'nobody'");
}
END_TEST

START_TEST(tokens_are_revoked_by_the_start_of_their_id)
{
	unsigned char hash[32];
	char hex[65] = {0};
	vaults_hash(VAULTS_TOKEN, hash, hex);
	session.name = "0123456";
	check_refused(vault_token_revoke, FAULT_BAD_RECORD, "at least 8 digits");
	session.name = "zzzzzzzz";
	check_refused(vault_token_revoke, FAULT_NOT_FOUND, "No token has this id");
	hex[8] = '\0';
	session.name = hex;
	ck_assert_uint_eq(vault_token_revoke(&session, &problem), FAULT_NONE);
	check_refused(vault_token_revoke, FAULT_NOT_FOUND, "No token has this id");
	ck_assert_uint_eq(vault_count(session.vault), 6);
}
END_TEST

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
	ck_assert_uint_eq(vault_count(session.vault), 7);
	ck_assert_uint_eq(find(VAULT_SERVER, NULL, "operator", &r), FAULT_NONE);
	ck_assert(slice_eq(r.server.host, SLICE_LIT("new.example")));
	ck_assert(secret_eq(r.server.password, SLICE_LIT("typed")));
	vault_record_deinit(&r);
	ck_assert_uint_eq(vault_server_remove(&session, &problem), FAULT_NONE);
	check_refused(vault_server_remove, FAULT_NOT_FOUND, "There is no such server");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/vault_change");
	TCase *t = tcase_create("vault_change");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, tenants_are_added_and_changed);
	tcase_add_test(t, a_removed_tenant_takes_its_things_along_and_no_others);
	tcase_add_test(t, tokens_are_new_each_time);
	tcase_add_test(t, tokens_are_revoked_by_the_start_of_their_id);
	tcase_add_loop_test(t, servers_are_put, 0, COUNT_OF(servers));
	tcase_add_test(t, the_operators_server_has_one_place);
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
