#include "config/vault/record.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"
#include "tests/support/vaults.h"

#define HASH  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define TEN   "0123456789"
#define FIFTY TEN TEN TEN TEN TEN

#define SERVER "name = \"n\"; host = \"h\"; port = 25; tls = \"implicit\"; "

static const struct {
	enum vault_kind kind;
	const char *text, *sentence;
} refused[] = {
	{VAULT_TENANT, "", "The tenant's 'id' is missing."},
	{VAULT_TENANT, "id = \"a\"; state = \"active\";", "The tenant's 'created' is missing."},
	{VAULT_TENANT, "id = \"a\"; state = \"gone\"; created = \"x\";",
	 "The tenant's 'state' must be \"active\" or \"suspended\" or \"uninstalled\"."},
	{VAULT_TENANT, "id = \"a\"; state = 1; created = \"x\";",
	 "The tenant's 'state' must be \"active\" or \"suspended\" or \"uninstalled\"."},
	{VAULT_TENANT, "id = 7; state = \"active\"; created = \"x\";",
	 "The tenant's 'id' must be a text in quotes."},
	{VAULT_TENANT, "id = \"a\"; state = \"active\"; created = \"x\"; colour = \"red\";",
	 "A tenant record has no key 'colour'."},
	{VAULT_TENANT, "id = \"a\"; state = \"active\"; created = \"x\"; group: { x = 1; };",
	 "A tenant record has no key 'group'."},
	{VAULT_TENANT, "id: { x = 1; }; state = \"active\"; created = \"x\";",
	 "The tenant's 'id' must be a text in quotes."},
	{VAULT_TENANT, "id = \"a\"", "The tenant's 'state' is missing."},
	{VAULT_TENANT, "id = \"a\";\nid = \"b\";", "A record's text cannot be read; line 2."},
	{VAULT_TENANT, "id = \"a", "A record's text cannot be read; line 1."},
	{VAULT_TENANT, "{", "A record's text cannot be read; line 1."},
	{VAULT_TOKEN, "hash = \"" HASH "\"; label = \"l\"; created = \"x\";",
	 "The token's 'tenant' is missing."},
	{VAULT_TOKEN, "host = \"x\";", "A token record has no key 'host'."},
	{VAULT_SERVER, "name = \"n\"; host = \"h\"; port = 0; tls = \"implicit\";",
	 "The server's 'port' must be a number from 1 to 65535."},
	{VAULT_SERVER, "name = \"n\"; host = \"h\"; port = 65536; tls = \"implicit\";",
	 "The server's 'port' must be a number from 1 to 65535."},
	{VAULT_SERVER, "name = \"n\"; host = \"h\"; port = \"25\"; tls = \"implicit\";",
	 "The server's 'port' must be a number from 1 to 65535."},
	{VAULT_SERVER, "name = \"n\"; host = \"h\"; port = 25.0; tls = \"implicit\";",
	 "The server's 'port' must be a number from 1 to 65535."},
	{VAULT_SERVER, "name = \"n\"; host = \"h\"; port = 25; tls = \"none\";",
	 "The server's 'tls' must be \"starttls\" or \"implicit\"."},
	{VAULT_SERVER, "password = \"p\"; name = 1;",
	 "The server's 'name' must be a text in quotes."},
	{VAULT_SERVER, SERVER "auth = \"kerberos\";",
	 "The server's 'auth' must be \"password\" or \"oauth\"."},
	{VAULT_SERVER, SERVER "oauth_flow = \"implicit\";",
	 "The server's 'oauth_flow' must be \"client_credentials\" or \"service_account\" or "
	 "\"refresh_token\"."},
	{VAULT_SERVER, SERVER "connections = 1001;",
	 "The server's 'connections' must be a number from 0 to 1000."},
	{VAULT_SERVER, SERVER "per_minute = -1;",
	 "The server's 'per_minute' must be a number from 0 to 1000000."},
	{VAULT_SERVER, SERVER "per_hour = \"1\";",
	 "The server's 'per_hour' must be a number from 0 to 1000000."},
	{VAULT_SERVER, SERVER "recipients_per_mail = 1.5;",
	 "The server's 'recipients_per_mail' must be a number from 0 to 1000000."},
	{VAULT_SERVER, SERVER "dkim5_key = \"k\";", "A server record has no key 'dkim5_key'."},
	{VAULT_TOKEN,
	 "hash = \"" HASH "\"; tenant = \"a\"; label = \"l\"; created = \"x\"; scope = \"all\";",
	 "The token's 'scope' must be \"send\" or \"admin\" or \"send-admin\"."},
	{VAULT_SETTINGS, "from_name = \"x\";", "The settings' 'tenant' is missing."},
	{VAULT_SETTINGS, "tenant = \"a\"; always_from = true;",
	 "The settings' 'always_from' must be \"yes\" or \"no\"."},
	{VAULT_SETTINGS, "tenant = \"a\"; always_from = \"maybe\";",
	 "The settings' 'always_from' must be \"yes\" or \"no\"."},
	{VAULT_SETTINGS, "tenant = \"a\"; image_side = 16385;",
	 "The settings' 'image_side' must be a number from 0 to 16384."},
	{VAULT_SETTINGS, "tenant = \"a\"; attached = 1073741825;",
	 "The settings' 'attached' must be a number from 0 to 1073741824."},
	{VAULT_SETTINGS, "tenant = \"a\"; css = [ \"a\", \"b\" ];",
	 "The settings' 'css' must be a text in quotes."},
	{VAULT_SETTINGS, "tenant = \"a\"; logo = \"x\";", "A settings record has no key 'logo'."},
	{VAULT_POLICY, "space = \"DS\";", "The policy's 'tenant' is missing."},
	{VAULT_POLICY, "tenant = \"a\"; from = \"me\";",
	 "The policy's 'from' must be \"any\" or \"own\" or \"server\" or \"list\"."},
	{VAULT_POLICY, "tenant = \"a\"; recipients = -1;",
	 "The policy's 'recipients' must be a number from 0 to 1000."},
	{VAULT_POLICY, "tenant = \"a\"; recipients = 1001;",
	 "The policy's 'recipients' must be a number from 0 to 1000."},
	{VAULT_POLICY, "tenant = \"a\"; attachments = 101;",
	 "The policy's 'attachments' must be a number from 0 to 100."},
	{VAULT_POLICY, "tenant = \"a\"; attachment_bytes = 4294967297L;",
	 "The policy's 'attachment_bytes' must be a number from 0 to 1073741824."},
	{VAULT_POLICY, "tenant = \"a\"; groups = ( \"x\" );",
	 "The policy's 'groups' must be a text in quotes."},
	{VAULT_AWS, "tenant = \"a\"; name = \"n\"; region = \"r\";",
	 "The AWS account's 'role_arn' is missing."},
	{VAULT_AWS, "tenant = \"a\"; name = \"n\"; role_arn = \"x\";",
	 "The AWS account's 'region' is missing."},
	{VAULT_AWS, "tenant = \"a\"; secret = \"n\";",
	 "An AWS account record has no key 'secret'."},
};

