/* Macros that are their body alone, columns, and those that a mail has no use for. */
#include "render/confluence/macros.h"

#include "render/confluence/style.h"

/* Names in front of values: the text part writes `key: value`. */
static void name_keys(struct node *table)
{
	for (const struct node *row = table->first; row != NULL; row = row->next) {
		struct node *key = row->kind == NODE_ROW ? row->first : NULL;
		if (key != NULL && key->next != NULL && (key->next->flags & NODE_HEAD) == 0) {
			key->flags |= NODE_HEAD;
		}
	}
}

static void end_details(struct reader *r, struct macro *m)
{
	const struct node *group = m->context;
	if (builder_frame(&r->b)->last != group) {
		return; /* nothing was in it */
	}
	for (struct node *n = group->first; n != NULL; n = n->next) {
		if (n->kind == NODE_TABLE && n->of.table->columns == 2) {
			name_keys(n);
		}
	}
}

/* Page properties. */
static enum macro_fate details(struct reader *r, struct macro *m, struct element *body)
{
	if (body == NULL || macro_is(m, SLICE_LIT("hidden"))) {
		return macro_body(r, m, body);
	}
	m->context = macro_open(r, m, body, NODE_GROUP);
	m->end = end_details;
	return MACRO_RENDERED;
}

static enum macro_fate section(struct reader *r, struct macro *m, struct element *body)
{
	macro_open(r, m, body, NODE_LAYOUT);
	return MACRO_RENDERED;
}

static enum macro_fate column(struct reader *r, struct macro *m, struct element *body)
{
	struct node *n = macro_open(r, m, body, NODE_COLUMN);
	n->of.column.percent = (uint8_t)style_percent(macro_param(m, SLICE_LIT("width")));
	return MACRO_RENDERED;
}

/* So many paragraphs of nothing in particular. */
static enum macro_fate filler(struct reader *r, struct macro *m, struct element *body)
{
	enum { PARAGRAPHS = 3, PARAGRAPHS_MAX = 30 };
	uint64_t count;
	(void)body;
	if (!slice_to_u64(macro_param(m, SLICE_LIT("")), PARAGRAPHS_MAX, &count)) {
		count = PARAGRAPHS;
	}
	for (uint64_t i = 0; i < count; i++) {
		builder_break(&r->b);
		words_add(&r->b, SLICE_LIT("Lorem ipsum dolor sit amet, consectetur adipiscing "
					   "elit, sed do eiusmod tempor."));
	}
	builder_break(&r->b);
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO("excerpt", macro_body, 0),
	MACRO("details", details, 0),
	MACRO("section", section, 0),
	MACRO("column", column, 0),
	MACRO("div", macro_body, 0),
	MACRO("span", macro_body, 0),
	MACRO("align", macro_body, 0),
	MACRO("center", macro_body, 0),
	MACRO("ui-text-box", macro_body, 0),
	MACRO("table-filter", macro_body, 0),
	MACRO("pivot-table", macro_body, 0),
	MACRO("table-chart", macro_body, 0),
	MACRO("tableenhancer", macro_body, 0),
	MACRO("table-joiner", macro_body, 0),
	MACRO("multiexcerpt", macro_body, 0),
	MACRO("scroll-only", macro_body, 0),
	MACRO("scroll-ignore", macro_body, 0),
	MACRO("sv-translation", macro_body, 0),
	MACRO("show-if", macro_body, 0),
	MACRO_CALLED("calendar", macro_body, 0, "Calendar"),
	MACRO_CALLED("team-calendar", macro_body, 0, "Team calendar"),
	MACRO_CALLED("carousel", macro_body, 0, "Carousel"),
	MACRO_CALLED("cards", macro_body, 0, "Cards"),
	MACRO_CALLED("livestatus", macro_body, 0, "Status"),
	MACRO_CALLED("page-status", macro_body, 0, "Status of this page"),
	MACRO_CALLED("spotlight", macro_body, 0, "Spotlight"),
	MACRO("livesearch", macro_nothing, 0),
	MACRO("create-from-template", macro_nothing, 0),
	MACRO("create-space-button", macro_nothing, 0),
	MACRO("spacejump", macro_nothing, 0),
	MACRO("pagetreesearch", macro_nothing, 0),
	MACRO("pagebreak", macro_nothing, 0),
	MACRO("scroll-pagebreak", macro_nothing, 0),
	MACRO("loremipsum", filler, 0),
	MACRO("cheese", macro_nothing, 0),
};

const struct macro_table macro_bodies = {rows, COUNT_OF(rows)};
