/* What stands around text and may have a title: panels, code, what opens and closes. */
#include "render/confluence/export_view_rules.h"

#include "render/confluence/elements.h"
#include "render/confluence/macros.h"
#include "render/confluence/style.h"

enum { TITLE_REACH = 2, GREY = 0x6B778C, CODE_LINE_MAX = 1000000 };

void export_skip(struct reader *r, const struct tag *t, struct element *e)
{
	element_skip(r, t, e);
}

struct slice export_in_style(const struct tag *t, struct slice wanted)
{
	return style_property(tag_attr(t, SLICE_LIT("style")), wanted);
}

static uint32_t ground_of(const struct tag *t)
{
	uint32_t ground = style_colour(export_in_style(t, SLICE_LIT("background-color")));
	return ground != COLOUR_NONE ? ground
				     : style_colour(export_in_style(t, SLICE_LIT("background")));
}

bool export_is_not_displayed(const struct reader *r, const struct tag *t)
{
	(void)r;
	return slice_eq_nocase(export_in_style(t, SLICE_LIT("display")), SLICE_LIT("none"));
}

bool export_is_in_line(const struct tag *t)
{
	static const struct slice names[] = {
		SLICE_INIT("span"), SLICE_INIT("a"),	SLICE_INIT("b"),   SLICE_INIT("strong"),
		SLICE_INIT("em"),   SLICE_INIT("i"),	SLICE_INIT("img"), SLICE_INIT("small"),
		SLICE_INIT("font"), SLICE_INIT("label")};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (slice_eq(names[i], t->name)) {
			return true;
		}
	}
	return false;
}

/* A block of no look of its own: its end is marked by the context. */
static void begin_part(struct reader *r, const struct tag *t, struct element *e)
{
	if (!export_is_in_line(t)) {
		builder_break(&r->b);
		e->context = r;
	}
}

void export_part(struct reader *r, const struct tag *t, struct element *e)
{
	begin_part(r, t, e);
}

void export_end_part(struct reader *r, struct element *e)
{
	if (e->context != NULL) {
		builder_break(&r->b);
	}
}

/* Titles. */

static struct export_frame *open_frame(struct reader *r, struct element *e, struct node *n,
				       struct slice *title)
{
	struct export_frame *f = builder_alloc(&r->b, sizeof(*f));
	f->node = n;
	f->title = n != NULL && n == &r->b.spare ? NULL : title;
	f->depth = r->depth;
	f->outer = r->view->frame;
	r->view->frame = f;
	e->context = f;
	return f;
}

void export_end_frame(struct reader *r, struct element *e)
{
	struct export_frame *f = e->context;
	builder_break(&r->b);
	if (f != NULL) {
		r->view->frame = f->outer;
	}
}

static bool wants_title(const struct reader *r, unsigned reach)
{
	const struct export_frame *f = r->view->frame;
	return f != NULL && f->title != NULL && !f->has_title && r->mode == READER_SHOW &&
	       r->depth <= f->depth + reach;
}

bool export_is_title(const struct reader *r, const struct tag *t)
{
	(void)t;
	return wants_title(r, 1) && r->view->frame->node != NULL;
}

bool export_is_frame_title(const struct reader *r, const struct tag *t)
{
	(void)t;
	return wants_title(r, TITLE_REACH);
}

void export_title(struct reader *r, const struct tag *t, struct element *e)
{
	struct export_frame *f = r->view->frame;
	f->has_title = true;
	e->context = f;
	if (f->node != NULL && f->node->kind == NODE_PANEL &&
	    f->node->of.panel->type == PANEL_PLAIN) {
		f->node->of.panel->title_ground = ground_of(t);
		f->node->of.panel->title_text = style_colour(
			export_in_style(t, SLICE_LIT("color")));
	}
	reader_gather(r);
}

/* Confluence's own words where the author gave no title. */
static bool is_default_title(struct slice title)
{
	return slice_eq(title, SLICE_LIT("Click here to expand..."));
}

