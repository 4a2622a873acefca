/*
 * NAME     pattern - regular expressions that a page brings, for choosing headings and files by name
 * DOES     literals, `.`, `[...]`, `\d \w \s` and their opposites, groups, `|`, `* + ?`; an expression matches the whole
 *          text. Steps through all alternatives at once, so that no expression can make it slow
 * LIMITS   PATTERN_MAX bytes; what is longer, or asks for more (look-around, counts, back references), is not taken. Of a
 *          text the first PATTERN_TEXT_MAX bytes are looked at. Time: expression times text
 */
#ifndef RENDER_CONFLUENCE_PATTERN_H
#define RENDER_CONFLUENCE_PATTERN_H

#include "spool-free/base/slice.h"

enum {
	PATTERN_MAX = 64,
	PATTERN_TEXT_MAX = 128,
	PATTERN_STATES = PATTERN_MAX + 2, /* a byte makes one at most */
	PATTERN_RANGES = 2 * PATTERN_MAX,
};

/* What one step takes: a run of ranges, or all but them. */
struct pattern_set {
	uint8_t first, count;
	bool negated;
};

struct pattern_range {
	uint32_t low, high;
};

enum pattern_step { PATTERN_TAKE, PATTERN_FORK, PATTERN_ACCEPT };

struct pattern_state {
	uint8_t step;		/* enum pattern_step */
	struct pattern_set set; /* TAKE */
	uint8_t next, other;	/* FORK: both; TAKE: the first */
};

struct pattern {
	struct pattern_state states[PATTERN_STATES];
	struct pattern_range ranges[PATTERN_RANGES];
	uint8_t state_count;
	uint8_t range_count;
	uint8_t start;
	bool any_case;
};

/* False when the expression is empty or not taken. */
bool pattern_read(struct slice expression, struct pattern *out_pattern);
bool pattern_matches(const struct pattern *p, struct slice text);

#endif
