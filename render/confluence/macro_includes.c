/* Other pages inside the page: as the job brings them, in a box with their title, else the way to them. */
#include "render/confluence/live.h"

#include "render/confluence/macros.h"
#include "render/confluence/targets.h"

/* `SPACE:Title`, as old pages write it; "Note: more" is a title. */
static struct slice cut_space(struct slice *title)
{
	struct slice rest = *title;
	struct slice space;
	if (!slice_cut_to(&rest, ':', &space) || slice_find_byte(space, ' ') < space.len ||
	    slice_starts(rest, SLICE_LIT(" "))) {
		return slice_of(NULL, 0);
	}
	*title = rest;
	return space;
}

/* The page that is named, else what a plain parameter says. */
static struct reference page_of(struct reader *r, const struct macro *m)
{
	static const struct slice names[] = {SLICE_INIT(""), SLICE_INIT("pageTitle"),
					     SLICE_INIT("default-parameter"), SLICE_INIT("page")};
	const struct reference *named = macro_reference(m);
	if (named != NULL) {
		return *named;
	}
	struct reference page = {.kind = REFERENCE_PAGE};
	page.title = words_keep(&r->b, macro_first_param(m, names, COUNT_OF(names)));
	page.space = cut_space(&page.title);
	return page;
}

static bool is_this_page(const struct reader *r, const struct reference *page)
{
	const struct page *own = r->params->page;
	bool same_space = page->space.len == 0 || slice_eq(page->space, own->space_key);
	return page->kind == REFERENCE_CONTENT
		       ? slice_eq(page->value, own->id)
		       : same_space && page->title.len > 0 && slice_eq(page->title, own->title);
}

static enum macro_fate link_to(struct reader *r, struct macro *m, const struct reference *page,
			       struct slice title)
{
	struct slice label = macro_label_about(r, macro_label(r, m), title);
	struct slice href = r->page_url;
	if (title.len > 0) {
		href = target_href(r, page, slice_of(NULL, 0));
	}
	macro_put_card(r, m, label, href.len > 0 ? href : r->page_url);
	return MACRO_CARD;
}

static enum macro_fate included(struct reader *r, struct macro *m, struct element *body)
{
	struct reference page = page_of(r, m);
	struct slice title = target_title(r, &page);
	struct known_live *live = is_this_page(r, &page) ? NULL : macro_live(r, m);
	unsigned depth = BUILDER_NO_DEPTH;
	if (body != NULL) { /* what an export brought along */
		return MACRO_SNAPSHOT;
	}
	if (live == NULL) {
		return link_to(r, m, &page, title);
	}
	if (!macro_is(m, SLICE_LIT("nopanel"))) {
		struct node *n = builder_open(&r->b, NODE_FRAME, &depth);
		n->of.titled.title = title;
		macro_title_flat(r, n, title);
	}
	live_show(r, live);
	if (depth != BUILDER_NO_DEPTH) {
		builder_close(&r->b, depth);
	}
	return MACRO_SNAPSHOT;
}

static const struct macro_rule rows[] = {
	MACRO_OWN("include", included, 0, "Included page"),
	MACRO_OWN("excerpt-include", included, 0, "Excerpt of a page"),
};

const struct macro_table macro_includes = {rows, COUNT_OF(rows)};
