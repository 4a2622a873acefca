/*
 * NAME     writer - inside of the HTML writer: its state, and the functions of each kind of node
 * USE      render/html/html.c walks; blocks, lists, tables, pictures, inlines and frame write
 * RULE     a node's functions write what html_enter and html_leave tables say, and keep no state but `now`, so that
 *          a cut can go back to a mark and close what was open there
 */
#ifndef RENDER_HTML_WRITER_H
#define RENDER_HTML_WRITER_H

#include "render/html/colour.h"
#include "render/html/out.h"
#include "render/html/view.h"

/* Outlook's tables inherit no font: it stands in every cell. */
#define HTML_FONT   "font:14px/1.43 Arial,Helvetica,sans-serif;"
#define HTML_INK    "color:#172b4d;"
#define HTML_MONO   "Consolas,Menlo,'Courier New',monospace"
#define HTML_LAYOUT "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\""

enum {
	HTML_LIMIT = 102400, /* what Gmail shows of a mail's HTML */
	HTML_MARK_ROOM =
		7400, /* so much before the end every block's end is a place to cut: from 88,000 bytes on */
	HTML_LEAST = 4096,	 /* bytes of the page that are shown in any case */
	HTML_TRIES = 5,		 /* to cut a page that custom CSS makes longer */
	HTML_CLOSE_ROOM = 7000,	 /* end tags of all that is open, and the notices */
	HTML_NOTICE_MAX = 8192,	 /* bytes of the notice above the page */
	HTML_ADDRESS_MAX = 1024, /* of the page, where it is cut */
	HTML_FRAME = 4096,	 /* around a usual page */
	HTML_GROWTH = 4,	 /* of a usual page, from storage format */
	HTML_COLUMN = 632,	 /* px between the frame's paddings */
	HTML_PHONE = 312,	 /* the same on a narrow screen */
};

/* A table, layout or gallery that is open: where in it the writer is. */
struct html_grid {
	struct html_grid *outer;
	const struct node *node;
	uint32_t rows;	  /* begun so far */
	uint32_t numbers; /* of rows that are no head */
	uint32_t cells;	  /* begun in this row; of a layout: columns begun */
	uint32_t at;	  /* first column of the next cell */
	uint32_t count;	  /* of a layout: all its columns */
	uint64_t whole;	  /* of a table: width of all columns, in the unit of theirs; 0: not said */
	uint32_t room;	  /* px of a table */
};

struct html_state {
	struct html_grid *grid;
	uint8_t heading;   /* level of the last one, as shown */
	uint8_t depth;	   /* of it below the page's title */
	uint8_t levels[6]; /* by depth: those it stands below, as the page says, and its own */
	uint8_t blanks;	   /* empty paragraphs in a row */
	bool in_link;
	const struct node *link; /* the last one that ended */
};

struct html {
	struct out out;
	struct view *view;
	struct html_state now;
	size_t stop;	  /* length at which the page must be cut */
	size_t mark_from; /* from here on places to cut are marked */
	struct {
		bool set;
		size_t at;
		const struct node *node;
		struct html_state state;
		size_t shown; /* pictures */
	} mark;
	bool full;   /* the walk is to end at the mark */
	bool styled; /* custom CSS follows: html_name() writes */
	bool dark;   /* some ground so far is a dark one */
};

typedef void html_fn(struct html *h, const struct node *n);

/* By kind; NULL writes nothing. An enter function that wants no children calls nothing: see html.c. */
html_fn html_enter_paragraph, html_leave_paragraph, html_enter_heading, html_leave_heading;
html_fn html_enter_group, html_leave_group, html_enter_quote, html_leave_quote;
html_fn html_enter_panel, html_leave_panel, html_enter_expand, html_leave_titled;
html_fn html_enter_frame, html_enter_tab, html_leave_tab, html_enter_rule, html_leave_rule;
html_fn html_code, html_card, html_file;
html_fn html_enter_bullets, html_leave_bullets, html_enter_numbers, html_leave_numbers;
html_fn html_enter_item, html_leave_item, html_enter_tasks, html_leave_tasks;
html_fn html_enter_task, html_leave_task, html_enter_decisions, html_leave_decisions;
html_fn html_enter_decision, html_leave_decision;
html_fn html_enter_table, html_leave_table, html_enter_row, html_leave_row;
html_fn html_enter_cell, html_leave_cell, html_enter_layout, html_leave_layout;
html_fn html_enter_column, html_leave_column, html_enter_gallery, html_leave_gallery;
html_fn html_enter_files, html_leave_files, html_enter_picture, html_leave_picture,
	html_enter_caption, html_leave_caption;
html_fn html_text, html_break, html_enter_link, html_leave_link, html_image, html_status;
html_fn html_date, html_mention, html_emoji, html_card_inline, html_file_inline, html_anchor;

/* Names for custom CSS of the element whose tag follows: see css_inline.h. Nothing where there is none. */
void html_name(struct html *h, struct slice names);

/* Attributes that several blocks share. */
void html_put_language(struct html *h, const struct node *block); /* ` lang="fr"` or nothing */
void html_put_dir(struct html *h, const struct node *block);	  /* ` dir="rtl"` or nothing */
/* Both with ` align="right"`, or the side that the page wants: not for tables, which would float. */
void html_put_direction(struct html *h, const struct node *block);
bool html_turns(const struct html *h, const struct node *block); /* would that be something? */
/* Does it run from right to left, by its own letters or else as the frame does? */
bool html_runs_left(const struct html *h, const struct node *block);
void html_put_align(struct html *h, const struct node *n); /* `text-align:...;` or nothing */
void html_put_link(struct html *h, struct slice href);	   /* `<a href="..." style="...">` */
uint32_t html_ground(const struct node *n);		   /* what `n` stands on, 0xRRGGBB */
uint32_t html_room(const struct node *n); /* px that stand open to a picture there */

/* Before the page is written: how large its pictures will stand. */
void html_measure_pictures(struct html *h);

/* Grids. */
struct html_grid *html_push_grid(struct html *h, const struct node *n);
void html_pop_grid(struct html *h);

/* Cutting: may this go on? Marks the place behind a whole block. */
bool html_has_room(const struct html *h, size_t more);
size_t html_room_left(const struct html *h, size_t less); /* bytes, `less` kept back */
void html_mark(struct html *h, const struct node *n);

/* What stands around the page. */
void html_put_head(struct html *h);
void html_put_foot(struct html *h);
/* Above a page that is cut, and where it is cut. */
void html_put_notice(struct html *h);
void html_put_rest(struct html *h);

#endif
