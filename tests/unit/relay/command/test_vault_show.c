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

START_TEST(all_is_three_tables)
{
	show(vault_list_all);
	struct slice all = slice_of(shown, shown_len);
	ck_assert(slice_starts(all, SLICE_LIT("TENANT  STATE")));
	ck_assert_uint_lt(slice_find(all, SLICE_LIT("\n\nTENANT      SERVER")), all.len);
	ck_assert_uint_lt(slice_find(all, SLICE_LIT("\n\nID ")), all.len);
}
END_TEST

START_TEST(verify_counts)
{
	show(vault_verify);
	check_shown("The vault is whole: generation 0, 3 tenants, 2 tokens, 2 servers.\n");
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
	tcase_add_test(t, verify_counts);
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
