#include "relay/intake/http_head.h"

#include <string.h>

/* What a byte may be part of. */
enum {
	T = 1, /* token: RFC 9110 5.6.2 */
	V = 2, /* field value: RFC 9110 5.5: visible, space, tab, and bytes above ASCII */
	P = 4, /* path and query: RFC 3986 3.3, 3.4; what follows a '%' is looked at apart */
	H = 8, /* host name: RFC 3986 3.2.2 */
};

static const unsigned char classes[256] = {
	['\t'] = V,
	[' '] = V,
	['"'] = V,
	['<'] = V,
	['>'] = V,
	['['] = V,
	['\\'] = V,
	[']'] = V,
	['{'] = V,
	['}'] = V,
	[0x80 ... 0xff] = V,
	['0' ... '9'] = T | V | P | H,
	['A' ... 'Z'] = T | V | P | H,
	['a' ... 'z'] = T | V | P | H,
	['#'] = T | V,
	['^'] = T | V,
	['`'] = T | V,
	['|'] = T | V,
	['!'] = T | V | P | H,
	['$'] = T | V | P | H,
	['%'] = T | V | P | H,
	['&'] = T | V | P | H,
	['\''] = T | V | P | H,
	['*'] = T | V | P | H,
	['+'] = T | V | P | H,
	['-'] = T | V | P | H,
	['.'] = T | V | P | H,
	['_'] = T | V | P | H,
	['~'] = T | V | P | H,
	['('] = V | P | H,
	[')'] = V | P | H,
	[','] = V | P | H,
	[';'] = V | P | H,
	['='] = V | P | H,
	['/'] = V | P,
	[':'] = V | P,
	['?'] = V | P,
	['@'] = V | P,
};

static bool all_are(struct slice s, unsigned char class)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((classes[(unsigned char)s.ptr[i]] & class) == 0) {
			return false;
		}
	}
	return true;
}

static const struct {
	struct slice name;
	enum http_method method;
} methods[] = {
	{SLICE_INIT("GET"), HTTP_GET},	     {SLICE_INIT("HEAD"), HTTP_HEAD},
	{SLICE_INIT("POST"), HTTP_POST},     {SLICE_INIT("PUT"), HTTP_PUT},
	{SLICE_INIT("DELETE"), HTTP_DELETE}, {SLICE_INIT("OPTIONS"), HTTP_OPTIONS},
	{SLICE_INIT("PATCH"), HTTP_PATCH},
};

static const struct {
	struct slice name;
	bool repeats;
} names[HTTP_FIELD_COUNT] = {
	[HTTP_HOST] = {SLICE_INIT("host"), false},
	[HTTP_CONTENT_LENGTH] = {SLICE_INIT("content-length"), false},
	[HTTP_TRANSFER_ENCODING] = {SLICE_INIT("transfer-encoding"), false},
	[HTTP_CONTENT_TYPE] = {SLICE_INIT("content-type"), false},
	[HTTP_CONTENT_ENCODING] = {SLICE_INIT("content-encoding"), false},
	[HTTP_AUTHORIZATION] = {SLICE_INIT("authorization"), false},
	[HTTP_EXPECT] = {SLICE_INIT("expect"), false},
	[HTTP_IDEMPOTENCY_KEY] = {SLICE_INIT("idempotency-key"), false},
	[HTTP_IF_MATCH] = {SLICE_INIT("if-match"), false},
	[HTTP_IF_NONE_MATCH] = {SLICE_INIT("if-none-match"), false},
	[HTTP_X_PAGEPOST_KEY] = {SLICE_INIT("x-pagepost-key"), false},
	[HTTP_CONNECTION] = {SLICE_INIT("connection"), true},
	[HTTP_PREFER] = {SLICE_INIT("prefer"), true},
};

void http_head_init(struct http_head *h, const struct http_head_limits *limits)
{
	*h = (struct http_head){.limits = *limits};
	if (h->limits.fields > HTTP_FIELDS_MAX) {
		h->limits.fields = HTTP_FIELDS_MAX;
	}
}

struct slice http_method_name(enum http_method m)
{
	return methods[m].name;
}

