/*
 * NAME     notes - footnotes: a number where they stand, their text where the page lists them, else at its end
 * USE      notes_begin() puts the number and leads what follows aside; notes_end() leads back into the line
 * OWNS     nothing; all lies in the reader's arena
 * LIMITS   NOTES_MAX; further ones, and those nested too deep for it, stand in the line in parentheses
 */
#ifndef RENDER_CONFLUENCE_NOTES_H
#define RENDER_CONFLUENCE_NOTES_H

#include "render/confluence/reader.h"

enum { NOTES_MAX = 1000 };

struct note;

/* NULL: it cannot stand aside, and what follows is text of the line. */
struct note *notes_begin(struct reader *r);
void notes_end(struct reader *r, struct note *note);

/* From here on the list has a place of its own; only the first one counts. */
void notes_list_here(struct reader *r);
/* All pages end with it: lists the notes, if there are any. */
void notes_finish(struct reader *r);

#endif