START_TEST(mistakes_are_refused_by_name)
{
	struct arena a;
	struct vault_record r;
	struct problem p = {0};
	arena_init(&a, VAULTS_ARENA);
	enum fault f = vault_record_read(refused[_i].kind, slice_of_text(refused[_i].text), &a, &r,
					 &p);
	ck_assert_uint_eq(f, FAULT_BAD_RECORD);
	ck_assert_msg(slice_eq(problem_text(&p), slice_of_text(refused[_i].sentence)), "%.*s",
		      (int)p.len, p.text);
	arena_deinit(&a);
}
END_TEST

static void check_round_trip(const struct vault_record *r)
{
	struct arena a;
	struct secret *padded, *again;
	struct slice text;
	struct vault_record back;
	struct problem p = {0};
	arena_init(&a, VAULTS_ARENA);
	enum fault f = vault_record_write(r, &padded, &p);
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
	ck_assert_uint_eq(secret_view(padded).len % VAULT_BODY_PAD, 0);
	ck_assert_uint_eq(vault_record_text(secret_view(padded), &text), FAULT_NONE);
	f = vault_record_read(r->kind, text, &a, &back, &p);
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
	ck_assert_uint_eq(vault_record_write(&back, &again, &p), FAULT_NONE);
	ck_assert(secret_eq(again, secret_view(padded)));
	vault_record_deinit(&back);
	secret_free(&padded);
	secret_free(&again);
	arena_deinit(&a);
}

static struct secret *secret_of(struct slice bytes)
{
	struct secret *s;
	ck_assert_uint_eq(secret_new(bytes, &s), FAULT_NONE);
	return s;
}

