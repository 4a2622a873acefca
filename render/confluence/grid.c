/* Tables, layouts and tasks: elements with rows, cells and columns. */
#include "render/confluence/elements.h"

#include "render/confluence/style.h"
#include "render/confluence/table.h"

enum { FIRST_WIDTHS = 16, COUNT_GROUND = 0xf4f5f7 };

static struct node *open_node(struct reader *r, struct element *e, enum node_kind kind)
{
	return builder_open(&r->b, kind, &e->close);
}

/* The editor wrote the numbers of the rows itself: the same ones are not to be added. */
static void keep_numbers(const struct node *cell)
{
	const struct node *table = cell->parent != NULL ? cell->parent->parent : NULL;
	if (table != NULL && table->kind == NODE_TABLE) {
		table->of.table->numbered = false;
	}
}

/* What the words of a class say of a cell: a number of its row, a highlight. */
static void take_classes(struct node *n, struct slice words)
{
	static const struct slice highlight = SLICE_INIT("highlight-");
	struct slice one;
	for (bool more = words.len > 0; more;) {
		one = words;
		more = slice_cut_to(&words, ' ', &one);
		if (slice_eq(one, SLICE_LIT("numberingColumn"))) {
			n->flags |= NODE_COUNT;
			n->of.cell.ground = COLOUR_SET | COUNT_GROUND;
			n->align = ALIGN_CENTER;
			keep_numbers(n);
		} else if (n->of.cell.ground == COLOUR_NONE && slice_starts(one, highlight)) {
			n->of.cell.ground = style_highlight(slice_skip(one, highlight.len));
		}
	}
}

void element_table(struct reader *r, const struct tag *t, struct element *e)
{
	struct node *made = open_node(r, e, NODE_TABLE);
	struct table *table = made->of.table;
	table->width = style_px(tag_attr(t, SLICE_LIT("data-table-width")));
	if (table->width == 0) {
		table->width = style_px(
			style_property(tag_attr(t, SLICE_LIT("style")), SLICE_LIT("width")));
	}
	table_place(made, tag_attr(t, SLICE_LIT("data-layout")));
	table->numbered = slice_eq(tag_attr(t, SLICE_LIT("data-number-column")), SLICE_LIT("true"));
	r->in_head = r->in_foot = false;
}

/* Only as the first thing in a table: elsewhere its text is text. */
void element_caption(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	struct node *top = builder_top(&r->b);
	if (top->kind == NODE_TABLE && top->first == NULL) {
		open_node(r, e, NODE_CAPTION);
	} else {
		builder_break(&r->b);
	}
}

/* Grows by doubling: full whenever the count is a power of two. */
static void add_width(struct reader *r, struct table *t, uint32_t width)
{
	uint32_t n = t->width_count;
	if (n == TABLE_COLUMNS_MAX) {
		return;
	}
	uint32_t *widths = (uint32_t *)t->widths;
	if (n == 0 || (n >= FIRST_WIDTHS && (n & (n - 1)) == 0)) {
		size_t room = n == 0 ? FIRST_WIDTHS : 2 * (size_t)n;
		widths = arena_array(r->b.arena, room, sizeof(*widths));
		if (widths == NULL) {
			r->b.fault = FAULT_NO_MEMORY;
			return;
		}
		for (uint32_t i = 0; i < n; i++) {
			widths[i] = t->widths[i];
		}
		t->widths = widths;
	}
	widths[n] = width;
	t->width_count++;
}

void element_col(struct reader *r, const struct tag *t, struct element *e)
{
	(void)e;
	struct node *top = builder_top(&r->b);
	if (top->kind != NODE_TABLE) {
		return;
	}
	struct slice width = style_property(tag_attr(t, SLICE_LIT("style")), SLICE_LIT("width"));
	width = width.len > 0 ? width : tag_attr(t, SLICE_LIT("width"));
	uint32_t share = style_px(width);
	uint64_t span;
	if (!slice_to_u64(tag_attr(t, SLICE_LIT("span")), TABLE_COLSPAN_MAX, &span)) {
		span = 1;
	}
	top->of.table->widths_px = top->of.table->widths_px || share > 0;
	for (uint64_t i = 0; i < span; i++) {
		add_width(r, top->of.table, share > 0 ? share : style_percent(width));
	}
}

void element_thead(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	r->in_head = true;
}

void element_tfoot(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	r->in_foot = true;
}

void element_row(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	open_node(r, e, NODE_ROW)->flags |= r->in_head ? NODE_HEAD : r->in_foot ? NODE_FOOT : 0;
}

/* Spans that no table has are cut to what one is (table.h). */
static uint16_t span_of(struct slice text)
{
	uint64_t span;
	if (!slice_to_u64(slice_trim(text), UINT32_MAX, &span) || span == 0) {
		return 1;
	}
	return span > UINT16_MAX ? UINT16_MAX : (uint16_t)span;
}

void element_cell(struct reader *r, const struct tag *t, struct element *e)
{
	struct node *n = open_node(r, e, NODE_CELL);
	struct node_cell *c = &n->of.cell;
	r->in_head = r->in_foot = false;
	n->flags |= (uint8_t)e->rule->arg;
	if (t->attr_count == 0) {
		return;
	}
	struct slice style = tag_attr(t, SLICE_LIT("style"));
	struct slice ground = tag_attr(t, SLICE_LIT("data-highlight-colour"));
	ground = ground.len > 0 ? ground : style_property(style, SLICE_LIT("background-color"));
	ground = ground.len > 0 ? ground : tag_attr(t, SLICE_LIT("bgcolor"));
	struct slice valign = style_property(style, SLICE_LIT("vertical-align"));
	valign = valign.len > 0 ? valign : tag_attr(t, SLICE_LIT("valign"));
	struct slice align = style_property(style, SLICE_LIT("text-align"));
	align = align.len > 0 ? align : tag_attr(t, SLICE_LIT("align"));
	c->colspan = span_of(tag_attr(t, SLICE_LIT("colspan")));
	c->rowspan = span_of(tag_attr(t, SLICE_LIT("rowspan")));
	c->ground = style_highlight(ground);
	c->valign = (uint8_t)style_valign(valign);
	n->align = (uint8_t)style_align(align);
	reader_say_language(r, t, n);
	take_classes(n, tag_attr(t, SLICE_LIT("class")));
}

static const struct {
	struct slice type;
	uint8_t shares[4];
} layouts[] = {
	{SLICE_INIT("two_left_sidebar"), {30, 70}},
	{SLICE_INIT("two_right_sidebar"), {70, 30}},
	{SLICE_INIT("three_with_sidebars"), {25, 50, 25}},
};

void element_section(struct reader *r, const struct tag *t, struct element *e)
{
	struct slice type = tag_attr(t, SLICE_LIT("ac:type"));
	open_node(r, e, NODE_LAYOUT);
	r->shares = NULL;
	for (size_t i = 0; i < COUNT_OF(layouts); i++) {
		if (slice_eq(layouts[i].type, type)) {
			r->shares = layouts[i].shares;
		}
	}
}

void element_column(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	struct node *n = open_node(r, e, NODE_COLUMN);
	if (r->shares != NULL && *r->shares > 0) {
		n->of.column.percent = *r->shares++;
	}
}

void element_end_task_status(struct reader *r, struct element *e)
{
	(void)e;
	struct node *top = builder_top(&r->b);
	if (top->kind == NODE_TASK &&
	    slice_eq(slice_trim(gather_view(&r->gather)), SLICE_LIT("complete"))) {
		top->flags |= NODE_DONE;
	}
}
