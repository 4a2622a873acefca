/*
 * NAME     css_match - which declarations of which rules an element gets
 * RULE     CSS 2.1, 6.4: of declarations of one property an important one, else the stronger, else the later. Where a
 *          property may stand is css_value.h's
 * HOW      each element meets each rule once: how many parts of a rule its ancestors have met is handed down
 * TIME     of an element: CSS_RULES_MAX looks at rules, and CSS_DECLARATIONS_MAX at declarations
 * PURE     a chosen list points to the rules' declarations
 */
#ifndef RENDER_HTML_CSS_MATCH_H
#define RENDER_HTML_CSS_MATCH_H

#include "render/html/css.h"

enum { CSS_NAMES_MAX = 6 };

/* What rules may ask of an element. */
struct css_element {
	struct slice tag; /* empty: a part of the frame that no tag means */
	struct slice id;
	struct slice names[CSS_NAMES_MAX]; /* public classes; `~` in front: of what it inherits */
	size_t name_count;
	bool is_cell;
	bool is_table;
	bool takes_body; /* a cell takes what `body` sets for text */
	bool bare;	 /* it stands on no ground of its own */
};

/* One declaration a property, in the order in which they count. All zero before css_match(). */
struct css_chosen {
	const struct css_declaration *list[CSS_PROPERTIES];
	size_t count;
	const struct css_declaration *of[CSS_PROPERTIES]; /* NULL: none */
	uint32_t turn[CSS_PROPERTIES];			  /* when it was chosen */
	uint32_t turns;
	const struct css_declaration *below; /* the ground of an element around, named with `~` */
};

/* `above` and `own` have a byte for each rule: parts met by the ancestors, and then with the element itself. */
void css_match(const struct css *css, const struct css_element *e, const uint8_t *above,
	       uint8_t *own, struct css_chosen *c);

/* What was chosen for a property; NULL when nothing was. */
const struct css_declaration *css_chosen_of(const struct css_chosen *c, enum css_property p);
bool css_chosen_has(const struct css_chosen *c, struct slice property);

#endif
