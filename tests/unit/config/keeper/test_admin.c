#include "config/keeper/admin.h"

#include <string.h>

#include "config/keeper/client.h"
#include "tests/support/check_main.h"
#include "tests/support/signing_keys.h"
#include "tests/support/vaults.h"

/*
 * What an admin asks, by the frames that a client sends. The sample's tenants: acme with settings, server "main" and a token
 * that administers; "other" with a server and a token of its own; a token of acme that may only send.
 */

#define ADMIN	    "pp_admin56789012345678901234567890123456789012345"
#define OTHER_ADMIN "pp_other56789012345678901234567890123456789012345"
#define SENDER	    "pp_sends56789012345678901234567890123456789012345"
#define NOW	    "2026-11-29T12:00:00.000Z"

static struct vault *vault;
static struct secret *frame;
static struct admin_change change;
static struct wire_message request, answer;
static unsigned char hash[32];
static unsigned char kind;
static unsigned char condition[WIRE_CONDITION_LEN];

static void put(struct vault_record r)
{
	ck_assert_uint_eq(vault_put(vault, &r, NULL, NULL), FAULT_NONE);
	vault_record_deinit(&r);
}

static void put_token(const char *token, const char *tenant, enum vault_scope scope)
{
	unsigned char bytes[32];
	char hex[64];
	vaults_hash(token, bytes, hex);
	put((struct vault_record){.kind = VAULT_TOKEN,
				  .token = {.hash = slice_of(hex, sizeof(hex)),
					    .tenant = slice_of_text(tenant),
					    .label = SLICE_LIT("the app"),
					    .created = SLICE_LIT(NOW),
					    .scope = scope}});
}

static void setup(void)
{
	vault = vaults_sample(vaults_by_credential('k'));
	put((struct vault_record){.kind = VAULT_TENANT,
				  .tenant = {.id = SLICE_LIT("other"), .created = SLICE_LIT(NOW)}});
	put(vaults_server("other", "theirs", "the other's"));
	put_token(ADMIN, "acme", VAULT_SCOPE_BOTH);
	put_token(OTHER_ADMIN, "other", VAULT_SCOPE_ADMIN);
	put_token(SENDER, "acme", VAULT_SCOPE_SEND);
}

static void teardown(void)
{
	secret_free(&frame);
	vault_free(&vault);
}

static enum fault ask(void)
{
	struct wire_frame w;
	secret_free(&frame);
	ck_assert_uint_eq(admin_answer(vault, &request, SLICE_LIT(NOW), &change, &frame),
			  FAULT_NONE);
	wire_frame_init(&w, WIRE_ANSWER_MAX);
	struct slice bytes = secret_view(frame);
	ck_assert_uint_eq(wire_frame_feed(&w, &bytes), FAULT_NONE);
	secret_free(&frame);
	frame = STEAL(w.body);
	w.body = frame;
	ck_assert_uint_eq(wire_frame_read(&w, &answer), FAULT_NONE);
	return wire_result_fault(answer.code);
}

static void begin(enum wire_operation code, const char *token)
{
	char hex[64];
	vaults_hash(token, hash, hex);
	request = (struct wire_message){
		.code = (uint8_t)code, .count = 1, .fields = {slice_of(hash, sizeof(hash))}};
}

static void add(struct slice field)
{
	request.fields[request.count++] = field;
}

static void name_record(enum wire_operation code, const char *token, struct slice half,
			enum keeper_kind of, const char *name)
{
	begin(code, token);
	kind = (unsigned char)of;
	add(half);
	add(slice_of(&kind, 1));
	add(slice_of_text(name));
}

static void say_condition(enum keeper_condition_kind what, uint32_t version)
{
	condition[0] = (unsigned char)what;
	wire_put_number(condition + 1, version, WIRE_NUMBER);
	add(slice_of(condition, sizeof(condition)));
}

static const struct slice no_half = {0};
static const char *const only_host[] = {"host", "tsmtp.example.org", NULL};

