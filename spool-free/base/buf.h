/*
 * NAME     buf - owned bytes that grow up to a ceiling
 * OWNS     its bytes; buf_deinit() wipes and frees them
 * LIMIT    the ceiling given to buf_init(); it cannot be changed later
 * FAULTS   TOO_LARGE past the ceiling, NO_MEMORY; the content is then unchanged
 * THREADS  one owner at a time
 */
#ifndef SPOOL_FREE_BASE_BUF_H
#define SPOOL_FREE_BASE_BUF_H

#include <string.h>

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

struct buf {
	char *ptr;
	size_t len;
	size_t room;
	size_t ceiling;
};

void buf_init(struct buf *b, size_t ceiling);
void buf_deinit(struct buf *b);
void buf_clear(struct buf *b); /* wipes the content, keeps the room */

MUST_USE enum fault buf_add_growing(struct buf *b, struct slice bytes); /* buf_add() calls it */

/* Most additions are a few bytes that find room. */
static inline MUST_USE enum fault buf_add(struct buf *b, struct slice bytes)
{
	if (bytes.len == 0 || bytes.len > b->room - b->len) {
		return buf_add_growing(b, bytes);
	}
	memcpy(b->ptr + b->len, bytes.ptr, bytes.len);
	b->len += bytes.len;
	return FAULT_NONE;
}

MUST_USE enum fault buf_add_byte(struct buf *b, char byte);
MUST_USE enum fault buf_add_text(struct buf *b, const char *literal);
MUST_USE enum fault buf_add_u64(struct buf *b, uint64_t number); /* decimal */

/* Room for `n` more bytes at `*out_at`; buf_grew() says how many of them were filled. */
MUST_USE enum fault buf_reserve(struct buf *b, size_t n, char **out_at);
void buf_grew(struct buf *b, size_t n);

/* Drops the first `n` bytes; the rest moves to the front. */
void buf_drop(struct buf *b, size_t n);

struct slice buf_view(const struct buf *b);

#endif
