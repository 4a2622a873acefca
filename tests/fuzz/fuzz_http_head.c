/*
 * The head of a request: byte by byte it must come to the same end as whole, and a head that is taken must hold what
 * smuggling needs to be absent: one Host, no coding, at most one length, lines that end with CRLF.
 */
#include <stdlib.h>
#include <string.h>

#include "relay/intake/http_head.h"
#include "relay/intake/prefer.h"
#include "relay/intake/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
	if (!truth) {
		abort();
	}
}

static enum fault feed(struct http_head *h, struct slice input, size_t step,
		       struct problem *problem)
{
	const struct http_head_limits limits = {.bytes = 1024, .fields = 20};
	enum fault f = FAULT_NONE;
	http_head_init(h, &limits);
	for (size_t n = step < input.len ? step : input.len; f == FAULT_NONE && !h->is_over;
	     n += step) {
		n = n < input.len ? n : input.len;
		f = http_head_feed(h, slice_first(input, n), problem);
		if (n == input.len) {
			break;
		}
	}
	return f;
}

static void judge_taken(const struct http_head *h, struct slice input)
{
	struct slice value;
	struct slice head = slice_first(input, h->at);
	must(h->at <= input.len && slice_ends(head, SLICE_LIT("\r\n\r\n")));
	for (size_t i = 0; i < head.len; i++) {
		must(head.ptr[i] != '\0');
		must((head.ptr[i] == '\n') == (i > 0 && head.ptr[i - 1] == '\r'));
	}
	must(h->path.len > 0 && h->path.ptr[0] == '/');
	must(!http_head_nth(h, HTTP_HOST, 1, &value));
	must(h->is_http_1_0 || http_head_field(h, HTTP_HOST).len > 0);
	must(http_head_field(h, HTTP_TRANSFER_ENCODING).ptr == NULL);
	must(!http_head_nth(h, HTTP_CONTENT_LENGTH, 1, &value));
	must(h->has_length == (http_head_field(h, HTTP_CONTENT_LENGTH).len > 0));
	must(prefer_wait_ms(h, 1, 1000) <= 1000);
}

static void find_route(const struct http_head *h)
{
	struct route route;
	struct buf allow;
	buf_init(&allow, ROUTE_ALLOW_MAX);
	enum fault f = route_find(h->method, h->path, &route, &allow);
	must(f == FAULT_NONE || f == FAULT_NOT_FOUND || f == FAULT_METHOD);
	must((f == FAULT_METHOD) == (allow.len > 0));
	buf_deinit(&allow);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct http_head whole, bytes;
	struct problem first = {0};
	struct problem second = {0};
	struct slice input = slice_of(data, size);
	enum fault f = feed(&whole, input, size > 0 ? size : 1, &first);
	must(feed(&bytes, input, 1, &second) == f);
	must(whole.is_over == bytes.is_over && whole.at == bytes.at);
	must(whole.known_count == bytes.known_count && whole.length == bytes.length);
	must(f == FAULT_NONE || (first.fault == f && first.len > 0 && !whole.is_over));
	must(f == FAULT_NONE || slice_eq(problem_text(&first), problem_text(&second)));
	if (whole.is_over) {
		judge_taken(&whole, input);
		find_route(&whole);
	}
	return 0;
}