static enum fault get(enum keeper_kind of, const char *name)
{
	name_record(WIRE_GET_RECORD, ADMIN, no_half, of, name);
	return ask();
}

/* Pairs: key, typed value ... */
static enum fault put_pairs(enum keeper_kind of, const char *name, enum keeper_condition_kind what,
			    uint32_t version, const char *const *pairs)
{
	name_record(WIRE_PUT_RECORD, ADMIN, no_half, of, name);
	say_condition(what, version);
	for (size_t i = 0; pairs[i] != NULL; i++) {
		add(slice_of_text(pairs[i]));
	}
	return ask();
}

/* The typed value of a key in the answer to a GET; empty when it is not told. */
static struct slice told(const char *key)
{
	for (size_t i = 1; i + 1 < answer.count; i += 2) {
		if (slice_eq(answer.fields[i], slice_of_text(key))) {
			return answer.fields[i + 1];
		}
	}
	return (struct slice){0};
}

static void check_told(const char *key, const char *value)
{
	struct slice said = told(key);
	ck_assert_msg(slice_eq(said, slice_of_text(value)), "%s: '%.*s' is not '%s'", key,
		      (int)said.len, said.ptr, value);
}

static void check_sentence(const char *part)
{
	ck_assert_uint_eq(answer.count, 1);
	struct slice said = answer.fields[0];
	ck_assert_msg(slice_find(said, slice_of_text(part)) < said.len, "%.*s", (int)said.len,
		      said.ptr);
	ck_assert(!change.is_made);
}

START_TEST(records_are_told_without_their_secrets)
{
	ck_assert_uint_eq(get(KEEPER_SETTINGS, ""), FAULT_NONE);
	check_told("subject_prefix", "t[Wiki] ");
	check_told("default_server", "tmain");
	check_told("tenant", "");
	ck_assert_uint_eq(get(KEEPER_SERVER, "main"), FAULT_NONE);
	check_told("host", "tsmtp.example.org");
	check_told("port", "n465");
	check_told("tls", "timplicit");
	check_told("password", "s");
	check_told("oauth_secret", "");
	ck_assert_uint_eq(slice_find(secret_view(frame), SLICE_LIT(VAULTS_PASSWORD)),
			  secret_view(frame).len);
	ck_assert(!change.is_made);
}
END_TEST

START_TEST(settings_are_put_with_conditions)
{
	static const char *const pairs[] = {"subject_prefix", "t[New]",	      "always_from",
					    "byes",	      "from_address", "ta@b.example",
					    "image_side",     "n640",	      NULL};
	static const char *const none[] = {NULL};
	ck_assert_uint_eq(put_pairs(KEEPER_SETTINGS, "", KEEPER_IF_NEW, 0, pairs),
			  FAULT_NO_PRECONDITION);
	check_sentence("If-Match");
	ck_assert_uint_eq(put_pairs(KEEPER_SETTINGS, "", KEEPER_IF_ABSENT, 0, pairs),
			  FAULT_PRECONDITION);
	ck_assert_uint_eq(put_pairs(KEEPER_SETTINGS, "", KEEPER_IF_VERSION, 77, pairs),
			  FAULT_PRECONDITION);
	check_sentence("Somebody else");
	ck_assert_uint_eq(get(KEEPER_SETTINGS, ""), FAULT_NONE);
	uint32_t version = (uint32_t)wire_get_number(answer.fields[0]);
	ck_assert_uint_eq(put_pairs(KEEPER_SETTINGS, "", KEEPER_IF_VERSION, version, pairs),
			  FAULT_NONE);
	ck_assert(change.is_made);
	ck_assert_str_eq(change.what, "changed");
	ck_assert(slice_eq(change.tenant, SLICE_LIT("acme")));
	ck_assert(slice_eq(change.by, SLICE_LIT("the app")));
	ck_assert(slice_eq(change.kind, SLICE_LIT("settings")));
	ck_assert_uint_eq(get(KEEPER_SETTINGS, ""), FAULT_NONE);
	check_told("subject_prefix", "t[New]");
	check_told("always_from", "byes");
	check_told("image_side", "n640");
	check_told("default_server", ""); /* what is not put is gone */
	ck_assert_uint_eq(put_pairs(KEEPER_SETTINGS, "", KEEPER_IF_ANY, 0, none), FAULT_NONE);
}
END_TEST

