#include "render/html/writer.h"

enum {
	MANY_COLUMNS = 8,
	LAYOUT_ROW_MAX = 3,
	PAGE_WIDTH = 760,
	COLUMN_LEAST = 100,
	LETTER_WIDTH = 15, /* half px, of a usual one */
	CELL_PADDING = 14, /* px of padding and border, both sides */
	CELL_PADDING_NARROW = 8,
};

struct html_grid *html_push_grid(struct html *h, const struct node *n)
{
	struct html_grid *g = arena_alloc(h->view->arena, sizeof(*g));
	if (g == NULL) {
		h->out.fault = h->out.fault != FAULT_NONE ? h->out.fault : FAULT_NO_MEMORY;
		return NULL;
	}
	g->outer = h->now.grid;
	g->node = n;
	h->now.grid = g;
	h->now.blanks = 0;
	return g;
}

void html_pop_grid(struct html *h)
{
	if (h->now.grid != NULL) {
		h->now.grid = h->now.grid->outer;
	}
}

static bool is_narrow(const struct table *t)
{
	return t->columns > MANY_COLUMNS;
}

/* What all columns make together. Where some say no width, those that do leave room for them: their numbers are per
 * cent, or px of a usual page. */
static uint64_t whole_width(const struct table *t)
{
	uint64_t silent = 0;
	for (uint32_t i = 0; i < t->width_count; i++) {
		silent += t->widths[i] == 0 ? 1 : 0;
	}
	if (silent == 0) {
		return t->width_sum;
	}
	uint64_t least = t->width_sum + silent * COLUMN_LEAST;
	return !t->widths_px && t->width_sum <= 100 ? 100 : least > PAGE_WIDTH ? least : PAGE_WIDTH;
}

static bool is_full(const struct table *t, uint32_t room)
{
	return t->width == 0 || t->width >= room;
}

/* A narrow one at the far side stands in a cell: aligned itself, it would let what follows flow beside it. */
static bool stands_apart(const struct node *n)
{
	return n->align == ALIGN_END && !is_full(n->of.table, html_room(n));
}

static void put_place(struct html *h, const struct node *n)
{
	if (stands_apart(n)) {
		out_put(&h->out,
			h->view->rtl
				? SLICE_LIT(HTML_LAYOUT " width=\"100%\"><tr><td align=\"left\">\n")
				: SLICE_LIT(HTML_LAYOUT
					    " width=\"100%\"><tr><td align=\"right\">\n"));
	}
}

void html_enter_table(struct html *h, const struct node *n)
{
	struct out *o = &h->out;
	const struct table *t = n->of.table;
	uint32_t room = html_room(n);
	bool full = is_full(t, room);
	struct html_grid *g = html_push_grid(h, n);
	if (g != NULL) {
		g->whole = whole_width(t);
		g->room = full ? room : t->width;
	}
	put_place(h, n);
	out_lit(o, "<table");
	out_put(o,
		!full && n->align == ALIGN_CENTER ? SLICE_LIT(" align=\"center\"") : SLICE_LIT(""));
	out_lit(o, " border=\"1\" cellspacing=\"0\" cellpadding=");
	out_put(o, is_narrow(t) ? SLICE_LIT("\"3\" width=\"") : SLICE_LIT("\"6\" width=\""));
	out_number(o, full ? 100 : t->width);
	out_put(o, full ? SLICE_LIT("%\"") : SLICE_LIT("\""));
	if (view_is_rtl(n)) {
		out_lit(o, " dir=\"rtl\"");
	}
	out_lit(o, " style=\"border-collapse:collapse;border:1px solid #c1c7d0;margin:0 0 12px;");
	out_put(o, !stands_apart(n)	  ? SLICE_LIT("")
		   : html_runs_left(h, n) ? SLICE_LIT("text-align:right;")
					  : SLICE_LIT("text-align:left;"));
	out_lit(o, "word-break:normal\">\n");
}

