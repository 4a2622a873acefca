#include "render/html/colour.h"

static unsigned luminance(uint32_t rgb)
{
	unsigned r = rgb >> 16 & 0xff;
	unsigned g = rgb >> 8 & 0xff;
	unsigned b = rgb & 0xff;
	return (2126 * r * r + 7152 * g * g + 722 * b * b) / (255 * 255); /* 0 to 10000 */
}

unsigned colour_contrast(uint32_t a, uint32_t b)
{
	unsigned la = luminance(a) + 500;
	unsigned lb = luminance(b) + 500;
	return la > lb ? la * 10 / lb : lb * 10 / la;
}

uint32_t colour_on(uint32_t ground)
{
	return colour_contrast(COLOUR_TEXT, ground) >= colour_contrast(COLOUR_WHITE, ground)
		       ? COLOUR_TEXT
		       : COLOUR_WHITE;
}

struct colour_pair colour_of_panel(enum panel_type type)
{
	static const struct colour_pair pairs[] = {
		[PANEL_INFO] = {0xdeebff, 0x0052cc},   [PANEL_NOTE] = {0xeae6ff, 0x5243aa},
		[PANEL_TIP] = {0xe3fcef, 0x00875a},    [PANEL_WARNING] = {0xfffae6, 0xff991f},
		[PANEL_ERROR] = {0xffebe6, 0xde350b},  [PANEL_SUCCESS] = {0xe3fcef, 0x00875a},
		[PANEL_CUSTOM] = {0xf4f5f7, 0xc1c7d0}, [PANEL_PLAIN] = {0xfefefe, 0xc1c7d0},
	};
	return pairs[type];
}

struct colour_pair colour_of_status(const struct node_status *status)
{
	static const struct colour_pair pairs[] = {
		[STATUS_NEUTRAL] = {0xdfe1e6, 0x42526e}, [STATUS_BLUE] = {0xdeebff, 0x0747a6},
		[STATUS_RED] = {0xffebe6, 0xbf2600},	 [STATUS_YELLOW] = {0xfff0b3, 0x172b4d},
		[STATUS_GREEN] = {0xe3fcef, 0x006644},	 [STATUS_PURPLE] = {0xeae6ff, 0x403294},
	};
	if (status->colour < COUNT_OF(pairs)) {
		return pairs[status->colour];
	}
	uint32_t ground = status->custom & 0xffffff;
	return (struct colour_pair){ground, colour_on(ground)};
}
