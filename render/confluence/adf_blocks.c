/* Blocks of ADF: lines, lists, panels, tables, columns. */
#include "render/confluence/adf_inside.h"

#include "render/confluence/emoji.h"
#include "render/confluence/style.h"
#include "render/confluence/table.h"

enum { ORDER_MAX = 1000000000, RULE_WEIGHT_MAX = 3 };

/* Where a block could not be opened any more, its title is text like all the rest. */
static void show_title_flat(struct adf *a, const struct node *made, struct slice title)
{
	if (made == &a->r->b.spare) {
		builder_break(&a->r->b);
		words_add(&a->r->b, title);
		builder_break(&a->r->b);
	}
}

void adf_transparent(struct adf *a, const struct adf_node *n)
{
	builder_break(&a->r->b);
	adf_enter(a, n);
}

void adf_nothing(struct adf *a, const struct adf_node *n)
{
	(void)a;
	(void)n;
}

void adf_block(struct adf *a, const struct adf_node *n)
{
	adf_open(a, n, (enum node_kind)n->arg);
}

static void place_line(struct adf *a, const struct adf_node *n, struct node *line)
{
	if (n->marks != 0) {
		struct adf_marks m = adf_marks_of(a, n);
		line->align = m.align;
		line->indent = m.indent;
		line->flags |= m.small && line->kind == NODE_PARAGRAPH ? NODE_SMALL : 0;
	}
}

void adf_paragraph(struct adf *a, const struct adf_node *n)
{
	place_line(a, n, adf_open(a, n, NODE_PARAGRAPH));
}

void adf_heading(struct adf *a, const struct adf_node *n)
{
	struct node *made = adf_open(a, n, NODE_HEADING);
	uint64_t level = adf_attr_number(a, n, ADF_W_level, 6, 1);
	made->of.heading.level = level > 0 ? (uint8_t)level : 1;
	place_line(a, n, made);
}

/* `sketch` and `fade` are drawings that no mail reader has: a whole line. */
static struct node_rule rule_of(const struct adf *a, const struct adf_node *n)
{
	static const struct slice styles[] = {
		[BORDER_SOLID] = SLICE_INIT("solid"),
		[BORDER_DASHED] = SLICE_INIT("dashed"),
		[BORDER_DOTTED] = SLICE_INIT("dotted"),
	};
	return (struct node_rule){
		.colour = style_colour(adf_attr(a, n, ADF_W_color)),
		.style = (uint8_t)adf_attr_among(a, n, ADF_W_style, styles, COUNT_OF(styles),
						 BORDER_SOLID),
		.weight = (uint8_t)adf_attr_number(a, n, ADF_W_weight, RULE_WEIGHT_MAX, 1),
	};
}

void adf_rule(struct adf *a, const struct adf_node *n)
{
	builder_leaf(&a->r->b, NODE_RULE)->of.rule = rule_of(a, n);
}

void adf_bodied_rule(struct adf *a, const struct adf_node *n)
{
	struct node *made = adf_open(a, n, NODE_RULE);
	made->of.rule = rule_of(a, n);
	made->align = (uint8_t)style_align(adf_attr(a, n, ADF_W_alignment));
}

void adf_numbers(struct adf *a, const struct adf_node *n)
{
	uint32_t start = (uint32_t)adf_attr_number(a, n, ADF_W_order, ORDER_MAX, 1);
	adf_open(a, n, NODE_NUMBERS)->of.numbers.start = start;
}

void adf_task(struct adf *a, const struct adf_node *n)
{
	struct slice state = adf_attr(a, n, ADF_W_state);
	struct slice done = n->arg == NODE_TASK ? SLICE_LIT("DONE") : SLICE_LIT("DECIDED");
	struct node *made = adf_open(a, n, (enum node_kind)n->arg);
	made->flags |= slice_eq(state, done) ? NODE_DONE : 0;
}

