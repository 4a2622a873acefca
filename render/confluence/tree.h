/*
 * NAME     tree - the document tree that all inputs share and all writers read
 * SHAPE    node.def says for each kind where it stands and what its children are. The builder
 *          keeps these promises, so a writer need not check them: blocks hold only blocks, or
 *          only inlines, or only their parts; a LINK holds no LINK; every ROW of a TABLE fills
 *          all its columns, spans clamped; ids are unique; an address is absolute with an allowed
 *          scheme or `#id`; text is valid UTF-8 without control characters; white space is
 *          collapsed already (only CODE holds newlines and tabs); block depth is at most
 *          TREE_DEPTH_MAX. A GROUP may be empty; a TABLE may have a CAPTION and no ROW
 * MARKS    bits on every inline leaf, so adjacent leaves are compared with one look; a LINK alone
 *          is a node
 * OWNS     nothing: nodes, attributes and text lie in the arena of the job. Writers take the tree
 *          as const
 * LIMITS   64 bytes a node; time and memory grow linearly with the page
 * SEE      render-spec.md sections 2 to 7
 */
#ifndef RENDER_CONFLUENCE_TREE_H
#define RENDER_CONFLUENCE_TREE_H

#include "spool-free/base/slice.h"

enum {
	TREE_DEPTH_MAX = 100, /* deeper blocks go on flat */
	TREE_NO_ATTACHMENT = -1,
	TREE_LANGUAGES_MAX = 16, /* further ones are not told */
};

enum node_kind {
#define NODE(name, level, content, member) NODE_##name,
#include "render/confluence/node.def"
#undef NODE
	NODE_KINDS
};

enum node_level { NODE_IS_PART, NODE_IS_BLOCK, NODE_IS_INLINE };
enum node_content { NODE_HOLDS_TEXTLESS, NODE_HOLDS_INLINES, NODE_HOLDS_BLOCKS, NODE_HOLDS_PARTS };

enum {
	MARK_STRONG = 1 << 0,
	MARK_EM = 1 << 1,
	MARK_UNDERLINE = 1 << 2,
	MARK_STRIKE = 1 << 3,
	MARK_CODE = 1 << 4,
	MARK_SUB = 1 << 5,
	MARK_SUP = 1 << 6,
	MARK_SMALL = 1 << 7, /* 12 px */
	MARK_BIG = 1 << 8,   /* 16 px */
};

enum {
	NODE_TIGHT = 1 << 0,  /* PARAGRAPH without margins of its own */
	NODE_SMALL = 1 << 1,  /* PARAGRAPH: 12 px */
	NODE_HEAD = 1 << 2,   /* ROW, CELL */
	NODE_DONE = 1 << 3,   /* TASK, DECISION */
	NODE_NESTED = 1 << 4, /* EXPAND */
	NODE_THUMB = 1 << 5,  /* PICTURE, IMAGE: at most 300 px wide; 160 px in a GALLERY */
	NODE_FOOT = 1 << 6,   /* ROW: from tfoot, after all others */
	NODE_COUNT = 1 << 7,  /* CELL: the number of its row, as the page's editor wrote it */
	NODE_SENT = 1 << 6,   /* FILE_INLINE behind a link: says that it goes along, if it does */
	NODE_RULED = 1 << 0,  /* LAYOUT: a line between columns */
};

enum node_align {
	ALIGN_NONE,
	ALIGN_START,
	ALIGN_CENTER,
	ALIGN_END,
	ALIGN_WRAP_START,
	ALIGN_WRAP_END
};
enum node_valign { VALIGN_NONE, VALIGN_TOP, VALIGN_MIDDLE, VALIGN_BOTTOM };

/* A colour, or COLOUR_NONE (0): COLOUR_SET | 0xRRGGBB. */
enum { COLOUR_NONE = 0, COLOUR_SET = 1 << 24 };

/* Colours of a run of text; shared by its leaves, so pointers may be compared first. */
struct ink {
	uint32_t text;
	uint32_t ground;
};

