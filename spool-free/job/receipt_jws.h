/*
 * NAME     receipt_jws - how a receipt is signed: a compact JWS, and the set of keys that it is checked by
 * SEE      RFC 7515 (JWS), RFC 8037 (Ed25519 in it), RFC 7638 (a key's id), RFC 7517 5 (JWK set)
 * FORM     the header is {"alg":"EdDSA","kid":"...","typ":"pagepost-receipt+jws"}, byte for byte: what is signed begins with
 *          it, so that the key signs nothing that could be taken for something else; and no other algorithm is ever tried
 * LIMIT    RECEIPT_CLAIM_MAX bytes of claim, RECEIPT_KEYS_MAX keys in a set
 * FAULTS   BAD_FIELD with a sentence, TOO_LARGE, NO_MEMORY
 * THREADS  pure
 */
#ifndef SPOOL_FREE_JOB_RECEIPT_JWS_H
#define SPOOL_FREE_JOB_RECEIPT_JWS_H

#include "spool-free/base/base64url.h"
#include "spool-free/base/ed25519.h"
#include "spool-free/base/problem.h"

enum {
	RECEIPT_CLAIM_MAX = 4096,
	RECEIPT_HEADER = 96, /* bytes of the header */
	RECEIPT_KEYS_MAX = 32,
	RECEIPT_KEY_ID = BASE64URL_LEN(32),
	RECEIPT_JWS_MAX = BASE64URL_LEN(RECEIPT_HEADER) + 1 + BASE64URL_LEN(RECEIPT_CLAIM_MAX) + 1 +
			  BASE64URL_LEN(ED25519_SIGNATURE),
	RECEIPT_SET_MAX = 32 * 1024, /* bytes of a key set */
};

/* What every claim begins with; the number is its form's. */
#define RECEIPT_CLAIM_START "{\"receipt\":1,"

/* One line of text that begins as a claim does and ends with a brace. */
bool receipt_is_claim(struct slice claim);

struct receipt_keys {
	size_t count;
	unsigned char keys[RECEIPT_KEYS_MAX][ED25519_PUBLIC]; /* the first one signs */
};

MUST_USE enum fault receipt_key_id(const unsigned char key[ED25519_PUBLIC],
				   char out[RECEIPT_KEY_ID]);

MUST_USE enum fault receipt_jws_sign(const struct secret *seed, struct slice claim,
				     struct buf *out);
/* The claim's bytes, once they are proved to be signed by one of the keys: which one. */
MUST_USE enum fault receipt_jws_check(struct slice jws, const struct receipt_keys *keys,
				      struct buf *out_claim, size_t *out_key, struct problem *p);

MUST_USE enum fault receipt_keys_write(const struct receipt_keys *keys, struct buf *out);
/* A set, or one key by itself. Keys of other kinds are passed over. The bytes are changed. */
MUST_USE enum fault receipt_keys_read(char *bytes, size_t len, struct receipt_keys *out_keys,
				      struct problem *p);

#endif