/* The icon is a character, if it can be one. */
static struct slice icon_of(struct adf *a, const struct adf_node *n)
{
	char space[EMOJI_MAX];
	struct slice text = adf_attr_words(a, n, ADF_W_panelIconText);
	if (text.len > 0) {
		return text;
	}
	text = emoji_by_id(adf_attr(a, n, ADF_W_panelIconId), space);
	text = text.len > 0 ? words_keep(&a->r->b, text) : adf_attr_words(a, n, ADF_W_panelIcon);
	return text;
}

void adf_panel(struct adf *a, const struct adf_node *n)
{
	static const struct slice types[] = {
		[PANEL_INFO] = SLICE_INIT("info"),     [PANEL_NOTE] = SLICE_INIT("note"),
		[PANEL_TIP] = SLICE_INIT("tip"),       [PANEL_WARNING] = SLICE_INIT("warning"),
		[PANEL_ERROR] = SLICE_INIT("error"),   [PANEL_SUCCESS] = SLICE_INIT("success"),
		[PANEL_CUSTOM] = SLICE_INIT("custom"),
	};
	struct panel panel = {.title = adf_attr_words(a, n, ADF_W_title)};
	panel.type = (enum panel_type)adf_attr_among(a, n, ADF_W_panelType, types, COUNT_OF(types),
						     PANEL_INFO);
	if (panel.type == PANEL_CUSTOM) {
		panel.icon = icon_of(a, n);
		panel.ground = style_colour(adf_attr(a, n, ADF_W_panelColor));
	}
	struct node *made = adf_open(a, n, NODE_PANEL);
	*made->of.panel = panel;
	show_title_flat(a, made, panel.title);
}

void adf_code(struct adf *a, const struct adf_node *n)
{
	const struct adf_cell *cells = a->tape.cells;
	struct gather text = {.ptr = NULL};
	bool has_content = n->content != 0 && cells[n->content].kind == ADF_ARRAY;
	uint32_t end = has_content ? adf_tape_next(&a->tape, n->content) : 0;
	for (uint32_t i = n->content + 1; i < end; i = adf_tape_next(&a->tape, i)) {
		uint32_t part = adf_tape_member(&a->tape, i, ADF_W_text);
		gather_add(&text, &a->r->b, adf_tape_text(&a->tape, part));
	}
	struct slice language = adf_attr_words(a, n, ADF_W_language);
	struct code *code = builder_leaf(&a->r->b, NODE_CODE)->of.code;
	code->text = gather_view(&text);
	code->language = language;
}

void adf_expand(struct adf *a, const struct adf_node *n)
{
	struct slice title = adf_attr_words(a, n, ADF_W_title);
	struct node *made = adf_open(a, n, NODE_EXPAND);
	made->of.titled.title = title;
	made->flags |= (uint8_t)n->arg;
	show_title_flat(a, made, title);
}

/* ---- tables and columns ---- */

struct widths {
	uint32_t *at;
	uint32_t count;
};

static uint32_t px_of(const struct adf *a, uint32_t cell)
{
	return style_px(adf_tape_scalar(&a->tape, cell));
}

/* Spans that no table has are cut to what one is (table.h). */
static uint16_t span_of(const struct adf *a, const struct adf_node *n, enum adf_word name)
{
	uint64_t span = adf_attr_number(a, n, name, UINT32_MAX, 1);
	return span == 0 ? 1 : span > UINT16_MAX ? UINT16_MAX : (uint16_t)span;
}

/* What a cell of the first row says of the columns it covers. */
static void add_widths(const struct adf *a, uint32_t cell, struct widths *w)
{
	const struct adf_cell *cells = a->tape.cells;
	struct adf_node n = adf_node_at(a, cell);
	uint16_t span = span_of(a, &n, ADF_W_colspan);
	uint32_t list = adf_attr_cell(a, &n, ADF_W_colwidth);
	bool is_list = list != 0 && cells[list].kind == ADF_ARRAY;
	uint32_t at = list + 1;
	uint32_t end = is_list ? adf_tape_next(&a->tape, list) : 0;
	for (uint16_t i = 0; i < span && i < TABLE_COLSPAN_MAX && w->count < TABLE_COLUMNS_MAX;
	     i++) {
		w->at[w->count++] = is_list && at < end ? px_of(a, at) : 0;
		at = is_list && at < end ? adf_tape_next(&a->tape, at) : at;
	}
}