void export_end_title(struct reader *r, struct element *e)
{
	struct export_frame *f = e->context;
	struct slice title = words_keep(&r->b, gather_view(&r->gather));
	if (f->title != NULL && !(e->rule->arg == 1 && is_default_title(title))) {
		*f->title = title;
	}
}

/* Panels. */

void export_panel(struct reader *r, const struct tag *t, struct element *e)
{
	static const struct slice names[] = {
		[PANEL_INFO] = SLICE_INIT("info"),
		[PANEL_WARNING] = SLICE_INIT("note"),
		[PANEL_SUCCESS] = SLICE_INIT("tip"),
		[PANEL_ERROR] = SLICE_INIT("warning"),
	};
	enum panel_type type = (enum panel_type)e->rule->arg;
	struct node *n = builder_open(&r->b, NODE_PANEL, &e->close);
	n->of.panel->type = type;
	open_frame(r, e, n, &n->of.panel->title);
	export_count(r, t, names[type]);
}

bool export_is_old_panel(const struct reader *r, const struct tag *t)
{
	(void)r;
	return slice_eq(t->name, SLICE_LIT("table"));
}

/* Panels were tables of one row once, an icon in the first cell. */
bool export_is_old_panel_part(const struct reader *r, const struct tag *t)
{
	const struct element_rule *rule = export_parent_rule(r);
	(void)t;
	return rule != NULL && (rule->start == export_part ||
				(rule->start == export_panel &&
				 slice_eq(r->stack[r->depth - 2].name, SLICE_LIT("table"))));
}

void export_plain_panel(struct reader *r, const struct tag *t, struct element *e)
{
	struct slice macro = tag_attr(t, SLICE_LIT("data-macro-name"));
	struct node *n;
	if (slice_ends(macro, SLICE_LIT("include"))) { /* what another page says, in its frame */
		n = builder_open(&r->b, NODE_FRAME, &e->close);
		open_frame(r, e, n, &n->of.titled.title);
	} else {
		n = builder_open(&r->b, NODE_PANEL, &e->close);
		n->of.panel->type = PANEL_PLAIN;
		n->of.panel->ground = ground_of(t);
		n->of.panel->border = style_colour(export_in_style(t, SLICE_LIT("border-color")));
		open_frame(r, e, n, &n->of.panel->title);
	}
	export_count(r, t, SLICE_LIT("panel"));
}

void export_panel_content(struct reader *r, const struct tag *t, struct element *e)
{
	const struct export_frame *f = r->view->frame;
	begin_part(r, t, e);
	if (f != NULL && f->node != NULL && f->node->kind == NODE_PANEL &&
	    f->depth + 1 == r->depth && f->node->of.panel->ground == COLOUR_NONE) {
		f->node->of.panel->ground = ground_of(t);
	}
}

void export_error(struct reader *r, const struct tag *t, struct element *e)
{
	struct ink *ink = builder_alloc(&r->b, sizeof(*ink));
	begin_part(r, t, e);
	ink->text = COLOUR_SET | GREY;
	r->b.ink = ink;
	r->b.marks |= MARK_SMALL;
}

void export_message(struct reader *r, const struct tag *t, struct element *e)
{
	static const struct {
		struct slice class;
		enum panel_type type;
	} kinds[] = {
		{SLICE_INIT("warning"), PANEL_WARNING},
		{SLICE_INIT("aui-message-warning"), PANEL_WARNING},
		{SLICE_INIT("success"), PANEL_SUCCESS},
		{SLICE_INIT("aui-message-success"), PANEL_SUCCESS},
		{SLICE_INIT("aui-message-confirmation"), PANEL_SUCCESS},
	};
	/* Of a macro that could not be shown */
	if (export_has_class(t, SLICE_LIT("error")) ||
	    export_has_class(t, SLICE_LIT("jim-inline-block"))) {
		export_error(r, t, e);
		e->context = NULL;
		return;
	}
	struct node *n = builder_open(&r->b, NODE_PANEL, &e->close);
	n->of.panel->type = PANEL_INFO;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (export_has_class(t, kinds[i].class)) {
			n->of.panel->type = kinds[i].type;
		}
	}
	open_frame(r, e, n, &n->of.panel->title);
}

