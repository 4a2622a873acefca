/* People, dates, issues, status and other things in the line. */
#include "render/confluence/export_view_rules.h"

#include "render/confluence/elements.h"
#include "render/confluence/links.h"
#include "render/confluence/style.h"
#include "render/confluence/targets.h"

struct slice export_kept(struct reader *r, const struct tag *t, const char *name)
{
	return words_keep(&r->b, tag_attr(t, slice_of_text(name)));
}

/* Status. */

static uint8_t lozenge_colour(const struct tag *t)
{
	static const struct {
		struct slice class;
		enum status_colour colour;
	} colours[] = {
		{SLICE_INIT("aui-lozenge-success"), STATUS_GREEN},
		{SLICE_INIT("aui-lozenge-error"), STATUS_RED},
		{SLICE_INIT("aui-lozenge-removed"), STATUS_RED},
		{SLICE_INIT("aui-lozenge-current"), STATUS_YELLOW},
		{SLICE_INIT("aui-lozenge-moved"), STATUS_YELLOW},
		{SLICE_INIT("aui-lozenge-complete"), STATUS_BLUE},
		{SLICE_INIT("aui-lozenge-inprogress"), STATUS_BLUE},
		{SLICE_INIT("aui-lozenge-progress"), STATUS_PURPLE},
		{SLICE_INIT("aui-lozenge-new"), STATUS_PURPLE},
	};
	for (size_t i = 0; i < COUNT_OF(colours); i++) {
		if (export_has_class(t, colours[i].class)) {
			return (uint8_t)colours[i].colour;
		}
	}
	return STATUS_NEUTRAL;
}

void export_status(struct reader *r, const struct tag *t, struct element *e)
{
	struct node_status *s = builder_alloc(&r->b, sizeof(*s));
	s->colour = lozenge_colour(t);
	s->subtle = export_has_class(t, SLICE_LIT("aui-lozenge-subtle"));
	e->context = s;
	export_count(r, t, SLICE_LIT("status"));
	reader_gather(r);
}

void export_end_status(struct reader *r, struct element *e)
{
	struct node_status *s = e->context;
	s->text = words_keep(&r->b, gather_view(&r->gather));
	if (s->text.len > 0) {
		builder_leaf(&r->b, NODE_STATUS)->of.status = *s;
	}
}

/* People and dates. */

void export_mention(struct reader *r, const struct tag *t, struct element *e)
{
	struct slice *name = builder_alloc(&r->b, sizeof(*name));
	struct slice title = export_kept(r, t, "title");
	*name = target_user_name(r, tag_attr(t, SLICE_LIT("data-account-id")));
	if (title.len > 0 && slice_eq(*name, SLICE_LIT("user"))) {
		*name = title;
	}
	e->context = name;
	reader_gather(r);
}

void export_end_mention(struct reader *r, struct element *e)
{
	const struct slice *known = e->context;
	struct slice name = words_keep(&r->b, gather_view(&r->gather));
	name = slice_starts(name, SLICE_LIT("@")) ? slice_skip(name, 1) : name;
	builder_leaf(&r->b, NODE_MENTION)->of.mention.name = name.len > 0 ? name : *known;
}

void export_time(struct reader *r, const struct tag *t, struct element *e)
{
	struct slice *raw = builder_alloc(&r->b, sizeof(*raw));
	*raw = export_kept(r, t, "datetime");
	if (raw->len > 0) {
		e->context = raw;
		reader_gather(r);
	}
}

void export_end_time(struct reader *r, struct element *e)
{
	const struct slice *raw = e->context;
	if (raw == NULL) {
		return;
	}
	struct slice text = words_keep(&r->b, gather_view(&r->gather));
	struct tag time = {.attr_count = 1};
	time.attrs[0] = (struct attr){SLICE_LIT("datetime"), *raw};
	if (text.len > 0) {
		builder_leaf(&r->b, NODE_DATE)->of.date = (struct node_date){.raw = text};
	} else {
		element_time(r, &time, e);
	}
}

/* A macro that Confluence itself did not know. */

void export_unknown(struct reader *r, const struct tag *t, struct element *e)
{
	struct slice *name = builder_alloc(&r->b, sizeof(*name));
	*name = export_kept(r, t, "data-macro-name");
	e->context = name;
	reader_gather(r);
}

