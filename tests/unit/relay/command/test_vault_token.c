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
	ck_assert_uint_eq(r.token.scope, VAULT_SCOPE_SEND);
	ck_assert_uint_eq(r.token.created.len, 24);
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
	ck_assert_uint_eq(vault_count(session.vault), VAULTS_COUNT - 1);
}
END_TEST

static const struct {
	const char *given;
	enum fault fault;
	enum vault_scope scope;
} scopes[] = {
	{"send", FAULT_NONE, VAULT_SCOPE_SEND},	       {"admin", FAULT_NONE, VAULT_SCOPE_ADMIN},
	{"send-admin", FAULT_NONE, VAULT_SCOPE_BOTH},  {"all", FAULT_BAD_RECORD, VAULT_SCOPE_SEND},
	{"Admin", FAULT_BAD_RECORD, VAULT_SCOPE_SEND},
};

START_TEST(a_token_has_the_scope_that_was_asked_for)
{
	struct vault_record r;
	unsigned char hash[32];
	char hex[65] = {0};
	char token[65] = {0};
	give(OPTION_TENANT, "bare");
	give(OPTION_LABEL, "x");
	give(OPTION_SCOPE, scopes[_i].given);
	ck_assert_uint_eq(vault_token_new(&session, &problem), scopes[_i].fault);
	if (scopes[_i].fault != FAULT_NONE) {
		struct slice said = problem_text(&problem);
		ck_assert(slice_find(said, SLICE_LIT("\"send\" or \"admin\"")) < said.len);
		return;
	}
	struct slice made = secret_view(session.typed);
	memcpy(token, made.ptr, made.len);
	vaults_hash(token, hash, hex);
	ck_assert_uint_eq(find(VAULT_TOKEN, NULL, hex, &r), FAULT_NONE);
	ck_assert_uint_eq(r.token.scope, scopes[_i].scope);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/vault_token");
	TCase *t = tcase_create("vault_token");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, tokens_are_new_each_time);
	tcase_add_test(t, tokens_are_revoked_by_the_start_of_their_id);
	tcase_add_loop_test(t, a_token_has_the_scope_that_was_asked_for, 0, COUNT_OF(scopes));
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
