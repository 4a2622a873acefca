/* Panels and what can be folded away. */
#include "render/confluence/macros.h"

#include "render/confluence/style.h"

static void colour_panel(struct panel *p, const struct macro *m)
{
	p->ground = style_colour(macro_param(m, SLICE_LIT("bgColor")));
	p->border = style_colour(macro_param(m, SLICE_LIT("borderColor")));
	p->title_ground = style_colour(macro_param(m, SLICE_LIT("titleBGColor")));
	p->title_text = style_colour(macro_param(m, SLICE_LIT("titleColor")));
}

static enum macro_fate panel(struct reader *r, struct macro *m, struct element *body)
{
	struct slice title = macro_words(r, m, SLICE_LIT("title"));
	struct slice icon = macro_words(r, m, SLICE_LIT("panelIconText"));
	struct panel panel = {.type = (enum panel_type)m->rule->arg, .title = title};
	if (panel.type == PANEL_PLAIN) {
		colour_panel(&panel, m);
		panel.type = icon.len > 0 ? PANEL_CUSTOM : PANEL_PLAIN;
		panel.icon = icon;
	}
	/* The attributes come before the body, which decides whether an empty panel is worth
	 * showing. */
	unsigned depth;
	struct node *n = builder_open(&r->b, NODE_PANEL, &depth);
	*n->of.panel = panel;
	macro_title_flat(r, n, title);
	if (body != NULL) {
		body->close = depth;
		return MACRO_RENDERED;
	}
	words_add(&r->b, m->plain);
	if (depth != BUILDER_NO_DEPTH) {
		builder_close(&r->b, depth);
	}
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO("info", panel, PANEL_INFO),
	MACRO("note", panel, PANEL_WARNING),
	MACRO("tip", panel, PANEL_SUCCESS),
	MACRO("warning", panel, PANEL_ERROR),
	MACRO("auimessage", panel, PANEL_INFO),
	MACRO("alert", panel, PANEL_WARNING),
	MACRO("panel", panel, PANEL_PLAIN),
	MACRO("expand", macro_titled, NODE_EXPAND),
	MACRO("ui-expand", macro_titled, NODE_EXPAND),
};

const struct macro_table macro_panels = {rows, COUNT_OF(rows)};
