#include "config/vault/assign.h"

#include "tests/support/check_main.h"

static struct arena arena;

static void setup(void)
{
	arena_init(&arena, 64 * 1024);
}

static void teardown(void)
{
	arena_deinit(&arena);
}

static const struct {
	enum vault_kind kind;
	const char *key;
	char type;
	struct slice value;
	const char *refusal; /* NULL: taken */
} rows[] = {
	{VAULT_SETTINGS, "subject_prefix", 't', SLICE_INIT("[x]"), NULL},
	{VAULT_SETTINGS, "subject_prefix", 't', SLICE_INIT(""), NULL},
	{VAULT_SETTINGS, "subject_prefix", '0', SLICE_INIT(""), NULL},
	{VAULT_SETTINGS, "subject_prefix", 'n', SLICE_INIT("1"),
	 "The settings' 'subject_prefix' must be a text."},
	{VAULT_SETTINGS, "subject_prefix", 'b', SLICE_INIT("yes"),
	 "The settings' 'subject_prefix' must be a text."},
	{VAULT_SETTINGS, "always_from", 'b', SLICE_INIT("yes"), NULL},
	{VAULT_SETTINGS, "always_from", 't', SLICE_INIT("no"), NULL},
	{VAULT_SETTINGS, "always_from", 't', SLICE_INIT("true"), NULL},
	{VAULT_SETTINGS, "always_from", 't', SLICE_INIT("false"), NULL},
	{VAULT_SETTINGS, "always_from", 't', SLICE_INIT("True"),
	 "The settings' 'always_from' must be \"yes\" or \"no\"."},
	{VAULT_SETTINGS, "always_from", 't', SLICE_INIT(""),
	 "The settings' 'always_from' must be \"yes\" or \"no\"."},
	{VAULT_SETTINGS, "always_from", 't', SLICE_INIT("YES"),
	 "The settings' 'always_from' must be \"yes\" or \"no\"."},
	{VAULT_SETTINGS, "always_from", 'l', SLICE_INIT("yes"),
	 "The settings' 'always_from' must be yes or no (true or false)."},
	{VAULT_SETTINGS, "image_side", 'n', SLICE_INIT("640"), NULL},
	{VAULT_SETTINGS, "image_side", 't', SLICE_INIT("640"), NULL},
	{VAULT_SETTINGS, "image_side", 'n', SLICE_INIT("16385"),
	 "The settings' 'image_side' must be a number from 0 to 16384."},
	{VAULT_SETTINGS, "image_side", 'n', SLICE_INIT("-1"),
	 "The settings' 'image_side' must be a number from 0 to 16384."},
	{VAULT_SETTINGS, "image_side", 'n', SLICE_INIT(""),
	 "The settings' 'image_side' must be a number from 0 to 16384."},
	{VAULT_SETTINGS, "image_side", 'n', SLICE_INIT("1.5"),
	 "The settings' 'image_side' must be a number from 0 to 16384."},
	{VAULT_SETTINGS, "tenant", 't', SLICE_INIT("other"),
	 "A settings record has no key 'tenant' that can be set."},
	{VAULT_SETTINGS, "Subject_prefix", 't', SLICE_INIT("x"),
	 "A settings record has no key 'Subject_prefix' that can be set."},
	{VAULT_SETTINGS, "", 't', SLICE_INIT("x"),
	 "A settings record has no key '' that can be set."},
	{VAULT_SERVER, "port", 'n', SLICE_INIT("0"),
	 "The server's 'port' must be a number from 1 to 65535."},
	{VAULT_SERVER, "port", 'n', SLICE_INIT("65536"),
	 "The server's 'port' must be a number from 1 to 65535."},
	{VAULT_SERVER, "tls", 't', SLICE_INIT("implicit"), NULL},
	{VAULT_SERVER, "tls", 't', SLICE_INIT("true"),
	 "The server's 'tls' must be \"starttls\" or \"implicit\"."},
	{VAULT_SERVER, "tls", 't', SLICE_INIT("none"),
	 "The server's 'tls' must be \"starttls\" or \"implicit\"."},
	{VAULT_SERVER, "password", 't', SLICE_INIT("secret"), NULL},
	{VAULT_SERVER, "password", 'n', SLICE_INIT("123"),
	 "The server's 'password' must be a text."},
	{VAULT_SERVER, "name", 't', SLICE_INIT("x"),
	 "A server record has no key 'name' that can be set."},
	{VAULT_POLICY, "groups", 'l', SLICE_INIT("one\ntwo"), NULL},
	{VAULT_POLICY, "groups", 't', SLICE_INIT("one"), NULL},
	{VAULT_POLICY, "groups", 'n', SLICE_INIT("1"),
	 "The policy's 'groups' must be a list of texts."},
	{VAULT_POLICY, "recipients", 'n', SLICE_INIT("0"), NULL},
	{VAULT_POLICY, "recipients", 'n', SLICE_INIT("1001"),
	 "The policy's 'recipients' must be a number from 0 to 1000."},
	{VAULT_TENANT, "state", 't', SLICE_INIT("active"),
	 "A tenant record has no key 'state' that can be set."},
	{VAULT_TENANT, "region", 't', SLICE_INIT("eu"), NULL},
	{VAULT_TOKEN, "hash", 't', SLICE_INIT("x"),
	 "A token record has no key 'hash' that can be set."},
	{VAULT_TOKEN, "scope", 't', SLICE_INIT("admin"), NULL},
	{VAULT_TOKEN, "scope", 't', SLICE_INIT("root"),
	 "The token's 'scope' must be \"send\" or \"admin\" or \"send-admin\"."},
};

