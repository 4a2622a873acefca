#include "relay/net/rs256.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

static void free_bio(BIO **bio)
{
	BIO_free(*bio);
}

static void free_key(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static void free_digest(EVP_MD_CTX **digest)
{
	EVP_MD_CTX_free(*digest);
}

/* An encrypted key is none: nobody is at a terminal. */
static int no_passphrase(char *room, int size, int is_writing, void *ctx)
{
	(void)room;
	(void)size;
	(void)is_writing;
	(void)ctx;
	return -1;
}

enum fault rs256_sign(const struct secret *pem, struct slice text, char out[RS256_MAX],
		      size_t *out_len)
{
	struct slice bytes = secret_view(pem);
	size_t len = RS256_MAX;
	CLEANUP(free_bio) BIO *bio = BIO_new_mem_buf(bytes.ptr, (int)bytes.len);
	CLEANUP(free_digest) EVP_MD_CTX *digest = EVP_MD_CTX_new();
	if (bio == NULL || digest == NULL) {
		return FAULT_NO_MEMORY;
	}
	CLEANUP(free_key) EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	bool done = key != NULL && EVP_PKEY_is_a(key, "RSA") == 1 &&
		    EVP_PKEY_get_size(key) <= RS256_MAX &&
		    EVP_DigestSignInit(digest, NULL, EVP_sha256(), NULL, key) == 1 &&
		    EVP_DigestSign(digest, (unsigned char *)out, &len,
				   (const unsigned char *)text.ptr, text.len) == 1;
	ERR_clear_error();
	if (!done) {
		return FAULT_BAD_RECORD;
	}
	*out_len = len;
	return FAULT_NONE;
}
