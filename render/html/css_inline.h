/*
 * NAME     css_inline - custom CSS goes into the style attributes of our own HTML
 * INPUT    what html_write() wrote with `styled` set, and nothing else: well-formed, attributes in double quotes.
 *          `<?a b?>` in front of a tag gives its element the public class names a and b; `=x` gives it the tag x (a quote
 *          of ours is a table), `~x` lets it take what is inherited of .x (a button's text stands in an element of its
 *          own). They do not go out
 * RULE     table, tr, th and td mean tables of the page, not those of the frame. What `body` sets for text goes to every
 *          cell, because Outlook's tables inherit nothing. Padding goes to cells only, widths to tables and cells.
 *          !important decides here and does not go out, so that the frame's dark mode stays above all. A ground of
 *          the tenant's own is kept in dark mode
 * LIMITS   every element meets every rule once: at most CSS_RULES_MAX looks an element; elements nested deeper than
 *          CSS_DEPTH_MAX get nothing
 * FAULTS   NO_MEMORY, TOO_LARGE (of `into`)
 */
#ifndef RENDER_HTML_CSS_INLINE_H
#define RENDER_HTML_CSS_INLINE_H

#include "spool-free/base/buf.h"
#include "render/html/css.h"

enum { CSS_DEPTH_MAX = 512 };

MUST_USE enum fault css_inline(const struct css *css, struct slice html, struct arena *arena,
			       struct buf *into);

#endif
