/*
 * NAME     left_out - what the page has and no mail reader shows: counted while reading, told once at the end
 * RULE     names come from the table in left_out.c, never from the page
 * OWNS     nothing; the sentence lies in the reader's arena
 * FAULTS   kept in the reader's builder
 */
#ifndef RENDER_CONFLUENCE_LEFT_OUT_H
#define RENDER_CONFLUENCE_LEFT_OUT_H

#include "spool-free/base/slice.h"

struct reader;

enum { LEFT_OUT_NAMES = 14 };

struct left_out {
	bool any;
	bool data_picture; /* it has been said that there was one */
	uint32_t links;	   /* without their address, because of its scheme */
	uint32_t counts[LEFT_OUT_NAMES];
};

/* An element of this name was left out, or lost what it does; nothing when the table has no such name. */
void left_out_element(struct reader *r, struct slice name);
/* `raw` is no address for a mail: counts when its scheme is the reason, and not only that the site is not known. */
void left_out_link(struct reader *r, struct slice raw);
/* A picture inside its own address; a warning of its own, once. */
void left_out_data_picture(struct reader *r);
void left_out_tell(struct reader *r); /* at the end */

#endif
