#include <string.h>

#include "render/html/writer.h"

enum { INDENT = 30, BLANKS_MAX = 2, GREY = 4 /* the look of a heading of level 5 */ };

/* The frame runs one way; a block that runs the other way says so. A block that runs from right to left always does. */
bool html_turns(const struct html *h, const struct node *block)
{
	enum text_direction d = view_direction(block);
	return d == DIRECTION_RTL || (h->view->rtl && d == DIRECTION_LTR);
}

/* A foreign one, by the tag that the page gave it. */
void html_put_language(struct html *h, const struct node *block)
{
	if (block->language == 0) {
		return;
	}
	struct slice tag = h->view->document->languages[block->language - 1];
	if (language_is_tag(tag) && !slice_eq_nocase(tag, h->view->language.tag)) {
		out_lit(&h->out, " lang=\"");
		out_put(&h->out, tag);
		out_lit(&h->out, "\"");
	}
}

void html_put_dir(struct html *h, const struct node *block)
{
	enum text_direction d = view_direction(block);
	if (d == DIRECTION_RTL) {
		out_lit(&h->out, " dir=\"rtl\"");
	} else if (h->view->rtl && d == DIRECTION_LTR) {
		out_lit(&h->out, " dir=\"ltr\"");
	}
}

bool html_runs_left(const struct html *h, const struct node *n)
{
	enum text_direction d = view_direction(n);
	return d == DIRECTION_RTL || (d == DIRECTION_NONE && h->view->rtl);
}

/* Where the page itself puts its lines; empty when it does not say. */
static struct slice side_of(const struct html *h, const struct node *n)
{
	/* ADF says `end`, all else says `right`. */
	bool end = h->view->in->page->format == PAGE_ATLAS_DOC_FORMAT;
	if (n->align == ALIGN_CENTER) {
		return SLICE_LIT("center");
	}
	if (n->align != ALIGN_END) {
		return SLICE_LIT("");
	}
	return end && html_runs_left(h, n) ? SLICE_LIT("left") : SLICE_LIT("right");
}

void html_put_direction(struct html *h, const struct node *block)
{
	struct slice side = side_of(h, block);
	html_put_language(h, block);
	html_put_dir(h, block);
	if (side.len == 0 && html_turns(h, block)) {
		side = view_direction(block) == DIRECTION_RTL ? SLICE_LIT("right")
							      : SLICE_LIT("left");
	}
	if (side.len > 0) {
		out_lit(&h->out, " align=\"");
		out_put(&h->out, side);
		out_lit(&h->out, "\"");
	}
}

void html_put_align(struct html *h, const struct node *n)
{
	struct slice side = side_of(h, n);
	if (side.len > 0) {
		out_lit(&h->out, "text-align:");
		out_put(&h->out, side);
		out_lit(&h->out, ";");
	}
}

/* By a cell of that width: Word has no margin at the side of a line that it keeps in all places. */
static void open_indent(struct html *h, const struct node *n)
{
	if (n->indent > 0) {
		out_lit(&h->out, HTML_LAYOUT " width=\"100%\"");
		html_put_dir(h, n);
		out_lit(&h->out, "><tr><td width=\"");
		out_number(&h->out, (uint64_t)n->indent * INDENT);
		out_lit(&h->out, "\">&nbsp;</td><td class=\"t\"");
		html_put_direction(h, n);
		out_lit(&h->out, " style=\"" HTML_FONT "color:");
		out_colour(&h->out, colour_on(html_ground(n)));
		out_lit(&h->out, ";\">\n");
	}
}

static void close_indent(struct html *h, const struct node *n)
{
	out_put(&h->out, n->indent > 0 ? SLICE_LIT("</td></tr></table>\n") : SLICE_LIT(""));
}

/* Bare text of a cell or an item: a tag only where it says something. */
static bool is_bare(const struct html *h, const struct node *n)
{
	return (n->flags & NODE_TIGHT) != 0 && n->align == ALIGN_NONE && n->indent == 0 &&
	       n->language == 0 && (n->flags & NODE_SMALL) == 0 &&
	       node_level(n->parent) == NODE_IS_PART && !html_turns(h, n);
}

