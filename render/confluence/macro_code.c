/* What is written in another language: code, markup, formulas, HTML. */
#include "render/confluence/macros.h"

#include "render/confluence/soup.h"

enum { FIRST_LINE_MAX = 1000000 };

static enum macro_fate code(struct reader *r, struct macro *m, struct element *body)
{
	if (body != NULL || m->plain.len == 0) {
		return MACRO_RENDERED; /* a rich body says for itself how it looks */
	}
	uint64_t first = 1;
	struct slice language = macro_words(r, m, SLICE_LIT("language"));
	if (language.len == 0) {
		language = macro_words(r, m, SLICE_LIT("")); /* wiki markup's {code:java} */
	}
	if (!slice_to_u64(macro_param(m, SLICE_LIT("firstline")), FIRST_LINE_MAX, &first)) {
		first = 1;
	}
	struct code code = {
		.language = slice_eq(m->name, SLICE_LIT("markdown")) ? m->name : language,
		.title = macro_words(r, m, SLICE_LIT("title")),
		.numbered = macro_is(m, SLICE_LIT("linenumbers")),
		.bare = macro_is(m, SLICE_LIT("nopanel")),
		.first_line = (uint32_t)first,
	};
	macro_put_code(r, m->plain, &code);
	return MACRO_RENDERED;
}

static enum macro_fate code_inline(struct reader *r, struct macro *m, struct element *body)
{
	uint16_t marks = r->b.marks;
	r->b.marks |= m->rule->arg;
	if (body == NULL) {
		words_add(&r->b, m->has_plain ? m->plain : macro_param(m, SLICE_LIT("body")));
		r->b.marks = marks;
	}
	return MACRO_RENDERED;
}

/* HTML that somebody wrote is read by the same rules as the page, and never inside itself. */
static enum macro_fate html(struct reader *r, struct macro *m, struct element *body)
{
	if (body != NULL) {
		return MACRO_RENDERED;
	}
	if (!m->has_plain || r->in_html) {
		return macro_body(r, m, body);
	}
	r->in_html = true;
	builder_break(&r->b);
	soup_read(m->plain, r);
	builder_break(&r->b);
	r->in_html = false;
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO("code", code, 0),
	MACRO("noformat", code, 0),
	MACRO("paste-code-macro", code, 0),
	MACRO("markdown", code, 0),
	MACRO("unmigrated-wiki-markup", code, 0),
	MACRO("mathblock", code, 0),
	MACRO("eazy-math-block", code, 0),
	MACRO("easy-math-block", code, 0),
	MACRO("latex", code, 0),
	MACRO("mathinline", code_inline, MARK_CODE),
	MACRO("eazy-math-inline", code_inline, MARK_CODE),
	MACRO("unmigrated-inline-wiki-markup", code_inline, 0),
	MACRO("html", html, 0),
	MACRO("style", macro_nothing, 0),
	MACRO("javascript", macro_nothing, 0),
};

const struct macro_table macro_code = {rows, COUNT_OF(rows)};
