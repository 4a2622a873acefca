/*
 * NAME     quoted - quoted-printable text, ready for a rope
 * INPUT    text with LF or CRLF line ends; a CR alone is encoded
 * OUTPUT   CRLF line ends, lines of at most 76, and (for the wire's sake) an encoded leading dot
 * and "From " SPEED    runs of plain bytes are found sixteen at a time and copied whole FAULTS   NO_MEMORY
 * SEE      RFC 2045 6.7; RFC 5321 4.5.2 (why the dot)
 */
#ifndef RENDER_MIME_QUOTED_H
#define RENDER_MIME_QUOTED_H

#include "spool-free/base/arena.h"
#include "render/mime/quoted_scan.h"

enum { QUOTED_LINE = 76 };

/* Ends with CRLF unless the text is empty; `count` is that of the text. */
MUST_USE enum fault quoted_encode(struct arena *a, struct slice text, struct quoted_count count,
				  struct slice *out_quoted);

#endif
