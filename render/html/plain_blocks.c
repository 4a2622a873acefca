#include "render/html/plain_writer.h"

enum { RULE_WIDTH = 72, TAB = 4, INDENT_STEPS = 6 };

void plain_block_begins(struct plain *p)
{
	flow_line_end(p->flow);
	p->joined = false;
}

void plain_block_ends(struct plain *p)
{
	flow_gap(p->flow, 1);
	p->joined = false;
}

static struct slice indent_of(const struct node *n)
{
	static const char blanks[2 * INDENT_STEPS + 1] = "            ";
	unsigned steps = n->indent < INDENT_STEPS ? n->indent : INDENT_STEPS;
	return slice_of(blanks, 2 * (size_t)steps);
}

void plain_enter_paragraph(struct plain *p, const struct node *n)
{
	if (!p->joined) {
		flow_line_end(p->flow);
	}
	p->joined = false;
	flow_push(p->flow, indent_of(n), indent_of(n));
}

void plain_leave_paragraph(struct plain *p, const struct node *n)
{
	flow_pop(p->flow, false);
	if ((n->flags & NODE_TIGHT) == 0) {
		flow_gap(p->flow, 1);
	}
}

/* In a cell whose name stands before it, a heading is text. */
static bool is_in_cell(const struct node *n)
{
	return n->parent != NULL && n->parent->kind == NODE_CELL;
}

void plain_enter_heading(struct plain *p, const struct node *n)
{
	static const struct slice marks[] = {SLICE_INIT("### "), SLICE_INIT("#### "),
					     SLICE_INIT("##### "), SLICE_INIT("###### ")};
	struct flow *f = p->flow;
	if (n->first == NULL) {
		return;
	}
	if (!p->joined) {
		flow_line_end(f);
		flow_gap(f, is_in_cell(n) ? 0 : n->of.heading.level <= 2 ? 2 : 1);
	}
	p->joined = false;
	flow_measure(f);
	if (!is_in_cell(n) && n->of.heading.level >= 3) {
		flow_text(f, marks[n->of.heading.level < 6 ? n->of.heading.level - 3 : 3]);
	}
}

void plain_leave_heading(struct plain *p, const struct node *n)
{
	struct flow *f = p->flow;
	if (n->first == NULL) {
		return;
	}
	flow_line_end(f);
	if (!is_in_cell(n) && n->of.heading.level <= 2 && f->longest > 0) {
		flow_rule(f, n->of.heading.level == 2 ? '-' : '=',
			  f->longest < flow_room(f) ? f->longest : flow_room(f));
	}
	flow_gap(f, is_in_cell(n) ? 0 : 1);
}

void plain_enter_group(struct plain *p, const struct node *n)
{
	plain_block_begins(p);
	flow_push(p->flow, indent_of(n), indent_of(n));
}

void plain_leave_group(struct plain *p, const struct node *n)
{
	(void)n;
	flow_pop(p->flow, false);
}

void plain_enter_quote(struct plain *p, const struct node *n)
{
	(void)n;
	plain_block_begins(p);
	flow_gap(p->flow, 1);
	flow_push(p->flow, SLICE_LIT("> "), SLICE_LIT("> "));
}

void plain_leave_block(struct plain *p, const struct node *n)
{
	(void)n;
	flow_pop(p->flow, false);
	plain_block_ends(p);
}

void plain_enter_panel(struct plain *p, const struct node *n)
{
	static const struct slice names[] = {
		[PANEL_INFO] = SLICE_INIT("[INFO] "),	[PANEL_NOTE] = SLICE_INIT("[NOTE] "),
		[PANEL_TIP] = SLICE_INIT("[TIP] "),	[PANEL_WARNING] = SLICE_INIT("[WARNING] "),
		[PANEL_ERROR] = SLICE_INIT("[ERROR] "), [PANEL_SUCCESS] = SLICE_INIT("[SUCCESS] "),
		[PANEL_CUSTOM] = SLICE_INIT(""),	[PANEL_PLAIN] = SLICE_INIT(""),
	};
	const struct panel *panel = n->of.panel;
	struct flow *f = p->flow;
	plain_block_begins(p);
	flow_gap(f, 1);
	flow_push(f, SLICE_LIT("| "), SLICE_LIT("| "));
	flow_text(f, names[panel->type]);
	if (panel->icon.len > 0) {
		flow_text(f, panel->icon);
		flow_lit(f, " ");
	}
	if (panel->title.len > 0) {
		flow_text(f, panel->title);
		flow_line_end(f);
	} else {
		/* The body's first paragraph goes on behind the name. */
		p->joined = true;
	}
}

/* `title:` and the body, two columns further in. */
static void open_titled(struct plain *p, struct slice title)
{
	struct flow *f = p->flow;
	plain_block_begins(p);
	flow_gap(f, 1);
	if (title.len > 0) {
		flow_text(f, title);
		flow_lit(f, ":");
		flow_line_end(f);
	}
}

void plain_enter_titled(struct plain *p, const struct node *n)
{
	struct slice title = n->of.titled.title;
	open_titled(p, title.len == 0 && n->kind == NODE_EXPAND ? view_word(p->view, WORD_DETAILS)
								: title);
	flow_push(p->flow, SLICE_LIT("  "), SLICE_LIT("  "));
}

void plain_enter_tab(struct plain *p, const struct node *n)
{
	open_titled(p, n->of.titled.title);
}

