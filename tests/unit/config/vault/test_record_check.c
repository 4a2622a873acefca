#include "config/vault/record.h"

#include <string.h>

#include "config/vault/fields.h"
#include "tests/support/check_main.h"
#include "tests/support/vaults.h"

#define HASH  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define TEN   "0123456789"
#define FIFTY TEN TEN TEN TEN TEN

#define SERVER "name = \"n\"; host = \"h\"; port = 25; tls = \"implicit\"; "
#define OAUTH(flow)                                                                                \
	SERVER "auth = \"oauth\"; username = \"u\"; oauth_token_url = \"https://a/\"; "            \
	       "oauth_flow = \"" flow "\"; "
#define DKIM_WHOLE  "DKIM needs a domain, a selector and a key, together."
#define OAUTH_ALONE "What begins with 'oauth_' needs 'auth' \"oauth\"."
#define REFRESH	    "An 'oauth_refresh_token' is needed by the flow \"refresh_token\", and by no other."
#define POLICY	    "tenant = \"a\"; "
#define LINES	    "must be at most 200 lines of UTF-8, each of 1 to 255 bytes."
#define HOSTS	    "must be at most 200 names such as example.org, or .example.org for all below it."
#define MAILBOXES   "must be at most 200 mail addresses."

static const struct {
	enum vault_kind kind;
	const char *text, *sentence;
} refused[] = {
	{VAULT_TENANT, "id = \"A\"; state = \"active\"; created = \"x\";",
	 "The tenant's 'id' must be 1 to 64 of a-z, 0-9 and '-'."},
	{VAULT_TENANT, "id = \"a/b\"; state = \"active\"; created = \"x\";",
	 "The tenant's 'id' must be 1 to 64 of a-z, 0-9 and '-'."},
	{VAULT_TENANT, "id = \"" FIFTY TEN "12345\"; state = \"active\"; created = \"x\";",
	 "The tenant's 'id' must be 1 to 64 of a-z, 0-9 and '-'."},
	{VAULT_TENANT, "id = \"\"; state = \"active\"; created = \"x\";",
	 "The tenant's 'id' is missing."},
	{VAULT_TENANT,
	 "id = \"a\"; state = \"active\"; created = \"x\"; subject_prefix = \"a\\r\\nBcc: x\";",
	 "The tenant's 'subject_prefix' must be one line of UTF-8, at most 255 bytes."},
	{VAULT_TENANT,
	 "id = \"a\"; state = \"active\"; created = \"x\"; from_name = \"" FIFTY FIFTY FIFTY FIFTY
		 FIFTY "123456\";",
	 "The tenant's 'from_name' must be one line of UTF-8, at most 255 bytes."},
	{VAULT_TENANT, "id = \"a\"; state = \"active\"; created = \"x\"; from_name = \"\xff\";",
	 "The tenant's 'from_name' must be one line of UTF-8, at most 255 bytes."},
	{VAULT_TENANT,
	 "id = \"a\"; state = \"active\"; created = \"x\"; from_address = \"nobody\";",
	 "The tenant's 'from_address' must be a mail address such as team@example.org."},
	{VAULT_TOKEN, "hash = \"abc\"; tenant = \"a\"; label = \"l\"; created = \"x\";",
	 "The token's 'hash' must be a SHA-256 as 64 hexadecimal digits."},
	{VAULT_SERVER, "name = \"n\"; host = \"a b\"; port = 25; tls = \"implicit\";",
	 "The server's 'host' must be a host name such as smtp.example.org, or an IP address."},
	{VAULT_SERVER, "name = \"n\"; host = \"-a.example\"; port = 25; tls = \"implicit\";",
	 "The server's 'host' must be a host name such as smtp.example.org, or an IP address."},
	{VAULT_SERVER, "name = \"n\"; host = \"a..example\"; port = 25; tls = \"implicit\";",
	 "The server's 'host' must be a host name such as smtp.example.org, or an IP address."},
	{VAULT_SERVER, "name = \"n\"; host = \"a.example.\"; port = 25; tls = \"implicit\";",
	 "The server's 'host' must be a host name such as smtp.example.org, or an IP address."},
	{VAULT_SERVER, "name = \"n\"; host = \"x:y\"; port = 25; tls = \"implicit\";",
	 "The server's 'host' must be a host name such as smtp.example.org, or an IP address."},
	{VAULT_SERVER,
	 "name = \"n\"; host = \"h\"; port = 25; tls = \"implicit\"; username = \"u\";",
	 "The server's 'username' needs a 'password' with it."},
	{VAULT_SERVER,
	 "name = \"n\"; host = \"h\"; port = 25; tls = \"implicit\"; ca_pem = \"\\x01\";",
	 "The server's 'ca_pem' must be PEM text, at most 16 KiB."},
	{VAULT_SERVER, SERVER "oauth_token_url = \"http://a/\";",
	 "The server's 'oauth_token_url' must be an address such as "
	 "https://login.example.org/token, at most 1024 bytes."},
	{VAULT_SERVER, SERVER "oauth_scope = \"a\\nb\";",
	 "The server's 'oauth_scope' must be one line of ASCII, at most 1024 bytes."},
	{VAULT_SERVER, SERVER "oauth_client_id = \"a\\nb\";",
	 "The server's 'oauth_client_id' must be one line of UTF-8, at most 255 bytes."},
	{VAULT_SERVER, SERVER "pin1 = \"abc\";",
	 "The server's 'pin1' must be a SHA-256 as 64 hexadecimal digits."},
	{VAULT_SERVER, SERVER "profile = \"A\";",
	 "The server's 'profile' must be 1 to 64 of a-z, 0-9 and '-'."},
	{VAULT_SERVER, SERVER "dkim1_domain = \"a_b\";",
	 "The server's 'dkim1_domain' must be letters, digits and '-', with dots between."},
	{VAULT_SERVER, SERVER "dkim2_domain = \"a.example\"; dkim2_selector = \"s\";", DKIM_WHOLE},
	{VAULT_SERVER, SERVER "dkim4_selector = \"s\"; dkim4_key = \"k\";", DKIM_WHOLE},
	{VAULT_SERVER, SERVER "dkim3_key = \"\"; dkim3_domain = \"a\"; dkim3_selector = \"s\";",
	 DKIM_WHOLE},
	{VAULT_SERVER, SERVER "oauth_secret = \"s\";", OAUTH_ALONE},
	{VAULT_SERVER, SERVER "oauth_refresh_token = \"s\";", OAUTH_ALONE},
	{VAULT_SERVER, SERVER "auth = \"password\"; oauth_flow = \"refresh_token\";", OAUTH_ALONE},
	{VAULT_SERVER, SERVER "auth = \"oauth\";",
	 "A server with 'auth' \"oauth\" needs the mailbox that sends as 'username'."},
	{VAULT_SERVER, SERVER "auth = \"oauth\"; username = \"u\"; password = \"p\";",
	 "A server with 'auth' \"oauth\" takes no 'password'."},
	{VAULT_SERVER, SERVER "auth = \"oauth\"; username = \"u\";",
	 "A server with 'auth' \"oauth\" needs an 'oauth_flow'."},
	{VAULT_SERVER, OAUTH("client_credentials") "oauth_client_id = \"\"; oauth_secret = \"s\";",
	 "A server with 'auth' \"oauth\" needs an 'oauth_token_url' and an 'oauth_client_id'."},
	{VAULT_SERVER, OAUTH("client_credentials") "oauth_client_id = \"c\";",
	 "The flow \"client_credentials\" needs the client's 'oauth_secret'."},
	{VAULT_SERVER, OAUTH("service_account") "oauth_client_id = \"c\"; oauth_secret = \"\";",
	 "The flow \"service_account\" needs the account's private key as 'oauth_secret'."},
	{VAULT_SERVER, OAUTH("service_account") "oauth_client_id = \"c\"; oauth_secret = \"k\";",
	 "The flow \"service_account\" needs an 'oauth_scope'."},
	{VAULT_SERVER, OAUTH("refresh_token") "oauth_client_id = \"c\"; oauth_secret = \"k\";",
	 REFRESH},
	{VAULT_SERVER,
	 OAUTH("client_credentials") "oauth_client_id = \"c\"; oauth_secret = \"k\"; "
				     "oauth_refresh_token = \"r\";",
	 REFRESH},
	{VAULT_TOKEN, "hash = \"" HASH "\"; tenant = \"a b\"; label = \"l\"; created = \"x\";",
	 "The token's 'tenant' must be 1 to 64 of a-z, 0-9 and '-'."},
	{VAULT_TENANT, "id = \"a\"; state = \"active\"; created = \"x\"; region = \"E U\";",
	 "The tenant's 'region' must be 1 to 64 of a-z, 0-9 and '-'."},
	{VAULT_SETTINGS, "tenant = \"a\"; from_address = \"a@b\\n\";",
	 "The settings' 'from_address' must be a mail address such as team@example.org."},
	{VAULT_SETTINGS, "tenant = \"a\"; default_server = \"../x\";",
	 "The settings' 'default_server' must be 1 to 64 of a-z, 0-9 and '-'."},
	{VAULT_SETTINGS, "tenant = \"a\"; header_text = \"a\\x01\";",
	 "The settings' 'header_text' must be at most 1024 bytes of UTF-8 text."},
	{VAULT_SETTINGS, "tenant = \"a\"; header_text = \"\xc3\";",
	 "The settings' 'header_text' must be at most 1024 bytes of UTF-8 text."},
	{VAULT_SETTINGS, "tenant = \"a\"; css = \"\\x7f\";",
	 "The settings' 'css' must be at most 16384 bytes of UTF-8 text."},
	{VAULT_SETTINGS, "tenant = \"a\"; subject_prefix = \"a\\x01b\";",
	 "The settings' 'subject_prefix' must be one line of UTF-8, at most 255 bytes."},
	{VAULT_POLICY, POLICY "space = \"a\\nb\";",
	 "The policy's 'space' must be one line of UTF-8, at most 255 bytes."},
	{VAULT_POLICY, POLICY "space = \"DOCS\"; spaces = \"DOCS\";",
	 "A space's policy has neither 'spaces' nor 'enforce'; the site's own policy says them."},
	{VAULT_POLICY, POLICY "space = \"DOCS\"; enforce = \"no\";",
	 "A space's policy has neither 'spaces' nor 'enforce'; the site's own policy says them."},
	{VAULT_POLICY, POLICY "groups = \"one\\n\\ntwo\";", "The policy's 'groups' " LINES},
	{VAULT_POLICY, POLICY "groups = \"\\n\";", "The policy's 'groups' " LINES},
	{VAULT_POLICY, POLICY "groups = \"one\\r\\ntwo\";", "The policy's 'groups' " LINES},
	{VAULT_POLICY, POLICY "spaces = \"\xff\";", "The policy's 'spaces' " LINES},
	{VAULT_POLICY, POLICY "spaces = \"" FIFTY FIFTY FIFTY FIFTY FIFTY "123456\";",
	 "The policy's 'spaces' " LINES},
	{VAULT_POLICY, POLICY "recipient_domains = \"example.org\\n*.example.org\";",
	 "The policy's 'recipient_domains' " HOSTS},
	{VAULT_POLICY, POLICY "recipient_domains = \".\";",
	 "The policy's 'recipient_domains' " HOSTS},
	{VAULT_POLICY, POLICY "recipient_domains = \"..example.org\";",
	 "The policy's 'recipient_domains' " HOSTS},
	{VAULT_POLICY, POLICY "recipient_domains = \"a.org b.org\";",
	 "The policy's 'recipient_domains' " HOSTS},
	{VAULT_POLICY, POLICY "recipient_domains = \"a.org\\n\\nb.org\";",
	 "The policy's 'recipient_domains' " HOSTS},
	{VAULT_POLICY, POLICY "upstream_hosts = \"https://a.org\";",
	 "The policy's 'upstream_hosts' " HOSTS},
	{VAULT_POLICY, POLICY "upstream_hosts = \".2001:db8::1\";",
	 "The policy's 'upstream_hosts' " HOSTS},
	{VAULT_POLICY, POLICY "senders = \"a@example.org\\nnobody\";",
	 "The policy's 'senders' " MAILBOXES},
	{VAULT_POLICY, POLICY "senders = \"a@example.org, b@example.org\";",
	 "The policy's 'senders' " MAILBOXES},
	{VAULT_POLICY, POLICY "senders = \"\\na@example.org\";",
	 "The policy's 'senders' " MAILBOXES},
	{VAULT_AWS, "tenant = \"a\"; name = \"N\"; role_arn = \"x\"; region = \"r\";",
	 "The AWS account's 'name' must be 1 to 64 of a-z, 0-9 and '-'."},
	{VAULT_AWS, "tenant = \"a\"; name = \"n\"; role_arn = \"\xc3\xa4\"; region = \"r\";",
	 "The AWS account's 'role_arn' must be one line of ASCII, at most 1024 bytes."},
	{VAULT_AWS,
	 "tenant = \"a\"; name = \"n\"; role_arn = \"x\"; region = \"r\"; external_id = \"a\\nb\";",
	 "The AWS account's 'external_id' must be one line of ASCII, at most 1024 bytes."},
};

