/*
 * NAME     emoji - what an emoticon or emoji of a page is as text
 * TABLE    emoji.def
 * SEE      render-spec.md section 7
 */
#ifndef RENDER_CONFLUENCE_EMOJI_H
#define RENDER_CONFLUENCE_EMOJI_H

#include "spool-free/base/slice.h"

enum { EMOJI_MAX = 64 }; /* bytes that code points of an id may need */

/* By an emoticon's name; empty when it is unknown. */
struct slice emoji_by_name(struct slice name);
/*
 * By an emoji's id: `atlassian-check_mark`, or hexadecimal code points joined by hyphens. The bytes
 * of the latter go to `space`. Empty when it is neither.
 */
struct slice emoji_by_id(struct slice id, char space[EMOJI_MAX]);
bool emoji_is_shortcut(struct slice text); /* `:name:` */

#endif
