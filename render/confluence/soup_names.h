/*
 * NAME     soup_names - how firmly HTML's elements stand, which have no content, and in which stands no markup
 * PURE     constants
 */
#ifndef RENDER_CONFLUENCE_SOUP_NAMES_H
#define RENDER_CONFLUENCE_SOUP_NAMES_H

#include "spool-free/base/slice.h"

enum { SOUP_RAW_NAMES = 8 };

/*
 * How firmly an element stands: an end tag reaches only past weaker ones and its equals, so that a
 * stray one does no harm beyond its cell, item or macro.
 */
enum soup_rank {
	RANK_INLINE,
	RANK_PARAGRAPH,
	RANK_ITEM,
	RANK_BLOCK,
	RANK_CELL,
	RANK_ROW,
	RANK_GROUP,
	RANK_TABLE,
	RANK_MACRO
};

enum soup_rank soup_rank(struct slice name);
/* How far its end tag looks: what is in the line, yet holds blocks, ends with all that is open in it. */
enum soup_rank soup_reach(struct slice name);
bool soup_is_void(struct slice name);

/* Of script, style and others in which all up to the end tag is no markup; SOUP_RAW_NAMES for the rest. */
size_t soup_raw_number(struct slice name);
struct slice soup_raw_name(size_t number);

bool soup_names_are_sorted(void); /* for the test */

#endif
