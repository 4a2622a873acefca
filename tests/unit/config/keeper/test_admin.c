#include "config/keeper/admin.h"

#include <string.h>

#include "tests/support/admins.h"
#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

/* Who may ask, what is told, and what happens to a tenant as a whole. */

START_TEST(records_are_told_without_their_secrets)
{
	ck_assert_uint_eq(admins_get(KEEPER_SETTINGS, ""), FAULT_NONE);
	admins_check_told("subject_prefix", "t[Wiki] ");
	admins_check_told("default_server", "tmain");
	admins_check_told("tenant", "");
	ck_assert_uint_eq(admins_get(KEEPER_SERVER, "main"), FAULT_NONE);
	admins_check_told("host", "tsmtp.example.org");
	admins_check_told("port", "n465");
	admins_check_told("tls", "timplicit");
	admins_check_told("password", "s");
	admins_check_told("oauth_secret", "");
	ck_assert_uint_eq(slice_find(secret_view(admins.frame), SLICE_LIT(VAULTS_PASSWORD)),
			  secret_view(admins.frame).len);
	ck_assert(!admins.change.is_made);
}
END_TEST

START_TEST(lists_name_what_is_the_tenants_own)
{
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "also", KEEPER_IF_NEW, 0, admins_only_host),
			  FAULT_NONE);
	admins_begin(WIRE_LIST_RECORDS, ADMINS_TOKEN);
	admins.kind = KEEPER_SERVER;
	admins_add(admins_no_half);
	admins_add(slice_of(&admins.kind, 1));
	ck_assert_uint_eq(admins_ask(), FAULT_NONE);
	ck_assert_uint_eq(admins.answer.count, 2);
	ck_assert(slice_eq(admins.answer.fields[0], SLICE_LIT("also")));
	ck_assert(slice_eq(admins.answer.fields[1], SLICE_LIT("main")));
	admins.kind = KEEPER_TOKEN;
	ck_assert_uint_eq(admins_ask(), FAULT_NONE);
	ck_assert_uint_eq(admins.answer.count, 3);
	admins.kind = KEEPER_AWS;
	ck_assert_uint_eq(admins_ask(), FAULT_NONE);
	ck_assert_uint_eq(admins.answer.count, 0);
}
END_TEST

static void number(char digits[3], unsigned i)
{
	digits[0] = (char)('0' + i / 100);
	digits[1] = (char)('0' + i / 10 % 10);
	digits[2] = (char)('0' + i % 10);
}

/* The operator is not held to a tenant's limits. */
START_TEST(a_list_has_no_more_names_than_find_room)
{
	char name[] = "s-000";
	for (unsigned i = 0; i < WIRE_FIELDS_MAX + 10; i++) {
		number(name + 2, i);
		admins_store(vaults_server("acme", name, "x"));
	}
	admins_name(WIRE_LIST_RECORDS, ADMINS_TOKEN, admins_no_half, KEEPER_SERVER, "");
	admins.request.count = 3;
	ck_assert_uint_eq(admins_ask(), FAULT_NONE);
	ck_assert_uint_eq(admins.answer.count, ADMIN_RECORDS_MAX);
	for (size_t i = 0; i < admins.answer.count; i++) {
		ck_assert_uint_gt(admins.answer.fields[i].len, 0);
	}
}
END_TEST

START_TEST(a_list_of_large_records_is_told)
{
	static char css[64 * 90];
	struct vault_record r = {.kind = VAULT_POLICY, .policy = {.tenant = SLICE_LIT("acme")}};
	char space[] = "S000";
	for (size_t i = 0; i < sizeof(css); i++) {
		css[i] = i % 64 == 63 ? '\n' : 'a';
	}
	r.policy.groups = slice_of(css, sizeof(css) - 1);
	for (unsigned i = 0; i < 150; i++) {
		number(space + 1, i);
		r.policy.space = slice_of_text(space);
		admins_store(r);
	}
	admins_name(WIRE_LIST_RECORDS, ADMINS_TOKEN, admins_no_half, KEEPER_POLICY, "");
	admins.request.count = 3;
	ck_assert_uint_eq(admins_ask(), FAULT_NONE);
	ck_assert_uint_eq(admins.answer.count, 150);
	ck_assert(slice_eq(admins.answer.fields[149], SLICE_LIT("S149")));
}
END_TEST

/* Nor is it told which version it is, whatever is asked of it. */
START_TEST(a_token_of_another_is_not_made_again)
{
	static const char *const pairs[] = {"label", "tmine", NULL};
	static const enum keeper_condition_kind kinds[] = {KEEPER_IF_NEW, KEEPER_IF_ABSENT,
							   KEEPER_IF_VERSION, KEEPER_IF_ANY};
	const char *tokens[] = {ADMINS_OF_OTHER, ADMINS_SENDER};
	unsigned char bytes[32];
	char theirs[65] = {0};
	vaults_hash(tokens[_i], bytes, theirs);
	struct vault_key_name name = {VAULT_TOKEN, {0}, slice_of_text(theirs)};
	uint32_t version = vault_version(admins.vault, name);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		for (uint32_t v = version; v <= version + 1; v++) {
			ck_assert_uint_eq(admins_put(KEEPER_TOKEN, theirs, kinds[i], v, pairs),
					  FAULT_PRECONDITION);
			admins_check_sentence("A token is made once");
		}
	}
	admins_name(WIRE_GET_RECORD, _i == 0 ? ADMINS_OF_OTHER : ADMINS_TOKEN, admins_no_half,
		    KEEPER_TOKEN, theirs);
	ck_assert_uint_eq(admins_ask(), FAULT_NONE);
	admins_check_told("label", "tthe app");
}
END_TEST

