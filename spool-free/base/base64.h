/*
 * NAME     base64 - RFC 4648 section 4; lines as MIME wants them (RFC 2045 6.8: 76 characters,
 * CRLF) SPEED    AVX2 where the processor has it (found at run time), else a table; both give the
 * same bytes FAULTS   MALFORMED for text that is no base64: wrong letter, wrong padding, stray
 * bits, blanks
 */
#ifndef SPOOL_FREE_BASE_BASE64_H
#define SPOOL_FREE_BASE_BASE64_H

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

enum { BASE64_LINE_IN = 57, BASE64_LINE_OUT = 78 /* with CRLF */ };

size_t base64_len(size_t bytes);       /* of one unbroken run, with padding */
size_t base64_lines_len(size_t bytes); /* of MIME lines, each with CRLF, the last too; 0 for 0 */

/* Writes base64_len(in.len) bytes to `out`. */
void base64_encode(struct slice in, char *out);
/* Writes base64_lines_len(in.len) bytes; all but the last call for one part take a multiple of 57
 * bytes. */
void base64_encode_lines(struct slice in, char *out);
/* Decodes unbroken base64 over itself or elsewhere: `out` may be in.ptr. Needs 3/4 of in.len. */
MUST_USE enum fault base64_decode(struct slice in, char *out, size_t *out_len);

#endif
