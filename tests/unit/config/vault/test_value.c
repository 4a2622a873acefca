#include "config/vault/value.h"

#include <string.h>

#include "tests/support/check_main.h"

#define LABEL "a23456789012345678901234567890123456789012345678901234567890123" /* 63 bytes */

static const struct {
	bool (*is)(struct slice s);
	struct slice value;
	bool expected;
} rows[] = {
	{vault_is_name, SLICE_INIT("acme-2"), true},
	{vault_is_name, SLICE_INIT(LABEL "x"), true},
	{vault_is_name, SLICE_INIT(LABEL "xy"), false},
	{vault_is_name, SLICE_INIT(""), false},
	{vault_is_name, SLICE_INIT("Acme"), false},
	{vault_is_name, SLICE_INIT("a\0b"), false},
	{vault_is_name, SLICE_INIT("a_b"), false},
	{vault_is_name, SLICE_INIT("\xc3\xa4"), false},
	{vault_is_host, SLICE_INIT("smtp.Example.org"), true},
	{vault_is_host, SLICE_INIT("192.0.2.1"), true},
	{vault_is_host, SLICE_INIT("2001:db8::1"), true},
	{vault_is_host, SLICE_INIT("::ffff:192.0.2.1"), true},
	{vault_is_host, SLICE_INIT(LABEL ".org"), true},
	{vault_is_host, SLICE_INIT(LABEL "4.org"), false},
	{vault_is_host, SLICE_INIT(LABEL "." LABEL "." LABEL "." LABEL), false},
	{vault_is_host, SLICE_INIT(""), false},
	{vault_is_host, SLICE_INIT("."), false},
	{vault_is_host, SLICE_INIT("a..b"), false},
	{vault_is_host, SLICE_INIT("a."), false},
	{vault_is_host, SLICE_INIT("-a.org"), false},
	{vault_is_host, SLICE_INIT("a-.org"), false},
	{vault_is_host, SLICE_INIT("a b"), false},
	{vault_is_host, SLICE_INIT("a\0.org"), false},
	{vault_is_host, SLICE_INIT("host:25"), false},
	{vault_is_host, SLICE_INIT("::1\0"), false},
	{vault_is_host, SLICE_INIT("1:2:3:4:5:6:7:8:9"), false},
	{vault_is_block, SLICE_INIT("-----BEGIN CERTIFICATE-----\r\n\tabc=\n"), true},
	{vault_is_block, SLICE_INIT("a\0b"), false},
	{vault_is_block, SLICE_INIT("\x7f"), false},
	{vault_is_block, SLICE_INIT("\xc3\xa4"), false},
	{vault_is_domain, SLICE_INIT("2026"), true},
	{vault_is_domain, SLICE_INIT("a.Example.org"), true},
	{vault_is_domain, SLICE_INIT(""), false},
	{vault_is_domain, SLICE_INIT("a_b"), false},
	{vault_is_domain, SLICE_INIT("2001:db8::1"), false},
	{vault_is_domain, SLICE_INIT("a.org/x"), false},
	{vault_is_ascii, SLICE_INIT("https://mail.google.com/ other"), true},
	{vault_is_ascii, SLICE_INIT("a\tb"), false},
	{vault_is_ascii, SLICE_INIT("a\r\nb"), false},
	{vault_is_ascii, SLICE_INIT("\xc3\xa4"), false},
	{vault_is_https, SLICE_INIT("https://a"), true},
	{vault_is_https, SLICE_INIT("https://login.example.org/t/v2.0/token"), true},
	{vault_is_https, SLICE_INIT("https://192.0.2.1:8443/token?p=q"), true},
	{vault_is_https, SLICE_INIT("https://[2001:db8::1]:8443/token"), true},
	{vault_is_https, SLICE_INIT("https://[2001:db8::1]"), true},
	{vault_is_https, SLICE_INIT("https://a?x"), true},
	{vault_is_https, SLICE_INIT(""), false},
	{vault_is_https, SLICE_INIT("https://"), false},
	{vault_is_https, SLICE_INIT("http://a/"), false},
	{vault_is_https, SLICE_INIT("HTTPS://a/"), false},
	{vault_is_https, SLICE_INIT("https:/a/"), false},
	{vault_is_https, SLICE_INIT("https://user@a/"), false},
	{vault_is_https, SLICE_INIT("https://user:pass@a/"), false},
	{vault_is_https, SLICE_INIT("https://a#b"), false},
	{vault_is_https, SLICE_INIT("https://a/#b"), false},
	{vault_is_https, SLICE_INIT("https://a\\b/"), false},
	{vault_is_https, SLICE_INIT("https://a/b c"), false},
	{vault_is_https, SLICE_INIT("https://a/\r\nX: y"), false},
	{vault_is_https, SLICE_INIT("https://a/\xc3\xa4"), false},
	{vault_is_https, SLICE_INIT("https://a:0/"), false},
	{vault_is_https, SLICE_INIT("https://a:65536/"), false},
	{vault_is_https, SLICE_INIT("https://a:/"), false},
	{vault_is_https, SLICE_INIT("https://a:x/"), false},
	{vault_is_https, SLICE_INIT("https://[::1/"), false},
	{vault_is_https, SLICE_INIT("https://[::1]x/"), false},
	{vault_is_https, SLICE_INIT("https://[]/"), false},
	{vault_is_https, SLICE_INIT("https://::1/"), false},
	{vault_is_hash,
	 SLICE_INIT("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"), true},
	{vault_is_hash,
	 SLICE_INIT("0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"), false},
	{vault_is_hash,
	 SLICE_INIT("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"), false},
	{vault_is_hash,
	 SLICE_INIT("0123456789abcdefg123456789abcdef0123456789abcdef0123456789abcdef"), false},
	{vault_is_hash, SLICE_INIT(""), false},
};

START_TEST(test_rows)
{
	ck_assert(rows[_i].is(rows[_i].value) == rows[_i].expected);
}
END_TEST

START_TEST(test_limits)
{
	static char bytes[VAULT_CA_MAX + 1];
	memset(bytes, 'a', sizeof(bytes));
	ck_assert(vault_is_block(slice_of(bytes, VAULT_CA_MAX)));
	ck_assert(!vault_is_block(slice_of(bytes, VAULT_CA_MAX + 1)));
	ck_assert(vault_is_ascii(slice_of(bytes, VAULT_ASCII_MAX)));
	ck_assert(!vault_is_ascii(slice_of(bytes, VAULT_ASCII_MAX + 1)));
	ck_assert(vault_is_secret(slice_of(bytes, VAULT_SECRET_MAX), VAULT_SECRET_MAX));
	ck_assert(!vault_is_secret(slice_of(bytes, VAULT_SECRET_MAX + 1), VAULT_SECRET_MAX));
	ck_assert(vault_is_secret(SLICE_LIT("p\xc3\xa4ss \n word"), VAULT_SECRET_MAX));
	ck_assert(vault_is_secret(SLICE_LIT(""), VAULT_SECRET_MAX));
	ck_assert(!vault_is_secret(SLICE_LIT("a\0"), VAULT_SECRET_MAX));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("value");
	TCase *c = tcase_create("rows");
	tcase_add_loop_test(c, test_rows, 0, (int)COUNT_OF(rows));
	tcase_add_test(c, test_limits);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	return check_main(suite());
}
