/*
 * NAME     export_view_rules - the functions that the rows of export_view.def name, and what they share
 * FILES    export_view_panels.c: what stands around text and may have a title; export_view_macros.c: lists, columns and
 *          macros of any name; export_view_pictures.c: pictures, emoticons, files; export_view_things.c: people, issues and
 *          other things in the line
 */
#ifndef RENDER_CONFLUENCE_EXPORT_VIEW_RULES_H
#define RENDER_CONFLUENCE_EXPORT_VIEW_RULES_H

#include "render/confluence/export_view.h"

enum { VIEW_INDEX = 256 };

/* Something open that takes a title from an element inside it. */
struct export_frame {
	struct slice *title; /* NULL: there is nowhere to put one, it is text like all else */
	struct node *node;   /* NULL: code */
	struct slice code_title;
	unsigned depth; /* of the element */
	bool has_title;
	struct export_frame *outer;
};

/* A Jira issue: its words are gathered, these are places among them. */
struct export_issue {
	struct slice href;
	size_t summary_at, summary_end;
	size_t status_at, status_end;
	uint8_t colour; /* enum status_colour */
	struct export_issue *outer;
};

/* While HTML of Confluence is read. */
struct export_view {
	unsigned nested;
	struct export_frame *frame;
	struct export_issue *issue;
	struct slice *fragments; /* set of names that links within the page go to */
	size_t fragment_slots;	 /* a power of two, or 0 */
	uint8_t index[VIEW_INDEX];
};

bool export_has_word(struct slice words, struct slice word); /* one of the words of a class */
bool export_has_class(const struct tag *t, struct slice class);
/* The rule of the element around the one about to open (or just opened), or NULL. */
const struct element_rule *export_parent_rule(const struct reader *r);
/* The element is read by its rule of elements.def, as if it had no class. */
void export_as_element(struct reader *r, const struct tag *t, struct element *e);
struct slice export_in_style(const struct tag *t, struct slice wanted); /* value of a property */
bool export_is_in_line(const struct tag *t);				/* by its name: no block */
struct slice export_kept(struct reader *r, const struct tag *t,
			 const char *name); /* an attribute, as words */
/* By its own name, if the page says one. */
void export_count(struct reader *r, const struct tag *t, struct slice otherwise);

#define VIEW(kind, key, fits, start, end, arg, where, becomes)                                     \
	void start(struct reader *r, const struct tag *t, struct element *e);
#define VIEW_END(end)	void end(struct reader *r, struct element *e);
#define VIEW_FITS(fits) bool fits(const struct reader *r, const struct tag *t);
#include "render/confluence/export_view.def"
#undef VIEW_FITS
#undef VIEW_END
#undef VIEW

#endif