struct node_heading {
	struct slice id; /* unique on the page, made from the text */
	uint8_t level;	 /* 1 to 6 */
};

struct node_titled {
	struct slice title; /* may be empty */
};

struct node_numbers {
	uint32_t start;
	char type; /* as HTML's: 1, a, i, A, I; 0: by depth */
};

enum panel_type {
	PANEL_INFO,
	PANEL_NOTE,
	PANEL_TIP,
	PANEL_WARNING,
	PANEL_ERROR,
	PANEL_SUCCESS,
	PANEL_CUSTOM,
	PANEL_PLAIN
};

enum border_style { BORDER_SOLID, BORDER_DASHED, BORDER_DOTTED, BORDER_DOUBLE, BORDER_NONE };

struct panel {
	/* Colours of section 7; CUSTOM and PLAIN (the panel macro) by those below */
	enum panel_type type;
	struct slice title;
	struct slice icon;	 /* CUSTOM: its icon as text */
	uint32_t ground, border; /* COLOUR_NONE: the type's own */
	uint32_t title_ground, title_text;
	uint8_t border_width; /* px, PLAIN; 0: not said */
	uint8_t border_style; /* enum border_style, PLAIN */
};

struct code {
	struct slice text;     /* whole; lines by \n, no \r */
	struct slice language; /* may be empty */
	struct slice title;    /* may be empty */
	bool numbered;	       /* line numbers, beginning with first_line */
	bool bare;	       /* without the box */
	uint32_t first_line;
};

struct table {
	uint32_t columns;	/* of the widest row; 0: nothing in it */
	uint32_t width;		/* px; 0: all there is */
	bool numbered;		/* a first column with numbers is to be added */
	uint32_t width_count;	/* of widths[]; 0 or columns */
	const uint32_t *widths; /* shares: any unit; 0 where not said */
	uint32_t width_sum;
	bool widths_px;	  /* one of them at least is in px, no share of the whole */
	uint32_t letters; /* of the longest words of all columns together */
};

struct node_cell {
	uint16_t colspan, rowspan; /* at least 1, clamped to the table */
	uint8_t valign;		   /* enum node_valign */
	uint8_t letters;	   /* of its longest word, at most 255; tables inside not counted */
	uint32_t ground;
};

struct node_column {
	uint8_t percent; /* all of a LAYOUT together: 100, or a little less */
	uint8_t valign;	 /* enum node_valign */
};

struct image {
	int32_t attachment; /* index into the job's, or TREE_NO_ATTACHMENT */
	struct slice url;   /* external address; empty when not external. Both missing: it could not
			       be found */
	struct slice name;  /* file name on the page, empty if external */
	struct slice alt;   /* what to say in its place; never empty unless decoration */
	struct slice href;  /* PICTURE: address to link to, or empty (an IMAGE stands in a LINK) */
	uint32_t width, height; /* px wished for; 0: not said */
	uint32_t percent;	/* width as a share of the column, 0: not said */
	uint32_t border;	/* colour, COLOUR_NONE: none; `border_width` px */
	uint8_t border_width;
	bool is_inline; /* asked to stand in the line, also when alone there */
};

struct node_gallery {
	uint8_t columns; /* pictures in a row, 1 to 3 */
};

struct node_rule {
	uint32_t colour; /* COLOUR_NONE: the usual grey */
	uint8_t style;	 /* enum border_style */
	uint8_t weight;	 /* px; 0: not said, 1 */
};

struct card {
	struct slice label;   /* "Children of this page", a title, an address; never empty */
	struct slice macro;   /* name of the macro, empty for a card of a link */
	struct slice href;    /* of the place to open; empty: none known */
	struct slice summary; /* a line under the title, may be empty */
	bool is_link;	      /* the page's own link shown as a card: the label alone, no "open in
				 Confluence" */
	bool is_bare;	      /* without a frame: what was embedded */
};

struct file_line {
	struct slice name;
	struct slice href;  /* of the file in Confluence; empty: none known */
	int32_t attachment; /* TREE_NO_ATTACHMENT: it did not come with the job */
};

