/* Jira issues, by key or by query. */
#include "render/confluence/cards.h"

#include "render/confluence/known.h"
#include "render/confluence/macros.h"
#include "render/confluence/targets.h"

struct slice macro_issue_href(struct reader *r, struct slice key)
{
	const struct slice wiki = SLICE_LIT("/wiki");
	struct slice site = r->params->page->site_url;
	if (!slice_ends(site, wiki)) {
		return r->page_url;
	}
	struct slice parts[] = {slice_first(site, site.len - wiki.len), SLICE_LIT("/browse/"), key};
	struct slice href = slice_of(NULL, 0);
	href = reader_result(r, arena_join(r->b.arena, parts, COUNT_OF(parts), &href), href);
	return reader_href(r, href);
}

/* `: summary [STATE]`, as far as the job knows it. */
static void add_known(struct reader *r, const struct known_link *known)
{
	if (known->title.len > 0) {
		words_add(&r->b, SLICE_LIT(": "));
		words_add(&r->b, known->title);
	}
	if (known->status.len > 0) {
		words_add(&r->b, SLICE_LIT(" "));
		cards_show_status(r, known->status);
	}
}

/* All of "ABC-1: summary [STATE]" is the link: in the text part its address stands behind them. */
static enum macro_fate show_issue(struct reader *r, const struct macro *m, struct slice key)
{
	const struct known_link *known = known_issue(r, key);
	struct slice said = known != NULL ? known->url : macro_param(m, SLICE_LIT("url"));
	struct slice href = reader_href(r, said);
	bool wants_summary = !slice_eq_nocase(macro_param(m, SLICE_LIT("showSummary")),
					      SLICE_LIT("false"));
	const struct builder_link *before = target_set_link(
		r, href.len > 0 ? href : macro_issue_href(r, key));
	bool alone = !builder_is_inline(&r->b) && builder_is_page_level(&r->b);
	words_add(&r->b, key);
	if (known != NULL && wants_summary) {
		add_known(r, known);
	}
	r->b.link = before;
	if (alone) {
		builder_break(&r->b);
	}
	return MACRO_RENDERED;
}

static enum macro_fate query_card(struct reader *r, struct macro *m, struct element *body)
{
	static const struct slice names[] = {SLICE_INIT("title"), SLICE_INIT("jqlQuery"),
					     SLICE_INIT("jql"), SLICE_INIT("")};
	struct slice label = macro_label(r, m);
	if (macro_is(m, SLICE_LIT("count"))) {
		label = reader_phrase(r, SLICE_LIT("Number of Jira issues"));
	}
	(void)body;
	label = macro_label_about(r, label, macro_first_param(m, names, COUNT_OF(names)));
	macro_put_card(r, m, label, r->page_url);
	return MACRO_CARD;
}

static enum macro_fate jira(struct reader *r, struct macro *m, struct element *body)
{
	struct slice key = macro_words(r, m, SLICE_LIT("key"));
	return key.len > 0 ? show_issue(r, m, key) : query_card(r, m, body);
}

static const struct macro_rule rows[] = {
	MACRO_CALLED("jira", jira, 0, "Jira issues"),
	MACRO_CALLED("jiraissues", jira, 0, "Jira issues"),
	MACRO_CALLED("jirachart", query_card, 0, "Jira chart"),
	MACRO_CALLED("roadmap", query_card, 0, "Roadmap"),
};

const struct macro_table macro_jira = {rows, COUNT_OF(rows)};
