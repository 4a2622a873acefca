#include "render/html/colour.h"

#include <math.h>

#include "tests/support/check_main.h"

/* Ratios times ten, as WCAG's formula gives them; the square curve may err by a tenth of the value. */
static const struct {
	uint32_t a, b;
	unsigned least, most;
} contrasts[] = {
	{0x000000, 0xffffff, 205, 210}, {0xffffff, 0x000000, 205, 210},
	{0x777777, 0x777777, 10, 10},	{0x172b4d, 0xffffff, 115, 160},
	{0xff991f, 0xffffff, 18, 23},	{0xffff99, 0xffffff, 10, 12},
	{0x505f79, 0xffffff, 45, 58},	{0x0052cc, 0xffffff, 58, 75},
};

START_TEST(contrast)
{
	unsigned c = colour_contrast(contrasts[_i].a, contrasts[_i].b);
	ck_assert_msg(c >= contrasts[_i].least && c <= contrasts[_i].most, "%u", c);
}
END_TEST

static const struct {
	uint32_t ground, text;
} grounds[] = {
	{0xffffff, COLOUR_TEXT},  {0xf4f5f7, COLOUR_TEXT},  {0x000000, COLOUR_WHITE},
	{0x0052cc, COLOUR_WHITE}, {0x172b4d, COLOUR_WHITE}, {0xffe380, COLOUR_TEXT},
};

START_TEST(text_on_ground)
{
	ck_assert_uint_eq(colour_on(grounds[_i].ground), grounds[_i].text);
}
END_TEST

/* What the product itself pairs can be read: 4.5:1 for words, 1.9:1 for a bar. */
START_TEST(own_pairs)
{
	for (enum status_colour c = STATUS_NEUTRAL; c <= STATUS_PURPLE; c++) {
		struct node_status s = {.colour = (uint8_t)c};
		struct colour_pair p = colour_of_status(&s);
		ck_assert_uint_ge(colour_contrast(p.ground, p.text), 45);
	}
	for (enum panel_type t = PANEL_INFO; t <= PANEL_SUCCESS; t++) {
		struct colour_pair p = colour_of_panel(t);
		ck_assert_uint_ge(colour_contrast(p.ground, p.text), 19);
		ck_assert_uint_ge(colour_contrast(p.ground, COLOUR_TEXT), 45);
	}
}
END_TEST

static double channel(uint32_t rgb, unsigned shift)
{
	double c = (double)(rgb >> shift & 0xff) / 255;
	return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* WCAG 2.1 to the letter. */
static double ratio(uint32_t a, uint32_t b)
{
	double la = 0.2126 * channel(a, 16) + 0.7152 * channel(a, 8) + 0.0722 * channel(a, 0);
	double lb = 0.2126 * channel(b, 16) + 0.7152 * channel(b, 8) + 0.0722 * channel(b, 0);
	return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}

/* Every fixed ground with every fixed colour of words that may stand on it, in light and in dark mode. */
static const struct {
	const char *name;
	uint32_t ground, text;
} palette[] = {
	{"text", 0xfefefe, 0x172b4d},
	{"link", 0xfefefe, 0x0052cc},
	{"grey", 0xfefefe, 0x505f79},
	{"text on light", 0xf4f5f7, 0x172b4d},
	{"link on light", 0xf4f5f7, 0x0052cc},
	{"grey on light", 0xf4f5f7, 0x505f79},
	{"decided", 0xf4f5f7, 0x006644},
	{"button", 0x0052cc, 0xfefefe},
	{"note", 0xdeebff, 0x172b4d},
	{"link in a note", 0xdeebff, 0x0052cc},
	{"size notice", 0xfffae6, 0x172b4d},
	{"link in a size notice", 0xfffae6, 0x0052cc},
	{"link in a panel", 0xeae6ff, 0x0052cc},
	{"link in a tip", 0xe3fcef, 0x0052cc},
	{"link in an error", 0xffebe6, 0x0052cc},
	{"grey in a note panel", 0xeae6ff, 0x505f79},
	{"mention", 0xdeebff, 0x172b4d},
	{"dark text", 0x22272b, 0xdee4ea},
	{"dark link", 0x22272b, 0x85b8ff},
	{"dark grey", 0x22272b, 0x9fadbc},
};

START_TEST(fixed_palette)
{
	ck_assert_msg(ratio(palette[_i].ground, palette[_i].text) >= 4.5, "%s: %.2f",
		      palette[_i].name, ratio(palette[_i].ground, palette[_i].text));
}
END_TEST

START_TEST(custom_status)
{
	struct node_status dark = {.colour = STATUS_CUSTOM, .custom = COLOUR_SET | 0x102030};
	struct colour_pair p = colour_of_status(&dark);
	ck_assert_uint_eq(p.ground, 0x102030);
	ck_assert_uint_eq(p.text, COLOUR_WHITE);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("colour");
	TCase *t = tcase_create("rows");
	tcase_add_loop_test(t, contrast, 0, (int)COUNT_OF(contrasts));
	tcase_add_loop_test(t, text_on_ground, 0, (int)COUNT_OF(grounds));
	tcase_add_test(t, own_pairs);
	tcase_add_loop_test(t, fixed_palette, 0, (int)COUNT_OF(palette));
	tcase_add_test(t, custom_status);
	suite_add_tcase(s, t);
	return check_main(s);
}
