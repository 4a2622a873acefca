/*
 * NAME     header - fields of a message head: folded at 78, non-ASCII as encoded words, addresses
 * as a list OWNS     nothing; appends to the buf given, whole fields with CRLF; on a fault the buf
 * holds what it held FAULTS   BAD_FIELD for CR, LF, NUL, other control bytes and invalid UTF-8 in a
 * value; the buf's own SEE      RFC 5322 2.2.3 (folding), 3.4 (addresses); RFC 2047 (encoded words:
 * at most 75 characters each, split between characters only, B or Q, the shorter one)
 */
#ifndef RENDER_MIME_HEADER_H
#define RENDER_MIME_HEADER_H

#include "spool-free/base/buf.h"
#include "spool-free/job/mailbox.h"

enum { MIME_LINE = 78, MIME_WORD = 75 };

/* Text that people read: Subject and the like. A tab is written as a space; blanks at the ends go.
 */
MUST_USE enum fault mime_header_add(struct buf *head, struct slice name, struct slice value);
/* Tokens that programs read (ids, dates, versions): printable ASCII and blanks only, folded at
 * blanks. */
MUST_USE enum fault mime_header_tokens(struct buf *head, struct slice name, struct slice value);
/* To, Cc, From, Reply-To; nothing is written for an empty list. */
MUST_USE enum fault mime_header_parties(struct buf *head, struct slice name,
					const struct party *parties, size_t count);

#endif
