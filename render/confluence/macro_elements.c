/* Elements around macros: their parameters and bodies, and the new editor's nodes, which work
 * alike. */
#include "render/confluence/elements.h"

#include "render/confluence/macros.h"
#include "render/confluence/targets.h"

struct adf_state {
	bool known;
	struct node *group;
};

static struct macro *begin_macro(struct reader *r, struct element *e)
{
	struct macro *m = builder_alloc(&r->b, sizeof(*m));
	m->outer = r->macro;
	m->outer_reference = r->reference;
	r->macro = m;
	r->reference = NULL;
	e->context = m;
	return m;
}

static void end_macro(struct reader *r, const struct macro *m)
{
	r->macro = m->outer;
	r->reference = m->outer_reference;
}

void element_macro(struct reader *r, const struct tag *t, struct element *e)
{
	struct macro *m = begin_macro(r, e);
	m->name = words_keep(&r->b, tag_attr(t, SLICE_LIT("ac:name")));
	m->rule = macro_rule_for(m->name);
}

void element_end_macro(struct reader *r, struct element *e)
{
	struct macro *m = e->context;
	end_macro(r, m);
	if (!m->shown) {
		macro_show(r, m, NULL);
	}
	words_add(&r->b, m->after);
}

/* Of a macro (named by ac:name) or of an ADF node (named by key). */
void element_parameter(struct reader *r, const struct tag *t, struct element *e)
{
	struct macro *m = r->macro;
	reader_gather(r);
	if (m == NULL) {
		return;
	}
	struct macro_param *p = builder_alloc(&r->b, sizeof(*p));
	struct slice name = tag_attr(t, SLICE_LIT("ac:name"));
	p->name = words_keep(&r->b, name.len > 0 ? name : tag_attr(t, SLICE_LIT("key")));
	p->outer_reference = r->reference;
	p->next = m->params;
	m->params = p;
	r->reference = &p->ref;
	e->context = p;
}

void element_end_parameter(struct reader *r, struct element *e)
{
	struct macro_param *p = e->context;
	if (p != NULL) {
		p->value = slice_trim(gather_view(&r->gather));
		r->reference = p->outer_reference;
	}
}

void element_rich_body(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	if (r->macro != NULL && !r->macro->shown) {
		macro_show(r, r->macro, e);
	}
}

void element_plain_body(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	reader_gather(r);
}

void element_end_plain_body(struct reader *r, struct element *e)
{
	(void)e;
	struct slice text = gather_view(&r->gather);
	if (r->macro != NULL && !r->macro->has_plain) {
		r->macro->plain = text;
		r->macro->has_plain = true;
	} else {
		words_add(&r->b, text);
	}
}

void element_adf_extension(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	struct adf_state *outer = builder_alloc(&r->b, sizeof(*outer));
	*outer = (struct adf_state){.known = r->adf_known, .group = r->adf_group};
	e->context = outer;
	r->adf_known = false;
	r->adf_group = NULL;
}

void element_end_adf_extension(struct reader *r, struct element *e)
{
	const struct adf_state *outer = e->context;
	r->adf_known = outer->known;
	r->adf_group = outer->group;
}

/* A list of decisions has no content element: its first item shows it. */
static void show_outer(struct reader *r)
{
	struct macro *outer = r->macro;
	if (outer == NULL || !outer->is_adf || outer->shown || outer->rule == NULL ||
	    r->depth < 2) {
		return;
	}
	macro_show(r, outer, &r->stack[r->depth - 2]);
}

void element_adf_node(struct reader *r, const struct tag *t, struct element *e)
{
	show_outer(r);
	struct macro *m = begin_macro(r, e);
	m->is_adf = true;
	m->name = words_keep(&r->b, tag_attr(t, SLICE_LIT("type")));
	m->rule = macro_rule_for_adf(m->name);
	if (m->rule != NULL) {
		r->adf_known = true;
	} else {
		m->shown = true; /* what it contains shows itself, unless a fallback comes */
		m->group = builder_open(&r->b, NODE_GROUP, &e->close);
	}
}

void element_end_adf_node(struct reader *r, struct element *e)
{
	struct macro *m = e->context;
	bool outermost = m->outer == NULL || !m->outer->is_adf;
	end_macro(r, m);
	if (!m->shown) {
		macro_show(r, m, NULL);
	}
	if (e->close == BUILDER_NO_DEPTH || m->rule != NULL) {
		return;
	}
	/* A fallback may empty it only when it is complete and, not having been empty, still there. */
	builder_close(&r->b, e->close);
	if (outermost && builder_frame(&r->b)->last == m->group) {
		r->adf_group = m->group;
	}
}

/* Never both the node and its fallback. */
void element_adf_fallback(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	if (r->adf_known) {
		r->mode = READER_SKIP;
	} else if (r->adf_group != NULL) {
		r->adf_group->first = NULL;
		r->adf_group = NULL;
	}
}

void element_fab_adf(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	struct card *card = builder_leaf_either(&r->b, NODE_CARD_INLINE, NODE_CARD)->of.card;
	card->label = SLICE_LIT("Part of the page in the new editor's format");
	card->href = r->page_url;
	reader_count_macro(r, SLICE_LIT("fab:adf"), MACRO_CARD);
	r->mode = READER_SKIP;
}

void element_fab_mention(struct reader *r, const struct tag *t, struct element *e)
{
	struct slice id = tag_attr(t, SLICE_LIT("atlassian-id"));
	struct node *n = builder_leaf(&r->b, NODE_MENTION);
	n->of.mention.name = target_user_name(r, id);
	e->context = n;
	reader_gather(r);
}

/* Old pages hold the name itself. */
void element_end_fab_mention(struct reader *r, struct element *e)
{
	struct node *n = e->context;
	struct slice name = slice_trim(gather_view(&r->gather));
	name = slice_starts(name, SLICE_LIT("@")) ? slice_skip(name, 1) : name;
	if (name.len > 0) {
		n->of.mention.name = name;
	}
}

void element_fab_media(struct reader *r, const struct tag *t, struct element *e)
{
	(void)e;
	struct reference ref = {.kind = REFERENCE_FILE};
	ref.value = words_keep(&r->b, tag_attr(t, SLICE_LIT("file-name")));
	if (ref.value.len == 0) {
		ref.value = SLICE_LIT("file");
	}
	if (!slice_eq(tag_attr(t, SLICE_LIT("media-type")), SLICE_LIT("file")) ||
	    !target_show_picture(r, ref.value, 0)) {
		target_show_file(r, &ref);
	}
}
