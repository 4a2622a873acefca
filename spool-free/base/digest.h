/*
 * NAME     digest - SHA-256 (FIPS 180-4), of one slice or of several in a row
 * FAULTS   none: a failing library is a mistake of ours and ends the process
 * BOXES    OpenSSL's EVP digests, so that pure code has an answer without the library
 */
#ifndef SPOOL_FREE_BASE_DIGEST_H
#define SPOOL_FREE_BASE_DIGEST_H

#include "spool-free/base/slice.h"

enum { DIGEST_LEN = 32 };

void digest_sha256(struct slice bytes, unsigned char out[DIGEST_LEN]);
/* Each part is preceded by its length, so that {"ab", "c"} and {"a", "bc"} differ. */
void digest_sha256_parts(const struct slice *parts, size_t count, unsigned char out[DIGEST_LEN]);

#endif
