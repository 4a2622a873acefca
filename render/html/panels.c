/* Panels: of a type, with its mark and bar; and those of colours and a title of their own. */
#include "render/html/writer.h"

/* A dark ground keeps its light text, a light one its dark text, whatever the reader's mode. */
static void put_ground_class(struct html *h, uint32_t rgb)
{
	bool dark = colour_on(rgb & 0xffffff) == COLOUR_WHITE;
	h->dark = h->dark || dark;
	out_put(&h->out, dark ? SLICE_LIT(" class=\"d\"") : SLICE_LIT(" class=\"p\""));
}

static void put_ground(struct html *h, uint32_t rgb)
{
	out_lit(&h->out, " bgcolor=\"");
	out_colour(&h->out, rgb & 0xffffff);
	out_lit(&h->out, "\" style=\"background-color:");
	out_colour(&h->out, rgb & 0xffffff);
	out_lit(&h->out, ";");
}

static void put_border(struct html *h, const struct panel *p)
{
	static const struct slice styles[] = {
		[BORDER_SOLID] = SLICE_INIT("px solid "),
		[BORDER_DASHED] = SLICE_INIT("px dashed "),
		[BORDER_DOTTED] = SLICE_INIT("px dotted "),
		[BORDER_DOUBLE] = SLICE_INIT("px double "),
		[BORDER_NONE] = SLICE_INIT(""),
	};
	if (p->border_style == BORDER_NONE) {
		out_lit(&h->out, "border:0\">");
		return;
	}
	out_lit(&h->out, "border:");
	out_number(&h->out, p->border_width > 0 ? p->border_width : 1);
	out_put(&h->out, styles[p->border_style]);
	out_colour(&h->out, (p->border != COLOUR_NONE ? p->border : COLOUR_BORDER) & 0xffffff);
	out_lit(&h->out, "\">");
}

/* The panel macro without a type: a box, its title as a row of its own. */
static void enter_plain_panel(struct html *h, const struct node *n)
{
	struct out *o = &h->out;
	const struct panel *p = n->of.panel;
	uint32_t ground = p->ground != COLOUR_NONE ? p->ground : COLOUR_WHITE;
	uint32_t title = p->title_ground != COLOUR_NONE ? p->title_ground : COLOUR_LIGHT;
	uint32_t ink = p->title_text != COLOUR_NONE ? p->title_text & 0xffffff : COLOUR_TEXT;
	out_lit(o, HTML_LAYOUT " width=\"100%\" style=\"margin:0 0 12px;");
	put_border(h, p);
	if (p->title.len > 0) {
		if (colour_contrast(ink, title & 0xffffff) < CONTRAST_TEXT) {
			ink = colour_on(title & 0xffffff);
		}
		out_lit(o, "<tr>");
		html_name(h, SLICE_LIT("panel-title"));
		out_lit(o, "<td");
		put_ground_class(h, title);
		put_ground(h, title);
		out_lit(o, "padding:6px 12px;" HTML_FONT "color:");
		out_colour(o, ink);
		out_lit(o, "\"><b>");
		out_text(o, p->title);
		out_lit(o, "</b></td></tr>\n");
	}
	out_lit(o, "<tr>");
	html_name(h, SLICE_LIT("panel"));
	out_lit(o, "<td");
	put_ground_class(h, ground);
	html_put_direction(h, n);
	put_ground(h, ground);
	out_lit(o, "padding:10px 12px 0;" HTML_FONT "color:");
	out_colour(o, colour_on(ground & 0xffffff));
	out_lit(o, "\">\n");
}