static void check_sentence(const struct problem *p, const char *sentence)
{
	ck_assert_msg(slice_eq(problem_text(p), slice_of_text(sentence)), "%.*s", (int)p->len,
		      p->text);
}

START_TEST(values_that_cannot_be_are_refused_by_name)
{
	struct arena a;
	struct vault_record r;
	struct problem p = {0};
	arena_init(&a, VAULTS_ARENA);
	enum fault f = vault_record_read(refused[_i].kind, slice_of_text(refused[_i].text), &a, &r,
					 &p);
	ck_assert_uint_eq(f, FAULT_BAD_RECORD);
	check_sentence(&p, refused[_i].sentence);
	arena_deinit(&a);
}
END_TEST

static const char *const taken[] = {
	POLICY "groups = \"one\\ntwo words\\nK\xc3\xb6ln\";",
	POLICY "groups = \"one\\n\";", /* as a file's lines end */
	POLICY "spaces = \"" FIFTY FIFTY FIFTY FIFTY FIFTY "12345\";",
	POLICY "recipient_domains = \"example.org\\n.example.org\\n192.0.2.1\\n2001:db8::1\";",
	POLICY "senders = \"a@example.org\\nb.c@example.org\";",
	POLICY "recipients = 0; attachments = 100; attachment_bytes = 1073741824;",
};

