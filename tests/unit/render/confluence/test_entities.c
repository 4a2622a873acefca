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

static const struct {
	const char *body;
	const char *declared;
} prologs[] = {
	{"", ""},
	{"<p>a &amp; b &lt; &#228; &quot;</p>", ""},
	{"&nbsp;", "<!ENTITY nbsp \"&#160;\">"},
	{"a&uuml;b&nbsp;c&uuml;", "<!ENTITY uuml \"&#252;\"><!ENTITY nbsp \"&#160;\">"},
	{"<a b='&thetasym;'/>", "<!ENTITY thetasym \"&#977;\">"},
	{"&&nbsp;", "<!ENTITY nbsp \"&#160;\">"},
	{"&nbsp &", ""},
	{"&NBSP;", ""},
	{"&nosuch;", ""},
	{"&thetasymx;", ""},
	{"&;", ""},
	{"&nb&sp;", ""},
};

START_TEST(prolog_declares_what_is_named)
{
	struct arena a;
	struct slice prolog;
	arena_init(&a, 65536);
	ck_assert_int_eq(entities_prolog(slice_of_text(prologs[_i].body), &a, &prolog), FAULT_NONE);
	ck_assert(slice_starts(prolog, SLICE_LIT("<!DOCTYPE page [")));
	ck_assert(slice_ends(prolog, SLICE_LIT("]><page>\n")));
	struct slice declared = slice_skip(prolog, SLICE_LIT("<!DOCTYPE page [").len);
	declared.len -= SLICE_LIT("]><page>\n").len;
	ck_assert_msg(slice_eq(declared, slice_of_text(prologs[_i].declared)), "%s: %.*s",
		      prologs[_i].body, (int)declared.len, declared.ptr);
	arena_deinit(&a);
}
END_TEST

static const char *const names[] = {
#define ENTITY(name, code) "&" #name ";",
#include "render/confluence/entities.def"
#undef ENTITY
};

/* Both readers see all of the table: what the prolog declares, the look-up knows. */
START_TEST(prolog_and_look_up_agree)
{
	struct arena a;
	struct slice prolog;
	struct slice by_name = slice_of_text(names[_i]);
	uint32_t wanted;
	uint32_t code;
	arena_init(&a, 65536);
	ck_assert_int_eq(entities_prolog(by_name, &a, &prolog), FAULT_NONE);
	prolog = slice_skip(prolog, slice_find_byte(prolog, '"') + 1);
	struct slice number = slice_first(prolog, slice_find_byte(prolog, '"'));
	ck_assert(entities_next(&number, &wanted));
	ck_assert_msg(entities_next(&by_name, &code) && code == wanted, "%s", names[_i]);
	arena_deinit(&a);
}
END_TEST

START_TEST(prolog_needs_memory)
{
	struct arena a;
	struct slice prolog;
	arena_init(&a, 16);
	ck_assert_int_eq(entities_prolog(SLICE_LIT("&nbsp;"), &a, &prolog), FAULT_NO_MEMORY);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("entities");
	TCase *t = tcase_create("entities");
	tcase_add_loop_test(t, reference, 0, COUNT_OF(rows));
	tcase_add_test(t, numbers_without_end);
	tcase_add_loop_test(t, prolog_declares_what_is_named, 0, COUNT_OF(prologs));
	tcase_add_loop_test(t, prolog_and_look_up_agree, 0, COUNT_OF(names));
	tcase_add_test(t, prolog_needs_memory);
	suite_add_tcase(s, t);
	return check_main(s);
}
