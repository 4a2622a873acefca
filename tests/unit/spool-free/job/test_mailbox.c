#include "spool-free/job/mailbox.h"

#include <string.h>

#include "tests/support/check_main.h"

#define LABEL_63 "a23456789-123456789-123456789-123456789-123456789-123456789-123"
#define LOCAL_64 "1234567890123456789012345678901234567890123456789012345678901234"

static const struct {
	struct slice text;
	size_t local_len;
} good[] = {
	{SLICE_INIT("a@b"), 1},
	{SLICE_INIT("jane.doe@example.org"), 8},
	{SLICE_INIT("Jane.Doe+tag@EXAMPLE.org"), 12},
	{SLICE_INIT("!#$%&'*+-/=?^_`{|}~@example.org"), 19},
	{SLICE_INIT("x@xn--mnchen-3ya.de"), 1},
	{SLICE_INIT("x@1-2.example"), 1},
	{SLICE_INIT("x@" LABEL_63 ".org"), 1},
	{SLICE_INIT(LOCAL_64 "@example.org"), 64},
};

START_TEST(takes_addresses)
{
	struct mailbox m;
	struct slice text = good[_i].text;
	ck_assert_uint_eq(mailbox_parse(text, &m), FAULT_NONE);
	ck_assert(slice_eq(m.address, text));
	ck_assert(slice_eq(m.local, slice_first(text, good[_i].local_len)));
	ck_assert(slice_eq(m.domain, slice_skip(text, good[_i].local_len + 1)));
}
END_TEST

static const struct slice wrong[] = {
	SLICE_INIT(""),
	SLICE_INIT("@"),
	SLICE_INIT("a"),
	SLICE_INIT("a@"),
	SLICE_INIT("@b"),
	SLICE_INIT("a@b@c"),
	SLICE_INIT("a b@c"),
	SLICE_INIT(" a@b"),
	SLICE_INIT("a@b "),
	SLICE_INIT("a@b\r\nRCPT TO:<c@d>"),
	SLICE_INIT("a\r\n@b"),
	SLICE_INIT("a\n@b"),
	SLICE_INIT("a@b\n"),
	SLICE_INIT("a\0@b"),
	SLICE_INIT("a@b\0"),
	SLICE_INIT("a\t@b"),
	SLICE_INIT("a@b>"),
	SLICE_INIT("<a@b>"),
	SLICE_INIT("Jane <a@b>"),
	SLICE_INIT("a,b@c"),
	SLICE_INIT("a;b@c"),
	SLICE_INIT("a:b@c"),
	SLICE_INIT("a(b)@c"),
	SLICE_INIT("\"a b\"@c"),
	SLICE_INIT("a\\b@c"),
	SLICE_INIT(".a@b"),
	SLICE_INIT("a.@b"),
	SLICE_INIT("a..b@c"),
	SLICE_INIT(".@b"),
	SLICE_INIT("a@.b"),
	SLICE_INIT("a@b."),
	SLICE_INIT("a@b..c"),
	SLICE_INIT("a@-b"),
	SLICE_INIT("a@b-"),
	SLICE_INIT("a@b-.c"),
	SLICE_INIT("a@b.-c"),
	SLICE_INIT("a@b_c"),
	SLICE_INIT("a@b/c"),
	SLICE_INIT("a@[192.0.2.1]"),
	SLICE_INIT("a@[IPv6:::1]"),
	SLICE_INIT("a@b:25"),
	SLICE_INIT("\xC3\xA4@b"),
	SLICE_INIT("a@m\xC3\xBCnchen.de"),
	SLICE_INIT("a\x7F@b"),
	SLICE_INIT("a\x80@b"),
	SLICE_INIT("x@" LABEL_63 "4.org"),
	SLICE_INIT(LOCAL_64 "5@example.org"),
};

START_TEST(refuses_what_is_none)
{
	struct mailbox m = {.local = {NULL, 77}};
	ck_assert_uint_eq(mailbox_parse(wrong[_i], &m), FAULT_BAD_ADDRESS);
	ck_assert_uint_eq(m.local.len, 77);
}
END_TEST

START_TEST(length_is_limited)
{
	char text[MAILBOX_MAX + 1];
	struct mailbox m;
	memset(text, 'a', sizeof(text));
	text[1] = '@';
	for (size_t i = 40; i < sizeof(text); i += 40) {
		text[i] = '.';
	}
	ck_assert_uint_eq(mailbox_parse(slice_of(text, MAILBOX_MAX), &m), FAULT_NONE);
	ck_assert_uint_eq(mailbox_parse(slice_of(text, MAILBOX_MAX + 1), &m), FAULT_BAD_ADDRESS);
	ck_assert_uint_eq(mailbox_parse((struct slice){0}, &m), FAULT_BAD_ADDRESS);
}
END_TEST

/* Every byte, in either part: only those that RFC 5322 calls atext, or host names have, pass. */
START_TEST(every_byte_in_either_part)
{
	static const char alnum[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	for (int byte = 0; byte < 256; byte++) {
		struct mailbox m;
		const char local[] = {'a', (char)byte, 'a', '@', 'b'};
		const char domain[] = {'a', '@', 'b', (char)byte, 'b'};
		bool is_alnum = byte != 0 && strchr(alnum, byte) != NULL;
		bool is_local = is_alnum || (byte != 0 && strchr("!#$%&'*+-/=?^_`{|}~.", byte));
		bool is_domain = is_alnum || byte == '-' || byte == '.';
		ck_assert_int_eq(mailbox_parse(slice_of(local, 5), &m) == FAULT_NONE, is_local);
		ck_assert_int_eq(mailbox_parse(slice_of(domain, 5), &m) == FAULT_NONE, is_domain);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("job/mailbox");
	TCase *t = tcase_create("mailbox");
	tcase_add_loop_test(t, takes_addresses, 0, COUNT_OF(good));
	tcase_add_loop_test(t, refuses_what_is_none, 0, COUNT_OF(wrong));
	tcase_add_test(t, length_is_limited);
	tcase_add_test(t, every_byte_in_either_part);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