/* RFC 9110 13.1.1: what is not there matches no version, and not that of what is not there. */
START_TEST(what_is_not_there_has_no_version)
{
	for (uint32_t version = 0; version < 3; version++) {
		ck_assert_uint_eq(
			put_pairs(KEEPER_SERVER, "new", KEEPER_IF_VERSION, version, only_host),
			FAULT_PRECONDITION);
		ck_assert(!change.is_made);
	}
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "new", KEEPER_IF_ANY, 0, only_host),
			  FAULT_PRECONDITION);
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "new", KEEPER_IF_ABSENT, 0, only_host),
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
	size_t count = vault_count(vault);
	ck_assert_uint_eq(put_pairs(refused[_i].kind, refused[_i].name, KEEPER_IF_ANY, 0,
				    refused[_i].pairs) == FAULT_PRECONDITION
				  ? put_pairs(refused[_i].kind, refused[_i].name, KEEPER_IF_NEW, 0,
					      refused[_i].pairs)
				  : wire_result_fault(answer.code),
			  FAULT_BAD_RECORD);
	check_sentence(refused[_i].sentence);
	ck_assert_uint_eq(vault_count(vault), count);
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
	name_record(WIRE_PUT_RECORD, ADMIN, no_half, nuls[_i].kind, is_server ? "new" : "");
	say_condition(nuls[_i].kind == KEEPER_SETTINGS ? KEEPER_IF_ANY : KEEPER_IF_NEW, 0);
	if (is_server) {
		add(SLICE_LIT("host"));
		add(SLICE_LIT("tsmtp.example.org"));
	}
	add(slice_of_text(nuls[_i].key));
	add(nuls[_i].value);
	ck_assert_uint_eq(ask(), FAULT_BAD_RECORD);
	check_sentence(nuls[_i].key);
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
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "main", KEEPER_IF_ANY, 0, same), FAULT_NONE);
	ck_assert_uint_eq(vault_find(vault, name, NULL, &a, &r, NULL), FAULT_NONE);
	ck_assert(secret_eq(r.server.password, SLICE_LIT(VAULTS_PASSWORD)));
	vault_record_deinit(&r);
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "main", KEEPER_IF_ANY, 0, elsewhere),
			  FAULT_BAD_RECORD);
	check_sentence("The server's 'password' must be given again");
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "main", KEEPER_IF_ANY, 0, anew), FAULT_NONE);
	ck_assert_uint_eq(vault_find(vault, name, NULL, &a, &r, NULL), FAULT_NONE);
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
	put(r);
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
	uint32_t version = vault_version(vault, name);
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "full", KEEPER_IF_VERSION, version, pairs),
			  led[_i].stays ? FAULT_NONE : FAULT_BAD_RECORD);
	if (!led[_i].stays) {
		check_sentence("must be given again");
	}
	arena_init(&a, VAULTS_ARENA);
	ck_assert_uint_eq(vault_find(vault, name, NULL, &a, &r, NULL), FAULT_NONE);
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
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "main", KEEPER_IF_ANY, 0, pairs),
			  FAULT_KEEPER_PROTOCOL);
	ck_assert(!change.is_made);
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
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "main", KEEPER_IF_ANY, 0, told_so), FAULT_NONE);
	ck_assert_uint_eq(vault_find(vault, name, NULL, &a, &r, NULL), FAULT_NONE);
	ck_assert(secret_eq(r.server.password, SLICE_LIT(VAULTS_PASSWORD)));
	vault_record_deinit(&r);
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "new", KEEPER_IF_NEW, 0, new_one),
			  FAULT_BAD_RECORD);
	check_sentence("The server's 'password' is not there yet");
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "new", KEEPER_IF_NEW, 0, not_so),
			  FAULT_BAD_RECORD);
	check_sentence("must be a text");
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
	put(r);
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "signs", KEEPER_IF_ANY, 0, moved), FAULT_NONE);
	ck_assert_uint_eq(get(KEEPER_SERVER, "signs"), FAULT_NONE);
	check_told("dkim1_key", "s");
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "signs", KEEPER_IF_ANY, 0, renamed),
			  FAULT_BAD_RECORD);
	check_sentence("domain or selector");
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "signs", KEEPER_IF_ANY, 0, dropped), FAULT_NONE);
	ck_assert_uint_eq(get(KEEPER_SERVER, "signs"), FAULT_NONE);
	check_told("dkim1_key", "");
}
END_TEST

