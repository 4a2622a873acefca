#include "config/keeper/admin.h"

#include <string.h>

#include "tests/support/admins.h"
#include "tests/support/check_main.h"
#include "tests/support/signing_keys.h"
#include "tests/support/vaults.h"

/* How a record is put: its conditions, what it may say, and which secrets stay. */

static void number(char digits[3], unsigned i)
{
	digits[0] = (char)('0' + i / 100);
	digits[1] = (char)('0' + i / 10 % 10);
	digits[2] = (char)('0' + i % 10);
}

START_TEST(settings_are_put_with_conditions)
{
	static const char *const pairs[] = {"subject_prefix", "t[New]",	      "always_from",
					    "byes",	      "from_address", "ta@b.example",
					    "image_side",     "n640",	      NULL};
	static const char *const none[] = {NULL};
	ck_assert_uint_eq(admins_put(KEEPER_SETTINGS, "", KEEPER_IF_NEW, 0, pairs),
			  FAULT_NO_PRECONDITION);
	admins_check_sentence("If-Match");
	ck_assert_uint_eq(admins_put(KEEPER_SETTINGS, "", KEEPER_IF_ABSENT, 0, pairs),
			  FAULT_PRECONDITION);
	ck_assert_uint_eq(admins_put(KEEPER_SETTINGS, "", KEEPER_IF_VERSION, 77, pairs),
			  FAULT_PRECONDITION);
	admins_check_sentence("Somebody else");
	ck_assert_uint_eq(admins_get(KEEPER_SETTINGS, ""), FAULT_NONE);
	uint32_t version = (uint32_t)wire_get_number(admins.answer.fields[0]);
	ck_assert_uint_eq(admins_put(KEEPER_SETTINGS, "", KEEPER_IF_VERSION, version, pairs),
			  FAULT_NONE);
	ck_assert(admins.change.is_made);
	ck_assert_str_eq(admins.change.what, "changed");
	ck_assert(slice_eq(admins.change.tenant, SLICE_LIT("acme")));
	ck_assert_uint_eq(admins.change.by.len, strlen("token-") + 12);
	ck_assert(slice_starts(admins.change.by, SLICE_LIT("token-")));
	ck_assert(slice_eq(admins.change.kind, SLICE_LIT("settings")));
	ck_assert_uint_eq(admins_get(KEEPER_SETTINGS, ""), FAULT_NONE);
	admins_check_told("subject_prefix", "t[New]");
	admins_check_told("always_from", "byes");
	admins_check_told("image_side", "n640");
	admins_check_told("default_server", ""); /* what is not put is gone */
	ck_assert_uint_eq(admins_put(KEEPER_SETTINGS, "", KEEPER_IF_ANY, 0, none), FAULT_NONE);
}
END_TEST

/* RFC 9110 13.1.1: what is not there matches no version, and not that of what is not there. */
START_TEST(what_is_not_there_has_no_version)
{
	for (uint32_t version = 0; version < 3; version++) {
		ck_assert_uint_eq(admins_put(KEEPER_SERVER, "new", KEEPER_IF_VERSION, version,
					     admins_only_host),
				  FAULT_PRECONDITION);
		ck_assert(!admins.change.is_made);
	}
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "new", KEEPER_IF_ANY, 0, admins_only_host),
			  FAULT_PRECONDITION);
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "new", KEEPER_IF_ABSENT, 0, admins_only_host),
			  FAULT_NONE);
}
END_TEST

