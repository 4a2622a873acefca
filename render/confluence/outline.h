/*
 * NAME     outline - the headings and anchors of a page: unique ids, tables of contents, links
 * within the page OWNS     nothing; lists lie in the builder's arena LIMITS   n log n in headings,
 * anchors and links; at most OUTLINE_TOCS tables of contents are filled
 */
#ifndef RENDER_CONFLUENCE_OUTLINE_H
#define RENDER_CONFLUENCE_OUTLINE_H

#include "spool-free/base/arena.h"
#include "render/confluence/tree.h"

enum {
	OUTLINE_TOCS = 4,
	OUTLINE_TOC_LINES = 60, /* a longer one shows its first two levels only */
	OUTLINE_TOC_MAX = 1000, /* and ends here, with three dots */
	OUTLINE_ID_MAX = 80,
};

struct builder;
struct pattern;

struct outline_entry {
	struct node *node;
	struct slice alias; /* another name of a heading; empty in the other lists */
	struct outline_entry *next;
};

struct outline_list {
	struct outline_entry *first, *last;
	size_t count;
};

struct outline_toc {
	struct node *node; /* a GROUP to be filled */
	uint8_t min_level, max_level;
	bool numbered;
	const struct pattern *include, *exclude; /* of the headings' text; NULL: all, none */
	/* The headings behind `after`, up to `until`; of the whole page unless it is a zone */
	bool is_zone;
	const struct outline_entry *after, *until;
	/* In one line, with these around and between them; else as a list */
	bool is_flat;
	struct slice before, between, behind;
};

struct outline {
	struct outline_list targets; /* HEADING and ANCHOR, in page order */
	struct outline_list links;   /* LINK with an address `#...` */
	struct outline_list aliases; /* HEADING and the id that it had on the page */
	struct outline_toc tocs[OUTLINE_TOCS];
	size_t toc_count;
};

void outline_add_target(struct builder *b, struct node *heading_or_anchor);
void outline_add_link(struct builder *b, struct node *link);
/* Links to `id` mean this heading; `id` lies in the arena. */
void outline_add_alias(struct builder *b, struct node *heading, struct slice id);
/* False when there are too many already. */
bool outline_add_toc(struct builder *b, struct outline_toc toc);

/* At most `room` bytes of what stands in a heading or another line, whole characters only; how many. */
size_t outline_text(const struct node *line, char *out, size_t room);

/* Gives ids, then resolves links and fills the tables of contents. */
void outline_finish(struct builder *b, struct slice page_title, struct slice page_url);

#endif
