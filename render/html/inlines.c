#include "render/html/writer.h"

static uint32_t ground_of(const struct node *n)
{
	if (n->kind == NODE_CELL) {
		return n->of.cell.ground;
	}
	if (n->kind != NODE_PANEL) {
		return COLOUR_NONE;
	}
	return n->of.panel->ground != COLOUR_NONE
		       ? n->of.panel->ground
		       : COLOUR_SET | colour_of_panel(n->of.panel->type).ground;
}

uint32_t html_ground(const struct node *n)
{
	for (n = n->parent; n != NULL; n = n->parent) {
		uint32_t ground = ground_of(n);
		if (ground != COLOUR_NONE) {
			return ground & 0xffffff;
		}
	}
	return COLOUR_WHITE;
}

/* The usual blue; on a dark ground, where it could not be read, the text's own colour. */
static void put_link_style(struct html *h, const struct node *n)
{
	bool dark = h->dark && colour_contrast(COLOUR_LINK, html_ground(n)) < CONTRAST_LEAST;
	out_put(&h->out, dark ? SLICE_LIT("\" style=\"color:#fefefe\">")
			      : SLICE_LIT("\" style=\"color:#0052cc\">"));
}

void html_put_link(struct html *h, struct slice href)
{
	out_lit(&h->out, "<a href=\"");
	out_attr(&h->out, href);
	out_lit(&h->out, "\" style=\"color:#0052cc\">");
}

/* Outermost first (render-spec.md section 3); colours stand around all of these. */
static const struct {
	uint16_t mark;
	struct slice open, close;
} marks[] = {
	{MARK_SMALL, SLICE_INIT("<span style=\"font-size:12px\">"), SLICE_INIT("</span>")},
	{MARK_BIG, SLICE_INIT("<span style=\"font-size:16px\">"), SLICE_INIT("</span>")},
	{MARK_STRONG, SLICE_INIT("<strong>"), SLICE_INIT("</strong>")},
	{MARK_EM, SLICE_INIT("<em>"), SLICE_INIT("</em>")},
	{MARK_STRIKE, SLICE_INIT("<s>"), SLICE_INIT("</s>")},
	{MARK_UNDERLINE, SLICE_INIT("<u>"), SLICE_INIT("</u>")},
	{MARK_SUB, SLICE_INIT("<sub>"), SLICE_INIT("</sub>")},
	{MARK_SUP, SLICE_INIT("<sup>"), SLICE_INIT("</sup>")},
	{MARK_CODE,
	 SLICE_INIT("<code style=\"background-color:#f4f5f7;color:#172b4d;font:13px/1.43 " HTML_MONO
		    "\">"),
	 SLICE_INIT("</code>")},
};

/* A colour that cannot be read on its ground is dropped; a ground brings a text colour along. */
static bool open_ink(struct html *h, const struct node *n)
{
	const struct ink *ink = n->ink;
	if (ink == NULL) {
		return false;
	}
	bool grounded = ink->ground != COLOUR_NONE;
	uint32_t ground = grounded ? ink->ground & 0xffffff : html_ground(n);
	bool coloured = ink->text != COLOUR_NONE &&
			colour_contrast(ink->text & 0xffffff, ground) >= CONTRAST_LEAST;
	if (!grounded && !coloured) {
		return false;
	}
	/* On a dark ground that a reader chose, a colour made for a light one gives way. */
	out_put(&h->out,
		grounded ? SLICE_LIT("<span style=\"") : SLICE_LIT("<span class=\"c\" style=\""));
	if (grounded) {
		out_lit(&h->out, "background-color:");
		out_colour(&h->out, ground);
		out_lit(&h->out, ";");
	}
	out_lit(&h->out, "color:");
	out_colour(&h->out, coloured ? ink->text & 0xffffff : colour_on(ground));
	out_lit(&h->out, "\">");
	return true;
}

static bool open_marks(struct html *h, const struct node *n)
{
	bool inked = open_ink(h, n);
	for (size_t i = 0; n->marks != 0 && i < COUNT_OF(marks); i++) {
		if ((n->marks & marks[i].mark) != 0) {
			out_put(&h->out, marks[i].open);
		}
	}
	return inked;
}

static void close_marks(struct html *h, const struct node *n, bool inked)
{
	for (size_t i = COUNT_OF(marks); n->marks != 0 && i > 0; i--) {
		if ((n->marks & marks[i - 1].mark) != 0) {
			out_put(&h->out, marks[i - 1].close);
		}
	}
	out_put(&h->out, inked ? SLICE_LIT("</span>") : SLICE_LIT(""));
}

/* Blanks at the ends stand outside: a grey or struck blank is no part of a word. */
static void put_marked(struct html *h, const struct node *n, struct slice text)
{
	struct slice words = slice_trim(text);
	size_t before = words.len > 0 ? (size_t)(words.ptr - text.ptr) : text.len;
	out_text(&h->out, slice_first(text, before));
	if (words.len > 0) {
		bool inked = open_marks(h, n);
		out_text(&h->out, words);
		close_marks(h, n, inked);
	}
	out_text(&h->out, slice_skip(text, before + words.len));
}

