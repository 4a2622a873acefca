/*
 * NAME     web - an HTTPS server for tests: answers requests in turn with what it was given, and keeps what was asked
 * USE      web_start(&w, &pair, answers, count); ... web_stop(&w); then look at w.requests
 * THREADS  its own; the fields are the test's again after web_stop()
 */
#ifndef TESTS_SUPPORT_WEB_H
#define TESTS_SUPPORT_WEB_H

#include <pthread.h>

#include "spool-free/base/buf.h"
#include "tests/support/certs.h"

struct web {
	int listening;
	unsigned short port;
	struct ssl_ctx_st *tls;
	const char *const *answers; /* whole HTTP messages; NULL: closes instead */
	size_t count;
	struct buf requests; /* one after another, as they came */
	unsigned connections;
	pthread_t thread;
};

void web_start(struct web *w, const struct cert_pair *pair, const char *const *answers,
	       size_t count);
void web_stop(struct web *w);
void web_deinit(struct web *w);

#endif
