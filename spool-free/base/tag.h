/*
 * NAME     tag - what stands in the log for an address or for a user's host: the same for the same one during a day, and
 *          without the day's key nobody can tell whose it is
 * FORM     the first 50 bits of HMAC-SHA-256 under the day's key of the text, its ASCII letters made small; as 10 letters of
 *          base32 (RFC 4648, 6; small)
 * DAYS     since 1970-01-01, in UTC
 * FAULTS   NO_MEMORY
 * PURE     no clock; SEE RFC 2104
 */
#ifndef SPOOL_FREE_BASE_TAG_H
#define SPOOL_FREE_BASE_TAG_H

#include "spool-free/base/fault.h"
#include "spool-free/base/instant.h"
#include "spool-free/base/slice.h"

enum { TAG_LEN = 10, TAG_KEY = 32, TAG_TEXT_MAX = 320 };

/* Of a longer text its first TAG_TEXT_MAX bytes. */
MUST_USE enum fault tag_of(const unsigned char key[TAG_KEY], struct slice text, char out[TAG_LEN]);
uint32_t tag_day(struct civil at); /* 0 for any before 1970 */

#endif
