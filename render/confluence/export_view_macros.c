/* Lists, columns, and macros of any name, by what Confluence made of them. */
#include "render/confluence/export_view_rules.h"

#include "render/confluence/elements.h"
#include "render/confluence/macros.h"
#include "render/confluence/style.h"

enum { LAYOUT_NAME_MAX = 32, WAITING_NODES = 64 };

void export_tasks(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	builder_open(&r->b, (enum node_kind)e->rule->arg, &e->close);
}

bool export_is_task(const struct reader *r, const struct tag *t)
{
	const struct element_rule *rule = export_parent_rule(r);
	(void)t;
	return rule != NULL && rule->start == export_tasks;
}

void export_task(struct reader *r, const struct tag *t, struct element *e)
{
	const struct element_rule *rule = export_parent_rule(r);
	bool decision = rule != NULL && rule->start == export_tasks && rule->arg == NODE_DECISIONS;
	struct node *n = builder_open(&r->b, decision ? NODE_DECISION : NODE_TASK, &e->close);
	n->flags |= export_has_class(t, SLICE_LIT("checked")) ? NODE_DONE : 0;
}

void export_decision(struct reader *r, const struct tag *t, struct element *e)
{
	struct node *n = builder_open(&r->b, NODE_DECISION, &e->close);
	if (slice_eq(tag_attr(t, SLICE_LIT("data-decision-state")), SLICE_LIT("DECIDED"))) {
		n->flags |= NODE_DONE;
	}
}

/* As storage format calls it: `two_left_sidebar`. */
static struct slice layout_name(struct slice name, char out[LAYOUT_NAME_MAX])
{
	size_t len = name.len < LAYOUT_NAME_MAX ? name.len : 0;
	for (size_t i = 0; i < len; i++) {
		out[i] = name.ptr[i] == '-' ? '_' : name.ptr[i];
	}
	return slice_of(out, len);
}

void export_layout(struct reader *r, const struct tag *t, struct element *e)
{
	static const struct slice known[] = {SLICE_INIT("two-left-sidebar"),
					     SLICE_INIT("two-right-sidebar"),
					     SLICE_INIT("three-with-sidebars")};
	char space[LAYOUT_NAME_MAX];
	struct slice layout = tag_attr(t, SLICE_LIT("data-layout"));
	for (size_t i = 0; i < COUNT_OF(known) && layout.len == 0; i++) {
		layout = export_has_class(t, known[i]) ? known[i] : layout;
	}
	struct tag section = {.attr_count = 1};
	section.attrs[0] = (struct attr){SLICE_LIT("ac:type"), layout_name(layout, space)};
	e->context = (void *)r->shares;
	element_section(r, &section, e);
}

void export_end_layout(struct reader *r, struct element *e)
{
	r->shares = e->context;
}

bool export_is_layout_cell(const struct reader *r, const struct tag *t)
{
	const struct element_rule *rule = export_parent_rule(r);
	(void)t;
	return rule != NULL && rule->start == export_layout;
}

void export_column(struct reader *r, const struct tag *t, struct element *e)
{
	element_column(r, t, e);
}

void export_section(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	builder_open(&r->b, NODE_LAYOUT, &e->close);
}

void export_section_column(struct reader *r, const struct tag *t, struct element *e)
{
	struct node *n = builder_open(&r->b, NODE_COLUMN, &e->close);
	n->of.column.percent = (uint8_t)style_percent(export_in_style(t, SLICE_LIT("width")));
}

struct content {
	struct macro macro;
	bool in_line;
	bool dressed; /* the macro has been shown, around its content */
	size_t node_count;
	const char *text_at;
};

static struct content *begin_content(struct reader *r, const struct tag *t, struct slice name)
{
	struct content *c = builder_alloc(&r->b, sizeof(*c));
	c->macro.name = words_keep(&r->b, name);
	c->macro.rule = macro_rule_for(c->macro.name);
	c->in_line = export_is_in_line(t);
	if (!c->in_line) {
		builder_break(&r->b);
	}
	c->node_count = r->b.node_count;
	c->text_at = r->b.text_at;
	return c;
}

static bool is_empty(const struct reader *r, const struct content *c)
{
	return c->node_count == r->b.node_count && c->text_at == r->b.text_at;
}

static bool is_one_of(const struct slice *names, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_eq(names[i], name)) {
			return true;
		}
	}
	return false;
}

static void add_param(struct reader *r, struct macro *m, struct slice name, struct slice value)
{
	struct macro_param *p = builder_alloc(&r->b, sizeof(*p));
	p->name = name;
	p->value = words_keep(&r->b, value);
	p->next = m->params;
	m->params = p;
}

