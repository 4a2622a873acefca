/*
 * NAME     builder - blocks, inlines and text, in any order, become a tree that keeps tree.h's
 * promises USE      a reader opens and closes what its source says; the builder adds what is
 * missing (a paragraph around bare text, an item around a list in a list), drops what is empty,
 * collapses white space, goes on flat below TREE_DEPTH_MAX. builder_open() gives the depth to hand
 * to builder_close() later FAULTS   NO_MEMORY, kept in `fault` until builder_finish() says it: from
 * then on nodes are dropped, and what is asked for is the spare node, so that a reader need not
 * look at each step OWNS     nothing; the tree lies in the arena given THREADS  one owner at a time
 */
#ifndef RENDER_CONFLUENCE_BUILDER_H
#define RENDER_CONFLUENCE_BUILDER_H

#include "spool-free/base/arena.h"
#include "render/confluence/outline.h"
#include "render/confluence/tree.h"

enum {
	BUILDER_FRAMES = TREE_DEPTH_MAX +
			 8, /* room for a paragraph and a link at the deepest place */
	BUILDER_NO_DEPTH = UINT16_MAX,
	BUILDER_SCRATCH = 256,
};

/* What a LINK goes to; kept in the arena and shared by the nodes it makes. */
struct builder_link {
	struct slice href;
	const struct slice *title; /* or NULL */
};

struct builder_frame {
	struct node *node;
	struct node *last; /* its last child */
	/* The child before that, so that the last one can be taken away again */
	struct node *before;
	struct node *tail;		 /* the last child of `last`, should that be opened again */
	const struct builder_link *link; /* of a LINK */
	uint8_t empties;    /* empty paragraphs, or line breaks, in a row among the children */
	uint8_t paragraphs; /* children of that kind, up to 2 */
	bool implied; /* opened by the builder itself: closed when the next thing does not fit */
	bool split; /* a paragraph that a block has cut: nothing is missing if the rest is empty */
};

struct builder {
	struct arena *arena;
	enum fault fault;
	unsigned depth; /* frames in use */
	uint16_t marks; /* of the inlines to come, like the next two */
	const struct ink *ink;
	const struct builder_link *link;
	bool space;    /* white space seen, not yet written */
	bool fresh;    /* first on its line: white space before it is dropped */
	bool too_deep; /* something went on flat */
	char *text_at, *text_end;
	size_t text_taken;
	char *slab_at, *slab_end; /* nodes come in slabs, which grow with the page */
	size_t node_count;
	struct node *recycled;
	struct node *root;
	struct node *anchors; /* that wait for the next paragraph */
	struct outline outline;
	struct node spare;
	_Alignas(16) char scratch[BUILDER_SCRATCH];
	struct builder_frame frames[BUILDER_FRAMES];
};

MUST_USE enum fault builder_init(struct builder *b, struct arena *arena);
/* Closes all; resolves ids, tables of contents and links within the page. */
MUST_USE enum fault builder_finish(struct builder *b, struct slice page_title,
				   struct slice page_url);

/*
 * Opens a block or part as the last child of where we are. The depth to close again goes to
 * `out_depth`; the node, or the spare one when the tree is too deep or memory is out.
 */
struct node *builder_open(struct builder *b, enum node_kind kind, unsigned *out_depth);
void builder_close(struct builder *b, unsigned depth);

/* A leaf. A block leaf ends the paragraph it stands in; an inline leaf begins one if none is open.
 */
struct node *builder_leaf(struct builder *b, enum node_kind kind);
/* An inline where a paragraph is open, else the block of the pair. */
struct node *builder_leaf_either(struct builder *b, enum node_kind in_line, enum node_kind block);

void builder_break(struct builder *b);			 /* ends an open paragraph */
void builder_anchor(struct builder *b, struct slice id); /* stands before the next inline */
bool builder_is_inline(
	const struct builder *b); /* a paragraph is open and not empty, or a heading is */
/* Directly on the page or in a column of it, or in a paragraph there that bare text has begun. */
bool builder_is_page_level(const struct builder *b);

/*
 * What is built between these two stands nowhere in the tree: it hangs in the GROUP given back, and the line that was
 * being written goes on afterwards. Only while there is room for it.
 */
struct builder_aside {
	unsigned depth;
	uint16_t marks;
	const struct ink *ink;
	const struct builder_link *link;
	bool space, fresh;
};
bool builder_can_go_aside(const struct builder *b);
struct node *builder_go_aside(struct builder *b, struct builder_aside *out_aside);
void builder_come_back(struct builder *b, const struct builder_aside *aside);

/* When all is closed: goes on inside an empty node of the tree, or at the end of the root. */
void builder_go_to(struct builder *b, struct node *place);

struct node *builder_top(struct builder *b);
/* The nearest open node of that kind, or NULL. */
struct node *builder_nearest(struct builder *b, enum node_kind kind);

/* Zeroed memory for attributes, at most BUILDER_SCRATCH bytes; when there is none: the scratch
 * space, and the fault is kept. */
void *builder_alloc(struct builder *b, size_t size);

/* For words.h and close.h: a node outside the tree, putting it in, and the place where inlines can
 * go. */
struct node *builder_new(struct builder *b, enum node_kind kind);
void builder_give_attributes(struct builder *b, struct node *n); /* those that lie beside it */
void builder_append(struct builder *b, struct node *n);
void builder_make_inline_place(struct builder *b);
/* White space before a run of text goes to the end of the run before it, if it can: then true. */
bool builder_space_goes_before(struct builder *b);
struct builder_frame *builder_frame(struct builder *b);

#endif