static const struct {
	enum keeper_kind kind;
	const char *name;
	const char *pairs[6];
	const char *sentence;
} refused[] = {
	{KEEPER_SETTINGS, "", {"subject", "tx"}, "A settings record has no key 'subject'"},
	{KEEPER_SETTINGS, "", {"tenant", "tother"}, "no key 'tenant'"},
	{KEEPER_SETTINGS,
	 "",
	 {"from_address", "tnobody"},
	 "The settings' 'from_address' must be a mail address"},
	{KEEPER_SETTINGS, "", {"image_side", "n99999"}, "must be a number from 0 to 16384"},
	{KEEPER_SETTINGS, "", {"image_side", "byes"}, "must be a number."},
	{KEEPER_SETTINGS, "", {"always_from", "tmaybe"}, "must be \"yes\" or \"no\""},
	{KEEPER_SETTINGS, "", {"always_from", "n1"}, "must be yes or no"},
	{KEEPER_SETTINGS, "", {"css", "l.a{}"}, "must be a text."},
	{KEEPER_SETTINGS, "named", {NULL}, "record's name"},
	{KEEPER_POLICY, "", {"recipients", "n1001"}, "must be a number from 0 to 1000"},
	{KEEPER_POLICY,
	 "",
	 {"senders", "la@b.example\nnobody"},
	 "must be at most 200 mail addresses"},
	{KEEPER_POLICY,
	 "",
	 {"recipient_domains", "lexample.org\n-bad-"},
	 "names such as example.org"},
	{KEEPER_SERVER, "new", {"port", "n25"}, "The server's 'host' is missing."},
	{KEEPER_SERVER, "new", {"host", "tsmtp.example.org", "port", "n0"}, "from 1 to 65535"},
	{KEEPER_SERVER,
	 "new",
	 {"host", "tsmtp.example.org", "username", "tme"},
	 "needs a 'password'"},
	{KEEPER_SERVER, "New", {"host", "tsmtp.example.org"}, "record's name"},
	{KEEPER_SERVER, "new", {"host", "tsmtp.example.org", "dkim1_key", "tnot a key"}, "key"},
	{KEEPER_AWS,
	 "prod",
	 {"role_arn", "tarn:aws:iam::1:role/x"},
	 "The AWS account's 'region' is missing."},
	{KEEPER_TOKEN, "abc", {"label", "tx"}, "record's name"},
	{KEEPER_SETTINGS, "", {"css", "ta", "css", "ta"}, "The key 'css' is given twice."},
	{KEEPER_SERVER,
	 "main",
	 {"password", "byes", "password", "tx"},
	 "'password' is given twice."},
	{KEEPER_SERVER, "main", {"password", "tx", "password", "0"}, "'password' is given twice."},
	{KEEPER_SERVER, "new", {"host", "tsmtp.example.org", "name", "tmain"}, "no key 'name'"},
	{KEEPER_SERVER,
	 "new",
	 {"tenant", "tother", "host", "tsmtp.example.org"},
	 "no key 'tenant'"},
	{KEEPER_POLICY, "one\ntwo", {"recipients", "n1"}, "'space' must be one line"},
	{KEEPER_POLICY, "", {"groups", "lone\n\ntwo"}, "each of 1 to 255 bytes"},
	{KEEPER_POLICY, "", {"groups", "lone\r\ntwo"}, "each of 1 to 255 bytes"},
	{KEEPER_POLICY, "", {"groups", "none"}, "must be a list of texts"},
	{KEEPER_SETTINGS, "", {"image_side", "n-1"}, "from 0 to 16384"},
	{KEEPER_SETTINGS, "", {"image_side", "n"}, "from 0 to 16384"},
	{KEEPER_SETTINGS, "", {"image_side", "n18446744073709551617"}, "from 0 to 16384"},
	{KEEPER_SETTINGS, "", {"from_name", "tA\r\nBcc: b@c.example"}, "one line"},
};

START_TEST(bad_records_are_refused_by_name)
{
	size_t count = vault_count(admins.vault);
	ck_assert_uint_eq(admins_put(refused[_i].kind, refused[_i].name, KEEPER_IF_ANY, 0,
				     refused[_i].pairs) == FAULT_PRECONDITION
				  ? admins_put(refused[_i].kind, refused[_i].name, KEEPER_IF_NEW, 0,
					       refused[_i].pairs)
				  : wire_result_fault(admins.answer.code),
			  FAULT_BAD_RECORD);
	admins_check_sentence(refused[_i].sentence);
	ck_assert_uint_eq(vault_count(admins.vault), count);
}
END_TEST

static const struct {
	enum keeper_kind kind;
	const char *key;
	struct slice value;
} nuls[] = {
	{KEEPER_SETTINGS, "from_name", SLICE_INIT("tA\0B")},
	{KEEPER_SETTINGS, "css", SLICE_INIT("tA\0B")},
	{KEEPER_SETTINGS, "default_server", SLICE_INIT("tmain\0")},
	{KEEPER_SETTINGS, "from_address", SLICE_INIT("ta@b.example\0")},
	{KEEPER_SETTINGS, "image_side", SLICE_INIT("n1\0")},
	{KEEPER_SETTINGS, "always_from", SLICE_INIT("byes\0")},
	{KEEPER_POLICY, "groups", SLICE_INIT("la\0b")},
	{KEEPER_POLICY, "senders", SLICE_INIT("la@b.example\0")},
	{KEEPER_POLICY, "upstream_hosts", SLICE_INIT("la.example\0")},
	{KEEPER_SERVER, "host", SLICE_INIT("tsmtp.example.org\0")},
	{KEEPER_SERVER, "username", SLICE_INIT("ta\0b")},
	{KEEPER_SERVER, "password", SLICE_INIT("ta\0b")},
	{KEEPER_SERVER, "ca_pem", SLICE_INIT("ta\0b")},
	{KEEPER_SERVER, "oauth_token_url", SLICE_INIT("thttps://a.example/\0")},
};

