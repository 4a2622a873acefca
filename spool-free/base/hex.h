/*
 * NAME     hex - bytes as lower-case hexadecimal digits
 */
#ifndef SPOOL_FREE_BASE_HEX_H
#define SPOOL_FREE_BASE_HEX_H

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

void hex_encode(struct slice in, char *out); /* writes 2 * in.len bytes */
MUST_USE enum fault hex_decode(struct slice in,
			       char *out); /* both cases; writes in.len / 2; MALFORMED */

#endif
