#include "relay/net/stream_private.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "relay/net/tls_private.h"

enum { HOST_MAX = 253 };

static bool is_ip_literal(const char *host)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

/* Verification of the peer's name; SNI carries names only (RFC 6066 section 3). */
static bool expect_host(SSL *ssl, struct slice host)
{
	char name[HOST_MAX + 1];
	if (host.len > 1 && host.ptr[host.len - 1] == '.') {
		host.len--;
	}
	if (host.len == 0 || host.len > HOST_MAX || memchr(host.ptr, '\0', host.len) != NULL) {
		return false;
	}
	memcpy(name, host.ptr, host.len);
	name[host.len] = '\0';
	if (is_ip_literal(name)) {
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1;
	}
	return SSL_set1_host(ssl, name) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1;
}

/* OpenSSL forgets a certificate that it does not trust; who has to put it right wants to see it. */
static int on_verify(int trusted, X509_STORE_CTX *chain)
{
	const SSL *ssl = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct stream *s = SSL_get_app_data(ssl);
	X509 *cert = X509_STORE_CTX_get0_cert(chain);
	if (!trusted && s->refused == NULL && cert != NULL && X509_up_ref(cert) == 1) {
		s->refused = cert;
	}
	return trusted;
}

enum fault stream_tls_attach(struct stream *s, const struct tls_context *tls, struct slice host)
{
	SSL *ssl = SSL_new(tls->ctx);
	if (ssl == NULL || SSL_set_fd(ssl, s->fd) != 1) {
		SSL_free(ssl);
		ERR_clear_error();
		return FAULT_NO_MEMORY;
	}
	if (tls->server) {
		SSL_set_accept_state(ssl);
	} else {
		SSL_set_connect_state(ssl);
		SSL_set_app_data(ssl, s);
		SSL_set_verify(ssl, SSL_VERIFY_PEER, on_verify);
		if (!expect_host(ssl, host)) {
			SSL_free(ssl);
			ERR_clear_error();
			return FAULT_UPSTREAM_NAME;
		}
	}
	s->ssl = ssl;
	return FAULT_NONE;
}

static const struct {
	long code;
	const char *words;
} verify_words[] = {
	{X509_V_ERR_CERT_HAS_EXPIRED, "the certificate has expired"},
	{X509_V_ERR_CERT_NOT_YET_VALID, "the certificate is not valid yet"},
	{X509_V_ERR_HOSTNAME_MISMATCH, "the certificate is for another name"},
	{X509_V_ERR_IP_ADDRESS_MISMATCH, "the certificate is for another address"},
	{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "the certificate is self-signed"},
	{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "the certificate comes from an unknown authority"},
	{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "the certificate comes from an unknown authority"},
	{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
	 "the certificate comes from an unknown authority"},
	{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
	 "the certificate comes from an unknown authority"},
	{X509_V_ERR_CERT_SIGNATURE_FAILURE, "the certificate's signature is wrong"},
	{X509_V_ERR_EE_KEY_TOO_SMALL, "the certificate's key is too short"},
	{X509_V_ERR_CA_KEY_TOO_SMALL, "the key of the certificate's authority is too short"},
	{X509_V_ERR_CA_MD_TOO_WEAK, "the certificate is signed with a weak digest"},
	{X509_V_ERR_INVALID_PURPOSE, "the certificate is not one of a server"},
	{X509_V_ERR_INVALID_CA, "the certificate was signed by one that is no authority"},
	{X509_V_ERR_CERT_REVOKED, "the certificate was revoked"},
};

static const char *words_for_verify(long code)
{
	for (size_t i = 0; i < COUNT_OF(verify_words); i++) {
		if (verify_words[i].code == code) {
			return verify_words[i].words;
		}
	}
	return "the certificate cannot be verified";
}

static const char *words_for_error(unsigned long error)
{
	if (error == 0) {
		return "the peer closed the connection during the handshake";
	}
	switch (ERR_GET_REASON(error)) {
	case SSL_R_UNEXPECTED_EOF_WHILE_READING:
		return "the peer closed the connection during the handshake";
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
		return "the peer speaks no TLS 1.2 or newer";
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_HTTP_REQUEST:
		return "the peer did not answer with TLS";
	case SSL_R_NO_SHARED_CIPHER:
	case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
	case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
		return "the peer has no cipher suite in common with us";
	case SSL_R_DH_KEY_TOO_SMALL:
	case SSL_R_EE_KEY_TOO_SMALL:
		return "the peer's key is too short";
	case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
	case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
	case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
	case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
		return "the peer does not trust our certificate";
	default:
		return "the handshake failed";
	}
}

static enum stream_step handshake_failed(struct stream *s)
{
	long verified = SSL_get_verify_result(s->ssl);
	if (!SSL_is_server(s->ssl) && verified != X509_V_OK) {
		s->fault = FAULT_UPSTREAM_CERT;
		s->trouble = words_for_verify(verified);
	} else {
		s->fault = FAULT_UPSTREAM_TLS;
		s->trouble = words_for_error(ERR_peek_error());
	}
	ERR_clear_error();
	return STREAM_STEP_FAILED;
}

/* After all the rest, never instead of it. */
static enum stream_step look_at_pins(struct stream *s)
{
	if (s->pins.count == 0 || tls_key_is_pinned(&s->pins, SSL_get0_peer_certificate(s->ssl))) {
		return STREAM_STEP_DONE;
	}
	s->fault = FAULT_UPSTREAM_CERT;
	s->trouble = "the certificate's key is none of those that are pinned";
	return STREAM_STEP_FAILED;
}