/* It may be in what comes over the wire, and is in no record. */
START_TEST(a_nul_is_refused_by_name)
{
	bool is_server = nuls[_i].kind == KEEPER_SERVER;
	admins_name(WIRE_PUT_RECORD, ADMINS_TOKEN, admins_no_half, nuls[_i].kind,
		    is_server ? "new" : "");
	admins_say_condition(nuls[_i].kind == KEEPER_SETTINGS ? KEEPER_IF_ANY : KEEPER_IF_NEW, 0);
	if (is_server) {
		admins_add(SLICE_LIT("host"));
		admins_add(SLICE_LIT("tsmtp.example.org"));
	}
	admins_add(slice_of_text(nuls[_i].key));
	admins_add(nuls[_i].value);
	ck_assert_uint_eq(admins_ask(), FAULT_BAD_RECORD);
	admins_check_sentence(nuls[_i].key);
}
END_TEST

START_TEST(a_secret_stays_only_where_it_went)
{
	static const char *const same[] = {"host",
					   "tsmtp.example.org",
					   "port",
					   "n465",
					   "tls",
					   "timplicit",
					   "username",
					   "trelay@example.org",
					   "ca_pem",
					   "t-----BEGIN CERTIFICATE-----\nAAAA\n-----END "
					   "CERTIFICATE-----\n",
					   "from_name",
					   "tNew",
					   NULL};
	static const char *const elsewhere[] = {
		"host",	    "tevil.example.org",  "port", "n465", "tls", "timplicit",
		"username", "trelay@example.org", NULL};
	static const char *const anew[] = {
		"host", "tevil.example.org", "port",   "n465", "tls", "timplicit", "username",
		"tme",	"password",	     "tgiven", NULL};
	struct vault_record r;
	struct arena a;
	struct vault_key_name name = {VAULT_SERVER, SLICE_LIT("acme"), SLICE_LIT("main")};
	arena_init(&a, VAULTS_ARENA);
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "main", KEEPER_IF_ANY, 0, same), FAULT_NONE);
	ck_assert_uint_eq(vault_find(admins.vault, name, NULL, &a, &r, NULL), FAULT_NONE);
	ck_assert(secret_eq(r.server.password, SLICE_LIT(VAULTS_PASSWORD)));
	vault_record_deinit(&r);
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "main", KEEPER_IF_ANY, 0, elsewhere),
			  FAULT_BAD_RECORD);
	admins_check_sentence("The server's 'password' must be given again");
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "main", KEEPER_IF_ANY, 0, anew), FAULT_NONE);
	ck_assert_uint_eq(vault_find(admins.vault, name, NULL, &a, &r, NULL), FAULT_NONE);
	ck_assert(secret_eq(r.server.password, SLICE_LIT("given")));
	vault_record_deinit(&r);
	arena_deinit(&a);
}
END_TEST

/* Each by itself, on a record that says all: what leads a secret elsewhere, or makes it good for more. */
static const char *const full[] = {
	"host",
	"tsmtp.example.org",
	"port",
	"n587",
	"username",
	"trelay@example.org",
	"auth",
	"toauth",
	"oauth_flow",
	"trefresh_token",
	"oauth_token_url",
	"thttps://login.example.org/token",
	"oauth_client_id",
	"tclient",
	"oauth_key_id",
	"tkey-1",
	"oauth_scope",
	"tone two",
	"pin1",
	"t" VAULTS_PIN_1,
	"pin2",
	"t" VAULTS_PIN_2,
	NULL,
};

static const struct {
	const char *key, *value;
	bool stays;
} led[] = {
	{"from_name", "tNew", true},
	{"per_hour", "n7", true},
	{"profile", "tother", true},
	{"host", "tevil.example.org", false},
	{"port", "n465", false},
	{"tls", "timplicit", false},
	{"username", "tevil@example.org", false},
	{"ca_pem", "t-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", false},
	{"pin1", "t" VAULTS_PIN_2, false},
	{"pin1", "0", false},
	{"pin2", "0", false},
	{"oauth_token_url", "thttps://evil.example.org/token", false},
	{"oauth_token_url", "thttps://login.example.org/token2", false},
	{"oauth_client_id", "tevil", false},
	{"oauth_key_id", "tevil", false},
	{"oauth_scope", "tone two three", false},
	{"oauth_scope", "0", false},
	{"oauth_flow", "tclient_credentials", false},
	{"auth", "tpassword", false},
};

