#include "relay/net/tls.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "relay/net/tls_private.h"

/* Debian's bundle: read once, when the context is made; the lazily read folder beside it would open files later. */
#define SYSTEM_AUTHORITIES "/etc/ssl/certs/ca-certificates.crt"

/* One record with its head and tag in one read (libraries.md section 1). */
enum { READ_AHEAD_BYTES = 17 * 1024, EXTRA_AUTHORITIES_MAX = 1024 * 1024 };

static enum fault bad(struct problem *p, const char *sentence)
{
	ERR_clear_error();
	return problem_set(p, FAULT_BAD_SETTING, sentence);
}

static SSL_CTX *common(const SSL_METHOD *method)
{
	SSL_CTX *ctx = SSL_CTX_new(method);
	if (ctx == NULL) {
		return NULL;
	}
	SSL_CTX_set_options(ctx, SSL_OP_CLEANSE_PLAINTEXT | SSL_OP_NO_RENEGOTIATION |
					 SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_read_ahead(ctx, 1);
	SSL_CTX_set_default_read_buffer_len(ctx, READ_AHEAD_BYTES);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_security_level(ctx, 2);
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20") !=
		    1) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	return ctx;
}

static enum fault new_context(bool server, struct tls_context **out_context)
{
	struct tls_context *c = calloc(1, sizeof(*c));
	if (c == NULL) {
		return FAULT_NO_MEMORY;
	}
	c->server = server;
	c->ctx = common(server ? TLS_server_method() : TLS_client_method());
	if (c->ctx == NULL) {
		ERR_clear_error();
		free(c);
		return FAULT_NO_MEMORY;
	}
	*out_context = c;
	return FAULT_NONE;
}

void tls_context_free(struct tls_context **c)
{
	if (*c != NULL) {
		SSL_CTX_free((*c)->ctx);
		free(*c);
		*c = NULL;
	}
}

static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
			   const unsigned char *in, unsigned in_len, void *ctx)
{
	static const unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
	unsigned char *chosen;
	(void)ssl;
	(void)ctx;
	if (SSL_select_next_proto(&chosen, out_len, ours, sizeof(ours), in, in_len) !=
	    OPENSSL_NPN_NEGOTIATED) {
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	}
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

/* A key that asks for a passphrase is refused; nothing here may ask on a terminal. */
static int no_passphrase(char *room, int size, int writing, void *ctx)
{
	(void)room;
	(void)size;
	(void)writing;
	*(bool *)ctx = true;
	return 0;
}

/* A confinement lets access(2) say what open(2) does not. */
static bool can_be_read(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		close(fd);
	}
	return fd >= 0;
}

/* errno tells why. */
static enum fault unread(struct problem *p, const char *sentence)
{
	bool is_forbidden = errno == EACCES || errno == EPERM;
	enum fault f = problem_set_errno(p, FAULT_BAD_SETTING, sentence);
	if (is_forbidden) {
		problem_add(p, " The user of this process (uid ");
		problem_add_number(p, geteuid());
		problem_add(p, ") must be allowed to read it, and to enter its folders.");
	}
	return f;
}

static enum fault load_pair(SSL_CTX *ctx, const char *cert_file, const char *key_file,
			    struct problem *problem)
{
	bool asked = false;
	if (!can_be_read(cert_file)) {
		return unread(problem, "The certificate file cannot be read");
	}
	if (!can_be_read(key_file)) {
		return unread(problem, "The file of the certificate's private key cannot be read");
	}
	if (SSL_CTX_use_certificate_chain_file(ctx, cert_file) != 1) {
		return bad(problem, "The certificate file must hold a PEM certificate, then its "
				    "chain, with a key of at least 2048 bits RSA or 224 bits EC.");
	}
	SSL_CTX_set_default_passwd_cb(ctx, no_passphrase);
	SSL_CTX_set_default_passwd_cb_userdata(ctx, &asked);
	int used = SSL_CTX_use_PrivateKey_file(ctx, key_file, SSL_FILETYPE_PEM);
	unsigned long reason = ERR_peek_last_error();
	SSL_CTX_set_default_passwd_cb_userdata(ctx, NULL);
	SSL_CTX_set_default_passwd_cb(ctx, NULL);
	if (used == 1 && SSL_CTX_check_private_key(ctx) == 1) {
		return FAULT_NONE;
	}
	if (asked) {
		return bad(problem, "The private key is protected by a passphrase; "
				    "give it without one, readable by this service alone.");
	}
	if (used == 1 || (ERR_GET_LIB(reason) == ERR_LIB_X509 &&
			  ERR_GET_REASON(reason) == X509_R_KEY_VALUES_MISMATCH)) {
		return bad(problem, "The private key does not belong to the certificate.");
	}
	return bad(problem, "The key file must hold one private key in PEM.");
}

