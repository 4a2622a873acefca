/* What Confluence computes when the page is looked at: lists of pages, labels, tasks. */
#include "render/confluence/macros.h"

static const struct macro_rule rows[] = {
	MACRO_CALLED("children", macro_card, 0, "Pages under this page"),
	MACRO_CALLED("pagetree", macro_card, 0, "Tree of pages"),
	MACRO_CALLED("content-tree", macro_card, 0, "Tree of pages"),
	MACRO_CALLED("detailssummary", macro_card, 0, "Page properties report"),
	MACRO_CALLED("contentbylabel", macro_card, 0, "Pages with a label"),
	MACRO_CALLED("content-report-table", macro_card, 0, "Content report"),
	MACRO_CALLED("contentbyuser", macro_card, 0, "Pages of a person"),
	MACRO_CALLED("blog-posts", macro_card, 0, "Blog posts"),
	MACRO_CALLED("recently-updated", macro_card, 0, "Recently updated pages"),
	MACRO_CALLED("recently-updated-dashboard", macro_card, 0, "Recently updated pages"),
	MACRO_CALLED("search", macro_card, 0, "Search results"),
	MACRO_CALLED("index", macro_card, 0, "Index of the space"),
	MACRO_CALLED("favpages", macro_card, 0, "Favourite pages"),
	MACRO_CALLED("change-history", macro_card, 0, "History of this page"),
	MACRO_CALLED("global-reports", macro_card, 0, "Reports"),
	MACRO_CALLED("tasks-report-macro", macro_card, 0, "Task report"),
	MACRO_CALLED("decisionreport", macro_card, 0, "Decision report"),
	MACRO_CALLED("listlabels", macro_card, 0, "Labels"),
	MACRO_CALLED("labels-list", macro_card, 0, "Labels"),
	MACRO_CALLED("navmap", macro_card, 0, "Map of labels"),
	MACRO_CALLED("popular-labels", macro_card, 0, "Popular labels"),
	MACRO_CALLED("recently-used-labels", macro_card, 0, "Recently used labels"),
	MACRO_CALLED("related-labels", macro_card, 0, "Related labels"),
	MACRO_CALLED("space-details", macro_card, 0, "Details of the space"),
	MACRO_CALLED("spaces-list", macro_card, 0, "List of spaces"),
	MACRO_CALLED("spaces", macro_card, 0, "List of spaces"),
	MACRO_CALLED("junitreport", macro_card, 0, "Test report"),
	MACRO_CALLED("swagger-open-api", macro_card, 0, "API description"),
	MACRO_CALLED("outgoing-links", macro_card, 0, "Outgoing links"),
};

const struct macro_table macro_lists = {rows, COUNT_OF(rows)};
