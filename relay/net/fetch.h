/*
 * NAME     fetch - bytes at an address that a stranger chose
 * RULE     http and https only, at the ports allowed, no name and password, no cookie, no proxy; a name is resolved here, its
 *          addresses vetted (resolve.h), and the connection goes to one of those and to no other: each socket's address is
 *          vetted once more. Redirects are followed by hand, each vetted anew. https: TLS 1.2 or newer, certificate and
 *          name verified
 * LIMITS   `most` bytes, FETCH_REDIRECTS redirects, one time for all of it
 * FAULTS   BAD_FIELD (no such address), UPSTREAM_NAME, UPSTREAM_BLOCKED (it may not be connected to), NOT_FOUND (the answer
 *          is no 200), TOO_LARGE, DEADLINE, UPSTREAM_LOST for all else; NO_MEMORY
 * BOXES    libcurl
 * THREADS  libcurl_start() before the first; then fetch_bytes() from any. It blocks: on a worker only
 */
#ifndef RELAY_NET_FETCH_H
#define RELAY_NET_FETCH_H

#include "spool-free/base/buf.h"
#include "relay/net/resolve.h"

enum { FETCH_REDIRECTS = 3, FETCH_URL_MAX = 2048, FETCH_RANGES_MAX = 64 };

struct fetch_rules {
	struct address_range
		ranges[FETCH_RANGES_MAX]; /* that are not public, and allowed all the same */
	size_t range_count;
	const uint16_t *ports;
	size_t port_count;
	const char *ca_file; /* NULL: the system's authorities */
	uint64_t timeout_ms;
};

/* Appended to `into`, whose ceiling is the limit. */
MUST_USE enum fault fetch_bytes(const struct fetch_rules *rules, struct slice url,
				struct buf *into);

#endif
