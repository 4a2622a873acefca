#include "render/confluence/entities.h"

#include "tests/support/check_main.h"

static const struct {
	const char *text;
	uint32_t code; /* 0 with `left` the whole text: no reference */
	const char *left;
} rows[] = {
	{"&nbsp;x", 0xA0, "x"},
	{"&thetasym;", 0x3D1, ""},
	{"&zwnj;", 0x200C, ""},
	{"&AElig;", 0xC6, ""},
	{"&Yuml;", 0x178, ""},
	{"&lt;", '<', ""},
	{"&apos;", '\'', ""},
	{"&copy 2024", 0xA9, " 2024"},
	{"&#65;", 'A', ""},
	{"&#x20AC;x", 0x20AC, "x"},
	{"&#X20ac", 0x20AC, ""},
	{"&", 0, "&"},
	{"&;", 0, "&;"},
	{"& ", 0, "& "},
	{"&#;", 0, "&#;"},
	{"&#x;", 0, "&#x;"},
	{"&#xg;", 0, "&#xg;"},
	{"&NBSP;", 0, "&NBSP;"},
	{"&nosuch;", 0, "&nosuch;"},
	{"&thetasymx;", 0, "&thetasymx;"},
	{"&averyverylongname;", 0, "&averyverylongname;"},
};

START_TEST(reference)
{
	struct slice s = slice_of_text(rows[_i].text);
	uint32_t code = 0;
	bool found = entities_next(&s, &code);
	ck_assert_msg(found == (rows[_i].code != 0), "%s", rows[_i].text);
	ck_assert_msg(!found || code == rows[_i].code, "%s: %u", rows[_i].text, code);
	ck_assert_msg(slice_eq(s, slice_of_text(rows[_i].left)), "%s", rows[_i].text);
}
END_TEST

/* Past Unicode, and far past what a number holds: still one reference, for text_encode() to refuse. */
START_TEST(numbers_without_end)
{
	struct slice s = SLICE_LIT("&#99999999999999999999999999;x");
	uint32_t code;
	ck_assert(entities_next(&s, &code));
	ck_assert_uint_gt(code, 0x10FFFF);
	ck_assert(slice_eq(s, SLICE_LIT("x")));
}
END_TEST

/* Both users of the table see all of it: what the prolog declares, the look-up knows. */
START_TEST(prolog_and_table_agree)
{
	struct slice prolog = entities_prolog();
	unsigned count = 0;
	for (size_t at; (at = slice_find(prolog, SLICE_LIT("<!ENTITY "))) < prolog.len; count++) {
		struct slice name;
		struct slice number;
		prolog = slice_skip(prolog, at + SLICE_LIT("<!ENTITY ").len);
		ck_assert(slice_cut_to(&prolog, ' ', &name));
		prolog = slice_skip(prolog, 1);
		number = slice_first(prolog, slice_find_byte(prolog, '"'));
		char text[64] = "&";
		for (size_t i = 0; i < name.len; i++) {
			text[i + 1] = name.ptr[i];
		}
		struct slice by_name = slice_of(text, name.len + 1);
		uint32_t wanted;
		uint32_t code;
		ck_assert(entities_next(&number, &wanted));
		ck_assert_msg(entities_next(&by_name, &code) && code == wanted, "%s", text);
	}
	ck_assert_uint_eq(count, 248);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("entities");
	TCase *t = tcase_create("entities");
	tcase_add_loop_test(t, reference, 0, COUNT_OF(rows));
	tcase_add_test(t, numbers_without_end);
	tcase_add_test(t, prolog_and_table_agree);
	suite_add_tcase(s, t);
	return check_main(s);
}
