#include "config/settings/value.h"

#include "tests/support/check_main.h"

enum { BAD = -1 };

typedef bool parse_fn(struct slice text, uint64_t *out_value);

static const struct {
	parse_fn *parse;
	struct slice text;
	int64_t value;
} numbers[] = {
	{settings_parse_size, SLICE_INIT("50 MiB"), 50 << 20},
	{settings_parse_size, SLICE_INIT("4KiB"), 4096},
	{settings_parse_size, SLICE_INIT(" 17  B "), 17},
	{settings_parse_size, SLICE_INIT("3 GiB"), 3LL << 30},
	{settings_parse_size, SLICE_INIT("0 B"), 0},
	{settings_parse_size, SLICE_INIT(""), BAD},
	{settings_parse_size, SLICE_INIT("5"), BAD},
	{settings_parse_size, SLICE_INIT("MiB"), BAD},
	{settings_parse_size, SLICE_INIT("-1 MiB"), BAD},
	{settings_parse_size, SLICE_INIT("+1 MiB"), BAD},
	{settings_parse_size, SLICE_INIT("1.5 MiB"), BAD},
	{settings_parse_size, SLICE_INIT("1 mib"), BAD},
	{settings_parse_size, SLICE_INIT("1 MB"), BAD},
	{settings_parse_size, SLICE_INIT("1 MiB x"), BAD},
	{settings_parse_size, SLICE_INIT("1 s"), BAD},
	{settings_parse_size, SLICE_INIT("99999999999999999999 B"), BAD},
	{settings_parse_size, SLICE_INIT("18446744073709551615 KiB"), BAD},
	{settings_parse_duration, SLICE_INIT("20 s"), 20000},
	{settings_parse_duration, SLICE_INIT("500ms"), 500},
	{settings_parse_duration, SLICE_INIT("15 min"), 900000},
	{settings_parse_duration, SLICE_INIT("1 h"), 3600000},
	{settings_parse_duration, SLICE_INIT("1 m"), BAD},
	{settings_parse_duration, SLICE_INIT("35 d"), 3024000000},
	{settings_parse_duration, SLICE_INIT("1 day"), BAD},
	{settings_parse_duration, SLICE_INIT("1 w"), BAD},
	{settings_parse_duration, SLICE_INIT("1 MiB"), BAD},
	{settings_parse_duration, SLICE_INIT("1 s 5 ms"), BAD},
};

START_TEST(test_numbers)
{
	uint64_t value = 99;
	bool good = numbers[_i].parse(numbers[_i].text, &value);
	ck_assert_int_eq(good, numbers[_i].value != BAD);
	if (good) {
		ck_assert_int_eq((int64_t)value, numbers[_i].value);
	}
}
END_TEST

static const struct {
	void (*add)(struct problem *, uint64_t);
	uint64_t value;
	struct slice text;
} words[] = {
	{settings_add_size, 52428800, SLICE_INIT("50 MiB")},
	{settings_add_size, 0, SLICE_INIT("0 B")},
	{settings_add_size, 1023, SLICE_INIT("1023 B")},
	{settings_add_size, 1025, SLICE_INIT("1025 B")},
	{settings_add_duration, 900000, SLICE_INIT("15 min")},
	{settings_add_duration, 3600000, SLICE_INIT("1 h")},
	{settings_add_duration, 3024000000, SLICE_INIT("35 d")},
	{settings_add_duration, 90000, SLICE_INIT("90 s")},
	{settings_add_duration, 1, SLICE_INIT("1 ms")},
};

START_TEST(test_words)
{
	struct problem p = {0};
	words[_i].add(&p, words[_i].value);
	ck_assert(slice_eq(slice_of(p.text, p.len), words[_i].text));
}
END_TEST

#define LABEL_63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"

typedef bool is_fn(struct slice text);

