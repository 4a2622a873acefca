/*
 * NAME     style - the little of CSS and of presentational attributes that is read from a page
 * PURE     views into the text given
 * SEE      render-spec.md section 1, rule 4: which colours and which properties
 */
#ifndef RENDER_CONFLUENCE_STYLE_H
#define RENDER_CONFLUENCE_STYLE_H

#include "spool-free/base/slice.h"
#include "render/confluence/tree.h"

/* `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb(r,g,b)` or a CSS level 1 name; else COLOUR_NONE. */
uint32_t style_colour(struct slice text);

/* The ground of a highlighted cell: a name of Confluence's palette, or a colour. */
uint32_t style_highlight(struct slice text);

/* A length in whole px (`120`, `120px`, `120.5px`); 0 when it is no such length. At most 100,000.
 */
uint32_t style_px(struct slice text);
/* A share (`33.3%`) in whole per cent, 1 to 100; 0 when it is none. */
uint32_t style_percent(struct slice text);

/*
 * Takes `property: value` off the front of the text of a style attribute, both trimmed. False at
 * the end.
 */
bool style_next(struct slice *style, struct slice *out_property, struct slice *out_value);
/* The value of one property in the text of a style attribute, empty if it is not there. */
struct slice style_property(struct slice style, struct slice wanted);

enum node_align style_align(
	struct slice text); /* words of CSS and of Confluence; else ALIGN_NONE */
enum node_valign style_valign(struct slice text); /* top, middle, bottom; else VALIGN_NONE */

#endif