void html_leave_table(struct html *h, const struct node *n)
{
	/* A table without a row is none to HTML, and to nobody else. */
	out_put(&h->out, n->first == NULL ? SLICE_LIT("<tr><td>&nbsp;</td></tr></table>\n")
					  : SLICE_LIT("</table>\n"));
	out_put(&h->out, stands_apart(n) ? SLICE_LIT("</td></tr></table>\n") : SLICE_LIT(""));
	html_pop_grid(h);
}

static bool all_cells_are_heads(const struct node *row)
{
	for (const struct node *c = row->first; c != NULL; c = c->next) {
		if ((c->flags & NODE_HEAD) == 0) {
			return false;
		}
	}
	return row->first != NULL;
}

static void put_number_cell(struct html *h, struct html_grid *g, bool head)
{
	out_lit(&h->out, "<td class=\"p\" width=\"32\" align=\"right\" bgcolor=\"#f4f5f7\" "
			 "style=\"border:1px solid #c1c7d0;background-color:#f4f5f7;" HTML_FONT
			 "color:#505f79\">");
	if (head) {
		out_lit(&h->out, "&nbsp;");
	} else {
		g->numbers++;
		out_number(&h->out, g->numbers);
	}
	out_lit(&h->out, "</td>");
}

void html_enter_row(struct html *h, const struct node *n)
{
	struct html_grid *g = h->now.grid;
	out_lit(&h->out, "<tr valign=\"top\">");
	if (g == NULL) {
		return;
	}
	g->rows++;
	g->at = 0;
	if (g->node->of.table->numbered) {
		put_number_cell(h, g, (n->flags & NODE_HEAD) != 0 || all_cells_are_heads(n));
	}
}

void html_leave_row(struct html *h, const struct node *n)
{
	(void)n;
	out_lit(&h->out, "</tr>\n");
}

/* In per cent of them all; said in the first row, where it counts for the others. */
static void put_width(struct html *h, const struct html_grid *g, const struct node_cell *c,
		      bool counts)
{
	const struct table *t = g->node->of.table;
	uint64_t share = 0;
	if (g->rows == 1 && g->at == 0 && counts) {
		out_lit(&h->out, " width=\"32\"");
		return;
	}
	for (uint32_t i = g->at; i < g->at + c->colspan && i < t->width_count; i++) {
		share += t->widths[i];
	}
	if (g->rows == 1 && share > 0 && g->whole > 0) {
		uint64_t percent = (share * 100 + g->whole / 2) / g->whole;
		out_lit(&h->out, " width=\"");
		out_number(&h->out, percent < 1 ? 1 : percent > 100 ? 100 : percent);
		out_lit(&h->out, "%\"");
	}
}

static void put_span(struct html *h, struct slice name, uint16_t span)
{
	if (span > 1) {
		out_put(&h->out, name);
		out_number(&h->out, span);
		out_lit(&h->out, "\"");
	}
}

/*
 * Do words of a cell have to break where `room` px stand open to the table? Only where the longest ones of all columns
 * do not fit beside each other, and this one is longer than its column's share: who may break anywhere is squeezed.
 */
static bool must_break(const struct html_grid *g, const struct node_cell *c, uint64_t room)
{
	const struct table *t = g->node->of.table;
	uint64_t padding = is_narrow(t) ? CELL_PADDING_NARROW : CELL_PADDING;
	uint64_t paddings = padding * t->columns;
	uint64_t open = room > paddings ? 2 * (room - paddings) : 0;
	return (uint64_t)t->letters * LETTER_WIDTH > open &&
	       (uint64_t)c->letters * LETTER_WIDTH * t->columns > open * c->colspan;
}

/* What breaks in the wide does so in the narrow, too. */
enum breaking { BREAK_NOWHERE, BREAK_NARROW, BREAK_ALWAYS };