void export_expand(struct reader *r, const struct tag *t, struct element *e)
{
	bool nested = builder_nearest(&r->b, NODE_EXPAND) != NULL ||
		      builder_nearest(&r->b, NODE_CELL) != NULL;
	struct node *n = builder_open(&r->b, NODE_EXPAND, &e->close);
	n->flags |= nested ? NODE_NESTED : 0;
	open_frame(r, e, n, &n->of.titled.title);
	if (!slice_eq(t->name, SLICE_LIT("details"))) {
		export_count(r, t, SLICE_LIT("expand"));
	}
}

/* Code. */

bool export_is_brush(const struct reader *r, const struct tag *t)
{
	(void)r;
	return slice_eq(tag_attr(t, SLICE_LIT("type")), SLICE_LIT("syntaxhighlighter"));
}

bool export_is_code_panel(const struct reader *r, const struct tag *t)
{
	(void)r;
	return export_has_class(t, SLICE_LIT("panel"));
}

void export_code_panel(struct reader *r, const struct tag *t, struct element *e)
{
	struct export_frame *f = open_frame(r, e, NULL, NULL);
	f->title = &f->code_title;
	builder_break(&r->b);
	export_count(r, t, SLICE_LIT("code"));
}

void export_end_code_panel(struct reader *r, struct element *e)
{
	struct export_frame *f = e->context;
	if (f->title != NULL && f->title->len > 0) { /* no code took it */
		words_add(&r->b, *f->title);
	}
	export_end_frame(r, e);
}

/* What says nothing: `java` stands there also where the author named no language, and often it is another. */
static bool is_no_language(struct slice brush)
{
	return slice_eq(brush, SLICE_LIT("java")) || slice_eq(brush, SLICE_LIT("plain")) ||
	       slice_eq(brush, SLICE_LIT("none"));
}

/* `brush: xml; gutter: true; first-line: 5` */
void export_code(struct reader *r, const struct tag *t, struct element *e)
{
	struct code *code = builder_alloc(&r->b, sizeof(*code));
	struct slice params = tag_attr(t, SLICE_LIT("data-syntaxhighlighter-params"));
	struct slice name;
	struct slice value;
	params = params.len > 0 ? params : tag_attr(t, SLICE_LIT("class"));
	code->first_line = 1;
	while (style_next(&params, &name, &value)) {
		uint64_t first;
		if (slice_eq(name, SLICE_LIT("brush")) && !is_no_language(value)) {
			code->language = words_keep(&r->b, value);
		} else if (slice_eq(name, SLICE_LIT("gutter"))) {
			code->numbered = slice_eq(value, SLICE_LIT("true"));
		} else if (slice_eq(name, SLICE_LIT("first-line")) &&
			   slice_to_u64(value, CODE_LINE_MAX, &first)) {
			code->first_line = (uint32_t)first;
		}
	}
	e->context = code;
	reader_gather(r);
}

void export_end_code(struct reader *r, struct element *e)
{
	struct code *code = e->context;
	struct export_frame *f = r->view->frame;
	struct slice text = gather_view(&r->gather);
	if (slice_starts(text, SLICE_LIT("\n"))) { /* HTML: the first one is not of the text */
		text = slice_skip(text, 1);
	}
	if (slice_starts(text, SLICE_LIT("<![CDATA["))) {
		text = slice_skip(text, SLICE_LIT("<![CDATA[").len);
		text = slice_first(text, slice_find(text, SLICE_LIT("]]>")));
	}
	if (text.len == 0) {
		return;
	}
	if (f != NULL && f->node == NULL && f->title != NULL) {
		code->title = f->code_title;
		f->title = NULL;
	}
	macro_put_code(r, text, code);
}
