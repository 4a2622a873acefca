#include "spool-free/base/digest.h"

#include <assert.h>

#include <openssl/evp.h>

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