static enum breaking breaking_of(const struct html_grid *g, const struct node_cell *c)
{
	if (g == NULL || !must_break(g, c, (uint64_t)g->room * HTML_PHONE / HTML_COLUMN)) {
		return BREAK_NOWHERE;
	}
	return must_break(g, c, g->room) ? BREAK_ALWAYS : BREAK_NARROW;
}

static void put_cell_look(struct html *h, const struct node *n)
{
	struct out *o = &h->out;
	const struct node_cell *c = &n->of.cell;
	bool head = (n->flags & NODE_HEAD) != 0;
	uint32_t ground = c->ground != COLOUR_NONE ? c->ground & 0xffffff : COLOUR_LIGHT;
	bool grounded = head || c->ground != COLOUR_NONE;
	bool narrow = h->now.grid != NULL && is_narrow(h->now.grid->node->of.table);
	bool dark = grounded && colour_on(ground) == COLOUR_WHITE;
	enum breaking breaks = breaking_of(h->now.grid, c);
	h->dark = h->dark || dark;
	out_put(o, dark	      ? SLICE_LIT(" class=\"d")
		   : grounded ? SLICE_LIT(" class=\"p")
			      : SLICE_LIT(" class=\"t"));
	out_put(o, breaks == BREAK_NARROW ? SLICE_LIT(" n\"") : SLICE_LIT("\""));
	if (grounded) {
		out_lit(o, " bgcolor=\"");
		out_colour(o, ground);
		out_lit(o, "\"");
	}
	out_lit(o, " style=\"border:1px solid #c1c7d0;");
	if (grounded) {
		out_lit(o, "background-color:");
		out_colour(o, ground);
		out_lit(o, ";");
	}
	out_put(o, breaks == BREAK_ALWAYS ? SLICE_LIT("word-break:break-word;") : SLICE_LIT(""));
	html_put_align(h, n);
	out_put(o, !head || n->align != ALIGN_NONE ? SLICE_LIT("")
		   : h->view->rtl		   ? SLICE_LIT("text-align:right;")
						   : SLICE_LIT("text-align:left;"));
	out_put(o, narrow ? SLICE_LIT("font:12px/1.4 Arial,Helvetica,sans-serif;")
			  : SLICE_LIT(HTML_FONT));
	out_put(o, head ? SLICE_LIT("font-weight:bold;color:") : SLICE_LIT("color:"));
	out_colour(o, grounded ? colour_on(ground) : COLOUR_TEXT);
	out_lit(o, "\">");
}

/* The rows say `top`. */
static void put_valign(struct html *h, uint8_t valign)
{
	out_put(&h->out, valign == VALIGN_MIDDLE   ? SLICE_LIT(" valign=\"middle\"")
			 : valign == VALIGN_BOTTOM ? SLICE_LIT(" valign=\"bottom\"")
						   : SLICE_LIT(""));
}

void html_enter_cell(struct html *h, const struct node *n)
{
	struct out *o = &h->out;
	struct html_grid *g = h->now.grid;
	const struct node_cell *c = &n->of.cell;
	if ((n->flags & NODE_HEAD) == 0) {
		out_lit(o, "<td");
	} else if (n->parent->first == n && !all_cells_are_heads(n->parent)) {
		out_lit(o, "<th scope=\"row\"");
	} else {
		out_lit(o, "<th scope=\"col\"");
	}
	put_span(h, SLICE_LIT(" colspan=\""), c->colspan);
	put_span(h, SLICE_LIT(" rowspan=\""), c->rowspan);
	if (g != NULL) {
		put_width(h, g, c, (n->flags & NODE_COUNT) != 0);
		g->at += c->colspan;
	}
	put_valign(h, c->valign);
	html_put_language(h, n);
	put_cell_look(h, n);
	o->run = 0;
	h->now.blanks = 0;
}

static bool is_empty(const struct node *cell)
{
	const struct node *c = cell->first;
	return c == NULL || (c->next == NULL && c->kind == NODE_PARAGRAPH && c->first == NULL &&
			     (c->flags & NODE_TIGHT) != 0);
}

