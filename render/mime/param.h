/*
 * NAME     param - file names as MIME parameters
 * OWNS     nothing; appends to the buf given
 * RULE     a name never holds a path, a control byte or a direction override: each becomes `_`. A
 * name that is not plain ASCII goes out twice: `filename=` with `_` for what is not ASCII, and
 * `filename*=` in full FAULTS   the buf's SEE      RFC 2183 2.3, RFC 2231 3 and 4 (pieces, percent
 * octets)
 */
#ifndef RENDER_MIME_PARAM_H
#define RENDER_MIME_PARAM_H

#include "spool-free/base/arena.h"
#include "spool-free/base/buf.h"

enum { MIME_FILE_NAME_MAX = 200 };

/* A name fit for a header and for a disk: never empty, at most MIME_FILE_NAME_MAX bytes, its ending
 * kept. */
MUST_USE enum fault mime_file_name(struct arena *a, struct slice name, struct slice *out_name);
/* `;` CRLF blank filename="..." and, where needed, its RFC 2231 form, one piece a line; no CRLF at
 * the end. */
MUST_USE enum fault mime_param_file(struct buf *head, struct slice clean_name);

#endif
