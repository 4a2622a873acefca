#include "relay/intake/response.h"

enum { NO_CONTENT = 204 };

static const struct {
	int status;
	struct slice reason;
} reasons[] = {
	{200, SLICE_INIT("OK")},
	{201, SLICE_INIT("Created")},
	{202, SLICE_INIT("Accepted")},
	{204, SLICE_INIT("No Content")},
	{400, SLICE_INIT("Bad Request")},
	{401, SLICE_INIT("Unauthorized")},
	{403, SLICE_INIT("Forbidden")},
	{404, SLICE_INIT("Not Found")},
	{405, SLICE_INIT("Method Not Allowed")},
	{408, SLICE_INIT("Request Timeout")},
	{409, SLICE_INIT("Conflict")},
	{411, SLICE_INIT("Length Required")},
	{412, SLICE_INIT("Precondition Failed")},
	{413, SLICE_INIT("Content Too Large")},
	{415, SLICE_INIT("Unsupported Media Type")},
	{417, SLICE_INIT("Expectation Failed")},
	{422, SLICE_INIT("Unprocessable Content")},
	{428, SLICE_INIT("Precondition Required")},
	{429, SLICE_INIT("Too Many Requests")},
	{431, SLICE_INIT("Request Header Fields Too Large")},
	{500, SLICE_INIT("Internal Server Error")},
	{501, SLICE_INIT("Not Implemented")},
	{502, SLICE_INIT("Bad Gateway")},
	{503, SLICE_INIT("Service Unavailable")},
	{504, SLICE_INIT("Gateway Timeout")},
	{505, SLICE_INIT("HTTP Version Not Supported")},
	{507, SLICE_INIT("Insufficient Storage")},
};

/* The reason may be empty, the blank before it not (RFC 9112 4). */
static struct slice reason_of(int status)
{
	for (size_t i = 0; i < COUNT_OF(reasons); i++) {
		if (reasons[i].status == status) {
			return reasons[i].reason;
		}
	}
	return (struct slice){0};
}

static void add(struct buf *b, enum fault *f, struct slice s)
{
	if (*f == FAULT_NONE) {
		*f = buf_add(b, s);
	}
}

static void add_number(struct buf *b, enum fault *f, uint64_t number)
{
	if (*f == FAULT_NONE) {
		*f = buf_add_u64(b, number);
	}
}

static void add_field(struct buf *b, enum fault *f, struct slice name, struct slice value)
{
	if (value.len > 0) {
		add(b, f, name);
		add(b, f, value);
		add(b, f, SLICE_LIT("\r\n"));
	}
}

/* RFC 9110 5.6.7: as in mail, but for the zone. */
static void add_date(struct buf *b, enum fault *f, struct civil at)
{
	enum { UP_TO_ZONE = 26 };
	char text[CIVIL_RFC5322_LEN];
	civil_rfc5322(at, text);
	add(b, f, SLICE_LIT("Date: "));
	add(b, f, slice_of(text, UP_TO_ZONE));
	add(b, f, SLICE_LIT("GMT\r\n"));
}

enum fault response_write(const struct response *r, struct buf *into)
{
	static const struct slice always = SLICE_INIT("Cache-Control: no-store\r\n"
						      "X-Content-Type-Options: nosniff\r\n");
	enum fault f = FAULT_NONE;
	add(into, &f, SLICE_LIT("HTTP/1.1 "));
	add_number(into, &f, (uint64_t)r->status);
	add(into, &f, SLICE_LIT(" "));
	add(into, &f, reason_of(r->status));
	add(into, &f, SLICE_LIT("\r\n"));
	add_date(into, &f, r->at);
	add_field(into, &f, SLICE_LIT("Content-Type: "), r->type);
	if (r->status != NO_CONTENT) {
		add(into, &f, SLICE_LIT("Content-Length: "));
		add_number(into, &f, r->body.len);
		add(into, &f, SLICE_LIT("\r\n"));
	}
	add(into, &f, always);
	add_field(into, &f, SLICE_LIT("Strict-Transport-Security: "),
		  r->in_clear ? (struct slice){0} : SLICE_LIT("max-age=31536000"));
	add_field(into, &f, SLICE_LIT("X-Request-Id: "), r->request_id);
	add_field(into, &f, SLICE_LIT("Location: "), r->location);
	add_field(into, &f, SLICE_LIT("Allow: "), r->allow);
	if (r->version > 0) {
		add(into, &f, SLICE_LIT("ETag: \""));
		add_number(into, &f, r->version);
		add(into, &f, SLICE_LIT("\"\r\n"));
	}
	if (r->retry_after_s > 0) {
		add(into, &f, SLICE_LIT("Retry-After: "));
		add_number(into, &f, r->retry_after_s);
		add(into, &f, SLICE_LIT("\r\n"));
	}
	add_field(into, &f, SLICE_LIT("WWW-Authenticate: "),
		  r->asks_for_token ? SLICE_LIT("Bearer") : (struct slice){0});
	add_field(into, &f, SLICE_LIT("Connection: "),
		  r->closes ? SLICE_LIT("close") : (struct slice){0});
	add(into, &f, SLICE_LIT("\r\n"));
	add(into, &f, r->is_head ? (struct slice){0} : r->body);
	return f;
}

enum fault response_continue(struct buf *into)
{
	return buf_add_text(into, "HTTP/1.1 100 Continue\r\n\r\n");
}
