/*
 * NAME     colour - which text can be read on which ground
 * UNIT     colours are 0xRRGGBB, as in tree.h without COLOUR_SET
 * SEE      WCAG 2.1, contrast ratio; the sRGB curve is taken as a square, which errs by less than the last digit
 *          that matters here
 */
#ifndef RENDER_HTML_COLOUR_H
#define RENDER_HTML_COLOUR_H

#include "render/confluence/tree.h"

enum {
	COLOUR_TEXT = 0x172b4d,
	COLOUR_LINK = 0x0052cc,
	COLOUR_BORDER = 0xc1c7d0,
	COLOUR_LIGHT = 0xf4f5f7,
	COLOUR_GREY = 0x505f79,
	COLOUR_WHITE = 0xfefefe, /* readers turn pure white and pure black round in dark mode */
	CONTRAST_LEAST = 30,	 /* 3:1: a page's own colours, render-spec.md section 3 */
	CONTRAST_TEXT = 45,	 /* 4.5:1: ours, section 10.14 */
};

unsigned colour_contrast(uint32_t a, uint32_t b); /* ten times the ratio: 10 to 210 */
uint32_t colour_on(uint32_t ground); /* COLOUR_TEXT or COLOUR_WHITE, whichever is clearer */

struct colour_pair {
	uint32_t ground, text;
};
/* Of panels and status labels (render-spec.md section 7). */
struct colour_pair colour_of_panel(enum panel_type type); /* text: the bar */
struct colour_pair colour_of_status(const struct node_status *status);

#endif
