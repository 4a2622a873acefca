/*
 * NAME     pattern - regular expressions that a page brings, for choosing headings and files by name
 * DOES     literals, `.`, `[...]`, `\d \w \s` and their opposites, groups, `|`, `* + ?`; an expression matches the whole
 *          text. Steps through all alternatives at once, so that no expression can make it slow
 * LIMITS   PATTERN_MAX bytes; what is longer, or asks for more (look-around, counts, back references), is not taken. Of a
 *          text the first PATTERN_TEXT_MAX bytes are looked at. Time: expression times text
 * FAULTS   NO_MEMORY
 */
#ifndef RENDER_CONFLUENCE_PATTERN_H
#define RENDER_CONFLUENCE_PATTERN_H

#include "spool-free/base/arena.h"

enum { PATTERN_MAX = 64, PATTERN_TEXT_MAX = 128 };

struct pattern;

/* `out_pattern` is NULL when the expression is empty or not taken. */
MUST_USE enum fault pattern_read(struct slice expression, struct arena *arena,
				 const struct pattern **out_pattern);
bool pattern_matches(const struct pattern *p, struct slice text);

#endif
