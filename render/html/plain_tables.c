/* Tables of plain text as records: a line for each cell, behind the name of its column. */
#include "render/html/plain_writer.h"

enum {
	FOLLOWED_MAX = 256, /* columns of a table whose spans are followed */
	HEAD_MAX = 120,	    /* bytes of a head that is said again with each value */
	HEAD_ROWS_MAX = 4,
};

/* Two columns, the first of heads: `key: value`, line by line. */
static bool is_keyed(const struct node *table)
{
	bool keyed = table->of.table->columns == 2 && !table->of.table->numbered;
	for (const struct node *row = table->first; keyed && row != NULL; row = row->next) {
		const struct node *key = row->kind == NODE_ROW ? row->first : NULL;
		const struct node *value = key != NULL ? key->next : NULL;
		keyed = row->kind != NODE_ROW ||
			(value != NULL && (key->flags & NODE_HEAD) != 0 &&
			 plain_is_simple(key, true) && key->of.cell.rowspan == 1 &&
			 (value->flags & NODE_HEAD) == 0 && (row->flags & NODE_HEAD) == 0 &&
			 value->of.cell.rowspan == 1);
	}
	return keyed;
}

static bool open_records(struct plain *p, const struct node *n, bool keyed)
{
	uint32_t columns = n->of.table->columns;
	struct plain_table *t = arena_alloc(p->view->arena, sizeof(*t));
	struct slice *heads = arena_array(p->view->arena, columns, sizeof(*heads));
	uint16_t *below = arena_array(p->view->arena, columns, sizeof(*below));
	if (t == NULL || heads == NULL || below == NULL) {
		p->flow->fault = p->flow->fault != FAULT_NONE ? p->flow->fault : FAULT_NO_MEMORY;
		return false;
	}
	*t = (struct plain_table){
		.outer = p->table, .node = n, .heads = heads, .below = below, .keyed = keyed};
	p->table = t;
	return true;
}

void plain_enter_table(struct plain *p, const struct node *n)
{
	plain_block_begins(p);
	flow_gap(p->flow, 1);
	bool keyed = is_keyed(n);
	bool drawn = !keyed && plain_draw_table(p, n);
	if (!open_records(p, n, keyed) || drawn) {
		p->skip = true;
	}
}

/* Heads that no record has named. */
static void put_bare_heads(struct plain *p, const struct plain_table *t)
{
	for (uint32_t i = 0; i < t->node->of.table->columns; i++) {
		if (t->heads[i].len > 0) {
			flow_text(p->flow, t->heads[i]);
			flow_line_end(p->flow);
		}
	}
}

void plain_leave_table(struct plain *p, const struct node *n)
{
	struct plain_table *t = p->table;
	if (t != NULL && t->node == n) {
		if (t->rows == 0) {
			put_bare_heads(p, t);
		}
		p->table = t->outer;
	}
	plain_block_ends(p);
}

/* In a table of very many columns, cells are counted and their spans are not followed. */
static bool is_wide(const struct plain_table *t)
{
	return t->node->of.table->columns > FOLLOWED_MAX;
}

/* The columns of a cell that is next. */
static uint32_t columns_of(const struct plain_table *t, const struct node_cell *c)
{
	uint32_t left = t->node->of.table->columns - t->at;
	uint32_t span = is_wide(t) ? 1 : c->colspan;
	return span < left ? span : left;
}

/* The next column that no cell from above covers. */
static void next_free(struct plain_table *t)
{
	while (!is_wide(t) && t->at < t->node->of.table->columns && t->below[t->at] > 0) {
		t->below[t->at]--;
		t->at++;
	}
}

/* `from` to `from + span` are taken by a cell. */
static void cover(struct plain_table *t, const struct node_cell *c)
{
	for (uint32_t left = columns_of(t, c); left > 0; left--, t->at++) {
		t->below[t->at] = (uint16_t)(c->rowspan - 1);
	}
}

static void join_head(struct plain *p, struct slice *head, struct slice words)
{
	struct slice parts[] = {*head, head->len > 0 ? SLICE_LIT(" / ") : SLICE_LIT(""), words};
	if (p->flow->fault == FAULT_NONE && words.len > 0) {
		p->flow->fault = arena_join(p->view->arena, parts, COUNT_OF(parts), head);
	}
}

/* Rows of heads are not written; they name the values of the rows below. */
static void take_heads(struct plain *p, struct plain_table *t, const struct node *row)
{
	t->at = 0;
	for (const struct node *c = row->first; c != NULL; c = c->next) {
		next_free(t);
		struct slice words = plain_cell_words(p, c);
		uint32_t end = t->at + columns_of(t, &c->of.cell);
		for (uint32_t i = t->at; i < end; i++) {
			join_head(p, &t->heads[i], words);
		}
		cover(t, &c->of.cell);
	}
	next_free(t);
}

static bool is_empty(const struct node *cell)
{
	const struct node *c = cell->first;
	return c == NULL || (c->next == NULL && c->kind == NODE_PARAGRAPH && c->first == NULL);
}

