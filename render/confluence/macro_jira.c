/* Jira issues, by key or by query. */
#include "render/confluence/macros.h"

#include "render/confluence/targets.h"

/* One issue by its key; a query is computed by Confluence alone. */
static enum macro_fate jira(struct reader *r, struct macro *m, struct element *body)
{
	struct slice key = words_keep(&r->b, macro_param(m, SLICE_LIT("key")));
	if (key.len == 0 || body != NULL) {
		return macro_card(r, m, body);
	}
	struct slice url = reader_href(r, macro_param(m, SLICE_LIT("url")));
	target_show_link(r, url.len > 0 ? url : r->page_url, key);
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO_CALLED("jira", jira, 0, "Jira issues"),
	MACRO_CALLED("jiraissues", jira, 0, "Jira issues"),
	MACRO_CALLED("jirachart", macro_card, 0, "Jira chart"),
	MACRO_CALLED("roadmap", macro_card, 0, "Roadmap"),
};

const struct macro_table macro_jira = {rows, COUNT_OF(rows)};
