/* Footnotes. */
#include "render/confluence/macros.h"

#include "render/confluence/notes.h"

static void end_note(struct reader *r, struct macro *m)
{
	notes_end(r, m->context);
}

static enum macro_fate footnote(struct reader *r, struct macro *m, struct element *body)
{
	struct note *note = notes_begin(r);
	if (note != NULL) {
		m->context = note;
		m->end = end_note;
	} else {
		words_add(&r->b, SLICE_LIT(" ("));
		m->after = SLICE_LIT(")");
	}
	if (body == NULL) {
		words_add(&r->b, m->has_plain ? m->plain : macro_param(m, SLICE_LIT("")));
	}
	return MACRO_RENDERED;
}

static enum macro_fate list(struct reader *r, struct macro *m, struct element *body)
{
	(void)m;
	(void)body;
	notes_list_here(r);
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO("footnote", footnote, 0),
	MACRO("cfm-footnote", footnote, 0),
	MACRO("display-footnotes", list, 0),
};

const struct macro_table macro_notes = {rows, COUNT_OF(rows)};