START_TEST(lists_name_what_is_the_tenants_own)
{
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "also", KEEPER_IF_NEW, 0, only_host),
			  FAULT_NONE);
	begin(WIRE_LIST_RECORDS, ADMIN);
	kind = KEEPER_SERVER;
	add(no_half);
	add(slice_of(&kind, 1));
	ck_assert_uint_eq(ask(), FAULT_NONE);
	ck_assert_uint_eq(answer.count, 2);
	ck_assert(slice_eq(answer.fields[0], SLICE_LIT("also")));
	ck_assert(slice_eq(answer.fields[1], SLICE_LIT("main")));
	kind = KEEPER_TOKEN;
	ck_assert_uint_eq(ask(), FAULT_NONE);
	ck_assert_uint_eq(answer.count, 3);
	kind = KEEPER_AWS;
	ck_assert_uint_eq(ask(), FAULT_NONE);
	ck_assert_uint_eq(answer.count, 0);
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
		put(vaults_server("acme", name, "x"));
	}
	name_record(WIRE_LIST_RECORDS, ADMIN, no_half, KEEPER_SERVER, "");
	request.count = 3;
	ck_assert_uint_eq(ask(), FAULT_NONE);
	ck_assert_uint_eq(answer.count, ADMIN_RECORDS_MAX);
	for (size_t i = 0; i < answer.count; i++) {
		ck_assert_uint_gt(answer.fields[i].len, 0);
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
		put(r);
	}
	name_record(WIRE_LIST_RECORDS, ADMIN, no_half, KEEPER_POLICY, "");
	request.count = 3;
	ck_assert_uint_eq(ask(), FAULT_NONE);
	ck_assert_uint_eq(answer.count, 150);
	ck_assert(slice_eq(answer.fields[149], SLICE_LIT("S149")));
}
END_TEST

/* Nor is it told which version it is, whatever is asked of it. */
START_TEST(a_token_of_another_is_not_made_again)
{
	static const char *const pairs[] = {"label", "tmine", NULL};
	static const enum keeper_condition_kind kinds[] = {KEEPER_IF_NEW, KEEPER_IF_ABSENT,
							   KEEPER_IF_VERSION, KEEPER_IF_ANY};
	const char *tokens[] = {OTHER_ADMIN, SENDER};
	unsigned char bytes[32];
	char theirs[65] = {0};
	vaults_hash(tokens[_i], bytes, theirs);
	struct vault_key_name name = {VAULT_TOKEN, {0}, slice_of_text(theirs)};
	uint32_t version = vault_version(vault, name);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		for (uint32_t v = version; v <= version + 1; v++) {
			ck_assert_uint_eq(put_pairs(KEEPER_TOKEN, theirs, kinds[i], v, pairs),
					  FAULT_PRECONDITION);
			check_sentence("A token is made once");
		}
	}
	name_record(WIRE_GET_RECORD, _i == 0 ? OTHER_ADMIN : ADMIN, no_half, KEEPER_TOKEN, theirs);
	ck_assert_uint_eq(ask(), FAULT_NONE);
	check_told("label", "tthe app");
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
	size_t count = vault_count(vault);
	vaults_hash(OTHER_ADMIN, bytes, theirs);
	vaults_hash("pp_nobody", bytes, nobodys);
	for (int i = 0; i < 2; i++) {
		const char *named = rows[_i].is_token ? (i == 0 ? theirs : nobodys)
						      : (i == 0 ? "theirs" : "nowhere");
		name_record(rows[_i].code, ADMIN, no_half, rows[_i].kind, named);
		if (rows[_i].code == WIRE_REMOVE_RECORD) {
			say_condition(KEEPER_IF_ANY, 0);
		}
		ck_assert_uint_eq(ask(), FAULT_NOT_FOUND);
		struct slice said = secret_view(frame);
		ck_assert(i == 0 || memcmp(first, said.ptr, said.len) == 0);
		memcpy(first, said.ptr, said.len);
	}
	ck_assert_uint_eq(vault_count(vault), count);
}
END_TEST