void html_enter_paragraph(struct html *h, const struct node *n)
{
	struct out *o = &h->out;
	o->run = 0;
	if (is_bare(h, n)) {
		return;
	}
	h->now.blanks = n->first == NULL ? h->now.blanks + 1 : 0;
	if (h->now.blanks > BLANKS_MAX) {
		h->now.blanks = BLANKS_MAX + 1;
		return;
	}
	open_indent(h, n);
	out_lit(o, "<p");
	html_put_direction(h, n);
	out_lit(o, " style=\"");
	out_put(o, n->flags & NODE_TIGHT ? SLICE_LIT("margin:0;") : SLICE_LIT("margin:0 0 12px;"));
	html_put_align(h, n);
	out_put(o, n->flags & NODE_SMALL ? SLICE_LIT("font-size:12px\">") : SLICE_LIT("\">"));
}

void html_leave_paragraph(struct html *h, const struct node *n)
{
	if (is_bare(h, n)) {
		bool more = n->next != NULL && n->next->kind == NODE_PARAGRAPH;
		out_put(&h->out, more ? SLICE_LIT("<br>\n") : SLICE_LIT(""));
	} else if (n->first != NULL || h->now.blanks <= BLANKS_MAX) {
		out_put(&h->out,
			n->first != NULL ? SLICE_LIT("</p>\n") : SLICE_LIT("&nbsp;</p>\n"));
		close_indent(h, n);
	}
}

/*
 * The page's title is level 1; no level is left out on the way down (render-spec.md section 10.14), and headings of one
 * level below the same one stay at one level.
 */
static uint8_t shown_level(struct html *h, uint8_t level)
{
	struct html_state *now = &h->now;
	level = level >= 1 && level <= COUNT_OF(now->levels) ? level : COUNT_OF(now->levels);
	while (now->depth > 0 && now->levels[now->depth - 1] >= level) {
		now->depth--;
	}
	now->levels[now->depth++] = level;
	return now->depth < 6 ? (uint8_t)(now->depth + 1) : 6;
}

void html_enter_heading(struct html *h, const struct node *n)
{
	static const struct slice looks[] = {
		SLICE_INIT("24px;line-height:1.25"),
		SLICE_INIT("20px;line-height:1.25"),
		SLICE_INIT("16px;line-height:1.3"),
		SLICE_INIT("14px;line-height:1.43"),
		[GREY] = SLICE_INIT("14px;line-height:1.43;color:#505f79"),
		SLICE_INIT("12px;line-height:1.5;text-transform:uppercase"),
	};
	struct out *o = &h->out;
	if (n->first == NULL) {
		return;
	}
	size_t look = n->of.heading.level >= 1 && n->of.heading.level <= 6
			      ? n->of.heading.level - 1U
			      : 5;
	h->now.heading = shown_level(h, n->of.heading.level);
	h->now.blanks = 0;
	open_indent(h, n);
	out_lit(o, "<h");
	out_number(o, h->now.heading);
	out_put(o, look == GREY ? SLICE_LIT(" class=\"g\"") : SLICE_LIT(""));
	html_put_direction(h, n);
	out_lit(o, " style=\"margin:");
	out_put(o, n->parent != NULL && n->parent->first == n ? SLICE_LIT("0 0 8px;")
		   : look <= 1				      ? SLICE_LIT("20px 0 8px;")
							      : SLICE_LIT("16px 0 8px;"));
	html_put_align(h, n);
	out_lit(o, "font-size:");
	out_put(o, looks[look]);
	out_lit(o, "\">");
	if (n->of.heading.id.len > 0) {
		out_lit(o, "<a name=\"");
		out_attr(o, n->of.heading.id);
		out_lit(o, "\" id=\"");
		out_attr(o, n->of.heading.id);
		out_lit(o, "\"></a>");
	}
	o->run = 0;
}

void html_leave_heading(struct html *h, const struct node *n)
{
	if (n->first != NULL) {
		out_lit(&h->out, "</h");
		out_number(&h->out, h->now.heading);
		out_lit(&h->out, ">\n");
		close_indent(h, n);
	}
}

