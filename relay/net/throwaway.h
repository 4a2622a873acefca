/*
 * NAME     throwaway - a certificate authority for one demo or test, and leaves of it, as PEM files
 * OWNS     its key, in memory only; throwaway_free() forgets it. The files are the caller's
 * FAULTS   SYSTEM when a file cannot be written, NO_MEMORY when OpenSSL refuses anything else
 * NEVER    for production: keys are written unencrypted, nothing is revoked
 */
#ifndef RELAY_NET_THROWAWAY_H
#define RELAY_NET_THROWAWAY_H

#include "spool-free/base/fault.h"

struct throwaway;

struct throwaway_leaf {
	const char *const *hosts; /* DNS names, wildcard names, IP literals */
	size_t host_count;
	bool is_self_signed;
	int begins_days; /* counted from now; 0: yesterday */
	int ends_days;	 /* counted from now; 0: in thirty days */
	const char *cert_file;
	const char *key_file;
};

/* The authority's own certificate goes to `ca_file`. */
MUST_USE enum fault throwaway_new(const char *ca_file, struct throwaway **out_authority);
MUST_USE enum fault throwaway_write(struct throwaway *t, const struct throwaway_leaf *leaf);
void throwaway_free(struct throwaway **t);

#endif
