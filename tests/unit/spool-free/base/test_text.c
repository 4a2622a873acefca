#include "spool-free/base/text.h"

#include <string.h>

#include "tests/support/check_main.h"

static const struct {
	struct slice text;
	size_t valid;
} runs[] = {
	{SLICE_INIT(""), 0},
	{SLICE_INIT("a\0b"), 3},
	{SLICE_INIT("plain text longer than eight bytes"), 34},
	{SLICE_INIT("\xC2\x80\xDF\xBF"), 4},
	{SLICE_INIT("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"), 12},
	{SLICE_INIT("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"), 8},
	{SLICE_INIT("\x80"), 0},
	{SLICE_INIT("12345678\xBF"), 8},
	{SLICE_INIT("\xC0\x80"), 0},	     /* overlong */
	{SLICE_INIT("\xC1\xBF"), 0},	     /* overlong */
	{SLICE_INIT("\xE0\x9F\xBF"), 0},     /* overlong */
	{SLICE_INIT("\xF0\x8F\xBF\xBF"), 0}, /* overlong */
	{SLICE_INIT("\xED\xA0\x80"), 0},     /* surrogate */
	{SLICE_INIT("\xED\xBF\xBF"), 0},     /* surrogate */
	{SLICE_INIT("\xF4\x90\x80\x80"), 0}, /* past U+10FFFF */
	{SLICE_INIT("\xF5\x80\x80\x80"), 0},
	{SLICE_INIT("\xFF"), 0},
	{SLICE_INIT("a\xC3"), 1},	     /* cut off */
	{SLICE_INIT("a\xE2\x82"), 1},	     /* cut off */
	{SLICE_INIT("a\xF0\x9F\x98"), 1},    /* cut off */
	{SLICE_INIT("\xC3\x28"), 0},	     /* no second byte */
	{SLICE_INIT("\xE2\x82\x28"), 0},     /* no third byte */
	{SLICE_INIT("\xF0\x9F\x98\x28"), 0}, /* no fourth byte */
	{SLICE_INIT("\xE2\x82\xAC\xE2\x28"), 3},
};

START_TEST(valid_starts_are_measured)
{
	ck_assert_uint_eq(text_utf8_valid(runs[_i].text), runs[_i].valid);
}
END_TEST

START_TEST(every_code_point_there_and_back)
{
	for (uint32_t code = 0; code <= 0x110000; code++) {
		char bytes[TEXT_UTF8_MAX];
		struct slice s = slice_of(bytes, text_encode(code, bytes));
		bool is_scalar = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
		ck_assert_uint_eq(text_utf8_valid(s), s.len);
		uint32_t back = text_next(&s);
		if (back != (is_scalar ? code : TEXT_REPLACEMENT) || s.len != 0) {
			ck_abort_msg("%x", code);
		}
	}
}
END_TEST

START_TEST(invalid_bytes_are_replaced_one_by_one)
{
	static const uint32_t want[] = {
		'a', TEXT_REPLACEMENT, TEXT_REPLACEMENT, 0x20AC, TEXT_REPLACEMENT,
		'(', TEXT_REPLACEMENT};
	struct slice s = SLICE_LIT("a\xF0\x9F\xE2\x82\xAC\xC3(\xC3");
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		ck_assert_uint_gt(s.len, 0);
		ck_assert_uint_eq(text_next(&s), want[i]);
	}
	ck_assert_uint_eq(s.len, 0);
}
END_TEST

/* The eight bytes that are looked at together begin anywhere. */
START_TEST(ascii_is_told_at_every_place)
{
	char bytes[40];
	for (size_t len = 0; len < sizeof(bytes); len++) {
		memset(bytes, 'a', sizeof(bytes));
		ck_assert(text_is_ascii(slice_of(bytes, len)));
		for (size_t at = 0; at < len; at++) {
			bytes[at] = (char)0x80;
			ck_assert(!text_is_ascii(slice_of(bytes, len)));
			ck_assert_uint_eq(text_utf8_valid(slice_of(bytes, len)), at);
			bytes[at] = 'a';
		}
	}
}
END_TEST

