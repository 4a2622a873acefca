#include "relay/net/throwaway.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "spool-free/base/buf.h"

enum { NAMES_MAX = 2048 };

struct throwaway {
	EVP_PKEY *key;
	X509 *cert;
	long serial;
};

static FILE *create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (fd >= 0 && file == NULL) {
		close(fd);
	}
	return file;
}

static bool write_cert(const char *path, X509 *cert)
{
	FILE *file = create(path);
	bool written = file != NULL && PEM_write_X509(file, cert) == 1;
	return file != NULL && fclose(file) == 0 && written;
}

static bool write_key(const char *path, EVP_PKEY *key)
{
	FILE *file = create(path);
	bool written = file != NULL &&
		       PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1;
	return file != NULL && fclose(file) == 0 && written;
}

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	bool added = extension != NULL && X509_add_ext(cert, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return added;
}

static bool set_times(X509 *cert, int begins_days, int ends_days)
{
	const long day = 24L * 60 * 60;
	begins_days = begins_days != 0 ? begins_days : -1;
	ends_days = ends_days != 0 ? ends_days : 30;
	return X509_gmtime_adj(X509_getm_notBefore(cert), begins_days * day) != NULL &&
	       X509_gmtime_adj(X509_getm_notAfter(cert), ends_days * day) != NULL;
}

static bool fill(X509 *cert, EVP_PKEY *key, const char *name, long serial)
{
	return cert != NULL && key != NULL && X509_set_version(cert, X509_VERSION_3) == 1 &&
	       ASN1_INTEGER_set(X509_get_serialNumber(cert), serial) == 1 &&
	       X509_set_pubkey(cert, key) == 1 &&
	       X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8,
					  (const unsigned char *)name, -1, -1, 0) == 1;
}

enum fault throwaway_new(const char *ca_file, struct throwaway **out_authority)
{
	CLEANUP(throwaway_free) struct throwaway *t = calloc(1, sizeof(*t));
	if (t == NULL) {
		return FAULT_NO_MEMORY;
	}
	t->key = EVP_EC_gen("P-256");
	t->cert = X509_new();
	t->serial = 1;
	bool made = fill(t->cert, t->key, "Throw-away CA", t->serial) &&
		    X509_set_issuer_name(t->cert, X509_get_subject_name(t->cert)) == 1 &&
		    set_times(t->cert, 0, 0) &&
		    add_extension(t->cert, t->cert, NID_basic_constraints, "critical,CA:TRUE") &&
		    add_extension(t->cert, t->cert, NID_key_usage,
				  "critical,keyCertSign,cRLSign") &&
		    add_extension(t->cert, t->cert, NID_subject_key_identifier, "hash") &&
		    X509_sign(t->cert, t->key, EVP_sha256()) > 0;
	if (!made) {
		return FAULT_NO_MEMORY;
	}
	if (!write_cert(ca_file, t->cert)) {
		return FAULT_SYSTEM;
	}
	*out_authority = STEAL(t);
	return FAULT_NONE;
}

static bool add_hosts(X509 *cert, X509 *issuer, const struct throwaway_leaf *leaf)
{
	struct buf names;
	bool added = true;
	buf_init(&names, NAMES_MAX);
	for (size_t i = 0; i < leaf->host_count && added; i++) {
		unsigned char bytes[sizeof(struct in6_addr)];
		bool is_address = inet_pton(AF_INET, leaf->hosts[i], bytes) == 1 ||
				  inet_pton(AF_INET6, leaf->hosts[i], bytes) == 1;
		added = (i == 0 || buf_add_byte(&names, ',') == FAULT_NONE) &&
			buf_add_text(&names, is_address ? "IP:" : "DNS:") == FAULT_NONE &&
			buf_add_text(&names, leaf->hosts[i]) == FAULT_NONE;
	}
	added = added && buf_add_byte(&names, '\0') == FAULT_NONE &&
		add_extension(cert, issuer, NID_subject_alt_name, names.ptr);
	buf_deinit(&names);
	return added;
}

static bool make_leaf(struct throwaway *t, const struct throwaway_leaf *leaf, X509 *cert,
		      EVP_PKEY *key)
{
	X509 *issuer = leaf->is_self_signed ? cert : t->cert;
	return fill(cert, key, "leaf", ++t->serial) &&
	       X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1 &&
	       set_times(cert, leaf->begins_days, leaf->ends_days) &&
	       add_extension(cert, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
	       add_extension(cert, issuer, NID_ext_key_usage, "serverAuth,clientAuth") &&
	       /* Authorities of several runs bear one name: the key tells them apart. */
	       (leaf->is_self_signed ||
		add_extension(cert, issuer, NID_authority_key_identifier, "keyid:always")) &&
	       add_hosts(cert, issuer, leaf) &&
	       X509_sign(cert, leaf->is_self_signed ? key : t->key, EVP_sha256()) > 0;
}

enum fault throwaway_write(struct throwaway *t, const struct throwaway_leaf *leaf)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	enum fault f = FAULT_NO_MEMORY;
	if (key != NULL && cert != NULL && make_leaf(t, leaf, cert, key)) {
		f = write_cert(leaf->cert_file, cert) && write_key(leaf->key_file, key)
			    ? FAULT_NONE
			    : FAULT_SYSTEM;
	}
	X509_free(cert);
	EVP_PKEY_free(key);
	return f;
}

void throwaway_free(struct throwaway **t)
{
	if (*t != NULL) {
		EVP_PKEY_free((*t)->key);
		X509_free((*t)->cert);
		free(*t);
		*t = NULL;
	}
}
