/* Tables of contents. */
#include "render/confluence/macros.h"

static uint8_t level_param(const struct macro *m, struct slice name, uint8_t otherwise)
{
	uint64_t level;
	return slice_to_u64(macro_param(m, name), 6, &level) && level > 0 ? (uint8_t)level
									  : otherwise;
}

static enum macro_fate toc(struct reader *r, struct macro *m, struct element *body)
{
	(void)body;
	struct outline_toc toc = {
		.min_level = level_param(m, SLICE_LIT("minLevel"), 1),
		.max_level = level_param(m, SLICE_LIT("maxLevel"), 6),
		.numbered = macro_is(m, SLICE_LIT("outline")),
	};
	if (r->b.outline.toc_count == OUTLINE_TOCS) {
		return MACRO_RENDERED; /* the first ones say it all */
	}
	toc.node = builder_leaf(&r->b, NODE_GROUP);
	if (toc.node != &r->b.spare) {
		outline_add_toc(&r->b, toc);
	}
	return MACRO_RENDERED;
}

static const struct macro_rule rows[] = {
	MACRO("toc", toc, 0),
	MACRO("toc-zone", toc, 0),
};

const struct macro_table macro_contents = {rows, COUNT_OF(rows)};