static const struct {
	struct slice text;
	bool safe;
} headers[] = {
	{SLICE_INIT(""), true},
	{SLICE_INIT("Quarterly report"), true},
	{SLICE_INIT("a\tb"), true},
	{SLICE_INIT("\xC3\x9C\xF0\x9F\x98\x80"), true},
	{SLICE_INIT("a\r\nBcc: b"), false},
	{SLICE_INIT("a\nb"), false},
	{SLICE_INIT("a\rb"), false},
	{SLICE_INIT("a\0b"), false},
	{SLICE_INIT("a\x1B[0m"), false},
	{SLICE_INIT("a\x7F"), false},
	{SLICE_INIT("a\xC3"), false},
	{SLICE_INIT("a\x80"), false},
};

START_TEST(header_safety)
{
	ck_assert_int_eq(text_is_header_safe(headers[_i].text), headers[_i].safe);
}
END_TEST

static const struct {
	uint32_t code;
	unsigned columns;
	bool rtl, letter;
} kinds[] = {
	{'a', 1, false, true},	     {'5', 1, false, false},   {' ', 1, false, false},
	{'-', 1, false, false},	     {0xA0, 1, false, false},  {0xAD, 1, false, false},
	{0xE9, 1, false, true},	     {0xD7, 1, false, false},  /* multiplication sign */
	{0x301, 0, false, false},			       /* combining acute */
	{0x3B1, 1, false, true},			       /* alpha */
	{0x416, 1, false, true},			       /* Cyrillic zhe */
	{0x5D0, 1, true, true},				       /* alef */
	{0x5B0, 0, false, false},			       /* Hebrew point */
	{0x627, 1, true, true},				       /* Arabic alef */
	{0x660, 1, false, false},			       /* Arabic digit: weak */
	{0x7B1, 1, true, true},				       /* Thaana */
	{0xFB1D, 1, true, true},			       /* Hebrew presentation form */
	{0x1E900, 1, true, true},			       /* Adlam */
	{0x1100, 2, false, true},			       /* Hangul choseong */
	{0x200B, 0, false, false},			       /* zero width space */
	{0x200D, 0, false, false},			       /* zero width joiner */
	{0x2013, 1, false, false},			       /* en dash */
	{0x20AC, 1, false, false},			       /* euro */
	{0x3042, 2, false, true},			       /* hiragana a */
	{0x4E2D, 2, false, true},			       /* CJK */
	{0x9FFF, 2, false, true},    {0xAC00, 2, false, true}, /* Hangul syllable */
	{0xFE0F, 0, false, false},			       /* variation selector */
	{0xFF21, 2, false, true},			       /* full-width A */
	{0xFF71, 1, false, true},			       /* half-width katakana */
	{0x1F600, 2, false, false},			       /* emoji */
	{0x20000, 2, false, true},			       /* CJK extension B */
	{0xE0100, 0, false, false},			       /* variation selector supplement */
	{0x10FFFF, 1, false, false},
};

START_TEST(kinds_of_characters)
{
	ck_assert_uint_eq(text_columns(kinds[_i].code), kinds[_i].columns);
	ck_assert_int_eq(text_is_rtl(kinds[_i].code), kinds[_i].rtl);
	ck_assert_int_eq(text_is_letter(kinds[_i].code), kinds[_i].letter);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/text");
	TCase *t = tcase_create("text");
	tcase_add_loop_test(t, valid_starts_are_measured, 0, COUNT_OF(runs));
	tcase_add_test(t, every_code_point_there_and_back);
	tcase_add_test(t, invalid_bytes_are_replaced_one_by_one);
	tcase_add_test(t, ascii_is_told_at_every_place);
	tcase_add_loop_test(t, header_safety, 0, COUNT_OF(headers));
	tcase_add_loop_test(t, kinds_of_characters, 0, COUNT_OF(kinds));
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