struct node_link {
	struct slice href;
	const struct slice *title; /* or NULL */
};

enum status_colour {
	STATUS_NEUTRAL,
	STATUS_BLUE,
	STATUS_RED,
	STATUS_YELLOW,
	STATUS_GREEN,
	STATUS_PURPLE,
	STATUS_CUSTOM
};

struct node_status {
	struct slice text;
	uint32_t custom; /* colour of STATUS_CUSTOM */
	uint8_t colour;	 /* enum status_colour */
	bool mixed_case; /* as written; otherwise in upper case */
	bool subtle;	 /* an outline instead of a ground */
};

struct node_date {
	struct slice raw; /* as it stood; shown when month is 0 */
	uint16_t year;
	uint8_t month, day;
};

struct node_mention {
	struct slice name; /* without @; "user" when nobody knows it */
	bool self;	   /* the reader */
};

struct node_emoji {
	struct slice text;  /* Unicode, or :name: */
	int32_t attachment; /* custom picture, usually TREE_NO_ATTACHMENT */
};

struct node_anchor {
	struct slice id;
};

struct node {
	struct node *parent;
	struct node *first;
	struct node *next;
	const struct ink *ink; /* inline leaves: NULL or their colours */
	uint8_t kind;	       /* enum node_kind */
	uint8_t align;	       /* enum node_align; PARAGRAPH, HEADING, PICTURE, CELL, RULE, TABLE */
	uint8_t indent;	       /* steps of 30 px; PARAGRAPH, HEADING, GROUP */
	uint8_t flags;	       /* NODE_... */
	uint16_t marks;	       /* MARK_...; inline leaves */
	uint8_t language; /* of a block that says it: 1 + its place in the document's list; 0: not said */
	union {
		struct slice text;
		struct node_heading heading;
		struct node_titled titled;
		struct node_numbers numbers;
		struct node_cell cell;
		struct node_column column;
		struct node_gallery gallery;
		struct node_rule rule;
		struct node_link link;
		struct node_status status;
		struct node_date date;
		struct node_mention mention;
		struct node_emoji emoji;
		struct node_anchor anchor;
		struct panel *panel;
		struct code *code;
		struct table *table;
		struct image *image;
		struct card *card;
		struct file_line *file;
	} of;
};

/* As node.def says it. */
extern const uint8_t node_levels[NODE_KINDS];
extern const uint8_t node_contents[NODE_KINDS];

static inline enum node_level node_level(const struct node *n)
{
	return (enum node_level)node_levels[n->kind];
}

static inline enum node_content node_content(const struct node *n)
{
	return (enum node_content)node_contents[n->kind];
}

struct slice node_kind_name(enum node_kind kind); /* "PARAGRAPH"; for tests and dumps */

/*
 * A walk over all of a tree, without recursion:
 *
 *     struct walk w = walk_of(root);
 *     while (walk_next(&w)) {
 *             if (w.leaving) { close(w.at); } else { open(w.at); }
 *     }
 *
 * Every node that may hold children is entered and left, also when it is empty; a leaf (TEXTLESS)
 * is only entered. The root is entered first and left last. walk_skip() while entering leaves out
 * the children: the next event is the node's leaving.
 */
struct walk {
	const struct node *root;
	const struct node *at;
	bool leaving;
	bool skip;
};

static inline struct walk walk_of(const struct node *root)
{
	return (struct walk){.root = root};
}

static inline bool walk_next(struct walk *w)
{
	const struct node *n = w->at;
	if (n == NULL) { /* a fresh walk */
		w->at = w->root;
		return w->at != NULL;
	}
	if (!w->leaving && node_content(n) != NODE_HOLDS_TEXTLESS) {
		w->leaving = n->first == NULL || w->skip;
		w->skip = false;
		w->at = w->leaving ? n : n->first;
		return true;
	}
	if (n == w->root) {
		return false;
	}
	w->leaving = n->next == NULL;
	w->at = w->leaving ? n->parent : n->next;
	return true;
}

static inline void walk_skip(struct walk *w)
{
	w->skip = true;
}

#endif