/* Every byte that a password may have, on its own and beside its neighbours. */
START_TEST(passwords_survive_every_byte)
{
	char bytes[255];
	struct vault_record r = vaults_server("acme", "main", "");
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (char)(i + 1);
	}
	check_round_trip(&r); /* an empty password is one */
	secret_free(&r.server.password);
	r.server.password = secret_of(slice_of(bytes, sizeof(bytes)));
	check_round_trip(&r);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		secret_free(&r.server.password);
		r.server.password = secret_of(slice_of(bytes + i, 1));
		check_round_trip(&r);
	}
	vault_record_deinit(&r);
}
END_TEST

START_TEST(servers_need_little)
{
	struct vault_record r = {
		.kind = VAULT_SERVER,
		.server = {.name = SLICE_LIT("n"), .host = SLICE_LIT("2001:db8::1"), .port = 65535},
	};
	check_round_trip(&r);
	r.server.host = SLICE_LIT("192.0.2.1");
	check_round_trip(&r);
	r.server.host = SLICE_LIT("SMTP.Example.ORG");
	check_round_trip(&r);
}
END_TEST

START_TEST(every_field_survives)
{
	struct vault_record r = vaults_oauth_server("acme", "full");
	check_round_trip(&r);
	vault_record_deinit(&r);
}
END_TEST

/* A limit of 0 is one; one that is not said is another thing. */
START_TEST(limits_of_none_are_kept)
{
	struct vault_record r = {
		.kind = VAULT_POLICY,
		.policy = {.tenant = SLICE_LIT("acme"),
			   .enforce = VAULT_NO,
			   .groups = SLICE_LIT("one\ntwo words"),
			   .spaces = SLICE_LIT("DS\n~jane"),
			   .recipient_domains = SLICE_LIT("example.org\n.example.net"),
			   .from = VAULT_FROM_LIST,
			   .senders = SLICE_LIT("a@example.org\nb@example.org"),
			   .recipients = 1,
			   .attachments = JOB_ATTACHMENTS_MAX + 1,
			   .job_accounts = VAULT_YES,
			   .upstream_hosts = SLICE_LIT("2001:db8::1"),
			   .external_images = VAULT_NO},
	};
	struct secret *padded;
	struct slice text;
	check_round_trip(&r);
	ck_assert_uint_eq(vault_record_write(&r, &padded, NULL), FAULT_NONE);
	ck_assert_uint_eq(vault_record_text(secret_view(padded), &text), FAULT_NONE);
	ck_assert_uint_lt(slice_find(text, SLICE_LIT("\nrecipients = 0;\nattachments = 100;\n")),
			  text.len);
	ck_assert_uint_eq(slice_find(text, SLICE_LIT("attachment_bytes")), text.len);
	secret_free(&padded);
}
END_TEST

START_TEST(every_kind_survives)
{
	struct secret *log_key;
	struct secret *receipt_key;
	ck_assert_uint_eq(secret_new(SLICE_LIT(HASH), &log_key), FAULT_NONE);
	ck_assert_uint_eq(secret_new(SLICE_LIT(HASH), &receipt_key), FAULT_NONE);
	struct vault_record rows[] = {
		{.kind = VAULT_SETTINGS,
		 .settings = {.tenant = SLICE_LIT("a"),
			      .always_from = VAULT_YES,
			      .header_text = SLICE_LIT("\"K\xC3\xB6ln\"\r\n\t\\"),
			      .css = SLICE_LIT("p::before { content: \"\\201C\"; }\n"),
			      .image_side = JOB_IMAGE_SIDE_MAX,
			      .attached = VAULT_BYTES_MAX,
			      .default_server = SLICE_LIT("main")}},
		{.kind = VAULT_SETTINGS, .settings = {.tenant = SLICE_LIT("a")}},
		{.kind = VAULT_POLICY, .policy = {.tenant = SLICE_LIT("a")}},
		{.kind = VAULT_AWS,
		 .aws = {.tenant = SLICE_LIT("a"),
			 .name = SLICE_LIT("prod"),
			 .role_arn = SLICE_LIT("arn:aws:iam::123456789012:role/pages"),
			 .region = SLICE_LIT("eu-central-1"),
			 .label = SLICE_LIT("Production"),
			 .external_id = SLICE_LIT("x y")}},
		{.kind = VAULT_HOUSE,
		 .house = {.log_key = log_key,
			   .receipt_key = receipt_key,
			   .receipt_keys_before = SLICE_LIT(HASH "\n" HASH)}},
		{.kind = VAULT_TENANT,
		 .tenant = {.id = SLICE_LIT("a"),
			    .state = VAULT_UNINSTALLED,
			    .created = SLICE_LIT("x"),
			    .region = SLICE_LIT("eu"),
			    .uninstalled = SLICE_LIT("y")}},
		{.kind = VAULT_TOKEN,
		 .token = {.hash = SLICE_LIT(HASH),
			   .tenant = SLICE_LIT("a"),
			   .label = SLICE_LIT("l"),
			   .created = SLICE_LIT("x"),
			   .last_used = SLICE_LIT("2026-11-29"),
			   .scope = VAULT_SCOPE_BOTH}},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		check_round_trip(&rows[i]);
	}
	secret_free(&log_key);
	secret_free(&receipt_key);
}
END_TEST

