/* Other pages inside the page. */
#include "render/confluence/macros.h"

#include "render/confluence/targets.h"

/* Another page's content does not travel with the job: its title does. */
static enum macro_fate included(struct reader *r, struct macro *m, struct element *body)
{
	const struct reference *page = macro_reference(m);
	struct slice title = page != NULL ? page->title : slice_of(NULL, 0);
	title = title.len > 0 ? title : words_keep(&r->b, macro_param(m, SLICE_LIT("")));
	if (title.len == 0) {
		return macro_card(r, m, body);
	}
	struct slice parts[] = {m->rule->label, SLICE_LIT(": "), title};
	struct slice label = m->rule->label;
	label = reader_result(r, arena_join(r->b.arena, parts, COUNT_OF(parts), &label), label);
	struct slice href = r->page_url;
	if (page != NULL) {
		href = target_href(r, page, slice_of(NULL, 0));
	}
	macro_put_card(r, m, label, href.len > 0 ? href : r->page_url);
	return MACRO_CARD;
}

static const struct macro_rule rows[] = {
	MACRO_CALLED("include", included, 0, "Included page"),
	MACRO_CALLED("excerpt-include", included, 0, "Excerpt of a page"),
};

const struct macro_table macro_includes = {rows, COUNT_OF(rows)};
