/*
 * NAME     cards - an address that the page shows by the title of what is there: in the line, or as a box
 * DOES     title, summary and state as the job knows them; else the page's own words, else the address, shortened
 * SEE      render-spec.md section 2: inlineCard, blockCard, embedCard
 */
#ifndef RENDER_CONFLUENCE_CARDS_H
#define RENDER_CONFLUENCE_CARDS_H

#include "render/confluence/reader.h"

enum { CARDS_ADDRESS_MAX = 60 };

enum cards_look { CARDS_INLINE, CARDS_BLOCK, CARDS_EMBED };

/* `href` as reader_href() gives it, empty when there is nowhere to go; `words` may be empty, or the address itself. */
void cards_show(struct reader *r, struct slice href, struct slice words, enum cards_look look);
/* The state of an issue or task, in the colour that its word suggests. */
void cards_show_status(struct reader *r, struct slice status);
/* What stands below a title: the state, the summary, or both. */
struct slice cards_summary(struct reader *r, struct slice status, struct slice summary);
/* "YouTube", "Vimeo" or "Loom" for an address of a film there, else empty. */
struct slice cards_film_host(struct slice href);

#endif
