/*
 * NAME     elements - the rules of elements.def, by subject
 * SEE      render-spec.md section 4
 */
#ifndef RENDER_CONFLUENCE_ELEMENTS_H
#define RENDER_CONFLUENCE_ELEMENTS_H

#include "render/confluence/reader.h"

extern const struct element_rule element_rules[];
size_t element_rule_count(void);

#define ELEMENT(name, start, end, arg, where)                                                      \
	void start(struct reader *r, const struct tag *t, struct element *e);
#define END(end) void end(struct reader *r, struct element *e);
#include "render/confluence/elements.def"
#undef END
#undef ELEMENT

#endif