START_TEST(scopes_and_states_are_kept_to)
{
	begin(WIRE_SHRED_TENANT, SENDER);
	ck_assert_uint_eq(ask(), FAULT_FORBIDDEN);
	check_sentence("scope \"admin\"");
	begin(WIRE_SHRED_TENANT, "pp_unknown");
	ck_assert_uint_eq(ask(), FAULT_NO_CALLER);
	begin(WIRE_SHRED_TENANT, VAULTS_SLEEPER);
	ck_assert_uint_eq(ask(), FAULT_TENANT_SUSPENDED);
}
END_TEST

START_TEST(an_uninstalled_tenant_comes_back_or_not_at_all)
{
	unsigned char event = KEEPER_UNINSTALLED;
	begin(WIRE_TELL_EVENT, ADMIN);
	add(slice_of(&event, 1));
	ck_assert_uint_eq(ask(), FAULT_NONE);
	ck_assert_str_eq(change.what, "uninstalled");
	ck_assert_uint_eq(ask(), FAULT_NONE); /* told twice */
	ck_assert(!change.is_made);
	ck_assert_uint_eq(get(KEEPER_SETTINGS, ""), FAULT_TENANT_GONE);
	begin(WIRE_TELL_EVENT, ADMIN);
	event = KEEPER_INSTALLED;
	add(slice_of(&event, 1));
	ck_assert_uint_eq(ask(), FAULT_NONE);
	ck_assert_str_eq(change.what, "installed");
	ck_assert_uint_eq(get(KEEPER_SETTINGS, ""), FAULT_NONE);
}
END_TEST

START_TEST(a_shredded_tenant_leaves_the_others)
{
	begin(WIRE_SHRED_TENANT, ADMIN);
	ck_assert_uint_eq(ask(), FAULT_NONE);
	ck_assert_str_eq(change.what, "shredded");
	ck_assert(slice_eq(change.tenant, SLICE_LIT("acme")));
	ck_assert_uint_eq(ask(), FAULT_NO_CALLER);
	name_record(WIRE_GET_RECORD, OTHER_ADMIN, no_half, KEEPER_SERVER, "theirs");
	ck_assert_uint_eq(ask(), FAULT_NONE);
}
END_TEST

static enum fault change_half(enum keeper_half_change what, struct slice half, struct slice fresh)
{
	static unsigned char byte;
	byte = (unsigned char)what;
	begin(WIRE_CHANGE_HALF, ADMIN);
	add(half);
	add(slice_of(&byte, 1));
	add(fresh);
	return ask();
}

static enum fault get_with(struct slice half)
{
	name_record(WIRE_GET_RECORD, ADMIN, half, KEEPER_SERVER, "main");
	return ask();
}

