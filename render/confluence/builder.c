#include "render/confluence/builder.h"

#include <assert.h>
#include <string.h>

#include "render/confluence/close.h"

enum { BREAKS_MAX = 100 };

enum fault builder_init(struct builder *b, struct arena *arena)
{
	memset(b, 0, offsetof(struct builder, frames));
	b->arena = arena;
	b->fresh = true;
	b->depth = 1;
	b->frames[0] = (struct builder_frame){.node = &b->spare}; /* safe to use without a root */
	b->root = arena_alloc(arena, sizeof(*b->root));
	if (b->root == NULL) {
		b->fault = FAULT_NO_MEMORY;
		return FAULT_NO_MEMORY;
	}
	b->root->kind = NODE_ROOT;
	b->frames[0].node = b->root;
	b->node_count = 1;
	return FAULT_NONE;
}

struct builder_frame *builder_frame(struct builder *b)
{
	return &b->frames[b->depth - 1];
}

struct node *builder_top(struct builder *b)
{
	return builder_frame(b)->node;
}

struct node *builder_nearest(struct builder *b, enum node_kind kind)
{
	for (unsigned i = b->depth; i-- > 0;) {
		if (b->frames[i].node->kind == kind) {
			return b->frames[i].node;
		}
	}
	return NULL;
}

void builder_append(struct builder *b, struct node *n)
{
	struct builder_frame *f = builder_frame(b);
	if (n == &b->spare) {
		return;
	}
	n->parent = f->node;
	if (f->last == NULL) {
		f->node->first = n;
	} else {
		f->last->next = n;
	}
	f->before = f->last;
	f->last = n;
	f->tail = NULL;
	if (n->kind == NODE_BREAK) {
		f->empties += f->empties < BREAKS_MAX ? 1 : 0;
	} else if (n->kind != NODE_PARAGRAPH) {
		f->empties = 0;
	}
	b->node_count++;
}

static void push(struct builder *b, struct node *n, bool implied)
{
	if (n == &b->spare) {
		return;
	}
	assert(b->depth < BUILDER_FRAMES);
	b->frames[b->depth++] = (struct builder_frame){.node = n, .implied = implied};
}

static void open_implied(struct builder *b, enum node_kind kind)
{
	struct node *n = builder_new(b, kind);
	builder_append(b, n);
	push(b, n, true);
}

/* Its last child must be known, or what comes next would push out what it holds. */
static bool last_can_grow(struct builder *b, enum node_kind kind)
{
	struct builder_frame *f = builder_frame(b);
	return f->last != NULL && f->last->kind == kind &&
	       (f->last->first == NULL || f->tail != NULL);
}

/* The last child of the top goes on growing. */
static void reopen_last(struct builder *b)
{
	struct builder_frame *f = builder_frame(b);
	struct node *tail = f->tail;
	push(b, f->last, true);
	builder_frame(b)->last = tail;
}

void builder_close(struct builder *b, unsigned depth)
{
	while (b->depth > depth && b->depth > 1) {
		close_top(b);
	}
}

/* What lists and tables hold, and where a part without a home goes. NODE_ROOT, which is 0: nothing of the kind. */
static const uint8_t part_of[NODE_KINDS] = {
	[NODE_BULLETS] = NODE_ITEM,	  [NODE_NUMBERS] = NODE_ITEM, [NODE_TASKS] = NODE_TASK,
	[NODE_DECISIONS] = NODE_DECISION, [NODE_TABLE] = NODE_ROW,    [NODE_ROW] = NODE_CELL,
	[NODE_LAYOUT] = NODE_COLUMN,
};

static const uint8_t home_of[NODE_KINDS] = {
	[NODE_ITEM] = NODE_BULLETS, [NODE_TASK] = NODE_TASKS, [NODE_DECISION] = NODE_DECISIONS,
	[NODE_ROW] = NODE_TABLE,    [NODE_CELL] = NODE_ROW,   [NODE_COLUMN] = NODE_LAYOUT,
};

static bool fits(enum node_kind part, enum node_kind home)
{
	return (part != NODE_ROOT && part_of[home] == part) ||
	       (part == NODE_CAPTION && (home == NODE_TABLE || home == NODE_PICTURE));
}

static void begin_line(struct builder *b)
{
	b->fresh = true;
	b->space = false;
}

/* Makes the top a place for blocks: ends a paragraph, adds the part that a list needs. */
static void make_block_place(struct builder *b)
{
	while (node_content(builder_top(b)) == NODE_HOLDS_INLINES) {
		builder_frame(b)->split = true;
		close_top(b);
	}
	if (builder_top(b)->kind == NODE_PICTURE) {
		close_top(b);
	}
	while (node_content(builder_top(b)) == NODE_HOLDS_PARTS && builder_frame(b)->implied) {
		close_top(b);
	}
	while (node_content(builder_top(b)) == NODE_HOLDS_PARTS && b->fault == FAULT_NONE) {
		enum node_kind part = part_of[builder_top(b)->kind];
		if (last_can_grow(b, part)) {
			reopen_last(b);
		} else {
			open_implied(b, part);
		}
	}
}

