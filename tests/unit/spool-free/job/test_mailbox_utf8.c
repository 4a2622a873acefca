#include "spool-free/job/mailbox_utf8.h"

#include "tests/support/check_main.h"

#define UE	 "\xC3\xBC"
#define TEN	 UE UE UE UE UE UE UE UE UE UE
#define LOCAL_64 TEN TEN TEN UE UE

static const struct {
	struct slice text;
	size_t local_len;
} good[] = {
	{SLICE_INIT("a@b"), 1},
	{SLICE_INIT(UE "@b"), 2},
	{SLICE_INIT("j" UE "rg.m" UE "ller+x@xn--tda.example"), 15},
	{SLICE_INIT("\xE5\x8A\xA0@example.org"), 3},
	{SLICE_INIT("\xF0\x9F\x98\x80@example.org"), 4},
	{SLICE_INIT(LOCAL_64 "@example.org"), 64},
};

START_TEST(takes_addresses)
{
	struct mailbox m;
	struct slice text = good[_i].text;
	ck_assert_uint_eq(mailbox_parse_utf8(text, &m), FAULT_NONE);
	ck_assert(slice_eq(m.address, text) && m.address.ptr == text.ptr);
	ck_assert(slice_eq(m.local, slice_first(text, good[_i].local_len)));
	ck_assert(slice_eq(m.domain, slice_skip(text, good[_i].local_len + 1)));
}
END_TEST

static const struct slice wrong[] = {
	SLICE_INIT(""),
	SLICE_INIT(UE),
	SLICE_INIT("@b"),
	SLICE_INIT(UE "@"),
	SLICE_INIT(UE "@b@c"),
	SLICE_INIT(UE " x@b"),
	SLICE_INIT("." UE "@b"),
	SLICE_INIT(UE "..x@b"),
	SLICE_INIT(UE ">@b"),
	SLICE_INIT(UE "\r\nRCPT TO:<c@d>@b"),
	SLICE_INIT(UE "\0@b"),
	SLICE_INIT("a@" UE ".example"),
	SLICE_INIT(UE "@" UE ".example"),
	SLICE_INIT("\xC3@b"),
	SLICE_INIT("\xBC@b"),
	SLICE_INIT("\xC0\xAE@b"),
	SLICE_INIT("\xED\xA0\x80@b"),
	SLICE_INIT("\xC2\x85@b"),
	SLICE_INIT("x\xE2\x80\xAEy@b"),
	SLICE_INIT("x\xE2\x80\x8By@b"),
	SLICE_INIT("\xEF\xBB\xBFx@b"),
	SLICE_INIT("x\xE2\x80\xA8y@b"),
	SLICE_INIT(LOCAL_64 "a@example.org"),
};

START_TEST(refuses)
{
	struct mailbox m = {.address = SLICE_LIT("untouched")};
	ck_assert_uint_eq(mailbox_parse_utf8(wrong[_i], &m), FAULT_BAD_ADDRESS);
	ck_assert(slice_eq(m.address, SLICE_LIT("untouched")));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("mailbox, UTF-8");
	TCase *t = tcase_create("mailbox");
	tcase_add_loop_test(t, takes_addresses, 0, COUNT_OF(good));
	tcase_add_loop_test(t, refuses, 0, COUNT_OF(wrong));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
