#include "relay/net/https.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "spool-free/base/base64.h"
#include "relay/net/libcurl.h"

struct https {
	CURL *curl;
	struct https_params params;
};

struct exchange {
	struct https *https;
	struct curl_slist *headers;
	curl_mime *mime;
	struct https_answer answer;
	enum fault fault; /* of taking the answer */
};

/* libetpan brings the headers of libcurl's other flavour: the one that runs is asked for its name. */
static bool is_openssl_flavour(void)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
	return slice_starts(slice_of_text(info->ssl_version), SLICE_LIT("OpenSSL"));
}

static size_t on_body(char *bytes, size_t size, size_t count, void *ctx)
{
	struct exchange *x = ctx;
	size_t n = size * count;
	x->fault = buf_add(&x->answer.body, slice_of(bytes, n));
	return x->fault == FAULT_NONE ? n : 0;
}

/* Location of a 202, which libcurl does not take for a redirect; as it was sent. */
static size_t on_header(char *bytes, size_t size, size_t count, void *ctx)
{
	struct exchange *x = ctx;
	struct slice value = slice_of(bytes, size * count);
	struct slice name;
	if (slice_cut_to(&value, ':', &name) && slice_eq_nocase(name, SLICE_LIT("location"))) {
		buf_clear(&x->answer.location);
		x->fault = buf_add(&x->answer.location, slice_trim(value));
	}
	return x->fault == FAULT_NONE ? size * count : 0;
}

static int on_progress(void *ctx, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
		       curl_off_t up)
{
	const struct https *h = ctx;
	(void)down_total;
	(void)down;
	if (up_total > 0) {
		h->params.progress(h->params.ctx, (uint64_t)up, (uint64_t)up_total);
	}
	return 0;
}

static enum fault set_bearer(CURL *curl, const struct secret *bearer)
{
	struct secret *text;
	char *room;
	struct slice token = secret_view(bearer);
	enum fault f = secret_new_room(token.len + 1, &text, &room);
	if (f != FAULT_NONE) {
		return f;
	}
	memcpy(room, token.ptr, token.len);
	CURLcode set = curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, room);
	secret_free(&text);
	return set == CURLE_OK ? FAULT_NONE : FAULT_NO_MEMORY;
}

static bool set_rules(CURL *curl, const struct https_params *p)
{
	bool set = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) ==
			   CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) ==
			   CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)p->timeout_ms) == CURLE_OK &&
		   curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK;
	if (set && p->ca_file != NULL) {
		set = curl_easy_setopt(curl, CURLOPT_CAINFO, p->ca_file) == CURLE_OK &&
		      curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) == CURLE_OK;
	}
	if (set && p->bearer != NULL) {
		set = curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER) == CURLE_OK &&
		      set_bearer(curl, p->bearer) == FAULT_NONE;
	}
	return set;
}

enum fault https_new(const struct https_params *params, struct https **out_https,
		     struct problem *problem)
{
	if (libcurl_start() != FAULT_NONE || !is_openssl_flavour()) {
		return problem_set(
			problem, FAULT_SYSTEM,
			"libcurl must be the flavour built on OpenSSL (package libcurl4).");
	}
	CLEANUP(https_free) struct https *h = calloc(1, sizeof(*h));
	if (h == NULL) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	h->params = *params;
	h->curl = curl_easy_init();
	if (h->curl == NULL || !set_rules(h->curl, params)) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	if (params->progress != NULL) {
		curl_easy_setopt(h->curl, CURLOPT_NOPROGRESS, 0L);
		curl_easy_setopt(h->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
		curl_easy_setopt(h->curl, CURLOPT_XFERINFODATA, h);
	}
	*out_https = STEAL(h);
	return FAULT_NONE;
}

void https_free(struct https **h)
{
	if (*h != NULL) {
		curl_easy_cleanup((*h)->curl);
		free(*h);
		*h = NULL;
	}
}

static bool add_header(struct exchange *x, const char *line)
{
	struct curl_slist *longer = curl_slist_append(x->headers, line);
	x->headers = longer != NULL ? longer : x->headers;
	return longer != NULL;
}

static bool add_key_half(struct exchange *x, const struct secret *half)
{
	static const char name[] = "X-Pagepost-Key: ";
	CLEANUP(secret_free) struct secret *line = NULL;
	enum { NAME = sizeof(name) - 1 };
	char *room;
	struct slice bytes = secret_view(half);
	size_t len = NAME + base64_len(bytes.len);
	if (secret_new_room(len + 1, &line, &room) != FAULT_NONE) {
		return false;
	}
	memcpy(room, name, NAME);
	base64_encode(bytes, room + NAME);
	room[len] = '\0';
	return add_header(x, room);
}

static enum fault add_part(struct exchange *x, const struct https_part *p, struct problem *problem)
{
	curl_mimepart *part = curl_mime_addpart(x->mime);
	if (part == NULL || curl_mime_name(part, p->name) != CURLE_OK) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	if (p->path == NULL) {
		if (curl_mime_data(part, p->bytes.len > 0 ? p->bytes.ptr : "", p->bytes.len) !=
		    CURLE_OK) {
			return problem_set(problem, FAULT_NO_MEMORY, "");
		}
	} else if (curl_mime_filedata(part, p->path) != CURLE_OK) {
		return problem_set(problem, FAULT_BAD_FIELD, "A file to send cannot be read.");
	}
	/* After the file: it would bring its own name. */
	if (curl_mime_filename(part, p->file_name) != CURLE_OK ||
	    curl_mime_type(part, p->type) != CURLE_OK) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	return FAULT_NONE;
}

static enum fault set_json(struct exchange *x, struct slice json, struct problem *problem)
{
	CURL *curl = x->https->curl;
	if (!add_header(x, "Content-Type: application/json") ||
	    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)json.len) != CURLE_OK ||
	    curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, json.ptr) != CURLE_OK) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, x->headers);
	return FAULT_NONE;
}