static const struct {
	struct slice mark, name;
	enum word word;
} panel_looks[] = {
	[PANEL_INFO] = {SLICE_INIT("&#8505;"), SLICE_INIT("panel panel-info"), WORD_INFO},
	[PANEL_NOTE] = {SLICE_INIT("&#9998;"), SLICE_INIT("panel panel-note"), WORD_NOTE},
	[PANEL_TIP] = {SLICE_INIT("&#10004;"), SLICE_INIT("panel panel-tip"), WORD_TIP},
	[PANEL_WARNING] = {SLICE_INIT("&#9888;"), SLICE_INIT("panel panel-warning"), WORD_WARNING},
	[PANEL_ERROR] = {SLICE_INIT("&#10006;"), SLICE_INIT("panel panel-error"), WORD_ERROR},
	[PANEL_SUCCESS] = {SLICE_INIT("&#10004;"), SLICE_INIT("panel panel-success"), WORD_SUCCESS},
	[PANEL_CUSTOM] = {SLICE_INIT(""), SLICE_INIT("panel panel-custom"), WORD_PANEL},
	[PANEL_PLAIN] = {SLICE_INIT(""), SLICE_INIT("panel"), WORD_PANEL},
};

/* The bar at the side, and the cell with the icon, which names the type. */
static void put_panel_icon(struct html *h, const struct node *n, uint32_t ground)
{
	struct out *o = &h->out;
	const struct panel *p = n->of.panel;
	struct colour_pair look = colour_of_panel(p->type);
	out_lit(o, "<td width=\"4\"");
	put_ground(h, p->border != COLOUR_NONE ? p->border : look.text);
	out_lit(o, "font-size:1px\">&nbsp;</td>");
	html_name(h, panel_looks[p->type].name);
	out_lit(o, "<td");
	put_ground_class(h, ground);
	out_lit(o, " width=\"24\" valign=\"top\" title=\"");
	out_attr(o, view_word(h->view, panel_looks[p->type].word));
	out_lit(o, "\"");
	put_ground(h, ground);
	out_put(o, html_runs_left(h, n) ? SLICE_LIT("padding:10px 12px 0 0;" HTML_FONT "color:")
					: SLICE_LIT("padding:10px 0 0 12px;" HTML_FONT "color:"));
	out_colour(o, colour_contrast(look.text, ground) >= CONTRAST_TEXT ? look.text
									  : colour_on(ground));
	out_lit(o, "\">");
	out_put(o, panel_looks[p->type].mark);
	out_text(o, p->icon);
	out_lit(o, "</td>");
}

void html_enter_panel(struct html *h, const struct node *n)
{
	struct out *o = &h->out;
	const struct panel *p = n->of.panel;
	h->now.blanks = 0;
	if (p->type == PANEL_PLAIN) {
		enter_plain_panel(h, n);
		return;
	}
	uint32_t ground = p->ground != COLOUR_NONE ? p->ground & 0xffffff
						   : colour_of_panel(p->type).ground;
	out_lit(o, HTML_LAYOUT " width=\"100%\" style=\"margin:0 0 12px\"");
	html_put_dir(h, n);
	out_lit(o, "><tr>");
	put_panel_icon(h, n, ground);
	html_name(h, panel_looks[p->type].name);
	out_lit(o, "<td");
	put_ground_class(h, ground);
	html_put_direction(h, n);
	put_ground(h, ground);
	out_put(o, html_runs_left(h, n) ? SLICE_LIT("padding:10px 6px 0 14px;" HTML_FONT "color:")
					: SLICE_LIT("padding:10px 14px 0 6px;" HTML_FONT "color:"));
	out_colour(o, colour_on(ground));
	out_lit(o, "\">\n");
	if (p->title.len > 0) {
		out_lit(o, "<p style=\"margin:0 0 4px\"><b>");
		out_text(o, p->title);
		out_lit(o, "</b></p>\n");
	}
	o->run = 0;
}

void html_leave_panel(struct html *h, const struct node *n)
{
	/* A last paragraph has its own space below it; anything else gets as much. */
	const struct node *last = n->first;
	while (last != NULL && last->next != NULL) {
		last = last->next;
	}
	bool spaced = last != NULL && last->kind == NODE_PARAGRAPH &&
		      (last->flags & NODE_TIGHT) == 0;
	out_put(&h->out, spaced ? SLICE_LIT("</td></tr></table>\n")
				: SLICE_LIT("<p style=\"margin:0 0 8px;font-size:1px\">&nbsp;</p>"
					    "</td></tr></table>\n"));
}
