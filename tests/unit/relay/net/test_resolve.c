#include "relay/net/resolve.h"

#include <netinet/in.h>
#include <stdlib.h>

#include "tests/support/check_main.h"

static struct address literal(const char *text)
{
	struct address a;
	ck_assert_msg(resolve_literal(text, 25, &a), "%s is no literal", text);
	return a;
}

/* Every kind of address that is not a public host's, with its first and last member and the neighbours outside. */

static const struct {
	const char *address;
	bool allowed;
} vetting[] = {
	{"0.0.0.0", false},
	{"0.255.255.255", false},
	{"1.0.0.0", true},
	{"9.255.255.255", true},
	{"10.0.0.0", false},
	{"10.255.255.255", false},
	{"11.0.0.0", true},
	{"100.63.255.255", true},
	{"100.64.0.0", false},
	{"100.127.255.255", false},
	{"100.128.0.0", true},
	{"126.255.255.255", true},
	{"127.0.0.1", false},
	{"127.255.255.255", false},
	{"128.0.0.0", true},
	{"169.253.255.255", true},
	{"169.254.0.0", false},
	{"169.254.169.254", false},
	{"169.255.0.0", true},
	{"172.15.255.255", true},
	{"172.16.0.0", false},
	{"172.31.255.255", false},
	{"172.32.0.0", true},
	{"192.0.0.1", false},
	{"192.0.1.0", true},
	{"192.0.2.1", false},
	{"192.88.99.1", false},
	{"192.167.255.255", true},
	{"192.168.0.0", false},
	{"192.168.255.255", false},
	{"192.169.0.0", true},
	{"198.17.255.255", true},
	{"198.18.0.0", false},
	{"198.19.255.255", false},
	{"198.20.0.0", true},
	{"198.51.100.7", false},
	{"203.0.113.7", false},
	{"223.255.255.255", true},
	{"224.0.0.1", false},
	{"239.255.255.255", false},
	{"240.0.0.1", false},
	{"255.255.255.255", false},
	{"212.227.15.167", true},
	{"::", false},
	{"::1", false},
	{"::2", false},
	{"::127.0.0.1", false},
	{"::8.8.8.8", false},
	{"::ffff:127.0.0.1", false},
	{"::ffff:10.0.0.1", false},
	{"::ffff:8.8.8.8", false},
	{"::ffff:0:8.8.8.8", false},
	{"64:ff9b::7f00:1", false},
	{"64:ff9b::8.8.8.8", false},
	{"64:ff9b:1::a00:1", false},
	{"100::1", false},
	{"2001::1", false},
	{"2001:0:4136:e378:8000:63bf:3fff:fdd2", false},
	{"2001:10::1", false},
	{"2001:20::1", false},
	{"2001:1ff:ffff::1", false},
	{"2001:200::1", true},
	{"2001:db7::1", true},
	{"2001:db8::1", false},
	{"2001:db9::1", true},
	{"2002:7f00:1::1", false},
	{"2003:e9::1", true},
	{"2a01:238::1", true},
	{"3fff::1", false},
	{"3fff:fff::1", false},
	{"3fff:1000::1", true},
	{"4000::1", false},
	{"5f00::1", false},
	{"fc00::1", false},
	{"fd12:3456::1", false},
	{"fe80::1", false},
	{"febf::1", false},
	{"fec0::1", false},
	{"ff02::1", false},
	{"ff0e::1", false},
};

START_TEST(test_vetting)
{
	struct address a = literal(vetting[_i].address);
	ck_assert_msg(address_is_allowed(&a, NULL, 0) == vetting[_i].allowed, "%s",
		      vetting[_i].address);
}
END_TEST

static const struct {
	const char *range;
	const char *address;
	bool allowed;
} ranges[] = {
	{"127.0.0.0/8", "127.0.0.1", true},
	{"127.0.0.0/8", "127.255.255.255", true},
	{"127.0.0.0/8", "10.0.0.1", false},
	{"127.0.0.0/8", "::1", false},
	{"127.0.0.0/8", "::ffff:127.0.0.1", false},
	{"127.0.0.1", "127.0.0.1", true},
	{"127.0.0.1", "127.0.0.2", false},
	{"127.0.0.1/32", "127.0.0.1", true},
	{"10.1.2.128/25", "10.1.2.128", true},
	{"10.1.2.128/25", "10.1.2.127", false},
	{"0.0.0.0/0", "10.0.0.1", true},
	{"0.0.0.0/0", "fd00::1", false},
	{"::1", "::1", true},
	{"::1", "::2", false},
	{"fd00::/8", "fd12::1", true},
	{"fd00::/8", "fc00::1", false},
	{"fd00::/8", "8.8.8.8", true},
	{"64:ff9b::/96", "64:ff9b::8.8.8.8", true},
	{"64:ff9b::/96", "64:ff9b:1::1", false},
	{"::/0", "fe80::1", true},
};

