/*
 * NAME     http_head - strict engine for the head of one HTTP/1.1 request
 * OWNS     nothing: every slice points into the bytes given, which must not move until the request
 * is over TAKES    origin-form targets, HTTP/1.1 and HTTP/1.0, lines that end with CRLF. One empty
 * line before the request line is passed over (RFC 9112 2.2) REFUSES  whatever two readers could
 * understand in two ways: bare CR, LF or NUL, folded lines, a space before the colon, two lengths,
 * a length beside Transfer-Encoding, none or two Host fields (RFC 9112 3, 5, 6, 11.2) LIMITS bytes
 * and fields as given, HTTP_FIELDS_MAX fields at most FAULTS   MALFORMED, HEAD_TOO_LARGE,
 * LENGTH_REQUIRED, TOO_LARGE (a length past 64 bits), EXPECTATION, NOT_IMPLEMENTED, HTTP_VERSION;
 * each with a sentence. After one of them the connection is of no more use
 */
#ifndef RELAY_INTAKE_HTTP_HEAD_H
#define RELAY_INTAKE_HTTP_HEAD_H

#include "spool-free/base/problem.h"

enum { HTTP_FIELDS_MAX = 64 };

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_DELETE,
	HTTP_OPTIONS,
	HTTP_PATCH,
	HTTP_METHOD_COUNT,
};

/* Fields that somebody asks for; all others are read, checked and passed over. */
enum http_field {
	HTTP_HOST,
	HTTP_CONTENT_LENGTH,
	HTTP_TRANSFER_ENCODING,
	HTTP_CONTENT_TYPE,
	HTTP_CONTENT_ENCODING,
	HTTP_AUTHORIZATION,
	HTTP_EXPECT,
	HTTP_IDEMPOTENCY_KEY,
	HTTP_IF_MATCH,
	HTTP_IF_NONE_MATCH,
	HTTP_X_PAGEPOST_KEY,
	HTTP_CONNECTION, /* this and the following may be repeated */
	HTTP_PREFER,
	HTTP_FIELD_COUNT,
};

struct http_head_limits {
	size_t bytes;
	size_t fields;
};

struct http_head {
	struct http_head_limits limits;
	size_t at; /* start of the first line that is not complete yet */
	bool has_request_line;
	bool has_seen_blank;
	bool is_over; /* the head is complete: `at` is its length, and the body begins there */

	enum http_method method;
	bool is_http_1_0;
	struct slice path;
	struct slice query;
	size_t field_count;
	struct {
		enum http_field name;
		struct slice value;
	} fields[HTTP_FIELDS_MAX]; /* those of enum http_field, in their order */
	size_t known_count;
	bool has_length;
	uint64_t length;
	bool wants_close;    /* Connection: close, or HTTP/1.0 */
	bool wants_continue; /* Expect: 100-continue */
};

void http_head_init(struct http_head *h, const struct http_head_limits *limits);
/* `so_far`: all bytes since the start of this head, and perhaps what follows it. Ask `is_over`
 * afterwards. */
MUST_USE enum fault http_head_feed(struct http_head *h, struct slice so_far,
				   struct problem *problem);

/* The first field of that name; the empty slice, with a NULL pointer, when there is none. */
struct slice http_head_field(const struct http_head *h, enum http_field name);
/* The nth of a field that may be repeated; false past the last. */
bool http_head_nth(const struct http_head *h, enum http_field name, size_t n,
		   struct slice *out_value);

struct slice http_method_name(enum http_method m);

#endif
