#include "render/confluence/close.h"

#include "render/confluence/table.h"

enum { EMPTY_PARAGRAPHS_MAX = 2 };

/* Takes the last child of the top frame out of the tree again. */
static void remove_last(struct builder *b)
{
	struct builder_frame *f = builder_frame(b);
	struct node *n = f->last;
	if (n == NULL) {
		return;
	}
	if (f->node->first == n) {
		f->node->first = NULL;
		f->last = NULL;
	} else if (f->before != NULL) {
		f->before->next = NULL;
		f->last = f->before;
	} else {
		return;
	}
	f->before = NULL;
	f->tail = NULL;
	n->next = b->recycled;
	b->recycled = n;
	b->node_count--;
}

/* Spaces and no-break spaces alone. */
static bool is_blank_text(const struct node *n)
{
	if (n->kind != NODE_TEXT) {
		return false;
	}
	struct slice s = n->of.text;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] != ' ' && s.ptr[i] != '\xC2' && s.ptr[i] != '\xA0') {
			return false;
		}
	}
	return true;
}

/* Anchors alone: they wait for the next paragraph. */
static bool give_anchors_back(struct builder *b, struct node *n)
{
	for (const struct node *child = n->first; child != NULL; child = child->next) {
		if (child->kind != NODE_ANCHOR) {
			return false;
		}
	}
	for (struct node *child = n->first; child != NULL;) {
		struct node *next = child->next;
		child->next = b->anchors;
		b->anchors = child;
		child = next;
	}
	n->first = NULL;
	return true;
}

/* Leaves out what shows nothing at the end of a line of inlines. True when nothing is left. */
static bool trim_inlines(struct builder *b, struct builder_frame *f)
{
	struct node *n = f->node;
	if (f->last != NULL && f->last->kind == NODE_BREAK) {
		if (f->last == n->first) {
			n->first = NULL;
		} else if (f->before != NULL) {
			f->before->next = NULL;
		}
	} else if (f->last != NULL && f->last == n->first && is_blank_text(f->last)) {
		n->first = NULL;
	}
	return give_anchors_back(b, n);
}

/* The only thing in a paragraph, be it in a link or not. */
static struct node *only_child(const struct node *n, struct slice *out_href)
{
	struct node *child = n->first;
	if (child == NULL || child->next != NULL) {
		return NULL;
	}
	*out_href = slice_of(NULL, 0);
	if (child->kind == NODE_LINK && child->first != NULL && child->first->next == NULL) {
		*out_href = child->of.link.href;
		child = child->first;
	}
	return child;
}

/* Jumps inside the page are no links of pictures. */
static void link_picture(struct node *n, struct slice href)
{
	if (href.len > 0 && !slice_starts(href, SLICE_LIT("#"))) {
		n->of.image->href = href;
	}
}

/* An image, be it in a link or not, else NULL. */
static struct node *image_in(struct node *n)
{
	struct node *i = n->kind == NODE_LINK ? n->first : n;
	bool alone = i != NULL && (n->kind != NODE_LINK || i->next == NULL);
	return alone && i->kind == NODE_IMAGE && !i->of.image->is_inline ? i : NULL;
}

/* Images alone, one at least of a size that nobody said: they are no icons of a line. */
static bool is_row_of_pictures(const struct node *n)
{
	bool sized = true;
	for (struct node *child = n->first; child != NULL; child = child->next) {
		const struct node *i = image_in(child);
		if (i == NULL && child->kind != NODE_BREAK && !is_blank_text(child)) {
			return false;
		}
		if (i != NULL) {
			sized = sized && (i->of.image->width > 0 || i->of.image->height > 0 ||
					  (i->flags & NODE_THUMB) != 0);
		}
	}
	return !sized;
}

/* One below the other, each a block. */
static void stack_pictures(struct node *n)
{
	struct node **end = &n->first;
	for (struct node *child = n->first; child != NULL; child = child->next) {
		struct node *i = image_in(child);
		if (i == NULL) {
			continue;
		}
		if (child->kind == NODE_LINK) {
			link_picture(i, child->of.link.href);
			i->next = child->next;
		}
		i->kind = NODE_PICTURE;
		i->parent = n;
		i->align = i->align != ALIGN_NONE ? i->align : n->align;
		*end = i;
		end = &i->next;
	}
	*end = NULL;
	n->kind = NODE_GROUP;
}

