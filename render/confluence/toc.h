/*
 * NAME     toc - the list that stands for a table of contents macro
 * DOES     nested lists of links to the headings; a long one shows its first two levels only
 * LIMITS   linear in the headings
 */
#ifndef RENDER_CONFLUENCE_TOC_H
#define RENDER_CONFLUENCE_TOC_H

#include "render/confluence/outline.h"

/* Ids are given already. */
void toc_fill(struct builder *b, const struct outline_toc *toc);

#endif
