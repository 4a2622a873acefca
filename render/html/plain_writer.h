/*
 * NAME     plain_writer - inside of the text writer: its state, and the functions of each kind of node
 * USE      render/html/plain.c walks; plain_blocks, plain_lists, plain_tables, plain_drawing and plain_inlines write
 */
#ifndef RENDER_HTML_PLAIN_WRITER_H
#define RENDER_HTML_PLAIN_WRITER_H

#include "render/html/addresses.h"
#include "render/html/flow.h"
#include "render/html/view.h"

/* A table that is open and goes out as records: one line for each cell. */
struct plain_table {
	struct plain_table *outer;
	const struct node *node;
	struct slice *heads; /* by column; empty where there is none */
	bool keyed;	     /* keys and values: nothing stands between two of them */
	uint32_t rows;	     /* of the body, begun so far */
	uint32_t head_rows;  /* before them, whose words name the values */
	uint32_t at;	     /* first column of the next cell */
	uint16_t *below;     /* by column: rows that a cell above still covers */
};

/* A list that is open. */
struct plain_list {
	struct plain_list *outer;
	uint64_t number; /* of the next item */
	unsigned digits; /* of the last number */
	unsigned depth;	 /* of numbered lists: 0 at the top */
	bool numbered;
	char type; /* 1, a, i, A, I */
};

struct plain {
	struct flow *flow; /* where words go: the page, or a cell that is looked at first */
	struct flow page;
	struct flow cell; /* into scratch, never wrapped */
	struct view *view;
	struct addresses addresses;
	struct plain_table *table;
	struct plain_list *list;
	struct buf scratch; /* a line under way: of code, or a cell's words */
	bool joined;	    /* the next paragraph goes on in the open line */
	bool skip;	    /* the children of the node just entered are written already */
};

typedef void plain_fn(struct plain *p, const struct node *n);

plain_fn plain_enter_paragraph, plain_leave_paragraph, plain_enter_heading, plain_leave_heading;
plain_fn plain_enter_group, plain_leave_group, plain_enter_quote, plain_leave_block;
plain_fn plain_enter_panel, plain_enter_titled, plain_enter_tab, plain_leave_tab;
plain_fn plain_enter_rule, plain_leave_rule, plain_code, plain_card, plain_file;
plain_fn plain_enter_list, plain_leave_list, plain_enter_item, plain_leave_item;
plain_fn plain_enter_task, plain_enter_decision;
plain_fn plain_enter_table, plain_leave_table, plain_enter_row, plain_leave_row;
plain_fn plain_enter_cell, plain_leave_cell, plain_leave_layout, plain_leave_column;
plain_fn plain_enter_picture, plain_leave_picture, plain_enter_caption, plain_leave_caption;
plain_fn plain_text, plain_break, plain_enter_link, plain_leave_link, plain_image, plain_status;
plain_fn plain_date, plain_mention, plain_emoji, plain_card_inline, plain_file_inline;

/* What kinds of nodes do, for who writes a subtree on his own. */
plain_fn *plain_entering(const struct node *n);
plain_fn *plain_leaving(const struct node *n);
/* Of cells and rows of a table. */
bool plain_is_simple(const struct node *cell,
		     bool breaks_too); /* words, and breaks, only: it can stand in one line */
bool plain_is_head_row(const struct node *row);
struct slice plain_cell_words(struct plain *p,
			      const struct node *cell); /* as one line; good until the next cell */
/* Draws a table; false when it does not fit, and nothing is written. */
bool plain_draw_table(struct plain *p, const struct node *table);
/* All words below `n` as running text. */
void plain_inlines(struct plain *p, const struct node *n);

void plain_block_begins(struct plain *p); /* ends the line; one empty line before what comes */
void plain_block_ends(struct plain *p);
void plain_put_address(struct plain *p, struct slice href); /* ` <href>` or ` [n]` */
void plain_put_number(struct plain *p, uint64_t number);

#endif
