/* Macros that are their body alone, columns, and those that a mail has no use for. */
#include "render/confluence/macros.h"

#include "render/confluence/style.h"

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

static const struct macro_rule rows[] = {
	MACRO("excerpt", macro_body, 0),
	MACRO("details", macro_body, 0),
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
	MACRO_CALLED("carousel", macro_body, 0, "Carousel"),
	MACRO_CALLED("cards", macro_body, 0, "Cards"),
	MACRO_CALLED("livestatus", macro_body, 0, "Status"),
	MACRO_CALLED("page-status", macro_body, 0, "Status of this page"),
	MACRO_CALLED("spotlight", macro_body, 0, "Spotlight"),
	MACRO("livesearch", macro_nothing, 0),
	MACRO("create-from-template", macro_nothing, 0),
	MACRO("create-space-button", macro_nothing, 0),
	MACRO("spacejump", macro_nothing, 0),
	MACRO("space-jump", macro_nothing, 0),
	MACRO("pagetreesearch", macro_nothing, 0),
	MACRO("pagebreak", macro_nothing, 0),
	MACRO("scroll-pagebreak", macro_nothing, 0),
	MACRO("loremipsum", macro_nothing, 0),
	MACRO("cheese", macro_nothing, 0),
};

const struct macro_table macro_bodies = {rows, COUNT_OF(rows)};
