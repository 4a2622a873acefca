/*
 * NAME     css - a tenant's custom CSS becomes rules; what mail readers or safety do not bear is left out and counted
 * TAKES    selectors of tags, .classes, #ids and their combinations, descendants (blank) and lists (comma);
 *          declarations of css_value.h; !important. Left out: @ rules, all other selectors, all other declarations
 * OWNS     nothing; rules lie in the arena and point into the text, which must outlive them
 * LIMITS   JOB_CSS_MAX bytes; CSS_RULES_MAX selectors of at most CSS_PARTS_MAX parts, which together set
 *          CSS_DECLARATIONS_MAX properties (each element may meet them all); the rest is left out. Time is linear in the text
 * FAULTS   NO_MEMORY
 */
#ifndef RENDER_HTML_CSS_H
#define RENDER_HTML_CSS_H

#include "render/html/css_value.h"

enum {
	CSS_RULES_MAX = 256,
	CSS_PARTS_MAX = 4,
	CSS_CLASSES_MAX = 4,
	CSS_DECLARATIONS_MAX = 2048,
};

/* `tag.class#id`: what one element must be. */
struct css_part {
	struct slice tag, id; /* empty: any */
	struct slice classes[CSS_CLASSES_MAX];
	size_t class_count;
};

struct css_rule {
	struct css_part parts[CSS_PARTS_MAX]; /* the outermost first */
	size_t part_count;
	uint32_t weight;			    /* CSS 2.1, 6.4.3 */
	const struct css_declaration *declarations; /* one a property */
	size_t declaration_count;
};

struct css {
	struct css_rule *rules; /* the strongest last */
	size_t rule_count;
	uint64_t dropped_rules; /* selectors, and @ rules */
	uint64_t dropped_declarations;
};

MUST_USE enum fault css_parse(struct slice text, struct arena *arena, struct css *out_css);

#endif