START_TEST(no_secret_is_led_elsewhere)
{
	struct vault_record r;
	struct arena a;
	struct vault_key_name name = {VAULT_SERVER, SLICE_LIT("acme"), SLICE_LIT("full")};
	const char *pairs[COUNT_OF(full) + 2] = {0};
	size_t count = 0;
	r = vaults_oauth_server("acme", "full");
	secret_free(&r.server.dkim[0].key); /* it is no key */
	r.server.dkim[0] = (struct dkim_key){0};
	admins_store(r);
	bool is_there = false;
	for (; full[count] != NULL; count += 2) {
		bool is_it = strcmp(full[count], led[_i].key) == 0;
		pairs[count] = full[count];
		pairs[count + 1] = is_it ? led[_i].value : full[count + 1];
		is_there = is_there || is_it;
	}
	if (!is_there) {
		pairs[count] = led[_i].key;
		pairs[count + 1] = led[_i].value;
	}
	uint32_t version = vault_version(admins.vault, name);
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "full", KEEPER_IF_VERSION, version, pairs),
			  led[_i].stays ? FAULT_NONE : FAULT_BAD_RECORD);
	if (!led[_i].stays) {
		admins_check_sentence("must be given again");
	}
	arena_init(&a, VAULTS_ARENA);
	ck_assert_uint_eq(vault_find(admins.vault, name, NULL, &a, &r, NULL), FAULT_NONE);
	ck_assert(slice_eq(r.server.host, SLICE_LIT("smtp.example.org")));
	ck_assert(secret_eq(r.server.oauth.secret, SLICE_LIT("the client's")));
	ck_assert(secret_eq(r.server.oauth.refresh, SLICE_LIT("refreshing")));
	vault_record_deinit(&r);
	arena_deinit(&a);
}
END_TEST

/* As a GET tells it: were it taken, the password would be an empty one. */
START_TEST(that_there_is_a_secret_is_not_put_back_as_one)
{
	static const char *const pairs[] = {
		"host", "tsmtp.example.org", "port",	 "n465", "username", "trelay@example.org",
		"tls",	"timplicit",	     "password", "s",	 NULL};
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "main", KEEPER_IF_ANY, 0, pairs),
			  FAULT_KEEPER_PROTOCOL);
	ck_assert(!admins.change.is_made);
}
END_TEST

/* A record is put back as it was told. */
START_TEST(what_is_told_can_be_put)
{
	static const char *const told_so[] = {"host",
					      "tsmtp.example.org",
					      "port",
					      "n465",
					      "tls",
					      "timplicit",
					      "username",
					      "trelay@example.org",
					      "ca_pem",
					      "t-----BEGIN CERTIFICATE-----\nAAAA\n-----END "
					      "CERTIFICATE-----\n",
					      "password",
					      "byes",
					      NULL};
	static const char *const new_one[] = {
		"host", "tsmtp.example.org", "username", "tme", "password", "byes", NULL};
	static const char *const not_so[] = {"host", "tsmtp.example.org", "password", "bno", NULL};
	struct vault_record r;
	struct arena a;
	struct vault_key_name name = {VAULT_SERVER, SLICE_LIT("acme"), SLICE_LIT("main")};
	arena_init(&a, VAULTS_ARENA);
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "main", KEEPER_IF_ANY, 0, told_so), FAULT_NONE);
	ck_assert_uint_eq(vault_find(admins.vault, name, NULL, &a, &r, NULL), FAULT_NONE);
	ck_assert(secret_eq(r.server.password, SLICE_LIT(VAULTS_PASSWORD)));
	vault_record_deinit(&r);
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "new", KEEPER_IF_NEW, 0, new_one),
			  FAULT_BAD_RECORD);
	admins_check_sentence("The server's 'password' is not there yet");
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "new", KEEPER_IF_NEW, 0, not_so),
			  FAULT_BAD_RECORD);
	admins_check_sentence("must be a text");
	arena_deinit(&a);
}
END_TEST