START_TEST(test_range)
{
	struct address_range range;
	struct address a = literal(ranges[_i].address);
	ck_assert_int_eq(address_range_parse(slice_of_text(ranges[_i].range), &range), FAULT_NONE);
	ck_assert_msg(address_is_allowed(&a, &range, 1) == ranges[_i].allowed, "%s in %s",
		      ranges[_i].address, ranges[_i].range);
}
END_TEST

static const struct slice bad_ranges[] = {
	SLICE_INIT(""),
	SLICE_INIT("/"),
	SLICE_INIT("/8"),
	SLICE_INIT("10.0.0.0/"),
	SLICE_INIT("10.0.0.0/33"),
	SLICE_INIT("10.0.0.0/-1"),
	SLICE_INIT("10.0.0.0/8/8"),
	SLICE_INIT("10.0.0/8"),
	SLICE_INIT("10.0.0.0.0/8"),
	SLICE_INIT("fd00::/129"),
	SLICE_INIT("fd00::/x"),
	SLICE_INIT("localhost"),
	SLICE_INIT("localhost/8"),
	SLICE_INIT(" 10.0.0.0/8"),
	SLICE_INIT("10.0.0.0\0/8"),
	SLICE_INIT("10.0.0.0/99999999999999999999"),
};

START_TEST(test_bad_range)
{
	struct address_range range;
	ck_assert_int_eq(address_range_parse(bad_ranges[_i], &range), FAULT_BAD_SETTING);
}
END_TEST

/* Names: A-labels, lower case; what is no host's name is refused before anybody is asked. */

static const struct {
	struct slice host;
	const char *name; /* NULL: refused */
} names[] = {
	{SLICE_INIT("mail.example.net"), "mail.example.net"},
	{SLICE_INIT("Mail.EXAMPLE.net"), "mail.example.net"},
	{SLICE_INIT("mail.example.net."), "mail.example.net."},
	{SLICE_INIT("localhost"), "localhost"},
	{SLICE_INIT("smtp_relay.internal"), "smtp_relay.internal"},
	{SLICE_INIT("127.0.0.1"), "127.0.0.1"},
	{SLICE_INIT("fd00::1"), "fd00::1"},
	{SLICE_INIT("m\xc3\xbcller.example"), "xn--mller-kva.example"},
	{SLICE_INIT("M\xc3\x9cLLER.example"), "xn--mller-kva.example"},
	{SLICE_INIT("stra\xc3\x9f"
		    "e.example"),
	 "xn--strae-oqa.example"},
	{SLICE_INIT("\xe4\xbe\x8b\xe3\x81\x88.\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88"),
	 "xn--r8jz45g.xn--zckzah"},
	/* Full-width digits are an address in disguise: it comes out plain, and is vetted. */
	{SLICE_INIT("\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1"), "127.0.0.1"},
	{SLICE_INIT(""), NULL},
	{SLICE_INIT("."), NULL},
	{SLICE_INIT(".example.net"), NULL},
	{SLICE_INIT("mail..example.net"), NULL},
	{SLICE_INIT("mail.example.net.."), NULL},
	{SLICE_INIT("mail example.net"), NULL},
	{SLICE_INIT("mail.example.net:25"), NULL},
	{SLICE_INIT("[::1]"), NULL},
	{SLICE_INIT("fe80::1%eth0"), NULL},
	{SLICE_INIT("user@example.net"), NULL},
	{SLICE_INIT("mail.example.net/path"), NULL},
	{SLICE_INIT("mail.example.net\r\n"), NULL},
	{SLICE_INIT("mail.example.net\0.evil.example"), NULL},
	{SLICE_INIT("m\xc3\xbcller\0.example"), NULL},
	{SLICE_INIT("m\xc3.example"), NULL},
	{SLICE_INIT("\xff.example"), NULL},
	{SLICE_INIT("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg.example"),
	 NULL},
};

START_TEST(test_name)
{
	char name[RESOLVE_NAME_MAX + 1];
	enum fault f = resolve_name(names[_i].host, name);
	if (names[_i].name == NULL) {
		ck_assert_int_eq(f, FAULT_UPSTREAM_NAME);
	} else {
		ck_assert_int_eq(f, FAULT_NONE);
		ck_assert_str_eq(name, names[_i].name);
	}
}
END_TEST

