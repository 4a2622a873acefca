#include "relay/intake/http_head.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check_main.h"
#include "tests/support/chunks.h"
#include "tests/support/oom.h"

static const struct http_head_limits limits = {.bytes = 16 * 1024, .fields = 64};

/* ---- what is refused ---- */

#define H    "Host: a.example\r\n"
#define GET  "GET / HTTP/1.1\r\n"
#define POST "POST / HTTP/1.1\r\n" H

static const struct {
	const char *name;
	struct slice head;
	enum fault fault;
} refused[] = {
	/* The request line: RFC 9112 3. */
	{"bare LF after the request line", SLICE_INIT("GET / HTTP/1.1\n" H "\r\n"),
	 FAULT_MALFORMED},
	{"bare LF everywhere", SLICE_INIT("GET / HTTP/1.1\nHost: a\n\n"), FAULT_MALFORMED},
	{"two empty lines first", SLICE_INIT("\r\n\r\n" GET H "\r\n"), FAULT_MALFORMED},
	{"bare LF first", SLICE_INIT("\n" GET H "\r\n"), FAULT_MALFORMED},
	{"HTTP/0.9", SLICE_INIT("GET /\r\n\r\n"), FAULT_MALFORMED},
	{"no target", SLICE_INIT("GET HTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"two spaces before the target", SLICE_INIT("GET  / HTTP/1.1\r\n" H "\r\n"),
	 FAULT_MALFORMED},
	{"two spaces before the version", SLICE_INIT("GET /  HTTP/1.1\r\n" H "\r\n"),
	 FAULT_MALFORMED},
	{"tab in the request line", SLICE_INIT("GET\t/\tHTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"space first", SLICE_INIT(" GET / HTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"space after the version", SLICE_INIT("GET / HTTP/1.1 \r\n" H "\r\n"), FAULT_MALFORMED},
	{"a fourth word", SLICE_INIT("GET / x HTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"absolute form", SLICE_INIT("GET http://a.example/ HTTP/1.1\r\n" H "\r\n"),
	 FAULT_MALFORMED},
	{"authority form", SLICE_INIT("GET a.example:443 HTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"asterisk form", SLICE_INIT("OPTIONS * HTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"fragment", SLICE_INIT("GET /a#b HTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"quote in the target", SLICE_INIT("GET /a\"b HTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"backslash in the target", SLICE_INIT("GET /a\\b HTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"raw UTF-8 in the target", SLICE_INIT("GET /\xc3\xa9 HTTP/1.1\r\n" H "\r\n"),
	 FAULT_MALFORMED},
	{"NUL in the target", SLICE_INIT("GET /\0 HTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"half an escape", SLICE_INIT("GET /%4 HTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"a false escape", SLICE_INIT("GET /%zz HTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"CR in the request line", SLICE_INIT("GET /\r HTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"method with a colon", SLICE_INIT("GET: / HTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"no method", SLICE_INIT("/ HTTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"lower-case method", SLICE_INIT("get / HTTP/1.1\r\n" H "\r\n"), FAULT_NOT_IMPLEMENTED},
	{"unknown method", SLICE_INIT("BREW / HTTP/1.1\r\n" H "\r\n"), FAULT_NOT_IMPLEMENTED},
	{"CONNECT", SLICE_INIT("CONNECT a:443 HTTP/1.1\r\n" H "\r\n"), FAULT_NOT_IMPLEMENTED},
	{"TRACE", SLICE_INIT("TRACE / HTTP/1.1\r\n" H "\r\n"), FAULT_NOT_IMPLEMENTED},
	{"HTTP/2 in the line", SLICE_INIT("GET / HTTP/2.0\r\n" H "\r\n"), FAULT_HTTP_VERSION},
	{"HTTP/2's preface", SLICE_INIT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), FAULT_NOT_IMPLEMENTED},
	{"HTTP/1.2", SLICE_INIT("GET / HTTP/1.2\r\n" H "\r\n"), FAULT_HTTP_VERSION},
	{"HTTP/0.9 in the line", SLICE_INIT("GET / HTTP/0.9\r\n" H "\r\n"), FAULT_HTTP_VERSION},
	{"HTTP/9.9", SLICE_INIT("GET / HTTP/9.9\r\n" H "\r\n"), FAULT_HTTP_VERSION},
	{"HTTP/1.10", SLICE_INIT("GET / HTTP/1.10\r\n" H "\r\n"), FAULT_MALFORMED},
	{"HTTP/01.1", SLICE_INIT("GET / HTTP/01.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"HTTP/1", SLICE_INIT("GET / HTTP/1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"lower-case version", SLICE_INIT("GET / http/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"another protocol", SLICE_INIT("GET / SMTP/1.1\r\n" H "\r\n"), FAULT_MALFORMED},
	{"SMTP", SLICE_INIT("EHLO client.example\r\n"), FAULT_MALFORMED},

	/* Fields: RFC 9112 5, RFC 9110 5. */
	{"space before the colon", SLICE_INIT(GET "Host : a\r\n\r\n"), FAULT_MALFORMED},
	{"tab before the colon", SLICE_INIT(GET "Host\t: a\r\n\r\n"), FAULT_MALFORMED},
	{"folded by a space", SLICE_INIT(GET H "X: a\r\n b\r\n\r\n"), FAULT_MALFORMED},
	{"folded by a tab", SLICE_INIT(GET H "X: a\r\n\tb\r\n\r\n"), FAULT_MALFORMED},
	{"folded first line", SLICE_INIT(GET " Host: a\r\n\r\n"), FAULT_MALFORMED},
	{"no colon", SLICE_INIT(GET H "X\r\n\r\n"), FAULT_MALFORMED},
	{"no name", SLICE_INIT(GET H ": x\r\n\r\n"), FAULT_MALFORMED},
	{"NUL in a name", SLICE_INIT(GET H "X\0Y: x\r\n\r\n"), FAULT_MALFORMED},
	{"bracket in a name", SLICE_INIT(GET H "X[]: x\r\n\r\n"), FAULT_MALFORMED},
	{"UTF-8 in a name", SLICE_INIT(GET H "X\xc3\xa9: x\r\n\r\n"), FAULT_MALFORMED},
	{"NUL in a value", SLICE_INIT(GET H "X: a\0b\r\n\r\n"), FAULT_MALFORMED},
	{"CR in a value", SLICE_INIT(GET H "X: a\rb\r\n\r\n"), FAULT_MALFORMED},
	{"CR CR LF", SLICE_INIT(GET H "X: a\r\r\n\r\n"), FAULT_MALFORMED},
	{"bare LF in a value", SLICE_INIT(GET H "X: a\nY: b\r\n\r\n"), FAULT_MALFORMED},
	{"bare LF at the end", SLICE_INIT(GET H "\n"), FAULT_MALFORMED},
	{"CR, then no LF, at the end", SLICE_INIT(GET H "\rX\r\n\r\n"), FAULT_MALFORMED},
	{"vertical tab in a value", SLICE_INIT(GET H "X: a\vb\r\n\r\n"), FAULT_MALFORMED},
	{"DEL in a value", SLICE_INIT(GET H "X: a\x7f\r\n\r\n"), FAULT_MALFORMED},
	{"escape in a value", SLICE_INIT(GET H "X: \x1b[0m\r\n\r\n"), FAULT_MALFORMED},

	/* Host: RFC 9112 3.2. */
	{"no Host", SLICE_INIT(GET "\r\n"), FAULT_MALFORMED},
	{"two Hosts", SLICE_INIT(GET H H "\r\n"), FAULT_MALFORMED},
	{"two Hosts in other cases", SLICE_INIT(GET H "hOST: b\r\n\r\n"), FAULT_MALFORMED},
	{"empty Host", SLICE_INIT(GET "Host:\r\n\r\n"), FAULT_MALFORMED},
	{"Host with a user", SLICE_INIT(GET "Host: u@a\r\n\r\n"), FAULT_MALFORMED},
	{"Host with a path", SLICE_INIT(GET "Host: a/b\r\n\r\n"), FAULT_MALFORMED},
	{"Host with a list", SLICE_INIT(GET "Host: a, b\r\n\r\n"), FAULT_MALFORMED},
	{"Host with a blank", SLICE_INIT(GET "Host: a b\r\n\r\n"), FAULT_MALFORMED},
	{"Host with a false port", SLICE_INIT(GET "Host: a:b\r\n\r\n"), FAULT_MALFORMED},
	{"Host with too high a port", SLICE_INIT(GET "Host: a:65536\r\n\r\n"), FAULT_MALFORMED},
	{"Host that is a port", SLICE_INIT(GET "Host: :80\r\n\r\n"), FAULT_MALFORMED},
	{"Host with an open bracket", SLICE_INIT(GET "Host: [::1\r\n\r\n"), FAULT_MALFORMED},
	{"Host with text after the bracket", SLICE_INIT(GET "Host: [::1]x\r\n\r\n"),
	 FAULT_MALFORMED},
	{"Host with empty brackets", SLICE_INIT(GET "Host: []\r\n\r\n"), FAULT_MALFORMED},
	{"Host with a false escape", SLICE_INIT(GET "Host: a%2\r\n\r\n"), FAULT_MALFORMED},

	/* Length and coding: RFC 9112 6, 11.2. */
	{"two lengths", SLICE_INIT(POST "Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
	 FAULT_MALFORMED},
	{"two equal lengths", SLICE_INIT(POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\n"),
	 FAULT_MALFORMED},
	{"list of lengths", SLICE_INIT(POST "Content-Length: 5, 5\r\n\r\n"), FAULT_MALFORMED},
	{"length with a plus", SLICE_INIT(POST "Content-Length: +5\r\n\r\n"), FAULT_MALFORMED},
	{"length with a minus", SLICE_INIT(POST "Content-Length: -5\r\n\r\n"), FAULT_MALFORMED},
	{"hexadecimal length", SLICE_INIT(POST "Content-Length: 0x5\r\n\r\n"), FAULT_MALFORMED},
	{"length with a fraction", SLICE_INIT(POST "Content-Length: 5.0\r\n\r\n"), FAULT_MALFORMED},
	{"length with a blank", SLICE_INIT(POST "Content-Length: 5 0\r\n\r\n"), FAULT_MALFORMED},
	{"length with a letter", SLICE_INIT(POST "Content-Length: 5a\r\n\r\n"), FAULT_MALFORMED},
	{"empty length", SLICE_INIT(POST "Content-Length:\r\n\r\n"), FAULT_MALFORMED},
	{"quoted length", SLICE_INIT(POST "Content-Length: \"5\"\r\n\r\n"), FAULT_MALFORMED},
	{"length past 64 bits", SLICE_INIT(POST "Content-Length: 18446744073709551616\r\n\r\n"),
	 FAULT_TOO_LARGE},
	{"length and chunked",
	 SLICE_INIT(POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
	 FAULT_MALFORMED},
	{"chunked and length",
	 SLICE_INIT(POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"),
	 FAULT_MALFORMED},
	{"length and identity",
	 SLICE_INIT(POST "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\n"),
	 FAULT_MALFORMED},
	{"length and hidden chunked",
	 SLICE_INIT(POST "Content-Length: 5\r\nTransfer-Encoding : chunked\r\n\r\n"),
	 FAULT_MALFORMED},
	{"length and unknown coding",
	 SLICE_INIT(POST "Content-Length: 5\r\ntransfer-encoding: xchunked\r\n\r\n"),
	 FAULT_MALFORMED},
	{"chunked", SLICE_INIT(POST "Transfer-Encoding: chunked\r\n\r\n"), FAULT_LENGTH_REQUIRED},
	{"CHUNKED", SLICE_INIT(POST "TRANSFER-ENCODING:\tCHUNKED\t\r\n\r\n"),
	 FAULT_LENGTH_REQUIRED},
	{"chunked in HTTP/1.0", SLICE_INIT("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
	 FAULT_MALFORMED},
	{"two codings",
	 SLICE_INIT(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n"),
	 FAULT_MALFORMED},
	{"gzip, chunked", SLICE_INIT(POST "Transfer-Encoding: gzip, chunked\r\n\r\n"),
	 FAULT_NOT_IMPLEMENTED},
	{"chunked, chunked", SLICE_INIT(POST "Transfer-Encoding: chunked, chunked\r\n\r\n"),
	 FAULT_NOT_IMPLEMENTED},
	{"chunked with a parameter", SLICE_INIT(POST "Transfer-Encoding: chunked;a=b\r\n\r\n"),
	 FAULT_NOT_IMPLEMENTED},
	{"identity", SLICE_INIT(POST "Transfer-Encoding: identity\r\n\r\n"), FAULT_NOT_IMPLEMENTED},
	{"empty coding", SLICE_INIT(POST "Transfer-Encoding:\r\n\r\n"), FAULT_MALFORMED},
	{"coding with a control byte", SLICE_INIT(POST "Transfer-Encoding: \vchunked\r\n\r\n"),
	 FAULT_MALFORMED},

	/* Others. */
	{"unknown expectation", SLICE_INIT(POST "Expect: 200-ok\r\n\r\n"), FAULT_EXPECTATION},
	{"two expectations", SLICE_INIT(POST "Expect: 100-continue\r\nExpect: x\r\n\r\n"),
	 FAULT_MALFORMED},
	{"list of expectations", SLICE_INIT(POST "Expect: 100-continue, x\r\n\r\n"),
	 FAULT_EXPECTATION},
	{"two types", SLICE_INIT(POST "Content-Type: a/b\r\nContent-Type: c/d\r\n\r\n"),
	 FAULT_MALFORMED},
	{"two credentials",
	 SLICE_INIT(POST "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n"),
	 FAULT_MALFORMED},
	{"two keys", SLICE_INIT(POST "Idempotency-Key: a\r\nIdempotency-Key: a\r\n\r\n"),
	 FAULT_MALFORMED},
};

struct run {
	struct http_head head;
	struct problem problem;
	enum fault fault;
	const char *start;
	size_t len;
};

static bool feed(void *ctx, struct slice chunk)
{
	struct run *r = ctx;
	if (r->start == NULL) {
		r->start = chunk.ptr;
	}
	r->len += chunk.len;
	r->fault = http_head_feed(&r->head, slice_of(r->start, r->len), &r->problem);
	return r->fault == FAULT_NONE && !r->head.is_over;
}

static void run(struct run *r, struct slice input, size_t size, const struct http_head_limits *l)
{
	*r = (struct run){0};
	http_head_init(&r->head, l);
	chunks_each(input, size, feed, r);
}

/* The bytes in a block of their own size, so that reading past them is found by the sanitizer. */
static struct slice own(struct slice s)
{
	char *bytes = malloc(s.len > 0 ? s.len : 1);
	ck_assert_ptr_nonnull(bytes);
	if (s.len > 0) {
		memcpy(bytes, s.ptr, s.len);
	}
	return slice_of(bytes, s.len);
}

START_TEST(refuses)
{
	struct slice input = own(refused[_i].head);
	for (size_t size = 1; size <= CHUNKS_MAX + 1; size++) {
		struct run r;
		run(&r, input, size <= CHUNKS_MAX ? size : input.len, &limits);
		ck_assert_msg(r.fault == refused[_i].fault, "%s, chunks of %zu: fault %.*s",
			      refused[_i].name, size, (int)fault_slug(r.fault).len,
			      fault_slug(r.fault).ptr);
		ck_assert_uint_eq(r.problem.fault, r.fault);
		ck_assert_uint_gt(r.problem.len, 0);
		ck_assert(!r.head.is_over);
	}
	free((void *)(uintptr_t)input.ptr);
}
END_TEST

/* ---- what is taken ---- */

struct expected {
	const char *name;
	struct slice head;
	enum http_method method;
	struct slice path;
	struct slice query;
	struct slice type;
	bool has_length;
	uint64_t length;
	bool closes;
	bool continues;
};

static const struct expected taken[] = {
	{.name = "least",
	 .head = SLICE_INIT("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
	 .path = SLICE_INIT("/")},
	{.name = "an empty line first",
	 .head = SLICE_INIT("\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"),
	 .path = SLICE_INIT("/healthz")},
	{.name = "a job",
	 .head = SLICE_INIT(
		 "POST /v1/jobs?wait=1&a=%41 HTTP/1.1\r\nhost: mail.example.org:8443\r\n"
		 "content-TYPE: \t multipart/form-data; boundary=x \t\r\nContent-Length: 0042\r\n"
		 "Expect: 100-Continue\r\nUpgrade: h2c\r\nConnection: Upgrade, "
		 "HTTP2-Settings\r\n\r\n"),
	 .method = HTTP_POST,
	 .path = SLICE_INIT("/v1/jobs"),
	 .query = SLICE_INIT("wait=1&a=%41"),
	 .type = SLICE_INIT("multipart/form-data; boundary=x"),
	 .has_length = true,
	 .length = 42,
	 .continues = true},
	{.name = "largest length",
	 .head = SLICE_INIT("PUT /a HTTP/1.1\r\nHost: [::1]:443\r\nContent-Length: "
			    "18446744073709551615\r\n\r\n"),
	 .method = HTTP_PUT,
	 .path = SLICE_INIT("/a"),
	 .has_length = true,
	 .length = UINT64_MAX},
	{.name = "close",
	 .head = SLICE_INIT(
		 "DELETE /a HTTP/1.1\r\nHost: a\r\nConnection: keep-alive , CLOSE\r\n\r\n"),
	 .method = HTTP_DELETE,
	 .path = SLICE_INIT("/a"),
	 .closes = true},
	{.name = "close in the second field",
	 .head = SLICE_INIT(
		 "GET /a HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n"),
	 .path = SLICE_INIT("/a"),
	 .closes = true},
	{.name = "HTTP/1.0 without Host",
	 .head = SLICE_INIT("HEAD /a HTTP/1.0\r\nExpect: 100-continue\r\n\r\n"),
	 .method = HTTP_HEAD,
	 .path = SLICE_INIT("/a"),
	 .closes = true},
	{.name = "empty value and bytes above ASCII",
	 .head = SLICE_INIT("OPTIONS /? HTTP/1.1\r\nX:\r\nY: \xc3\xa9\r\nHost:a\r\n\r\n"),
	 .method = HTTP_OPTIONS,
	 .path = SLICE_INIT("/")},
};

START_TEST(takes)
{
	const struct expected *e = &taken[_i];
	char bytes[1024];
	memcpy(bytes, e->head.ptr, e->head.len);
	memcpy(bytes + e->head.len, "GET / body", 10); /* what follows is left alone */
	for (size_t size = 1; size <= CHUNKS_MAX + 1; size++) {
		struct run r;
		struct slice input = slice_of(bytes, e->head.len + 10);
		run(&r, input, size <= CHUNKS_MAX ? size : input.len, &limits);
		ck_assert_msg(r.fault == FAULT_NONE, "%s: %.*s", e->name, (int)r.problem.len,
			      r.problem.text);
		ck_assert(r.head.is_over);
		ck_assert_uint_eq(r.head.at, e->head.len);
		ck_assert_uint_eq(r.head.method, e->method);
		ck_assert(slice_eq(r.head.path, e->path));
		ck_assert(slice_eq(r.head.query, e->query));
		ck_assert(slice_eq(http_head_field(&r.head, HTTP_CONTENT_TYPE), e->type));
		ck_assert_int_eq(r.head.has_length, e->has_length);
		ck_assert_uint_eq(r.head.length, e->length);
		ck_assert_int_eq(r.head.wants_close, e->closes);
		ck_assert_int_eq(r.head.wants_continue, e->continues);
	}
}
END_TEST

/* Every start of a good head is no fault and not over: a client may be slow. */
START_TEST(waits_for_the_rest)
{
	struct slice head = taken[_i].head;
	for (size_t n = 0; n < head.len; n++) {
		struct run r;
		run(&r, slice_first(head, n), n > 0 ? n : 1, &limits);
		ck_assert_uint_eq(r.fault, FAULT_NONE);
		ck_assert(!r.head.is_over);
	}
}
END_TEST

/* A head of exactly `bytes` bytes, filled up by one long field. */
static struct slice sized_head(char *room, size_t bytes)
{
	static const char start[] = GET H "X: ";
	memset(room, 'x', bytes);
	memcpy(room, start, sizeof(start) - 1);
	memcpy(room + bytes - 4, "\r\n\r\n", 4);
	return slice_of(room, bytes);
}

START_TEST(stops_at_the_limit_of_bytes)
{
	static char room[300];
	const struct http_head_limits small = {.bytes = 256, .fields = 64};
	for (size_t size = 1; size <= 300; size++) {
		struct run r;
		run(&r, sized_head(room, 255), size, &small);
		ck_assert_uint_eq(r.fault, FAULT_NONE);
		ck_assert(r.head.is_over);
		run(&r, sized_head(room, 256), size, &small);
		ck_assert_uint_eq(r.fault, FAULT_NONE);
		ck_assert(r.head.is_over);
		run(&r, sized_head(room, 257), size, &small);
		ck_assert_uint_eq(r.fault, FAULT_HEAD_TOO_LARGE);
	}
}
END_TEST

START_TEST(stops_at_the_limit_of_fields)
{
	char room[4096];
	for (size_t fields = 62; fields <= 66; fields++) {
		size_t n = sizeof(GET H) - 1;
		memcpy(room, GET H, n);
		for (size_t i = 1; i < fields; i++) {
			memcpy(room + n, "Prefer: wait=1\r\n", 16);
			n += 16;
		}
		memcpy(room + n, "\r\n", 2);
		for (size_t size = 1; size <= CHUNKS_MAX; size++) {
			struct run r;
			run(&r, slice_of(room, n + 2), size, &limits);
			ck_assert_uint_eq(r.fault,
					  fields <= 64 ? FAULT_NONE : FAULT_HEAD_TOO_LARGE);
		}
	}
}
END_TEST

START_TEST(gives_repeated_fields_one_by_one)
{
	struct slice head = SLICE_LIT(GET H "Prefer: a\r\nX: y\r\nprefer: b\r\n\r\n");
	struct slice value;
	struct run r;
	run(&r, head, head.len, &limits);
	ck_assert(http_head_nth(&r.head, HTTP_PREFER, 0, &value) &&
		  slice_eq(value, SLICE_LIT("a")));
	ck_assert(http_head_nth(&r.head, HTTP_PREFER, 1, &value) &&
		  slice_eq(value, SLICE_LIT("b")));
	ck_assert(!http_head_nth(&r.head, HTTP_PREFER, 2, &value));
	ck_assert_ptr_null(http_head_field(&r.head, HTTP_AUTHORIZATION).ptr);
}
END_TEST

START_TEST(allocates_nothing)
{
	struct run r;
	oom_arm(1);
	run(&r, taken[2].head, 7, &limits);
	ck_assert(!oom_disarm());
	ck_assert(r.head.is_over);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("relay/intake/http_head");
	TCase *t = tcase_create("head");
	tcase_set_timeout(t, 0);
	tcase_add_loop_test(t, refuses, 0, COUNT_OF(refused));
	tcase_add_loop_test(t, takes, 0, COUNT_OF(taken));
	tcase_add_loop_test(t, waits_for_the_rest, 0, COUNT_OF(taken));
	tcase_add_test(t, stops_at_the_limit_of_bytes);
	tcase_add_test(t, stops_at_the_limit_of_fields);
	tcase_add_test(t, gives_repeated_fields_one_by_one);
	tcase_add_test(t, allocates_nothing);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return check_main(suite());
}