bool http_head_nth(const struct http_head *h, enum http_field name, size_t n,
		   struct slice *out_value)
{
	for (size_t i = 0; i < h->known_count; i++) {
		if (h->fields[i].name == name && n-- == 0) {
			*out_value = h->fields[i].value;
			return true;
		}
	}
	return false;
}

struct slice http_head_field(const struct http_head *h, enum http_field name)
{
	struct slice value = {0};
	(void)http_head_nth(h, name, 0, &value);
	return value;
}

/* Every '%' is followed by two hexadecimal digits (RFC 3986 2.1). */
static bool percents_are_whole(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] != '%') {
			continue;
		}
		for (size_t k = 1; k <= 2; k++) {
			char c = i + k < s.len ? s.ptr[i + k] : ' ';
			if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') ||
			      (c >= 'a' && c <= 'f'))) {
				return false;
			}
		}
	}
	return true;
}

static enum fault read_method(struct http_head *h, struct slice text, struct problem *problem)
{
	for (size_t i = 0; i < COUNT_OF(methods); i++) {
		if (slice_eq(methods[i].name, text)) {
			h->method = methods[i].method;
			return FAULT_NONE;
		}
	}
	if (text.len == 0 || !all_are(text, T)) {
		return problem_set(problem, FAULT_MALFORMED, "The method is not a token.");
	}
	return problem_set(problem, FAULT_NOT_IMPLEMENTED,
			   "Pagepost does not implement this method.");
}

