#include <string.h>

#include "render/html/plain_writer.h"

enum {
	COLUMNS_DRAWN_MAX = 24,
	SEPARATOR = 3, /* " | " */
	SOME = 32,
	FOLLOWED_MAX = 256, /* columns of a table whose spans are followed */
	HEAD_MAX = 120,	    /* bytes of a head that is said again with each value */
	HEAD_ROWS_MAX = 4,
};

/* Words and breaks only: it can stand in one line. */
static bool is_simple(const struct node *cell, bool breaks_too)
{
	for (const struct node *b = cell->first; b != NULL; b = b->next) {
		if (b->kind != NODE_PARAGRAPH && b->kind != NODE_HEADING) {
			return false;
		}
		for (const struct node *i = b->first; i != NULL && !breaks_too; i = i->next) {
			if (i->kind == NODE_BREAK) {
				return false;
			}
		}
	}
	return breaks_too || cell->first == NULL || cell->first->next == NULL;
}

static bool is_head_row(const struct node *row)
{
	if (row->kind != NODE_ROW || row->first == NULL) {
		return false;
	}
	for (const struct node *c = row->first; c != NULL; c = c->next) {
		if (((c->flags | row->flags) & NODE_HEAD) == 0 || !is_simple(c, true)) {
			return false;
		}
	}
	return true;
}

/* The words of a cell as one line, behind what is in the scratch buffer. */
static struct slice add_cell_words(struct plain *p, const struct node *cell)
{
	struct flow *page = p->flow;
	size_t start = p->scratch.len;
	p->flow = &p->cell;
	plain_inlines(p, cell);
	flow_line_end(&p->cell);
	p->flow = page;
	if (page->fault == FAULT_NONE) {
		page->fault = p->cell.fault;
	}
	struct slice words = slice_skip(buf_view(&p->scratch), start);
	return slice_first(words, slice_find_byte(words, '\n'));
}

/* The same in the scratch buffer alone: good until the next cell. */
static struct slice cell_words(struct plain *p, const struct node *cell)
{
	p->scratch.len = 0;
	return add_cell_words(p, cell);
}

/* A table that fits as a drawing: `a | b | c`. Its cells' words stand in the scratch buffer, a line each. */
struct drawing {
	const struct node *table;
	struct slice cells; /* those still to be drawn */
	uint32_t columns;   /* with the added one for numbers */
	uint32_t added;
	size_t width[COLUMNS_DRAWN_MAX];
	bool words[COLUMNS_DRAWN_MAX]; /* holds more than numbers */
};

static bool is_drawable(const struct node *table)
{
	const struct table *t = table->of.table;
	if (t->columns < 2 || t->columns + (t->numbered ? 1 : 0) > COLUMNS_DRAWN_MAX) {
		return false;
	}
	for (const struct node *row = table->first; row != NULL; row = row->next) {
		for (const struct node *c = row->first; row->kind == NODE_ROW && c != NULL;
		     c = c->next) {
			if (c->of.cell.colspan > 1 || c->of.cell.rowspan > 1 ||
			    !is_simple(c, false)) {
				return false;
			}
		}
	}
	return true;
}

static bool is_figure(struct slice s)
{
	enum { SIGN = 1, DIGIT = 2 };
	static const unsigned char classes[256] = {
		['0' ... '9'] = DIGIT, ['.'] = SIGN, [','] = SIGN, ['+'] = SIGN,
		['-'] = SIGN,	       ['%'] = SIGN, [' '] = SIGN,
	};
	unsigned seen = 0;
	for (size_t i = 0; i < s.len; i++) {
		unsigned class = classes[(unsigned char)s.ptr[i]];
		if (class == 0) {
			return false;
		}
		seen |= class;
	}
	return (seen & DIGIT) != 0;
}

static size_t total(const struct drawing *d)
{
	size_t sum = 0;
	for (uint32_t i = 0; i < d->columns; i++) {
		sum += d->width[i] + (i > 0 ? SEPARATOR : 0);
	}
	return sum;
}

/* Adds the cells of a row; false when it is too long for a line. */
static bool measure_row(struct plain *p, struct drawing *d, const struct node *row, size_t room)
{
	uint32_t i = d->added;
	bool head = is_head_row(row);
	for (const struct node *c = row->first; c != NULL && i < d->columns; c = c->next, i++) {
		struct slice words = add_cell_words(p, c);
		size_t columns = flow_columns(words);
		d->width[i] = columns > d->width[i] ? columns : d->width[i];
		d->words[i] = d->words[i] || (!head && words.len > 0 && !is_figure(words));
		/* One line and no more, also for a cell without words. */
		if (words.len > 0) {
			p->scratch.len = (size_t)(words.ptr - p->scratch.ptr) + words.len;
		}
		if (p->flow->fault == FAULT_NONE) {
			p->flow->fault = buf_add_byte(&p->scratch, '\n');
		}
	}
	return total(d) <= room;
}