START_TEST(values_are_taken_or_refused_by_name)
{
	struct vault_record r = {.kind = rows[_i].kind};
	struct problem p = {0};
	enum fault f = vault_assign(&r, slice_of_text(rows[_i].key), rows[_i].type, rows[_i].value,
				    &arena, &p);
	vault_record_deinit(&r);
	ck_assert_uint_eq(f, rows[_i].refusal == NULL ? FAULT_NONE : FAULT_BAD_RECORD);
	if (rows[_i].refusal != NULL) {
		ck_assert_msg(slice_eq(problem_text(&p), slice_of_text(rows[_i].refusal)), "%.*s",
			      (int)p.len, p.text);
	}
}
END_TEST

START_TEST(a_limit_of_none_is_one)
{
	struct vault_record r = {.kind = VAULT_POLICY};
	struct slice key = SLICE_LIT("attachments");
	ck_assert_uint_eq(r.policy.attachments, 0); /* says nothing */
	ck_assert_uint_eq(vault_assign(&r, key, 'n', SLICE_LIT("0"), &arena, NULL), FAULT_NONE);
	ck_assert_uint_eq(r.policy.attachments, 1);
	ck_assert_uint_eq(vault_assign(&r, key, '0', (struct slice){0}, &arena, NULL), FAULT_NONE);
	ck_assert_uint_eq(r.policy.attachments, 0);
}
END_TEST

START_TEST(a_secret_takes_the_place_of_the_one_before)
{
	struct vault_record r = {.kind = VAULT_SERVER};
	struct slice key = SLICE_LIT("password");
	ck_assert_uint_eq(vault_assign(&r, key, 't', SLICE_LIT("one"), &arena, NULL), FAULT_NONE);
	ck_assert_uint_eq(vault_assign(&r, key, 't', SLICE_LIT("two"), &arena, NULL), FAULT_NONE);
	ck_assert(secret_eq(r.server.password, SLICE_LIT("two")));
	ck_assert_uint_eq(vault_assign(&r, key, '0', (struct slice){0}, &arena, NULL), FAULT_NONE);
	ck_assert_ptr_null(r.server.password);
	vault_record_deinit(&r);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("assign");
	TCase *t = tcase_create("assign");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, values_are_taken_or_refused_by_name, 0, COUNT_OF(rows));
	tcase_add_test(t, a_limit_of_none_is_one);
	tcase_add_test(t, a_secret_takes_the_place_of_the_one_before);
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