static enum fault set_request(struct exchange *x, const struct https_request *r,
			      struct problem *problem)
{
	CURL *curl = x->https->curl;
	const struct secret *half = x->https->params.key_half;
	if (!slice_starts_nocase(slice_of_text(r->url), SLICE_LIT("https://"))) {
		return problem_set(problem, FAULT_BAD_FIELD, "The URL must begin with https://.");
	}
	for (size_t i = 0; i < r->header_count; i++) {
		if (!add_header(x, r->headers[i])) {
			return problem_set(problem, FAULT_NO_MEMORY, "");
		}
	}
	if (half != NULL && !add_key_half(x, half)) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, x->headers);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, x);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, r->method);
	if (curl_easy_setopt(curl, CURLOPT_URL, r->url) != CURLE_OK) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	if (r->json.len > 0) {
		return set_json(x, r->json, problem);
	}
	if (r->part_count == 0) {
		curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
		return FAULT_NONE;
	}
	x->mime = curl_mime_init(curl);
	if (x->mime == NULL) {
		return problem_set(problem, FAULT_NO_MEMORY, "");
	}
	for (size_t i = 0; i < r->part_count; i++) {
		enum fault f = add_part(x, &r->parts[i], problem);
		if (f != FAULT_NONE) {
			return f;
		}
	}
	curl_easy_setopt(curl, CURLOPT_MIMEPOST, x->mime);
	return FAULT_NONE;
}

static const struct {
	CURLcode code;
	enum fault fault;
	const char *sentence;
} failures[] = {
	{CURLE_URL_MALFORMAT, FAULT_BAD_FIELD, "The URL must be like https://host:port."},
	{CURLE_UNSUPPORTED_PROTOCOL, FAULT_UPSTREAM_LOST, "The server's answer is not HTTP."},
	{CURLE_COULDNT_RESOLVE_HOST, FAULT_UPSTREAM_NAME,
	 "The host of the URL cannot be resolved."},
	{CURLE_COULDNT_CONNECT, FAULT_UPSTREAM_DOWN, "Nobody answers at the URL's host and port."},
	{CURLE_PEER_FAILED_VERIFICATION, FAULT_UPSTREAM_CERT,
	 "The certificate of the server cannot be trusted: it is from an unknown authority (name "
	 "yours with --ca), for another name, or expired."},
	{CURLE_SSL_CACERT_BADFILE, FAULT_BAD_FIELD,
	 "The file of trusted authorities must be readable and hold PEM certificates."},
	{CURLE_SSL_CONNECT_ERROR, FAULT_UPSTREAM_TLS,
	 "The server does not speak TLS 1.2 or newer there."},
	{CURLE_OPERATION_TIMEDOUT, FAULT_DEADLINE, "The server did not answer in time."},
	{CURLE_READ_ERROR, FAULT_BAD_FIELD, "A file to send cannot be read."},
	{CURLE_GOT_NOTHING, FAULT_UPSTREAM_LOST,
	 "The server closed the connection without an answer."},
	{CURLE_RECV_ERROR, FAULT_UPSTREAM_LOST, "The connection broke before the answer came."},
	{CURLE_SEND_ERROR, FAULT_UPSTREAM_LOST, "The connection broke while sending."},
	{CURLE_PARTIAL_FILE, FAULT_UPSTREAM_LOST, "The connection broke within the answer."},
	{CURLE_OUT_OF_MEMORY, FAULT_NO_MEMORY, "There is not enough memory."},
};

static enum fault failed(const struct exchange *x, CURLcode code, struct problem *problem)
{
	if (x->fault != FAULT_NONE) {
		return problem_set(problem, x->fault,
				   "The answer is too long to be one of Pagepost's.");
	}
	for (size_t i = 0; i < COUNT_OF(failures); i++) {
		if (failures[i].code == code) {
			return problem_set(problem, failures[i].fault, failures[i].sentence);
		}
	}
	problem_set(problem, FAULT_UPSTREAM_LOST, "The exchange failed (libcurl's error ");
	problem_add_number(problem, (uint64_t)code);
	problem_add(problem, ").");
	return FAULT_UPSTREAM_LOST;
}

enum fault https_exchange(struct https *h, const struct https_request *request,
			  struct https_answer *out_answer, struct problem *problem)
{
	struct exchange x = {.https = h};
	long status = 0;
	buf_init(&x.answer.body, HTTPS_BODY_MAX);
	buf_init(&x.answer.location, HTTPS_LOCATION_MAX);
	enum fault f = set_request(&x, request, problem);
	if (f == FAULT_NONE) {
		CURLcode done = curl_easy_perform(h->curl);
		if (done != CURLE_OK || x.fault != FAULT_NONE) {
			f = failed(&x, done, problem);
		}
		curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
	}
	curl_easy_setopt(h->curl, CURLOPT_MIMEPOST, NULL);
	curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, NULL);
	curl_mime_free(x.mime);
	curl_slist_free_all(x.headers);
	if (f != FAULT_NONE) {
		https_answer_deinit(&x.answer);
		return f;
	}
	*out_answer = x.answer;
	out_answer->status = (int)status;
	return FAULT_NONE;
}

void https_answer_deinit(struct https_answer *a)
{
	buf_deinit(&a->body);
	buf_deinit(&a->location);
}
