/* What stands in a line of text: status, tooltip, anchor. */
#include "render/confluence/macros.h"

static enum status_colour colour_of(struct slice name)
{
	static const struct {
		struct slice name;
		enum status_colour colour;
	} colours[] = {
		{SLICE_INIT("blue"), STATUS_BLUE},     {SLICE_INIT("red"), STATUS_RED},
		{SLICE_INIT("yellow"), STATUS_YELLOW}, {SLICE_INIT("green"), STATUS_GREEN},
		{SLICE_INIT("purple"), STATUS_PURPLE}, {SLICE_INIT("success"), STATUS_GREEN},
		{SLICE_INIT("error"), STATUS_RED},     {SLICE_INIT("current"), STATUS_YELLOW},
		{SLICE_INIT("complete"), STATUS_BLUE}, {SLICE_INIT("moved"), STATUS_PURPLE},
		{SLICE_INIT("progress"), STATUS_BLUE}, {SLICE_INIT("inprogress"), STATUS_BLUE},
		{SLICE_INIT("removed"), STATUS_RED},
	};
	for (size_t i = 0; i < COUNT_OF(colours); i++) {
		if (slice_eq_nocase(colours[i].name, name)) {
			return colours[i].colour;
		}
	}
	return STATUS_NEUTRAL;
}

static enum macro_fate status(struct reader *r, struct macro *m, struct element *body)
{
	static const struct slice colours[] = {SLICE_INIT("colour"), SLICE_INIT("color"),
					       SLICE_INIT("type")};
	static const struct slice titles[] = {SLICE_INIT("title"), SLICE_INIT("text"),
					      SLICE_INIT("")};
	struct slice colour = macro_first_param(m, colours, COUNT_OF(colours));
	struct slice title = words_keep(&r->b, macro_first_param(m, titles, COUNT_OF(titles)));
	title = title.len > 0 ? title : words_keep(&r->b, m->plain);
	if (title.len == 0 && body == NULL) {
		title = words_keep(&r->b, colour);
	}
	if (title.len > 0) {
		struct node_status *s = &builder_leaf(&r->b, NODE_STATUS)->of.status;
		s->text = title;
		s->colour = (uint8_t)colour_of(colour);
		s->subtle = slice_eq_nocase(macro_param(m, SLICE_LIT("subtle")), SLICE_LIT("true"));
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

/* The words that a pointer has to hover over, then the tip in parentheses: whichever of them is the body. */
static enum macro_fate tooltip(struct reader *r, struct macro *m, struct element *body)
{
	static const struct slice tips[] = {SLICE_INIT("text"), SLICE_INIT("tooltip"),
					    SLICE_INIT("title")};
	(void)body;
	struct slice words = macro_words(r, m, SLICE_LIT("linkText"));
	struct slice tip = words_keep(&r->b, macro_first_param(m, tips, COUNT_OF(tips)));
	if (words.len > 0) {
		words_add(&r->b, words);
		words_add(&r->b, SLICE_LIT(" ("));
		words_add(&r->b, m->plain.len > 0 ? m->plain : tip);
		m->after = SLICE_LIT(")");
		return MACRO_RENDERED;
	}
	words_add(&r->b, m->plain);
	if (tip.len > 0) {
		struct slice parts[] = {SLICE_LIT(" ("), tip, SLICE_LIT(")")};
		struct slice joined = tip;
		enum fault f = arena_join(r->b.arena, parts, COUNT_OF(parts), &joined);
		m->after = reader_result(r, f, joined);
	}
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO("status", status, 0),   MACRO("lozenge", status, 0),	MACRO("anchor", anchor, 0),
	MACRO("tooltip", tooltip, 0), MACRO("cfm-tooltip", tooltip, 0),
};

const struct macro_table macro_line = {rows, COUNT_OF(rows)};