START_TEST(values_that_can_be_are_taken)
{
	struct arena a;
	struct vault_record r;
	struct problem p = {0};
	arena_init(&a, VAULTS_ARENA);
	enum fault f = vault_record_read(VAULT_POLICY, slice_of_text(taken[_i]), &a, &r, &p);
	ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
	arena_deinit(&a);
}
END_TEST

/* What is entered meets the limits of what is read; here, one more than there may be. */
static const struct {
	const char *line; /* repeated */
	size_t count;
	size_t offset;
	const char *sentence; /* NULL: it is taken */
} lists[] = {
	{"g\n", 200, offsetof(struct vault_policy, groups), NULL},
	{"g\n", 201, offsetof(struct vault_policy, groups), "The policy's 'groups' " LINES},
	{"a.org\n", 200, offsetof(struct vault_policy, recipient_domains), NULL},
	{"a.org\n", 201, offsetof(struct vault_policy, recipient_domains),
	 "The policy's 'recipient_domains' " HOSTS},
	{".a.org\n", 201, offsetof(struct vault_policy, upstream_hosts),
	 "The policy's 'upstream_hosts' " HOSTS},
	{"a@a.org\n", 200, offsetof(struct vault_policy, senders), NULL},
	{"a@a.org\n", 201, offsetof(struct vault_policy, senders),
	 "The policy's 'senders' " MAILBOXES},
};