/* Makes the cells' words and finds the columns' widths; false as soon as the lines would be too long. */
static bool measure(struct plain *p, struct drawing *d)
{
	size_t room = flow_room(p->flow);
	uint64_t rows = 0;
	p->scratch.len = 0;
	for (const struct node *row = d->table->first; row != NULL; row = row->next) {
		if (row->kind != NODE_ROW) {
			continue;
		}
		if (!measure_row(p, d, row, room)) {
			return false;
		}
		rows += is_head_row(row) ? 0 : 1;
	}
	for (; d->added > 0 && rows > 0; rows /= 10) {
		d->width[0]++;
	}
	d->cells = buf_view(&p->scratch);
	return total(d) <= room;
}

/* A line under way; the flow's fault sticks. */
static void put(struct plain *p, struct buf *line, struct slice bytes)
{
	if (p->flow->fault == FAULT_NONE) {
		p->flow->fault = buf_add(line, bytes);
	}
}

static void put_times(struct plain *p, struct buf *line, char byte, size_t times)
{
	char some[SOME];
	memset(some, byte, sizeof(some));
	for (; times > sizeof(some); times -= sizeof(some)) {
		put(p, line, slice_of(some, sizeof(some)));
	}
	put(p, line, slice_of(some, times));
}

static void put_cell(struct plain *p, struct buf *line, struct slice words, size_t width,
		     bool right)
{
	size_t columns = flow_columns(words);
	size_t blanks = width > columns ? width - columns : 0;
	put_times(p, line, ' ', right ? blanks : 0);
	put(p, line, words);
	put_times(p, line, ' ', right ? 0 : blanks);
}

static void draw_row(struct plain *p, struct drawing *d, const struct node *row, uint64_t number,
		     struct buf *line)
{
	char digits[20];
	size_t n = sizeof(digits);
	bool head = is_head_row(row);
	uint32_t i = d->added;
	line->len = 0;
	for (uint64_t x = number; d->added > 0 && x > 0; x /= 10) {
		digits[--n] = (char)('0' + x % 10);
	}
	if (d->added > 0) {
		put_cell(p, line, slice_of(digits + n, head ? 0 : sizeof(digits) - n), d->width[0],
			 true);
	}
	for (const struct node *c = row->first; c != NULL && i < d->columns; c = c->next, i++) {
		struct slice words = {0};
		put(p, line, i > 0 ? SLICE_LIT(" | ") : SLICE_LIT(""));
		(void)slice_cut_to(&d->cells, '\n', &words);
		put_cell(p, line, words, d->width[i], !d->words[i] && !head);
	}
	flow_raw_line(p->flow, SLICE_LIT(""), buf_view(line));
}

static void draw_line(struct plain *p, const struct drawing *d, struct buf *line)
{
	line->len = 0;
	for (uint32_t i = 0; i < d->columns; i++) {
		put(p, line, i > 0 ? SLICE_LIT("-+-") : SLICE_LIT(""));
		put_times(p, line, '-', d->width[i]);
	}
	flow_raw_line(p->flow, SLICE_LIT(""), buf_view(line));
}

static void put_caption(struct plain *p, const struct node *n)
{
	plain_inlines(p, n);
	flow_line_end(p->flow);
}

static void draw(struct plain *p, struct drawing *d)
{
	struct buf line;
	uint64_t number = 0;
	buf_init(&line, SIZE_MAX / 2);
	for (const struct node *row = d->table->first; row != NULL; row = row->next) {
		if (row->kind != NODE_ROW) {
			put_caption(p, row);
			continue;
		}
		bool head = is_head_row(row);
		number += head ? 0 : 1;
		draw_row(p, d, row, number, &line);
		if (head && (row->next == NULL || !is_head_row(row->next))) {
			draw_line(p, d, &line);
		}
	}
	buf_deinit(&line);
}

/* Two columns, the first of heads: `key: value`, line by line. */
static bool is_keyed(const struct node *table)
{
	bool keyed = table->of.table->columns == 2 && !table->of.table->numbered;
	for (const struct node *row = table->first; keyed && row != NULL; row = row->next) {
		const struct node *key = row->kind == NODE_ROW ? row->first : NULL;
		const struct node *value = key != NULL ? key->next : NULL;
		keyed = row->kind != NODE_ROW ||
			(value != NULL && (key->flags & NODE_HEAD) != 0 && is_simple(key, true) &&
			 key->of.cell.rowspan == 1 && (value->flags & NODE_HEAD) == 0 &&
			 (row->flags & NODE_HEAD) == 0 && value->of.cell.rowspan == 1);
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
	struct drawing d = {.table = n, .added = n->of.table->numbered ? 1 : 0};
	d.columns = n->of.table->columns + d.added;
	plain_block_begins(p);
	flow_gap(p->flow, 1);
	bool keyed = is_keyed(n);
	if (!keyed && is_drawable(n) && measure(p, &d)) {
		draw(p, &d);
		p->skip = true;
	}
	if (!open_records(p, n, keyed)) {
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
		struct slice words = cell_words(p, c);
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
	if (t->rows > 0 || t->head_rows == HEAD_ROWS_MAX || !is_head_row(row)) {
		return false;
	}
	for (const struct node *c = row->first; c != NULL; c = c->next) {
		if (cell_words(p, c).len > HEAD_MAX) {
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
	       is_simple(cell, true);
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
		flow_text(p->flow, cell_words(p, before));
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
