/*
 * NAME     https - a small blocking HTTPS client, for commands
 * RULE     TLS 1.2 or newer, certificate and name always verified, HTTP/1.1 only, no redirects, no proxy and no other
 *          setting out of the environment
 * OWNS     its connection, which the next request goes over again
 * LIMIT    HTTPS_BODY_MAX bytes of an answer
 * FAULTS   each with a sentence: BAD_FIELD (what is no https URL, a file that cannot be read), UPSTREAM_NAME, _DOWN,
 *          _CERT, _TLS, _LOST, DEADLINE, TOO_LARGE; SYSTEM when libcurl is not the flavour built on OpenSSL
 * BOXES    libcurl
 */
#ifndef RELAY_NET_HTTPS_H
#define RELAY_NET_HTTPS_H

#include "spool-free/base/buf.h"
#include "spool-free/base/problem.h"
#include "spool-free/base/secret.h"

enum { HTTPS_BODY_MAX = 4 * 1024 * 1024, HTTPS_LOCATION_MAX = 1024 };

struct https;

/* How much of the request's body went out; `total` is known from the start. */
typedef void https_progress_fn(void *ctx, uint64_t sent, uint64_t total);

struct https_params {
	const char *ca_file;	       /* NULL: the system's authorities */
	const struct secret *bearer;   /* NULL: none. Must outlive the client */
	const struct secret *key_half; /* goes along as X-Pagepost-Key, in base64; the same */
	uint64_t timeout_ms;	       /* for each request as a whole */
	https_progress_fn *progress;   /* NULL: nobody looks */
	void *ctx;
};

/* Bytes, or the content of a file. Texts are the caller's until the request is over. */
struct https_part {
	const char *name;
	const char *file_name; /* NULL: none */
	const char *type;
	const char *path; /* NULL: `bytes` */
	struct slice bytes;
};

struct https_request {
	const char *url;
	const char *const *headers; /* "Name: value" */
	size_t header_count;
	const struct https_part *parts; /* multipart/form-data by POST */
	size_t part_count;
	struct slice json;  /* or this, as application/json by POST; with neither it is a GET */
	const char *method; /* in place of these; NULL: as they have it */
};

struct https_answer {
	int status;
	struct buf body;     /* https_answer_deinit() */
	struct buf location; /* empty: none; as it was sent */
};

MUST_USE enum fault https_new(const struct https_params *params, struct https **out_https,
			      struct problem *problem);
MUST_USE enum fault https_exchange(struct https *h, const struct https_request *request,
				   struct https_answer *out_answer, struct problem *problem);
void https_answer_deinit(struct https_answer *a);
void https_free(struct https **h);

#endif