static const struct {
	is_fn *is;
	struct slice text;
	bool good;
} names[] = {
	{settings_is_address, SLICE_INIT("127.0.0.1"), true},
	{settings_is_address, SLICE_INIT("::"), true},
	{settings_is_address, SLICE_INIT("::ffff:1.2.3.4"), true},
	{settings_is_address, SLICE_INIT(""), false},
	{settings_is_address, SLICE_INIT("127.1"), false},
	{settings_is_address, SLICE_INIT("127.0.0.256"), false},
	{settings_is_address, SLICE_INIT("[::1]"), false},
	{settings_is_address, SLICE_INIT("127.0.0.1\0"), false},
	{settings_is_address, SLICE_INIT("::1%lo"), false},
	{settings_is_loopback, SLICE_INIT("127.0.0.1"), true},
	{settings_is_loopback, SLICE_INIT("127.255.0.9"), true},
	{settings_is_loopback, SLICE_INIT("::1"), true},
	{settings_is_loopback, SLICE_INIT("::ffff:127.0.0.1"), true},
	{settings_is_loopback, SLICE_INIT("::ffff:128.0.0.1"), false},
	{settings_is_loopback, SLICE_INIT("::"), false},
	{settings_is_loopback, SLICE_INIT("0.0.0.0"), false},
	{settings_is_loopback, SLICE_INIT("128.0.0.1"), false},
	{settings_is_loopback, SLICE_INIT("127.0.0.1\0"), false},
	{settings_is_loopback, SLICE_INIT(""), false},
	{settings_is_range, SLICE_INIT("10.0.0.0/8"), true},
	{settings_is_range, SLICE_INIT("0.0.0.0/0"), true},
	{settings_is_range, SLICE_INIT("1.2.3.4/32"), true},
	{settings_is_range, SLICE_INIT("fd00::/8"), true},
	{settings_is_range, SLICE_INIT("::1/128"), true},
	{settings_is_range, SLICE_INIT("10.0.0.0"), false},
	{settings_is_range, SLICE_INIT("10.0.0.0/"), false},
	{settings_is_range, SLICE_INIT("10.0.0.0/33"), false},
	{settings_is_range, SLICE_INIT("::/129"), false},
	{settings_is_range, SLICE_INIT("10.0.0.1/8"), false},
	{settings_is_range, SLICE_INIT("10.0.0.0/-8"), false},
	{settings_is_range, SLICE_INIT("10.0.0.0/0008"), false},
	{settings_is_range, SLICE_INIT("10.0.0.0/8/8"), false},
	{settings_is_range, SLICE_INIT("/8"), false},
	{settings_is_host, SLICE_INIT("mail"), true},
	{settings_is_host, SLICE_INIT("a-1.Example.COM"), true},
	{settings_is_host, SLICE_INIT(LABEL_63 ".de"), true},
	{settings_is_host, SLICE_INIT(LABEL_63 "x.de"), false},
	{settings_is_host, SLICE_INIT(LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63), false},
	{settings_is_host, SLICE_INIT(""), false},
	{settings_is_host, SLICE_INIT("."), false},
	{settings_is_host, SLICE_INIT("a..b"), false},
	{settings_is_host, SLICE_INIT("a."), false},
	{settings_is_host, SLICE_INIT(".a"), false},
	{settings_is_host, SLICE_INIT("-a"), false},
	{settings_is_host, SLICE_INIT("a-.b"), false},
	{settings_is_host, SLICE_INIT("a_b"), false},
	{settings_is_host, SLICE_INIT("a b"), false},
	{settings_is_host, SLICE_INIT("a\r\nb"), false},
	{settings_is_host, SLICE_INIT("b\xc3\xbc.de"), false},
	{settings_is_domain, SLICE_INIT("example.com"), true},
	{settings_is_domain, SLICE_INIT(".example.com"), true},
	{settings_is_domain, SLICE_INIT("com"), false},
	{settings_is_domain, SLICE_INIT(".com"), false},
	{settings_is_domain, SLICE_INIT("..example.com"), false},
	{settings_is_domain, SLICE_INIT("*.example.com"), false},
	{settings_is_domain, SLICE_INIT("@example.com"), false},
	{settings_is_domain, SLICE_INIT(""), false},
	{settings_is_user, SLICE_INIT("pagepost-gateway"), true},
	{settings_is_user, SLICE_INIT("_x1"), true},
	{settings_is_user, SLICE_INIT("1x"), false},
	{settings_is_user, SLICE_INIT("-x"), false},
	{settings_is_user, SLICE_INIT("Root"), false},
	{settings_is_user, SLICE_INIT("a:b"), false},
	{settings_is_user, SLICE_INIT(""), false},
	{settings_is_path, SLICE_INIT("/a b/\xc3\xbc"), true},
	{settings_is_path, SLICE_INIT(""), false},
	{settings_is_path, SLICE_INIT("a\nb"), false},
	{settings_is_path, SLICE_INIT("a\x7f"), false},
};

START_TEST(test_names)
{
	ck_assert_int_eq(names[_i].is(names[_i].text), names[_i].good);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("value");
	TCase *t = tcase_create("value");
	tcase_add_loop_test(t, test_numbers, 0, COUNT_OF(numbers));
	tcase_add_loop_test(t, test_words, 0, COUNT_OF(words));
	tcase_add_loop_test(t, test_names, 0, COUNT_OF(names));
	suite_add_tcase(all, t);
	return all;
}

int main(void)
{
	return check_main(suite());
}
