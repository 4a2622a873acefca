/*
 * NAME     close - what becomes of a node when it is complete
 * DOES     drops what is empty, turns a paragraph that holds one picture, card or file into that
 * block, finishes tables, layouts and headings
 */
#ifndef RENDER_CONFLUENCE_CLOSE_H
#define RENDER_CONFLUENCE_CLOSE_H

#include "render/confluence/builder.h"

void close_top(struct builder *b);

/* Bare text of these is a tight paragraph. */
bool close_is_tight_in(const struct node *container);

#endif