/* Nothing is written of it. */
static bool is_empty_row(const struct plain_table *t, const struct node *row)
{
	for (const struct node *c = row->first; c != NULL; c = c->next) {
		if (!is_empty(c)) {
			return false;
		}
	}
	return t->rows > 0 && !t->node->of.table->numbered;
}

/* Long heads, and more rows of them than anybody writes, are said once, as rows are. */
static bool is_said_again(struct plain *p, const struct plain_table *t, const struct node *row)
{
	if (t->rows > 0 || t->head_rows == HEAD_ROWS_MAX || !plain_is_head_row(row)) {
		return false;
	}
	for (const struct node *c = row->first; c != NULL; c = c->next) {
		if (plain_cell_words(p, c).len > HEAD_MAX) {
			return false;
		}
	}
	return true;
}

void plain_enter_row(struct plain *p, const struct node *n)
{
	struct plain_table *t = p->table;
	if (t == NULL) {
		return;
	}
	if (is_said_again(p, t, n)) {
		take_heads(p, t, n);
		t->head_rows++;
		p->skip = true;
		return;
	}
	if (t->rows > 0 && !t->keyed && !is_empty_row(t, n)) {
		flow_no_gap(p->flow);
		flow_rule(p->flow, '-', 2);
	}
	t->rows++;
	t->at = 0;
	if (t->node->of.table->numbered) {
		plain_put_number(p, t->rows);
		flow_lit(p->flow, ".");
		flow_line_end(p->flow);
	}
}

void plain_leave_row(struct plain *p, const struct node *n)
{
	(void)n;
	if (p->table != NULL && p->table->rows > 0) {
		flow_no_gap(p->flow);
		next_free(p->table);
	}
}

/* The names of all columns that a cell spans, each once. */
static bool put_names(struct plain *p, const struct plain_table *t, const struct node_cell *c)
{
	bool named = false;
	uint32_t end = t->at + columns_of(t, c);
	for (uint32_t i = t->at; i < end; i++) {
		if (t->heads[i].len == 0 || (i > t->at && slice_eq(t->heads[i], t->heads[i - 1]))) {
			continue;
		}
		flow_text(p->flow, named ? SLICE_LIT(", ") : SLICE_LIT(""));
		flow_text(p->flow, t->heads[i]);
		named = true;
	}
	if (named) {
		flow_lit(p->flow, ": ");
	}
	return named;
}

static bool is_key(const struct node *cell)
{
	return (cell->flags & NODE_HEAD) != 0 && cell->parent->first == cell &&
	       plain_is_simple(cell, true);
}

/* A key and its value, in a table of two columns: the key is written with the value. */
static bool is_key_of_two(const struct plain_table *t, const struct node *cell)
{
	return t->node->of.table->columns == 2 && is_key(cell) && cell->next != NULL;
}

/* What stands before a cell's content: its column's name, its key, or its number. False: nothing. */
static bool put_label(struct plain *p, const struct plain_table *t, const struct node *n)
{
	const struct node *before = n->parent->first;
	if (before != n && is_key_of_two(t, before)) {
		flow_text(p->flow, plain_cell_words(p, before));
		flow_lit(p->flow, ": ");
		return true;
	}
	/* A name is said once even if its column is empty. */
	if (is_empty(n) && t->rows > 1) {
		return false;
	}
	if (put_names(p, t, &n->of.cell)) {
		return true;
	}
	if (is_empty(n) || is_key(n) || (n->flags & NODE_COUNT) != 0 ||
	    t->node->of.table->columns < 2) {
		return false;
	}
	flow_lit(p->flow, "col ");
	plain_put_number(p, t->at + 1);
	flow_lit(p->flow, ": ");
	return true;
}

void plain_enter_cell(struct plain *p, const struct node *n)
{
	struct plain_table *t = p->table;
	/* What stands alone in its row needs nothing to tell it from others. */
	bool alone = t != NULL && t->node->of.table->columns == 1 && t->heads[0].len == 0;
	flow_push(p->flow, SLICE_LIT(""), alone ? SLICE_LIT("") : SLICE_LIT("  "));
	if (t == NULL) {
		return;
	}
	next_free(t);
	if (is_key_of_two(t, n)) {
		p->skip = true;
	} else {
		bool words = n->first != NULL &&
			     (n->first->kind == NODE_PARAGRAPH || n->first->kind == NODE_HEADING);
		bool labelled = put_label(p, t, n);
		p->joined = labelled && words;
		if (labelled && !words) {
			flow_line_end(p->flow);
			flow_tight(p->flow);
		}
	}
	cover(t, &n->of.cell);
}

void plain_leave_cell(struct plain *p, const struct node *n)
{
	p->joined = false;
	flow_pop(p->flow, false);
	if (p->table == NULL || !is_key_of_two(p->table, n)) {
		flow_no_gap(p->flow);
	}
}
