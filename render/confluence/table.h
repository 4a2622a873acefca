/*
 * NAME     table - a TABLE just read becomes a full grid
 * DOES     clamps spans to the columns and rows left, fills ragged rows with one empty cell, drops
 * rows without cells, counts columns, fits the list of widths to them, finds the longest word of each cell
 * LIMITS   linear in cells, rows and their text, however large the spans are
 * SEE      render-spec.md section 6
 */
#ifndef RENDER_CONFLUENCE_TABLE_H
#define RENDER_CONFLUENCE_TABLE_H

#include "render/confluence/tree.h"

enum {
	TABLE_COLSPAN_MAX = 100,
	TABLE_COLUMNS_MAX = 1000, /* by spans; a row of more cells than that keeps them */
};

struct builder;

void table_finish(struct builder *b, struct node *table);

/* Where the page has it: `layout` as the page says. One that is wider than the text takes all the room there is. */
void table_place(struct node *table, struct slice layout);

#endif