void html_enter_group(struct html *h, const struct node *n)
{
	open_indent(h, n);
	if (n->indent == 0 && n->language > 0) {
		out_lit(&h->out, "<div");
		html_put_language(h, n);
		out_lit(&h->out, ">\n");
	}
}

void html_leave_group(struct html *h, const struct node *n)
{
	close_indent(h, n);
	out_put(&h->out, n->indent == 0 && n->language > 0 ? SLICE_LIT("</div>\n") : SLICE_LIT(""));
}

void html_enter_quote(struct html *h, const struct node *n)
{
	bool rtl = html_runs_left(h, n);
	out_lit(&h->out, HTML_LAYOUT " width=\"100%\" style=\"margin:0 0 12px\"");
	html_put_dir(h, n);
	out_lit(&h->out, "><tr><td width=\"3\" bgcolor=\"#c1c7d0\" "
			 "style=\"background-color:#c1c7d0;font-size:1px\">&nbsp;</td>");
	html_name(h, SLICE_LIT("=blockquote quote"));
	out_lit(&h->out, "<td class=\"t\"");
	html_put_direction(h, n);
	out_put(&h->out,
		rtl ? SLICE_LIT(" style=\"padding:4px 14px 0 0;" HTML_FONT HTML_INK "\">\n")
		    : SLICE_LIT(" style=\"padding:4px 0 0 14px;" HTML_FONT HTML_INK "\">\n"));
}

void html_leave_quote(struct html *h, const struct node *n)
{
	(void)n;
	out_lit(&h->out, "</td></tr></table>\n");
}

static void put_title_row(struct html *h, struct slice mark, struct slice title, bool small)
{
	struct out *o = &h->out;
	out_lit(o, "<tr>");
	html_name(h, SLICE_LIT("expand-title"));
	out_lit(o, "<td class=\"p\" bgcolor=\"#f4f5f7\" "
		   "style=\"background-color:#f4f5f7;padding:6px 12px;");
	out_put(o, small ? SLICE_LIT("font:12px/1.5 Arial,Helvetica,sans-serif;" HTML_INK)
			 : SLICE_LIT(HTML_FONT HTML_INK));
	out_lit(o, "\"><b>");
	out_put(o, mark);
	out_text(o, title);
	out_lit(o, "</b></td></tr>\n");
	o->run = 0;
}

static void open_box(struct html *h)
{
	out_lit(&h->out,
		HTML_LAYOUT " width=\"100%\" style=\"margin:0 0 12px;border:1px solid #dfe1e6\">");
	h->now.blanks = 0;
}

static void open_body(struct html *h)
{
	out_lit(&h->out, "<tr>");
	html_name(h, SLICE_LIT("expand"));
	out_lit(&h->out, "<td class=\"t\" style=\"padding:10px 12px 0;" HTML_FONT HTML_INK "\">\n");
}

void html_enter_expand(struct html *h, const struct node *n)
{
	open_box(h);
	put_title_row(h, SLICE_LIT("&#9662; "),
		      n->of.titled.title.len > 0 ? n->of.titled.title
						 : view_word(h->view, WORD_DETAILS),
		      (n->flags & NODE_NESTED) != 0);
	open_body(h);
}

void html_enter_frame(struct html *h, const struct node *n)
{
	open_box(h);
	if (n->of.titled.title.len > 0) {
		put_title_row(h, SLICE_LIT(""), n->of.titled.title, false);
	}
	open_body(h);
}

void html_leave_titled(struct html *h, const struct node *n)
{
	out_put(&h->out, n->first == NULL ? SLICE_LIT("&nbsp;</td></tr></table>\n")
					  : SLICE_LIT("</td></tr></table>\n"));
}

void html_enter_tab(struct html *h, const struct node *n)
{
	if (n->of.titled.title.len > 0) {
		out_lit(&h->out, "<p style=\"margin:0 0 8px;font-size:16px\"><b>");
		out_text(&h->out, n->of.titled.title);
		out_lit(&h->out, "</b></p>\n");
		h->out.run = 0;
	}
}

