/*
 * NAME     storage - reads a page in storage format: XML without a root, read by expat
 * DOES     puts a prolog before it that declares the HTML entities and a root around it; a document
 * type in the page itself, or nesting without end, makes it not well-formed LIMITS   expat's own
 * limits for entities are set low; none of ours grows to more than one character FAULTS   NO_MEMORY
 */
#ifndef RENDER_CONFLUENCE_STORAGE_H
#define RENDER_CONFLUENCE_STORAGE_H

#include "render/confluence/reader.h"

/* Where a page stops being XML, as people count; line 0: it does not. */
struct storage_error {
	uint64_t line;
	uint64_t column;
	const char *reason; /* expat's own words */
};

/*
 * Feeds the reader. When `out_error` has a line, what the reader holds is the page up to there, and
 * of no use: the caller starts over (soup.h).
 */
MUST_USE enum fault storage_read(struct slice body, struct reader *r,
				 struct storage_error *out_error);

#endif