/* Frames that a kind and what must stand in it take, with a paragraph and a link inside. */
static unsigned frames_for(enum node_kind kind)
{
	bool holds_parts = node_content(&(struct node){.kind = (uint8_t)kind}) == NODE_HOLDS_PARTS;
	return kind == NODE_TABLE ? 5 : holds_parts ? 4 : 3;
}

/* In a heading, a caption or a rule there is no room for a block of its own: it goes on in the line. */
static bool is_flat_here(struct builder *b, enum node_kind kind)
{
	for (unsigned i = b->depth; i-- > 1;) {
		enum node_kind at = b->frames[i].node->kind;
		if (at == NODE_CAPTION || at == NODE_RULE ||
		    (at == NODE_HEADING && kind == NODE_PARAGRAPH)) {
			return true;
		}
		if (node_content(b->frames[i].node) != NODE_HOLDS_INLINES) {
			return false;
		}
	}
	return false;
}

static struct node *refuse(struct builder *b, enum node_kind kind, unsigned *out_depth)
{
	*out_depth = BUILDER_NO_DEPTH;
	b->spare = (struct node){.kind = (uint8_t)kind};
	builder_give_attributes(b, &b->spare);
	return &b->spare;
}

static bool has_room(struct builder *b, enum node_kind kind)
{
	if (b->depth + frames_for(kind) <= TREE_DEPTH_MAX) {
		return true;
	}
	b->too_deep = true;
	return false;
}

/* A part goes into its list; one without a list gets one. */
static bool make_part_place(struct builder *b, enum node_kind part)
{
	while (b->depth > 1 && builder_frame(b)->implied && !fits(part, builder_top(b)->kind)) {
		close_top(b);
	}
	if (fits(part, builder_top(b)->kind)) {
		return true;
	}
	if (part == NODE_CAPTION) {
		return false;
	}
	enum node_kind home = home_of[part];
	if (!fits(home, builder_top(b)->kind)) { /* else: a cell in a table lacks its row alone */
		enum node_kind outer = home == NODE_ROW ? NODE_TABLE : home;
		make_block_place(b);
		if (!has_room(b, outer)) {
			return false;
		}
		if (outer != NODE_TABLE && outer != NODE_LAYOUT && last_can_grow(b, outer)) {
			reopen_last(b);
		} else {
			open_implied(b, outer);
		}
	}
	if (home == NODE_ROW) {
		open_implied(b, NODE_ROW);
	}
	return b->fault == FAULT_NONE;
}

struct node *builder_open(struct builder *b, enum node_kind kind, unsigned *out_depth)
{
	enum node_level level = node_level(&(struct node){.kind = (uint8_t)kind});
	if (b->fault != FAULT_NONE) {
		return refuse(b, kind, out_depth);
	}
	if (is_flat_here(b, kind)) {
		b->space = true;
		return refuse(b, kind, out_depth);
	}
	if (level == NODE_IS_PART) {
		if (!make_part_place(b, kind)) {
			builder_break(b);
			return refuse(b, kind, out_depth);
		}
	} else {
		make_block_place(b);
		if (kind != NODE_PARAGRAPH && kind != NODE_HEADING && !has_room(b, kind)) {
			return refuse(b, kind, out_depth);
		}
	}
	struct node *n = builder_new(b, kind);
	*out_depth = b->depth;
	builder_append(b, n);
	push(b, n, false);
	begin_line(b);
	return n;
}

void builder_break(struct builder *b)
{
	if (is_flat_here(b, NODE_PARAGRAPH)) {
		b->space = true;
		return;
	}
	while (node_content(builder_top(b)) == NODE_HOLDS_INLINES) {
		builder_frame(b)->split = true;
		close_top(b);
	}
	begin_line(b);
}

bool builder_is_inline(const struct builder *b)
{
	const struct builder_frame *f = &b->frames[b->depth - 1];
	return node_content(f->node) == NODE_HOLDS_INLINES;
}

bool builder_is_page_level(const struct builder *b)
{
	unsigned i = b->depth - 1;
	while (i > 0 && node_content(b->frames[i].node) == NODE_HOLDS_INLINES &&
	       b->frames[i].implied) {
		i--;
	}
	return b->frames[i].node->kind == NODE_ROOT || b->frames[i].node->kind == NODE_COLUMN;
}

bool builder_space_goes_before(struct builder *b)
{
	struct node *last = builder_frame(b)->last;
	bool grows = b->space && !b->fresh && last != NULL && last->kind == NODE_TEXT &&
		     b->text_at < b->text_end &&
		     last->of.text.ptr + last->of.text.len == b->text_at;
	if (grows) {
		*b->text_at++ = ' ';
		last->of.text.len++;
		b->space = false;
	}
	return grows;
}

/* White space before what is no text. */
static void write_space(struct builder *b)
{
	if (!b->space || b->fresh || builder_space_goes_before(b)) {
		return;
	}
	struct node *n = builder_new(b, NODE_TEXT);
	n->of.text = SLICE_LIT(" ");
	builder_append(b, n);
	b->space = false;
}