/* A picture, card or file alone in its paragraph stands as a block. */
static void promote(struct node *n)
{
	struct slice href;
	struct node *child = only_child(n, &href);
	if (child == NULL && is_row_of_pictures(n)) {
		stack_pictures(n);
	}
	if (child == NULL) {
		return;
	}
	if (child->kind == NODE_IMAGE && !child->of.image->is_inline) {
		n->kind = NODE_PICTURE;
		n->align = child->align != ALIGN_NONE ? child->align : n->align;
		link_picture(child, href);
	} else if (child->kind == NODE_CARD_INLINE && href.len == 0) {
		n->kind = NODE_CARD;
	} else if (child->kind == NODE_FILE_INLINE && href.len == 0 &&
		   (child->flags & NODE_SENT) == 0) {
		n->kind = NODE_FILE;
	} else {
		return;
	}
	n->flags = child->flags;
	n->of = child->of;
	n->first = NULL;
}

static void close_paragraph(struct builder *b, struct builder_frame *f)
{
	struct builder_frame *home = builder_frame(b);
	bool had_anchors = f->last != NULL && f->last->kind == NODE_ANCHOR;
	if (!trim_inlines(b, f)) {
		home->empties = 0;
		home->paragraphs += home->paragraphs < 2;
		promote(f->node);
		return;
	}
	if (f->implied || f->split || had_anchors || home->empties == EMPTY_PARAGRAPHS_MAX) {
		remove_last(b);
		return;
	}
	home->empties++;
}

static void close_heading(struct builder *b, struct builder_frame *f)
{
	if (trim_inlines(b, f)) {
		remove_last(b);
		return;
	}
	outline_add_target(b, f->node);
}

static bool is_empty_paragraph(const struct node *n)
{
	return n != NULL && n->kind == NODE_PARAGRAPH && n->first == NULL;
}

/* Items and cells: a lone paragraph is as tight as bare text; a lone empty one is nothing. */
static void close_part(struct builder_frame *f)
{
	struct node *n = f->node;
	if (n->first == NULL) {
		return;
	}
	if (is_empty_paragraph(n->first) && n->first->next == NULL) {
		n->first = NULL;
		return;
	}
	bool alone = n->first->next == NULL || (n->kind != NODE_CELL && f->paragraphs == 1);
	if (alone && n->first->kind == NODE_PARAGRAPH) {
		n->first->flags |= NODE_TIGHT;
	}
}

/* Columns whose width nobody said share what is left. */
static void close_layout(struct builder *b, struct node *n)
{
	unsigned count = 0;
	unsigned said = 0;
	unsigned sum = 0;
	for (const struct node *c = n->first; c != NULL; c = c->next) {
		count++;
		said += c->of.column.percent > 0;
		sum += c->of.column.percent;
	}
	if (count == 0) {
		remove_last(b);
		return;
	}
	if (count == 1) {
		n->kind = NODE_GROUP;
		n->first->kind = NODE_GROUP;
		if (n->first->first != NULL) { /* a paragraph among paragraphs again */
			n->first->first->flags &= (uint8_t)~NODE_TIGHT;
		}
		return;
	}
	bool fits = sum <= 100 && (said < count ? sum < 100 : sum > 90);
	for (struct node *c = n->first; c != NULL; c = c->next) {
		unsigned share = fits && said < count ? (100 - sum) / (count - said) : 100 / count;
		if (!fits || c->of.column.percent == 0) {
			c->of.column.percent = (uint8_t)(share > 0 ? share : 1);
		}
	}
}

static bool has_title(const struct node *n)
{
	switch (n->kind) {
	case NODE_PANEL:
		return n->of.panel->title.len > 0;
	case NODE_EXPAND:
	case NODE_FRAME:
	case NODE_TAB:
		return n->of.titled.title.len > 0;
	case NODE_PICTURE:
	case NODE_ROOT:
		return true;
	default:
		return false;
	}
}

void close_top(struct builder *b)
{
	struct builder_frame f = *builder_frame(b);
	b->depth--;
	if (builder_frame(b)->last != f.node) { /* it was led aside */
		return;
	}
	builder_frame(b)->tail = f.last;
	switch ((enum node_kind)f.node->kind) {
	case NODE_PARAGRAPH:
		close_paragraph(b, &f);
		b->fresh = true;
		b->space = false;
		break;
	case NODE_HEADING:
		close_heading(b, &f);
		b->fresh = true;
		b->space = false;
		break;
	case NODE_LINK:
		break;
	case NODE_ITEM:
	case NODE_TASK:
	case NODE_DECISION:
	case NODE_CELL:
	case NODE_COLUMN:
		close_part(&f);
		break;
	case NODE_TABLE:
		table_finish(b, f.node);
		if (f.node->first == NULL) {
			remove_last(b);
		}
		break;
	case NODE_LAYOUT:
		close_layout(b, f.node);
		break;
	default:
		if (f.node->first == NULL && !has_title(f.node)) {
			remove_last(b);
		}
		break;
	}
}

bool close_is_tight_in(const struct node *container)
{
	return container->kind == NODE_ITEM || container->kind == NODE_CELL ||
	       container->kind == NODE_TASK || container->kind == NODE_DECISION;
}