void plain_leave_tab(struct plain *p, const struct node *n)
{
	(void)n;
	plain_block_ends(p);
}

void plain_enter_rule(struct plain *p, const struct node *n)
{
	plain_block_begins(p);
	if (n->first != NULL) {
		flow_lit(p->flow, "--- ");
	} else {
		size_t room = flow_room(p->flow);
		flow_rule(p->flow, '-', room < RULE_WIDTH ? room : RULE_WIDTH);
	}
}

void plain_leave_rule(struct plain *p, const struct node *n)
{
	if (n->first != NULL) {
		flow_lit(p->flow, " ---");
	}
	plain_block_ends(p);
}

/* Four blanks before each line; a line that no relay would pass is broken with a backslash. */
static void put_code_line(struct plain *p, struct slice number, struct slice line)
{
	struct flow *f = p->flow;
	p->scratch.len = 0;
	for (size_t i = 0; f->fault == FAULT_NONE && i < line.len; i++) {
		size_t blanks = line.ptr[i] == '\t' ? TAB - p->scratch.len % TAB : 0;
		f->fault = blanks > 0 ? buf_add(&p->scratch, slice_first(SLICE_LIT("    "), blanks))
				      : buf_add_byte(&p->scratch, line.ptr[i]);
	}
	struct slice rest = buf_view(&p->scratch);
	struct slice indent = number;
	while (rest.len > FLOW_BYTES_MAX - 2 * FLOW_PREFIX_MAX) {
		size_t n = FLOW_BYTES_MAX - 2 * FLOW_PREFIX_MAX;
		while (n > 1 && ((unsigned char)rest.ptr[n] & 0xc0) == 0x80) {
			n--;
		}
		char piece[FLOW_BYTES_MAX];
		for (size_t i = 0; i < n; i++) {
			piece[i] = rest.ptr[i];
		}
		piece[n] = '\\';
		flow_raw_line(f, indent, slice_of(piece, n + 1));
		rest = slice_skip(rest, n);
		indent = SLICE_LIT("    ");
	}
	flow_raw_line(f, indent, rest);
}

static void put_caption(struct plain *p, const struct code *c)
{
	struct flow *f = p->flow;
	if (c->title.len == 0 && c->language.len == 0) {
		return;
	}
	flow_text(f, c->title);
	if (c->title.len > 0 && c->language.len > 0) {
		flow_lit(f, " (");
		flow_text(f, c->language);
		flow_lit(f, ")");
	} else {
		flow_text(f, c->language);
	}
	flow_lit(f, ":");
	flow_line_end(f);
}

void plain_code(struct plain *p, const struct node *n)
{
	const struct code *c = n->of.code;
	struct slice text = c->text;
	uint64_t number = c->first_line;
	while (slice_ends(text, SLICE_LIT("\n"))) { /* empty lines at the end say nothing */
		text = slice_first(text, text.len - 1);
	}
	plain_block_begins(p);
	flow_gap(p->flow, 1);
	put_caption(p, c);
	for (bool more = text.len > 0; more; number++) {
		char digits[32] = "    ";
		size_t len = 4;
		struct slice line = text;
		more = slice_cut_to(&text, '\n', &line);
		if (c->numbered) {
			size_t width = 1;
			for (uint64_t x = number; x >= 10; x /= 10) {
				width++;
			}
			uint64_t x = number;
			for (size_t i = width; i > 0; i--, x /= 10) {
				digits[len + i - 1] = (char)('0' + x % 10);
			}
			len += width;
			digits[len++] = ' ';
			digits[len++] = ' ';
		}
		put_code_line(p, slice_of(digits, len), line);
	}
	plain_block_ends(p);
}

void plain_card(struct plain *p, const struct node *n)
{
	plain_block_begins(p);
	plain_card_inline(p, n);
	if (n->of.card->summary.len > 0) {
		flow_line_end(p->flow);
		flow_text(p->flow, n->of.card->summary);
	}
	plain_block_ends(p);
}

void plain_file(struct plain *p, const struct node *n)
{
	plain_block_begins(p);
	plain_file_inline(p, n);
	/* Those of a list stand one below the other. */
	if (n->parent != NULL && n->parent->kind == NODE_FILES) {
		plain_block_begins(p);
	} else {
		plain_block_ends(p);
	}
}

void plain_enter_picture(struct plain *p, const struct node *n)
{
	plain_block_begins(p);
	plain_image(p, n);
	flow_line_end(p->flow);
}

void plain_leave_picture(struct plain *p, const struct node *n)
{
	/* The pictures of a gallery stand one below the other. */
	if (n->parent == NULL || n->parent->kind != NODE_GALLERY) {
		plain_block_ends(p);
	}
}

void plain_enter_caption(struct plain *p, const struct node *n)
{
	struct slice indent = n->parent->kind == NODE_TABLE ? SLICE_LIT("") : SLICE_LIT("  ");
	plain_block_begins(p);
	flow_push(p->flow, indent, indent);
}

void plain_leave_caption(struct plain *p, const struct node *n)
{
	(void)n;
	flow_pop(p->flow, false);
}

void plain_leave_layout(struct plain *p, const struct node *n)
{
	(void)n;
	plain_block_ends(p);
}

void plain_leave_column(struct plain *p, const struct node *n)
{
	(void)n;
	plain_block_ends(p);
}
