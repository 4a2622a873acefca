/*
 * NAME     addresses - long addresses that a page links to more than once: numbered, and listed at the end
 * OWNS     nothing: its table lies in the arena
 * LIMIT    an address over ADDRESS_LONG bytes is long (render-spec.md section 11)
 * FAULTS   NO_MEMORY
 */
#ifndef RENDER_HTML_ADDRESSES_H
#define RENDER_HTML_ADDRESSES_H

#include "spool-free/base/arena.h"
#include "render/confluence/tree.h"

enum { ADDRESS_LONG = 60 };

struct address {
	struct slice href;
	uint32_t uses;
	uint32_t number; /* 0: not yet said */
};

struct addresses {
	struct address *all; /* open addressing; `room` is a power of two, or 0 */
	size_t room;
	size_t used;
	struct address **listed; /* by number, from 1 */
	uint32_t count;
};

/* Counts the links of a tree. */
MUST_USE enum fault addresses_count(struct addresses *a, const struct node *root,
				    struct arena *arena);
/* The number of an address that is long and used twice; given out at its first use. 0: it is written out. */
uint32_t addresses_number(struct addresses *a, struct slice href);

#endif