/* By each kind: another tenant's thing is as good as one that is nowhere, to the byte. */
START_TEST(others_things_are_nowhere)
{
	static const struct {
		enum wire_operation code;
		enum keeper_kind kind;
		bool is_token;
	} rows[] = {{WIRE_GET_RECORD, KEEPER_SERVER, false},
		    {WIRE_REMOVE_RECORD, KEEPER_SERVER, false},
		    {WIRE_GET_RECORD, KEEPER_TOKEN, true},
		    {WIRE_REMOVE_RECORD, KEEPER_TOKEN, true}};
	unsigned char bytes[32];
	char theirs[65] = {0}, nobodys[65] = {0}, first[512];
	size_t count = vault_count(admins.vault);
	vaults_hash(ADMINS_OF_OTHER, bytes, theirs);
	vaults_hash("pp_nobody", bytes, nobodys);
	for (int i = 0; i < 2; i++) {
		const char *named = rows[_i].is_token ? (i == 0 ? theirs : nobodys)
						      : (i == 0 ? "theirs" : "nowhere");
		admins_name(rows[_i].code, ADMINS_TOKEN, admins_no_half, rows[_i].kind, named);
		if (rows[_i].code == WIRE_REMOVE_RECORD) {
			admins_say_condition(KEEPER_IF_ANY, 0);
		}
		ck_assert_uint_eq(admins_ask(), FAULT_NOT_FOUND);
		struct slice said = secret_view(admins.frame);
		ck_assert(i == 0 || memcmp(first, said.ptr, said.len) == 0);
		memcpy(first, said.ptr, said.len);
	}
	ck_assert_uint_eq(vault_count(admins.vault), count);
}
END_TEST

START_TEST(scopes_and_states_are_kept_to)
{
	admins_begin(WIRE_SHRED_TENANT, ADMINS_SENDER);
	ck_assert_uint_eq(admins_ask(), FAULT_FORBIDDEN);
	admins_check_sentence("scope \"admin\"");
	admins_begin(WIRE_SHRED_TENANT, "pp_unknown");
	ck_assert_uint_eq(admins_ask(), FAULT_NO_CALLER);
	admins_begin(WIRE_SHRED_TENANT, VAULTS_SLEEPER);
	ck_assert_uint_eq(admins_ask(), FAULT_TENANT_SUSPENDED);
}
END_TEST

START_TEST(an_uninstalled_tenant_comes_back_or_not_at_all)
{
	unsigned char event = KEEPER_UNINSTALLED;
	admins_begin(WIRE_TELL_EVENT, ADMINS_TOKEN);
	admins_add(slice_of(&event, 1));
	ck_assert_uint_eq(admins_ask(), FAULT_NONE);
	ck_assert_str_eq(admins.change.what, "uninstalled");
	ck_assert_uint_eq(admins_ask(), FAULT_NONE); /* told twice */
	ck_assert(!admins.change.is_made);
	ck_assert_uint_eq(admins_get(KEEPER_SETTINGS, ""), FAULT_TENANT_GONE);
	admins_begin(WIRE_TELL_EVENT, ADMINS_TOKEN);
	event = KEEPER_INSTALLED;
	admins_add(slice_of(&event, 1));
	ck_assert_uint_eq(admins_ask(), FAULT_NONE);
	ck_assert_str_eq(admins.change.what, "installed");
	ck_assert_uint_eq(admins_get(KEEPER_SETTINGS, ""), FAULT_NONE);
}
END_TEST

START_TEST(a_shredded_tenant_leaves_the_others)
{
	admins_begin(WIRE_SHRED_TENANT, ADMINS_TOKEN);
	ck_assert_uint_eq(admins_ask(), FAULT_NONE);
	ck_assert_str_eq(admins.change.what, "shredded");
	ck_assert(slice_eq(admins.change.tenant, SLICE_LIT("acme")));
	ck_assert_uint_eq(admins_ask(), FAULT_NO_CALLER);
	admins_name(WIRE_GET_RECORD, ADMINS_OF_OTHER, admins_no_half, KEEPER_SERVER, "theirs");
	ck_assert_uint_eq(admins_ask(), FAULT_NONE);
}
END_TEST

static enum fault change_half(enum keeper_half_change what, struct slice half, struct slice fresh)
{
	static unsigned char byte;
	byte = (unsigned char)what;
	admins_begin(WIRE_CHANGE_HALF, ADMINS_TOKEN);
	admins_add(half);
	admins_add(slice_of(&byte, 1));
	admins_add(fresh);
	return admins_ask();
}

