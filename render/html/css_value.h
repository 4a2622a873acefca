/*
 * NAME     css_value - one declaration of custom CSS: is it one that a mail may carry?
 * RULE     an allow-list: properties of css_properties.def; values of words, numbers with units that Outlook knows,
 *          colours and quoted names. No function but rgb(), so no url(), var(), calc() and expression(); no escape,
 *          no `<`, `&` or `"`, so that what is taken can stand in an attribute as it is
 * OWNS     nothing; a value lies in the arena
 * LIMITS   CSS_VALUE_MAX bytes a value; numbers to 9999
 * FAULTS   NO_MEMORY
 */
#ifndef RENDER_HTML_CSS_VALUE_H
#define RENDER_HTML_CSS_VALUE_H

#include "spool-free/base/arena.h"

enum { CSS_VALUE_MAX = 200 };

enum css_property {
	CSS_COLOR,
	CSS_BACKGROUND,
	CSS_PROPERTIES = 36, /* rows of css_properties.def; the compiler compares */
};

enum css_where { CSS_ANY, CSS_TABLES, CSS_CELLS };

struct css_declaration {
	enum css_property property;
	struct slice value;
	uint32_t colour; /* of COLOR and BACKGROUND: COLOUR_SET | 0xRRGGBB, or COLOUR_NONE */
	bool important;
};

struct slice css_property_name(enum css_property p);
bool css_property_is_inherited(enum css_property p);
enum css_where css_property_where(enum css_property p);

/* `name: value [!important]` as it stands between semicolons. False in `*out_taken`: it is none that may be taken. */
MUST_USE enum fault css_declaration_read(struct slice text, struct arena *arena,
					 struct css_declaration *out, bool *out_taken);

#endif
