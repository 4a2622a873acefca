#include "tests/support/certs.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

static void must(bool ok)
{
	if (!ok) {
		abort();
	}
}

static void put_path(const struct certs *c, const char *kind, char out[CERTS_PATH_MAX])
{
	int n = snprintf(out, CERTS_PATH_MAX, "%s/%s%u.pem", c->folder, kind, c->made);
	must(n > 0 && n < CERTS_PATH_MAX);
}

static void write_cert(const char *path, X509 *cert)
{
	FILE *file = fopen(path, "w");
	must(file != NULL && PEM_write_X509(file, cert) == 1 && fclose(file) == 0);
}

static void write_key(const char *path, EVP_PKEY *key)
{
	FILE *file = fopen(path, "w");
	must(file != NULL && PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1 &&
	     fclose(file) == 0);
}

static void add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	must(extension != NULL && X509_add_ext(cert, extension, -1) == 1);
	X509_EXTENSION_free(extension);
}

static X509 *unsigned_cert(EVP_PKEY *key, const char *name, long serial)
{
	X509 *cert = X509_new();
	must(cert != NULL && X509_set_version(cert, X509_VERSION_3) == 1 &&
	     ASN1_INTEGER_set(X509_get_serialNumber(cert), serial) == 1 &&
	     X509_set_pubkey(cert, key) == 1 &&
	     X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8,
					(const unsigned char *)name, -1, -1, 0) == 1);
	return cert;
}

static void set_times(X509 *cert, int begins_days, int ends_days)
{
	const long day = 24L * 60 * 60;
	begins_days = begins_days != 0 ? begins_days : -1;
	ends_days = ends_days != 0 ? ends_days : 30;
	must(X509_gmtime_adj(X509_getm_notBefore(cert), begins_days * day) != NULL &&
	     X509_gmtime_adj(X509_getm_notAfter(cert), ends_days * day) != NULL);
}

void certs_init(struct certs *c)
{
	const char *tmp = getenv("TMPDIR");
	*c = (struct certs){0};
	int n = snprintf(c->folder, sizeof(c->folder), "%s/pagepost-certs-XXXXXX",
			 tmp != NULL ? tmp : "/tmp");
	must(n > 0 && n < (int)sizeof(c->folder) && mkdtemp(c->folder) != NULL);
	c->ca_key = EVP_EC_gen("P-256");
	must(c->ca_key != NULL);
	c->ca = unsigned_cert(c->ca_key, "Throw-away CA", 1);
	must(X509_set_issuer_name(c->ca, X509_get_subject_name(c->ca)) == 1);
	set_times(c->ca, 0, 0);
	add_extension(c->ca, c->ca, NID_basic_constraints, "critical,CA:TRUE");
	add_extension(c->ca, c->ca, NID_key_usage, "critical,keyCertSign,cRLSign");
	add_extension(c->ca, c->ca, NID_subject_key_identifier, "hash");
	must(X509_sign(c->ca, c->ca_key, EVP_sha256()) > 0);
	put_path(c, "ca", c->ca_file);
	write_cert(c->ca_file, c->ca);
}

static void add_host(X509 *cert, X509 *issuer, const char *host)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	char names[300];
	bool address = inet_pton(AF_INET, host, bytes) == 1 ||
		       inet_pton(AF_INET6, host, bytes) == 1;
	int n = snprintf(names, sizeof(names), "%s:%s", address ? "IP" : "DNS", host);
	must(n > 0 && n < (int)sizeof(names));
	add_extension(cert, issuer, NID_subject_alt_name, names);
}

void certs_leaf(struct certs *c, const struct cert_spec *spec, struct cert_pair *out_pair)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	must(key != NULL);
	X509 *cert = unsigned_cert(key, "leaf", 100 + (long)++c->made);
	X509 *issuer = spec->self_signed ? cert : c->ca;
	must(X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1);
	set_times(cert, spec->begins_days, spec->ends_days);
	add_extension(cert, issuer, NID_basic_constraints, "critical,CA:FALSE");
	add_extension(cert, issuer, NID_ext_key_usage, "serverAuth,clientAuth");
	if (!spec->self_signed) {
		/* Every test's authority bears the same name: its key tells them apart. */
		add_extension(cert, issuer, NID_authority_key_identifier, "keyid:always");
	}
	add_host(cert, issuer, spec->host);
	must(X509_sign(cert, spec->self_signed ? key : c->ca_key, EVP_sha256()) > 0);
	put_path(c, "cert", out_pair->cert_file);
	put_path(c, "key", out_pair->key_file);
	write_cert(out_pair->cert_file, cert);
	write_key(out_pair->key_file, key);
	X509_free(cert);
	EVP_PKEY_free(key);
}

void certs_deinit(struct certs *c)
{
	DIR *folder = opendir(c->folder);
	if (folder != NULL) {
		const struct dirent *entry;
		while ((entry = readdir(folder)) != NULL) {
			if (entry->d_name[0] != '.') {
				unlinkat(dirfd(folder), entry->d_name, 0);
			}
		}
		closedir(folder);
		rmdir(c->folder);
	}
	EVP_PKEY_free(c->ca_key);
	X509_free(c->ca);
	*c = (struct certs){0};
}