/* All but one are not displayed at first; a mail shows them one after another. */
bool export_is_tab(const struct reader *r, const struct tag *t)
{
	static const struct slice tabs[] = {SLICE_INIT("ui-tab"), SLICE_INIT("localtab"),
					    SLICE_INIT("card"), SLICE_INIT("ui-step")};
	(void)r;
	return is_one_of(tabs, COUNT_OF(tabs), tag_attr(t, SLICE_LIT("data-macro-name")));
}

void export_macro(struct reader *r, const struct tag *t, struct element *e)
{
	static const struct slice dressing[] = {
		SLICE_INIT("info"),    SLICE_INIT("note"),     SLICE_INIT("tip"),
		SLICE_INIT("warning"), SLICE_INIT("panel"),    SLICE_INIT("expand"),
		SLICE_INIT("section"), SLICE_INIT("column"),   SLICE_INIT("ui-expand"),
		SLICE_INIT("ui-tab"),  SLICE_INIT("localtab"), SLICE_INIT("ui-step"),
		SLICE_INIT("card"),
	};
	static const struct slice controls[] = {
		SLICE_INIT("livesearch"), SLICE_INIT("create-from-template"),
		SLICE_INIT("spacejump"),  SLICE_INIT("create-space-button"),
		SLICE_INIT("space-jump"), SLICE_INIT("pagetreesearch"),
		SLICE_INIT("style"),	  SLICE_INIT("javascript"),
	};
	static const struct element_rule status = {.start = export_status,
						   .end = export_end_status};
	struct slice name = tag_attr(t, SLICE_LIT("data-macro-name"));
	if (slice_eq(name, SLICE_LIT("status"))) {
		e->rule = &status;
		export_status(r, t, e);
		return;
	}
	struct content *c = begin_content(r, t, name);
	c->macro.local_id = words_keep(&r->b, tag_attr(t, SLICE_LIT("data-local-id")));
	c->macro.macro_id = words_keep(&r->b, tag_attr(t, SLICE_LIT("data-macro-id")));
	e->context = c;
	if (is_one_of(controls, COUNT_OF(controls), name)) {
		c->dressed = true;
		r->mode = READER_SKIP;
	} else if (is_one_of(dressing, COUNT_OF(dressing), name)) {
		struct slice title = tag_attr(t, SLICE_LIT("title"));
		add_param(r, &c->macro, SLICE_LIT("title"),
			  title.len > 0 ? title : tag_attr(t, SLICE_LIT("data-title")));
		c->dressed = true;
		macro_show(r, &c->macro, e);
	}
}

/* Confluence has made something of it, or left it to the browser: then it is shown as if nobody knew more. */
void export_end_macro(struct reader *r, struct element *e)
{
	struct content *c = e->context;
	if (!c->dressed && is_empty(r, c)) {
		macro_show(r, &c->macro, NULL);
	} else if (!c->dressed) {
		reader_count_macro(r, c->macro.name, MACRO_SNAPSHOT);
	}
	macro_end(r, &c->macro);
	if (!c->in_line) {
		builder_break(&r->b);
	}
}

/* The levels of `H1,H2,H3` become parameters. */
void export_contents(struct reader *r, const struct tag *t, struct element *e)
{
	struct slice levels = tag_attr(t, SLICE_LIT("data-headerelements"));
	struct content *c = begin_content(r, t, SLICE_LIT("toc"));
	if (levels.len >= 2) {
		add_param(r, &c->macro, SLICE_LIT("minLevel"),
			  slice_first(slice_skip(levels, 1), 1));
		add_param(r, &c->macro, SLICE_LIT("maxLevel"), slice_skip(levels, levels.len - 1));
	}
	e->context = c;
}

void export_end_contents(struct reader *r, struct element *e)
{
	export_end_macro(r, e);
}

/* A list of issues, or the promise of one. */
void export_issues(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	e->context = builder_open(&r->b, NODE_GROUP, &e->close);
}

static bool is_waiting(const struct node *group)
{
	struct walk w = walk_of(group);
	for (int i = 0; i < WAITING_NODES && walk_next(&w); i++) {
		if (w.at->kind == NODE_TEXT &&
		    slice_find(slice_first(w.at->of.text, WAITING_NODES),
			       SLICE_LIT("Getting issues")) <
			    slice_first(w.at->of.text, WAITING_NODES).len) {
			return true;
		}
	}
	return false;
}

void export_end_issues(struct reader *r, struct element *e)
{
	struct node *group = e->context;
	if (e->close == BUILDER_NO_DEPTH) {
		return;
	}
	builder_close(&r->b, e->close);
	if (builder_frame(&r->b)->last != group || !is_waiting(group)) {
		return;
	}
	group->first = NULL;
	struct macro *m = builder_alloc(&r->b, sizeof(*m));
	m->name = SLICE_LIT("jira");
	m->rule = macro_rule_for(m->name);
	macro_show(r, m, NULL);
}
