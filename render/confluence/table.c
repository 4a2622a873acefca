#include "render/confluence/table.h"

#include "render/confluence/builder.h"
#include "render/confluence/style.h"

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

/* Two heads or more: one alone is the head of what stands beside it. */
static bool is_row_of_heads(const struct node *row)
{
	size_t heads = 0;
	for (const struct node *c = row->first; c != NULL; c = c->next) {
		if ((c->flags & NODE_HEAD) == 0) {
			return false;
		}
		heads++;
	}
	return heads > 1;
}

static void fill_row(struct builder *b, struct node *row, struct node *last, uint32_t missing)
{
	bool head = is_row_of_heads(row);
	struct node *cell = builder_new(b, NODE_CELL);
	if (cell == &b->spare) {
		return;
	}
	cell->of.cell.colspan = (uint16_t)(missing > UINT16_MAX ? UINT16_MAX : missing);
	cell->flags = head ? NODE_HEAD : 0;
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

/* Rows of heads stand above all others, those of feet below, wherever the source has them. */
static void sort_rows(struct node *table)
{
	struct node *lists[3] = {NULL};
	struct node **ends[3] = {&lists[0], &lists[1], &lists[2]};
	for (struct node *r = table->first; r != NULL; r = r->next) {
		bool first = r->kind != NODE_ROW || (r->flags & NODE_HEAD) != 0;
		size_t place = first ? 0 : (r->flags & NODE_FOOT) != 0 ? 2 : 1;
		*ends[place] = r;
		ends[place] = &r->next;
	}
	struct node **end = &table->first;
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		*end = lists[i];
		end = lists[i] != NULL ? ends[i] : end;
	}
	*end = NULL;
}

static bool is_out_of_order(const struct node *table)
{
	bool body = false;
	bool foot = false;
	for (const struct node *r = next_row(table->first); r != NULL; r = next_row(r->next)) {
		bool head = (r->flags & NODE_HEAD) != 0;
		if ((head && (body || foot)) || (foot && (r->flags & NODE_FOOT) == 0)) {
			return true;
		}
		body = body || (!head && (r->flags & NODE_FOOT) == 0);
		foot = foot || (r->flags & NODE_FOOT) != 0;
	}
	return false;
}

/* --- the longest words: how narrow its columns can be --- */

enum { NO_LETTER, LETTER, BREAK };

/* How bytes take part in a word. From U+2000 on stand dashes, blanks, and letters between which a line may end. */
static const uint8_t letter_of[256] = {
	[0 ... 0x08] = LETTER,	  [0x09 ... 0x0A] = BREAK,
	[0x0B ... 0x1F] = LETTER, [' '] = BREAK,
	[0x21 ... 0x2C] = LETTER, ['-'] = BREAK,
	[0x2E ... 0x7F] = LETTER, [0x80 ... 0xBF] = NO_LETTER,
	[0xC0 ... 0xE1] = LETTER, [0xE2 ... 0xFF] = BREAK,
};

struct letters {
	unsigned run; /* of the word that the text so far ends with */
	unsigned most;
};

static void add_text(struct letters *l, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned class = letter_of[(unsigned char)text.ptr[i]];
		l->run = class == BREAK ? 0 : l->run + class;
		l->most = l->run > l->most ? l->run : l->most;
	}
}

static void add_words(struct letters *l, const struct node *n)
{
	switch (n->kind) {
	case NODE_TEXT:
		add_text(l, n->of.text);
		break;
	case NODE_STATUS:
		add_text(l, n->of.status.text);
		break;
	case NODE_MENTION:
		add_text(l, n->of.mention.name);
		break;
	case NODE_CODE:
		add_text(l, n->of.code->text);
		break;
	case NODE_CARD:
	case NODE_CARD_INLINE:
		add_text(l, n->of.card->label);
		break;
	case NODE_FILE:
	case NODE_FILE_INLINE:
		add_text(l, n->of.file->name);
		break;
	case NODE_LINK: /* goes on in the word */
		break;
	default:
		l->run = 0;
	}
}

static uint8_t longest_word(const struct node *cell)
{
	struct letters l = {0};
	struct walk w = walk_of(cell);
	while (walk_next(&w)) {
		add_words(&l, w.at);
		if (w.at->kind == NODE_TABLE && !w.leaving) {
			walk_skip(&w);
		}
	}
	return l.most < UINT8_MAX ? (uint8_t)l.most : UINT8_MAX;
}

/* A cell below one of more rows counts for another column: near enough. */
static void measure_words(struct builder *b, struct node *table)
{
	struct table *t = table->of.table;
	uint8_t *most = t->columns > 0 ? arena_array(b->arena, t->columns, sizeof(*most)) : NULL;
	if (most == NULL) {
		b->fault = t->columns == 0 ? b->fault : FAULT_NO_MEMORY;
		return;
	}
	for (struct node *r = next_row(table->first); r != NULL; r = next_row(r->next)) {
		uint32_t at = 0;
		for (struct node *c = r->first; c != NULL; c = c->next) {
			struct node_cell *cell = &c->of.cell;
			cell->letters = longest_word(c);
			if (at < t->columns && cell->colspan == 1 && cell->letters > most[at]) {
				t->letters += (uint32_t)(cell->letters - most[at]);
				most[at] = cell->letters;
			}
			at += cell->colspan;
		}
	}
}

void table_place(struct node *table, struct slice layout)
{
	if (slice_eq(layout, SLICE_LIT("wide")) || slice_eq(layout, SLICE_LIT("full-width"))) {
		table->of.table->width = 0;
	} else {
		table->align = (uint8_t)style_align(layout);
	}
}

void table_finish(struct builder *b, struct node *table)
{
	if (is_out_of_order(table)) {
		sort_rows(table);
	}
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
	measure_words(b, table);
}