START_TEST(lists_have_an_end)
{
	static char text[16 * 1024];
	struct problem p = {0};
	struct vault_record r = {.kind = VAULT_POLICY, .policy = {.tenant = SLICE_LIT("a")}};
	size_t each = strlen(lists[_i].line);
	for (size_t i = 0; i < lists[_i].count; i++) {
		memcpy(text + i * each, lists[_i].line, each);
	}
	struct slice s = slice_of(text, each * lists[_i].count);
	memcpy((char *)&r.policy + lists[_i].offset, &s, sizeof(s));
	enum fault f = vault_record_check(&r, &p);
	if (lists[_i].sentence == NULL) {
		ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
		return;
	}
	ck_assert_uint_eq(f, FAULT_BAD_RECORD);
	check_sentence(&p, lists[_i].sentence);
}
END_TEST

static const struct {
	enum vault_kind kind;
	size_t offset;
	uint32_t number;
	const char *sentence; /* NULL: it is taken */
} numbers[] = {
	{VAULT_SETTINGS, offsetof(struct vault_settings, image_side), JOB_IMAGE_SIDE_MAX, NULL},
	{VAULT_SETTINGS, offsetof(struct vault_settings, image_side), JOB_IMAGE_SIDE_MAX + 1,
	 "The settings' 'image_side' must be at most 16384."},
	{VAULT_SETTINGS, offsetof(struct vault_settings, attached), UINT32_MAX,
	 "The settings' 'attached' must be at most 1073741824."},
	/* Kept with 1 added. */
	{VAULT_POLICY, offsetof(struct vault_policy, recipients), JOB_RECIPIENTS_MAX + 1, NULL},
	{VAULT_POLICY, offsetof(struct vault_policy, recipients), JOB_RECIPIENTS_MAX + 2,
	 "The policy's 'recipients' must be at most 1000."},
	{VAULT_POLICY, offsetof(struct vault_policy, attachments), JOB_ATTACHMENTS_MAX + 2,
	 "The policy's 'attachments' must be at most 100."},
	{VAULT_POLICY, offsetof(struct vault_policy, attachment_bytes), UINT32_MAX,
	 "The policy's 'attachment_bytes' must be at most 1073741824."},
	{VAULT_SERVER, offsetof(struct vault_server, limits.connections), 1001,
	 "The server's 'connections' must be at most 1000."},
	{VAULT_SERVER, offsetof(struct vault_server, limits.per_hour), UINT32_MAX,
	 "The server's 'per_hour' must be at most 1000000."},
};

