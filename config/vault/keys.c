#include "config/vault/keys.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "spool-free/job/server.h"

static void free_bio(BIO **bio)
{
	BIO_free(*bio);
}

static void free_key(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

/* Asked for the passphrase of an encrypted key: there is none, and nobody at a terminal is to be asked. */
static int no_passphrase(char *room, int size, int is_writing, void *was_asked)
{
	(void)room;
	(void)size;
	(void)is_writing;
	*(bool *)was_asked = true;
	return -1;
}

static enum fault refuse(struct problem *p, const char *sentence)
{
	return problem_set(p, FAULT_BAD_FIELD, sentence);
}

static enum fault check_rsa(EVP_PKEY *key, struct problem *p)
{
	int bits = EVP_PKEY_get_bits(key);
	if (bits >= SERVER_RSA_BITS_MIN && bits <= SERVER_RSA_BITS_MAX) {
		return FAULT_NONE;
	}
	refuse(p, "An RSA key must have ");
	problem_add_number(p, SERVER_RSA_BITS_MIN);
	problem_add(p, " to ");
	problem_add_number(p, SERVER_RSA_BITS_MAX);
	problem_add(p, " bits; this one has ");
	problem_add_number(p, (uint64_t)bits);
	problem_add(p, ".");
	return FAULT_BAD_FIELD;
}

static enum fault judge(EVP_PKEY *key, enum vault_key_use use, struct problem *p)
{
	if (EVP_PKEY_is_a(key, "RSA") == 1) {
		return check_rsa(key, p);
	}
	if (use == VAULT_KEY_SERVICE) {
		return refuse(p, "The key of a service account must be an RSA key.");
	}
	return EVP_PKEY_is_a(key, "ED25519") == 1
		       ? FAULT_NONE
		       : refuse(p, "A key for DKIM must be an RSA or an Ed25519 key.");
}

enum fault vault_key_check(const struct secret *pem, enum vault_key_use use, struct problem *p)
{
	struct slice text = secret_view(pem);
	bool was_asked = false;
	CLEANUP(free_bio) BIO *bio = BIO_new_mem_buf(text.ptr, (int)text.len);
	if (bio == NULL) {
		return FAULT_NO_MEMORY;
	}
	CLEANUP(free_key)
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, &was_asked);
	ERR_clear_error();
	if (key != NULL) {
		return judge(key, use, p);
	}
	if (was_asked) {
		return refuse(p, "The key is encrypted; give it without a passphrase, as "
				 "'openssl pkey -in FILE' writes it.");
	}
	return refuse(p, "The file must hold a private key as PEM text, from -----BEGIN PRIVATE "
			 "KEY----- on.");
}
