/* Tabs, steps and decks: one after another, each under its title. */
#include "render/confluence/macros.h"

static const struct macro_rule rows[] = {
	MACRO("deck", macro_body, 0),
	MACRO("card", macro_titled, NODE_TAB),
	MACRO("localtabgroup", macro_body, 0),
	MACRO("localtab", macro_titled, NODE_TAB),
	MACRO("ui-tabs", macro_body, 0),
	MACRO("ui-tab", macro_titled, NODE_TAB),
	MACRO("ui-steps", macro_body, 0),
	MACRO("ui-step", macro_titled, NODE_TAB),
	MACRO("auihorizontalnav", macro_body, 0),
	MACRO("page", macro_titled, NODE_TAB),
};

const struct macro_table macro_tabs = {rows, COUNT_OF(rows)};
