#include "spool-free/base/digest.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

void digest_sha256(struct slice bytes, unsigned char out[DIGEST_LEN])
{
	unsigned int len = 0;
	int done = EVP_Digest(bytes.ptr, bytes.len, out, &len, EVP_sha256(), NULL);
	assert(done == 1 && len == DIGEST_LEN);
	(void)done;
}

void digest_sha256_parts(const struct slice *parts, size_t count, unsigned char out[DIGEST_LEN])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int done = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
	for (size_t i = 0; done == 1 && i < count; i++) {
		unsigned char len[8];
		for (size_t byte = 0; byte < sizeof(len); byte++) {
			len[byte] = (unsigned char)((uint64_t)parts[i].len >> (56 - 8 * byte));
		}
		done = EVP_DigestUpdate(context, len, sizeof(len)) == 1 &&
		       EVP_DigestUpdate(context, parts[i].ptr, parts[i].len) == 1;
	}
	done = done == 1 && EVP_DigestFinal_ex(context, out, NULL) == 1;
	EVP_MD_CTX_free(context);
	assert(done == 1);
	(void)done;
}

static const struct {
	size_t len;
	const char *name;
} kinds[] = {
	[DIGEST_SHA256] = {32, "SHA256"},
	[DIGEST_SHA1] = {20, "SHA1"},
	[DIGEST_MD5] = {16, "MD5"},
};

size_t digest_len(enum digest_kind kind)
{
	return kinds[kind].len;
}

static enum fault told(bool done)
{
	ERR_clear_error();
	return done ? FAULT_NONE : FAULT_NO_MEMORY;
}

enum fault digest_of(enum digest_kind kind, struct slice bytes, unsigned char out[DIGEST_LEN])
{
	return told(EVP_Q_digest(NULL, kinds[kind].name, NULL, bytes.ptr, bytes.len, out, NULL) ==
		    1);
}

/* NULL when there is no memory. */
static EVP_MAC_CTX *hmac_new(enum digest_kind kind, struct slice key)
{
	/* A NULL key would mean: the one of before. */
	const char *bytes = key.ptr != NULL ? key.ptr : "";
	char name[16];
	size_t len = slice_of_text(kinds[kind].name).len;
	memcpy(name, kinds[kind].name, len + 1);
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, len),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_HMAC, NULL);
	EVP_MAC_CTX *context = hmac != NULL ? EVP_MAC_CTX_new(hmac) : NULL;
	EVP_MAC_free(hmac);
	if (context != NULL &&
	    EVP_MAC_init(context, (const unsigned char *)bytes, key.len, params) != 1) {
		EVP_MAC_CTX_free(context);
		return NULL;
	}
	return context;
}

static bool hmac_finish(EVP_MAC_CTX *context, struct slice message, unsigned char out[DIGEST_LEN])
{
	size_t len;
	return EVP_MAC_update(context, (const unsigned char *)message.ptr, message.len) == 1 &&
	       EVP_MAC_final(context, out, &len, DIGEST_LEN) == 1;
}

enum fault digest_hmac(enum digest_kind kind, struct slice key, struct slice message,
		       unsigned char out[DIGEST_LEN])
{
	EVP_MAC_CTX *context = hmac_new(kind, key);
	bool done = context != NULL && hmac_finish(context, message, out);
	EVP_MAC_CTX_free(context);
	return told(done);
}

enum fault digest_stretch(enum digest_kind kind, struct slice key, unsigned rounds,
			  unsigned char last[DIGEST_LEN], unsigned char sum[DIGEST_LEN])
{
	size_t len = kinds[kind].len;
	EVP_MAC_CTX *context = hmac_new(kind, key);
	bool done = context != NULL;
	for (unsigned i = 0; done && i < rounds; i++) {
		done = EVP_MAC_init(context, NULL, 0, NULL) == 1 && /* the same key again */
		       hmac_finish(context, slice_of(last, len), last);
		for (size_t byte = 0; done && byte < len; byte++) {
			sum[byte] ^= last[byte];
		}
	}
	EVP_MAC_CTX_free(context);
	return told(done);
}

struct digest {
	EVP_MD_CTX *context;
};

enum fault digest_new(struct digest **out_digest)
{
	CLEANUP(digest_free) struct digest *d = calloc(1, sizeof(*d));
	if (d == NULL) {
		return FAULT_NO_MEMORY;
	}
	d->context = EVP_MD_CTX_new();
	if (d->context == NULL || EVP_DigestInit_ex(d->context, EVP_sha256(), NULL) != 1) {
		ERR_clear_error();
		return FAULT_NO_MEMORY;
	}
	*out_digest = STEAL(d);
	return FAULT_NONE;
}

void digest_add(struct digest *d, struct slice bytes)
{
	int done = EVP_DigestUpdate(d->context, bytes.ptr, bytes.len);
	assert(done == 1);
	(void)done;
}

void digest_end(struct digest *d, unsigned char out[DIGEST_LEN])
{
	int done = EVP_DigestFinal_ex(d->context, out, NULL);
	assert(done == 1);
	(void)done;
}

void digest_free(struct digest **d)
{
	if (*d != NULL) {
		EVP_MD_CTX_free((*d)->context);
		free(*d);
		*d = NULL;
	}
}
