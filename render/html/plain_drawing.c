/* Tables of plain text that are drawn: `a | b | c`, with a line under the head; what does not fit goes out as records. */
#include <string.h>

#include "render/html/plain_writer.h"

enum {
	COLUMNS_DRAWN_MAX = 24,
	SEPARATOR = 3, /* " | " */
	SOME = 32,
};

/* Words and breaks only: it can stand in one line. */
bool plain_is_simple(const struct node *cell, bool breaks_too)
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

bool plain_is_head_row(const struct node *row)
{
	if (row->kind != NODE_ROW || row->first == NULL) {
		return false;
	}
	for (const struct node *c = row->first; c != NULL; c = c->next) {
		if (((c->flags | row->flags) & NODE_HEAD) == 0 || !plain_is_simple(c, true)) {
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
struct slice plain_cell_words(struct plain *p, const struct node *cell)
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
			    !plain_is_simple(c, false)) {
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
	bool head = plain_is_head_row(row);
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
		rows += plain_is_head_row(row) ? 0 : 1;
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
	bool head = plain_is_head_row(row);
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
		bool head = plain_is_head_row(row);
		number += head ? 0 : 1;
		draw_row(p, d, row, number, &line);
		if (head && (row->next == NULL || !plain_is_head_row(row->next))) {
			draw_line(p, d, &line);
		}
	}
	buf_deinit(&line);
}

bool plain_draw_table(struct plain *p, const struct node *table)
{
	struct drawing d = {.table = table, .added = table->of.table->numbered ? 1 : 0};
	d.columns = table->of.table->columns + d.added;
	if (!is_drawable(table) || !measure(p, &d)) {
		return false;
	}
	draw(p, &d);
	return true;
}