START_TEST(numbers_have_their_limits)
{
	struct problem p = {0};
	struct vault_record r = {.kind = numbers[_i].kind};
	if (r.kind == VAULT_SERVER) {
		r = vaults_server("a", "n", "x");
	} else if (r.kind == VAULT_POLICY) {
		r.policy.tenant = SLICE_LIT("a");
	} else {
		r.settings.tenant = SLICE_LIT("a");
	}
	memcpy((char *)&r.tenant + numbers[_i].offset, &numbers[_i].number, sizeof(uint32_t));
	enum fault f = vault_record_check(&r, &p);
	vault_record_deinit(&r);
	if (numbers[_i].sentence == NULL) {
		ck_assert_msg(f == FAULT_NONE, "%.*s", (int)p.len, p.text);
		return;
	}
	ck_assert_uint_eq(f, FAULT_BAD_RECORD);
	check_sentence(&p, numbers[_i].sentence);
}
END_TEST

START_TEST(texts_have_their_limits)
{
	static char text[JOB_CSS_MAX + 1];
	struct problem p = {0};
	struct vault_record r = {.kind = VAULT_SETTINGS, .settings = {.tenant = SLICE_LIT("a")}};
	memset(text, 'x', sizeof(text));
	r.settings.css = slice_of(text, JOB_CSS_MAX);
	r.settings.header_text = slice_of(text, JOB_HEADER_TEXT_MAX);
	ck_assert_uint_eq(vault_record_check(&r, &p), FAULT_NONE);
	r.settings.css.len++;
	ck_assert_uint_eq(vault_record_check(&r, &p), FAULT_BAD_RECORD);
	check_sentence(&p, "The settings' 'css' must be at most 16384 bytes of UTF-8 text.");
	r.settings.css.len--;
	r.settings.header_text.len++;
	ck_assert_uint_eq(vault_record_check(&r, &p), FAULT_BAD_RECORD);
	check_sentence(&p, "The settings' 'header_text' must be at most 1024 bytes of UTF-8 text.");
}
END_TEST

/* Each kind knows what it must have. */
START_TEST(an_empty_record_is_refused)
{
	static const char *const sentences[VAULT_KINDS] = {
		[VAULT_TENANT] = "The tenant's 'id' is missing.",
		[VAULT_TOKEN] = "The token's 'hash' is missing.",
		[VAULT_SERVER] = "The server's 'name' is missing.",
		[VAULT_SETTINGS] = "The settings' 'tenant' is missing.",
		[VAULT_POLICY] = "The policy's 'tenant' is missing.",
		[VAULT_AWS] = "The AWS account's 'tenant' is missing.",
		[VAULT_HOUSE] = "The house's 'log_key' is missing.",
	};
	struct problem p = {0};
	struct vault_record r = {.kind = (enum vault_kind)_i};
	ck_assert_uint_eq(vault_record_check(&r, &p), FAULT_BAD_RECORD);
	check_sentence(&p, sentences[_i]);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("config/vault/record_check");
	TCase *t = tcase_create("record_check");
	tcase_add_loop_test(t, values_that_cannot_be_are_refused_by_name, 0, COUNT_OF(refused));
	tcase_add_loop_test(t, values_that_can_be_are_taken, 0, COUNT_OF(taken));
	tcase_add_loop_test(t, lists_have_an_end, 0, COUNT_OF(lists));
	tcase_add_loop_test(t, numbers_have_their_limits, 0, COUNT_OF(numbers));
	tcase_add_test(t, texts_have_their_limits);
	tcase_add_loop_test(t, an_empty_record_is_refused, VAULT_TENANT, VAULT_KINDS);
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
