/*
 * NAME     export_view - reads HTML that Confluence rendered: the formats view and export_view, and live macros
 * TABLE    export_view.def: what is seen by its class, attribute or name there, before the rules of elements.def
 * PARSER   soup.h. libxml2's HTML parser was measured instead and left: time grows with the square of the attributes of a
 *          tag (131,072 of them, 1 MB: 17 s) and of end tags that fit nothing (20,000 open elements, 1 MB of `</span>`:
 *          6 s), which only a tokeniser before it could keep away; `<![if !mso]>` comes out as text; a meta element
 *          changes the encoding given; its memory is wiped for the whole process or not at all
 * OWNS     nothing; all lies in the arena of the reader's builder
 * LIMITS   linear in the input; read inside itself at most VIEW_NESTED_MAX times; links to at most VIEW_FRAGMENTS_MAX
 *          places within the page find what is neither a heading nor an anchor
 * FAULTS   kept in the reader's builder
 * SEE      render-spec.md section 8
 */
#ifndef RENDER_CONFLUENCE_EXPORT_VIEW_H
#define RENDER_CONFLUENCE_EXPORT_VIEW_H

#include "render/confluence/reader.h"

enum {
	VIEW_NESTED_MAX = 5,
	VIEW_FRAGMENTS_MAX = 1024,
};

/*
 * All of `html`, valid UTF-8, where the reader stands: a page, or what Confluence made of a macro. When the reader has read
 * nothing yet, only the inside of #main-content counts, if there is one.
 */
MUST_USE enum fault export_view_read(struct slice html, struct reader *r);
bool export_view_may_nest(
	const struct reader *r); /* false: it would be nested too deep, and is left out */

/* The rule for an element about to be opened, NULL: the one of elements.def. Only while r->view is set. */
const struct element_rule *export_view_rule(struct reader *r, const struct tag *t);

/* What it has open is not open any more; NULL is allowed. */
void export_view_forget(struct export_view *v);

/* Rows of the table, for a list of what is known; false past the last. */
struct export_view_row {
	struct slice found; /* a class, an attribute or an element */
	struct slice becomes;
};
bool export_view_each(size_t index, struct export_view_row *out_row);

#endif