void html_text(struct html *h, const struct node *n)
{
	struct slice text = n->of.text;
	/* One text that fills the mail alone has no block's end to be cut at. */
	bool last = !h->mark.set && !html_has_room(h, 6 * text.len) &&
		    !html_has_room(h, out_text_len(text));
	text = last ? out_cut(text, html_room_left(h, 0)) : text;
	if (n->marks == 0 && n->ink == NULL) {
		out_text(&h->out, text);
	} else {
		put_marked(h, n, text);
	}
	if (last) {
		html_mark(h, n);
		h->full = true;
	}
}

void html_break(struct html *h, const struct node *n)
{
	(void)n;
	out_lit(&h->out, "<br>\n");
	h->out.run = 0;
}

/* Two links side by side would read as one word. */
static void part_links(struct html *h, const struct node *n)
{
	if (h->now.link != NULL && h->now.link->next == n) {
		out_lit(&h->out, " ");
		h->out.run = 0;
	}
}

void html_enter_link(struct html *h, const struct node *n)
{
	part_links(h, n);
	out_lit(&h->out, "<a href=\"");
	out_attr(&h->out, n->of.link.href);
	if (n->of.link.title != NULL && n->of.link.title->len > 0) {
		out_lit(&h->out, "\" title=\"");
		out_attr(&h->out, *n->of.link.title);
	}
	put_link_style(h, n);
	h->now.in_link = true;
}

void html_leave_link(struct html *h, const struct node *n)
{
	out_lit(&h->out, "</a>");
	h->now.in_link = false;
	h->now.link = n;
}

/* A subtle one has the frame's ground and a line around it; where the line is lost, its letters have the colour. */
static void put_status_colours(struct html *h, const struct node_status *s)
{
	struct colour_pair look = colour_of_status(s);
	if (s->subtle) {
		bool clear = colour_contrast(look.text, COLOUR_WHITE) >= CONTRAST_TEXT;
		look.text = clear ? look.text : COLOUR_TEXT;
		look.ground = COLOUR_WHITE;
	}
	out_lit(&h->out, "<span style=\"background-color:");
	out_colour(&h->out, look.ground);
	out_lit(&h->out, ";color:");
	out_colour(&h->out, look.text);
	if (s->subtle) {
		out_lit(&h->out, ";border:1px solid ");
		out_colour(&h->out, look.text);
	}
}

void html_status(struct html *h, const struct node *n)
{
	const struct node_status *s = &n->of.status;
	html_name(h, SLICE_LIT("status"));
	put_status_colours(h, s);
	out_put(&h->out, s->mixed_case ? SLICE_LIT(";font-size:11px;font-weight:bold\">&nbsp;")
				       : SLICE_LIT(";font-size:11px;font-weight:bold;"
						   "text-transform:uppercase\">&nbsp;"));
	h->out.run = 0;
	out_text(&h->out, s->text);
	out_lit(&h->out, "&nbsp;</span>");
	h->out.run = 0;
}

void html_date(struct html *h, const struct node *n)
{
	char room[VIEW_DATE_TEXT];
	html_name(h, SLICE_LIT("date"));
	out_lit(&h->out, "<span style=\"background-color:#f4f5f7;color:#172b4d\">");
	out_text(&h->out, view_date(h->view, &n->of.date, room));
	out_lit(&h->out, "</span>");
}

void html_mention(struct html *h, const struct node *n)
{
	const struct node_mention *m = &n->of.mention;
	html_name(h, SLICE_LIT("mention"));
	out_put(&h->out,
		m->self ? SLICE_LIT("<span style=\"background-color:#0052cc;color:#fefefe\">@")
			: SLICE_LIT("<span style=\"background-color:#deebff;color:#172b4d\">@"));
	out_text(&h->out, m->name);
	out_lit(&h->out, "</span>");
}

void html_card_inline(struct html *h, const struct node *n)
{
	const struct card *c = n->of.card;
	bool linked = c->href.len > 0 && !h->now.in_link;
	bool bracketed = !c->is_link && n->kind == NODE_CARD_INLINE;
	if (n->kind == NODE_CARD_INLINE) {
		part_links(h, n);
	}
	out_put(&h->out, bracketed ? SLICE_LIT("[") : SLICE_LIT(""));
	if (linked) {
		html_put_link(h, c->href);
	}
	out_text(&h->out, c->label);
	if (!c->is_link && c->href.len > 0) {
		out_lit(&h->out, " &ndash; ");
		h->out.run = 0;
		out_text(&h->out, view_word(h->view, WORD_OPEN_CARD));
	}
	out_put(&h->out, linked ? SLICE_LIT("</a>") : SLICE_LIT(""));
	out_put(&h->out, bracketed ? SLICE_LIT("]") : SLICE_LIT(""));
	h->now.link = n;
}

void html_anchor(struct html *h, const struct node *n)
{
	if (n->of.anchor.id.len == 0) {
		return;
	}
	if (!h->now.in_link) {
		out_lit(&h->out, "<a name=\"");
		out_attr(&h->out, n->of.anchor.id);
		out_lit(&h->out, "\" id=\"");
		out_attr(&h->out, n->of.anchor.id);
		out_lit(&h->out, "\"></a>");
	}
}
