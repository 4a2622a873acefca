/*
 * NAME     certs - a throw-away certificate authority and leaves of it, as PEM files in a temporary folder
 * USE      certs_init(&c); certs_leaf(&c, &(struct cert_spec){.host = "localhost"}, &pair); ... certs_deinit(&c);
 * FAILS    by abort(): a test that has no certificate cannot go on
 */
#ifndef TESTS_SUPPORT_CERTS_H
#define TESTS_SUPPORT_CERTS_H

#include <stdbool.h>

#include "relay/net/throwaway.h"

enum { CERTS_PATH_MAX = 96 };

struct certs {
	char folder[CERTS_PATH_MAX - 32];
	char ca_file[CERTS_PATH_MAX]; /* the authority's own certificate */
	struct throwaway *authority;
	unsigned made;
};

struct cert_spec {
	const char *host; /* DNS name, wildcard name or IP literal */
	bool self_signed;
	int begins_days; /* counted from now; 0: yesterday */
	int ends_days;	 /* counted from now; 0: in thirty days */
};

struct cert_pair {
	char cert_file[CERTS_PATH_MAX];
	char key_file[CERTS_PATH_MAX];
};

void certs_init(struct certs *c);
void certs_leaf(struct certs *c, const struct cert_spec *spec, struct cert_pair *out_pair);
void certs_deinit(struct certs *c); /* removes every file and the folder */

#endif
