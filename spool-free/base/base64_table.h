/*
 * NAME     base64_table - base64 by look-up tables: any processor, any length; behind base64.h
 */
#ifndef SPOOL_FREE_BASE_BASE64_TABLE_H
#define SPOOL_FREE_BASE_BASE64_TABLE_H

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

void base64_table_encode(struct slice in, char *out);
MUST_USE enum fault base64_table_decode(struct slice in, char *out, size_t *out_len);

#endif
