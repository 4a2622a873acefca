/* Panels and what can be folded away. */
#include "render/confluence/macros.h"

#include "render/confluence/emoji.h"
#include "render/confluence/style.h"

enum { BORDER_WIDTH_MAX = 8 };

static enum border_style border_style(struct slice name)
{
	static const struct slice names[] = {
		[BORDER_SOLID] = SLICE_INIT("solid"),	[BORDER_DASHED] = SLICE_INIT("dashed"),
		[BORDER_DOTTED] = SLICE_INIT("dotted"), [BORDER_DOUBLE] = SLICE_INIT("double"),
		[BORDER_NONE] = SLICE_INIT("none"),
	};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (slice_eq_nocase(names[i], name)) {
			return (enum border_style)i;
		}
	}
	return BORDER_SOLID;
}

static void draw_border(struct panel *p, const struct macro *m)
{
	struct slice said = macro_param(m, SLICE_LIT("borderWidth"));
	uint32_t width = style_px(said);
	p->border = style_colour(macro_param(m, SLICE_LIT("borderColor")));
	p->border_style = (uint8_t)border_style(macro_param(m, SLICE_LIT("borderStyle")));
	p->border_width = (uint8_t)(width < BORDER_WIDTH_MAX ? width : BORDER_WIDTH_MAX);
	if (slice_eq(said, SLICE_LIT("0")) || slice_eq(said, SLICE_LIT("0px"))) {
		p->border_style = BORDER_NONE;
	}
}

/* The box of old pages; with an icon, that of the new editor. */
static void dress_panel(struct reader *r, const struct macro *m, struct panel *p)
{
	p->icon = macro_words(r, m, SLICE_LIT("panelIconText"));
	if (p->icon.len == 0) {
		struct slice icon = macro_words(r, m, SLICE_LIT("panelIcon"));
		p->icon = emoji_is_shortcut(icon) ? slice_of(NULL, 0) : icon;
	}
	p->ground = style_colour(macro_param(m, SLICE_LIT("bgColor")));
	p->title_ground = style_colour(macro_param(m, SLICE_LIT("titleBGColor")));
	p->title_text = style_colour(macro_param(m, SLICE_LIT("titleColor")));
	draw_border(p, m);
	p->type = p->icon.len > 0 ? PANEL_CUSTOM : PANEL_PLAIN;
}

/* The attributes come before the body: they decide whether an empty panel is worth showing. */
static enum macro_fate show_panel(struct reader *r, struct macro *m, struct element *body,
				  const struct panel *about)
{
	unsigned depth;
	struct node *n = builder_open(&r->b, NODE_PANEL, &depth);
	*n->of.panel = *about;
	macro_title_flat(r, n, about->title);
	macro_fill(r, m, body, depth);
	return MACRO_RENDERED;
}

static enum macro_fate panel(struct reader *r, struct macro *m, struct element *body)
{
	struct panel about = {
		.type = (enum panel_type)m->rule->arg,
		.title = macro_words(r, m, SLICE_LIT("title")),
	};
	if (about.type == PANEL_PLAIN) {
		dress_panel(r, m, &about);
	}
	return show_panel(r, m, body, &about);
}

/* Messages of add-ons, of a kind that a parameter names. */
static enum macro_fate message(struct reader *r, struct macro *m, struct element *body)
{
	static const struct {
		struct slice name;
		enum panel_type type;
	} types[] = {
		{SLICE_INIT("success"), PANEL_SUCCESS}, {SLICE_INIT("hint"), PANEL_TIP},
		{SLICE_INIT("error"), PANEL_ERROR},	{SLICE_INIT("danger"), PANEL_ERROR},
		{SLICE_INIT("warning"), PANEL_WARNING}, {SLICE_INIT("caution"), PANEL_WARNING},
		{SLICE_INIT("info"), PANEL_INFO},	{SLICE_INIT("generic"), PANEL_INFO},
	};
	struct panel about = {
		.type = (enum panel_type)m->rule->arg,
		.title = macro_words(r, m, SLICE_LIT("title")),
	};
	struct slice type = macro_param(m, SLICE_LIT("type"));
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		about.type = slice_eq_nocase(types[i].name, type) ? types[i].type : about.type;
	}
	return show_panel(r, m, body, &about);
}

static const struct macro_rule rows[] = {
	MACRO("info", panel, PANEL_INFO),
	MACRO("note", panel, PANEL_WARNING),
	MACRO("tip", panel, PANEL_SUCCESS),
	MACRO("warning", panel, PANEL_ERROR),
	MACRO("panel", panel, PANEL_PLAIN),
	MACRO("auimessage", message, PANEL_INFO),
	MACRO("alert", message, PANEL_WARNING),
	MACRO("expand", macro_titled, NODE_EXPAND),
	MACRO("ui-expand", macro_titled, NODE_EXPAND),
};

const struct macro_table macro_panels = {rows, COUNT_OF(rows)};
