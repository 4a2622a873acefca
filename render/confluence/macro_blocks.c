/* Macros that dress their body: panels, code, expand, status, contents, columns, and those that are
 * their body alone. */
#include "render/confluence/macros.h"

#include "render/confluence/soup.h"
#include "render/confluence/style.h"
#include "render/confluence/targets.h"

enum { FIRST_LINE_MAX = 1000000 };

static bool is_true(const struct macro *m, struct slice name)
{
	return slice_eq_nocase(macro_param(m, name), SLICE_LIT("true"));
}

static struct slice text_param(struct reader *r, const struct macro *m, struct slice name)
{
	return words_keep(&r->b, macro_param(m, name));
}

/* Opens what the body goes into. Without a rich body, its plain text is all there is, and it is
 * closed at once. */
static struct node *open_body(struct reader *r, struct macro *m, struct element *body,
			      enum node_kind kind)
{
	unsigned depth;
	struct node *n = builder_open(&r->b, kind, &depth);
	if (body != NULL) {
		body->close = depth;
		return n;
	}
	words_add(&r->b, m->plain);
	if (depth != BUILDER_NO_DEPTH) {
		builder_close(&r->b, depth);
	}
	return n;
}

static bool went_flat(const struct reader *r, const struct node *n)
{
	return n == &r->b.spare;
}

/* Where a block could not be opened any more, its title is text like all the rest. */
static void show_title_flat(struct reader *r, const struct node *n, struct slice title)
{
	if (went_flat(r, n)) {
		builder_break(&r->b);
		words_add(&r->b, title);
		builder_break(&r->b);
	}
}

static void colour_panel(struct panel *p, const struct macro *m)
{
	p->ground = style_colour(macro_param(m, SLICE_LIT("bgColor")));
	p->border = style_colour(macro_param(m, SLICE_LIT("borderColor")));
	p->title_ground = style_colour(macro_param(m, SLICE_LIT("titleBGColor")));
	p->title_text = style_colour(macro_param(m, SLICE_LIT("titleColor")));
}