enum fault tls_context_server_new(const char *cert_file, const char *key_file,
				  struct tls_context **out_context, struct problem *problem)
{
	CLEANUP(tls_context_free) struct tls_context *c = NULL;
	enum fault f = new_context(true, &c);
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	f = load_pair(c->ctx, cert_file, key_file, problem);
	if (f != FAULT_NONE) {
		return f;
	}
	SSL_CTX_set_alpn_select_cb(c->ctx, choose_protocol, NULL);
	*out_context = STEAL(c);
	return FAULT_NONE;
}

/* Every certificate of the PEM text; anything that is not one, and a text without any, is a mistake. */
static enum fault add_authorities(X509_STORE *store, struct slice pem, struct problem *problem)
{
	if (pem.len > EXTRA_AUTHORITIES_MAX) {
		return bad(problem, "The extra authorities must fit into 1 MiB of PEM text.");
	}
	BIO *bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
	if (bio == NULL) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	size_t added = 0;
	bool sound = true;
	X509 *cert;
	while (sound && (cert = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		sound = X509_STORE_add_cert(store, cert) == 1;
		X509_free(cert);
		added++;
	}
	sound = sound && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
	BIO_free(bio);
	ERR_clear_error();
	return sound && added > 0 ? FAULT_NONE
				  : bad(problem, "The extra authorities must be PEM certificates.");
}

static enum fault finish_client(SSL_CTX *ctx, struct slice extra_ca_pem, struct problem *problem)
{
	X509_VERIFY_PARAM *param = SSL_CTX_get0_param(ctx);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	/* An admin who names an issuing authority without its root means just that. */
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	return extra_ca_pem.len > 0
		       ? add_authorities(SSL_CTX_get_cert_store(ctx), extra_ca_pem, problem)
		       : FAULT_NONE;
}

enum fault tls_context_client_new(const char *ca_file, struct slice extra_ca_pem,
				  struct tls_context **out_context, struct problem *problem)
{
	CLEANUP(tls_context_free) struct tls_context *c = NULL;
	enum fault f = new_context(false, &c);
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	if (SSL_CTX_load_verify_file(c->ctx, ca_file != NULL ? ca_file : SYSTEM_AUTHORITIES) != 1) {
		return bad(problem, ca_file != NULL
					    ? "The file of trusted authorities must be readable "
					      "and hold PEM certificates."
					    : "The system has no trusted authorities "
					      "(package ca-certificates); name a file of them.");
	}
	f = finish_client(c->ctx, extra_ca_pem, problem);
	if (f != FAULT_NONE) {
		return f;
	}
	*out_context = STEAL(c);
	return FAULT_NONE;
}

static bool share_authorities(SSL_CTX *from, SSL_CTX *into)
{
	X509_STORE *store = SSL_CTX_get_cert_store(from);
	bool added = true;
	/* A handshake on another loop may sort the list just now. */
	X509_STORE_lock(store);
	STACK_OF(X509_OBJECT) *all = X509_STORE_get0_objects(store);
	for (int i = 0; added && i < sk_X509_OBJECT_num(all); i++) {
		X509 *cert = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(all, i));
		added = cert == NULL ||
			X509_STORE_add_cert(SSL_CTX_get_cert_store(into), cert) == 1;
	}
	X509_STORE_unlock(store);
	return added;
}

enum fault tls_context_client_with(const struct tls_context *base, struct slice extra_ca_pem,
				   struct tls_context **out_context, struct problem *problem)
{
	assert(!base->server);
	CLEANUP(tls_context_free) struct tls_context *c = NULL;
	enum fault f = new_context(false, &c);
	if (f != FAULT_NONE) {
		return problem_set(problem, f, "");
	}
	if (!share_authorities(base->ctx, c->ctx)) {
		ERR_clear_error();
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	f = finish_client(c->ctx, extra_ca_pem, problem);
	if (f != FAULT_NONE) {
		return f;
	}
	*out_context = STEAL(c);
	return FAULT_NONE;
}
