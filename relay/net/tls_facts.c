#include "relay/net/tls_facts.h"

#include <arpa/inet.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "spool-free/base/text.h"
#include "relay/net/tls_private.h"

enum { DAY_SECONDS = 24 * 60 * 60, KEY_BYTES_MAX = 16 * 1024 };

struct span {
	uint32_t first, last;
};

/* Controls, and what turns the direction of the text that follows. */
static const struct span unprintable[] = {
	{0x00, 0x1F}, {0x7F, 0x9F}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
};

static bool is_printable(uint32_t code)
{
	for (size_t i = 0; i < COUNT_OF(unprintable); i++) {
		if (code >= unprintable[i].first && code <= unprintable[i].last) {
			return false;
		}
	}
	return true;
}

/* Behind what stands in `into` already; whole characters only. */
static void add_text(char *into, size_t most, struct slice text)
{
	char bytes[TEXT_UTF8_MAX];
	size_t len = strlen(into);
	while (text.len > 0) {
		uint32_t code = text_next(&text);
		size_t n = text_encode(is_printable(code) ? code : '?', bytes);
		if (n > most - len) {
			break;
		}
		memcpy(into + len, bytes, n);
		len += n;
	}
	into[len] = '\0';
}

/* The common name; without one the organisation. */
static void add_name(char *into, const X509_NAME *name)
{
	static const int parts[] = {NID_commonName, NID_organizationName};
	for (size_t i = 0; i < COUNT_OF(parts) && into[0] == '\0'; i++) {
		int at = X509_NAME_get_index_by_NID((X509_NAME *)name, parts[i], -1);
		unsigned char *utf8 = NULL;
		int len = at < 0 ? -1
				 : ASN1_STRING_to_UTF8(
					   &utf8,
					   X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
		if (len >= 0) {
			add_text(into, TLS_FACTS_TEXT_MAX, slice_of(utf8, (size_t)len));
			OPENSSL_free(utf8);
		}
	}
}

static void add_alternative(char *into, struct slice name)
{
	if (into[0] != '\0') {
		add_text(into, TLS_FACTS_NAMES_MAX, SLICE_LIT(", "));
	}
	add_text(into, TLS_FACTS_NAMES_MAX, name);
}

static void add_alternatives(char *into, X509 *cert)
{
	char address[INET6_ADDRSTRLEN];
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		int type;
		const ASN1_STRING *value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i),
								   &type);
		const unsigned char *bytes = type == GEN_DNS || type == GEN_IPADD
						     ? ASN1_STRING_get0_data(value)
						     : NULL;
		int len = bytes != NULL ? ASN1_STRING_length(value) : 0;
		if (type == GEN_DNS && bytes != NULL) {
			add_alternative(into, slice_of(bytes, (size_t)len));
		} else if (len == sizeof(struct in_addr) || len == sizeof(struct in6_addr)) {
			int family = len == sizeof(struct in_addr) ? AF_INET : AF_INET6;
			add_alternative(into, slice_of_text(inet_ntop(family, bytes, address,
								      sizeof(address))));
		}
	}
	GENERAL_NAMES_free(names);
}

static int64_t seconds_of(const ASN1_TIME *moment)
{
	int days = 0, seconds = 0;
	ASN1_TIME *zero = ASN1_TIME_set(NULL, 0);
	if (zero == NULL || ASN1_TIME_diff(&days, &seconds, zero, moment) != 1) {
		days = 0;
		seconds = 0;
	}
	ASN1_TIME_free(zero);
	return (int64_t)days * DAY_SECONDS + seconds;
}

bool tls_key_of(X509 *cert, unsigned char out_key[DIGEST_LEN])
{
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);
	bool good = len > 0 && len <= KEY_BYTES_MAX;
	if (good) {
		digest_sha256(slice_of(der, (size_t)len), out_key);
	}
	OPENSSL_free(der);
	return good;
}

bool tls_key_is_pinned(const struct tls_pins *pins, X509 *cert)
{
	unsigned char key[DIGEST_LEN];
	if (cert == NULL || !tls_key_of(cert, key)) {
		return false;
	}
	for (size_t i = 0; i < pins->count; i++) {
		if (memcmp(pins->keys[i], key, sizeof(key)) == 0) {
			return true;
		}
	}
	return false;
}

void tls_facts_read(const SSL *ssl, X509 *cert, struct tls_facts *out)
{
	*out = (struct tls_facts){.trouble = ""};
	add_text(out->protocol, sizeof(out->protocol) - 1, slice_of_text(SSL_get_version(ssl)));
	const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
	/* Agreed on before the certificate comes, in use only after it. */
	cipher = cipher != NULL ? cipher : SSL_get_pending_cipher(ssl);
	if (cipher != NULL) {
		add_text(out->cipher, sizeof(out->cipher) - 1,
			 slice_of_text(SSL_CIPHER_get_name(cipher)));
	}
	out->has_certificate = cert != NULL && tls_key_of(cert, out->key);
	if (out->has_certificate) {
		add_name(out->subject, X509_get_subject_name(cert));
		add_name(out->issuer, X509_get_issuer_name(cert));
		add_alternatives(out->names, cert);
		out->begins = seconds_of(X509_get0_notBefore(cert));
		out->ends = seconds_of(X509_get0_notAfter(cert));
	}
	ERR_clear_error();
}
