/*
 * NAME     base64_avx2 - the fast inner loops of base64, 24 bytes or 32 letters a step; behind
 * base64.h RULE     each takes what it can from the front and says how much; the rest is the
 * table's. On a processor without AVX2 they take nothing BOUNDS   they read within `in` and write
 * within what base64.h grants for all of it
 */
#ifndef SPOOL_FREE_BASE_BASE64_AVX2_H
#define SPOOL_FREE_BASE_BASE64_AVX2_H

#include "spool-free/base/slice.h"

/* Bytes taken: a multiple of 24; 4 letters for each 3 of them are in `out`. */
size_t base64_avx2_encode(struct slice in, char *out);
/* Bytes taken: a multiple of 57; a line of 78 for each 57 of them is in `out`. */
size_t base64_avx2_encode_lines(struct slice in, char *out);
/* Letters taken: a multiple of 32, none of them wrong; 3 bytes for each 4 of them are in `out`. */
size_t base64_avx2_decode(struct slice in, char *out);

#endif
