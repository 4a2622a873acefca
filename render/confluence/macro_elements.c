/* Elements around macros: their parameters and bodies, and the new editor's nodes, which work
 * alike. */
#include "render/confluence/elements.h"

#include "render/confluence/macros.h"
#include "render/confluence/targets.h"

/* ac:adf-extension: a node of the new editor and, perhaps, what to show where that is not known. */
struct adf_extension {
	bool known;	       /* the fallback is not needed */
	struct node *group;    /* what an unknown node shows unless a fallback comes */
	struct macro *waiting; /* becomes a card unless a fallback comes */
	size_t nodes;	       /* of the tree, before the fallback */
	struct adf_extension *outer;
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
	if (r->params->known != NULL && r->params->known->macro_count > 0) {
		m->local_id = words_keep(&r->b, tag_attr(t, SLICE_LIT("ac:local-id")));
		m->macro_id = words_keep(&r->b, tag_attr(t, SLICE_LIT("ac:macro-id")));
	}
}

void element_end_macro(struct reader *r, struct element *e)
{
	struct macro *m = e->context;
	end_macro(r, m);
	if (!m->shown) {
		macro_show(r, m, NULL);
	}
	macro_end(r, m);
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
	p->outer = m->param;
	p->next = m->params;
	m->params = p;
	m->param = p;
	r->reference = &p->ref;
	e->context = p;
}

/* `title` with a `value` inside is a title; any other parameter with parameters inside has no value of its own. */
static void leave_outer(struct macro_param *p)
{
	if (slice_eq(p->name, SLICE_LIT("value"))) {
		p->outer->value = p->value;
	} else {
		p->outer->has_parts = true;
	}
}

void element_end_parameter(struct reader *r, struct element *e)
{
	struct macro_param *p = e->context;
	if (p == NULL) {
		return;
	}
	if (p->value.len == 0 && !p->has_parts) {
		p->value = slice_trim(gather_view(&r->gather));
	}
	r->reference = p->outer_reference;
	if (r->macro != NULL) {
		r->macro->param = p->outer;
	}
	if (p->outer != NULL) {
		leave_outer(p);
	}
}

/* Of several values. */
void element_parameter_value(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	if (r->mode == READER_GATHER && slice_trim(gather_view(&r->gather)).len > 0) {
		gather_add(&r->gather, &r->b, SLICE_LIT(", "));
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
	struct adf_extension *x = builder_alloc(&r->b, sizeof(*x));
	x->outer = r->adf;
	r->adf = x;
	e->context = x;
}

void element_end_adf_extension(struct reader *r, struct element *e)
{
	struct adf_extension *x = e->context;
	r->adf = x->outer;
	if (x->waiting != NULL) {
		macro_card(r, x->waiting, NULL);
		reader_count_macro(r, x->waiting->name, MACRO_CARD);
	}
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
	if (m->rule == NULL) {
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
	macro_end(r, m);
	if (r->adf == NULL) {
		return;
	}
	if (m->rule != NULL) {
		r->adf->known = r->adf->known || !m->waits;
		r->adf->waiting = m->waits ? m : r->adf->waiting;
		return;
	}
	/* A fallback may empty it only when it is complete and, not having been empty, still there. */
	if (e->close != BUILDER_NO_DEPTH) {
		builder_close(&r->b, e->close);
	}
	if (outermost && builder_frame(&r->b)->last == m->group) {
		r->adf->group = m->group;
	}
}

/* Never both the node and its fallback. */
void element_adf_fallback(struct reader *r, const struct tag *t, struct element *e)
{
	(void)t;
	(void)e;
	if (r->adf != NULL && r->adf->known) {
		r->mode = READER_SKIP;
	} else if (r->adf != NULL) {
		r->adf->nodes = r->b.node_count;
	}
}

/* One that says nothing is none. */
void element_end_adf_fallback(struct reader *r, struct element *e)
{
	(void)e;
	struct adf_extension *x = r->adf;
	if (x == NULL || x->known || r->b.node_count <= x->nodes) {
		return;
	}
	x->known = true;
	if (x->group != NULL) {
		x->group->first = NULL;
		x->group = NULL;
	}
	if (x->waiting != NULL) {
		reader_count_macro(r, x->waiting->name, MACRO_SNAPSHOT);
		x->waiting = NULL;
	}
}