static enum fault get_with(struct slice half)
{
	admins_name(WIRE_GET_RECORD, ADMINS_TOKEN, half, KEEPER_SERVER, "main");
	return admins_ask();
}

START_TEST(halves_open_secrets_and_nothing_else_does)
{
	const struct slice one = SLICE_LIT("the first half of 32 bytes, as is");
	const struct slice first = slice_first(one, 32);
	const struct slice second = SLICE_LIT("another half, of thirty-two bytes");
	const struct slice next = slice_first(second, 32);
	ck_assert_uint_eq(change_half(KEEPER_HALF_KEEP, first, admins_no_half), FAULT_NOT_FOUND);
	ck_assert_uint_eq(change_half(KEEPER_HALF_DROP, first, admins_no_half), FAULT_NOT_FOUND);
	ck_assert_uint_eq(change_half(KEEPER_HALF_ADD, admins_no_half, first), FAULT_NONE);
	ck_assert_uint_eq(get_with(admins_no_half), FAULT_KEY_HALF);
	admins_check_sentence("X-Pagepost-Key");
	ck_assert_uint_eq(get_with(next), FAULT_KEY_HALF);
	admins_check_sentence("not the one");
	ck_assert_uint_eq(get_with(first), FAULT_NONE);
	ck_assert_uint_eq(admins_get(KEEPER_SETTINGS, ""), FAULT_NONE);
	ck_assert_uint_eq(change_half(KEEPER_HALF_ADD, admins_no_half, next), FAULT_KEY_HALF);
	ck_assert_uint_eq(change_half(KEEPER_HALF_ADD, first, next), FAULT_NONE);
	ck_assert_uint_eq(get_with(first), FAULT_NONE);
	ck_assert_uint_eq(get_with(next), FAULT_NONE);
	ck_assert_uint_eq(change_half(KEEPER_HALF_KEEP, next, admins_no_half), FAULT_NONE);
	ck_assert_uint_eq(get_with(first), FAULT_KEY_HALF);
	ck_assert_uint_eq(change_half(KEEPER_HALF_DROP, first, admins_no_half), FAULT_KEY_HALF);
	ck_assert_uint_eq(change_half(KEEPER_HALF_DROP, next, admins_no_half), FAULT_NONE);
	ck_assert_uint_eq(get_with(admins_no_half), FAULT_NONE);
}
END_TEST

static const unsigned char odd_events[] = {2, 0x7F, 0x80, 0xFF};

START_TEST(no_other_event_is_taken)
{
	admins_begin(WIRE_TELL_EVENT, ADMINS_TOKEN);
	admins_add(slice_of(&odd_events[_i], 1));
	ck_assert_uint_eq(admins_ask(), FAULT_KEEPER_PROTOCOL);
	ck_assert(!admins.change.is_made);
}
END_TEST

static const struct wire_message broken[] = {
	{.code = WIRE_GET_RECORD},	{.code = WIRE_GET_RECORD, .count = 3},
	{.code = WIRE_LIST_RECORDS},	{.code = WIRE_PUT_RECORD, .count = 5},
	{.code = WIRE_REMOVE_RECORD},	{.code = WIRE_TELL_EVENT},
	{.code = WIRE_SHRED_TENANT},	{.code = WIRE_CHANGE_HALF, .count = 4},
	{.code = WIRE_CHANGE_HALF + 1},
};

START_TEST(what_is_no_request_is_told_so)
{
	char hex[64];
	admins.request = broken[_i];
	ck_assert_uint_eq(admins_ask(), FAULT_KEEPER_PROTOCOL);
	vaults_hash(ADMINS_TOKEN, admins.hash, hex);
	admins.request.fields[0] = slice_of(admins.hash,
					    sizeof(admins.hash)); /* and from one who may */
	admins.request.count = admins.request.count > 0 ? admins.request.count : 1;
	if (admins.request.code == WIRE_SHRED_TENANT) {
		admins.request.count = 2;
	}
	ck_assert_uint_eq(admins_ask(), FAULT_KEEPER_PROTOCOL);
	ck_assert(!admins.change.is_made);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/keeper/admin");
	TCase *t = tcase_create("admin");
	tcase_add_checked_fixture(t, admins_setup, admins_teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, records_are_told_without_their_secrets);
	tcase_add_test(t, lists_name_what_is_the_tenants_own);
	tcase_add_test(t, a_list_has_no_more_names_than_find_room);
	tcase_add_test(t, a_list_of_large_records_is_told);
	tcase_add_loop_test(t, a_token_of_another_is_not_made_again, 0, 2);
	tcase_add_loop_test(t, others_things_are_nowhere, 0, 4);
	tcase_add_test(t, scopes_and_states_are_kept_to);
	tcase_add_test(t, an_uninstalled_tenant_comes_back_or_not_at_all);
	tcase_add_test(t, a_shredded_tenant_leaves_the_others);
	tcase_add_test(t, halves_open_secrets_and_nothing_else_does);
	tcase_add_loop_test(t, no_other_event_is_taken, 0, COUNT_OF(odd_events));
	tcase_add_loop_test(t, what_is_no_request_is_told_so, 0, COUNT_OF(broken));
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
