/* What stands in a line of text: status, tooltip, footnote, anchor. */
#include "render/confluence/macros.h"

static enum macro_fate status(struct reader *r, struct macro *m, struct element *body)
{
	static const struct {
		struct slice name;
		enum status_colour colour;
	} colours[] = {
		{SLICE_INIT("blue"), STATUS_BLUE},     {SLICE_INIT("red"), STATUS_RED},
		{SLICE_INIT("yellow"), STATUS_YELLOW}, {SLICE_INIT("green"), STATUS_GREEN},
		{SLICE_INIT("purple"), STATUS_PURPLE}, {SLICE_INIT("grey"), STATUS_NEUTRAL},
	};
	struct slice colour = macro_words(r, m, SLICE_LIT("colour"));
	struct slice title = macro_words(r, m, SLICE_LIT("title"));
	title = title.len > 0 ? title : macro_words(r, m, SLICE_LIT("text"));
	title = title.len > 0 ? title : words_keep(&r->b, m->plain);
	title = title.len > 0 ? title : colour;
	if (body != NULL || title.len == 0) {
		return MACRO_RENDERED;
	}
	struct node_status *s = &builder_leaf(&r->b, NODE_STATUS)->of.status;
	s->text = title;
	for (size_t i = 0; i < COUNT_OF(colours); i++) {
		if (slice_eq_nocase(colours[i].name, colour)) {
			s->colour = (uint8_t)colours[i].colour;
		}
	}
	return MACRO_RENDERED;
}

static enum macro_fate anchor(struct reader *r, struct macro *m, struct element *body)
{
	(void)body;
	struct slice name = macro_words(r, m, SLICE_LIT(""));
	if (name.len > 0) {
		builder_anchor(&r->b, name);
	}
	return MACRO_RENDERED;
}

static enum macro_fate tooltip(struct reader *r, struct macro *m, struct element *body)
{
	struct slice tip = macro_words(r, m, SLICE_LIT("text"));
	tip = tip.len > 0 ? tip : macro_words(r, m, SLICE_LIT("tooltip"));
	struct slice parts[] = {SLICE_LIT(" ("), tip, SLICE_LIT(")")};
	if (body == NULL) {
		words_add(&r->b, m->plain);
	}
	if (tip.len > 0) {
		struct slice joined = tip;
		enum fault f = arena_join(r->b.arena, parts, COUNT_OF(parts), &joined);
		m->after = reader_result(r, f, joined);
	}
	return MACRO_RENDERED;
}

/* Where it stands, in parentheses: nobody turns to the end of a mail. */
static enum macro_fate footnote(struct reader *r, struct macro *m, struct element *body)
{
	struct slice text = m->has_plain ? m->plain : macro_param(m, SLICE_LIT(""));
	if (body == NULL && text.len > 0) {
		words_add(&r->b, SLICE_LIT(" ("));
		words_add(&r->b, text);
		words_add(&r->b, SLICE_LIT(")"));
	}
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO("status", status, 0),	    MACRO("lozenge", status, 0),
	MACRO("anchor", anchor, 0),	    MACRO("tooltip", tooltip, 0),
	MACRO("cfm-tooltip", tooltip, 0),   MACRO("footnote", footnote, 0),
	MACRO("cfm-footnote", footnote, 0), MACRO("display-footnotes", macro_nothing, 0),
	MACRO("auibutton", macro_link, 0),
};

const struct macro_table macro_line = {rows, COUNT_OF(rows)};
