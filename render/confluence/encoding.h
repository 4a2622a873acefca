/*
 * NAME     encoding - a page's bytes as UTF-8 without fault, whatever they were meant to be
 * DOES     takes a byte order mark off; UTF-16 in either order, with a mark or seen by the zero bytes of its first
 *          characters, is converted; bytes that are no UTF-8 become U+FFFD, one each, and so do lone surrogates
 * OWNS     nothing: a view of the bytes given or, where they had to change, of the arena
 * LIMITS   linear; at most three bytes for each byte given
 * FAULTS   NO_MEMORY
 */
#ifndef RENDER_CONFLUENCE_ENCODING_H
#define RENDER_CONFLUENCE_ENCODING_H

#include "spool-free/base/arena.h"

MUST_USE enum fault encoding_to_utf8(struct slice bytes, struct arena *arena,
				     struct slice *out_text);

#endif
