#include "render/confluence/table.h"

#include "render/confluence/builder.h"

/* Cells that reach into later rows: how many columns end with the row at each index. */
struct cover {
	uint32_t *ends;
	uint32_t open;
};

static struct node *next_row(struct node *n)
{
	while (n != NULL && n->kind != NODE_ROW) {
		n = n->next;
	}
	return n;
}

static uint32_t count_rows(struct node *table)
{
	uint32_t rows = 0;
	for (struct node *r = next_row(table->first); r != NULL; r = next_row(r->next)) {
		rows++;
	}
	return rows;
}

static void cover_later_rows(struct cover *cover, const struct node_cell *c, uint32_t at)
{
	if (c->rowspan > 1) {
		cover->open += c->colspan;
		cover->ends[at + c->rowspan - 1] += c->colspan;
	}
}

/*
 * The columns that a row cannot do without: the last cell counts as one, however far it spans,
 * because a span alone makes no column that anybody sees.
 */
static uint32_t measure_row(struct node *row, uint32_t at, uint32_t rows, struct cover *cover)
{
	uint32_t used = cover->open;
	uint32_t needed = used;
	for (struct node *cell = row->first; cell != NULL; cell = cell->next) {
		struct node_cell *c = &cell->of.cell;
		bool narrow = c->colspan == 0 || used >= TABLE_COLUMNS_MAX;
		c->colspan = narrow ? 1 : c->colspan;
		c->colspan = c->colspan > TABLE_COLSPAN_MAX ? TABLE_COLSPAN_MAX : c->colspan;
		c->rowspan = c->rowspan == 0 || c->rowspan > rows - at
				     ? (uint16_t)(rows - at > UINT16_MAX ? UINT16_MAX : rows - at)
				     : c->rowspan;
		needed = used + 1;
		used += c->colspan;
		cover_later_rows(cover, c, at);
	}
	cover->open -= cover->ends[at];
	cover->ends[at] = 0;
	return needed;
}

static void fill_row(struct builder *b, struct node *row, struct node *last, uint32_t missing)
{
	struct node *cell = builder_new(b, NODE_CELL);
	if (cell == &b->spare) {
		return;
	}
	cell->of.cell.colspan = (uint16_t)(missing > UINT16_MAX ? UINT16_MAX : missing);
	cell->parent = row;
	if (last == NULL) {
		row->first = cell;
	} else {
		last->next = cell;
	}
	b->node_count++;
}

/* Cuts spans to the columns left, and puts one empty cell where cells are missing. */
static void fit_row(struct builder *b, struct node *row, uint32_t at, uint32_t columns,
		    struct cover *cover)
{
	uint32_t used = cover->open;
	struct node *last = NULL;
	for (struct node *cell = row->first; cell != NULL; cell = cell->next) {
		struct node_cell *c = &cell->of.cell;
		uint32_t left = columns > used ? columns - used : 1;
		c->colspan = c->colspan > left ? (uint16_t)left : c->colspan;
		used += c->colspan;
		cover_later_rows(cover, c, at);
		last = cell;
	}
	cover->open -= cover->ends[at];
	if (used < columns) {
		fill_row(b, row, last, columns - used);
	}
}

/* One width for each column, or none at all. */
static void fit_widths(struct table *t)
{
	if (t->width_count < t->columns) {
		t->width_count = 0;
		t->widths = NULL;
	}
	t->width_count = t->width_count < t->columns ? 0 : t->columns;
	t->width_sum = 0;
	for (uint32_t i = 0; i < t->width_count; i++) {
		t->width_sum += t->widths[i];
	}
}

void table_finish(struct builder *b, struct node *table)
{
	uint32_t rows = count_rows(table);
	struct cover cover = {.ends = NULL};
	if (rows > 0) {
		cover.ends = arena_array(b->arena, rows, sizeof(*cover.ends));
	}
	if (cover.ends == NULL) {
		b->fault = rows == 0 ? b->fault : FAULT_NO_MEMORY;
		return;
	}
	uint32_t columns = 0;
	uint32_t at = 0;
	for (struct node *r = next_row(table->first); r != NULL; r = next_row(r->next)) {
		uint32_t needed = measure_row(r, at++, rows, &cover);
		columns = needed > columns ? needed : columns;
	}
	cover.open = 0;
	at = 0;
	for (struct node *r = next_row(table->first); r != NULL; r = next_row(r->next)) {
		fit_row(b, r, at++, columns, &cover);
	}
	table->of.table->columns = columns;
	fit_widths(table->of.table);
}
