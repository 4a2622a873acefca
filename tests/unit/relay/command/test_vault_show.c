#include "relay/command/vault_session.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

enum { SHOWN_MAX = 16 * 1024 };

static struct vault_session session;
static char shown[SHOWN_MAX];
static size_t shown_len;

static void setup(void)
{
	vault_session_init(&session);
	session.vault = vaults_sample(vaults_by_credential('k'));
}

static void teardown(void)
{
	vault_session_close(&session);
}

/* What the action prints; a pipe holds it all. */
static void show(vault_action_fn *action)
{
	int ends[2];
	struct problem p = {0};
	fflush(stdout);
	int kept = dup(STDOUT_FILENO);
	ck_assert_int_eq(pipe(ends), 0);
	dup2(ends[1], STDOUT_FILENO);
	close(ends[1]);
	enum fault f = action(&session, &p);
	fflush(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	ssize_t n = read(ends[0], shown, sizeof(shown));
	close(ends[0]);
	ck_assert_uint_eq(f, FAULT_NONE);
	ck_assert_int_ge(n, 0);
	shown_len = (size_t)n;
}

static void check_shown(const char *text)
{
	ck_assert_msg(slice_eq(slice_of(shown, shown_len), slice_of_text(text)), "shown:\n%.*s",
		      (int)shown_len, shown);
}

START_TEST(tenants_stand_in_columns)
{
	show(vault_list_tenants);
	check_shown("TENANT  STATE      CREATED                   DEFAULT SERVER  FROM             "
		    "  SUBJECT PREFIX\n"
		    "acme    active     2026-11-22T00:00:00.000Z  main            "
		    "wiki@acme.example  [Wiki] \n"
		    "asleep  suspended  2026-11-22T00:00:00.000Z  (operator's)    "
		    "-                  -\n"
		    "bare    active     2026-11-22T00:00:00.000Z  (operator's)    "
		    "-                  -\n");
}
END_TEST

START_TEST(servers_show_no_secret)
{
	struct vault_record r = vaults_oauth_server("bare", "full");
	ck_assert_uint_eq(vault_put(session.vault, &r, NULL, NULL), FAULT_NONE);
	vault_record_deinit(&r);
	show(vault_list_servers);
	check_shown("TENANT      SERVER    HOST              PORT  TLS       USERNAME           "
		    "FROM    "
		    "          AUTH      DETAILS\n"
		    "(operator)  operator  smtp.example.org  465   implicit  relay@example.org  "
		    "team@example.org  password  -\n"
		    "acme        main      smtp.example.org  465   implicit  relay@example.org  "
		    "team@example.org  password  -\n"
		    "bare        full      smtp.example.org  587   starttls  relay@example.org  "
		    "-                 oauth     refresh-token client; "
		    "https://login.example.org/token; "
		    "profile special; 2 pinned; 3 connections; 30 a minute; 500 an hour; 100 "
		    "recipients; "
		    "dkim 2026.example.org\n");
}
END_TEST

START_TEST(tokens_show_the_start_of_their_hash)
{
	unsigned char hash[32];
	char hex[64];
	vaults_hash(VAULTS_TOKEN, hash, hex);
	session.options[OPTION_TENANT] = "acme";
	show(vault_list_tokens);
	struct slice all = slice_of(shown, shown_len);
	ck_assert_uint_lt(slice_find(all, slice_of(hex, 12)), all.len);
	ck_assert_uint_eq(slice_find(all, slice_of(hex, 13)), all.len);
	ck_assert_uint_eq(slice_find(all, SLICE_LIT("asleep")), all.len);
	ck_assert_uint_eq(slice_find(all, SLICE_LIT("pp_")), all.len);
}
END_TEST

START_TEST(a_label_cannot_move_the_cursor)
{
	struct vault_record r = {
		.kind = VAULT_SETTINGS,
		.settings = {.tenant = SLICE_LIT("bare"),
			     .subject_prefix = SLICE_LIT("\xC2\x9B"
							 "2J")},
	};
	ck_assert_uint_eq(vault_put(session.vault, &r, NULL, NULL), FAULT_NONE);
	show(vault_list_tenants);
	struct slice all = slice_of(shown, shown_len);
	ck_assert_uint_eq(slice_find(all, SLICE_LIT("\xC2\x9B")), all.len);
	ck_assert_uint_lt(slice_find(all, SLICE_LIT("?2J")), all.len);
}
END_TEST

START_TEST(lists_are_json_for_scripts)
{
	session.options[OPTION_JSON] = "";
	show(vault_list_tenants);
	check_shown("{\"tenants\":[{\"id\":\"acme\",\"state\":\"active\",\"created\":"
		    "\"2026-11-22T00:00:00.000Z\",\"region\":null,\"uninstalled\":null,\"operator_"
		    "server\":null},"
		    "{\"id\":\"asleep\",\"state\":\"suspended\",\"created\":"
		    "\"2026-11-22T00:00:00.000Z\",\"region\":null,\"uninstalled\":null,\"operator_"
		    "server\":null},"
		    "{\"id\":\"bare\",\"state\":\"active\",\"created\":"
		    "\"2026-11-22T00:00:00.000Z\",\"region\":null,\"uninstalled\":null,\"operator_"
		    "server\":null}]}\n");
}
END_TEST

/* Whose it is, is all that can be known of it. */
START_TEST(a_server_sealed_by_a_half_is_listed)
{
	struct problem p = {0};
	char bytes[VAULT_HALF] = {7};
	struct secret *half;
	ck_assert_uint_eq(secret_new(slice_of(bytes, sizeof(bytes)), &half), FAULT_NONE);
	ck_assert_uint_eq(vault_split(session.vault, SLICE_LIT("acme"), half, &p), FAULT_NONE);
	session.options[OPTION_TENANT] = "acme";
	show(vault_list_servers);
	struct slice all = slice_of(shown, shown_len);
	ck_assert_uint_lt(slice_find(all, SLICE_LIT("(sealed by the tenant's half)\n")), all.len);
	ck_assert_uint_eq(slice_find(all, SLICE_LIT(" \n")), all.len);
	session.options[OPTION_JSON] = "";
	show(vault_list_servers);
	check_shown("{\"servers\":[{\"tenant\":\"acme\",\"sealed_by_half\":true}]}\n");
	session.half = half;
	session.options[OPTION_JSON] = NULL;
	show(vault_list_servers);
	all = slice_of(shown, shown_len);
	ck_assert_uint_lt(slice_find(all, SLICE_LIT("smtp.example.org")), all.len);
}
END_TEST

static const struct {
	vault_action_fn *action;
	const char *tenant;
	const char *sentence;
} missing[] = {
	{vault_show_server, "acme", "There is no such server; 'pagepost server list' shows them."},
	{vault_show_aws, "acme", "There is no such account; 'pagepost aws list' shows them."},
	{vault_show_server, "nobody",
	 "There is no tenant 'nobody'; 'pagepost tenant add' makes one."},
	{vault_show_aws, "nobody", "There is no tenant 'nobody'; 'pagepost tenant add' makes one."},
	{vault_list_servers, "nobody",
	 "There is no tenant 'nobody'; 'pagepost tenant add' makes one."},
	{vault_list_tokens, "nobody",
	 "There is no tenant 'nobody'; 'pagepost tenant add' makes one."},
	{vault_list_policies, "nobody",
	 "There is no tenant 'nobody'; 'pagepost tenant add' makes one."},
	{vault_list_aws, "nobody", "There is no tenant 'nobody'; 'pagepost tenant add' makes one."},
};

START_TEST(what_is_not_there_is_named)
{
	struct problem p = {0};
	session.name = "none";
	session.options[OPTION_TENANT] = missing[_i].tenant;
	ck_assert_uint_eq(missing[_i].action(&session, &p), FAULT_NOT_FOUND);
	struct slice said = problem_text(&p);
	ck_assert_msg(slice_eq(said, slice_of_text(missing[_i].sentence)), "%.*s", (int)said.len,
		      said.ptr);
}
END_TEST

START_TEST(one_record_is_shown_without_its_secrets)
{
	struct slice all;
	session.name = "main";
	session.options[OPTION_TENANT] = "acme";
	show(vault_show_server);
	all = slice_of(shown, shown_len);
	ck_assert_uint_lt(slice_find(all, SLICE_LIT("(sealed)")), all.len);
	ck_assert_uint_eq(slice_find(all, SLICE_LIT("s3cr")), all.len);
	session.options[OPTION_JSON] = "";
	show(vault_show_server);
	all = slice_of(shown, shown_len);
	ck_assert_uint_lt(slice_find(all, SLICE_LIT("\"password_set\":true")), all.len);
	ck_assert_uint_eq(slice_find(all, SLICE_LIT("s3cr")), all.len);
}
END_TEST

START_TEST(a_tenant_is_shown_with_what_it_has)
{
	session.name = "acme";
	show(vault_show_tenant);
	check_shown("KEY      VALUE\n"
		    "id       acme\n"
		    "state    active\n"
		    "created  2026-11-22T00:00:00.000Z\n"
		    "split    no\n"
		    "servers  1\n"
		    "tokens   1\n");
}
END_TEST

START_TEST(what_was_never_set_is_shown_as_unsaid)
{
	session.options[OPTION_TENANT] = "bare";
	session.options[OPTION_JSON] = "";
	show(vault_get_settings);
	check_shown("{\"tenant\":\"bare\",\"from_name\":null,\"from_address\":null,"
		    "\"always_from\":null,\"subject_prefix\":null,\"header_text\":null,"
		    "\"button_label\":null,\"css\":null,\"image_side\":null,\"attached\":null,"
		    "\"default_server\":null}\n");
}
END_TEST

START_TEST(all_is_three_tables)
{
	show(vault_list_all);
	struct slice all = slice_of(shown, shown_len);
	ck_assert(slice_starts(all, SLICE_LIT("TENANT  STATE")));
	ck_assert_uint_lt(slice_find(all, SLICE_LIT("\n\nTENANT      SERVER")), all.len);
	ck_assert_uint_lt(slice_find(all, SLICE_LIT("\n\nID ")), all.len);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/command/vault_show");
	TCase *t = tcase_create("vault_show");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, tenants_stand_in_columns);
	tcase_add_test(t, servers_show_no_secret);
	tcase_add_test(t, tokens_show_the_start_of_their_hash);
	tcase_add_test(t, a_label_cannot_move_the_cursor);
	tcase_add_test(t, all_is_three_tables);
	tcase_add_test(t, lists_are_json_for_scripts);
	tcase_add_test(t, a_server_sealed_by_a_half_is_listed);
	tcase_add_loop_test(t, what_is_not_there_is_named, 0, COUNT_OF(missing));
	tcase_add_test(t, one_record_is_shown_without_its_secrets);
	tcase_add_test(t, a_tenant_is_shown_with_what_it_has);
	tcase_add_test(t, what_was_never_set_is_shown_as_unsaid);
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