/* What is one host, however it is spelled. */
static const struct {
	const char *host;
	const char *name; /* NULL: refused */
} spellings[] = {
	{"mail.example.com", "mail.example.com"},
	{"Mail.Example.COM.", "mail.example.com"},
	{"M\xc3\xbc"
	 "ller.example.",
	 "xn--mller-kva.example"},
	{"::1", "::1"},
	{"0:0:0:0:0:0:0:1", "::1"},
	{"0000:0000::0001", "::1"},
	{"2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"},
	{"127.0.0.1", "127.0.0.1"},
	{"127.0.0.1.", "127.0.0.1"},
	{"127.1", "127.0.0.1"},
	{"0x7f000001", "127.0.0.1"},
	{"0177.0.0.01", "127.0.0.1"},
	{"2130706433", "127.0.0.1"},
	{"::ffff:127.0.0.1", "127.0.0.1"},
	{"::FFFF:7f00:1", "127.0.0.1"},
	{"127.0.0.1.example", "127.0.0.1.example"},
	{"256.0.0.1", "256.0.0.1"},
	{"", NULL},
	{".", NULL},
	{"mail.example.com..", NULL},
	{"[::1]", NULL},
	{"::1%lo", NULL},
	{"127.0.0.1 x", NULL},
};

START_TEST(test_one_name)
{
	char name[RESOLVE_NAME_MAX + 1];
	enum fault f = resolve_one_name(slice_of_text(spellings[_i].host), name);
	if (spellings[_i].name == NULL) {
		ck_assert_int_eq(f, FAULT_UPSTREAM_NAME);
	} else {
		ck_assert_int_eq(f, FAULT_NONE);
		ck_assert_str_eq(name, spellings[_i].name);
	}
}
END_TEST

START_TEST(test_name_length)
{
	/* 253 bytes are the most; labels of one letter keep the other rule out of it. */
	char longest[400];
	char name[RESOLVE_NAME_MAX + 1];
	for (size_t i = 0; i < sizeof(longest); i++) {
		longest[i] = i % 2 == 0 ? 'a' : '.';
	}
	ck_assert_int_eq(resolve_name(slice_of(longest, 253), name), FAULT_NONE);
	ck_assert_int_eq(resolve_name(slice_of(longest, 254), name), FAULT_UPSTREAM_NAME);
	ck_assert_int_eq(resolve_name(slice_of(longest, sizeof(longest)), name),
			 FAULT_UPSTREAM_NAME);
}
END_TEST

START_TEST(test_look_up)
{
	struct address_list list;
	struct address_range loopback[2];
	ck_assert_int_eq(address_range_parse(SLICE_LIT("127.0.0.0/8"), &loopback[0]), FAULT_NONE);
	ck_assert_int_eq(address_range_parse(SLICE_LIT("::1"), &loopback[1]), FAULT_NONE);
	resolve_look_up("localhost", 2525, &list);
	ck_assert_uint_ge(list.count, 1);
	for (size_t i = 0; i < list.count; i++) {
		const struct sockaddr_in *in =
			(const struct sockaddr_in *)&list.addresses[i].sockaddr;
		ck_assert_uint_eq(ntohs(in->sin_port), 2525);
	}
	size_t all = list.count;
	resolve_vet(&list, loopback, 2);
	ck_assert_uint_eq(list.count, all);
	resolve_vet(&list, NULL, 0);
	ck_assert_uint_eq(list.count, 0);
}
END_TEST

/* getaddrinfo() reads old forms of addresses; what comes out is vetted like any other. */

static const char *const disguised[] = {"127.1", "0x7f000001", "2130706433", "017700000001"};

START_TEST(test_disguised)
{
	struct address_list list;
	resolve_look_up(disguised[_i], 25, &list);
	resolve_vet(&list, NULL, 0);
	ck_assert_uint_eq(list.count, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/net/resolve");
	TCase *t = tcase_create("resolve");
	tcase_add_loop_test(t, test_vetting, 0, COUNT_OF(vetting));
	tcase_add_loop_test(t, test_range, 0, COUNT_OF(ranges));
	tcase_add_loop_test(t, test_bad_range, 0, COUNT_OF(bad_ranges));
	tcase_add_loop_test(t, test_name, 0, COUNT_OF(names));
	tcase_add_loop_test(t, test_one_name, 0, COUNT_OF(spellings));
	tcase_add_test(t, test_name_length);
	tcase_add_test(t, test_look_up);
	tcase_add_loop_test(t, test_disguised, 0, COUNT_OF(disguised));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