static void adopt_anchors(struct builder *b)
{
	while (b->anchors != NULL) {
		struct node *n = b->anchors;
		b->anchors = n->next;
		n->next = NULL;
		builder_append(b, n);
	}
}

/* Makes the top a place for inlines under the link of the moment. */
void builder_make_inline_place(struct builder *b)
{
	if (b->fault != FAULT_NONE) {
		return;
	}
	if (builder_top(b)->kind == NODE_LINK && builder_frame(b)->link != b->link) {
		close_top(b);
	}
	if (node_content(builder_top(b)) != NODE_HOLDS_INLINES) {
		make_block_place(b);
		struct node *n = builder_new(b, NODE_PARAGRAPH);
		n->flags = close_is_tight_in(builder_top(b)) ? NODE_TIGHT : 0;
		builder_append(b, n);
		push(b, n, true);
		begin_line(b);
	}
	adopt_anchors(b);
	if (b->link != NULL && builder_top(b)->kind != NODE_LINK) {
		write_space(b);
		struct node *n = builder_new(b, NODE_LINK);
		n->of.link = (struct node_link){.href = b->link->href, .title = b->link->title};
		builder_append(b, n);
		push(b, n, true);
		builder_frame(b)->link = b->link;
		if (b->link->href.len > 0 && b->link->href.ptr[0] == '#') {
			outline_add_link(b, n);
		}
	}
}

/* So many line ends in a row are nothing but empty space. */
static bool is_one_break_too_many(struct builder *b, enum node_kind kind)
{
	const struct builder_frame *f = builder_frame(b);
	return kind == NODE_BREAK && f->empties == BREAKS_MAX && f->last != NULL &&
	       f->last->kind == NODE_BREAK;
}

struct node *builder_leaf(struct builder *b, enum node_kind kind)
{
	if (is_one_break_too_many(b, kind)) {
		begin_line(b);
		return &b->spare;
	}
	struct node *n = builder_new(b, kind);
	if (node_level(n) != NODE_IS_INLINE) {
		if (is_flat_here(b, kind)) {
			unsigned nowhere;
			return refuse(b, kind, &nowhere);
		}
		make_block_place(b);
		builder_append(b, n);
		begin_line(b);
		return n;
	}
	builder_make_inline_place(b);
	if (kind == NODE_BREAK) {
		begin_line(b);
	} else {
		write_space(b);
		b->fresh = false;
	}
	n->marks = b->marks;
	n->ink = b->ink;
	builder_append(b, n);
	return n;
}

struct node *builder_leaf_either(struct builder *b, enum node_kind in_line, enum node_kind block)
{
	return builder_leaf(b, builder_is_inline(b) ? in_line : block);
}

void builder_anchor(struct builder *b, struct slice id)
{
	struct node *n = builder_new(b, NODE_ANCHOR);
	if (n == &b->spare) {
		return;
	}
	n->of.anchor.id = id;
	outline_add_target(b, n);
	if (builder_is_inline(b)) {
		builder_append(b, n);
		return;
	}
	n->next = b->anchors;
	b->anchors = n;
}

bool builder_can_go_aside(const struct builder *b)
{
	return b->fault == FAULT_NONE && b->depth + frames_for(NODE_GROUP) < TREE_DEPTH_MAX;
}

struct node *builder_go_aside(struct builder *b, struct builder_aside *out_aside)
{
	*out_aside = (struct builder_aside){
		.depth = b->depth,
		.marks = b->marks,
		.ink = b->ink,
		.link = b->link,
		.space = b->space,
		.fresh = b->fresh,
	};
	struct node *n = builder_new(b, NODE_GROUP);
	push(b, n, false);
	b->marks = 0;
	b->ink = NULL;
	b->link = NULL;
	begin_line(b);
	return n;
}

void builder_come_back(struct builder *b, const struct builder_aside *aside)
{
	builder_close(b, aside->depth);
	b->marks = aside->marks;
	b->ink = aside->ink;
	b->link = aside->link;
	b->space = aside->space;
	b->fresh = aside->fresh;
}

void builder_go_to(struct builder *b, struct node *place)
{
	unsigned depth = 0;
	for (const struct node *n = place; n->parent != NULL; n = n->parent) {
		depth++;
	}
	if (place != b->root) {
		b->frames[depth] = (struct builder_frame){.node = place};
	}
	b->depth = depth + 1;
	b->link = NULL;
	b->marks = 0;
	b->ink = NULL;
	begin_line(b);
}

enum fault builder_finish(struct builder *b, struct slice page_title, struct slice page_url)
{
	builder_close(b, 1);
	if (b->anchors != NULL && b->fault == FAULT_NONE) {
		b->link = NULL;
		builder_make_inline_place(b);
		b->frames[b->depth - 1].implied = false;
		b->depth = 1; /* not closed: anchors alone would wait for a paragraph again */
	}
	if (b->fault == FAULT_NONE) {
		outline_finish(b, page_title, page_url);
	}
	return b->fault;
}
