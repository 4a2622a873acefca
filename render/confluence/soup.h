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

#endif
