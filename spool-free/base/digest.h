/*
 * NAME     digest - SHA-256 (FIPS 180-4), of one slice, of several in a row, or of bytes as they come; HMAC and PBKDF2 for logging in
 * FAULTS   none for SHA-256 alone: a failing library is a mistake of ours and ends the process. What a key goes into,
 *          and what comes in pieces, says NO_MEMORY
 * BOXES    OpenSSL's EVP digests, so that pure code has an answer without the library
 * SEE      RFC 2104 HMAC; RFC 8018 5.2 PBKDF2
 */
#ifndef SPOOL_FREE_BASE_DIGEST_H
#define SPOOL_FREE_BASE_DIGEST_H

#include "spool-free/base/fault.h"
#include "spool-free/base/slice.h"

enum { DIGEST_LEN = 32 };

void digest_sha256(struct slice bytes, unsigned char out[DIGEST_LEN]);
/* Each part is preceded by its length, so that {"ab", "c"} and {"a", "bc"} differ. */
void digest_sha256_parts(const struct slice *parts, size_t count, unsigned char out[DIGEST_LEN]);

/* MD5 and SHA-1 serve the mechanisms that are defined by them (RFC 2195, RFC 5802), nothing else. */
enum digest_kind { DIGEST_SHA256, DIGEST_SHA1, DIGEST_MD5 };

size_t digest_len(enum digest_kind kind); /* at most DIGEST_LEN */
MUST_USE enum fault digest_of(enum digest_kind kind, struct slice bytes,
			      unsigned char out[DIGEST_LEN]);
MUST_USE enum fault digest_hmac(enum digest_kind kind, struct slice key, struct slice message,
				unsigned char out[DIGEST_LEN]);

/*
 * PBKDF2 of one block, in steps, so that a large count holds nobody up. It begins with `last` and `sum` both the HMAC of
 * the salt and the block's number; `rounds` more are added with each call.
 */
MUST_USE enum fault digest_stretch(enum digest_kind kind, struct slice key, unsigned rounds,
				   unsigned char last[DIGEST_LEN], unsigned char sum[DIGEST_LEN]);

/* Bytes as they come. NO_MEMORY when there is none for the state. */
struct digest;
MUST_USE enum fault digest_new(struct digest **out_digest);
void digest_add(struct digest *d, struct slice bytes);
void digest_end(struct digest *d, unsigned char out[DIGEST_LEN]); /* then only digest_free() */
void digest_free(struct digest **d);

#endif