enum stream_step stream_tls_handshake(struct stream *s)
{
	ERR_clear_error();
	int done = SSL_do_handshake(s->ssl);
	if (done == 1) {
		return look_at_pins(s);
	}
	switch (SSL_get_error(s->ssl, done)) {
	case SSL_ERROR_WANT_READ:
		return STREAM_STEP_READ;
	case SSL_ERROR_WANT_WRITE:
		return STREAM_STEP_WRITE;
	default:
		return handshake_failed(s);
	}
}

enum stream_io stream_tls_read(struct stream *s, char *room, size_t size, size_t *out_n)
{
	ERR_clear_error();
	if (SSL_read_ex(s->ssl, room, size, out_n) == 1) {
		s->tls_holds = SSL_has_pending(s->ssl) == 1;
		return STREAM_MOVED;
	}
	/* What TLS holds now is less than a record (or nothing): only the socket can bring more. */
	s->tls_holds = false;
	int error = SSL_get_error(s->ssl, 0);
	if (error == SSL_ERROR_WANT_READ) {
		return STREAM_AGAIN;
	}
	if (error == SSL_ERROR_WANT_WRITE) {
		s->read_blocked = true;
		return STREAM_AGAIN;
	}
	bool orderly = error == SSL_ERROR_ZERO_RETURN && !s->write_lost;
	bool tls_broken = error == SSL_ERROR_SSL &&
			  ERR_GET_REASON(ERR_peek_error()) != SSL_R_UNEXPECTED_EOF_WHILE_READING;
	ERR_clear_error();
	if (orderly) {
		stream_end(s, STREAM_ENDED, FAULT_UPSTREAM_LOST);
	} else {
		s->trouble = tls_broken ? "the peer sent something that is not TLS" : s->trouble;
		stream_end(s, STREAM_FAILED, tls_broken ? FAULT_UPSTREAM_TLS : FAULT_UPSTREAM_LOST);
	}
	return STREAM_OVER;
}

enum stream_io stream_tls_write(struct stream *s, struct slice bytes, size_t *out_n)
{
	ERR_clear_error();
	if (SSL_write_ex(s->ssl, bytes.ptr, bytes.len, out_n) == 1) {
		return STREAM_MOVED;
	}
	int error = SSL_get_error(s->ssl, 0);
	if (error == SSL_ERROR_WANT_WRITE) {
		return STREAM_AGAIN;
	}
	if (error == SSL_ERROR_WANT_READ) {
		s->write_blocked = true;
		return STREAM_AGAIN;
	}
	ERR_clear_error();
	if (error == SSL_ERROR_SYSCALL) {
		stream_lose_write(s);
	} else {
		s->trouble = "the session broke while sending";
		stream_end(s, STREAM_FAILED, FAULT_UPSTREAM_TLS);
	}
	return STREAM_OVER;
}

void stream_finish(struct stream *s)
{
	if (s->state != STREAM_OPEN) {
		return;
	}
	if (s->ssl != NULL) {
		SSL_shutdown(s->ssl);
		ERR_clear_error();
	}
	shutdown(s->fd, SHUT_WR);
}

bool stream_tls_facts(const struct stream *s, struct tls_facts *out_facts)
{
	if (s->ssl == NULL || SSL_is_server(s->ssl)) {
		return false;
	}
	X509 *shown = SSL_get0_peer_certificate(s->ssl);
	tls_facts_read(s->ssl, shown != NULL ? shown : s->refused, out_facts);
	out_facts->trusted = out_facts->has_certificate && s->refused == NULL &&
			     s->fault != FAULT_UPSTREAM_CERT;
	out_facts->trouble = out_facts->trusted ? "" : s->trouble;
	return true;
}

const char *stream_tls_version(const struct stream *s)
{
	return s->ssl != NULL ? SSL_get_version(s->ssl) : "";
}

/* RFC 9266 2 and 3 */
static bool export_key(SSL *ssl, unsigned char room[STREAM_BINDING_MAX], size_t *out_len)
{
	static const char label[] = "EXPORTER-Channel-Binding";
	*out_len = 32;
	return SSL_export_keying_material(ssl, room, *out_len, label, sizeof(label) - 1,
					  (const unsigned char *)"", 0, 1) == 1;
}

/* RFC 5929 4.1: the server's certificate under the digest of its signature; MD5 and SHA-1 give way to SHA-256. */
static bool digest_certificate(const SSL *ssl, unsigned char room[STREAM_BINDING_MAX],
			       size_t *out_len)
{
	X509 *certificate = SSL_is_server(ssl) ? SSL_get_certificate(ssl)
					       : SSL_get0_peer_certificate(ssl);
	int digest;
	unsigned int len;
	if (certificate == NULL ||
	    X509_get_signature_info(certificate, &digest, NULL, NULL, NULL) != 1 ||
	    digest == NID_undef) {
		return false;
	}
	bool weak = digest == NID_md5 || digest == NID_sha1;
	const EVP_MD *kind = weak ? EVP_sha256() : EVP_get_digestbynid(digest);
	if (kind == NULL || EVP_MD_get_size(kind) > STREAM_BINDING_MAX ||
	    X509_digest(certificate, kind, room, &len) != 1) {
		return false;
	}
	*out_len = len;
	return true;
}

struct slice stream_binding(const struct stream *s, unsigned char room[STREAM_BINDING_MAX],
			    size_t *out_len)
{
	bool made = false;
	bool exports = s->ssl != NULL && SSL_version(s->ssl) >= TLS1_3_VERSION;
	ERR_clear_error();
	if (exports) {
		made = export_key(s->ssl, room, out_len);
	} else if (s->ssl != NULL) {
		made = digest_certificate(s->ssl, room, out_len);
	}
	ERR_clear_error();
	if (!made) {
		return SLICE_LIT("");
	}
	return exports ? SLICE_LIT("tls-exporter") : SLICE_LIT("tls-server-end-point");
}