static enum fault read_target(struct http_head *h, struct slice text, struct problem *problem)
{
	if (text.len == 0 || text.ptr[0] != '/') {
		return problem_set(problem, FAULT_MALFORMED,
				   "The request target must be a path that begins with '/'.");
	}
	if (!all_are(text, P) || !percents_are_whole(text)) {
		return problem_set(problem, FAULT_MALFORMED,
				   "The request target holds a byte that no URI may hold.");
	}
	h->query = text;
	if (!slice_cut_to(&h->query, '?', &h->path)) {
		h->path = text;
		h->query = (struct slice){0};
	}
	return FAULT_NONE;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static enum fault read_version(struct http_head *h, struct slice text, struct problem *problem)
{
	if (slice_eq(text, SLICE_LIT("HTTP/1.1"))) {
		return FAULT_NONE;
	}
	if (slice_eq(text, SLICE_LIT("HTTP/1.0"))) {
		h->is_http_1_0 = true;
		h->wants_close = true;
		return FAULT_NONE;
	}
	if (text.len == 8 && slice_starts(text, SLICE_LIT("HTTP/")) && is_digit(text.ptr[5]) &&
	    text.ptr[6] == '.' && is_digit(text.ptr[7])) {
		return problem_set(problem, FAULT_HTTP_VERSION,
				   "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
	}
	return problem_set(problem, FAULT_MALFORMED,
			   "The request line must end with one space and HTTP/1.1.");
}

/* RFC 9112 3: method SP target SP version, and no other blank anywhere. */
static enum fault read_request_line(struct http_head *h, struct slice line, struct problem *problem)
{
	struct slice method;
	struct slice target;
	if (line.len == 0 && !h->has_seen_blank) {
		h->has_seen_blank = true;
		return FAULT_NONE;
	}
	if (!slice_cut_to(&line, ' ', &method) || !slice_cut_to(&line, ' ', &target)) {
		return problem_set(problem, FAULT_MALFORMED,
				   "The request line must be a method, a target and HTTP/1.1.");
	}
	h->has_request_line = true;
	enum fault f = read_method(h, method, problem);
	if (f == FAULT_NONE) {
		f = read_target(h, target, problem);
	}
	return f == FAULT_NONE ? read_version(h, line, problem) : f;
}

static enum fault keep_field(struct http_head *h, struct slice name, struct slice value,
			     struct problem *problem)
{
	for (enum http_field i = 0; i < HTTP_FIELD_COUNT; i++) {
		if (!slice_eq_nocase(names[i].name, name)) {
			continue;
		}
		if (!names[i].repeats && http_head_field(h, i).ptr != NULL) {
			(void)problem_set(problem, FAULT_MALFORMED, "The field ");
			problem_add_name(problem, names[i].name);
			problem_add(problem, " may stand in a request once only.");
			return FAULT_MALFORMED;
		}
		h->fields[h->known_count].name = i;
		h->fields[h->known_count].value = value;
		h->known_count++;
		break;
	}
	return FAULT_NONE;
}

static struct slice trim_blanks(struct slice s)
{
	while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t')) {
		s = slice_skip(s, 1);
	}
	while (s.len > 0 && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t')) {
		s.len--;
	}
	return s;
}

static enum fault read_field(struct http_head *h, struct slice line, struct problem *problem)
{
	struct slice name;
	if (h->field_count == h->limits.fields) {
		(void)problem_set(problem, FAULT_HEAD_TOO_LARGE, "A request may have at most ");
		problem_add_number(problem, h->limits.fields);
		problem_add(problem, " header fields.");
		return FAULT_HEAD_TOO_LARGE;
	}
	h->field_count++;
	if (line.ptr[0] == ' ' || line.ptr[0] == '\t') {
		return problem_set(problem, FAULT_MALFORMED, "A header field must not be folded.");
	}
	if (!slice_cut_to(&line, ':', &name) || name.len == 0) {
		return problem_set(problem, FAULT_MALFORMED,
				   "A header field must be a name, a colon and a value.");
	}
	if (!all_are(name, T)) {
		return problem_set(problem, FAULT_MALFORMED,
				   "The name of a header field holds a byte that it may not hold, "
				   "such as a blank before the colon.");
	}
	if (!all_are(line, V)) {
		return problem_set(problem, FAULT_MALFORMED,
				   "The value of a header field holds a control character.");
	}
	return keep_field(h, name, trim_blanks(line), problem);
}

/* RFC 9110 7.2: uri-host with an optional port; an IPv6 address in brackets. */
static bool is_host(struct slice s)
{
	struct slice host = s;
	struct slice port = {0};
	if (s.len > 0 && s.ptr[0] == '[') {
		size_t end = slice_find_byte(s, ']');
		for (size_t i = 1; i < end; i++) {
			if (s.ptr[i] != ':' && (classes[(unsigned char)s.ptr[i]] & H) == 0) {
				return false;
			}
		}
		port = slice_skip(s, end + 1);
		if (end < 3 || end == s.len || (port.len > 0 && port.ptr[0] != ':')) {
			return false;
		}
		port = slice_skip(port, 1);
	} else {
		port = s;
		if (!slice_cut_to(&port, ':', &host)) {
			host = s;
			port = (struct slice){0};
		}
		if (host.len == 0 || !all_are(host, H) || !percents_are_whole(host)) {
			return false;
		}
	}
	uint64_t number;
	return port.len == 0 || slice_to_u64(port, UINT16_MAX, &number);
}

static enum fault judge_host(const struct http_head *h, struct problem *problem)
{
	struct slice host = http_head_field(h, HTTP_HOST);
	if (host.ptr == NULL && h->is_http_1_0) {
		return FAULT_NONE;
	}
	if (host.ptr == NULL) {
		return problem_set(problem, FAULT_MALFORMED,
				   "An HTTP/1.1 request must have a Host field.");
	}
	if (!is_host(host)) {
		return problem_set(problem, FAULT_MALFORMED,
				   "The Host field must be a host name and perhaps a port.");
	}
	return FAULT_NONE;
}

/* RFC 9112 6.1 and 6.3. A body without a length could not be admitted before it is read; so chunks
 * are not taken. */
static enum fault judge_coding(const struct http_head *h, struct problem *problem)
{
	struct slice coding = http_head_field(h, HTTP_TRANSFER_ENCODING);
	if (coding.ptr == NULL) {
		return FAULT_NONE;
	}
	if (http_head_field(h, HTTP_CONTENT_LENGTH).ptr != NULL) {
		return problem_set(
			problem, FAULT_MALFORMED,
			"A request must not have both Transfer-Encoding and Content-Length.");
	}
	if (h->is_http_1_0) {
		return problem_set(problem, FAULT_MALFORMED,
				   "An HTTP/1.0 request must not have a Transfer-Encoding.");
	}
	if (coding.len == 0) {
		return problem_set(problem, FAULT_MALFORMED, "The Transfer-Encoding is empty.");
	}
	if (slice_eq_nocase(coding, SLICE_LIT("chunked"))) {
		return problem_set(
			problem, FAULT_LENGTH_REQUIRED,
			"A chunked body is not taken, because its size must be known before "
			"memory is set aside for it: send Content-Length.");
	}
	return problem_set(problem, FAULT_NOT_IMPLEMENTED,
			   "No transfer coding is implemented: send the body as it is, with "
			   "Content-Length.");
}

static enum fault judge_length(struct http_head *h, struct problem *problem)
{
	struct slice text = http_head_field(h, HTTP_CONTENT_LENGTH);
	if (text.ptr == NULL) {
		return FAULT_NONE;
	}
	for (size_t i = 0; i < text.len; i++) {
		if (!is_digit(text.ptr[i])) {
			text.len = 0;
		}
	}
	if (text.len == 0) {
		return problem_set(problem, FAULT_MALFORMED,
				   "Content-Length must be one number of plain digits.");
	}
	if (!slice_to_u64(text, UINT64_MAX, &h->length)) {
		return problem_set(problem, FAULT_TOO_LARGE, "Content-Length is past every limit.");
	}
	h->has_length = true;
	return FAULT_NONE;
}

static enum fault judge_expect(struct http_head *h, struct problem *problem)
{
	struct slice text = http_head_field(h, HTTP_EXPECT);
	if (text.ptr == NULL || h->is_http_1_0) { /* RFC 9110 10.1.1: ignored in HTTP/1.0 */
		return FAULT_NONE;
	}
	if (!slice_eq_nocase(text, SLICE_LIT("100-continue"))) {
		return problem_set(problem, FAULT_EXPECTATION,
				   "The only expectation that can be met is 100-continue.");
	}
	h->wants_continue = true;
	return FAULT_NONE;
}

static void read_connection(struct http_head *h)
{
	struct slice list;
	for (size_t n = 0; http_head_nth(h, HTTP_CONNECTION, n, &list); n++) {
		struct slice option;
		while (list.len > 0) {
			if (!slice_cut_to(&list, ',', &option)) {
				option = list;
				list.len = 0;
			}
			h->wants_close |= slice_eq_nocase(trim_blanks(option), SLICE_LIT("close"));
		}
	}
}

static enum fault judge_all(struct http_head *h, struct problem *problem)
{
	enum fault f = judge_host(h, problem);
	if (f == FAULT_NONE) {
		f = judge_coding(h, problem);
	}
	if (f == FAULT_NONE) {
		f = judge_length(h, problem);
	}
	if (f == FAULT_NONE) {
		f = judge_expect(h, problem);
	}
	read_connection(h);
	return f;
}

static enum fault read_line(struct http_head *h, struct slice line, struct problem *problem)
{
	if (line.len == 0 || line.ptr[line.len - 1] != '\r') {
		return problem_set(problem, FAULT_MALFORMED,
				   "Every line of the head must end with CR LF.");
	}
	line.len--;
	if (!h->has_request_line) {
		return read_request_line(h, line, problem);
	}
	if (line.len > 0) {
		return read_field(h, line, problem);
	}
	enum fault f = judge_all(h, problem);
	h->is_over = f == FAULT_NONE;
	return f;
}

enum fault http_head_feed(struct http_head *h, struct slice so_far, struct problem *problem)
{
	struct slice head = slice_first(so_far, h->limits.bytes);
	while (!h->is_over) {
		struct slice rest = slice_skip(head, h->at);
		struct slice line;
		if (!slice_cut_to(&rest, '\n', &line)) {
			break;
		}
		h->at += line.len + 1;
		enum fault f = read_line(h, line, problem);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	if (!h->is_over && so_far.len >= h->limits.bytes) {
		(void)problem_set(problem, FAULT_HEAD_TOO_LARGE,
				  "The head of a request may have at most ");
		problem_add_number(problem, h->limits.bytes);
		problem_add(problem, " bytes.");
		return FAULT_HEAD_TOO_LARGE;
	}
	return FAULT_NONE;
}
