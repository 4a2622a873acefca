/* Tables of contents: of the page, or of a zone of it. */
#include "render/confluence/macros.h"

#include "render/confluence/pattern.h"

static uint8_t level_param(const struct macro *m, struct slice name, uint8_t otherwise)
{
	uint64_t level;
	return slice_to_u64(macro_param(m, name), 6, &level) && level > 0 ? (uint8_t)level
									  : otherwise;
}

/* One that is not taken chooses nothing: better a line too many than one too few. */
static const struct pattern *pattern_param(struct reader *r, const struct macro *m,
					   struct slice name)
{
	struct slice expression = macro_param(m, name);
	struct pattern *p = NULL;
	if (expression.len > 0 && r->b.fault == FAULT_NONE) {
		p = arena_alloc(r->b.arena, sizeof(*p));
		r->b.fault = p == NULL ? FAULT_NO_MEMORY : FAULT_NONE;
	}
	return p != NULL && pattern_read(expression, p) ? p : NULL;
}

static void choose_separators(struct reader *r, const struct macro *m, struct outline_toc *toc)
{
	static const struct {
		struct slice name, before, between, behind;
	} known[] = {
		{SLICE_INIT("brackets"), SLICE_INIT("[ "), SLICE_INIT(" "), SLICE_INIT(" ]")},
		{SLICE_INIT("braces"), SLICE_INIT("{ "), SLICE_INIT(" "), SLICE_INIT(" }")},
		{SLICE_INIT("parens"), SLICE_INIT("( "), SLICE_INIT(" "), SLICE_INIT(" )")},
		{SLICE_INIT("pipe"), SLICE_INIT(""), SLICE_INIT(" | "), SLICE_INIT("")},
	};
	struct slice said = macro_words(r, m, SLICE_LIT("separator"));
	size_t at = 0;
	while (at < COUNT_OF(known) && !slice_eq_nocase(known[at].name, said)) {
		at++;
	}
	if (at == COUNT_OF(known) && said.len > 0) {
		struct slice parts[] = {SLICE_LIT(" "), said, SLICE_LIT(" ")};
		struct slice made = said;
		enum fault f = arena_join(r->b.arena, parts, COUNT_OF(parts), &made);
		toc->between = reader_result(r, f, made);
		return;
	}
	at = at < COUNT_OF(known) ? at : 0;
	toc->before = known[at].before;
	toc->between = known[at].between;
	toc->behind = known[at].behind;
}

static struct outline_toc read_params(struct reader *r, const struct macro *m)
{
	struct outline_toc toc = {
		.min_level = level_param(m, SLICE_LIT("minLevel"), 1),
		.max_level = level_param(m, SLICE_LIT("maxLevel"), 6),
		.numbered = macro_is(m, SLICE_LIT("outline")),
		.include = pattern_param(r, m, SLICE_LIT("include")),
		.exclude = pattern_param(r, m, SLICE_LIT("exclude")),
		.is_flat = slice_eq_nocase(macro_param(m, SLICE_LIT("type")), SLICE_LIT("flat")),
	};
	if (toc.is_flat) {
		choose_separators(r, m, &toc);
	}
	return toc;
}

/* Beyond a few, the first ones say it all. */
static bool has_room(const struct reader *r)
{
	return r->b.outline.toc_count < OUTLINE_TOCS;
}

/* Its place is filled when all headings are known. */
static void put_toc(struct reader *r, struct outline_toc toc)
{
	if (!has_room(r)) {
		return;
	}
	toc.node = builder_leaf(&r->b, NODE_GROUP);
	if (toc.node != &r->b.spare) {
		outline_add_toc(&r->b, toc);
	}
}

static enum macro_fate toc(struct reader *r, struct macro *m, struct element *body)
{
	(void)body;
	if (has_room(r)) {
		put_toc(r, read_params(r, m));
	}
	return MACRO_RENDERED;
}

struct zone {
	struct outline_toc toc;
	size_t first; /* the list at its top, among the page's, if it got one */
	bool on_top;
};

static bool is_at(const struct macro *m, struct slice place)
{
	struct slice said = macro_param(m, SLICE_LIT("location"));
	return slice_eq_nocase(said, place) || slice_eq_nocase(said, SLICE_LIT("both"));
}

static void end_zone(struct reader *r, struct macro *m)
{
	struct zone *z = m->context;
	z->toc.until = r->b.outline.targets.last;
	if (z->on_top) {
		r->b.outline.tocs[z->first].until = z->toc.until;
	}
	if (is_at(m, SLICE_LIT("bottom"))) {
		put_toc(r, z->toc);
	}
}

/* Its body, and the list of the headings in it: above, unless it says otherwise. */
static enum macro_fate toc_zone(struct reader *r, struct macro *m, struct element *body)
{
	if (body == NULL || !has_room(r)) {
		return body == NULL ? toc(r, m, body) : MACRO_RENDERED;
	}
	struct zone *z = builder_alloc(&r->b, sizeof(*z));
	if (r->b.fault != FAULT_NONE) {
		return MACRO_RENDERED;
	}
	z->toc = read_params(r, m);
	z->toc.is_zone = true;
	z->toc.after = r->b.outline.targets.last;
	z->first = r->b.outline.toc_count;
	if (is_at(m, SLICE_LIT("top")) || !is_at(m, SLICE_LIT("bottom"))) {
		put_toc(r, z->toc);
	}
	z->on_top = r->b.outline.toc_count > z->first;
	m->context = z;
	m->end = end_zone;
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO("toc", toc, 0),
	MACRO("toc-zone", toc_zone, 0),
};

const struct macro_table macro_contents = {rows, COUNT_OF(rows)};
