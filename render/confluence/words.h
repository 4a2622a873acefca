/*
 * NAME     words - text on its way into the tree: white space collapses or is kept, control characters vanish
 * LIMITS   each byte is copied once, into chunks of the arena; nothing moves when a run of text grows
 * SEE      render-spec.md section 1, rule 7
 */
#ifndef RENDER_CONFLUENCE_WORDS_H
#define RENDER_CONFLUENCE_WORDS_H

#include "render/confluence/builder.h"

/* Valid UTF-8. Goes on the last run of text when marks and link are the same. */
void words_add(struct builder *b, struct slice text);
/*
 * The same for text whose white space counts: of blanks in a row all but the first become no-break spaces, at the start
 * of a line all of them; a tab is four; a line end is a BREAK.
 */
void words_add_kept(struct builder *b, struct slice text);
/* As words_add() cleans, for a title or attribute: trimmed, in the arena. */
struct slice words_keep(struct builder *b, struct slice text);

/*
 * Bytes that are collected as they are: code, parameters of macros. Grows by doubling in the arena.
 * CR and control characters but newline and tab are left out.
 */
struct gather {
	char *ptr;
	size_t len;
	size_t room;
};

void gather_add(struct gather *g, struct builder *b, struct slice bytes);
struct slice gather_view(const struct gather *g);

#endif