void html_leave_cell(struct html *h, const struct node *n)
{
	out_put(&h->out, is_empty(n) ? SLICE_LIT("&nbsp;") : SLICE_LIT(""));
	out_put(&h->out, n->flags & NODE_HEAD ? SLICE_LIT("</th>") : SLICE_LIT("</td>"));
}

static uint32_t count_parts(const struct node *n)
{
	uint32_t count = 0;
	for (const struct node *c = n->first; c != NULL; c = c->next) {
		count++;
	}
	return count;
}

void html_enter_layout(struct html *h, const struct node *n)
{
	struct html_grid *g = html_push_grid(h, n);
	if (g != NULL) {
		g->count = count_parts(n);
	}
	out_lit(&h->out,
		HTML_LAYOUT " width=\"100%\" style=\"margin:0 0 12px\"><tr valign=\"top\">\n");
}

void html_leave_layout(struct html *h, const struct node *n)
{
	out_put(&h->out, n->first == NULL ? SLICE_LIT("<td>&nbsp;</td></tr></table>\n")
					  : SLICE_LIT("</tr></table>\n"));
	html_pop_grid(h);
}

void html_enter_column(struct html *h, const struct node *n)
{
	struct out *o = &h->out;
	struct html_grid *g = h->now.grid;
	bool wrapped = g != NULL && g->count > LAYOUT_ROW_MAX;
	if (wrapped && g->cells > 0 && g->cells % 2 == 0) {
		out_lit(o, "</tr><tr valign=\"top\">\n");
	}
	bool ruled = g != NULL && (n->parent->flags & NODE_RULED) != 0 &&
		     g->cells % (wrapped ? 2 : g->count) != 0;
	if (g != NULL) {
		g->cells++;
	}
	out_lit(o, "<td class=\"k t\" width=\"");
	out_number(o, wrapped ? 50 : n->of.column.percent);
	out_lit(o, "%\"");
	put_valign(h, n->of.column.valign);
	out_put(o, ruled ? SLICE_LIT(" style=\"padding:0 8px 8px;border-left:1px solid "
				     "#c1c7d0;" HTML_FONT HTML_INK "\">\n")
			 : SLICE_LIT(" style=\"padding:0 8px 8px 0;" HTML_FONT HTML_INK "\">\n"));
	h->now.blanks = 0;
}

void html_leave_column(struct html *h, const struct node *n)
{
	out_put(&h->out, n->first == NULL ? SLICE_LIT("&nbsp;</td>\n") : SLICE_LIT("</td>\n"));
}

void html_enter_gallery(struct html *h, const struct node *n)
{
	(void)html_push_grid(h, n);
	out_lit(&h->out, HTML_LAYOUT " style=\"margin:0 0 12px\"><tr valign=\"top\">\n");
}

void html_leave_gallery(struct html *h, const struct node *n)
{
	html_leave_layout(h, n);
}

uint32_t html_room(const struct node *n)
{
	uint64_t room = 1000; /* in 1/1000 of the column, less the paddings in px */
	uint32_t less = 0;
	for (n = n->parent; n != NULL; n = n->parent) {
		if (n->kind == NODE_COLUMN) {
			room = room * n->of.column.percent / 100;
			less += 8;
		} else if (n->kind == NODE_CELL && n->parent != NULL && n->parent->parent != NULL &&
			   n->parent->parent->of.table->columns > 0) {
			room = room * n->of.cell.colspan / n->parent->parent->of.table->columns;
			less += 14;
		} else if (n->kind == NODE_PANEL) {
			less += 50;
		} else if (n->kind == NODE_ITEM || n->kind == NODE_TASK || n->kind == NODE_EXPAND ||
			   n->kind == NODE_FRAME || n->kind == NODE_QUOTE) {
			less += 24;
		}
	}
	uint64_t px = HTML_COLUMN * room / 1000;
	return px > less + 40 ? (uint32_t)(px - less) : 40;
}
