/* What Confluence computes when the page is looked at: lists of pages, labels, tasks. */
#include "render/confluence/macros.h"

#include "render/confluence/targets.h"

/* What the list is about, should the page say it: a title, a label, a group, another page. */
static struct slice subject(struct reader *r, const struct macro *m)
{
	static const struct slice names[] = {
		SLICE_INIT("title"),  SLICE_INIT("labels"),   SLICE_INIT("label"),
		SLICE_INIT("groups"), SLICE_INIT("query"),    SLICE_INIT("spaces"),
		SLICE_INIT("cql"),    SLICE_INIT("username"), SLICE_INIT("")};
	const struct reference *named = macro_reference(m);
	if (named != NULL && named->kind != REFERENCE_URL) {
		return target_title(r, named);
	}
	return macro_first_param(m, names, COUNT_OF(names));
}

enum macro_fate macro_listed(struct reader *r, struct macro *m, struct element *body)
{
	struct slice label = macro_label_about(r, macro_label(r, m), subject(r, m));
	(void)body;
	macro_put_card(r, m, label, r->page_url);
	words_add(&r->b, m->plain);
	return MACRO_CARD;
}

static const struct macro_rule rows[] = {
	MACRO_CALLED("children", macro_listed, 0, "Pages under this page"),
	MACRO_CALLED("pagetree", macro_listed, 0, "Tree of pages"),
	MACRO_CALLED("content-tree", macro_listed, 0, "Tree of pages"),
	MACRO_CALLED("detailssummary", macro_listed, 0, "Page properties report"),
	MACRO_CALLED("contentbylabel", macro_listed, 0, "Pages with a label"),
	MACRO_CALLED("content-report-table", macro_listed, 0, "Content report"),
	MACRO_CALLED("contentbyuser", macro_listed, 0, "Pages of a person"),
	MACRO_CALLED("blog-posts", macro_listed, 0, "Blog posts"),
	MACRO_CALLED("recently-updated", macro_listed, 0, "Recently updated pages"),
	MACRO_CALLED("recently-updated-dashboard", macro_listed, 0, "Recently updated pages"),
	MACRO_CALLED("search", macro_listed, 0, "Search results"),
	MACRO_CALLED("index", macro_listed, 0, "Index of the space"),
	MACRO_CALLED("favpages", macro_listed, 0, "Favourite pages"),
	MACRO_CALLED("change-history", macro_listed, 0, "History of this page"),
	MACRO_CALLED("global-reports", macro_listed, 0, "Reports"),
	MACRO_CALLED("tasks-report-macro", macro_listed, 0, "Task report"),
	MACRO_CALLED("decisionreport", macro_listed, 0, "Decision report"),
	MACRO_CALLED("listlabels", macro_listed, 0, "Labels"),
	MACRO_CALLED("labels-list", macro_listed, 0, "Labels"),
	MACRO_CALLED("navmap", macro_listed, 0, "Map of labels"),
	MACRO_CALLED("popular-labels", macro_listed, 0, "Popular labels"),
	MACRO_CALLED("recently-used-labels", macro_listed, 0, "Recently used labels"),
	MACRO_CALLED("related-labels", macro_listed, 0, "Related labels"),
	MACRO_CALLED("space-details", macro_listed, 0, "Details of the space"),
	MACRO_CALLED("spaces-list", macro_listed, 0, "List of spaces"),
	MACRO_CALLED("spaces", macro_listed, 0, "List of spaces"),
	MACRO_CALLED("space-jump", macro_listed, 0, "List of spaces"),
	MACRO_CALLED("junitreport", macro_listed, 0, "Test report"),
	MACRO_CALLED("swagger-open-api", macro_listed, 0, "API description"),
	MACRO_CALLED("outgoing-links", macro_listed, 0, "Outgoing links"),
};

const struct macro_table macro_lists = {rows, COUNT_OF(rows)};