void export_end_unknown(struct reader *r, struct element *e)
{
	struct slice name = *(const struct slice *)e->context;
	name = name.len > 0 ? name : words_keep(&r->b, gather_view(&r->gather));
	name = name.len > 0 ? name : SLICE_LIT("macro");
	words_add(&r->b, SLICE_LIT("["));
	words_add(&r->b, name);
	words_add(&r->b, SLICE_LIT("]"));
	reader_count_macro(r, name, MACRO_CARD);
}

bool export_is_page_link(const struct reader *r, const struct tag *t)
{
	(void)r;
	return tag_attr(t, SLICE_LIT("href")).len == 0 &&
	       tag_attr(t, SLICE_LIT("data-linked-resource-id")).len > 0 &&
	       slice_eq(tag_attr(t, SLICE_LIT("data-linked-resource-type")), SLICE_LIT("page"));
}

void export_page_link(struct reader *r, const struct tag *t, struct element *e)
{
	struct reference ref = {.kind = REFERENCE_CONTENT};
	(void)e;
	ref.value = export_kept(r, t, "data-linked-resource-id");
	(void)target_set_link(r, target_href(r, &ref, slice_of(NULL, 0)));
}

/* Jira issues. */

struct issue_key {
	struct export_issue issue;
	struct slice key;
};

bool export_is_issue(const struct reader *r, const struct tag *t)
{
	(void)r;
	return export_has_class(t, SLICE_LIT("jira-issue"));
}

bool export_is_in_issue(const struct reader *r, const struct tag *t)
{
	(void)t;
	return r->view->issue != NULL && r->mode == READER_GATHER;
}

void export_issue(struct reader *r, const struct tag *t, struct element *e)
{
	struct issue_key *k = builder_alloc(&r->b, sizeof(*k));
	k->key = export_kept(r, t, "data-jira-key");
	k->issue.outer = r->view->issue;
	r->view->issue = &k->issue;
	e->context = k;
	reader_gather(r);
}

void export_issue_key(struct reader *r, const struct tag *t, struct element *e)
{
	(void)e;
	if (r->view->issue->href.len == 0) {
		r->view->issue->href = reader_href(r, tag_attr(t, SLICE_LIT("href")));
	}
}

void export_summary(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	r->view->issue->summary_at = r->gather.len;
}

void export_end_summary(struct reader *r, struct element *e)
{
	(void)e;
	r->view->issue->summary_end = r->gather.len;
}

void export_issue_status(struct reader *r, const struct tag *t, struct element *e)
{
	(void)e;
	r->view->issue->status_at = r->gather.len;
	r->view->issue->colour = lozenge_colour(t);
}

void export_end_issue_status(struct reader *r, struct element *e)
{
	(void)e;
	r->view->issue->status_end = r->gather.len;
}

static struct slice piece(struct reader *r, size_t at, size_t end)
{
	struct slice all = gather_view(&r->gather);
	return words_keep(&r->b, slice_skip(slice_first(all, end), at));
}

/* The words before the summary, without the hyphen between. */
static struct slice words_before(struct reader *r, size_t end)
{
	struct slice words = piece(r, 0, end);
	return slice_ends(words, SLICE_LIT(" -")) ? slice_first(words, words.len - 2) : words;
}

void export_end_issue(struct reader *r, struct element *e)
{
	const struct issue_key *k = e->context;
	const struct export_issue *i = &k->issue;
	const struct builder_link *link = r->b.link;
	size_t rest = i->summary_end > 0 ? i->summary_at : gather_view(&r->gather).len;
	rest = i->status_end > 0 && i->status_at < rest ? i->status_at : rest;
	struct slice summary = piece(r, i->summary_at, i->summary_end);
	struct slice status = piece(r, i->status_at, i->status_end);
	struct slice key = words_before(r, rest);
	key = key.len > 0 ? key : k->key;
	r->view->issue = i->outer;
	(void)target_set_link(r, i->href.len > 0 ? i->href : r->page_url);
	words_add(&r->b, key);
	if (summary.len > 0 && !slice_starts(summary, SLICE_LIT("Getting issue details"))) {
		words_add(&r->b, SLICE_LIT(": "));
		words_add(&r->b, summary);
	}
	if (status.len > 0) {
		words_add(&r->b, SLICE_LIT(" "));
		struct node_status *s = &builder_leaf(&r->b, NODE_STATUS)->of.status;
		*s = (struct node_status){.text = status, .colour = i->colour};
	}
	r->b.link = link;
	reader_count_macro(r, SLICE_LIT("jira"), MACRO_SNAPSHOT);
}