enum macro_fate macro_panel(struct reader *r, struct macro *m, struct element *body)
{
	struct slice title = text_param(r, m, SLICE_LIT("title"));
	struct slice icon = text_param(r, m, SLICE_LIT("panelIconText"));
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
	show_title_flat(r, n, title);
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

enum macro_fate macro_titled(struct reader *r, struct macro *m, struct element *body)
{
	struct slice title = text_param(r, m, SLICE_LIT("title"));
	title = title.len > 0 ? title : text_param(r, m, SLICE_LIT("label"));
	bool nested = builder_nearest(&r->b, NODE_EXPAND) != NULL ||
		      builder_nearest(&r->b, NODE_CELL) != NULL;
	unsigned depth;
	struct node *n = builder_open(&r->b, (enum node_kind)m->rule->arg, &depth);
	n->of.titled.title = title;
	n->flags |= n->kind == NODE_EXPAND && nested ? NODE_NESTED : 0;
	show_title_flat(r, n, title);
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

/* The picture is Confluence's to draw; the table of its figures is there. */
enum macro_fate macro_chart(struct reader *r, struct macro *m, struct element *body)
{
	return body != NULL ? macro_titled(r, m, body) : macro_card(r, m, body);
}

/* One line feed at the end is of the markup, not of the code. */
static void show_code(struct reader *r, struct slice text, const struct code *about)
{
	struct code *code = builder_leaf(&r->b, NODE_CODE)->of.code;
	*code = *about;
	code->text = slice_ends(text, SLICE_LIT("\n")) ? slice_first(text, text.len - 1) : text;
}

enum macro_fate macro_code(struct reader *r, struct macro *m, struct element *body)
{
	if (body != NULL || m->plain.len == 0) {
		return MACRO_RENDERED; /* a rich body says for itself how it looks */
	}
	uint64_t first = 1;
	struct slice language = text_param(r, m, SLICE_LIT("language"));
	if (language.len == 0) {
		language = text_param(r, m, SLICE_LIT("")); /* wiki markup's {code:java} */
	}
	if (!slice_to_u64(macro_param(m, SLICE_LIT("firstline")), FIRST_LINE_MAX, &first)) {
		first = 1;
	}
	struct code code = {
		.language = slice_eq(m->name, SLICE_LIT("markdown")) ? m->name : language,
		.title = text_param(r, m, SLICE_LIT("title")),
		.numbered = is_true(m, SLICE_LIT("linenumbers")),
		.bare = is_true(m, SLICE_LIT("nopanel")),
		.first_line = (uint32_t)first,
	};
	show_code(r, m->plain, &code);
	return MACRO_RENDERED;
}

enum macro_fate macro_code_inline(struct reader *r, struct macro *m, struct element *body)
{
	uint16_t marks = r->b.marks;
	r->b.marks |= m->rule->arg;
	if (body == NULL) {
		words_add(&r->b, m->has_plain ? m->plain : macro_param(m, SLICE_LIT("body")));
		r->b.marks = marks;
	}
	return MACRO_RENDERED;
}

enum macro_fate macro_status(struct reader *r, struct macro *m, struct element *body)
{
	static const struct {
		struct slice name;
		enum status_colour colour;
	} colours[] = {
		{SLICE_INIT("blue"), STATUS_BLUE},     {SLICE_INIT("red"), STATUS_RED},
		{SLICE_INIT("yellow"), STATUS_YELLOW}, {SLICE_INIT("green"), STATUS_GREEN},
		{SLICE_INIT("purple"), STATUS_PURPLE}, {SLICE_INIT("grey"), STATUS_NEUTRAL},
	};
	struct slice colour = text_param(r, m, SLICE_LIT("colour"));
	struct slice title = text_param(r, m, SLICE_LIT("title"));
	title = title.len > 0 ? title : text_param(r, m, SLICE_LIT("text"));
	title = title.len > 0 ? title : words_keep(&r->b, m->plain);
	title = title.len > 0 ? title : colour;
	if (body != NULL || title.len == 0) {
		return MACRO_RENDERED;
	}
	struct node_status *s = &builder_leaf(&r->b, NODE_STATUS)->of.status;
	s->text = title;
	for (size_t i = 0; i < COUNT_OF(colours); i++) {
		if (slice_eq_nocase(colours[i].name, colour)) {
			s->colour = (uint8_t)colours[i].colour;
		}
	}
	return MACRO_RENDERED;
}

static uint8_t level_param(const struct macro *m, struct slice name, uint8_t otherwise)
{
	uint64_t level;
	return slice_to_u64(macro_param(m, name), 6, &level) && level > 0 ? (uint8_t)level
									  : otherwise;
}

enum macro_fate macro_toc(struct reader *r, struct macro *m, struct element *body)
{
	(void)body;
	struct outline_toc toc = {
		.min_level = level_param(m, SLICE_LIT("minLevel"), 1),
		.max_level = level_param(m, SLICE_LIT("maxLevel"), 6),
		.numbered = is_true(m, SLICE_LIT("outline")),
	};
	if (r->b.outline.toc_count == OUTLINE_TOCS) {
		return MACRO_RENDERED; /* the first ones say it all */
	}
	toc.node = builder_leaf(&r->b, NODE_GROUP);
	if (!went_flat(r, toc.node)) {
		outline_add_toc(&r->b, toc);
	}
	return MACRO_RENDERED;
}

enum macro_fate macro_anchor(struct reader *r, struct macro *m, struct element *body)
{
	(void)body;
	struct slice name = text_param(r, m, SLICE_LIT(""));
	if (name.len > 0) {
		builder_anchor(&r->b, name);
	}
	return MACRO_RENDERED;
}

enum macro_fate macro_section(struct reader *r, struct macro *m, struct element *body)
{
	open_body(r, m, body, NODE_LAYOUT);
	return MACRO_RENDERED;
}

enum macro_fate macro_column(struct reader *r, struct macro *m, struct element *body)
{
	struct node *n = open_body(r, m, body, NODE_COLUMN);
	n->of.column.percent = (uint8_t)style_percent(macro_param(m, SLICE_LIT("width")));
	return MACRO_RENDERED;
}

enum macro_fate macro_nothing(struct reader *r, struct macro *m, struct element *body)
{
	(void)m;
	if (body != NULL) {
		r->mode = READER_SKIP;
	}
	return MACRO_RENDERED;
}

enum macro_fate macro_body(struct reader *r, struct macro *m, struct element *body)
{
	if (is_true(m, SLICE_LIT("hidden"))) {
		return macro_nothing(r, m, body);
	}
	if (body != NULL) {
		return MACRO_RENDERED;
	}
	if (m->has_plain) {
		return macro_code(r, m, body);
	}
	return macro_card(r, m, body);
}

enum macro_fate macro_tooltip(struct reader *r, struct macro *m, struct element *body)
{
	struct slice tip = text_param(r, m, SLICE_LIT("text"));
	tip = tip.len > 0 ? tip : text_param(r, m, SLICE_LIT("tooltip"));
	struct slice parts[] = {SLICE_LIT(" ("), tip, SLICE_LIT(")")};
	if (body == NULL) {
		words_add(&r->b, m->plain);
	}
	if (tip.len > 0) {
		struct slice joined = tip;
		enum fault f = arena_join(r->b.arena, parts, COUNT_OF(parts), &joined);
		m->after = reader_result(r, f, joined);
	}
	return MACRO_RENDERED;
}

/* Where it stands, in parentheses: nobody turns to the end of a mail. */
enum macro_fate macro_footnote(struct reader *r, struct macro *m, struct element *body)
{
	struct slice text = m->has_plain ? m->plain : macro_param(m, SLICE_LIT(""));
	if (body == NULL && text.len > 0) {
		words_add(&r->b, SLICE_LIT(" ("));
		words_add(&r->b, text);
		words_add(&r->b, SLICE_LIT(")"));
	}
	return MACRO_RENDERED;
}

/* HTML that somebody wrote is read by the same rules as the page, and never inside itself. */
enum macro_fate macro_html(struct reader *r, struct macro *m, struct element *body)
{
	if (body != NULL) {
		return MACRO_RENDERED;
	}
	if (!m->has_plain || r->in_html) {
		return macro_body(r, m, body);
	}
	r->in_html = true;
	builder_break(&r->b);
	soup_read(m->plain, r);
	builder_break(&r->b);
	r->in_html = false;
	return MACRO_RENDERED;
}

enum macro_fate macro_adf_panel(struct reader *r, struct macro *m, struct element *body)
{
	static const struct {
		struct slice name;
		enum panel_type type;
	} types[] = {
		{SLICE_INIT("note"), PANEL_NOTE},	{SLICE_INIT("tip"), PANEL_TIP},
		{SLICE_INIT("warning"), PANEL_WARNING}, {SLICE_INIT("error"), PANEL_ERROR},
		{SLICE_INIT("success"), PANEL_SUCCESS}, {SLICE_INIT("custom"), PANEL_CUSTOM},
	};
	struct slice type = macro_param(m, SLICE_LIT("panel-type"));
	struct node *n = open_body(r, m, body, NODE_PANEL);
	struct panel *p = n->of.panel;
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		p->type = slice_eq(types[i].name, type) ? types[i].type : p->type;
	}
	p->icon = text_param(r, m, SLICE_LIT("panel-icon-text"));
	p->ground = style_colour(macro_param(m, SLICE_LIT("panel-color")));
	return MACRO_RENDERED;
}

enum macro_fate macro_adf_block(struct reader *r, struct macro *m, struct element *body)
{
	open_body(r, m, body, (enum node_kind)m->rule->arg);
	return MACRO_RENDERED;
}

enum macro_fate macro_adf_decision(struct reader *r, struct macro *m, struct element *body)
{
	struct node *n = open_body(r, m, body, NODE_DECISION);
	if (slice_eq(macro_param(m, SLICE_LIT("state")), SLICE_LIT("DECIDED"))) {
		n->flags |= NODE_DONE;
	}
	return MACRO_RENDERED;
}