/* What the first release wrote, byte by byte; and what it would still read, when nothing new is used. */
START_TEST(records_of_before_are_read_and_written_alike)
{
	static const char before[] =
		"tenant = \"acme\";\nname = \"main\";\nhost = \"smtp.example.org\";\nport = 465;\n"
		"tls = \"implicit\";\nusername = \"u\";\npassword = \"p\";\n"
		"from_name = \"Team\";\nfrom_address = \"team@example.org\";\n";
	struct arena a;
	struct vault_record r;
	struct secret *padded;
	struct slice text;
	arena_init(&a, VAULTS_ARENA);
	ck_assert_uint_eq(vault_record_read(VAULT_SERVER, slice_of_text(before), &a, &r, NULL),
			  FAULT_NONE);
	ck_assert_uint_eq(r.server.auth, VAULT_AUTH_PASSWORD);
	ck_assert_uint_eq(r.server.oauth.flow, OAUTH_NONE);
	ck_assert_uint_eq(r.server.limits.connections, 0);
	ck_assert_ptr_null(r.server.dkim[0].key);
	ck_assert_uint_eq(vault_record_write(&r, &padded, NULL), FAULT_NONE);
	ck_assert_uint_eq(vault_record_text(secret_view(padded), &text), FAULT_NONE);
	ck_assert(slice_eq(text, slice_of_text(before)));
	vault_record_deinit(&r);
	vault_record_deinit(&r);
	secret_free(&padded);
	arena_deinit(&a);
}
END_TEST

/* The largest keys that there may be beside a usual CA. */
START_TEST(four_large_keys_fit)
{
	static char key[3272]; /* 4,096 bits */
	struct vault_record r = vaults_oauth_server("acme", "full");
	memset(key, 'A', sizeof(key));
	for (size_t i = 64; i < sizeof(key); i += 65) {
		key[i] = '\n';
	}
	for (size_t i = 0; i < SERVER_DKIM_MAX; i++) {
		secret_free(&r.server.dkim[i].key);
		r.server.dkim[i] = (struct dkim_key){.domain = SLICE_LIT("a.example"),
						     .selector = SLICE_LIT("s"),
						     .key = secret_of(slice_of(key, sizeof(key)))};
	}
	r.server.ca_pem = slice_of(key, sizeof(key));
	check_round_trip(&r);
	vault_record_deinit(&r);
}
END_TEST

static const struct {
	size_t len, offset;
} secrets[] = {
	{VAULT_SECRET_MAX, offsetof(struct vault_server, password)},
	{VAULT_KEY_MAX, offsetof(struct vault_server, oauth.secret)},
	{VAULT_REFRESH_MAX, offsetof(struct vault_server, oauth.refresh)},
	{VAULT_KEY_MAX, offsetof(struct vault_server, dkim[0].key)},
};

START_TEST(secrets_have_their_limits)
{
	static char bytes[VAULT_KEY_MAX + 1];
	struct secret *padded;
	struct problem p = {0};
	bool is_password = secrets[_i].offset == offsetof(struct vault_server, password);
	struct vault_record r = is_password ? vaults_server("acme", "main", "x")
					    : vaults_oauth_server("acme", "main");
	struct secret **at = (struct secret **)(void *)((char *)&r.server + secrets[_i].offset);
	memset(bytes, 'a', sizeof(bytes));
	secret_free(at);
	*at = secret_of(slice_of(bytes, secrets[_i].len));
	check_round_trip(&r);
	secret_free(at);
	*at = secret_of(slice_of(bytes, secrets[_i].len + 1));
	ck_assert_uint_eq(vault_record_write(&r, &padded, &p), FAULT_BAD_RECORD);
	ck_assert(slice_ends(problem_text(&p), SLICE_LIT(" bytes, without NUL.")));
	vault_record_deinit(&r);
}
END_TEST