/* The first node of that type in a content, 0 when there is none. */
static uint32_t first_of(const struct adf *a, uint32_t content, enum adf_word type)
{
	const struct adf_cell *cells = a->tape.cells;
	if (content == 0 || cells[content].kind != ADF_ARRAY) {
		return 0;
	}
	uint32_t end = adf_tape_next(&a->tape, content);
	for (uint32_t i = content + 1; i < end; i = adf_tape_next(&a->tape, i)) {
		uint32_t said = adf_tape_member(&a->tape, i, ADF_W_type);
		if (said != 0 && cells[said].word == type) {
			return i;
		}
	}
	return 0;
}

static void read_widths(struct adf *a, const struct adf_node *n, struct table *table)
{
	uint32_t first = first_of(a, n->content, ADF_W_tableRow);
	uint32_t cells = first != 0 ? adf_node_at(a, first).content : 0;
	uint32_t said[TABLE_COLUMNS_MAX] = {0};
	struct widths w = {.at = said};
	if (cells == 0 || a->tape.cells[cells].kind != ADF_ARRAY) {
		return;
	}
	uint32_t end = adf_tape_next(&a->tape, cells);
	for (uint32_t i = cells + 1; i < end; i = adf_tape_next(&a->tape, i)) {
		if (a->tape.cells[i].kind == ADF_OBJECT) {
			add_widths(a, i, &w);
		}
	}
	uint32_t any = 0;
	for (uint32_t i = 0; i < w.count; i++) {
		any |= said[i];
	}
	uint32_t *widths = any != 0 ? arena_array(a->r->b.arena, w.count, sizeof(*widths)) : NULL;
	if (any != 0 && widths == NULL) {
		a->r->b.fault = FAULT_NO_MEMORY;
		return;
	}
	for (uint32_t i = 0; any != 0 && i < w.count; i++) {
		widths[i] = said[i];
	}
	table->widths = widths;
	table->widths_px = true;
	table->width_count = any != 0 ? w.count : 0;
}

void adf_table(struct adf *a, const struct adf_node *n)
{
	struct node *made = adf_open(a, n, NODE_TABLE);
	struct table *table = made->of.table;
	uint32_t numbered = adf_attr_cell(a, n, ADF_W_isNumberColumnEnabled);
	table->numbered = numbered != 0 && a->tape.cells[numbered].kind == ADF_TRUE;
	table->width = style_px(adf_attr(a, n, ADF_W_width));
	table_place(made, adf_attr(a, n, ADF_W_layout));
	read_widths(a, n, table);
}

void adf_cell(struct adf *a, const struct adf_node *n)
{
	struct node *made = adf_open(a, n, NODE_CELL);
	made->flags |= (uint8_t)n->arg;
	if (n->attrs == 0 || adf_tape_next(&a->tape, n->attrs) == n->attrs + 1) {
		return;
	}
	made->of.cell = (struct node_cell){
		.colspan = span_of(a, n, ADF_W_colspan),
		.rowspan = span_of(a, n, ADF_W_rowspan),
		.valign = (uint8_t)style_valign(adf_attr(a, n, ADF_W_valign)),
		.ground = style_highlight(adf_attr(a, n, ADF_W_background)),
	};
}

void adf_layout(struct adf *a, const struct adf_node *n)
{
	bool ruled = slice_eq(adf_attr(a, n, ADF_W_columnRuleStyle), SLICE_LIT("solid"));
	adf_open(a, n, NODE_LAYOUT)->flags |= ruled ? NODE_RULED : 0;
}

void adf_column(struct adf *a, const struct adf_node *n)
{
	uint64_t percent = adf_attr_number(a, n, ADF_W_width, 100, 0);
	adf_open(a, n, NODE_COLUMN)->of.column = (struct node_column){
		.percent = (uint8_t)percent,
		.valign = (uint8_t)style_valign(adf_attr(a, n, ADF_W_valign)),
	};
}
