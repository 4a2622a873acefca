/*
 * NAME     base64url - RFC 4648 section 5 without padding, as signed texts have it (RFC 7515 section 2)
 * FAULTS   MALFORMED for text that is none: wrong letter, padding, a length that cannot be, stray bits
 */
#ifndef SPOOL_FREE_BASE_BASE64URL_H
#define SPOOL_FREE_BASE_BASE64URL_H

#include "spool-free/base/buf.h"

#define BASE64URL_LEN(bytes) (((bytes)*4 + 2) / 3)

/* Writes BASE64URL_LEN(in.len) bytes. */
void base64url_encode(struct slice in, char *out);
MUST_USE enum fault base64url_add(struct buf *b, struct slice in);
/* Needs 3/4 of in.len at `out`, which may be in.ptr. */
MUST_USE enum fault base64url_decode(struct slice in, char *out, size_t *out_len);

#endif
