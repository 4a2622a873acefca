/*
 * NAME     live - what Confluence or an app computed for a part of the page, brought by the job, stands in its place
 * USE      live_find() by all the ids that the page gives it, then live_show() where it stands
 * LIMITS   never inside itself, at most LIVE_DEPTH inside each other, each at most LIVE_TIMES on a page, and large ones
 *          less often, so that work grows with what the job brings and not with how often the page names it
 * FAULTS   kept in the reader's builder
 */
#ifndef RENDER_CONFLUENCE_LIVE_H
#define RENDER_CONFLUENCE_LIVE_H

#include "render/confluence/reader.h"

enum {
	LIVE_TIMES = 8,
	LIVE_AGAIN = 512 * 1024, /* bytes of content that is shown once more, all of it together */
};

struct known_live;

/* Of the first of `ids` that the job brings content for; NULL: none, or it may not stand here. */
struct known_live *live_find(struct reader *r, const struct slice *ids, size_t count);
void live_show(struct reader *r, struct known_live *live);
/* What it says without its looks: the text itself, or that between the tags; for renderers that read a value in it. */
struct slice live_text(struct reader *r, struct known_live *live);

#endif
