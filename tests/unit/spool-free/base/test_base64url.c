#include "spool-free/base/base64url.h"

#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/oom.h"

/* RFC 4648 section 10, without padding; and the letters that base64 has others for. */
static const struct {
	struct slice bytes;
	struct slice text;
} rows[] = {
	{SLICE_INIT(""), SLICE_INIT("")},
	{SLICE_INIT("f"), SLICE_INIT("Zg")},
	{SLICE_INIT("fo"), SLICE_INIT("Zm8")},
	{SLICE_INIT("foo"), SLICE_INIT("Zm9v")},
	{SLICE_INIT("foob"), SLICE_INIT("Zm9vYg")},
	{SLICE_INIT("fooba"), SLICE_INIT("Zm9vYmE")},
	{SLICE_INIT("foobar"), SLICE_INIT("Zm9vYmFy")},
	{SLICE_INIT("\xFB\xFF\xBF\0"), SLICE_INIT("-_-_AA")},
};

START_TEST(bytes_there_and_back)
{
	char room[16];
	size_t len;
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, 64);
	ck_assert_uint_eq(BASE64URL_LEN(rows[_i].bytes.len), rows[_i].text.len);
	base64url_encode(rows[_i].bytes, room);
	ck_assert(slice_eq(slice_of(room, rows[_i].text.len), rows[_i].text));
	ck_assert_uint_eq(base64url_decode(slice_of(room, rows[_i].text.len), room, &len),
			  FAULT_NONE);
	ck_assert(slice_eq(slice_of(room, len), rows[_i].bytes));
	ck_assert_uint_eq(buf_add_text(&b, "x"), FAULT_NONE);
	ck_assert_uint_eq(base64url_add(&b, rows[_i].bytes), FAULT_NONE);
	ck_assert(slice_eq(slice_skip(buf_view(&b), 1), rows[_i].text));
}
END_TEST

START_TEST(every_byte_in_every_place)
{
	for (int byte = 0; byte < 256; byte++) {
		char in[3] = {(char)byte, (char)(byte * 7), (char)(255 - byte)};
		for (size_t n = 1; n <= sizeof(in); n++) {
			char text[4];
			char back[3];
			size_t len;
			base64url_encode(slice_of(in, n), text);
			ck_assert_uint_eq(
				base64url_decode(slice_of(text, BASE64URL_LEN(n)), back, &len),
				FAULT_NONE);
			ck_assert(slice_eq(slice_of(back, len), slice_of(in, n)));
		}
	}
}
END_TEST

static const struct slice wrong[] = {
	SLICE_INIT("A"),     SLICE_INIT("AAAAA"), SLICE_INIT("Zg=="), SLICE_INIT("Zh"),
	SLICE_INIT("Zm9="),  SLICE_INIT("Zm9"),	  SLICE_INIT("+A"),   SLICE_INIT("/A"),
	SLICE_INIT("A A A"), SLICE_INIT("AA\n"),  SLICE_INIT("A\0"),  SLICE_INIT("AA.A"),
};

START_TEST(refuses_what_is_none)
{
	char room[16];
	size_t len = 99;
	ck_assert_uint_eq(base64url_decode(wrong[_i], room, &len), FAULT_MALFORMED);
	ck_assert_uint_eq(len, 99);
}
END_TEST

START_TEST(a_full_buf_says_so)
{
	CLEANUP(buf_deinit) struct buf b;
	buf_init(&b, 3);
	ck_assert_uint_eq(base64url_add(&b, SLICE_LIT("foo")), FAULT_TOO_LARGE);
	ck_assert_uint_eq(b.len, 0);
	oom_arm(1);
	ck_assert_uint_eq(base64url_add(&b, SLICE_LIT("fo")), FAULT_NO_MEMORY);
	ck_assert(oom_disarm());
	ck_assert_uint_eq(base64url_add(&b, SLICE_LIT("fo")), FAULT_NONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("spool-free/base/base64url");
	TCase *t = tcase_create("base64url");
	tcase_add_loop_test(t, bytes_there_and_back, 0, COUNT_OF(rows));
	tcase_add_test(t, every_byte_in_every_place);
	tcase_add_loop_test(t, refuses_what_is_none, 0, COUNT_OF(wrong));
	tcase_add_test(t, a_full_buf_says_so);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