void html_leave_tab(struct html *h, const struct node *n)
{
	(void)h;
	(void)n;
}

/* Of the text below a rule. */
static struct slice text_side(const struct html *h, const struct node *n)
{
	bool left = html_runs_left(h, n);
	if (n->align == ALIGN_START) {
		return left ? SLICE_LIT("\"right\"") : SLICE_LIT("\"left\"");
	}
	if (n->align == ALIGN_END) {
		return left ? SLICE_LIT("\"left\"") : SLICE_LIT("\"right\"");
	}
	return SLICE_LIT("\"center\"");
}

void html_enter_rule(struct html *h, const struct node *n)
{
	static const struct slice styles[] = {
		[BORDER_SOLID] = SLICE_INIT("px solid "),
		[BORDER_DASHED] = SLICE_INIT("px dashed "),
		[BORDER_DOTTED] = SLICE_INIT("px dotted "),
	};
	const struct node_rule *r = &n->of.rule;
	uint32_t colour = r->colour != COLOUR_NONE ? r->colour : COLOUR_BORDER;
	out_lit(&h->out, HTML_LAYOUT " width=\"100%\" style=\"margin:8px 0 20px\"><tr><td align=");
	out_put(&h->out, text_side(h, n));
	out_lit(&h->out, " style=\"border-top:");
	out_number(&h->out, r->weight > 0 ? r->weight : 1);
	out_put(&h->out, r->style < COUNT_OF(styles) ? styles[r->style] : styles[BORDER_SOLID]);
	out_colour(&h->out, colour & 0xffffff);
	out_put(&h->out,
		n->first == NULL
			? SLICE_LIT(
				  ";font-size:1px;line-height:1px;mso-line-height-rule:exactly\">")
			: SLICE_LIT(";padding:4px 0 0;font:12px/1.5 Arial,Helvetica,"
				    "sans-serif;color:#505f79\">"));
	h->now.blanks = 0;
}

void html_leave_rule(struct html *h, const struct node *n)
{
	out_put(&h->out, n->first == NULL ? SLICE_LIT("&nbsp;</td></tr></table>\n")
					  : SLICE_LIT("</td></tr></table>\n"));
}

void html_card(struct html *h, const struct node *n)
{
	struct out *o = &h->out;
	const struct card *c = n->of.card;
	out_lit(o, HTML_LAYOUT " width=\"100%\" style=\"margin:0 0 12px");
	out_put(o,
		c->is_bare ? SLICE_LIT("\"><tr>") : SLICE_LIT(";border:1px solid #c1c7d0\"><tr>"));
	html_name(h, SLICE_LIT("card"));
	out_put(o,
		c->is_bare
			? SLICE_LIT("<td class=\"t\" style=\"" HTML_FONT HTML_INK "\">")
			: SLICE_LIT("<td class=\"p\" bgcolor=\"#f4f5f7\" "
				    "style=\"background-color:#f4f5f7;padding:10px 12px;" HTML_FONT
					    HTML_INK "\">"));
	o->run = 0;
	html_card_inline(h, n);
	if (c->summary.len > 0) {
		out_lit(o, "<br>\n");
		o->run = 0;
		out_text(o, c->summary);
	}
	out_lit(o, "</td></tr></table>\n");
	o->run = 0;
	h->now.blanks = 0;
}

void html_file(struct html *h, const struct node *n)
{
	bool listed = n->parent != NULL && n->parent->kind == NODE_FILES;
	out_put(&h->out, listed ? SLICE_LIT("<tr>") : SLICE_LIT(""));
	html_name(h, SLICE_LIT("file"));
	out_put(&h->out, listed ? SLICE_LIT("<td class=\"t\" style=\"padding:4px 0;border-bottom:"
					    "1px solid #dfe1e6;" HTML_FONT HTML_INK "\">")
				: SLICE_LIT("<p style=\"margin:0 0 12px\">"));
	html_file_inline(h, n);
	out_put(&h->out, listed ? SLICE_LIT("</td></tr>\n") : SLICE_LIT("</p>\n"));
	h->now.blanks = 0;
}
