/* What is written in another language: code, markup, formulas, HTML. */
#include "render/confluence/macros.h"

#include "render/confluence/soup.h"
#include "render/confluence/targets.h"

enum { FIRST_LINE_MAX = 1000000 };

static enum macro_fate code(struct reader *r, struct macro *m, struct element *body)
{
	static const struct slice languages[] = {SLICE_INIT("language"), SLICE_INIT("lang"),
						 SLICE_INIT("")};
	uint64_t first;
	if (body != NULL || m->plain.len == 0) {
		return MACRO_RENDERED; /* a rich body says for itself how it looks */
	}
	if (!slice_to_u64(macro_param(m, SLICE_LIT("firstline")), FIRST_LINE_MAX, &first)) {
		first = 1;
	}
	struct slice language = macro_first_param(m, languages, COUNT_OF(languages));
	struct code about = {
		.language = words_keep(&r->b, language),
		.title = macro_words(r, m, SLICE_LIT("title")),
		.numbered = macro_is(m, SLICE_LIT("linenumbers")),
		.bare = macro_is(m, SLICE_LIT("nopanel")),
		.first_line = (uint32_t)first,
	};
	macro_put_code(r, m->plain, &about);
	return MACRO_RENDERED;
}

/* The body, or the parameter that stands for it. */
static struct slice source_of(const struct macro *m)
{
	static const struct slice names[] = {SLICE_INIT("body"), SLICE_INIT("formula"),
					     SLICE_INIT("")};
	return m->has_plain ? m->plain : macro_first_param(m, names, COUNT_OF(names));
}

/* A picture of it that came along as a file says more than its source. */
static bool show_picture(struct reader *r, const struct macro *m)
{
	static const struct slice names[] = {SLICE_INIT("attachment"), SLICE_INIT("filename"),
					     SLICE_INIT("image")};
	struct slice name = macro_first_param(m, names, COUNT_OF(names));
	return name.len > 0 && target_show_picture(r, words_keep(&r->b, name), 0);
}

static enum macro_fate formula(struct reader *r, struct macro *m, struct element *body)
{
	struct slice source = source_of(m);
	if (body != NULL) {
		return MACRO_RENDERED;
	}
	if (show_picture(r, m)) {
		return MACRO_SNAPSHOT;
	}
	if (source.len > 0) {
		struct code about = {.language = slice_of(NULL, 0)};
		macro_put_code(r, source, &about);
	}
	return MACRO_RENDERED;
}

static enum macro_fate in_line(struct reader *r, struct macro *m, struct element *body)
{
	uint16_t marks = r->b.marks;
	if (m->rule->arg != 0 && body == NULL && show_picture(r, m)) {
		return MACRO_SNAPSHOT;
	}
	r->b.marks |= m->rule->arg;
	if (body == NULL) {
		words_add(&r->b, source_of(m));
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

/* What a browser does with it, and a mail reader does not. */
enum macro_fate macro_left_out(struct reader *r, struct macro *m, struct element *body)
{
	left_out_element(r, m->rule->arg == 0 ? SLICE_LIT("style") : SLICE_LIT("script"));
	return macro_nothing(r, m, body);
}

static const struct macro_rule rows[] = {
	MACRO("code", code, 0),
	MACRO("noformat", code, 0),
	MACRO("paste-code-macro", code, 0),
	MACRO("unmigrated-wiki-markup", formula, 0),
	MACRO("unmigrated-inline-wiki-markup", in_line, 0),
	MACRO("mathblock", formula, 0),
	MACRO("eazy-math-block", formula, 0),
	MACRO("easy-math-block", formula, 0),
	MACRO("latex", formula, 0),
	MACRO("mathinline", in_line, MARK_CODE),
	MACRO("eazy-math-inline", in_line, MARK_CODE),
	MACRO("html", html, 0),
	MACRO("style", macro_left_out, 0),
	MACRO("javascript", macro_left_out, 1),
};

const struct macro_table macro_code = {rows, COUNT_OF(rows)};
