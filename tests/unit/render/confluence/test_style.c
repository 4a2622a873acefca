#include "render/confluence/style.h"

#include "tests/support/check_main.h"

static const struct {
	const char *text;
	uint32_t expected; /* COLOUR_NONE: refused */
} colours[] = {
	{"#fff", COLOUR_SET | 0xFFFFFF},
	{"#1a2B3c", COLOUR_SET | 0x1A2B3C},
	{"#11223344", COLOUR_SET | 0x112233},
	{" rgb(1, 2,255) ", COLOUR_SET | 0x0102FF},
	{"RGB(0,0,0)", COLOUR_SET},
	{"Teal", COLOUR_SET | 0x008080},
	{"", COLOUR_NONE},
	{"#", COLOUR_NONE},
	{"#12", COLOUR_NONE},
	{"#12345", COLOUR_NONE},
	{"#1234567", COLOUR_NONE},
	{"#112233445", COLOUR_NONE},
	{"#gggggg", COLOUR_NONE},
	{"rgb(256,0,0)", COLOUR_NONE},
	{"rgb(1,2)", COLOUR_NONE},
	{"rgb(1,2,3,4)", COLOUR_NONE},
	{"rgb(-1,0,0)", COLOUR_NONE},
	{"rgb(1,2,3", COLOUR_NONE},
	{"rgb()", COLOUR_NONE},
	{"rgba(1,2,3,0.5)", COLOUR_NONE},
	{"url(https://a.example)", COLOUR_NONE},
	{"expression(alert(1))", COLOUR_NONE},
	{"rebeccapurple", COLOUR_NONE},
	{"var(--x)", COLOUR_NONE},
};

START_TEST(colour)
{
	ck_assert_msg(style_colour(slice_of_text(colours[_i].text)) == colours[_i].expected, "%s",
		      colours[_i].text);
}
END_TEST

START_TEST(highlight)
{
	ck_assert_uint_eq(style_highlight(SLICE_LIT("blue")), COLOUR_SET | 0xDEEBFF);
	ck_assert_uint_eq(style_highlight(SLICE_LIT("#123456")), COLOUR_SET | 0x123456);
	ck_assert_uint_eq(style_highlight(SLICE_LIT("none")), COLOUR_NONE);
}
END_TEST

static const struct {
	const char *text;
	uint32_t px;
	uint32_t percent;
} lengths[] = {
	{"120", 120, 0},
	{" 120px ", 120, 0},
	{"120.75px", 120, 0},
	{"33.3%", 0, 33},
	{"100%", 0, 100},
	{"500%", 0, 100},
	{"99999999999999999999px", 100000, 0},
	{"", 0, 0},
	{"px", 0, 0},
	{"-5px", 0, 0},
	{".5px", 0, 0},
	{"5em", 0, 0},
	{"calc(5px)", 0, 0},
	{"5 px x", 0, 0},
	{"%", 0, 0},
};

START_TEST(length)
{
	struct slice text = slice_of_text(lengths[_i].text);
	ck_assert_msg(style_px(text) == lengths[_i].px, "%s", lengths[_i].text);
	ck_assert_msg(style_percent(text) == lengths[_i].percent, "%s", lengths[_i].text);
}
END_TEST

START_TEST(declarations)
{
	struct slice style = SLICE_LIT(" color : red ;; nonsense; background-color:blue;width:");
	struct slice property;
	struct slice value;
	ck_assert(style_next(&style, &property, &value));
	ck_assert(slice_eq(property, SLICE_LIT("color")) && slice_eq(value, SLICE_LIT("red")));
	ck_assert(style_next(&style, &property, &value));
	ck_assert(slice_eq(property, SLICE_LIT("background-color")));
	ck_assert(slice_eq(value, SLICE_LIT("blue")));
	ck_assert(style_next(&style, &property, &value));
	ck_assert(slice_eq(property, SLICE_LIT("width")) && value.len == 0);
	ck_assert(!style_next(&style, &property, &value));
	const struct slice two = SLICE_LIT("Width: 2px;color:red");
	ck_assert(slice_eq(style_property(two, SLICE_LIT("width")), SLICE_LIT("2px")));
	ck_assert_uint_eq(style_property(two, SLICE_LIT("height")).len, 0);
}
END_TEST

START_TEST(words)
{
	ck_assert_int_eq(style_align(SLICE_LIT("Center")), ALIGN_CENTER);
	ck_assert_int_eq(style_align(SLICE_LIT("wrap-left")), ALIGN_WRAP_START);
	ck_assert_int_eq(style_align(SLICE_LIT("justify")), ALIGN_NONE);
	ck_assert_int_eq(style_align(slice_of(NULL, 0)), ALIGN_NONE);
	ck_assert_int_eq(style_valign(SLICE_LIT(" Middle")), VALIGN_MIDDLE);
	ck_assert_int_eq(style_valign(SLICE_LIT("baseline")), VALIGN_NONE);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("style");
	TCase *t = tcase_create("style");
	tcase_add_loop_test(t, colour, 0, COUNT_OF(colours));
	tcase_add_test(t, highlight);
	tcase_add_loop_test(t, length, 0, COUNT_OF(lengths));
	tcase_add_test(t, declarations);
	tcase_add_test(t, words);
	suite_add_tcase(s, t);
	return check_main(s);
}
