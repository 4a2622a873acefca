/*
 * NAME     phrases - what the input side says by itself (labels of macros, lines instead of content), in the mail's
 *          language: table phrases.def
 * RULE     no row, or no column for the language: the words as they were given
 * OWNS     nothing; results are static, or what was given
 * SEE      render/html/words.def for the words of the frame
 */
#ifndef RENDER_CONFLUENCE_PHRASES_H
#define RENDER_CONFLUENCE_PHRASES_H

#include "spool-free/base/slice.h"

/* `language` is a tag of BCP 47, or empty. */
struct slice phrases_in(struct slice language, struct slice english);

#endif
