/*
 * NAME     soup - reads a page that is not well-formed XML, as far as it can be read
 * DOES     tokens, after the WHATWG tokeniser's states, straight into the reader: no tree of its
 * own. Unclosed and misnested elements are closed where HTML would; CDATA is understood; what is no
 * tag is text LIMITS   linear in the input FAULTS   kept in the reader's builder
 */
#ifndef RENDER_CONFLUENCE_SOUP_H
#define RENDER_CONFLUENCE_SOUP_H

#include "render/confluence/reader.h"

/* All of `text`; elements that it opens are closed at its end, and none that were open before. */
void soup_read(struct slice text, struct reader *r);

/*
 * The same for a page of HTML: the mark of a comment without an end is not shown. When an element has
 * the id `only`, its inside alone counts; what the reader was given before is forgotten then. `only` may be empty, and
 * counts only while no element is open in the reader.
 */
void soup_read_page(struct slice html, struct slice only, struct reader *r);

#endif