START_TEST(large_certificates_fit_and_larger_do_not)
{
	static char pem[VAULT_CA_MAX + 1];
	struct secret *padded;
	struct problem p = {0};
	struct vault_record r = vaults_server("acme", "main", "x");
	memset(pem, 'A', sizeof(pem));
	for (size_t i = 64; i < sizeof(pem); i += 65) {
		pem[i] = '\n';
	}
	r.server.ca_pem = slice_of(pem, VAULT_CA_MAX);
	check_round_trip(&r);
	r.server.ca_pem = slice_of(pem, VAULT_CA_MAX + 1);
	ck_assert_uint_eq(vault_record_write(&r, &padded, &p), FAULT_BAD_RECORD);
	memset(pem, '\t', sizeof(pem)); /* four bytes each once they are escaped */
	r.server.ca_pem = slice_of(pem, VAULT_CA_MAX);
	ck_assert_uint_eq(vault_record_write(&r, &padded, &p), FAULT_BAD_RECORD);
	ck_assert(slice_eq(
		problem_text(&p),
		SLICE_LIT("A server record may have at most 32768 bytes, all of it together.")));
	vault_record_deinit(&r);
}
END_TEST

START_TEST(what_is_entered_is_checked_alike)
{
	struct secret *padded;
	struct vault_record r = vaults_server("acme", "main", "x");
	r.server.port = 0;
	ck_assert_uint_eq(vault_record_write(&r, &padded, NULL), FAULT_BAD_RECORD);
	r.server.port = 25;
	r.server.name = SLICE_LIT("a\0b");
	ck_assert_uint_eq(vault_record_write(&r, &padded, NULL), FAULT_BAD_RECORD);
	r.server.name = SLICE_LIT("ok");
	secret_free(&r.server.password);
	r.server.password = secret_of(SLICE_LIT("a\0b"));
	ck_assert_uint_eq(vault_record_write(&r, &padded, NULL), FAULT_BAD_RECORD);
	vault_record_deinit(&r);
}
END_TEST

static const struct {
	struct slice padded;
	bool good;
} paddings[] = {
	{SLICE_INIT(""), false},
	{SLICE_INIT("\0\0\0"), false},
	{SLICE_INIT("\0\0\0\0"), false},
	{SLICE_INIT("\0\0\0\0\0"), true},
	{SLICE_INIT("\0\0\0\1a\0"), true},
	{SLICE_INIT("\0\0\0\1ab"), false},
	{SLICE_INIT("\0\0\0\2a\0"), false},
	{SLICE_INIT("\xff\xff\xff\xff"
		    "a\0"),
	 false},
	{SLICE_INIT("\0\0\0\1a\0\0"), true},
};

START_TEST(lengths_are_judged)
{
	struct slice text;
	enum fault f = vault_record_text(paddings[_i].padded, &text);
	ck_assert_uint_eq(f, paddings[_i].good ? FAULT_NONE : FAULT_BAD_RECORD);
}
END_TEST

START_TEST(a_failing_allocation_is_a_fault)
{
	struct vault_record r = vaults_server("acme", "main", "x");
	struct secret *padded;
	for (unsigned n = 1;; n++) {
		oom_arm(n);
		enum fault f = vault_record_write(&r, &padded, NULL);
		bool failed = oom_disarm();
		if (f == FAULT_NONE) {
			secret_free(&padded);
		}
		if (!failed) {
			ck_assert_uint_eq(f, FAULT_NONE);
			break;
		}
		ck_assert_uint_eq(f, FAULT_NO_MEMORY);
	}
	vault_record_deinit(&r);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/record");
	TCase *t = tcase_create("record");
	tcase_add_loop_test(t, mistakes_are_refused_by_name, 0, COUNT_OF(refused));
	tcase_add_test(t, passwords_survive_every_byte);
	tcase_add_test(t, servers_need_little);
	tcase_add_test(t, every_field_survives);
	tcase_add_test(t, limits_of_none_are_kept);
	tcase_add_test(t, every_kind_survives);
	tcase_add_test(t, records_of_before_are_read_and_written_alike);
	tcase_add_test(t, four_large_keys_fit);
	tcase_add_loop_test(t, secrets_have_their_limits, 0, COUNT_OF(secrets));
	tcase_add_test(t, large_certificates_fit_and_larger_do_not);
	tcase_add_test(t, what_is_entered_is_checked_alike);
	tcase_add_loop_test(t, lengths_are_judged, 0, COUNT_OF(paddings));
	tcase_add_test(t, a_failing_allocation_is_a_fault);
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
