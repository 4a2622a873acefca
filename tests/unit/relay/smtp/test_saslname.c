#include "relay/smtp/saslname.h"

#include <string.h>

#include "tests/support/check_main.h"

static const struct {
	struct slice name, written;
} rows[] = {
	{SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("me@example.com"), SLICE_INIT("me@example.com")},
	{SLICE_INIT("a,b"), SLICE_INIT("a=2Cb")},
	{SLICE_INIT("a=b"), SLICE_INIT("a=3Db")},
	{SLICE_INIT("=,="), SLICE_INIT("=3D=2C=3D")},
	{SLICE_INIT("=2C"), SLICE_INIT("=3D2C")},
	{SLICE_INIT("a b+c"), SLICE_INIT("a b+c")},
	{SLICE_INIT("j\xC3\xBCrgen,"), SLICE_INIT("j\xC3\xBCrgen=2C")},
	{SLICE_INIT("a\0,"), SLICE_INIT("a\0=2C")},
};

START_TEST(writes)
{
	char room[64];
	struct slice expected = rows[_i].written;
	memset(room, '#', sizeof(room));
	ck_assert_uint_eq(smtp_saslname_write(rows[_i].name, NULL), expected.len);
	ck_assert_uint_eq(smtp_saslname_write(rows[_i].name, room), expected.len);
	ck_assert(slice_eq(slice_of(room, expected.len), expected));
	ck_assert_int_eq(room[expected.len], '#');
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("smtp saslname");
	TCase *t = tcase_create("saslname");
	tcase_add_loop_test(t, writes, 0, COUNT_OF(rows));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