START_TEST(halves_open_secrets_and_nothing_else_does)
{
	const struct slice one = SLICE_LIT("the first half of 32 bytes, as is");
	const struct slice first = slice_first(one, 32);
	const struct slice second = SLICE_LIT("another half, of thirty-two bytes");
	const struct slice next = slice_first(second, 32);
	ck_assert_uint_eq(change_half(KEEPER_HALF_KEEP, first, no_half), FAULT_NOT_FOUND);
	ck_assert_uint_eq(change_half(KEEPER_HALF_DROP, first, no_half), FAULT_NOT_FOUND);
	ck_assert_uint_eq(change_half(KEEPER_HALF_ADD, no_half, first), FAULT_NONE);
	ck_assert_uint_eq(get_with(no_half), FAULT_KEY_HALF);
	check_sentence("X-Pagepost-Key");
	ck_assert_uint_eq(get_with(next), FAULT_KEY_HALF);
	check_sentence("not the one");
	ck_assert_uint_eq(get_with(first), FAULT_NONE);
	ck_assert_uint_eq(get(KEEPER_SETTINGS, ""), FAULT_NONE);
	ck_assert_uint_eq(change_half(KEEPER_HALF_ADD, no_half, next), FAULT_KEY_HALF);
	ck_assert_uint_eq(change_half(KEEPER_HALF_ADD, first, next), FAULT_NONE);
	ck_assert_uint_eq(get_with(first), FAULT_NONE);
	ck_assert_uint_eq(get_with(next), FAULT_NONE);
	ck_assert_uint_eq(change_half(KEEPER_HALF_KEEP, next, no_half), FAULT_NONE);
	ck_assert_uint_eq(get_with(first), FAULT_KEY_HALF);
	ck_assert_uint_eq(change_half(KEEPER_HALF_DROP, first, no_half), FAULT_KEY_HALF);
	ck_assert_uint_eq(change_half(KEEPER_HALF_DROP, next, no_half), FAULT_NONE);
	ck_assert_uint_eq(get_with(no_half), FAULT_NONE);
}
END_TEST

static const unsigned char odd_events[] = {2, 0x7F, 0x80, 0xFF};

START_TEST(no_other_event_is_taken)
{
	begin(WIRE_TELL_EVENT, ADMIN);
	add(slice_of(&odd_events[_i], 1));
	ck_assert_uint_eq(ask(), FAULT_KEEPER_PROTOCOL);
	ck_assert(!change.is_made);
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
	request = broken[_i];
	ck_assert_uint_eq(ask(), FAULT_KEEPER_PROTOCOL);
	vaults_hash(ADMIN, hash, hex);
	request.fields[0] = slice_of(hash, sizeof(hash)); /* and from one who may */
	request.count = request.count > 0 ? request.count : 1;
	if (request.code == WIRE_SHRED_TENANT) {
		request.count = 2;
	}
	ck_assert_uint_eq(ask(), FAULT_KEEPER_PROTOCOL);
	ck_assert(!change.is_made);
}
END_TEST

START_TEST(a_tenant_has_at_most_so_many_of_a_kind)
{
	char name[] = "s-000";
	for (unsigned i = 0; i < ADMIN_RECORDS_MAX - 1; i++) {
		number(name + 2, i);
		ck_assert_uint_eq(put_pairs(KEEPER_SERVER, name, KEEPER_IF_NEW, 0, only_host),
				  FAULT_NONE);
	}
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, "more", KEEPER_IF_NEW, 0, only_host),
			  FAULT_VAULT_FULL);
	check_sentence("at most 200");
	ck_assert_uint_eq(put_pairs(KEEPER_SERVER, name, KEEPER_IF_ANY, 0, only_host), FAULT_NONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("admin");
	TCase *t = tcase_create("admin");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, records_are_told_without_their_secrets);
	tcase_add_test(t, settings_are_put_with_conditions);
	tcase_add_test(t, what_is_not_there_has_no_version);
	tcase_add_loop_test(t, bad_records_are_refused_by_name, 0, COUNT_OF(refused));
	tcase_add_loop_test(t, a_nul_is_refused_by_name, 0, COUNT_OF(nuls));
	tcase_add_test(t, a_secret_stays_only_where_it_went);
	tcase_add_loop_test(t, no_secret_is_led_elsewhere, 0, COUNT_OF(led));
	tcase_add_test(t, that_there_is_a_secret_is_not_put_back_as_one);
	tcase_add_test(t, what_is_told_can_be_put);
	tcase_add_test(t, keys_that_sign_stay_with_their_name);
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
	tcase_add_test(t, a_tenant_has_at_most_so_many_of_a_kind);
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