/* A key that signs goes to no server: it stays with its name, wherever the mails go. */
START_TEST(keys_that_sign_stay_with_their_name)
{
	static const char *const moved[] = {"host",
					    "tother.example.org",
					    "dkim1_domain",
					    "texample.org",
					    "dkim1_selector",
					    "t2026",
					    NULL};
	static const char *const renamed[] = {"host",
					      "tother.example.org",
					      "dkim1_domain",
					      "texample.net",
					      "dkim1_selector",
					      "t2026",
					      NULL};
	static const char *const dropped[] = {"host", "tother.example.org", NULL};
	struct signing_key key;
	struct vault_record r = {.kind = VAULT_SERVER,
				 .server = {.tenant = SLICE_LIT("acme"),
					    .name = SLICE_LIT("signs"),
					    .host = SLICE_LIT("smtp.example.org"),
					    .port = 587,
					    .dkim = {{.domain = SLICE_LIT("example.org"),
						      .selector = SLICE_LIT("2026")}}}};
	signing_key_make(SIGNING_ED25519, &key);
	r.server.dkim[0].key = STEAL(key.pem);
	signing_key_free(&key);
	admins_store(r);
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "signs", KEEPER_IF_ANY, 0, moved), FAULT_NONE);
	ck_assert_uint_eq(admins_get(KEEPER_SERVER, "signs"), FAULT_NONE);
	admins_check_told("dkim1_key", "s");
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "signs", KEEPER_IF_ANY, 0, renamed),
			  FAULT_BAD_RECORD);
	admins_check_sentence("domain or selector");
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "signs", KEEPER_IF_ANY, 0, dropped),
			  FAULT_NONE);
	ck_assert_uint_eq(admins_get(KEEPER_SERVER, "signs"), FAULT_NONE);
	admins_check_told("dkim1_key", "");
}
END_TEST

START_TEST(a_tenant_has_at_most_so_many_of_a_kind)
{
	char name[] = "s-000";
	for (unsigned i = 0; i < ADMIN_RECORDS_MAX - 1; i++) {
		number(name + 2, i);
		ck_assert_uint_eq(
			admins_put(KEEPER_SERVER, name, KEEPER_IF_NEW, 0, admins_only_host),
			FAULT_NONE);
	}
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, "more", KEEPER_IF_NEW, 0, admins_only_host),
			  FAULT_VAULT_FULL);
	admins_check_sentence("at most 200");
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, name, KEEPER_IF_ANY, 0, admins_only_host),
			  FAULT_NONE);
}
END_TEST

/* Certificates of 14 KB each, until no more go in; what was removed makes room again. */
START_TEST(a_tenant_has_at_most_so_many_bytes)
{
	static char pem[14 * 1024 + 2] = "t";
	static const char *const pairs[] = {"host", "tsmtp.example.org", "ca_pem", pem, NULL};
	char name[] = "s-000";
	enum fault f = FAULT_NONE;
	unsigned made = 0;
	memset(pem + 1, 'A', sizeof(pem) - 2);
	for (; f == FAULT_NONE && made < ADMIN_RECORDS_MAX; made++) {
		number(name + 2, made);
		f = admins_put(KEEPER_SERVER, name, KEEPER_IF_NEW, 0, pairs);
	}
	ck_assert_uint_eq(f, FAULT_VAULT_FULL);
	admins_check_sentence("1 MiB");
	ck_assert_uint_gt(made, 60);
	ck_assert_uint_lt(made, 80);
	admins_name(WIRE_REMOVE_RECORD, ADMINS_TOKEN, admins_no_half, KEEPER_SERVER, "s-000");
	admins_say_condition(KEEPER_IF_ANY, 0);
	ck_assert_uint_eq(admins_ask(), FAULT_NONE);
	ck_assert_uint_eq(admins_put(KEEPER_SERVER, name, KEEPER_IF_NEW, 0, pairs), FAULT_NONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/keeper/admin_change");
	TCase *t = tcase_create("admin_change");
	tcase_add_checked_fixture(t, admins_setup, admins_teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, settings_are_put_with_conditions);
	tcase_add_test(t, what_is_not_there_has_no_version);
	tcase_add_loop_test(t, bad_records_are_refused_by_name, 0, COUNT_OF(refused));
	tcase_add_loop_test(t, a_nul_is_refused_by_name, 0, COUNT_OF(nuls));
	tcase_add_test(t, a_secret_stays_only_where_it_went);
	tcase_add_loop_test(t, no_secret_is_led_elsewhere, 0, COUNT_OF(led));
	tcase_add_test(t, that_there_is_a_secret_is_not_put_back_as_one);
	tcase_add_test(t, what_is_told_can_be_put);
	tcase_add_test(t, keys_that_sign_stay_with_their_name);
	tcase_add_test(t, a_tenant_has_at_most_so_many_of_a_kind);
	tcase_add_test(t, a_tenant_has_at_most_so_many_bytes);
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
